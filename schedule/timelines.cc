#include "schedule/timelines.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace guiche {
namespace {

// Days looked at, rules that bear on them and instants decided, together.
constexpr int64_t kMostWork = 100'000'000;
// Civil days on either side of the policy's, for clocks ahead or behind.
constexpr int kMargin = 3;
// A day far past any bound that a rule may have.
constexpr Day kFarDay = kLastDay / 2 / 7 * 7;

// What may still happen past the horizon.
struct Future {
  bool open, close;
};

// The civil days of all windows with the same rules.
struct Line {
  std::vector<uint32_t> days;  // index of DayCells, from first_day - kMargin
  Future future;
  bool ends;  // at the horizon; what nothing governs does not
};

// A UTC day under one offset: the civil days it shows.
struct ShownDays {
  uint32_t first, second;
  int32_t offset;
};
bool operator==(const ShownDays& a, const ShownDays& b) {
  return a.first == b.first && a.second == b.second && a.offset == b.offset;
}
template <typename H>
H AbslHashValue(H h, const ShownDays& shown) {
  return H::combine(std::move(h), shown.first, shown.second, shown.offset);
}

// The segments of a UTC day, by index, and what all days of them have in
// common.
struct Pattern {
  uint32_t first_segment, segments;
  uint32_t open_seconds;
  DayWord word;
};

using UtcPieces = std::vector<std::pair<uint32_t, uint32_t>>;  // second, cell

template <typename T>
void AppendBytes(std::string& key, const T& value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::vector<OffsetSpan> OffsetsOf(absl::TimeZone zone, Second from,
                                  Second until) {
  std::vector<OffsetSpan> spans;
  Second at = from;
  while (at < until) {
    const absl::Time time = absl::FromUnixSeconds(at);
    const int offset = zone.At(time).offset;
    if (spans.empty() || spans.back().offset != offset) {
      spans.push_back({at, offset});
    }
    absl::TimeZone::CivilTransition transition;
    if (!zone.NextTransition(time, &transition)) break;
    // The earlier reading is the one that is skipped, or shown twice.
    const absl::CivilSecond reading = std::min(transition.from, transition.to);
    at = absl::ToUnixSeconds(zone.At(reading).trans);
  }
  return spans;
}

class Builder {
 public:
  Builder(ScheduleTable& table, Problems& problems)
      : table_(table), problems_(problems) {}

  void Run(const std::vector<int>& order) {
    civil_days_ = table_.last_day - table_.first_day + 2 * kMargin;
    utc_days_ = table_.last_day - table_.first_day + 4;
    table_.begin = Second{table_.first_day - 2} * kDaySeconds;
    table_.seconds = uint64_t{utc_days_} * kDaySeconds;
    for (Day day = table_.first_day; day < table_.last_day; ++day) {
      known_.push_back(table_.IsKnown(day));
    }
    const Second from = table_.StartOf(0);
    const Second until = table_.StartOf(utc_days_);
    for (const absl::TimeZone zone : table_.zones) {
      offsets_.push_back(OffsetsOf(zone, from, until));
    }
    const size_t places = table_.places.size();
    line_of_.resize(table_.services.size() * places);
    std::vector<uint32_t> timeline_of(line_of_.size());
    for (const int service : order) {
      quiet_.clear();
      days_.clear();
      for (size_t place = 0; place < places; ++place) {
        const Window window = {static_cast<uint32_t>(service),
                               static_cast<uint32_t>(place)};
        const size_t index = service * places + place;
        line_of_[index] = LineOf(window);
        timeline_of[index] = TimelineOf(line_of_[index], table_.zone_of[place]);
        if (work_ > kMostWork) {
          problems_.Add("covers_until",
                        absl::StrCat("takes more than ", kMostWork,
                                     " steps to compile: fewer years, places, "
                                     "services or rules are needed"));
          return;
        }
      }
    }
    table_.place_count = places;
    for (const uint32_t timeline : timeline_of) {
      table_.by_window.push_back(&table_.timelines[timeline]);
    }
    for (const Cell& cell : table_.cells) AddFinding(cell);
  }

 private:
  void AddFinding(const Cell& cell) {
    const RuleInfo& rule = table_.rules[cell.rule];
    table_.findings.push_back(
        {cell.state, cell.mode, rule.kind, cell.certainty, rule.path,
         rule.label,
         rule.act < 0 ? absl::string_view() : table_.acts[rule.act].id});
  }

  uint32_t LineOf(Window window) {
    const Bearing bearing = table_.BearingOn(window);
    work_ += 1 + static_cast<int64_t>(bearing.looked_at);
    const ServiceInfo& service = table_.services[window.service];
    int base = -1;
    if (service.base >= 0) {
      base = line_of_[service.base * table_.places.size() + window.place];
    }
    std::string key;
    AppendBytes(key, bearing.service);
    AppendBytes(key, base);
    for (const uint32_t rule : bearing.weekly) AppendBytes(key, rule);
    AppendBytes(key, kNone);
    for (const uint32_t rule : bearing.dated) AppendBytes(key, rule);
    const auto [found, added] =
        lines_by_key_.try_emplace(std::move(key), lines_.size());
    if (added) {
      Line line = base < 0 && service.weekly.empty()
                      ? UngovernedLine(bearing.service)
                      : MakeLine(bearing, base);
      lines_.push_back(std::move(line));
    }
    return found->second;
  }

  Line UngovernedLine(int service) {
    const uint32_t day = InternDay({{0, table_.Silent(service)}});
    return {std::vector<uint32_t>(civil_days_, day), {false, false}, false};
  }

  Line MakeLine(const Bearing& bearing, int base) {
    // The rules on each day, by day and then in their order.
    struct Event {
      Day day;
      uint32_t position;
    };
    std::vector<Event> events;
    for (uint32_t i = 0; i < bearing.dated.size(); ++i) {
      const DatedRule& rule = table_.dated[bearing.dated[i]];
      for (const Day day : rule.days) events.push_back({day, i});
      if (!rule.is_span) continue;
      const auto [first, last] = DaysOfSpan(rule);
      for (Day day = first; day < last; ++day) events.push_back({day, i});
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return a.day != b.day ? a.day < b.day : a.position < b.position;
    });
    work_ += events.size() + civil_days_;

    Line line;
    line.ends = true;
    line.future = FutureOf(bearing, base);
    line.days.reserve(civil_days_);
    const uint32_t silent = InternDay({{0, table_.Silent(bearing.service)}});
    line.days.assign(kMargin, silent);
    std::vector<uint32_t> yesterday, today;
    size_t next = 0;
    for (Day day = table_.first_day; day < table_.last_day; ++day) {
      yesterday.swap(today);
      today.clear();
      for (; next < events.size() && events[next].day == day; ++next) {
        today.push_back(events[next].position);
      }
      const uint32_t followed =
          base < 0 ? 0 : lines_[base].days[line.days.size()];
      line.days.push_back(
          DayOn(bearing, day, base >= 0, followed, today, yesterday));
    }
    line.days.resize(civil_days_, InternDay({{0, table_.BeyondHorizon()}}));
    return line;
  }

  std::pair<Day, Day> DaysOfSpan(const DatedRule& rule) const {
    const Second first = Second{table_.first_day} * kDaySeconds;
    const Second last = Second{table_.last_day} * kDaySeconds;
    const Second from = std::max(rule.span_from, first) - first;
    const Second until = std::min(rule.span_until, last) - first;
    if (from >= until) return {0, 0};
    return {static_cast<Day>(table_.first_day + from / kDaySeconds),
            static_cast<Day>(table_.first_day +
                             (until + kDaySeconds - 1) / kDaySeconds)};
  }

  // The cells of one civil day, looked up by all that bears on it.
  uint32_t DayOn(const Bearing& bearing, Day day, bool follows,
                 uint32_t followed, const std::vector<uint32_t>& today,
                 const std::vector<uint32_t>& yesterday) {
    DayInput input;
    input.service = bearing.service;
    input.known_year = known_[day - table_.first_day];
    uint64_t weekly_key = followed;
    if (!follows) {
      table_.ChooseWeekly(bearing, day, input.weekly_today, input.open_today);
      table_.ChooseWeekly(bearing, day - 1, input.weekly_yesterday,
                          input.open_yesterday);
      weekly_key = (static_cast<uint64_t>(input.weekly_today + 1) << 1 |
                    input.open_today)
                       << 32 |
                   (static_cast<uint64_t>(input.weekly_yesterday + 1) << 1 |
                    input.open_yesterday);
    }
    weekly_key = weekly_key << 1 | input.known_year;
    if (today.empty() && yesterday.empty()) {
      const auto [found, added] = quiet_.try_emplace(weekly_key, 0);
      if (added) found->second = ComposeDay(input, follows, followed);
      return found->second;
    }

    const Second midnight = Second{day} * kDaySeconds;
    size_t a = 0, b = 0;
    while (a < today.size() || b < yesterday.size()) {
      const uint32_t at_a = a < today.size() ? today[a] : kNone;
      const uint32_t at_b = b < yesterday.size() ? yesterday[b] : kNone;
      const uint32_t position = std::min(at_a, at_b);
      Use use = {bearing.dated[position], at_a == position, at_b == position, 0,
                 0};
      a += use.today;
      b += use.yesterday;
      const DatedRule& rule = table_.dated[use.dated];
      if (rule.is_span) {
        if (!use.today) continue;
        use.yesterday = false;
        use.begin =
            static_cast<int32_t>(std::max(rule.span_from, midnight) - midnight);
        use.end = static_cast<int32_t>(
            std::min(rule.span_until, midnight + kDaySeconds) - midnight);
      }
      input.uses.push_back(use);
    }
    std::string key;
    AppendBytes(key, weekly_key);
    for (const Use& use : input.uses) {
      AppendBytes(key, use.dated);
      AppendBytes(key, use.begin);
      AppendBytes(key, use.end);
      AppendBytes(key, use.today);
      AppendBytes(key, use.yesterday);
    }
    const auto [found, added] = days_.try_emplace(std::move(key), 0);
    if (added) found->second = ComposeDay(input, follows, followed);
    return found->second;
  }

  uint32_t ComposeDay(DayInput& input, bool follows, uint32_t followed) {
    const DayCells base = follows ? civil_[followed] : DayCells();
    if (follows) input.base = &base;
    int64_t hours = 2;
    for (const Use& use : input.uses) {
      hours += 1 + table_.dated[use.dated].hours.size();
    }
    work_ += hours * hours;
    if (work_ > kMostWork) return 0;
    return InternDay(table_.Compose(input));
  }

  uint32_t InternDay(const DayCells& cells) {
    const auto [found, added] = civil_index_.try_emplace(cells, civil_.size());
    if (added) civil_.push_back(cells);
    return found->second;
  }

  Future FutureOf(const Bearing& bearing, int base) const {
    Future future;
    if (base >= 0) {
      future = lines_[base].future;
      if (table_.services[bearing.service].complement) {
        std::swap(future.open, future.close);
      }
    } else {
      future = WeeklyFuture(bearing);
    }
    for (const uint32_t i : bearing.dated) {
      const DatedRule& rule = table_.dated[i];
      if (!rule.lasting || rule.effect == v1::CalendarRule::DOUBT) continue;
      const bool opens = rule.effect == v1::CalendarRule::OPEN_EXTRA;
      if (rule.is_span && rule.span_until == kForever) {
        future = {opens, !opens};
        continue;
      }
      future.open |= opens || (rule.effect == v1::CalendarRule::REPLACE &&
                               !rule.hours.empty());
      future.close |= !opens;
    }
    return future;
  }

  Future WeeklyFuture(const Bearing& bearing) const {
    Future future = {false, false};
    for (Day day = kFarDay; day < kFarDay + 7; ++day) {
      DayInput input;
      input.service = bearing.service;
      table_.ChooseWeekly(bearing, day, input.weekly_today, input.open_today);
      table_.ChooseWeekly(bearing, day - 1, input.weekly_yesterday,
                          input.open_yesterday);
      for (const CellFrom& from : table_.Compose(input)) {
        future.open |= from.cell.state == State::kOpen;
        future.close |= from.cell.state == State::kClosed;
      }
    }
    for (const uint32_t i : bearing.weekly) {
      const WeeklyRule& rule = table_.services[bearing.service].weekly[i];
      if (rule.until == kLastDay || rule.until <= table_.last_day) continue;
      future = {true, true};
    }
    return future;
  }

  uint32_t TimelineOf(uint32_t line, int zone) {
    const auto [found, added] = timelines_.try_emplace(
        std::make_pair(line, zone), table_.timelines.size());
    if (added) table_.timelines.push_back(MakeTimeline(lines_[line], zone));
    return found->second;
  }

  Timeline MakeTimeline(const Line& line, int zone) {
    work_ += utc_days_;
    Timeline timeline;
    timeline.words.reserve(utc_days_);
    timeline.days.reserve(utc_days_);
    uint32_t open_before = 0;
    const std::vector<OffsetSpan>& offsets = offsets_[zone];
    size_t span = 0;
    for (uint32_t day = 0; day < utc_days_; ++day) {
      const Second start = table_.StartOf(day);
      while (span + 1 < offsets.size() && offsets[span + 1].from <= start) {
        ++span;
      }
      const Pattern& pattern =
          patterns_[span + 1 == offsets.size() ||
                            offsets[span + 1].from >= start + kDaySeconds
                        ? OneOffsetDay(line, start, offsets[span].offset)
                        : ChangingDay(line, start, offsets, span)];
      timeline.words.push_back(pattern.word);
      timeline.days.push_back({pattern.first_segment,
                               pattern.segments,
                               open_before,
                               kNone,
                               {kNone, kNone, kNone, kNone}});
      open_before += pattern.open_seconds;
    }
    LookBack(line, timeline);
    LookAhead(timeline);
    SetOutlook(line, timeline);
    return timeline;
  }

  uint32_t CivilAt(const Line& line, Second day) const {
    const Second index = day - (table_.first_day - kMargin);
    return line.days[std::clamp<Second>(index, 0, civil_days_ - 1)];
  }

  static Second FloorDay(Second t) {
    return (t >= 0 ? t : t - kDaySeconds + 1) / kDaySeconds;
  }

  uint32_t OneOffsetDay(const Line& line, Second start, int offset) {
    const Second first = FloorDay(start + offset);
    const Second last = FloorDay(start + kDaySeconds - 1 + offset);
    const ShownDays shown = {CivilAt(line, first), CivilAt(line, last), offset};
    const auto [found, added] = one_offset_.try_emplace(shown, 0);
    if (added) {
      UtcPieces pieces;
      Show(line, start, start + kDaySeconds, offset, start, pieces);
      found->second = InternPattern(pieces);
    }
    return found->second;
  }

  uint32_t ChangingDay(const Line& line, Second start,
                       const std::vector<OffsetSpan>& offsets, size_t span) {
    UtcPieces pieces;
    const Second end = start + kDaySeconds;
    for (Second at = start; at < end; ++span) {
      const Second until = span + 1 < offsets.size()
                               ? std::min(end, offsets[span + 1].from)
                               : end;
      Show(line, at, until, offsets[span].offset, start, pieces);
      at = until;
    }
    return InternPattern(pieces);
  }

  // Appends what the clock shows in [from, until) of the UTC day at `start`.
  void Show(const Line& line, Second from, Second until, int offset,
            Second start, UtcPieces& pieces) {
    for (Second day = FloorDay(from + offset);
         day * kDaySeconds < until + offset; ++day) {
      const DayCells& cells = civil_[CivilAt(line, day)];
      const Second midnight = day * kDaySeconds - offset;
      for (size_t i = 0; i < cells.size(); ++i) {
        const Second begin = std::max(from, midnight + cells[i].start);
        const Second end = std::min(
            until, midnight + (i + 1 < cells.size() ? cells[i + 1].start
                                                    : kDaySeconds));
        if (begin >= end) continue;
        const uint32_t cell = InternCell(cells[i].cell);
        if (pieces.empty() || pieces.back().second != cell) {
          pieces.emplace_back(static_cast<uint32_t>(begin - start), cell);
        }
      }
    }
  }

  uint32_t InternCell(const Cell& cell) {
    const auto [found, added] =
        cell_index_.try_emplace(cell, table_.cells.size());
    if (added) table_.cells.push_back(cell);
    return found->second;
  }

  State StateOf(uint32_t cell) const { return table_.cells[cell].state; }

  uint32_t InternPattern(const UtcPieces& pieces) {
    const auto [found, added] =
        pattern_index_.try_emplace(pieces, patterns_.size());
    if (added) patterns_.push_back(MakePattern(pieces));
    return found->second;
  }

  // Whether this is what lies past the horizon. No answer ends by it: what
  // comes then cannot be told.
  bool IsBeyond(uint32_t cell) const {
    return table_.cells[cell].rule == table_.horizon_rule;
  }

  Pattern MakePattern(const UtcPieces& pieces) {
    Pattern pattern = {};
    const size_t n = pieces.size();
    pattern.first_segment = static_cast<uint32_t>(table_.segments.size());
    pattern.segments = static_cast<uint32_t>(n);
    std::vector<Segment> made(n);
    for (size_t i = n; i-- > 0;) {
      Segment& segment = made[i];
      segment = {
          pieces[i].first, pieces[i].second, {kNone, kNone, kNone, kNone}};
      const uint32_t end = i + 1 < n ? pieces[i + 1].first : kDaySeconds;
      const bool open = StateOf(segment.cell) == State::kOpen;
      if (open) pattern.open_seconds += end - segment.start;
      if (i + 1 == n || IsBeyond(made[i + 1].cell)) continue;
      const Segment& after = made[i + 1];
      std::copy_n(after.coming, kComings, segment.coming);
      Come(segment.cell, after.cell, end, segment.coming);
    }
    table_.segments.insert(table_.segments.end(), made.begin(), made.end());
    pattern.word = WordOf(made);
    return pattern;
  }

  DayWord WordOf(const std::vector<Segment>& made) const {
    if (made.size() > 4) return kLongDay;
    DayWord word = 1;
    for (size_t i = 0; i < made.size(); ++i) {
      const auto state = static_cast<DayWord>(StateOf(made[i].cell));
      word |= state << (kFieldBits * i + 1);
      if (i == 0) continue;
      const DayWord part = (DayWord{made[i].start} << kPartBits) / kDaySeconds;
      word |= ((DayWord{1} << kPartBits) - part)
              << (kFieldBits * i - kPartBits);
    }
    return word;
  }

  const Segment& FirstOf(const UtcDay& day) const {
    return table_.segments[day.first_segment];
  }
  const Segment& LastOf(const UtcDay& day) const {
    return table_.segments[day.first_segment + day.segments - 1];
  }

  // Since when each day's first answer holds, and the horizon.
  void LookBack(const Line& line, Timeline& timeline) const {
    Second last_change = -1;
    for (size_t i = 0; i < timeline.days.size(); ++i) {
      UtcDay& day = timeline.days[i];
      const Second start = Second{static_cast<int64_t>(i)} * kDaySeconds;
      if (i > 0 && FirstOf(day).cell != LastOf(timeline.days[i - 1]).cell) {
        last_change = start;
      }
      if (last_change >= 0) {
        day.since = static_cast<uint32_t>(start - last_change);
      }
      if (LastOf(day).start > 0) last_change = start + LastOf(day).start;
    }
    timeline.horizon = line.ends ? table_.StartOf(0) + last_change : kForever;
  }

  // Notes what comes when one cell follows another.
  template <typename Time>
  void Come(uint32_t before, uint32_t after, Time at, Time* coming) const {
    const State from = StateOf(before), to = StateOf(after);
    if (before != after) coming[kUntil] = at;
    if (from == to) return;
    coming[kChange] = at;
    if (to == State::kOpen) coming[kOpening] = at;
    if (from == State::kOpen) coming[kClosing] = at;
  }

  // What comes after each day.
  void LookAhead(Timeline& timeline) const {
    constexpr Second kNever = -1;
    Second coming[kComings] = {kNever, kNever, kNever, kNever};
    for (size_t i = timeline.days.size(); i-- > 0;) {
      UtcDay& day = timeline.days[i];
      const Second start = Second{static_cast<int64_t>(i)} * kDaySeconds;
      const Segment& first = FirstOf(day);
      for (int k = 0; k < kComings; ++k) {
        if (coming[k] != kNever) {
          day.coming[k] = static_cast<uint32_t>(coming[k] - start);
        }
        if (first.coming[k] != kNone) coming[k] = start + first.coming[k];
      }
      if (i == 0 || IsBeyond(first.cell)) continue;
      Come(LastOf(timeline.days[i - 1]).cell, first.cell, start, coming);
    }
  }

  // What is left to say of a window after its last change before the horizon.
  void SetOutlook(const Line& line, Timeline& timeline) const {
    const auto kind = [](bool may) {
      return may ? Moment::kBeyondHorizon : Moment::kNever;
    };
    const Future& future = line.future;
    timeline.no_more = kind(future.open);
    Moment::Kind* const before = timeline.outlook[0];
    std::fill_n(before, kComings, Moment::kNever);
    if (!line.ends) return;
    const bool open =
        table_.StateAt(timeline, timeline.horizon - 1) == State::kOpen;
    before[kUntil] = Moment::kBeyondHorizon;
    before[kOpening] = kind(future.open && (!open || future.close));
    before[kClosing] = before[kChange] =
        kind(open ? future.close : future.open);
    std::fill_n(timeline.outlook[1], kComings, Moment::kBeyondHorizon);
  }

  ScheduleTable& table_;
  Problems& problems_;
  int64_t work_ = 0;
  int civil_days_ = 0;
  uint32_t utc_days_ = 0;
  std::vector<bool> known_;                       // by day from first_day
  std::vector<std::vector<OffsetSpan>> offsets_;  // by zone
  std::vector<Line> lines_;
  std::vector<uint32_t> line_of_;  // by window
  absl::flat_hash_map<std::string, uint32_t> lines_by_key_;
  absl::flat_hash_map<std::pair<uint32_t, int>, uint32_t> timelines_;
  std::vector<DayCells> civil_;
  std::vector<Pattern> patterns_;
  absl::flat_hash_map<DayCells, uint32_t> civil_index_;
  absl::flat_hash_map<uint64_t, uint32_t> quiet_;
  absl::flat_hash_map<std::string, uint32_t> days_;
  absl::flat_hash_map<ShownDays, uint32_t> one_offset_;
  absl::flat_hash_map<Cell, uint32_t> cell_index_;
  absl::flat_hash_map<UtcPieces, uint32_t> pattern_index_;
};

}  // namespace

void BuildTimelines(const std::vector<int>& order, ScheduleTable& table,
                    Problems& problems) {
  Builder(table, problems).Run(order);
}

}  // namespace guiche
