// Answers for a service window: is it open at an instant, why, until when.
//
//   absl::StatusOr<Schedule> schedule = Schedule::Compile(policy);
//   if (!schedule.ok()) return schedule.status();  // "calendar[x].hours[0]..."
//   absl::StatusOr<Window> window = schedule->Find("online", "Sinop");
//   Verdict now = schedule->At(*window, absl::Now());  // no query can fail

#ifndef GUICHE_SCHEDULE_SCHEDULE_H_
#define GUICHE_SCHEDULE_SCHEDULE_H_

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "guiche/v1/availability.pb.h"
#include "guiche/v1/policy.pb.h"

namespace guiche {

class ScheduleTable;  // schedule/table.h

// kUncovered: the policy is silent; the verdict's kind says why.
enum class State : uint8_t { kOpen = 1, kClosed = 2, kUncovered = 3 };

// An instant, or why there is none: it never comes, or it lies past the horizon
// the policy was compiled for and cannot be told.
struct Moment {
  enum Kind : uint32_t { kAt, kNever, kBeyondHorizon };

  Moment() = default;
  explicit Moment(Kind kind) : kind(kind) {}  // any but kAt
  explicit Moment(absl::Time at);  // to the nanosecond, the next if between two

  // The instant; only of kAt.
  absl::Time at() const {
    return absl::FromUnixSeconds(unix_seconds) + absl::Nanoseconds(nanoseconds);
  }

  // Since 1970-01-01T00:00:00Z, only of kAt.
  int64_t unix_seconds = 0;
  uint32_t nanoseconds = 0;
  Kind kind = kNever;
};
bool operator==(const Moment& a, const Moment& b);
std::ostream& operator<<(std::ostream& os, const Moment& moment);

// A service at a place: a handle to be found once and asked often, of the
// Schedule that gave it and its copies alone.
struct Window {
  uint32_t service;
  uint32_t place;
};

// What is so, and by which rule. Its views point into the Schedule and live as
// long as any copy of it does.
struct Finding {
  State state;
  v1::Mode mode;
  v1::Kind kind;
  v1::Certainty certainty;
  absl::string_view rule;   // what decided, by path: "calendar[natal]"
  absl::string_view label;  // that rule's own words: "Natal"
  absl::string_view act;    // id of its legal source
};

// The answer for one instant: a plain value to copy, compare and print.
struct Verdict : Finding {
  Moment since;        // first instant of this answer; kNever: no first
  Moment until;        // first instant of the next, of other state or rule
  Moment next_open;    // first instant after this one at which it opens,
  Moment next_close;   // at which it is open no longer,
  Moment next_change;  // and that has another state
};
bool operator==(const Verdict& a, const Verdict& b);
std::ostream& operator<<(std::ostream& os, const Verdict& verdict);

// A stretch of open time, [open, close).
struct OpenInterval {
  absl::Time open;
  absl::Time close;
  v1::Mode mode;
};
bool operator==(const OpenInterval& a, const OpenInterval& b);
std::ostream& operator<<(std::ostream& os, const OpenInterval& interval);

// The compiled calendars of all services at all places. Immutable: any number
// of threads may query one without synchronization. A copy shares the tables
// (one atomic increment), so a new policy is installed by assigning a new
// Schedule while queries in flight finish on the old one. Never empty: moving
// is copying.
//
// Invariant: the spans of a window are sorted, adjacent and non-empty, so
// exactly one holds any instant. Compile() establishes it; queries rest on it.
class Schedule {
 public:
  struct Options {
    // Only acts published by then count; nullopt: all.
    absl::optional<absl::Time> known_at;
  };

  // Checks and compiles `policy`, keeping no reference to it. kInvalidArgument
  // names every problem, one a line, each led by the path of the field to
  // correct; the structured list is ProblemsOf(status). Linear in days times
  // sets of places that keep the same rules.
  //
  // The rules of layers, ties, and civil times that a clock skips or repeats
  // are written in docs/policy.md.
  static absl::StatusOr<Schedule> Compile(const v1::Policy& policy,
                                          const Options& options);
  static absl::StatusOr<Schedule> Compile(const v1::Policy& policy) {
    return Compile(policy, Options());
  }

  Schedule(const Schedule&) = default;
  Schedule& operator=(const Schedule&) = default;

  // The window of a service, by id, at a place as people write it. Empty means
  // the policy's default service, and the whole of its places. kNotFound names
  // the field, the value and the nearest known ones.
  absl::StatusOr<Window> Find(absl::string_view service,
                              absl::string_view place) const;

  // The answer at `t`, for every `t` there is, infinities included. O(1); takes
  // no lock and allocates nothing.
  Verdict At(Window window, absl::Time t) const ABSL_ATTRIBUTE_LIFETIME_BOUND;
  // For seconds since 1970-01-01T00:00:00Z.
  Verdict At(Window window,
             int64_t unix_seconds) const ABSL_ATTRIBUTE_LIFETIME_BOUND;

  // Its state alone, on the same terms.
  State StateAt(Window window, absl::Time t) const;
  State StateAt(Window window, int64_t unix_seconds) const;

  // The states at many instants, in any order: `states[i]` for `times[i]`, or
  // for `unix_seconds[i]`. Both spans have one size.
  void At(Window window, absl::Span<const absl::Time> times,
          absl::Span<State> states) const;
  void At(Window window, absl::Span<const int64_t> unix_seconds,
          absl::Span<State> states) const;

  // The state of the window's service at every place at one instant, in the
  // order of the compiled places, the root first.
  std::vector<State> StateOfAll(Window window, absl::Time t) const;

  // Open intervals of [from, to), cut to it, in order. Nothing beyond the
  // horizon or where the policy is silent. Empty if `to` is not after `from`.
  std::vector<OpenInterval> Intervals(Window window, absl::Time from,
                                      absl::Time to) const;

  // Open time in [from, to); zero if `to` is not after `from`.
  absl::Duration OpenTime(Window window, absl::Time from, absl::Time to) const;

  // The first instant by which `open` of open time have passed since `from`:
  // "five open hours from now". A non-positive duration gives `from`. kNever or
  // kBeyondHorizon if there is not so much before the horizon.
  Moment AddOpenTime(Window window, absl::Time from, absl::Duration open) const;

  // The whole answer to a request, but for `policy`: finds the window, reads
  // `at` (RFC 3339 with an offset, else kInvalidArgument), and tells what the
  // deciding rule shadowed. For screens and hosts, not for hot paths.
  absl::StatusOr<v1::Availability> Answer(
      const v1::AvailabilityRequest& request) const;

  // Days of [from, to) on which some rule but the weekly hours decides, within
  // the dates of the policy.
  v1::Calendar Days(Window window, absl::CivilDay from,
                    absl::CivilDay to) const;

  // The zone on whose clock the window's place keeps its hours.
  absl::TimeZone TimeZone(Window window) const;

 private:
  friend class ScheduleTestPeer;  // tests/schedule/batch_test.cc

  explicit Schedule(std::shared_ptr<const ScheduleTable> table);

  std::shared_ptr<const ScheduleTable> table_;  // never null
};

// Reads an RFC 3339 instant with an offset: "2026-01-07T12:00:00-04:00".
// kInvalidArgument, naming `field`, for anything else, above all a time without
// an offset.
absl::StatusOr<absl::Time> ParseInstant(absl::string_view field,
                                        absl::string_view text);

// The instant on the clock of `zone`: "2026-01-07T12:00:00-04:00".
std::string FormatInstant(absl::Time t, absl::TimeZone zone);

}  // namespace guiche

#endif  // GUICHE_SCHEDULE_SCHEDULE_H_
