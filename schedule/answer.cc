#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/problems.h"
#include "schedule/schedule.h"
#include "schedule/table.h"

namespace guiche {
namespace {

constexpr size_t kLongestShown = 64;
constexpr size_t kMostNamed = 10;

v1::Availability::State ToProto(State state) {
  return static_cast<v1::Availability::State>(state);
}

std::string ToText(const Moment& moment, absl::TimeZone zone) {
  switch (moment.kind) {
    case Moment::kAt:
      return FormatInstant(moment.at(), zone);
    case Moment::kNever:
      return "NEVER";
    case Moment::kBeyondHorizon:
      break;
  }
  return "BEYOND_HORIZON";
}

v1::Reason ReasonOf(const ScheduleTable& table, int rule) {
  const RuleInfo& info = table.rules[rule];
  v1::Reason reason;
  reason.set_rule(info.path);
  reason.set_label(info.label);
  reason.set_kind(info.kind);
  reason.set_article(info.article);
  if (info.act >= 0) {
    reason.set_act(table.acts[info.act].id);
    reason.set_act_title(table.acts[info.act].title);
    reason.set_act_url(table.acts[info.act].url);
  }
  return reason;
}

// What each rule says of a second on the place's clock, from the weekly hours
// upwards. None outside the policy's dates.
std::vector<Step> StepsAt(const ScheduleTable& table, Window window,
                          Second clock) {
  std::vector<Step> steps;
  const Second first = Second{table.first_day} * kDaySeconds;
  const Second last = Second{table.last_day} * kDaySeconds;
  if (clock < first || clock >= last) return steps;
  const ServiceInfo& service = table.services[window.service];
  const Day day =
      table.first_day + static_cast<Day>((clock - first) / kDaySeconds);
  DayCells followed;
  if (service.base >= 0) {
    const Window base = {static_cast<uint32_t>(service.base), window.place};
    steps = StepsAt(table, base, clock);
    for (Step& step : steps) TurnCell(step.cell, service);
    followed = table.CellsOn(base, day);
  } else if (service.weekly.empty()) {
    return steps;
  }
  const DayInput input = table.InputOf(table.BearingOn(window, day), day,
                                       service.base >= 0 ? &followed : nullptr);
  table.Decide(input, static_cast<int>((clock - first) % kDaySeconds), &steps);
  return steps;
}

v1::TraceStep ToProto(const ScheduleTable& table, const Step& step) {
  v1::TraceStep proto;
  proto.set_layer(step.layer);
  *proto.mutable_reason() = ReasonOf(table, step.rule);
  proto.set_state(ToProto(step.cell.state));
  proto.set_certainty(step.cell.certainty);
  return proto;
}

void AddSteps(const ScheduleTable& table, const std::vector<Step>& steps,
              bool trace, v1::Availability& answer) {
  // The last to speak decided, doubt aside.
  int decided = static_cast<int>(steps.size()) - 1;
  while (decided >= 0 && steps[decided].doubt) --decided;
  for (int i = decided - 1; i >= 0; --i) {
    if (!steps[i].doubt) *answer.add_shadowed() = ToProto(table, steps[i]);
  }
  if (!trace) return;
  for (int layer = v1::EMERGENCY; layer >= v1::WEEKLY; --layer) {
    // The layer's last word, and what held below if it has none.
    int chosen = -1, below = -1;
    for (int i = 0; i < static_cast<int>(steps.size()); ++i) {
      if (steps[i].layer <= layer) below = i;
      if (steps[i].layer != layer) continue;
      if (chosen < 0 || !steps[i].doubt || steps[chosen].doubt) chosen = i;
    }
    v1::TraceStep& step = *answer.add_trace();
    if (chosen >= 0) {
      step = ToProto(table, steps[chosen]);
      step.set_decided(chosen == decided);
    }
    step.set_layer(static_cast<v1::Layer>(layer));
    if (below >= 0) {
      step.set_state(ToProto(steps[below].cell.state));
      step.set_certainty(steps[below].cell.certainty);
    } else {
      step.set_state(v1::Availability::UNCOVERED);
      step.set_certainty(v1::CONFIRMED);
    }
  }
}

bool Shaped(absl::string_view text, absl::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    if (shape[i] == '0' ? !digit : absl::ascii_toupper(text[i]) != shape[i]) {
      return false;
    }
  }
  return true;
}

// The instant of a shaped text without fractions; false where Abseil is to say
// whether it exists.
bool ReadPlain(absl::string_view text, absl::string_view zone,
               absl::Time& time) {
  const auto two = [](absl::string_view from, size_t at) {
    return 10 * (from[at] - '0') + from[at + 1] - '0';
  };
  const int month = two(text, 5), day = two(text, 8), hour = two(text, 11),
            minute = two(text, 14), second = two(text, 17);
  int offset = 0;
  if (zone.size() == 6) offset = 60 * two(zone, 1) + two(zone, 4);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
      minute > 59 || second > 59 || (zone.size() == 6 && two(zone, 4) > 59) ||
      offset > 14 * 60) {
    return false;
  }
  if (zone[0] == '-') offset = -offset;
  const absl::CivilSecond civil(100 * two(text, 0) + two(text, 2), month, day,
                                hour, minute, second);
  if (civil.day() != day) return false;
  time = absl::FromCivil(civil, absl::UTCTimeZone()) - absl::Minutes(offset);
  return true;
}

