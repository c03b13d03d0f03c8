// The formats of ExportHours(), a file each.

#ifndef GUICHE_INTERCHANGE_FORMATS_H_
#define GUICHE_INTERCHANGE_FORMATS_H_

#include <array>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "interchange/days.h"
#include "interchange/export.h"

namespace guiche {

struct ExportInput {
  const Schedule& schedule;
  Window window;
  const ExportOptions& options;
  absl::TimeZone zone;
  absl::Time from, until;
  std::vector<DayHoursShown> days;
};

void WriteICalendar(const ExportInput& input, Export& written);
void WriteOsm(const ExportInput& input, Export& written);
void WriteSchemaOrg(const ExportInput& input, Export& written);
void WriteSql(const ExportInput& input, Export& written);
void WriteCsv(const ExportInput& input, Export& written);

// What most days of each weekday are like, Monday first.
using BaseWeek = std::array<std::vector<DayOpening>, 7>;
BaseWeek BaseWeekOf(const std::vector<DayHoursShown>& days);

// 0 is Monday.
inline int WeekdayIndex(absl::CivilDay day) {
  return static_cast<int>(absl::GetWeekday(day));
}

// What people call a mode other than REGULAR; empty for that one.
absl::string_view ModeLabel(v1::Mode mode);

// Days [first, last] with like hours that the base week does not have. Days
// between that happen to be as the base week are taken along.
struct Deviation {
  absl::CivilDay first, last;
  std::vector<DayOpening> openings;
  std::string label;
};
std::vector<Deviation> DeviationsOf(const std::vector<DayHoursShown>& days,
                                    const BaseWeek& week);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_FORMATS_H_
