// Civil time against Abseil's and ICU's: Easter, ISO weeks, weekdays, and what
// the clock shows in zones with hard histories.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "schedule/dates.h"
#include "tests/schedule/policies.h"
#include "unicode/gregocal.h"
#include "unicode/timezone.h"

namespace guiche {
namespace {

// A Gregorian calendar without the reform of 1582.
std::unique_ptr<icu::GregorianCalendar> IcuCalendar(const char* zone) {
  UErrorCode status = U_ZERO_ERROR;
  auto calendar = std::make_unique<icu::GregorianCalendar>(
      icu::TimeZone::createTimeZone(zone), status);
  calendar->setGregorianChange(-1e18, status);
  calendar->setFirstDayOfWeek(UCAL_MONDAY);
  calendar->setMinimalDaysInFirstWeek(4);
  EXPECT_TRUE(U_SUCCESS(status));
  return calendar;
}

TEST(CivilTimeTest, WeeksAndWeekdaysAsIcu) {
  const auto calendar = IcuCalendar("UTC");
  UErrorCode status = U_ZERO_ERROR;
  for (Day day = -100'000; day < 150'000; day += 3) {
    calendar->setTime(double{86'400'000} * day, status);
    ASSERT_EQ(IsoWeek(day), calendar->get(UCAL_WEEK_OF_YEAR, status))
        << DateText(day);
    const int icu_weekday = calendar->get(UCAL_DAY_OF_WEEK, status);
    ASSERT_EQ((WeekdayOf(day) + 1) % 7 + 1, icu_weekday) << DateText(day);
  }
}

// By the tables of the Nautical Almanac and the facts about Mato Grosso; and by
// its period of 5,700,000 years' better known limits.
TEST(CivilTimeTest, Easter) {
  const char* const known[] = {
      "1818-03-22", "1886-04-25", "1943-04-25", "1954-04-18", "1981-04-19",
      "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2022-04-17",
      "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28",
      "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22"};
  for (const char* text : known) {
    const Day day = ParseDay(text).value();
    EXPECT_EQ(DateText(Easter(static_cast<int>(CivilOf(day).year()))), text);
  }
  for (int year = 1; year < 9999; ++year) {
    const Day easter = Easter(year);
    ASSERT_EQ(WeekdayOf(easter), 6) << year;
    ASSERT_GE(easter, DayOf(absl::CivilDay(year, 3, 22))) << year;
    ASSERT_LE(easter, DayOf(absl::CivilDay(year, 4, 25))) << year;
  }
}

// Open on every day from 08:00 to 20:00 on the clock; ICU tells what that
// shows.
class ClockOfZoneTest : public testing::TestWithParam<const char*> {};

TEST_P(ClockOfZoneTest, AsIcuAndAbseil) {
  const Schedule schedule = Compiled(PolicyOf(absl::StrCat(
      "id: 'x' version: '1' time_zone: '", GetParam(),
      "' covers_from: '1975-01-01' covers_until: '2036-01-01' "
      "acts { id: 'a' } services { id: 's' act: 'a' weekly { id: 'w' weekdays: "
      "[MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY] "
      "hours { open: '00:30' close: '02:15' } "
      "hours { open: '08:00' close: '23:45' } } }")));
  const Window window = *schedule.Find("s", "");
  const absl::TimeZone zone = schedule.TimeZone(window);
  const auto calendar = IcuCalendar(GetParam());
  UErrorCode status = U_ZERO_ERROR;
  int icu_differs = 0, asked = 0;
  const absl::Time compared_with_icu = Instant("2018-01-01T00:00:00Z");
  const auto open_at = [](int minute) {
    return (minute >= 30 && minute < 135) || (minute >= 480 && minute < 1425);
  };
  const auto ask = [&](absl::Time t) {
    ++asked;
    const absl::CivilMinute clock = absl::ToCivilMinute(t, zone);
    const bool open = schedule.StateAt(window, t) == State::kOpen;
    ASSERT_EQ(open, open_at(clock.hour() * 60 + clock.minute())) << t;
    if (t > compared_with_icu) return;
    calendar->setTime(static_cast<double>(absl::ToUnixMillis(t)), status);
    const int minute = calendar->get(UCAL_HOUR_OF_DAY, status) * 60 +
                       calendar->get(UCAL_MINUTE, status);
    icu_differs += open != open_at(minute);
  };
  const absl::Time last = Instant("2035-12-30T00:00:00Z");
  // The minutes around every change of the clock, and others.
  absl::Time at = Instant("1975-01-03T00:00:00Z");
  absl::TimeZone::CivilTransition change;
  while (zone.NextTransition(at, &change)) {
    at = std::min(zone.At(change.from).trans, zone.At(change.to).trans);
    if (at >= last) break;
    for (int minute = -180; minute <= 180; minute += 5) {
      ask(at + absl::Minutes(minute));
      ask(at + absl::Minutes(minute) - absl::Seconds(1));
    }
    at += absl::Seconds(1);
  }
  for (absl::Time t = Instant("1975-01-03T00:07:11Z"); t < last;
       t += absl::Minutes(7 * 60 + 13)) {
    ask(t);
  }
  EXPECT_TRUE(U_SUCCESS(status));
  // ICU brings zone data of its own, of another edition than the machine's, and
  // some that it left out.
  EXPECT_LE(icu_differs, asked / 200);
}

INSTANTIATE_TEST_SUITE_P(
    Zones, ClockOfZoneTest,
    testing::Values("America/Cuiaba", "America/Sao_Paulo", "America/New_York",
                    "Europe/Lisbon", "Europe/Dublin", "Pacific/Apia",
                    "Pacific/Kwajalein", "Australia/Lord_Howe",
                    "Antarctica/Troll", "Africa/Casablanca", "Asia/Gaza",
                    "Asia/Pyongyang", "America/Caracas", "Asia/Kathmandu",
                    "Africa/Monrovia", "America/Santiago"));

}  // namespace
}  // namespace guiche
