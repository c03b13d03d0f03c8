// A window's hours day by day on its own clock, as exports and pictures need
// them.

#ifndef GUICHE_INTERCHANGE_DAYS_H_
#define GUICHE_INTERCHANGE_DAYS_H_

#include <string>
#include <tuple>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "schedule/schedule.h"

namespace guiche {

// One opening of a day, in seconds from its midnight, [open, close).
struct DayOpening {
  int open, close;
  v1::Mode mode;
};
inline bool operator==(const DayOpening& a, const DayOpening& b) {
  return a.open == b.open && a.close == b.close && a.mode == b.mode;
}
inline bool operator<(const DayOpening& a, const DayOpening& b) {
  return std::tie(a.open, a.close, a.mode) < std::tie(b.open, b.close, b.mode);
}

// What the clock shows of a day's hours. They never reach past its end: what
// goes on is the next day's.
struct DayHoursShown {
  absl::CivilDay day;
  std::vector<DayOpening> openings;  // in order and apart
  // Why the weekly hours do not hold; of kind KIND_UNSPECIFIED if they do.
  v1::Reason reason;
  v1::Certainty certainty = v1::CERTAINTY_UNSPECIFIED;  // of `reason`
};

// The days of [from, until), all of them.
std::vector<DayHoursShown> DaysShown(const Schedule& schedule, Window window,
                                     absl::CivilDay from, absl::CivilDay until);

// "08:00", "24:00", and "08:00:30" where seconds matter.
std::string ClockText(int seconds);

// "08:00-12:00, 14:00-18:00", or "fechado".
std::string OpeningsText(const std::vector<DayOpening>& openings);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_DAYS_H_