absl::Status InstantError(absl::string_view field, absl::string_view text,
                          absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": \"", Shown(text, kLongestShown), "\" ", problem,
                   "; write such as \"2026-01-07T12:00:00-04:00\""));
}

}  // namespace

absl::StatusOr<Window> Schedule::Find(absl::string_view service,
                                      absl::string_view place) const {
  int found = table_->default_service;
  if (!service.empty() || found < 0) {
    found = -1;
    std::vector<absl::string_view> known;
    for (size_t i = 0; i < table_->services.size(); ++i) {
      if (table_->services[i].id == service) found = static_cast<int>(i);
      if (known.size() < kMostNamed) known.push_back(table_->services[i].id);
    }
    if (found < 0) {
      return absl::NotFoundError(absl::StrCat(
          "service: \"", Shown(service, kLongestShown),
          known.empty() ? "\" is not known; the policy has no services"
                        : "\" is not known; write one of ",
          absl::StrJoin(known, ", ")));
    }
  }
  const absl::StatusOr<int> at = table_->places.Find(place);
  if (!at.ok()) return at.status();
  return Window{static_cast<uint32_t>(found), static_cast<uint32_t>(*at)};
}

absl::StatusOr<v1::Availability> Schedule::Answer(
    const v1::AvailabilityRequest& request) const {
  const absl::StatusOr<absl::Time> at = ParseInstant("at", request.at());
  if (!at.ok()) return at.status();
  const absl::StatusOr<Window> window =
      Find(request.service(), request.place());
  if (!window.ok()) return window.status();

  const ServiceInfo& service = table_->services[window->service];
  const PlaceInfo& place = table_->places[window->place];
  const absl::TimeZone zone = TimeZone(*window);
  const Verdict verdict = At(*window, *at);
  v1::Availability answer;
  answer.set_state(ToProto(verdict.state));
  answer.set_mode(verdict.mode);
  *answer.mutable_reason() =
      ReasonOf(*table_, table_->RuleAt(*window, absl::ToUnixSeconds(*at)));
  answer.set_since(ToText(verdict.since, zone));
  answer.set_until(ToText(verdict.until, zone));
  answer.set_next_open(ToText(verdict.next_open, zone));
  answer.set_next_close(ToText(verdict.next_close, zone));
  answer.set_next_change(ToText(verdict.next_change, zone));
  answer.set_certainty(verdict.certainty);
  answer.set_service(service.id);
  answer.set_place(place.id);
  answer.set_place_name(place.name);
  answer.set_time_zone(table_->zone_names[table_->zone_of[window->place]]);
  answer.set_at(FormatInstant(*at, zone));
  AddSteps(*table_,
           StepsAt(*table_, *window, ClockAt(zone, absl::ToUnixSeconds(*at))),
           request.trace(), answer);

  if (verdict.state == State::kClosed && service.when_closed >= 0) {
    const Window other = {static_cast<uint32_t>(service.when_closed),
                          window->place};
    const ServiceInfo& taking_over = table_->services[service.when_closed];
    if (StateAt(other, *at) != State::kClosed) {
      v1::OnCall& on_call = *answer.mutable_on_call();
      on_call.set_service(taking_over.id);
      on_call.set_name(taking_over.name);
      for (const v1::Contact& contact : taking_over.contacts) {
        *on_call.add_contacts() = contact;
      }
      *on_call.mutable_reason() = ReasonOf(*table_, taking_over.rule);
      on_call.mutable_reason()->set_kind(verdict.kind);
    }
  }
  return answer;
}

