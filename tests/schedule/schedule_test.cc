// What a schedule answers, in named cases.

#include "schedule/schedule.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/schedule/policies.h"

namespace guiche {
namespace {

// A calendar with a rule of every layer and effect.
constexpr char kCalendar[] = R"pb(
  calendar {
    id: "cinzas"
    layer: PARTIAL_DAY
    effect: REPLACE
    kind: EXPEDIENTE_PARCIAL
    label: "Quarta-feira de Cinzas"
    days { easter_offset: -46 }
    hours { open: "13:00" close: "18:00" }
    act: "res"
  }
  calendar {
    id: "corpus"
    layer: HOLIDAY
    effect: CLOSE
    kind: PONTO_FACULTATIVO
    label: "Corpus Christi"
    days { easter_offset: 60 }
    act: "res"
  }
  calendar {
    id: "natal"
    layer: HOLIDAY
    effect: CLOSE
    kind: FERIADO_NACIONAL
    label: "Natal"
    days { month_day: "12-25" }
    act: "res"
  }
  calendar {
    id: "sinop_aniversario"
    layer: HOLIDAY
    effect: CLOSE
    kind: FERIADO_MUNICIPAL
    label: "Aniversário de Sinop"
    places: "sinop"
    days {
      month_day: "09-14"
      shifts { year: 2026 date: "2026-09-11" }
      shifts { year: 2025 }
    }
    act: "res"
    certainty: UNCONFIRMED
  }
  calendar {
    id: "recesso"
    layer: RECESS
    effect: CLOSE
    kind: RECESSO
    label: "recesso forense"
    span { from: "2025-12-19T18:00" until: "2026-01-07T12:00" }
    act: "res"
  }
  calendar {
    id: "jogo"
    layer: ONE_OFF
    effect: REPLACE
    kind: EXPEDIENTE_PARCIAL
    label: "jogo do Brasil"
    days { dates { date: "2022-11-24" } }
    hours { open: "07:30" close: "13:30" }
    act: "res"
  }
  calendar {
    id: "mutirao"
    layer: ONE_OFF
    effect: OPEN_EXTRA
    kind: EXPEDIENTE_PARCIAL
    label: "mutirão"
    places: "norte"
    days { dates { date: "2026-05-16" } }
    hours { open: "08:00" close: "12:00" mode: BY_APPOINTMENT }
    act: "res"
  }
  calendar {
    id: "queda"
    layer: ONE_OFF
    effect: SUBTRACT
    kind: SUSPENSAO
    label: "falta de energia"
    places: "predio"
    days { dates { date: "2026-05-18" } }
    hours { open: "14:00" close: "14:30" }
    act: "res"
  }
  calendar {
    id: "emergencia"
    layer: EMERGENCY
    effect: CLOSE
    kind: EMERGENCIA
    label: "enchente"
    places: "sul"
    span { from: "2027-03-01T00:00" }
    act: "res"
  }
  calendar {
    id: "relogio"
    layer: PARTIAL_DAY
    effect: DOUBT
    kind: EXPEDIENTE_PARCIAL
    label: "relógio incerto"
    places: "leste"
    days { weeks { weekdays: [ MONDAY, TUESDAY, WEDNESDAY ] } }
    hours { open: "11:00" close: "12:00" }
    hours { open: "17:00" close: "18:00" }
    act: "res"
    certainty: UNCONFIRMED
  }
)pb";

struct AtCase {
  std::string name;
  std::string service;
  std::string place;
  std::string at;
  State state;
  std::string rule;
  std::string since;
  std::string until;
  v1::Certainty certainty = v1::CONFIRMED;
  v1::Mode mode = v1::MODE_UNSPECIFIED;  // unspecified: not compared
};
void PrintTo(const AtCase& c, std::ostream* os) { *os << c.name; }

class ScheduleAtTest : public testing::TestWithParam<AtCase> {};

std::string Text(const Moment& moment, absl::TimeZone zone) {
  if (moment.kind == Moment::kAt) return FormatInstant(moment.at(), zone);
  return moment.kind == Moment::kNever ? "NEVER" : "BEYOND_HORIZON";
}

TEST_P(ScheduleAtTest, Answers) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  const AtCase& c = GetParam();
  const absl::StatusOr<Window> window = schedule.Find(c.service, c.place);
  ASSERT_TRUE(window.ok()) << window.status();
  const Verdict verdict = schedule.At(*window, Instant(c.at));
  EXPECT_EQ(verdict.state, c.state) << verdict;
  EXPECT_EQ(verdict.rule, c.rule) << verdict;
  EXPECT_EQ(verdict.certainty, c.certainty) << verdict;
  const absl::TimeZone zone = schedule.TimeZone(*window);
  EXPECT_EQ(Text(verdict.since, zone), c.since) << verdict;
  EXPECT_EQ(Text(verdict.until, zone), c.until) << verdict;
  EXPECT_EQ(schedule.StateAt(*window, Instant(c.at)), c.state);
  if (c.mode != v1::MODE_UNSPECIFIED) {
    EXPECT_EQ(verdict.mode, c.mode);
  }
}

