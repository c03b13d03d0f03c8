#include "schedule/table.h"

#include <algorithm>

namespace guiche {
namespace {

const DayHours* HoursAt(const std::vector<DayHours>& hours, int second) {
  for (const DayHours& one : hours) {
    if (second >= one.open && second < one.close) return &one;
  }
  return nullptr;
}

v1::Certainty Worse(v1::Certainty a, v1::Certainty b) { return std::max(a, b); }

// One instant of a civil day: what each rule in turn makes of it.
class Decision {
 public:
  Decision(const ScheduleTable& table, const DayInput& input, int second,
           std::vector<Step>* steps)
      : table_(table),
        service_(table.services[input.service]),
        input_(input),
        second_(second),
        steps_(steps) {}

  Cell Run() {
    if (input_.base != nullptr) {
      Follow(*input_.base);
    } else {
      KeepWeekly();
    }
    for (const Use& use : input_.uses) {
      const DatedRule& rule = table_.dated[use.dated];
      if (rule.is_span) {
        if (second_ >= use.begin && second_ < use.end) ApplySpan(rule);
      } else {
        ApplyDays(rule, use);
      }
    }
    return cell_;
  }

 private:
  // The day, by its distance from this one, whose hours keep the cell open.
  enum Home { kNoDay, kToday, kYesterday };

  void Set(State state, v1::Mode mode, v1::Certainty certainty, int rule,
           Home home) {
    cell_ = {state, mode, certainty, rule};
    home_ = home;
  }

  void Note(v1::Layer layer, int rule, bool doubt) {
    if (steps_ != nullptr) steps_->push_back({layer, rule, cell_, doubt});
  }

  v1::Certainty Of(v1::Certainty own, bool recurring) const {
    return recurring && !input_.known_year ? Worse(own, v1::PROJECTED) : own;
  }

  v1::Mode OpenMode(v1::Mode own) const {
    if (own != v1::MODE_UNSPECIFIED) return own;
    return service_.mode != v1::MODE_UNSPECIFIED ? service_.mode : v1::REGULAR;
  }

  void Follow(const DayCells& base) {
    const auto after = std::upper_bound(
        base.begin(), base.end(), second_,
        [](int second, const CellFrom& from) { return second < from.start; });
    cell_ = std::prev(after)->cell;
    TurnCell(cell_, service_);
  }

  void KeepWeekly() {
    cell_ = table_.Silent(input_.service);
    if (input_.weekly_today >= 0) {
      const WeeklyRule& today = service_.weekly[input_.weekly_today];
      const v1::Certainty certainty = Of(today.certainty, true);
      Set(State::kClosed, service_.closed_mode, certainty, today.rule, kNoDay);
      const DayHours* hours =
          input_.open_today ? HoursAt(today.hours, second_) : nullptr;
      if (hours != nullptr) {
        Set(State::kOpen, OpenMode(hours->mode), certainty, today.rule, kToday);
      }
    }
    if (cell_.state != State::kOpen && input_.open_yesterday) {
      const WeeklyRule& yesterday = service_.weekly[input_.weekly_yesterday];
      const DayHours* hours = HoursAt(yesterday.hours, second_ + kDaySeconds);
      if (hours != nullptr) {
        Set(State::kOpen, OpenMode(hours->mode), Of(yesterday.certainty, true),
            yesterday.rule, kYesterday);
      }
    }
    if (cell_.state != State::kUncovered) Note(v1::WEEKLY, cell_.rule, false);
  }

  void Close(const DatedRule& rule) {
    Set(State::kClosed, service_.closed_mode,
        Of(rule.certainty, rule.recurring), rule.rule, kNoDay);
  }

  void Open(const DatedRule& rule, v1::Mode mode, Home home) {
    Set(State::kOpen, mode, Of(rule.certainty, rule.recurring), rule.rule,
        home);
  }

  void Doubt(const DatedRule& rule) {
    if (cell_.state == State::kUncovered) return;
    cell_.certainty =
        Worse(cell_.certainty, Of(rule.certainty, rule.recurring));
    Note(rule.layer, rule.rule, true);
  }

