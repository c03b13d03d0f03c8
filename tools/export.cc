// guiche export, import: hours in the formats of others, and from them.

#include "interchange/export.h"

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "google/protobuf/text_format.h"
#include "interchange/osm.h"
#include "policy/json.h"
#include "tools/command.h"

namespace guiche {
namespace {

struct Asked {
  std::string format, service, place, from, until, stamp, hours, time_zone;
  bool strict = false;
};

const std::map<std::string, ExportFormat>& Formats() {
  static const auto& formats = *new std::map<std::string, ExportFormat>{
      {"ics", ExportFormat::kICalendar},
      {"osm", ExportFormat::kOsm},
      {"schema-org", ExportFormat::kSchemaOrg},
      {"sql", ExportFormat::kSql},
      {"csv", ExportFormat::kCsv}};
  return formats;
}

absl::Status ReadDate(const char* option, const std::string& text,
                      absl::CivilDay& day) {
  if (text.empty() || absl::ParseCivilTime(text, &day)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      option, ": \"", text, "\" não é uma data; escreva uma como 2026-01-07"));
}

// [--from, --to): without them this day and the year that follows it.
absl::Status ReadSpan(const Asked& asked, absl::CivilDay today,
                      absl::CivilDay& from, absl::CivilDay& until) {
  from = today;
  const absl::Status status = ReadDate("--from", asked.from, from);
  if (!status.ok()) return status;
  until = absl::CivilDay(from.year() + 1, from.month(), from.day());
  return ReadDate("--to", asked.until, until);
}

void TellLosses(const std::vector<std::string>& losses) {
  for (const std::string& loss : losses) {
    std::cerr << "guiche: perda: " << loss << "\n";
  }
}

int RunExport(const Program& program, const Asked& asked) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  const Schedule& schedule = desk->schedule();
  const auto window = schedule.Find(asked.service, asked.place);
  if (!window.ok()) return Fail(window.status());
  const auto stamp =
      ParseInstant("--stamp", asked.stamp.empty() ? Now() : asked.stamp);
  if (!stamp.ok()) return Fail(stamp.status());

  ExportOptions options;
  const absl::Status status =
      ReadSpan(asked, absl::ToCivilDay(*stamp, schedule.TimeZone(*window)),
               options.from, options.until);
  if (!status.ok()) return Fail(status);
  const v1::Calendar named = schedule.Days(*window, options.from, options.from);
  options.name =
      absl::StrCat(named.place_name(), named.place_name().empty() ? "" : ", ",
                   named.service());
  options.id = absl::StrCat(named.service(), "-", named.place(), "@",
                            desk->origin().id());
  options.stamp = *stamp;
  options.strict = asked.strict;
  const auto written =
      ExportHours(schedule, *window, Formats().at(asked.format), options);
  if (!written.ok()) return Fail(written.status());
  TellLosses(written->losses);
  std::cout << written->text;
  return kFine;
}

bool IsHoliday(v1::Kind kind) {
  return kind == v1::FERIADO_NACIONAL || kind == v1::FERIADO_ESTADUAL ||
         kind == v1::FERIADO_MUNICIPAL;
}

int RunImport(const Program& program, const Asked& asked) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  const Schedule& schedule = desk->schedule();
  const auto window = schedule.Find(asked.service, asked.place);
  if (!window.ok()) return Fail(window.status());
  const absl::TimeZone zone = schedule.TimeZone(*window);

  OsmOptions options;
  options.time_zone = asked.time_zone.empty() ? zone.name() : asked.time_zone;
  const absl::Status status = ReadSpan(
      asked, absl::ToCivilDay(absl::Now(), zone), options.from, options.until);
  if (!status.ok()) return Fail(status);
  const v1::Calendar calendar =
      schedule.Days(*window, options.from, options.until);
  options.service = calendar.service();
  options.public_holidays.emplace();
  for (const v1::CalendarDay& day : calendar.days()) {
    absl::CivilDay date;
    if (IsHoliday(day.reason().kind()) &&
        absl::ParseCivilTime(day.date(), &date)) {
      options.public_holidays->push_back(date);
    }
  }
  const auto import = ImportOsm(asked.hours, options);
  if (!import.ok()) return Fail(import.status());
  TellLosses(import->losses);
  if (asked.strict && !import->losses.empty()) {
    return Fail(absl::FailedPreconditionError(
        "--strict: a política não consegue dizer tudo"));
  }
  if (program.json()) {
    std::cout << ToJson(import->policy, JsonLayout::kIndented);
    return kFine;
  }
  std::string text;
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  printer.PrintToString(import->policy, &text);
  std::cout << "# proto-file: guiche/v1/policy.proto\n"
               "# proto-message: guiche.v1.Policy\n"
            << text;
  return kFine;
}

void AddWindow(CLI::App& command, Asked& asked) {
  command
      .add_option("--service", asked.service,
                  "Canal: online (o padrão), plantao, telefone")
      ->type_name("SERVIÇO");
  command
      .add_option("--place", asked.place,
                  "Município, código do IBGE, \"comarca:Sinop\" ou o id; sem "
                  "ele, o estado")
      ->type_name("LUGAR");
  command.add_option("--from", asked.from, "Primeiro dia; sem ele, hoje")
      ->type_name("DATA");
  command
      .add_option("--to", asked.until,
                  "Primeiro dia que já não conta; sem ele, um ano depois")
      ->type_name("DATA");
  command.add_flag("--strict", asked.strict,
                   "Havendo perda, não escreve nada e sai com 1");
}

}  // namespace

void AddExport(CLI::App& app, Program& program) {
  const auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "export", "As horas em outro formato; o que ele não diz sai em stderr");
  command
      ->add_option("formato", asked->format, "ics, osm, schema-org, sql ou csv")
      ->required()
      ->check(CLI::IsMember(Formats()));
  AddWindow(*command, *asked);
  command
      ->add_option("--stamp", asked->stamp,
                   "Instante que o arquivo ics traz como o seu; sem ele, agora")
      ->type_name("INSTANTE");
  command->callback(
      [&program, asked] { program.exit_code = RunExport(program, *asked); });
}

void AddImport(CLI::App& app, Program& program) {
  const auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "import",
      "Horas do OpenStreetMap (opening_hours) como trecho de política");
  command->add_option("formato", asked->format, "osm")
      ->required()
      ->check(CLI::IsMember({"osm"}));
  command
      ->add_option("horas", asked->hours,
                   "\"Mo-Fr 08:00-12:00,14:00-18:00; PH off\"; PH são os "
                   "feriados do lugar na política")
      ->required();
  AddWindow(*command, *asked);
  command
      ->add_option("--zone", asked->time_zone,
                   "Fuso das horas; sem ele, o do lugar")
      ->type_name("FUSO");
  AddFormat(*command, program);
  command->callback(
      [&program, asked] { program.exit_code = RunImport(program, *asked); });
}

}  // namespace guiche