constexpr char kWeekly[] = "services[online].weekly[regular]";

INSTANTIATE_TEST_SUITE_P(
    Office, ScheduleAtTest,
    testing::ValuesIn(std::vector<AtCase>{
        {"OpeningMinute", "", "", "2026-03-05T12:00:00-04:00", State::kOpen,
         kWeekly, "2026-03-05T12:00:00-04:00", "2026-03-05T18:00:00-04:00",
         v1::CONFIRMED, v1::REGULAR},
        {"LastSecond", "", "", "2026-03-05T17:59:59.9-04:00", State::kOpen,
         kWeekly, "2026-03-05T12:00:00-04:00", "2026-03-05T18:00:00-04:00"},
        {"ClosingMinute", "", "", "2026-03-05T18:00:00-04:00", State::kClosed,
         kWeekly, "2026-03-05T18:00:00-04:00", "2026-03-06T12:00:00-04:00",
         v1::CONFIRMED, v1::PLANTAO},
        {"Weekend", "", "", "2026-03-07T12:00:00-04:00", State::kClosed,
         kWeekly, "2026-03-06T18:00:00-04:00", "2026-03-09T12:00:00-04:00"},
        {"AshWednesdayBefore", "", "", "2024-02-14T12:59:00-04:00",
         State::kClosed, "calendar[cinzas]", "2024-02-14T00:00:00-04:00",
         "2024-02-14T13:00:00-04:00"},
        {"AshWednesdayOpens", "", "", "2024-02-14T13:00:00-04:00", State::kOpen,
         "calendar[cinzas]", "2024-02-14T13:00:00-04:00",
         "2024-02-14T18:00:00-04:00"},
        {"CorpusChristi", "", "sinop", "2026-06-04T13:00:00-04:00",
         State::kClosed, "calendar[corpus]", "2026-06-04T00:00:00-04:00",
         "2026-06-05T00:00:00-04:00"},
        {"RecessBefore", "", "", "2025-12-19T17:59:59-04:00", State::kOpen,
         kWeekly, "2025-12-19T12:00:00-04:00", "2025-12-19T18:00:00-04:00"},
        {"RecessBegins", "", "", "2025-12-19T18:00:00-04:00", State::kClosed,
         "calendar[recesso]", "2025-12-19T18:00:00-04:00",
         "2026-01-07T12:00:00-04:00"},
        {"RecessOverChristmas", "", "", "2025-12-25T12:00:00-04:00",
         State::kClosed, "calendar[recesso]", "2025-12-19T18:00:00-04:00",
         "2026-01-07T12:00:00-04:00"},
        {"RecessEnds", "", "", "2026-01-07T12:00:00-04:00", State::kOpen,
         kWeekly, "2026-01-07T12:00:00-04:00", "2026-01-07T18:00:00-04:00"},
        {"ReplacedHours", "", "", "2022-11-24T07:30:00-04:00", State::kOpen,
         "calendar[jogo]", "2022-11-24T07:30:00-04:00",
         "2022-11-24T13:30:00-04:00"},
        {"ReplacedHoursClose", "", "", "2022-11-24T14:00:00-04:00",
         State::kClosed, "calendar[jogo]", "2022-11-24T13:30:00-04:00",
         "2022-11-25T00:00:00-04:00"},
        {"ExtraSaturday", "", "predio", "2026-05-16T08:00:00-04:00",
         State::kOpen, "calendar[mutirao]", "2026-05-16T08:00:00-04:00",
         "2026-05-16T12:00:00-04:00", v1::CONFIRMED, v1::BY_APPOINTMENT},
        {"ExtraNotElsewhere", "", "sul", "2026-05-16T08:00:00-04:00",
         State::kClosed, kWeekly, "2026-05-15T18:00:00-04:00",
         "2026-05-18T12:00:00-04:00"},
        {"HalfAnHourLess", "", "predio", "2026-05-18T14:29:59-04:00",
         State::kClosed, "calendar[queda]", "2026-05-18T14:00:00-04:00",
         "2026-05-18T14:30:00-04:00"},
        {"HalfAnHourLessNotOutside", "", "sinop", "2026-05-18T14:29:59-04:00",
         State::kOpen, kWeekly, "2026-05-18T12:00:00-04:00",
         "2026-05-18T18:00:00-04:00"},
        {"MunicipalHoliday", "", "sinop", "2023-09-14T13:00:00-04:00",
         State::kClosed, "calendar[sinop_aniversario]",
         "2023-09-14T00:00:00-04:00", "2023-09-15T00:00:00-04:00",
         v1::UNCONFIRMED},
        {"ShiftedHoliday", "", "sinop", "2026-09-11T13:00:00-04:00",
         State::kClosed, "calendar[sinop_aniversario]",
         "2026-09-11T00:00:00-04:00", "2026-09-12T00:00:00-04:00",
         v1::UNCONFIRMED},
        {"ShiftedAway", "", "sinop", "2026-09-14T13:00:00-04:00", State::kOpen,
         kWeekly, "2026-09-14T12:00:00-04:00", "2026-09-14T18:00:00-04:00"},
        {"NotObserved", "", "sinop", "2025-09-15T13:00:00-04:00", State::kOpen,
         kWeekly, "2025-09-15T12:00:00-04:00", "2025-09-15T18:00:00-04:00"},
        {"ProjectedHoliday", "", "", "2027-12-25T13:00:00-04:00",
         State::kClosed, "calendar[natal]", "2027-12-25T00:00:00-04:00",
         "2027-12-26T00:00:00-04:00", v1::PROJECTED},
        {"ProjectedOrdinaryDay", "", "", "2027-12-23T13:00:00-04:00",
         State::kOpen, kWeekly, "2027-12-23T12:00:00-04:00",
         "2027-12-23T18:00:00-04:00", v1::PROJECTED},
        {"OpenEndedEmergency", "", "sul", "2027-12-23T13:00:00-04:00",
         State::kClosed, "calendar[emergencia]", "2027-03-01T00:00:00-04:00",
         "BEYOND_HORIZON"},
        {"BeforeCoverage", "", "", "2022-09-11T23:59:59-04:00",
         State::kUncovered, "services[online]", "NEVER",
         "2022-09-12T00:00:00-04:00"},
        {"FirstInstant", "", "", "2022-09-12T00:00:00-04:00", State::kClosed,
         kWeekly, "2022-09-12T00:00:00-04:00", "2022-09-12T12:00:00-04:00"},
        {"PastHorizon", "", "", "2028-01-01T00:00:00-04:00", State::kUncovered,
         "covers_until", "2028-01-01T00:00:00-04:00", "BEYOND_HORIZON",
         v1::PROJECTED},
        {"YearOne", "", "", "0001-01-01T00:00:00Z", State::kUncovered,
         "services[online]", "NEVER", "2022-09-12T00:00:00-04:00"},
        {"Year9999", "", "", "9999-12-31T23:59:59Z", State::kUncovered,
         "covers_until", "2028-01-01T00:00:00-04:00", "BEYOND_HORIZON",
         v1::PROJECTED},
        {"OtherZone", "", "leste", "2026-03-05T12:00:00-03:00", State::kOpen,
         kWeekly, "2026-03-05T12:00:00-03:00", "2026-03-05T18:00:00-03:00"},
        {"DoubtfulHour", "", "leste", "2026-03-04T17:00:00-03:00", State::kOpen,
         kWeekly, "2026-03-04T17:00:00-03:00", "2026-03-04T18:00:00-03:00",
         v1::UNCONFIRMED},
        {"SureHour", "", "leste", "2026-03-04T12:00:00-03:00", State::kOpen,
         kWeekly, "2026-03-04T12:00:00-03:00", "2026-03-04T17:00:00-03:00"},
        {"PlantaoAtNight", "plantao", "", "2026-03-05T18:00:00-04:00",
         State::kOpen, kWeekly, "2026-03-05T18:00:00-04:00",
         "2026-03-06T12:00:00-04:00", v1::CONFIRMED, v1::PLANTAO},
        {"PlantaoInOfficeHours", "plantao", "", "2026-03-05T17:59:00-04:00",
         State::kClosed, kWeekly, "2026-03-05T12:00:00-04:00",
         "2026-03-05T18:00:00-04:00"},
        {"PlantaoOnHoliday", "plantao", "", "2026-06-04T13:00:00-04:00",
         State::kOpen, "calendar[corpus]", "2026-06-04T00:00:00-04:00",
         "2026-06-05T00:00:00-04:00", v1::CONFIRMED, v1::PLANTAO},
        {"SameAs", "telefone", "", "2026-06-04T13:00:00-04:00", State::kClosed,
         "calendar[corpus]", "2026-06-04T00:00:00-04:00",
         "2026-06-05T00:00:00-04:00"},
        {"NotGoverned", "presencial", "", "2026-06-04T13:00:00-04:00",
         State::kUncovered, "services[presencial]", "NEVER", "NEVER"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(ScheduleTest, NextOpenCloseAndChange) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  const Window window = *schedule.Find("online", "");
  const auto text = [&](const Moment& moment) {
    return Text(moment, schedule.TimeZone(window));
  };
  const Verdict eve = schedule.At(window, Instant("2026-06-03T19:00:00-04:00"));
  EXPECT_EQ(text(eve.until), "2026-06-04T00:00:00-04:00");
  EXPECT_EQ(text(eve.next_change), "2026-06-05T12:00:00-04:00");
  EXPECT_EQ(text(eve.next_open), "2026-06-05T12:00:00-04:00");
  EXPECT_EQ(text(eve.next_close), "2026-06-05T18:00:00-04:00");
  const Verdict open =
      schedule.At(window, Instant("2026-06-03T13:00:00-04:00"));
  EXPECT_EQ(text(open.next_close), "2026-06-03T18:00:00-04:00");
  EXPECT_EQ(text(open.next_open), "2026-06-05T12:00:00-04:00");
  const Verdict last =
      schedule.At(window, Instant("2027-12-31T18:00:00-04:00"));
  EXPECT_EQ(text(last.next_open), "BEYOND_HORIZON");
  EXPECT_EQ(text(last.next_close), "BEYOND_HORIZON");
  EXPECT_EQ(text(last.next_change), "BEYOND_HORIZON");
  // Closed until further notice: no rule says that it opens again.
  const Verdict closed = schedule.At(*schedule.Find("online", "sul"),
                                     Instant("2027-12-31T13:00:00-04:00"));
  EXPECT_EQ(text(closed.next_open), "NEVER");
  EXPECT_EQ(text(closed.next_close), "NEVER");
  EXPECT_EQ(text(closed.next_change), "NEVER");
  const Verdict nothing = schedule.At(*schedule.Find("presencial", ""),
                                      Instant("2027-12-31T13:00:00-04:00"));
  EXPECT_EQ(text(nothing.next_open), "NEVER");
  EXPECT_EQ(nothing.kind, v1::POLICY_SILENT);
  EXPECT_EQ(nothing.act, "res");
}

TEST(ScheduleTest, EveryInstantHasAnAnswer) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  const Window window = *schedule.Find("online", "");
  for (const absl::Time t :
       {absl::InfinitePast(), absl::FromUnixSeconds(INT64_MIN),
        absl::FromUnixNanos(INT64_MIN)}) {
    EXPECT_EQ(schedule.At(window, t).kind, v1::POLICY_SILENT);
  }
  for (const absl::Time t :
       {absl::InfiniteFuture(), absl::FromUnixSeconds(INT64_MAX),
        absl::FromUnixSeconds(INT64_MAX) - absl::Nanoseconds(1)}) {
    EXPECT_EQ(schedule.At(window, t).kind, v1::BEYOND_HORIZON);
  }
  const std::vector<int64_t> seconds = {INT64_MIN, INT64_MIN + 1, -1,
                                        0,         INT64_MAX - 1, INT64_MAX};
  std::vector<State> states(seconds.size());
  schedule.At(window, seconds, absl::MakeSpan(states));
  EXPECT_THAT(states, testing::Each(State::kUncovered));
}

TEST(ScheduleTest, EveryDayHasACalendar) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  const Window window = *schedule.Find("online", "");
  const absl::CivilDay first(-1'000'000'000, 1, 1), last(1'000'000'000, 1, 1);
  EXPECT_GT(schedule.Days(window, first, last).days_size(), 20);
  EXPECT_EQ(schedule.Days(window, last, last).days_size(), 0);
  EXPECT_EQ(schedule.Days(window, last, first).days_size(), 0);
  EXPECT_EQ(
      schedule.AddOpenTime(window, absl::InfiniteFuture(), absl::ZeroDuration())
          .unix_seconds,
      INT64_MAX);
}

TEST(ScheduleTest, IntervalsAndOpenTime) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  const Window window = *schedule.Find("online", "");
  const absl::Time from = Instant("2026-06-03T17:00:00-04:00");
  const absl::Time to = Instant("2026-06-05T12:30:00.5-04:00");
  EXPECT_THAT(
      schedule.Intervals(window, from, to),
      testing::ElementsAre(
          OpenInterval{from, Instant("2026-06-03T18:00:00-04:00"), v1::REGULAR},
          OpenInterval{Instant("2026-06-05T12:00:00-04:00"), to, v1::REGULAR}));
  EXPECT_EQ(schedule.OpenTime(window, from, to),
            absl::Minutes(90) + absl::Milliseconds(500));
  EXPECT_EQ(schedule.OpenTime(window, to, from), absl::ZeroDuration());
  EXPECT_EQ(schedule.AddOpenTime(window, from, absl::Hours(1)),
            Moment(Instant("2026-06-03T18:00:00-04:00")));
  EXPECT_EQ(schedule.AddOpenTime(window, from,
                                 absl::Minutes(90) + absl::Milliseconds(500)),
            Moment(to));
  EXPECT_EQ(schedule.AddOpenTime(window, from, absl::Hours(-1)), Moment(from));
  EXPECT_EQ(schedule.AddOpenTime(window, from, absl::InfiniteDuration()).kind,
            Moment::kBeyondHorizon);
  EXPECT_EQ(schedule
                .AddOpenTime(*schedule.Find("online", "sul"), from,
                             absl::Hours(24 * 365 * 10))
                .kind,
            Moment::kNever);
  EXPECT_EQ(
      schedule.OpenTime(window, absl::InfinitePast(), absl::InfiniteFuture()),
      schedule.OpenTime(window, Instant("2022-09-12T00:00:00-04:00"),
                        Instant("2028-01-01T00:00:00-04:00")));
  EXPECT_THAT(schedule.Intervals(*schedule.Find("presencial", ""),
                                 absl::InfinitePast(), absl::InfiniteFuture()),
              testing::IsEmpty());
}