  void ApplySpan(const DatedRule& rule) {
    switch (rule.effect) {
      case v1::CalendarRule::CLOSE:
        if (cell_.state == State::kUncovered) return;
        Close(rule);
        break;
      case v1::CalendarRule::OPEN_EXTRA:
        Open(rule, OpenMode(v1::MODE_UNSPECIFIED), kNoDay);
        break;
      default:
        Doubt(rule);
        return;
    }
    Note(rule.layer, rule.rule, false);
  }

  void ApplyDays(const DatedRule& rule, const Use& use) {
    // The whole of its day, and what the hours of its day left on the next.
    const bool whole =
        use.today ||
        (use.yesterday && cell_.state == State::kOpen && home_ == kYesterday);
    const DayHours* today = use.today ? HoursAt(rule.hours, second_) : nullptr;
    const DayHours* yesterday =
        use.yesterday ? HoursAt(rule.hours, second_ + kDaySeconds) : nullptr;
    const DayHours* hours = today != nullptr ? today : yesterday;
    const bool covered = cell_.state != State::kUncovered;
    switch (rule.effect) {
      case v1::CalendarRule::CLOSE:
        if (!whole || !covered) return;
        Close(rule);
        break;
      case v1::CalendarRule::REPLACE:
        if (hours != nullptr) {
          Open(rule, OpenMode(hours->mode),
               today != nullptr ? kToday : kYesterday);
        } else if (whole) {
          Close(rule);
        } else {
          return;
        }
        break;
      case v1::CalendarRule::OPEN_EXTRA:
        if (hours == nullptr) return;
        Open(rule, OpenMode(hours->mode),
             today != nullptr ? kToday : kYesterday);
        break;
      case v1::CalendarRule::SUBTRACT:
        if (hours == nullptr || !covered) return;
        Close(rule);
        break;
      default:
        if (rule.hours.empty() ? whole : hours != nullptr) Doubt(rule);
        return;
    }
    Note(rule.layer, rule.rule, false);
  }

