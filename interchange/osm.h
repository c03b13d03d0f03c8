// Opening hours as OpenStreetMap writes them, read into a policy.
//
//   absl::StatusOr<Schedule> hours =
//       CompileHours("Mo-Fr 08:00-18:00; Dec 20-Jan 06 off", "America/Cuiaba");
//   if (!hours.ok()) return hours.status();  // "hours: "Mon" at byte 0 ..."
//   Verdict now = hours->At(*hours->Find("", ""), t);
//
// What is understood: weekdays, lists and ranges of them, the n-th of a month
// ("Fr[-1]"); hours past midnight ("22:00-02:00", "22:00-26:00"), open ends
// ("08:00+"), "24/7"; months, dates, ranges of them over the year's end,
// Easter, years, ISO weeks, steps ("week 1-53/2"); PH and SH; open, closed,
// off, unknown and comments; rules joined by ";", "," and "||". What is not:
// times that depend on the sun, and single moments.
//
// Where readers of the format differ, this one holds that
// - a later rule wipes out the earlier ones on its days, the spill of the night
//   before included; a closing one closes its hours alone and wipes out none;
// - a fallback after "||" counts moment by moment, not day by day;
// - hours hold whenever the clock shows them, so in both of two like hours when
//   the clock goes back, and not in an hour that it skips;
// - ranges include both their ends, those of Easter too;
// - hours that end as they begin ("10:00-10:00") last 24 hours;
// - "08:00+" lasts until the rule's next hours or the end of the day; that
//   "08:00-12:00+" lasts longer than until 12:00 is unknown;
// - a comment that speaks of an appointment makes the mode BY_APPOINTMENT; any
//   other one on a rule without a state makes it unknown;
// - unknown is closed. Such days are UNCONFIRMED, and days with an open end;
// - PH, where nobody says what it stands for, is a national holiday in zones of
//   Brazil and no day elsewhere, and SH no day. Other days are UNCONFIRMED if
//   being one would change their hours.

#ifndef GUICHE_INTERCHANGE_OSM_H_
#define GUICHE_INTERCHANGE_OSM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "guiche/v1/policy.pb.h"
#include "schedule/schedule.h"

namespace guiche {

struct OsmOptions {
  std::string time_zone;  // IANA zone; required
  std::string service = "online";
  // The days that are evaluated; the policy covers these and no others.
  absl::CivilDay from = absl::CivilDay(2000, 1, 1);
  absl::CivilDay until = absl::CivilDay(2050, 1, 1);
  // What PH and SH stand for. Not set: as above, and a loss.
  absl::optional<std::vector<absl::CivilDay>> public_holidays, school_holidays;
};

struct OsmImport {
  // Complete, so that it compiles alone: one service with weekly hours, and a
  // rule per kind of day that does not keep them, with its dates. These rules
  // lie under holidays, so that one may add a policy's own.
  v1::Policy policy;
  // What the policy cannot say, a sentence each.
  std::vector<std::string> losses;
};

// Reads `hours`. kInvalidArgument quotes the first word that is wrong or not
// supported, and says what to write instead; values of more than 16,384 bytes
// or 500 stretches of hours are refused, or of 24 on one day, and an `until`
// that is not after `from` or more than 130 years. Linear in days x selectors;
// hours that are alike every week are evaluated for one week.
absl::StatusOr<OsmImport> ImportOsm(absl::string_view hours,
                                    const OsmOptions& options);

// The hours alone as a Schedule of one service, covering 2000 to 2049. Some 1
// ms for hours that are alike every week, 5 ms for others: worth keeping by
// (hours, time_zone).
absl::StatusOr<Schedule> CompileHours(absl::string_view hours,
                                      absl::string_view time_zone);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_OSM_H_