TEST(ScheduleTest, Answer) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  v1::AvailabilityRequest request;
  request.set_place("SINOP");
  request.set_at("2026-06-04T14:00:00-03:00");
  request.set_trace(true);
  const absl::StatusOr<v1::Availability> answer = schedule.Answer(request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->state(), v1::Availability::CLOSED);
  EXPECT_EQ(answer->at(), "2026-06-04T13:00:00-04:00");
  EXPECT_EQ(answer->reason().label(), "Corpus Christi");
  EXPECT_EQ(answer->reason().act_title(), "Resolução 1");
  EXPECT_EQ(answer->place(), "sinop");
  EXPECT_EQ(answer->time_zone(), "America/Cuiaba");
  EXPECT_EQ(answer->next_open(), "2026-06-05T12:00:00-04:00");
  ASSERT_EQ(answer->shadowed_size(), 1);
  EXPECT_EQ(answer->shadowed(0).state(), v1::Availability::OPEN);
  EXPECT_EQ(answer->shadowed(0).reason().label(),
            "segunda a sexta, das 12h às 18h");
  ASSERT_EQ(answer->trace_size(), 6);
  EXPECT_EQ(answer->trace(0).layer(), v1::EMERGENCY);
  EXPECT_FALSE(answer->trace(0).has_reason());
  EXPECT_EQ(answer->trace(3).layer(), v1::HOLIDAY);
  EXPECT_TRUE(answer->trace(3).decided());
  EXPECT_EQ(answer->trace(5).layer(), v1::WEEKLY);
  EXPECT_EQ(answer->on_call().service(), "plantao");
  EXPECT_EQ(answer->on_call().contacts(0).url(), "https://example.org/plantao");

  request.set_at("2026-06-04T14:00:00");
  EXPECT_EQ(schedule.Answer(request).status().message(),
            "at: \"2026-06-04T14:00:00\" has no offset from UTC; write such as "
            "\"2026-01-07T12:00:00-04:00\"");
  request.set_at("2026-06-05T14:00:00-04:00");
  request.set_trace(false);
  const v1::Availability open = *schedule.Answer(request);
  EXPECT_FALSE(open.has_on_call());
  EXPECT_EQ(open.trace_size(), 0);
  request.set_service("onlin");
  EXPECT_EQ(schedule.Answer(request).status().message(),
            "service: \"onlin\" is not known; write one of online, plantao, "
            "telefone, presencial");
}