v1::Calendar Schedule::Days(Window window, absl::CivilDay from,
                            absl::CivilDay to) const {
  v1::Calendar calendar;
  calendar.set_service(table_->services[window.service].id);
  calendar.set_place(table_->places[window.place].id);
  calendar.set_place_name(table_->places[window.place].name);
  calendar.set_time_zone(table_->zone_names[table_->zone_of[window.place]]);
  calendar.set_from(absl::FormatCivilTime(from));
  calendar.set_until(absl::FormatCivilTime(to));

  const absl::CivilDay begin = CivilOf(table_->first_day);
  const absl::CivilDay end = CivilOf(table_->last_day);
  const Day first = DayOf(std::clamp(from, begin, end));
  const Day last = DayOf(std::clamp(to, begin, end));
  for (Day day = first; day < last; ++day) {
    const DayCells cells = table_->CellsOn(window, day);
    // Of the day's reasons other than the weekly hours, the one that holds for
    // longest.
    int longest = 0;
    const Cell* reason = nullptr;
    for (size_t i = 0; i < cells.size(); ++i) {
      const v1::Kind kind = table_->rules[cells[i].cell.rule].kind;
      if (kind == v1::REGULAR_HOURS || kind == v1::POLICY_SILENT) continue;
      const int end = i + 1 < cells.size() ? cells[i + 1].start : kDaySeconds;
      if (end - cells[i].start <= longest) continue;
      longest = end - cells[i].start;
      reason = &cells[i].cell;
    }
    if (reason == nullptr) continue;
    v1::CalendarDay& added = *calendar.add_days();
    added.set_date(DateText(day));
    added.set_weekday(static_cast<v1::Weekday>(WeekdayOf(day) + 1));
    *added.mutable_reason() = ReasonOf(*table_, reason->rule);
    added.set_certainty(reason->certainty);
    v1::Hours* hours = nullptr;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].cell.state != State::kOpen) continue;
      const int end = i + 1 < cells.size() ? cells[i + 1].start : kDaySeconds;
      if (hours != nullptr && hours->mode() == cells[i].cell.mode &&
          hours->close() == TimeOfDayText(cells[i].start)) {
        hours->set_close(TimeOfDayText(end));
        continue;
      }
      hours = added.add_hours();
      hours->set_open(TimeOfDayText(cells[i].start));
      hours->set_close(TimeOfDayText(end));
      hours->set_mode(cells[i].cell.mode);
    }
  }
  return calendar;
}

absl::StatusOr<absl::Time> ParseInstant(absl::string_view field,
                                        absl::string_view text) {
  if (text.empty()) {
    return InstantError(field, text, "is empty");
  }
  if (!Shaped(text, "0000-00-00T00:00:00")) {
    return InstantError(field, text, "is no RFC 3339 instant");
  }
  size_t offset = 19;
  if (offset < text.size() && text[offset] == '.') {
    ++offset;
    while (offset < text.size() &&
           absl::ascii_isdigit(static_cast<unsigned char>(text[offset]))) {
      ++offset;
    }
    if (offset == 20) {
      return InstantError(field, text, "is no RFC 3339 instant");
    }
  }
  const absl::string_view zone = text.substr(offset);
  if (zone.empty()) {
    return InstantError(field, text, "has no offset from UTC");
  }
  const bool utc = zone == "Z" || zone == "z";
  if (!utc && !(zone.size() == 6 &&
                (Shaped(zone, "+00:00") || Shaped(zone, "-00:00")))) {
    return InstantError(field, text, "has no offset from UTC that can be read");
  }
  absl::Time time;
  if (offset == 19 && ReadPlain(text.substr(0, 19), zone, time)) return time;
  const std::string read =
      absl::StrCat(text.substr(0, 10), "T", text.substr(11, offset - 11),
                   utc ? "+00:00" : zone);
  std::string error;
  if (!absl::ParseTime("%E4Y-%m-%dT%H:%M:%E*S%Ez", read, &time, &error)) {
    return InstantError(field, text, "is no instant that exists");
  }
  return time;
}

std::string FormatInstant(absl::Time t, absl::TimeZone zone) {
  absl::TimeZone::CivilInfo at = zone.At(t);
  if (at.offset % 60 != 0) {
    zone = absl::UTCTimeZone();
    at = zone.At(t);
  }
  // Abseil's formats are read anew for each instant, and a whole answer has
  // six.
  if (at.subsecond != absl::ZeroDuration() || at.cs.year() < 0 ||
      at.cs.year() > 9'999) {
    return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*S%Ez", t, zone);
  }
  std::string text = "0000-00-00T00:00:00+00:00";
  const auto put = [&](size_t end, int number) {
    for (; number > 0; number /= 10) text[--end] += number % 10;
  };
  const int offset = std::abs(at.offset) / 60;
  put(4, static_cast<int>(at.cs.year()));
  put(7, at.cs.month());
  put(10, at.cs.day());
  put(13, at.cs.hour());
  put(16, at.cs.minute());
  put(19, at.cs.second());
  if (at.offset < 0) text[19] = '-';
  put(22, offset / 60);
  put(25, offset % 60);
  return text;
}

}  // namespace guiche
