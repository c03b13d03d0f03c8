#include "interchange/osm.h"

#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "interchange/hours_cache.h"
#include "interchange/osm_spec.h"

namespace guiche {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Verdict At(absl::string_view hours, absl::string_view zone,
           absl::string_view at) {
  const absl::StatusOr<Schedule> schedule = CompileHours(hours, zone);
  EXPECT_TRUE(schedule.ok()) << hours << ": " << schedule.status();
  const absl::StatusOr<absl::Time> t = ParseInstant("at", at);
  EXPECT_TRUE(t.ok()) << t.status();
  if (!schedule.ok() || !t.ok()) return {};
  static std::vector<Schedule>& kept = *new std::vector<Schedule>();
  kept.push_back(*schedule);  // the answer's texts live as long as it does
  return kept.back().At(*schedule->Find("", ""), *t);
}

// Hours, zone, instant and the state on which opening_hours.js 3.15.0 and
// opening-hours 2.1.4 agree, each alone; verify_osm.py asks them anew.
TEST(OsmTest, AnswersAsTwoOtherEnginesDo) {
  std::ifstream file("tests/interchange/osm_agreed.tsv");
  std::map<std::pair<std::string, std::string>, Schedule> compiled;
  std::string line;
  int asked = 0;
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    ASSERT_EQ(fields.size(), 4) << line;
    const auto key = std::make_pair(fields[0], fields[1]);
    auto found = compiled.find(key);
    if (found == compiled.end()) {
      const absl::StatusOr<Schedule> schedule =
          CompileHours(fields[0], fields[1]);
      ASSERT_TRUE(schedule.ok()) << line << "\n" << schedule.status();
      found = compiled.emplace(key, *schedule).first;
    }
    const absl::StatusOr<absl::Time> at = ParseInstant("at", fields[2]);
    ASSERT_TRUE(at.ok()) << at.status();
    EXPECT_EQ(found->second.At(*found->second.Find("", ""), *at).state,
              fields[3] == "open" ? State::kOpen : State::kClosed)
        << line;
    ++asked;
  }
  EXPECT_GT(asked, 1000);
}

TEST(OsmTest, ClosedForever) {
  const Verdict verdict =
      At("off", "America/Cuiaba", "2026-03-02T09:00:00-04:00");
  EXPECT_EQ(verdict.state, State::kClosed);
}

TEST(OsmTest, AppointmentIsAMode) {
  const Verdict verdict =
      At("Mo-Fr 08:00-12:00; Mo-Fr 14:00-16:00 \"by appointment\"",
         "America/Cuiaba", "2026-03-02T15:00:00-04:00");
  EXPECT_EQ(verdict.state, State::kOpen);
  EXPECT_EQ(verdict.mode, v1::BY_APPOINTMENT);
}

TEST(OsmTest, UnknownIsClosedAndUnconfirmed) {
  const Verdict verdict = At("Mo-Fr 08:00-12:00; Sa unknown", "America/Cuiaba",
                             "2026-03-07T09:00:00-04:00");
  EXPECT_EQ(verdict.state, State::kClosed);
  EXPECT_EQ(verdict.certainty, v1::UNCONFIRMED);
}

TEST(OsmTest, HolidaysOfBrazil) {
  const std::string hours = "Mo-Fr 08:00-12:00; PH off";
  const auto at = [&](absl::string_view zone, absl::string_view t) {
    const Verdict verdict = At(hours, zone, t);
    return std::make_pair(verdict.state, verdict.certainty);
  };
  using testing::Pair;
  // Tiradentes, Good Friday and, from 2024 on, Consciência Negra.
  for (const absl::string_view day :
       {"2026-04-21", "2026-04-03", "2024-11-20", "2025-12-25"}) {
    EXPECT_THAT(at("America/Cuiaba", absl::StrCat(day, "T10:00:00-04:00")),
                Pair(State::kClosed, v1::CONFIRMED))
        << day;
  }
  // Nobody knows of a city's holidays, nor of other countries'.
  EXPECT_THAT(at("America/Cuiaba", "2026-04-22T10:00:00-04:00"),
              Pair(State::kOpen, v1::UNCONFIRMED));
  EXPECT_THAT(at("America/Cuiaba", "2023-11-20T10:00:00-04:00"),
              Pair(State::kOpen, v1::UNCONFIRMED));
  EXPECT_THAT(at("America/New_York", "2026-04-21T10:00:00-04:00"),
              Pair(State::kOpen, v1::UNCONFIRMED));
}