TEST(ScheduleTest, Days) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kCalendar));
  const v1::Calendar calendar =
      schedule.Days(*schedule.Find("online", "predio"),
                    absl::CivilDay(2026, 1, 6), absl::CivilDay(2026, 6, 30));
  std::vector<std::string> days;
  for (const v1::CalendarDay& day : calendar.days()) {
    days.push_back(day.date() + " " + day.reason().label());
    for (const v1::Hours& hours : day.hours()) {
      days.back() += " " + hours.open() + "-" + hours.close();
    }
  }
  EXPECT_THAT(days, testing::ElementsAre(
                        "2026-01-06 recesso forense",
                        "2026-01-07 recesso forense 12:00-18:00",
                        "2026-02-18 Quarta-feira de Cinzas 13:00-18:00",
                        "2026-05-16 mutirão 08:00-12:00",
                        "2026-05-18 falta de energia 12:00-14:00 14:30-18:00",
                        "2026-06-04 Corpus Christi"));
}

// What began, or was shifted, years before the policy's dates still holds.
TEST(ScheduleTest, RulesFromLongBefore) {
  const Schedule schedule = Compiled(PolicyOf(kGround, R"pb(
    calendar {
      id: "range"
      layer: ONE_OFF
      effect: CLOSE
      kind: SUSPENSAO
      days { range { from: "2000-01-01" until: "2025-03-11" } }
      act: "res"
    }
    calendar {
      id: "shift"
      layer: ONE_OFF
      effect: CLOSE
      kind: SUSPENSAO
      days {
        month_day: "05-13"
        last_year: 2015
        shifts { year: 2015 date: "2025-03-13" }
      }
      act: "res"
    })pb"));
  const Window window = *schedule.Find("online", "");
  std::vector<State> states;
  for (const char* at :
       {"2025-03-10T13:00:00-04:00", "2025-03-11T13:00:00-04:00",
        "2025-03-13T13:00:00-04:00", "2025-05-13T13:00:00-04:00"}) {
    states.push_back(schedule.StateAt(window, Instant(at)));
  }
  EXPECT_THAT(states, testing::ElementsAre(State::kClosed, State::kOpen,
                                           State::kClosed, State::kOpen));
}

TEST(ScheduleTest, KnownAt) {
  const v1::Policy policy = PolicyOf(kGround, R"pb(
    calendar {
      id: "jauru"
      layer: ONE_OFF
      effect: CLOSE
      kind: PONTO_FACULTATIVO
      days { dates { date: "2024-02-22" } }
      act: "early"
    }
    calendar {
      id: "jauru2"
      layer: ONE_OFF
      effect: CLOSE
      kind: PONTO_FACULTATIVO
      days { dates { date: "2024-02-23" } }
      act: "late"
      corrects: "jauru"
    }
  )pb");
  const auto states = [&](absl::string_view known_at) {
    const Schedule schedule = Compiled(policy, {Instant(known_at)});
    const Window window = *schedule.Find("online", "");
    return std::vector<State>{
        schedule.StateAt(window, Instant("2024-02-22T13:00:00-04:00")),
        schedule.StateAt(window, Instant("2024-02-23T13:00:00-04:00"))};
  };
  EXPECT_THAT(states("2024-02-26T23:59:59-04:00"),
              testing::ElementsAre(State::kOpen, State::kOpen));
  EXPECT_THAT(states("2024-02-27T00:00:00-04:00"),
              testing::ElementsAre(State::kClosed, State::kOpen));
  EXPECT_THAT(states("2024-03-15T00:00:00-04:00"),
              testing::ElementsAre(State::kOpen, State::kClosed));
}

}  // namespace
}  // namespace guiche
