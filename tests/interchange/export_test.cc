#include "interchange/export.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "interchange/osm.h"

namespace guiche {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Schedule Office() {
  std::ifstream file("tests/interchange/office.textproto");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  v1::Policy policy;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &policy));
  absl::StatusOr<Schedule> schedule = Schedule::Compile(policy);
  EXPECT_TRUE(schedule.ok()) << schedule.status();
  return *schedule;
}

ExportOptions Year2026() {
  ExportOptions options;
  options.from = absl::CivilDay(2026, 1, 1);
  options.until = absl::CivilDay(2027, 1, 1);
  options.name = "Defensoria, on-line";
  options.id = "online@office";
  options.stamp = absl::UnixEpoch();
  return options;
}

Export Exported(const Schedule& schedule, absl::string_view service,
                ExportFormat format, const ExportOptions& options) {
  const absl::StatusOr<Export> written =
      ExportHours(schedule, *schedule.Find(service, ""), format, options);
  EXPECT_TRUE(written.ok()) << written.status();
  return written.ok() ? *written : Export();
}

TEST(ExportTest, OsmHasTheWeekAndTheDatesThatDiffer) {
  const Export written =
      Exported(Office(), "online", ExportFormat::kOsm, Year2026());
  EXPECT_THAT(written.losses, IsEmpty());
  EXPECT_EQ(written.text,
            "2026 Jan 01-2026 Dec 31 Mo-Fr 12:00-18:00; "
            "2026 Jan 01-2026 Jan 06,2026 Dec 21-2026 Dec 31 off \"Recesso "
            "forense\"; "
            "2026 Feb 18 13:00-18:00 open \"Quarta-feira de Cinzas\"; "
            "2026 Mar 10 12:00-14:00,16:00-18:00 open \"Queda de energia\"; "
            "2026 Jun 04 off \"Corpus Christi\"; "
            "2026 Jun 24 07:30-13:30 open \"Jogo do Brasil, 'às 15h'\"\n");
}

// What the importer reads from it is what was exported, also on nights when the
// clock changes and of both modes.
TEST(ExportTest, OsmReadBackHasTheSameHours) {
  const Schedule office = Office();
  for (const char* service : {"online", "noturno", "plantao"}) {
    ExportOptions options = Year2026();
    options.until = absl::CivilDay(2030, 1, 1);
    const Export written =
        Exported(office, service, ExportFormat::kOsm, options);
    const absl::StatusOr<Schedule> read =
        CompileHours(written.text, "America/New_York");
    ASSERT_TRUE(read.ok()) << read.status();
    const Window ours = *office.Find(service, "");
    const Window theirs = *read->Find("", "");
    const absl::Time end =
        absl::FromCivil(options.until, office.TimeZone(ours));
    int asked = 0;
    for (absl::Time t = absl::FromCivil(options.from, office.TimeZone(ours));
         t < end; t += absl::Minutes(30)) {
      ASSERT_EQ(read->At(theirs, t).state, office.At(ours, t).state)
          << service << " " << t << " " << written.text;
      ++asked;
    }
    EXPECT_GT(asked, 70000);
  }
}

TEST(ExportTest, OsmSaysAppointmentsAndPlantao) {
  EXPECT_THAT(
      Exported(Office(), "noturno", ExportFormat::kOsm, Year2026()).text,
      HasSubstr("We 09:00-12:00, 2026 Jan 01-2026 Dec 31 We 14:00-16:00 open "
                "\"by appointment\""));
  EXPECT_THAT(
      Exported(Office(), "plantao", ExportFormat::kOsm, Year2026()).text,
      HasSubstr("Sa,Su 00:00-24:00 open \"plantão\""));
}

