// What Compile() refuses, and how it says so; and what it leaves to the author.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/schedule/policies.h"

namespace guiche {
namespace {

struct ProblemCase {
  std::string name;
  std::string text;  // added to kGround
  std::string path;
  std::string problem;
};
void PrintTo(const ProblemCase& c, std::ostream* os) { *os << c.name; }

class ProblemTest : public testing::TestWithParam<ProblemCase> {};

TEST_P(ProblemTest, IsBlamed) {
  // In the texts, RULE(id) stands for the start of a sound rule.
  std::string text = GetParam().text;
  for (const char* id : {"x", "y"}) {
    text = absl::StrReplaceAll(
        text, {{absl::StrCat("RULE(", id, ")"),
                absl::StrCat("id: '", id,
                             "' layer: ONE_OFF kind: SUSPENSAO "
                             "act: 'res' ")}});
  }
  EXPECT_THAT(Schedule::Compile(PolicyOf(kGround, text)),
              Blames(GetParam().path, GetParam().problem));
}

INSTANTIATE_TEST_SUITE_P(
    Policies, ProblemTest,
    testing::ValuesIn(std::vector<ProblemCase>{
        {"NoSuchDate",
         "calendar { RULE(x) effect: CLOSE "
         "days { dates { date: '2026-02-30' } } }",
         "calendar[x].days.dates.date[0]",
         "\"2026-02-30\" is no date; write one such as \"2026-01-07\""},
        {"NoSuchDayOfTheYear",
         "calendar { RULE(x) effect: CLOSE days { month_day: '13-05' } }",
         "calendar[x].days.month_day", "\"13-05\" is no day of the year"},
        {"FebruaryThirtieth",
         "calendar { RULE(x) effect: CLOSE days { month_day: '02-30' } }",
         "calendar[x].days.month_day", "is no day of the year"},
        {"SixthMonday",
         "calendar { RULE(x) effect: CLOSE "
         "days { nth_weekday { month: 5 weekday: MONDAY nth: 6 } } }",
         "calendar[x].days.nth_weekday.nth", "6 is out of range; write 1 to 5"},
        {"MonthOfNoYear",
         "calendar { RULE(x) effect: CLOSE "
         "days { nth_weekday { month: 2147483647 weekday: MONDAY nth: 1 } } }",
         "calendar[x].days.nth_weekday.month", "is no month; write 1 to 12"},
        {"NoWeekday",
         "calendar { RULE(x) effect: CLOSE "
         "days { nth_weekday { month: 5 nth: 1 } } }",
         "calendar[x].days.nth_weekday.weekday",
         "0 is no weekday; write MONDAY to SUNDAY"},
        {"NoDays", "calendar { RULE(x) effect: CLOSE days { } }",
         "calendar[x].days", "names no days"},
        {"RangeBackwards",
         "calendar { RULE(x) effect: CLOSE days { range { "
         "from: '2026-02-01' until: '2026-01-01' } } }",
         "calendar[x].days.range.until", "is not after from \"2026-02-01\""},
        {"ShiftTwice",
         "calendar { RULE(x) effect: CLOSE days { month_day: '05-13' "
         "shifts { year: 2026 } shifts { year: 2026 } } }",
         "calendar[x].days.shifts[1].year", "2026 is there twice"},
        {"YearsBackwards",
         "calendar { RULE(x) effect: CLOSE days { month_day: '05-13' "
         "first_year: 2026 last_year: 2025 } }",
         "calendar[x].days.last_year", "2025 is before first_year 2026"},
        {"EveryOtherWeekFromWhen",
         "calendar { RULE(x) effect: CLOSE days { weeks { every: 2 } } }",
         "calendar[x].days.weeks.from", "write a date in the first week"},
        {"Week54",
         "calendar { RULE(x) effect: CLOSE days { weeks { iso_weeks: 54 } } }",
         "calendar[x].days.weeks.iso_weeks[0]", "write 1 to 53"},
        {"CloseBeforeOpen",
         "calendar { RULE(x) effect: REPLACE days { month_day: '05-13' } "
         "hours { open: '22:00' close: '02:00' } }",
         "calendar[x].hours[0].close",
         "\"02:00\" is not after open \"22:00\"; for the next day write "
         "\"26:00\""},
        {"Overlap",
         "calendar { RULE(x) effect: REPLACE days { month_day: '05-13' } "
         "hours { open: '12:00' close: '18:00' } "
         "hours { open: '08:00' close: '12:01' } }",
         "calendar[x].hours", "\"12:00\" to \"18:00\" overlaps \"08:00\""},
        {"NoTime",
         "calendar { RULE(x) effect: REPLACE days { month_day: '05-13' } "
         "hours { open: '8h' close: '48:01' } }",
         "calendar[x].hours[0].close", "\"48:01\" is no time"},
        {"ReplaceByNothing",
         "calendar { RULE(x) effect: REPLACE days { month_day: '05-13' } }",
         "calendar[x].hours", "is empty; write open and close, or CLOSE"},
        {"CloseWithHours",
         "calendar { RULE(x) effect: CLOSE days { month_day: '05-13' } "
         "hours { open: '08:00' close: '12:00' } }",
         "calendar[x].hours", "to close for these hours write SUBTRACT"},
        {"ReplaceInSpan",
         "calendar { RULE(x) effect: REPLACE "
         "span { from: '2026-05-13T08:00' } "
         "hours { open: '08:00' close: '12:00' } }",
         "calendar[x].span", "goes with CLOSE, OPEN_EXTRA or DOUBT"},
        {"SpanBackwards",
         "calendar { RULE(x) effect: CLOSE "
         "span { from: '2026-05-13T08:00' until: '2026-05-13T08:00' } }",
         "calendar[x].span.until", "is not after from \"2026-05-13T08:00\""},
        {"SpanOfDates",
         "calendar { RULE(x) effect: CLOSE span { from: '2026-05-13' } }",
         "calendar[x].span.from", "\"2026-05-13\" is no date and time"},
        {"NoTimeGiven", "calendar { RULE(x) effect: CLOSE }", "calendar[x]",
         "says not when; write days or a span"},
        {"NoAct",
         "calendar { id: 'x' layer: ONE_OFF kind: SUSPENSAO effect: CLOSE "
         "days { month_day: '05-13' } }",
         "calendar[x].act", "is empty; name the act"},
        {"UnknownAct",
         "calendar { id: 'x' layer: ONE_OFF kind: SUSPENSAO effect: CLOSE "
         "act: 'lei' days { month_day: '05-13' } }",
         "calendar[x].act", "\"lei\" is no act's id"},
        {"WeeklyLayer",
         "calendar { id: 'x' layer: WEEKLY kind: SUSPENSAO effect: CLOSE "
         "act: 'res' days { month_day: '05-13' } }",
         "calendar[x].layer", "none of PARTIAL_DAY"},
        {"UnknownPlace",
         "calendar { RULE(x) effect: CLOSE places: 'oeste' "
         "days { month_day: '05-13' } }",
         "calendar[x].places[0]", "\"oeste\" is no place's id"},
        {"UnknownService",
         "calendar { RULE(x) effect: CLOSE services: 'fax' "
         "days { month_day: '05-13' } }",
         "calendar[x].services[0]", "\"fax\" is no service; write one of"},
        {"UngovernedService",
         "calendar { RULE(x) effect: CLOSE services: 'presencial' "
         "days { month_day: '05-13' } }",
         "calendar[x].services[0]", "has no hours in this policy to overrule"},
        {"SameIdTwice",
         "calendar { RULE(x) effect: CLOSE days { month_day: '05-13' } } "
         "calendar { RULE(x) effect: CLOSE days { month_day: '05-14' } }",
         "calendar[x]", "is there twice"},
        {"CorrectsNothing",
         "calendar { RULE(x) effect: CLOSE days { month_day: '05-13' } "
         "corrects: 'z' }",
         "calendar[x].corrects[0]", "\"z\" is no calendar rule's id"},
        {"ContradictingOneOffs",
         "calendar { RULE(x) effect: CLOSE places: 'norte' "
         "days { dates { date: '2026-05-13' } } } "
         "calendar { RULE(y) effect: REPLACE places: 'norte' places: 'sul' "
         "days { month_day: '05-13' } "
         "hours { open: '08:00' close: '12:00' } }",
         "calendar[x]", "contradicts calendar[y] on 2026-05-13 in \"norte\""},
        {"ContradictingSpans",
         "calendar { RULE(x) effect: CLOSE span { from: '2026-05-13T08:00' } } "
         "calendar { RULE(y) effect: OPEN_EXTRA "
         "span { from: '2026-05-20T08:00' until: '2026-05-20T09:00' } }",
         "calendar[x]", "contradicts calendar[y] on 2026-05-20:"},
        {"ExtraHoursOfTwoModes",
         "calendar { RULE(x) effect: OPEN_EXTRA days { month_day: '05-13' } "
         "hours { open: '08:00' close: '12:00' } } "
         "calendar { RULE(y) effect: OPEN_EXTRA days { month_day: '05-13' } "
         "hours { open: '11:00' close: '13:00' mode: BY_APPOINTMENT } }",
         "calendar[x]", "contradicts calendar[y]"},
        {"WeeklyTwice",
         "services { id: 's' act: 'res' "
         "weekly { id: 'a' weekdays: [MONDAY, FRIDAY] "
         "hours { open: '08:00' close: '12:00' } } "
         "weekly { id: 'b' weekdays: FRIDAY "
         "hours { open: '12:00' close: '18:00' } } }",
         "services[s].weekly[a]", "contradicts services[s].weekly[b]"},
        {"Circle",
         "services { id: 's' act: 'res' same_as: 't' } "
         "services { id: 't' act: 'res' complement_of: 's' }",
         "services[s]", "follows services[t], which follows it in a circle"},
        {"OwnHoursAndFollowed",
         "services { id: 's' act: 'res' same_as: 'online' "
         "weekly { id: 'a' weekdays: MONDAY } }",
         "services[s].weekly", "stands beside same_as or complement_of"},
        {"DefaultService", "default_service: 'fax'", "default_service",
         "\"fax\" is no service"},
        {"UnknownZone",
         "places { id: 'x' name: 'X' kind: COMARCA parent: 'mt' "
         "time_zone: 'Mars/Olympus' }",
         "places[x].time_zone", "\"Mars/Olympus\" is no IANA zone"},
        {"FileAsZone",
         "places { id: 'x' name: 'X' kind: COMARCA parent: 'mt' "
         "time_zone: '/usr/share/zoneinfo/UTC' }",
         "places[x].time_zone", "is no IANA zone"},
        {"YearTwice", "calendar_years { year: 2026 }", "calendar_years[2026]",
         "is there twice"},
        {"ActBackwards",
         "acts { id: 'z' in_force_from: '2026-01-01' "
         "in_force_until: '2025-01-01' }",
         "acts[z].in_force_until", "is not after in_force_from"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(CompileTest, SaysAllProblemsAtOnce) {
  const absl::StatusOr<Schedule> schedule =
      Schedule::Compile(PolicyOf(kGround, R"pb(
        calendar { id: "x" layer: ONE_OFF kind: SUSPENSAO effect: CLOSE }
        calendar {
          id: "y"
          layer: ONE_OFF
          effect: REPLACE
          days { month_day: "1" }
          act: "res"
        }
      )pb"));
  EXPECT_THAT(schedule, Blames("calendar[x].act", "is empty"));
  EXPECT_THAT(schedule, Blames("calendar[x]", "says not when"));
  EXPECT_THAT(schedule, Blames("calendar[y].kind", "is missing"));
  EXPECT_THAT(schedule, Blames("calendar[y].hours", "is empty"));
  EXPECT_THAT(schedule,
              Blames("calendar[y].days.month_day", "\"1\" is no day"));
}

TEST(CompileTest, DatesOfThePolicy) {
  v1::Policy policy = PolicyOf(kGround);
  policy.set_covers_until("2022-09-12");
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("covers_until", "is not after covers_from"));
  policy.set_covers_until("9999-01-01");
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("covers_until", "is more than 130 years after"));
  policy.clear_covers_until();
  EXPECT_THAT(Schedule::Compile(policy), Blames("covers_until", "is empty"));
  policy.set_covers_until("2152-09-12");
  EXPECT_TRUE(Schedule::Compile(policy).ok());
  for (const char* from : {"0001-01-01", "9869-01-01"}) {
    policy.set_covers_from(from);
    policy.set_covers_until(from[0] == '0' ? "0131-01-01" : "9999-01-01");
    const Schedule schedule = Compiled(policy);
    EXPECT_EQ(
        schedule.At(*schedule.Find("online", ""), absl::UnixEpoch()).state,
        State::kUncovered);
  }
}

TEST(CompileTest, LimitsAreQuotedByTheirNumber) {
  v1::Policy policy = PolicyOf(kGround);
  for (int i = 0; i < 20'001; ++i) policy.add_calendar();
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("calendar", "20001 rules; at most 20000"));
  policy = PolicyOf(kGround);
  for (int i = 0; i < 70; ++i) policy.add_services();
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("services", "74 services; at most 64"));
  policy = PolicyOf(kGround);
  v1::CalendarRule& rule = *policy.add_calendar();
  for (int i = 0; i < 25; ++i) rule.add_hours();
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("calendar[].hours", "25 openings a day; at most 24"));
  // A day of so many hours that composing it would take long.
  policy = PolicyOf(kGround);
  for (int i = 0; i < 500; ++i) {
    v1::CalendarRule& hourly = *policy.add_calendar();
    hourly.set_id(absl::StrCat("r", i));
    hourly.set_layer(v1::ONE_OFF);
    hourly.set_effect(v1::CalendarRule::SUBTRACT);
    hourly.set_kind(v1::SUSPENSAO);
    hourly.set_act("res");
    hourly.mutable_days()->set_month_day("05-13");
    for (int hour = 0; hour < 24; ++hour) {
      v1::Hours& hours = *hourly.add_hours();
      hours.set_open(absl::StrCat(hour < 10 ? "0" : "", hour, ":00"));
      hours.set_close(absl::StrCat(hour < 10 ? "0" : "", hour, ":30"));
    }
  }
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("covers_until", "takes more than 100000000 steps"));
  // Every rule on every day of 130 years.
  policy = PolicyOf(kGround);
  policy.set_covers_until("2152-01-01");
  for (int i = 0; i < 100; ++i) {
    v1::CalendarRule& every_day = *policy.add_calendar();
    every_day.set_id(absl::StrCat("r", i));
    every_day.set_layer(v1::ONE_OFF);
    every_day.set_effect(v1::CalendarRule::CLOSE);
    every_day.set_kind(v1::SUSPENSAO);
    every_day.set_act("res");
    every_day.mutable_days()->mutable_weeks();
  }
  EXPECT_THAT(Schedule::Compile(policy),
              Blames("calendar", "fall on more than 4000000 days in all"));
}

// What two calendars may well say together compiles, and does not depend on the
// order in which they say it.
TEST(CompileTest, ClosingsOfOneDayAgree) {
  const std::string municipal = R"pb(
    calendar {
      id: "a"
      layer: HOLIDAY
      effect: CLOSE
      kind: FERIADO_MUNICIPAL
      days { month_day: "12-08" }
      act: "res"
    })pb";
  const std::string national = R"pb(
    calendar {
      id: "b"
      layer: HOLIDAY
      effect: CLOSE
      kind: FERIADO_NACIONAL
      days { month_day: "12-08" }
      act: "res"
    })pb";
  const std::string doubtful = R"pb(
    calendar {
      id: "c"
      layer: HOLIDAY
      effect: CLOSE
      kind: FERIADO_NACIONAL
      days { month_day: "12-08" }
      act: "res"
      certainty: UNCONFIRMED
    })pb";
  for (const std::string& text :
       {municipal + national + doubtful, doubtful + national + municipal}) {
    const Schedule schedule = Compiled(PolicyOf(kGround, text));
    const Verdict verdict = schedule.At(*schedule.Find("online", ""),
                                        Instant("2026-12-08T13:00:00-04:00"));
    EXPECT_EQ(verdict.rule, "calendar[b]");
    EXPECT_EQ(verdict.certainty, v1::CONFIRMED);
  }
}

TEST(CompileTest, APolicyOfRoutesAloneHasNoWindows) {
  const Schedule schedule = Compiled(PolicyOf("time_zone: 'America/Cuiaba'"));
  EXPECT_EQ(schedule.Find("", "").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace guiche