TEST(OsmTest, MayLastLongerThanStated) {
  const std::string hours = "Mo 08:00-12:00+, Mo 13:00-14:00";
  EXPECT_EQ(At(hours, "UTC", "2026-03-02T11:59:00Z").state, State::kOpen);
  const Verdict verdict = At(hours, "UTC", "2026-03-02T12:30:00Z");
  EXPECT_EQ(verdict.state, State::kClosed);
  EXPECT_EQ(verdict.certainty, v1::UNCONFIRMED);
  EXPECT_EQ(At(hours, "UTC", "2026-03-02T13:30:00Z").state, State::kOpen);
}

TEST(OsmTest, OpensAtMost24TimesADay) {
  std::string hours = "Mo 00:00-00:10";
  const auto add = [&hours](int i) {
    absl::StrAppendFormat(&hours, ",%02d:%02d-%02d:%02d", i / 2, i % 2 * 30,
                          i / 2, i % 2 * 30 + 10);
  };
  for (int i = 1; i < 24; ++i) add(i);
  EXPECT_TRUE(CompileHours(hours, "UTC").ok());
  add(24);
  EXPECT_EQ(CompileHours(hours, "UTC").status().message(),
            "hours: open 25 times on one day; at most 24 are taken");
}

TEST(OsmTest, SaysWhenItChanges) {
  const Verdict verdict =
      At("Mo-Fr 22:00-02:00", "America/Cuiaba", "2026-03-02T23:00:00-04:00");
  EXPECT_EQ(FormatInstant(verdict.next_close.at(), absl::FixedTimeZone(-14400)),
            "2026-03-03T02:00:00-04:00");
}

TEST(OsmTest, ZoneMustBeKnown) {
  const absl::StatusOr<Schedule> schedule = CompileHours("24/7", "Mars/Base");
  EXPECT_THAT(std::string(schedule.status().message()), HasSubstr("Mars/Base"));
}

