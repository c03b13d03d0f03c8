// Dates and hours as a policy writes them, and the days on which a rule falls.

#ifndef GUICHE_SCHEDULE_DATES_H_
#define GUICHE_SCHEDULE_DATES_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"

namespace guiche {

// Days since 1970-01-01.
using Day = int32_t;
// Seconds since 1970-01-01T00:00:00, in UTC or on some place's clock.
using Second = int64_t;

inline constexpr int kDaySeconds = 86'400;
inline constexpr Day kFirstDay = std::numeric_limits<Day>::min();
inline constexpr Day kLastDay = std::numeric_limits<Day>::max();

inline absl::CivilDay CivilOf(Day day) {
  return absl::CivilDay(1970, 1, 1) + day;
}
inline Day DayOf(absl::CivilDay day) {
  return static_cast<Day>(day - absl::CivilDay(1970, 1, 1));
}
// 0 is Monday.
inline int WeekdayOf(Day day) { return ((day % 7) + 10) % 7; }

std::string DateText(Day day);           // "2026-01-07"
std::string TimeOfDayText(int seconds);  // "12:00", "26:00", "12:00:30"

// "2026-01-07", of years 1 to 9999.
absl::optional<Day> ParseDay(absl::string_view text);
// "2025-12-19T18:00", as seconds on the clock; the date as above.
absl::optional<Second> ParseCivil(absl::string_view text);
// "00:00" to "48:00", as seconds.
absl::optional<int> ParseTimeOfDay(absl::string_view text);

// Easter Sunday of the Gregorian calendar.
Day Easter(int year);
// The number of the ISO 8601 week that holds `day`.
int IsoWeek(Day day);

// One opening, [open, close), in seconds from its day's midnight; past 86,400
// on the next day.
struct DayHours {
  int32_t open, close;
  v1::Mode mode;  // MODE_UNSPECIFIED: the service's
};
inline bool operator==(const DayHours& a, const DayHours& b) {
  return a.open == b.open && a.close == b.close && a.mode == b.mode;
}

// The hours in order; what is wrong with them goes to `problems`.
std::vector<DayHours> ReadHours(
    absl::string_view path,
    const google::protobuf::RepeatedPtrField<v1::Hours>& hours,
    Problems& problems);

// The weekdays as bits, Monday the lowest; what is wrong goes to `problems`.
uint8_t ReadWeekdays(absl::string_view path,
                     const google::protobuf::RepeatedField<int>& weekdays,
                     Problems& problems);

// An empty text is no bound and gives `otherwise`.
Day ReadDay(absl::string_view path, absl::string_view text, Day otherwise,
            Problems& problems);

// The days in [first, last) on which the rule falls, sorted; what is wrong with
// the rule goes to `problems`.
std::vector<Day> ReadDays(absl::string_view path, const v1::DateRule& rule,
                          Day first, Day last, Problems& problems);

// Whether the rule falls on days by a pattern rather than on dates it names, so
// that in years whose act is not known it is a projection.
bool Recurs(const v1::DateRule& rule);

}  // namespace guiche

#endif  // GUICHE_SCHEDULE_DATES_H_
