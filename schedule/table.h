// The compiled form of a policy's calendar, and the rules it was compiled from.

#ifndef GUICHE_SCHEDULE_TABLE_H_
#define GUICHE_SCHEDULE_TABLE_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "policy/places.h"
#include "schedule/schedule.h"

namespace guiche {

// Days since 1970-01-01.
using Day = int32_t;
// UTC seconds since 1970-01-01T00:00:00.
using Second = int64_t;

inline constexpr Second kForever = std::numeric_limits<Second>::max();

// A legal source as answers cite it.
struct ActInfo {
  std::string id, title, url;
  Day published;  // kAlways if unknown
  Day in_force_from, in_force_until;
};

// What an answer says of the rule that decided.
struct RuleInfo {
  std::string path, label, article;
  v1::Kind kind;
  int act;  // index, or -1
};

// Seconds from the day's midnight on the clock; past 86,400 the next day.
struct DayHours {
  int32_t open, close;
  v1::Mode mode;
};

// Weekly hours of a service at a place while they hold.
struct WeeklyRule {
  int rule;  // index of RuleInfo
  std::vector<int> places;
  uint8_t weekdays;  // bit 0 is Monday
  std::vector<DayHours> hours;
  Day from, until;
  v1::Certainty certainty;
};

// A rule over the weekly hours. Ordered by layer; then the wider place first,
// then the earlier publication: each overrules those before it.
struct DatedRule {
  int rule;
  v1::Layer layer;
  v1::CalendarRule::Effect effect;
  v1::Kind kind;
  std::vector<int> places;
  uint64_t services;      // bit per service
  bool recurring;         // projected in years whose act is not known
  std::vector<Day> days;  // sorted; empty if it has a span
  bool is_span;
  absl::CivilSecond span_from, span_until;  // until: only if bounded
  bool bounded;
  std::vector<DayHours> hours;
  v1::Certainty certainty;
  Day published;
};

struct ServiceInfo {
  std::string id, name, path, when_closed;
  v1::Mode mode, closed_mode;
  int base;         // index of the service it follows, or -1
  bool complement;  // open when `base` is closed
  std::vector<WeeklyRule> weekly;
  std::vector<v1::Contact> contacts;
  int rule;  // for answers where it is not governed
};

// What holds from one instant to the next.
struct Cell {
  State state;
  v1::Mode mode;
  v1::Certainty certainty;
  int rule;
};
inline bool operator==(const Cell& a, const Cell& b) {
  return a.state == b.state && a.mode == b.mode && a.certainty == b.certainty &&
         a.rule == b.rule;
}

// One window's answers for all time. Invariant: starts[0] is the least Second,
// starts ascend strictly, all vectors have one size, and neighbouring cells
// differ.
struct Timeline {
  std::vector<Second> starts;
  std::vector<Cell> cells;
  // For each cell the start of the next open, closed and differently open cell
  // after it, or kForever.
  std::vector<Second> next_open, next_close, next_change;
  Second horizon;  // start of the last cell, which is BEYOND_HORIZON
  bool may_reopen;  // whether rules go on past the horizon

  // The cell that holds `t`.
  size_t Find(Second t) const;
};

class ScheduleTable {
 public:
  Places places;
  std::vector<ActInfo> acts;
  std::vector<RuleInfo> rules;
  std::vector<ServiceInfo> services;
  std::vector<DatedRule> dated;
  absl::flat_hash_map<int, bool> known_years;
  Day first_day, last_day;  // [first_day, last_day)
  int default_service = 0;
  std::vector<absl::TimeZone> zones;  // of each place
  std::vector<Timeline> timelines;
  std::vector<uint32_t> window_timeline;  // service * places.size() + place

  const Timeline& TimelineOf(Window window) const {
    return timelines[window_timeline[window.service * places.size() +
                                     window.place]];
  }

  // A stretch in which one rule says something.
  struct Paint {
    Second begin, end;
    v1::Layer layer;
    bool doubt;  // changes the certainty alone
    Cell cell;
    int order;  // index in `dated`; -1 for weekly hours
    int depth;  // of the rule's place
  };

  // All that rules say about the window between the two civil days, each after
  // those it overrules. Weekly hours of those days come first.
  std::vector<Paint> Weekly(Window window, Day from, Day until) const;
  std::vector<Paint> Dated(Window window, Day from, Day until) const;

  // Depth of the narrowest of `among` that holds `place`, or -1.
  int DepthOf(const std::vector<int>& among, int place) const;

  bool IsKnown(int year) const;
};

// The first instant at which a clock in `zone` reads `civil` or later: in a gap
// the instant of the change, and of a repeated time the first.
Second ToUtc(absl::CivilSecond civil, absl::TimeZone zone);

}  // namespace guiche

#endif  // GUICHE_SCHEDULE_TABLE_H_
