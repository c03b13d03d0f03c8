// The compiled form of a policy's calendar, and the rules it was compiled from.
//
// Rules speak of a place's clock, questions of instants. In between, each civil
// day of a window becomes a sequence of cells (Compose), and what the clock
// shows while an offset lasts becomes UTC days, which are what a query reads: a
// word of each tells the states of its segments and when they begin.

#ifndef GUICHE_SCHEDULE_TABLE_H_
#define GUICHE_SCHEDULE_TABLE_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "policy/places.h"
#include "schedule/dates.h"
#include "schedule/schedule.h"

namespace guiche {

inline constexpr Second kForever = std::numeric_limits<Second>::max();

// A legal source as answers cite it.
struct ActInfo {
  std::string id, title, url;
  Day published = kFirstDay;  // kFirstDay if unknown
  Day in_force_from = kFirstDay, in_force_until = kLastDay;
  bool known = true;  // published by the instant compiled for
};

// What an answer says of the rule that decided.
struct RuleInfo {
  std::string path, label, article;
  v1::Kind kind;
  int act;  // index, or -1
};

// Weekly hours of a service while they hold.
struct WeeklyRule {
  int rule;  // index of RuleInfo
  std::vector<int> places;
  uint8_t weekdays;  // bit 0 is Monday
  std::vector<DayHours> hours;
  Day from, until;
  v1::Certainty certainty;
  Day published;
};

// A rule over the weekly hours.
struct DatedRule {
  int rule;
  v1::Layer layer;
  v1::CalendarRule::Effect effect;
  std::vector<int> places;
  uint64_t services;  // bit per service
  bool recurring;     // projected in years whose act is not known
  bool lasting;       // speaks past the horizon too
  bool is_span;
  std::vector<Day> days;                 // sorted; empty if it is a span
  Second span_from = 0, span_until = 0;  // civil; kForever if open-ended
  std::vector<DayHours> hours;
  v1::Certainty certainty;
  Day published;
};

struct ServiceInfo {
  std::string id, name;
  v1::Mode mode;            // MODE_UNSPECIFIED: that of `base`
  v1::Mode closed_mode;     // of its closed hours
  int base = -1;            // index of the service it follows, or -1
  bool complement = false;  // open when `base` is closed
  int when_closed = -1;     // index of the service that takes over, or -1
  std::vector<WeeklyRule> weekly;
  // By place that they name: indexes of `weekly`.
  absl::flat_hash_map<int, std::vector<uint32_t>> weekly_at;
  std::vector<v1::Contact> contacts;
  int rule;  // for answers where nothing governs it
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
template <typename H>
H AbslHashValue(H h, const Cell& cell) {
  return H::combine(std::move(h), cell.state, static_cast<int>(cell.mode),
                    static_cast<int>(cell.certainty), cell.rule);
}

// A cell from a second of its civil day on, until the next.
struct CellFrom {
  int32_t start;
  Cell cell;
};
inline bool operator==(const CellFrom& a, const CellFrom& b) {
  return a.start == b.start && a.cell == b.cell;
}
template <typename H>
H AbslHashValue(H h, const CellFrom& from) {
  return H::combine(std::move(h), from.start, from.cell);
}
// A civil day: the first starts at 0, neighbours differ.
using DayCells = std::vector<CellFrom>;

// The rules that bear on one service at one place, in the order in which each
// overrules those before it.
struct Bearing {
  int service;
  std::vector<uint32_t> weekly;  // index in ServiceInfo::weekly, winner first
  std::vector<uint32_t> dated;   // index in ScheduleTable::dated
  size_t looked_at;              // rules, to find these
};

// One dated rule on one civil day.
struct Use {
  uint32_t dated;
  bool today, yesterday;  // it falls on this day, on the day before
  int32_t begin, end;     // the part of this day that its span covers
};

// All that bears on one civil day of a window.
struct DayInput {
  int service;
  int weekly_today = -1, weekly_yesterday = -1;     // -1: none in force
  bool open_today = false, open_yesterday = false;  // its weekdays name the day
  const DayCells* base = nullptr;  // the day of the service it follows
  bool known_year = true;
  std::vector<Use> uses;  // in order
};

// What one rule says of an instant: the cell were it the last word. Steps go
// from the weekly hours upwards.
struct Step {
  v1::Layer layer;
  int rule;
  Cell cell;
  bool doubt;
};

// What comes after an instant: the first change of answer, opening, closing and
// change of state.
enum Coming { kUntil, kOpening, kClosing, kChange, kComings };

// A segment of a UTC day. Times are seconds of the day; those of what comes lie
// after `start` and are kNone when not in this day, or when it is the horizon
// that ends the answer there.
inline constexpr uint32_t kNone = 0xFFFFFFFF;
struct Segment {
  uint32_t start;
  uint32_t cell;
  uint32_t coming[kComings];
};

// All states of a UTC day of at most four segments in one word. A day has 2^17
// parts, less than a second each, so that one multiplication finds day and part
// of an instant. Bit 0 is set and the first state in the two bits above it;
// then for each further segment 17 bits of 2^17 less the part in which it
// begins, a clear bit, and its state. Adding the part of an instant to all of
// them sets the clear bits of those that have begun. A segment that is not
// there has zeros and never begins. The top bit marks a day of more than four.
using DayWord = uint64_t;
inline constexpr int kPartBits = 17;
inline constexpr int kFieldBits = 20;
inline constexpr DayWord kLongDay = DayWord{1} << 63;
inline constexpr DayWord kBegun = 1 | DayWord{1} << kFieldBits |
                                  DayWord{1} << 2 * kFieldBits |
                                  DayWord{1} << 3 * kFieldBits;
// A part times this lies in each of the three fields.
inline constexpr DayWord kEachField = (kBegun & ~DayWord{1}) >> kPartBits;

// The bit of the last segment that has begun.
inline int LastBegun(DayWord word, uint32_t part) {
  return 63 - __builtin_clzll((word + part * kEachField) & kBegun);
}
inline State StateIn(DayWord word, uint32_t part) {
  return static_cast<State>(word >> 1 >> LastBegun(word, part) & 3);
}
// Which of its segments.
inline int SegmentIn(DayWord word, uint32_t part) {
  return LastBegun(word, part) >> 4;  // of 0, 20, 40 or 60
}

// What the whole answer needs of a UTC day of a window. Times are seconds from
// the day's beginning: forward to what comes at or after its end, back to the
// last change of answer at or before its beginning; kNone where there is none.
struct UtcDay {
  uint32_t first_segment, segments;
  uint32_t open_before;  // open seconds of all days before
  uint32_t since;
  uint32_t coming[kComings];
};

// One window's answers for all time. Invariant: `words` and `days` have one
// entry for each UTC day of the table, the first and last of which lie outside
// the policy's dates, so that instants beyond them may be read there.
struct Timeline {
  std::vector<DayWord> words;
  std::vector<UtcDay> days;
  Second horizon;  // first instant past it; kForever: it does not end
  // What is said where nothing is found: before the horizon, and past it.
  Moment::Kind outlook[2][kComings];
  Moment::Kind no_more;  // open time
};

// What vectors a processor has.
enum class Vectors { kNone, kAvx2, kAvx512 };
Vectors WidestVectors();

// A stretch of time in which a zone keeps one offset, until the next.
struct OffsetSpan {
  Second from;  // UTC
  int32_t offset;
};

class ScheduleTable {
 public:
  // Of one window.
  Verdict At(Window window, Second t) const;
  int RuleAt(Window window, Second t) const;  // index of what decided
  State StateAt(Window window, Second t) const {
    return StateAt(TimelineOf(window), t);
  }

