// A window's year or week as one SVG picture: no script, no font or file of
// others. It reads without colour, by patterns and letters, and without eyes,
// by its title and description; each day has a title of its own, which pointers
// show. In Portuguese.

#ifndef GUICHE_INTERCHANGE_PICTURE_H_
#define GUICHE_INTERCHANGE_PICTURE_H_

#include <string>

#include "absl/time/civil_time.h"
#include "schedule/schedule.h"

namespace guiche {

struct PictureOptions {
  std::string title;   // what people call the window
  std::string origin;  // the policy and its digest, as the picture's last line
};

// The twelve months of `year`, 1 to 9999, with a legend, and a list of the days
// that do not keep the weekly hours.
std::string RenderYear(const Schedule& schedule, Window window, int year,
                       const PictureOptions& options);

// The hours of the week that holds `day`, Sunday to Saturday.
std::string RenderWeek(const Schedule& schedule, Window window,
                       absl::CivilDay day, const PictureOptions& options);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_PICTURE_H_