  const ScheduleTable& table_;
  const ServiceInfo& service_;
  const DayInput& input_;
  const int second_;
  std::vector<Step>* const steps_;
  Cell cell_{};
  Home home_ = kNoDay;
};

}  // namespace

void TurnCell(Cell& cell, const ServiceInfo& service) {
  if (cell.state == State::kUncovered) return;
  const bool open = (cell.state == State::kOpen) != service.complement;
  if (!open) {
    cell.mode = service.closed_mode;
  } else if (service.mode != v1::MODE_UNSPECIFIED) {
    cell.mode = service.mode;
  }
  cell.state = open ? State::kOpen : State::kClosed;
}

Verdict ScheduleTable::At(Window window, Second t) const {
  const Timeline& timeline = TimelineOf(window);
  const Instant at = Locate(t);
  const Segment& segment = SegmentAt(timeline, at);
  const UtcDay& day = timeline.days[at.day];
  const Second start = StartOf(at.day);

  Verdict verdict;
  static_cast<Finding&>(verdict) = findings[segment.cell];
  // Without a branch, for nothing tells beforehand which it is.
  const Second before = -Second{segment.start == 0};  // all ones if it is
  verdict.since.unix_seconds =
      start + (Second{segment.start} & ~before) - (Second{day.since} & before);
  static_assert(Moment::kAt == 0 && Moment::kNever == 1, "");
  verdict.since.kind =
      static_cast<Moment::Kind>(before & Second{day.since == kNone});
  // What comes in the day comes first. Loops that a compiler makes vectors of.
  const Moment::Kind* const outlook = timeline.outlook[t >= timeline.horizon];
  uint32_t coming[kComings], kind[kComings];
  const auto ones_if = [](bool so) { return -static_cast<uint32_t>(so); };
  for (int i = 0; i < kComings; ++i) {
    const uint32_t in_day = segment.coming[i];  // kNone is all ones
    coming[i] = in_day & (day.coming[i] | ~ones_if(in_day == kNone));
  }
  for (int i = 0; i < kComings; ++i) {
    kind[i] = outlook[i] & ones_if(coming[i] == kNone);
  }
  const auto set = [&](Coming i, Moment& moment) {
    moment.unix_seconds = start + coming[i];
    moment.kind = static_cast<Moment::Kind>(kind[i]);
  };
  set(kUntil, verdict.until);
  set(kOpening, verdict.next_open);
  set(kClosing, verdict.next_close);
  set(kChange, verdict.next_change);
  return verdict;
}

int ScheduleTable::RuleAt(Window window, Second t) const {
  return cells[SegmentAt(TimelineOf(window), Locate(t)).cell].rule;
}

const Segment& ScheduleTable::LongSegmentAt(const UtcDay& day,
                                            uint32_t second) const {
  const Segment* const first = &segments[day.first_segment];
  uint32_t begun = 0;
  for (uint32_t i = 1; i < day.segments; ++i) {
    begun += second >= first[i].start;
  }
  return first[begun];
}

bool ScheduleTable::IsKnown(Day day) const {
  const auto found = known_years.find(static_cast<int>(CivilOf(day).year()));
  return found != known_years.end() && found->second;
}

Cell ScheduleTable::Silent(int service) const {
  return {State::kUncovered, v1::MODE_UNSPECIFIED, v1::CONFIRMED,
          services[service].rule};
}

bool ScheduleTable::FallsOn(const DatedRule& rule, Day day, Use& use) const {
  if (rule.is_span) {
    const Second midnight = Second{day} * kDaySeconds;
    const Second begin = std::max(rule.span_from, midnight);
    const Second end = std::min(rule.span_until, midnight + kDaySeconds);
    if (begin >= end) return false;
    use.begin = static_cast<int32_t>(begin - midnight);
    use.end = static_cast<int32_t>(end - midnight);
    return true;
  }
  const auto& days = rule.days;
  if (days.empty() || day < days.front() || day - 1 > days.back()) return false;
  use.today = std::binary_search(days.begin(), days.end(), day);
  use.yesterday =
      day > first_day && std::binary_search(days.begin(), days.end(), day - 1);
  return use.today || use.yesterday;
}

Bearing ScheduleTable::BearingOn(Window window, absl::optional<Day> day) const {
  const int service = static_cast<int>(window.service);
  const int place = static_cast<int>(window.place);
  Bearing bearing;
  bearing.service = service;

  // The narrower place, then the later publication, then the first by path.
  struct Ranked {
    int depth;
    Day published;
    uint32_t index;
  };
  // From the place up to the root: the first time that a rule is met is by the
  // narrowest of its places.
  const auto keep_narrowest = [](std::vector<Ranked>& rules) {
    std::sort(rules.begin(), rules.end(), [](const Ranked& a, const Ranked& b) {
      return a.index != b.index ? a.index < b.index : a.depth > b.depth;
    });
    rules.erase(std::unique(rules.begin(), rules.end(),
                            [](const Ranked& a, const Ranked& b) {
                              return a.index == b.index;
                            }),
                rules.end());
  };
  std::vector<Ranked> weekly, dated_here;
  const std::vector<WeeklyRule>& all = services[service].weekly;
  bearing.looked_at = 0;
  for (int at = place; at >= 0; at = places[at].parent) {
    const auto found = services[service].weekly_at.find(at);
    if (found != services[service].weekly_at.end()) {
      bearing.looked_at += found->second.size();
      for (const uint32_t i : found->second) {
        weekly.push_back({places[at].depth, all[i].published, i});
      }
    }
    bearing.looked_at += dated_at[at].size();
    for (const uint32_t i : dated_at[at]) {
      Use use;
      if ((dated[i].services >> service & 1) != 0 &&
          (!day.has_value() || FallsOn(dated[i], *day, use))) {
        dated_here.push_back({places[at].depth, 0, i});
      }
    }
  }
  keep_narrowest(weekly);
  std::sort(
      weekly.begin(), weekly.end(), [&](const Ranked& a, const Ranked& b) {
        if (a.depth != b.depth) return a.depth > b.depth;
        if (a.published != b.published) return a.published > b.published;
        return rules[all[a.index].rule].path < rules[all[b.index].rule].path;
      });
  for (const Ranked& rule : weekly) bearing.weekly.push_back(rule.index);

  // `dated` is in order of layer and publication.
  keep_narrowest(dated_here);
  std::sort(dated_here.begin(), dated_here.end(),
            [&](const Ranked& a, const Ranked& b) {
              const v1::Layer layer_a = dated[a.index].layer;
              const v1::Layer layer_b = dated[b.index].layer;
              if (layer_a != layer_b) return layer_a < layer_b;
              return a.depth != b.depth ? a.depth < b.depth : a.index < b.index;
            });
  for (const Ranked& rule : dated_here) bearing.dated.push_back(rule.index);
  return bearing;
}

void ScheduleTable::ChooseWeekly(const Bearing& bearing, Day day, int& chosen,
                                 bool& named) const {
  if (day < first_day) return;
  for (const uint32_t i : bearing.weekly) {
    const WeeklyRule& rule = services[bearing.service].weekly[i];
    if (day < rule.from || day >= rule.until) continue;
    named = rule.weekdays >> WeekdayOf(day) & 1;
    if (named || chosen < 0) chosen = static_cast<int>(i);
    if (named) return;
  }
}

DayInput ScheduleTable::InputOf(const Bearing& bearing, Day day,
                                const DayCells* base) const {
  DayInput input;
  input.service = bearing.service;
  input.base = base;
  input.known_year = IsKnown(day);
  ChooseWeekly(bearing, day, input.weekly_today, input.open_today);
  ChooseWeekly(bearing, day - 1, input.weekly_yesterday, input.open_yesterday);

  for (const uint32_t i : bearing.dated) {
    Use use = {i, false, false, 0, 0};
    if (FallsOn(dated[i], day, use)) input.uses.push_back(use);
  }
  return input;
}

Cell ScheduleTable::Decide(const DayInput& input, int second,
                           std::vector<Step>* steps) const {
  return Decision(*this, input, second, steps).Run();
}

DayCells ScheduleTable::Compose(const DayInput& input) const {
  std::vector<int32_t> starts = {0};
  const auto add = [&](int32_t second) {
    if (second > 0 && second < kDaySeconds) starts.push_back(second);
  };
  const auto add_hours = [&](const std::vector<DayHours>& hours, bool today,
                             bool yesterday) {
    for (const DayHours& one : hours) {
      if (today) add(one.open), add(one.close);
      if (yesterday) add(one.open - kDaySeconds), add(one.close - kDaySeconds);
    }
  };
  const ServiceInfo& service = services[input.service];
  if (input.base != nullptr) {
    for (const CellFrom& from : *input.base) add(from.start);
  } else {
    if (input.open_today) {
      add_hours(service.weekly[input.weekly_today].hours, true, false);
    }
    if (input.open_yesterday) {
      add_hours(service.weekly[input.weekly_yesterday].hours, false, true);
    }
  }
  for (const Use& use : input.uses) {
    const DatedRule& rule = dated[use.dated];
    if (rule.is_span) {
      add(use.begin), add(use.end);
    } else {
      add_hours(rule.hours, use.today, use.yesterday);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());

  DayCells cells;
  for (const int32_t start : starts) {
    const Cell cell = Decide(input, start);
    if (cells.empty() || !(cells.back().cell == cell)) {
      cells.push_back({start, cell});
    }
  }
  return cells;
}

DayCells ScheduleTable::CellsOn(Window window, Day day) const {
  const int service = static_cast<int>(window.service);
  if (day < first_day) return {{0, Silent(service)}};
  if (day >= last_day) return {{0, BeyondHorizon()}};
  const int base = services[service].base;
  DayCells followed;
  if (base >= 0) {
    followed = CellsOn({static_cast<uint32_t>(base), window.place}, day);
  }
  return Compose(
      InputOf(BearingOn(window, day), day, base >= 0 ? &followed : nullptr));
}

Cell ScheduleTable::BeyondHorizon() const {
  return {State::kUncovered, v1::MODE_UNSPECIFIED, v1::PROJECTED, horizon_rule};
}

Second ClockAt(absl::TimeZone zone, Second t) {
  return t + zone.At(absl::FromUnixSeconds(t)).offset;
}

}  // namespace guiche
