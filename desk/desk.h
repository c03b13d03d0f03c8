// Both questions at one desk: which núcleo takes this request, and is its
// window open at this instant; with the reply a citizen reads, and who may use
// what for what (arts. 4 and 5 of Resolução 024/2022/DPG).
//
//   absl::StatusOr<Desk> desk = Desk::Compile(MatoGrosso());
//   if (!desk.ok()) return desk.status();  // "calendar[x].hours[0]: ..."
//   absl::StatusOr<v1::Decision> decision = desk->Decide(request);

#ifndef GUICHE_DESK_DESK_H_
#define GUICHE_DESK_DESK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "guiche/v1/availability.pb.h"
#include "guiche/v1/decision.pb.h"
#include "guiche/v1/policy.pb.h"
#include "guiche/v1/routing.pb.h"
#include "routing/router.h"
#include "schedule/schedule.h"

namespace guiche {

struct DeskTable;  // desk/desk.cc
class HoursCache;  // interchange/hours_cache.h

// Version of this library, as every answer carries it.
inline constexpr char kLibraryVersion[] = "0.1.0";

// A decision without words, as columns of requests are answered with.
struct Brief {
  int unit = -1;  // number in the policy; -1: none takes it yet
  int area = -1;  // number in the policy; -1: not stated
  v1::RouteAnswer::Outcome outcome = v1::RouteAnswer::ASK;
  bool urgent = false;
  State state = State::kUncovered;  // of the window that Decide() tells of
  v1::Mode mode = v1::MODE_UNSPECIFIED;
};

// A compiled policy, whole. Immutable: any number of threads may ask one
// without synchronization. A copy shares the tables (one atomic increment), so
// a new policy is installed by assigning a new Desk while questions in flight
// finish on the old one. Never empty: moving is copying.
//
// A question that cannot be answered as it was put is kInvalidArgument or, of a
// place or service that is not known, kNotFound; the message names field, value
// and remedy, and never repeats a citizen's words. Every answer names policy,
// digest, library and zone data, so that it can be derived again.
class Desk {
 public:
  struct Options {
    // Only acts published by this instant count: "was the answer right that
    // day, given what was published?" Not set: all acts.
    absl::optional<absl::Time> known_at;
  };

  // Checks and compiles all parts of `policy`, keeping no reference to it.
  // kInvalidArgument names every problem of every part at once, one a line;
  // the structured list is ProblemsOf(status).
  static absl::StatusOr<Desk> Compile(const v1::Policy& policy,
                                      const Options& options);
  static absl::StatusOr<Desk> Compile(const v1::Policy& policy);

  Desk(const Desk&) = default;
  Desk& operator=(const Desk&) = default;

  // Is a window open, why, since and until when. Hours that a request brings
  // along are compiled for it, or taken from `hours` if that is not null.
  absl::StatusOr<v1::Availability> Open(const v1::AvailabilityRequest& request,
                                        HoursCache* hours = nullptr) const;

  // Which unit takes a request.
  absl::StatusOr<v1::RouteAnswer> Route(const v1::RouteRequest& request) const;

  // The same into an empty `answer`, which may lie in an arena.
  absl::Status Route(const v1::RouteRequest& request,
                     v1::RouteAnswer& answer) const;

  // Route, then the window of that unit at that instant, then the reply. Where
  // no unit takes it (ASK, REFER) the window is that of the place.
  absl::StatusOr<v1::Decision> Decide(const v1::DecisionRequest& request) const;

  // The same of a request without text whose parts were found once, by the
  // finders of router(), in seconds since 1970-01-01T00:00:00Z. Numbers out of
  // range are not stated; an area is read where there is no need. Uncovered
  // where the policy has no services. O(1), takes no lock, allocates nothing.
  Brief Decide(const Request& request, int64_t unix_seconds) const;

  // May this be used for that? What no rule speaks of is NOT_GOVERNED.
  absl::StatusOr<v1::ConductAnswer> Check(
      const v1::ConductRequest& request) const;

  // The days of [from, until) that do not keep the weekly hours.
  absl::StatusOr<v1::Calendar> Calendar(
      const v1::CalendarRequest& request) const;

  // The parts, for hot paths and for hosts that want one of them.
  const Schedule& schedule() const ABSL_ATTRIBUTE_LIFETIME_BOUND;
  const Router& router() const ABSL_ATTRIBUTE_LIFETIME_BOUND;

  // What every answer says of its origin.
  const v1::PolicyRef& origin() const ABSL_ATTRIBUTE_LIFETIME_BOUND;

 private:
  explicit Desk(std::shared_ptr<const DeskTable> table);

  std::shared_ptr<const DeskTable> table_;  // never null
};

}  // namespace guiche

#endif  // GUICHE_DESK_DESK_H_
