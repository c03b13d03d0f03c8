#include "interchange/osm_spec.h"

#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace guiche {
namespace osm {
namespace {

using ::testing::HasSubstr;

std::string TextOf(const std::vector<Stretch>& day) {
  std::string text;
  for (const Stretch& stretch : day) {
    constexpr const char* kStates[] = {"closed", "", " appointment",
                                       " unknown"};
    absl::StrAppendFormat(
        &text, "%s%02d:%02d-%02d:%02d%s%s", text.empty() ? "" : ", ",
        stretch.from / 60, stretch.from % 60, stretch.to / 60, stretch.to % 60,
        kStates[static_cast<int>(stretch.state)], stretch.sure ? "" : "?");
  }
  return text;
}

struct DayCase {
  std::string name, hours;
  absl::CivilDay day;
  std::string want;
};
void PrintTo(const DayCase& c, std::ostream* os) { *os << c.hours; }

class OsmDayTest : public testing::TestWithParam<DayCase> {};

TEST_P(OsmDayTest, SaysOfTheDay) {
  const Holidays holidays = {{absl::CivilDay(2026, 6, 4)},
                             {absl::CivilDay(2026, 7, 15)}};
  const absl::StatusOr<Spec> spec = Spec::Parse(GetParam().hours);
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(TextOf(spec->On(GetParam().day, holidays)), GetParam().want);
}

// 2026-03-02 is a Monday, 2026-04-05 Easter Sunday.
INSTANTIATE_TEST_SUITE_P(
    Osm, OsmDayTest,
    testing::ValuesIn<DayCase>({
        {"Plain", "Mo-Fr 08:00-12:00,14:00-18:00", absl::CivilDay(2026, 3, 2),
         "08:00-12:00, 14:00-18:00"},
        {"Spill", "Mo 22:00-02:00", absl::CivilDay(2026, 3, 3), "00:00-02:00"},
        {"SpillPast24", "Mo 22:00-26:00", absl::CivilDay(2026, 3, 3),
         "00:00-02:00"},
        {"LaterRuleWipesOutSpill", "Mo 22:00-02:00; Tu 08:00-12:00",
         absl::CivilDay(2026, 3, 3), "08:00-12:00"},
        {"AdditionalRuleKeepsSpill", "Mo 22:00-02:00, Tu 08:00-12:00",
         absl::CivilDay(2026, 3, 3), "00:00-02:00, 08:00-12:00"},
        {"ClosingRuleClosesItsHoursAlone", "Mo-Fr 08:00-18:00; 12:00-13:00 off",
         absl::CivilDay(2026, 3, 2), "08:00-12:00, 13:00-18:00"},
        {"ClosingRuleClosesSpill", "Mo 22:00-02:00; Tu off",
         absl::CivilDay(2026, 3, 3), ""},
        {"FallbackByTheMoment", "Mo 08:00-10:00 || 09:00-12:00",
         absl::CivilDay(2026, 3, 2), "08:00-12:00"},
        {"FallbackElsewhere", "Mo 08:00-10:00 || \"ask\"",
         absl::CivilDay(2026, 3, 3), "00:00-24:00 unknown"},
        {"OverTheYearsEnd", "Dec 20-Jan 06 13:00-17:00",
         absl::CivilDay(2027, 1, 6), "13:00-17:00"},
        {"OverTheYearsEndWithOneYear", "2026 Dec 20-Jan 06 13:00-17:00",
         absl::CivilDay(2027, 1, 6), "13:00-17:00"},
        {"OverThatYearsEndOnly", "2026 Dec 20-Jan 06 13:00-17:00",
         absl::CivilDay(2026, 1, 6), ""},
        {"EasterRangeIncludesItsEnd", "easter -2 days-easter 10:00-12:00",
         absl::CivilDay(2026, 4, 5), "10:00-12:00"},
        {"YearOfADayHoldsForItsList", "2026 Jan 05,Mar 02 10:00-12:00",
         absl::CivilDay(2027, 1, 5), ""},
        {"DaysOfOneMonth", "Dec 24,31 08:00-12:00",
         absl::CivilDay(2026, 12, 31), "08:00-12:00"},
        {"StepOfDays", "Mar 01-31/2 08:00-12:00", absl::CivilDay(2026, 3, 2),
         ""},
        {"FromADayOn", "2026 Mar 02+ 08:00-12:00", absl::CivilDay(2031, 1, 1),
         "08:00-12:00"},
        {"MonthBeforeTime", "Mar 08:00-12:00", absl::CivilDay(2026, 3, 2),
         "08:00-12:00"},
        {"NthWeekdayBeforeColon", "Mar Mo[1]: Mo 08:00-12:00",
         absl::CivilDay(2026, 3, 9), ""},
        {"DayBeforeColon", "Mar 02: 08:00-12:00", absl::CivilDay(2026, 3, 3),
         ""},
        {"FifthOfFour", "Mo[5] 08:00-12:00", absl::CivilDay(2026, 3, 2), ""},
        {"WeekdayMoved", "Mo[1] +2 days 08:00-12:00",
         absl::CivilDay(2026, 3, 4), "08:00-12:00"},
        {"Holiday", "Mo-Fr 08:00-12:00; PH off", absl::CivilDay(2026, 6, 4),
         ""},
        {"HolidayAmongWeekdays", "Sa,PH 08:00-12:00",
         absl::CivilDay(2026, 6, 4), "08:00-12:00"},
        {"HolidayOnAWeekday", "PH Mo-We 08:00-12:00",
         absl::CivilDay(2026, 6, 4), ""},
        {"DayAfterHoliday", "PH +1 day 08:00-12:00", absl::CivilDay(2026, 6, 5),
         "08:00-12:00"},
        {"SchoolHoliday", "SH 08:00-12:00", absl::CivilDay(2026, 7, 15),
         "08:00-12:00"},
        {"OpenEnd", "Mo 08:00+", absl::CivilDay(2026, 3, 2), "08:00-24:00?"},
        {"OpenEndUntilNextHours", "Mo 07:00+,12:00-16:00",
         absl::CivilDay(2026, 3, 2), "07:00-12:00?, 12:00-16:00"},
        {"OpenEndPastMidnight", "Mo 22:00-02:00+", absl::CivilDay(2026, 3, 3),
         "00:00-02:00, 02:00-24:00 unknown?"},
        {"Appointment", "Mo 08:00-12:00 \"by appointment\"",
         absl::CivilDay(2026, 3, 2), "08:00-12:00 appointment"},
        {"OtherComment", "Mo 08:00-12:00 \"ask\"", absl::CivilDay(2026, 3, 2),
         "08:00-12:00 unknown"},
        {"CommentOfOpenHours", "Mo 08:00-12:00 open \"room 2\"",
         absl::CivilDay(2026, 3, 2), "08:00-12:00"},
        {"DoubledHours", "Mo 10:00-10:00", absl::CivilDay(2026, 3, 3),
         "00:00-10:00"},
        {"LooseWriting", "mo\xE2\x80\x93 fr : 8:00 - 12:00 ;",
         absl::CivilDay(2026, 3, 2), "08:00-12:00"},
        {"MonthsByWeekday", "Feb,Mar Mo[1-2] 08:00-12:00",
         absl::CivilDay(2026, 3, 9), "08:00-12:00"},
        {"RangeOfMovableDays", "Mar Su[-1]-Oct Su[-1] 08:00-12:00",
         absl::CivilDay(2026, 10, 26), ""},
        {"LeapDayEndsItsMonth", "Feb 20-29 08:00-12:00",
         absl::CivilDay(2026, 2, 28), "08:00-12:00"},
        {"LeapDayAlone", "Feb 29 08:00-12:00", absl::CivilDay(2026, 3, 1), ""},
    }),
    [](const auto& info) { return info.param.name; });

struct ErrorCase {
  std::string name, hours, want;
};
void PrintTo(const ErrorCase& c, std::ostream* os) { *os << c.hours; }

class OsmErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(OsmErrorTest, QuotesWhatIsWrong) {
  const absl::Status status = Spec::Parse(GetParam().hours).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Osm, OsmErrorTest,
    testing::ValuesIn<ErrorCase>({
        {"Empty", " ; ", "hours: is empty; write opening hours"},
        {"Sun", "Mo-Fr (sunrise-01:00)-12:00",
         "\"sunrise\" at byte 7 depends on the sun"},
        {"SunAtTheEnd", "Mo 08:00-sunset",
         "\"sunset\" at byte 9 depends on the sun"},
        {"Moment", "Mo 10:00", "\"10\" at byte 3 is a single moment"},
        {"Moments", "Mo 08:00-18:00/00:30", "\"/\" at byte 14 makes a list"},
        {"HoursAlone", "Mo 8-12", "\"8\" at byte 3 is no time of day"},
        {"BeginsNextDay", "25:00-26:00", "begins hours past their own day"},
        {"PastNextDay", "22:00-49:00", "write 00:00 to 48:00"},
        {"Word", "Monday 10:00-12:00", "\"Monday\" at byte 0 is no word"},
        {"Sign", "Mo \xC3\xA7", "\"\xC3\xA7\" at byte 3 has no meaning"},
        {"NoSuchDay", "Feb 30 off", "\"30\" at byte 4 is no day of its month"},
        {"NoSuchWeek", "week 54", "\"54\" at byte 5 is no ISO week"},
        {"WeeksBackwards", "week 50-10", "write two ranges"},
        {"NoSuchWeekday", "Mo[6]", "\"6\" at byte 3 is no number of a weekday"},
        {"DatesAfterHours", "Mo 10:00-12:00 We", "begin a new rule with"},
        {"TwoStates", "Mo open off", "a second state"},
        {"Dangling", "Mo 08:00-12:00,", "the end comes where a rule"},
        {"DanglingFallback", "Mo || ; Tu", "\";\" at byte 6 comes where"},
        {"Comment", "Mo \"x", "begins a comment that does not end"},
        {"YearAtTheEndOnly", "Dec 20-2027 Jan 06", "write both"},
        {"Huge", "Mo 99999999999:00-12:00", "is too large a number"},
        {"NulByte", std::string("Mo\0", 3), "has no meaning"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(OsmSpecTest, RefusesLongValues) {
  EXPECT_THAT(
      std::string(Spec::Parse(std::string(16385, ' ')).status().message()),
      HasSubstr("has 16385 bytes; at most 16384 are read"));
}

TEST(OsmSpecTest, RefusesManyHours) {
  std::string hours = "00:00-00:01";
  for (int i = 0; i < 499; ++i) hours += ",00:00-00:01";
  EXPECT_TRUE(Spec::Parse(hours).ok());
  EXPECT_THAT(
      std::string(Spec::Parse(hours + ",00:00-00:01").status().message()),
      HasSubstr("one stretch of hours too many; at most 500 are read"));
}

}  // namespace
}  // namespace osm
}  // namespace guiche
