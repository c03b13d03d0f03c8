// guiche render: a window's year or week as a picture, and the table of routes
// as a page.

#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "interchange/picture.h"
#include "interchange/route_table.h"
#include "tools/command.h"

namespace guiche {
namespace {

struct Asked {
  std::string picture, service, place, of;
};

std::string OriginText(const Desk& desk) {
  const v1::PolicyRef& origin = desk.origin();
  return absl::StrCat("Política ", origin.id(), " ", origin.version(), ", ",
                      origin.digest());
}

int RenderTable(const Program& program, const Asked& asked) {
  if (!asked.service.empty() || !asked.place.empty() || !asked.of.empty()) {
    return Fail(absl::InvalidArgumentError(
        "render table: mostra todos os lugares de uma vez; tire --service, "
        "--place e --of"));
  }
  const auto policy = ReadPolicy(program);
  if (!policy.ok()) return Fail(policy.status());
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  std::cout << RenderRouteTable(*policy, desk->router(), OriginText(*desk));
  return kFine;
}

int RunRender(const Program& program, const Asked& asked) {
  if (asked.picture == "table") return RenderTable(program, asked);
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  const Schedule& schedule = desk->schedule();
  const auto window = schedule.Find(asked.service, asked.place);
  if (!window.ok()) return Fail(window.status());
  const bool year = asked.picture == "year";

  absl::CivilDay day =
      absl::ToCivilDay(absl::Now(), schedule.TimeZone(*window));
  absl::CivilYear of_year(day);
  // Four digits of a year, as dates have them.
  const bool readable = asked.of.size() == (year ? 4 : 10) &&
                        (year ? absl::ParseCivilTime(asked.of, &of_year)
                              : absl::ParseCivilTime(asked.of, &day));
  if (!asked.of.empty() && !readable) {
    return Fail(absl::InvalidArgumentError(absl::StrCat(
        "--of: \"", asked.of, "\" não é ", year ? "um ano" : "uma data",
        "; escreva como ", year ? "2026" : "2026-01-07")));
  }
  const v1::Calendar named = schedule.Days(*window, day, day);
  PictureOptions options;
  options.title =
      absl::StrCat(named.place_name(), named.place_name().empty() ? "" : ", ",
                   named.service());
  options.origin =
      absl::StrCat(OriginText(*desk), "; fuso ", named.time_zone());
  std::cout << (year ? RenderYear(schedule, *window,
                                  static_cast<int>(of_year.year()), options)
                     : RenderWeek(schedule, *window, day, options));
  return kFine;
}

}  // namespace

void AddRender(CLI::App& app, Program& program) {
  const auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "render", "O ano ou a semana como desenho (SVG), ou as rotas (HTML)");
  command->add_option("desenho", asked->picture, "year, week ou table")
      ->required()
      ->check(CLI::IsMember({"year", "week", "table"}));
  command
      ->add_option("--service", asked->service,
                   "Canal: online (o padrão), plantao, telefone")
      ->type_name("SERVIÇO");
  command
      ->add_option("--place", asked->place,
                   "Município, código do IBGE, \"comarca:Sinop\" ou o id; sem "
                   "ele, o estado")
      ->type_name("LUGAR");
  command
      ->add_option("--of", asked->of,
                   "O ano, ou um dia da semana; sem ele, o de hoje")
      ->type_name("ANO|DATA");
  command->callback(
      [&program, asked] { program.exit_code = RunRender(program, *asked); });
}

}  // namespace guiche