TEST(HoursCacheTest, AnswersAsIfCompiledAnew) {
  HoursCache cache(2);
  const auto state_at_nine = [&](absl::string_view hours,
                                 absl::string_view zone) {
    const absl::StatusOr<Schedule> schedule = cache.Compile(hours, zone);
    EXPECT_TRUE(schedule.ok()) << schedule.status();
    return schedule->StateAt(*schedule->Find("", ""),
                             absl::FromUnixSeconds(1'772'442'000));  // 09:00Z
  };
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(state_at_nine("08:00-10:00", "UTC"), State::kOpen);
    EXPECT_EQ(state_at_nine("08:00-10:00", "America/Cuiaba"), State::kClosed);
    EXPECT_EQ(state_at_nine("05:00-06:00", "America/Cuiaba"), State::kOpen);
    EXPECT_EQ(state_at_nine("05:00-06:00", "UTC"), State::kClosed);
    EXPECT_EQ(cache.size(), 2);
    EXPECT_FALSE(cache.Compile("Mon", "UTC").ok());
    EXPECT_EQ(cache.size(), 2);
  }
}

TEST(HoursCacheTest, LosesWhatIsLongestUnasked) {
  HoursCache cache(2);
  // Where its texts lie tells one schedule from another that is kept.
  const auto ask = [&](absl::string_view hours) {
    const Schedule schedule = *cache.Compile(hours, "UTC");
    return static_cast<const void*>(
        schedule.At(*schedule.Find("", ""), absl::UnixEpoch()).rule.data());
  };
  const Schedule kept = *cache.Compile("08:00-11:00", "UTC");
  const void* const first = ask("08:00-10:00");
  const void* const second = ask("08:00-11:00");
  EXPECT_NE(first, second);
  EXPECT_EQ(ask("08:00-10:00"), first);
  ask("08:00-12:00");  // in place of 08:00-11:00
  EXPECT_EQ(ask("08:00-10:00"), first);
  EXPECT_NE(ask("08:00-11:00"), second);
  EXPECT_EQ(cache.size(), 2);
}

TEST(HoursCacheTest, MayKeepNone) {
  HoursCache cache(0);
  EXPECT_TRUE(cache.Compile("24/7", "UTC").ok());
  EXPECT_EQ(cache.size(), 0);
}

TEST(HoursCacheTest, IsForManyThreads) {
  HoursCache cache(3);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache, thread] {
      for (int i = 0; i < 50; ++i) {
        const int hour = (i + thread) % 5;
        const auto schedule = cache.Compile(
            absl::StrFormat("%02d:00-%02d:00", hour, hour + 1), "UTC");
        ASSERT_TRUE(schedule.ok()) << schedule.status();
        EXPECT_EQ(schedule->StateAt(*schedule->Find("", ""),
                                    3'600 * hour + 946'684'800),
                  State::kOpen);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache.size(), 3);
}

TEST(OsmImportTest, WritesWeeklyHoursAsPeopleDo) {
  OsmOptions options;
  options.time_zone = "America/Cuiaba";
  const absl::StatusOr<OsmImport> import =
      ImportOsm("Mo-Fr 08:00-12:00,14:00-18:00; Sa 22:00-02:00", options);
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_THAT(import->losses, IsEmpty());
  EXPECT_EQ(import->policy.calendar_size(), 0);
  const v1::Service& service = import->policy.services(0);
  ASSERT_EQ(service.weekly_size(), 2);
  EXPECT_EQ(service.weekly(0).label(), "08:00-12:00, 14:00-18:00");
  EXPECT_THAT(service.weekly(0).weekdays(),
              ElementsAre(v1::MONDAY, v1::TUESDAY, v1::WEDNESDAY, v1::THURSDAY,
                          v1::FRIDAY));
  EXPECT_EQ(service.weekly(1).hours(0).close(), "26:00");
}

TEST(OsmImportTest, HolidaysAreTheOnesGiven) {
  OsmOptions options;
  options.time_zone = "America/Cuiaba";
  options.from = absl::CivilDay(2026, 1, 1);
  options.until = absl::CivilDay(2027, 1, 1);
  absl::StatusOr<OsmImport> import =
      ImportOsm("Mo-Fr 08:00-12:00; PH off", options);
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_THAT(import->losses,
              ElementsAre(HasSubstr("PH stands for Brazil's national")));

  options.public_holidays = {absl::CivilDay(2026, 12, 25),
                             absl::CivilDay(2026, 6, 4)};
  import = ImportOsm("Mo-Fr 08:00-12:00; PH off", options);
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_THAT(import->losses, IsEmpty());
  ASSERT_EQ(import->policy.calendar_size(), 1);
  EXPECT_EQ(import->policy.calendar(0).effect(), v1::CalendarRule::CLOSE);
  EXPECT_THAT(import->policy.calendar(0).days().dates().date(),
              ElementsAre("2026-06-04", "2026-12-25"));
}

TEST(OsmImportTest, SpanIsChecked) {
  OsmOptions options;
  options.time_zone = "America/Cuiaba";
  options.until = options.from;
  EXPECT_THAT(std::string(ImportOsm("24/7", options).status().message()),
              HasSubstr("until: \"2000-01-01\" is not after from"));
  options.until = absl::CivilDay(2130, 1, 2);
  EXPECT_THAT(std::string(ImportOsm("24/7", options).status().message()),
              HasSubstr("more than 130 years"));
}

// What the policy is made of dates for is what the hours say of each day.
TEST(OsmImportTest, EveryDayIsAsTheHoursSay) {
  const std::string hours =
      "Mo-Fr 22:00-03:00; Oct 15-Mar 15 Sa 10:00-12:00,20:00-26:00; "
      "week 10-20/3 We 08:00-09:00; Fr[-1] off; easter -2 days off; "
      "2026 Feb 10-20/2 12:00-13:00 || Su 15:00-16:00";
  const absl::StatusOr<osm::Spec> spec = osm::Spec::Parse(hours);
  ASSERT_TRUE(spec.ok()) << spec.status();
  const absl::StatusOr<Schedule> schedule = CompileHours(hours, "UTC");
  ASSERT_TRUE(schedule.ok()) << schedule.status();
  const Window window = *schedule->Find("", "");
  for (absl::CivilDay day(2000, 1, 1); day < absl::CivilDay(2050, 1, 1);
       ++day) {
    const absl::Time midnight = absl::FromCivil(day, absl::UTCTimeZone());
    std::vector<absl::Time> want, got;
    for (const osm::Stretch& stretch : spec->On(day, {})) {
      want.push_back(midnight + absl::Minutes(stretch.from));
      want.push_back(midnight + absl::Minutes(stretch.to));
    }
    for (const OpenInterval& interval :
         schedule->Intervals(window, midnight, midnight + absl::Hours(24))) {
      got.push_back(interval.open);
      got.push_back(interval.close);
    }
    ASSERT_EQ(got, want) << day;
  }
}

TEST(OsmImportTest, TellsWhatIsLost) {
  OsmOptions options;
  options.time_zone = "America/Cuiaba";
  const absl::StatusOr<OsmImport> import =
      ImportOsm("Mo 08:00+; Tu unknown; SH off", options);
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_THAT(import->losses, ElementsAre(HasSubstr("SH"), HasSubstr("unknown"),
                                          HasSubstr("open end")));
}

}  // namespace
}  // namespace guiche
