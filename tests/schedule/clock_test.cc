// Civil time: hours past midnight, clocks that are set forward and back.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/schedule/policies.h"

namespace guiche {
namespace {

// One service, open by these weekly hours on all days but what `rules` say.
Schedule Office(absl::string_view zone, absl::string_view hours,
                absl::string_view rules = "") {
  return Compiled(PolicyOf(absl::StrCat(
      "id: 'x' version: '1' time_zone: '", zone,
      "' covers_from: '2010-01-01' covers_until: '2030-01-01' "
      "acts { id: 'res' } services { id: 's' act: 'res' weekly { id: 'w' "
      "weekdays: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, "
      "SUNDAY] ",
      hours, " } } ", rules)));
}

std::vector<std::string> Openings(const Schedule& schedule,
                                  absl::string_view from,
                                  absl::string_view to) {
  const Window window = *schedule.Find("s", "");
  std::vector<std::string> openings;
  for (const OpenInterval& interval :
       schedule.Intervals(window, Instant(from), Instant(to))) {
    const auto text = [&](absl::Time t) {
      return absl::FormatTime("%d %H:%M%Ez", t, schedule.TimeZone(window));
    };
    openings.push_back(
        absl::StrCat(text(interval.open), " to ", text(interval.close)));
  }
  return openings;
}

TEST(ClockTest, PastMidnight) {
  EXPECT_THAT(
      Openings(
          Office("America/Cuiaba", "hours { open: '22:00' close: '26:00' }"),
          "2026-03-02T12:00:00-04:00", "2026-03-04T12:00:00-04:00"),
      testing::ElementsAre("02 22:00-04:00 to 03 02:00-04:00",
                           "03 22:00-04:00 to 04 02:00-04:00"));
}

TEST(ClockTest, UntilTwentyFourHoursIsNoGap) {
  EXPECT_THAT(
      Openings(Office("America/Cuiaba",
                      "hours { open: '00:00' close: '06:00' } "
                      "hours { open: '18:00' close: '24:00' }"),
               "2026-03-02T12:00:00-04:00", "2026-03-04T00:00:00-04:00"),
      testing::ElementsAre("02 18:00-04:00 to 03 06:00-04:00",
                           "03 18:00-04:00 to 04 00:00-04:00"));
}

// A closed day takes its hours past midnight along, and ends those of its eve
// at midnight.
TEST(ClockTest, AClosedNight) {
  const Schedule schedule = Office(
      "America/Cuiaba", "hours { open: '22:00' close: '26:00' }",
      "calendar { id: 'c' layer: HOLIDAY effect: CLOSE kind: FERIADO_NACIONAL "
      "act: 'res' days { dates { date: '2026-03-03' } } }");
  EXPECT_THAT(Openings(schedule, "2026-03-02T12:00:00-04:00",
                       "2026-03-05T12:00:00-04:00"),
              testing::ElementsAre("02 22:00-04:00 to 03 00:00-04:00",
                                   "04 22:00-04:00 to 05 02:00-04:00"));
  EXPECT_EQ(
      schedule.At(*schedule.Find("", ""), Instant("2026-03-04T01:00:00-04:00"))
          .rule,
      "calendar[c]");
}

TEST(ClockTest, ClockSetForward) {
  // At 02:00 the clock of New York was set to 03:00.
  EXPECT_THAT(
      Openings(Office("America/New_York",
                      "hours { open: '01:30' close: '02:30' } "
                      "hours { open: '02:45' close: '04:00' }"),
               "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"),
      testing::ElementsAre("08 01:30-05:00 to 08 04:00-04:00"));
}

TEST(ClockTest, ClockSetBack) {
  // At 02:00 it was set to 01:00: what it shows twice, is open twice.
  EXPECT_THAT(
      Openings(
          Office("America/New_York", "hours { open: '00:30' close: '01:15' }"),
          "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"),
      testing::ElementsAre("01 00:30-04:00 to 01 01:15-04:00",
                           "01 01:00-05:00 to 01 01:15-05:00"));
  EXPECT_THAT(
      Openings(
          Office("America/New_York", "hours { open: '01:30' close: '03:00' }"),
          "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"),
      testing::ElementsAre("01 01:30-04:00 to 01 01:00-05:00",
                           "01 01:30-05:00 to 01 03:00-05:00"));
}

TEST(ClockTest, MidnightThatDoesNotExist) {
  // São Paulo set its clocks forward at midnight.
  EXPECT_THAT(
      Openings(
          Office("America/Sao_Paulo", "hours { open: '00:00' close: '02:00' }"),
          "2018-11-03T12:00:00-03:00", "2018-11-04T12:00:00-02:00"),
      testing::ElementsAre("04 01:00-02:00 to 04 02:00-02:00"));
}

TEST(ClockTest, ADayThatDoesNotExist) {
  // Apia went from the 29th to the 31st of December.
  EXPECT_THAT(
      Openings(Office("Pacific/Apia", "hours { open: '08:00' close: '09:00' }"),
               "2011-12-29T00:00:00-10:00", "2011-12-31T23:00:00+14:00"),
      testing::ElementsAre("29 08:00-10:00 to 29 09:00-10:00",
                           "31 08:00+14:00 to 31 09:00+14:00"));
}

TEST(ClockTest, Instants) {
  for (const char* text :
       {"", "2026-01-07", "2026-01-07T12:00", "2026-01-07 12:00:00-04:00",
        "2026-01-07T12:00:00", "2026-01-07T12:00:00-04", "now",
        "2026-02-30T12:00:00-04:00", "2026-01-07T24:00:00-04:00",
        "2026-01-07T12:00:00.-04:00", "infinite-future",
        "2026-01-07T12:00:00-0400", "2026-01-07T12:00:00-04:00x",
        "2026-01-07T12:60:00-04:00"}) {
    EXPECT_EQ(ParseInstant("at", text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
  absl::TimeZone cuiaba;
  ASSERT_TRUE(absl::LoadTimeZone("America/Cuiaba", &cuiaba));
  for (const char* text : {"2026-01-07T12:00:00-04:00", "0001-01-02T00:00:00Z",
                           "9999-12-31T23:59:59Z", "2026-01-07t12:00:00.25z"}) {
    const absl::StatusOr<absl::Time> time = ParseInstant("at", text);
    ASSERT_TRUE(time.ok()) << time.status();
    EXPECT_EQ(ParseInstant("at", FormatInstant(*time, cuiaba)).value(), *time);
  }
  EXPECT_EQ(FormatInstant(Instant("2026-01-07T16:00:00Z"), cuiaba),
            "2026-01-07T12:00:00-04:00");
}

// Written and read as Abseil does, over years, zones and fractions.
TEST(ClockTest, InstantsAreThoseOfAbseil) {
  constexpr char kFormat[] = "%E4Y-%m-%dT%H:%M:%E*S%Ez";
  for (const char* name :
       {"America/Cuiaba", "UTC", "Asia/Kathmandu", "Pacific/Apia"}) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    for (int64_t second = -62'000'000'000; second < 270'000'000'000;
         second += 123'456'789) {
      absl::Time t = absl::FromUnixSeconds(second);
      if (second % 5 == 0) t += absl::Milliseconds(250);
      const bool whole = zone.At(t).offset % 60 == 0;
      const std::string text = FormatInstant(t, zone);
      EXPECT_EQ(text, absl::FormatTime(kFormat, t,
                                       whole ? zone : absl::UTCTimeZone()));
      if (text.find('-', 1) != 4) continue;  // years of five digits
      EXPECT_EQ(ParseInstant("at", text).value(), t) << text;
    }
  }
  for (const char* text :
       {"2024-02-29T23:59:59+14:00", "2025-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-12-31T23:59:60Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z",
        "2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00-23:59",
        "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+25:00"}) {
    absl::Time expected;
    std::string error;
    const std::string read = absl::StrReplaceAll(text, {{"Z", "+00:00"}});
    const bool exists = absl::ParseTime(kFormat, read, &expected, &error);
    const absl::StatusOr<absl::Time> time = ParseInstant("at", text);
    EXPECT_EQ(time.ok(), exists) << text;
    if (time.ok()) {
      EXPECT_EQ(*time, expected) << text;
    }
  }
}

}  // namespace
}  // namespace guiche