  State StateAt(const Timeline& timeline, Second t) const {
    const Instant at = Locate(t);
    const DayWord word = timeline.words[at.day];
    if ((word & kLongDay) != 0) {
      return cells[SegmentAt(timeline, at).cell].state;
    }
    return StateIn(word, at.part);
  }

  // A UTC day of the table, and which part of it. Instants outside fall on the
  // first or last day, whose answers have no end there.
  struct Instant {
    uint32_t day;
    uint32_t part;
    uint32_t since;  // the first of these days, in seconds

    uint32_t second() const { return since - day * kDaySeconds; }
  };
  Instant Locate(Second t) const {
    uint64_t since = static_cast<uint64_t>(t) - static_cast<uint64_t>(begin);
    if (ABSL_PREDICT_FALSE(since >= seconds)) {
      since = t < begin ? 0 : seconds - 1;
    }
    // 2^64 parts of a day, of which the error takes 2^32 at most.
    constexpr uint64_t kEach = 213'503'982'334'602;
    const absl::uint128 days = absl::uint128(since) * kEach;
    return {static_cast<uint32_t>(absl::Uint128High64(days)),
            static_cast<uint32_t>(absl::Uint128Low64(days) >> (64 - kPartBits)),
            static_cast<uint32_t>(since)};
  }
  Second StartOf(uint32_t day) const {
    return begin + Second{day} * kDaySeconds;
  }