TEST(ExportTest, CalendarHasOpeningsAndReasons) {
  const std::string text =
      Exported(Office(), "online", ExportFormat::kICalendar, Year2026()).text;
  EXPECT_THAT(text, HasSubstr("BEGIN:VEVENT\r\n"
                              "UID:open-20260107T170000Z-online@office\r\n"
                              "DTSTAMP:19700101T000000Z\r\n"
                              "DTSTART:20260107T170000Z\r\n"
                              "DTEND:20260107T230000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("DTSTART;VALUE=DATE:20260604\r\n"
                              "DTEND;VALUE=DATE:20260605\r\n"
                              "SUMMARY:Corpus Christi: fechado\r\n"
                              "DESCRIPTION:Resolução nº 1\\, de \"teste\"\\; "
                              "vírgula\\, acento\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("METHOD")));
  for (const absl::string_view line : absl::StrSplit(text, "\r\n")) {
    EXPECT_LE(line.size(), 75) << line;
    EXPECT_EQ(line.find('\n'), absl::string_view::npos) << line;
    // Never cut within a character.
    EXPECT_FALSE(!line.empty() && line[0] == ' ' && line.size() > 1 &&
                 (line[1] & 0xC0) == 0x80)
        << line;
  }
}

TEST(ExportTest, CalendarIsTheSameButForItsStamp) {
  const Schedule office = Office();
  ExportOptions options = Year2026();
  const std::string first =
      Exported(office, "online", ExportFormat::kICalendar, options).text;
  EXPECT_EQ(Exported(office, "online", ExportFormat::kICalendar, options).text,
            first);
  options.stamp += absl::Hours(1);
  EXPECT_NE(Exported(office, "online", ExportFormat::kICalendar, options).text,
            first);
}

TEST(ExportTest, SchemaOrgHasWeekAndSpecialDays) {
  const std::string text =
      Exported(Office(), "online", ExportFormat::kSchemaOrg, Year2026()).text;
  EXPECT_THAT(text, HasSubstr(R"("opens": "12:00", "closes": "18:00", )"
                              R"("validFrom": "2026-01-01")"));
  EXPECT_THAT(text, HasSubstr(R"("name": "Corpus Christi", "opens": "00:00", )"
                              R"("closes": "00:00", "validFrom": )"
                              R"("2026-06-04", "validThrough": "2026-06-04")"));
}

TEST(ExportTest, CsvHasARowForEachStretch) {
  const std::string text =
      Exported(Office(), "online", ExportFormat::kCsv, Year2026()).text;
  EXPECT_THAT(
      text,
      HasSubstr("\r\n2026-06-24T07:30:00-04:00,2026-06-24T13:30:00-04:00,OPEN,"
                "REGULAR,CONFIRMED,EXPEDIENTE_PARCIAL,calendar[jogo],"
                "\"Jogo do Brasil, \"\"às 15h\"\"\",act\r\n"));
}

TEST(ExportTest, LossesAreTold) {
  const Schedule office = Office();
  ExportOptions options = Year2026();
  options.from = absl::CivilDay(2022, 9, 1);
  options.until = absl::CivilDay(2028, 1, 1);
  EXPECT_THAT(
      Exported(office, "noturno", ExportFormat::kSql, options).losses,
      ElementsAre(HasSubstr("the policy is silent it reads as closed: 1 "
                            "stretch, from 2022-09-01T00:00:00-04:00"),
                  HasSubstr("PROJECTED"), HasSubstr("modes")));
  EXPECT_THAT(Exported(office, "noturno", ExportFormat::kCsv, options).losses,
              IsEmpty());
  EXPECT_THAT(
      Exported(office, "plantao", ExportFormat::kSchemaOrg, options).losses,
      ElementsAre(HasSubstr("silent"), HasSubstr("PROJECTED"),
                  HasSubstr("modes"), HasSubstr("23:59")));

  options.strict = true;
  const absl::Status strict = ExportHours(office, *office.Find("noturno", ""),
                                          ExportFormat::kSql, options)
                                  .status();
  EXPECT_EQ(strict.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(strict.message()), HasSubstr("modes"));
  EXPECT_TRUE(ExportHours(office, *office.Find("noturno", ""),
                          ExportFormat::kCsv, options)
                  .ok());
}

TEST(ExportTest, OsmTellsWhenItIsTooLongToBeReadBack) {
  v1::Policy policy;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(id: "p"
           version: "1"
           time_zone: "UTC"
           covers_from: "2026-01-01"
           covers_until: "2036-01-01"
           acts { id: "a" title: "a" }
           services {
             id: "online"
             act: "a"
             weekly {
               id: "w"
               weekdays: [ MONDAY ]
             }
           }
           calendar {
             id: "c"
             layer: ONE_OFF
             effect: REPLACE
             kind: EXPEDIENTE_PARCIAL
             label: "c"
             act: "a"
             hours { open: "08:00" close: "12:00" }
           })pb",
      &policy));
  for (absl::CivilDay day(2026, 1, 1); day < absl::CivilDay(2036, 1, 1);
       day += 2) {
    policy.mutable_calendar(0)->mutable_days()->mutable_dates()->add_date(
        absl::FormatCivilTime(day));
  }
  const absl::StatusOr<Schedule> schedule = Schedule::Compile(policy);
  ASSERT_TRUE(schedule.ok()) << schedule.status();
  ExportOptions options = Year2026();
  options.until = absl::CivilDay(2036, 1, 1);
  EXPECT_THAT(Exported(*schedule, "", ExportFormat::kOsm, options).losses,
              testing::Contains(HasSubstr("at most 16384 are read")));
}

TEST(ExportTest, SpanIsChecked) {
  const Schedule office = Office();
  ExportOptions options = Year2026();
  options.until = options.from;
  EXPECT_THAT(std::string(ExportHours(office, *office.Find("", ""),
                                      ExportFormat::kCsv, options)
                              .status()
                              .message()),
              HasSubstr("until: \"2026-01-01\" is not after from"));
  options.until = absl::CivilDay(2066, 1, 2);
  EXPECT_THAT(std::string(ExportHours(office, *office.Find("", ""),
                                      ExportFormat::kCsv, options)
                              .status()
                              .message()),
              HasSubstr("more than 40 years after"));
}

}  // namespace
}  // namespace guiche