  const Segment& SegmentAt(const Timeline& timeline, const Instant& at) const {
    const UtcDay& day = timeline.days[at.day];
    const DayWord word = timeline.words[at.day];
    if ((word & kLongDay) != 0) return LongSegmentAt(day, at.second());
    return segments[day.first_segment + SegmentIn(word, at.part)];
  }
  ABSL_ATTRIBUTE_NOINLINE const Segment& LongSegmentAt(const UtcDay& day,
                                                       uint32_t second) const;

  // The states of a window at many instants, with vectors that the processor
  // has.
  void StatesAt(const Timeline& timeline, absl::Span<const int64_t> seconds,
                State* states, Vectors vectors) const;

  const Timeline& TimelineOf(Window window) const {
    return *by_window[window.service * place_count + window.place];
  }

  // What bears on the civil day of the window whose rules these are.
  // With a day: of the dated rules only those that fall on it.
  Bearing BearingOn(Window window,
                    absl::optional<Day> day = absl::nullopt) const;
  // Whether a rule falls on a day or spills into it, and how, but for
  // `use.dated`.
  bool FallsOn(const DatedRule& rule, Day day, Use& use) const;
  // The weekly rule of a day: of those in force the first that names its
  // weekday, or else the first, whose hours it is then outside.
  void ChooseWeekly(const Bearing& bearing, Day day, int& chosen,
                    bool& named) const;
  // `base` is the day of the service it follows, if it follows one, and is to
  // outlive the result.
  DayInput InputOf(const Bearing& bearing, Day day, const DayCells* base) const;
  // The cell at a second of that day. If `steps` is not null it receives what
  // each rule said, in order.
  Cell Decide(const DayInput& input, int second,
              std::vector<Step>* steps = nullptr) const;
  DayCells Compose(const DayInput& input) const;
  // The same from the rules themselves, for any civil day of any window.
  DayCells CellsOn(Window window, Day day) const;
  Cell Silent(int service) const;
  Cell BeyondHorizon() const;

  bool IsKnown(Day day) const;

  Places places;
  std::vector<ActInfo> acts;
  std::vector<RuleInfo> rules;
  std::vector<ServiceInfo> services;
  std::vector<DatedRule> dated;  // in order of layer, then publication
  std::vector<std::vector<uint32_t>> dated_at;  // by place that they name
  absl::flat_hash_map<int, bool> known_years;
  Day first_day = 0, last_day = 0;  // [first_day, last_day)
  int horizon_rule = -1;
  int default_service = -1;
  std::vector<int> zone_of;  // of each place, index of `zones`
  std::vector<absl::TimeZone> zones;
  std::vector<std::string> zone_names;

  // The UTC days that timelines are made of.
  Second begin = 0;
  uint64_t seconds = 0;
  std::vector<Cell> cells;
  std::vector<Finding> findings;  // of each cell
  std::vector<Segment> segments;
  std::vector<Timeline> timelines;
  size_t place_count = 0;
  std::vector<const Timeline*> by_window;  // service * place_count + place
};

// The cell of a service that follows another, given the other's.
void TurnCell(Cell& cell, const ServiceInfo& service);

// What the clock of `zone` shows at `t`.
Second ClockAt(absl::TimeZone zone, Second t);

}  // namespace guiche

#endif  // GUICHE_SCHEDULE_TABLE_H_
