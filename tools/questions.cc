// guiche open, route, decide, calendar, conduct: one question each.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "policy/json.h"
#include "tools/command.h"
#include "tools/text.h"

namespace guiche {
namespace {

// What several questions ask about.
struct Asked {
  std::string service, place, at, need, area, language, from, until;
  std::string hours, time_zone;
  std::vector<std::string> facts, text;
  std::string device, channel, counterpart, purpose, role;
  int next = 0;
  bool trace = false, quiet = false;

  std::string Text() const { return absl::StrJoin(text, " "); }
};

void AddPlace(CLI::App& command, Asked& asked) {
  command
      .add_option("--place", asked.place,
                  "Município, código do IBGE, \"comarca:Sinop\" ou o id; sem "
                  "ele, o estado")
      ->type_name("LUGAR");
}

void AddService(CLI::App& command, Asked& asked) {
  command
      .add_option("--service", asked.service,
                  "Canal: online (o padrão), plantao, telefone, presencial")
      ->type_name("SERVIÇO");
}

void AddAt(CLI::App& command, Asked& asked) {
  command
      .add_option(
          "--at", asked.at,
          "Instante com fuso: 2026-01-07T12:00:00-04:00; sem ele, agora")
      ->type_name("INSTANTE");
}

void AddRequest(CLI::App& command, Asked& asked) {
  AddPlace(command, asked);
  command
      .add_option("--need", asked.need,
                  "O que a pessoa quer, pelo id, se já se sabe")
      ->type_name("ID");
  command.add_option("--area", asked.area, "Área do direito, pelo id")
      ->type_name("ID");
  command
      .add_option("--fact", asked.facts,
                  "O que já se sabe do caso (violence, detained, urgent, ...); "
                  "pode repetir")
      ->type_name("ID")
      ->expected(1)
      ->take_all();
  command
      .add_option("--language", asked.language,
                  "Idioma das respostas: pt-BR, es, ht")
      ->type_name("IDIOMA");
  command.add_option("mensagem", asked.text, "O que a pessoa escreveu")
      ->type_name("TEXTO");
}

template <typename Answer, typename Print>
int Show(const Program& program, const absl::StatusOr<Answer>& answer,
         Print print) {
  if (!answer.ok()) return Fail(answer.status());
  if (program.json()) {
    std::cout << ToJson(*answer, JsonLayout::kIndented);
  } else {
    print(*answer);
  }
  return kFine;
}

int Open(const Program& program, const Asked& asked) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  v1::AvailabilityRequest request;
  request.set_service(asked.service);
  request.set_place(asked.place);
  request.set_at(asked.at.empty() ? Now() : asked.at);
  request.set_trace(asked.trace);
  request.set_hours(asked.hours);
  request.set_time_zone(asked.time_zone);
  const auto answer = desk->Open(request);
  if (answer.ok() && asked.quiet) {
    return answer->state() == v1::Availability::OPEN ? kFine : kNo;
  }
  const int exit_code = Show(program, answer, [](const auto& shown) {
    PrintAvailability(std::cout, shown);
  });
  if (exit_code != kFine) return exit_code;
  return answer->state() == v1::Availability::OPEN ? kFine : kNo;
}

template <typename Request>
Request RequestOf(const Asked& asked) {
  Request request;
  request.set_text(asked.Text());
  request.set_need(asked.need);
  request.set_area(asked.area);
  request.set_place(asked.place);
  for (const std::string& fact : asked.facts) request.add_facts(fact);
  request.set_language(asked.language);
  return request;
}

int Route(const Program& program, const Asked& asked) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  return Show(program, desk->Route(RequestOf<v1::RouteRequest>(asked)),
              [](const auto& shown) { PrintRoute(std::cout, shown); });
}

int Decide(const Program& program, const Asked& asked) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  auto request = RequestOf<v1::DecisionRequest>(asked);
  request.set_at(asked.at.empty() ? Now() : asked.at);
  request.set_service(asked.service);
  request.set_trace(asked.trace);
  return Show(program, desk->Decide(request), [](const auto& shown) {
    v1::RouteAnswer route = shown.route();
    route.clear_policy();
    PrintRoute(std::cout, route);
    std::cout << "\n";
    PrintAvailability(std::cout, shown.availability());
    std::cout << "\n" << shown.reply() << "\n";
  });
}

void PrintCalendar(const v1::Calendar& calendar) {
  std::cout << calendar.place_name() << ", " << calendar.service() << ", de "
            << calendar.from() << " até antes de " << calendar.until() << "\n";
  for (const v1::CalendarDay& day : calendar.days()) {
    std::vector<std::string> hours;
    for (const v1::Hours& one : day.hours()) {
      hours.push_back(absl::StrCat(one.open(), "-", one.close()));
    }
    std::cout << "  " << day.date() << " " << Word(day.weekday()) << "  "
              << (hours.empty() ? "fechado" : absl::StrJoin(hours, ", "))
              << "  " << day.reason().label() << " ("
              << Word(day.reason().kind()) << ")"
              << (day.certainty() == v1::CONFIRMED
                      ? ""
                      : absl::StrCat(", ", Word(day.certainty())))
              << "; " << day.reason().act_title() << "\n";
  }
  PrintOrigin(std::cout, calendar.policy());
}

int Calendar(const Program& program, const Asked& asked) {
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  v1::CalendarRequest request;
  request.set_service(asked.service);
  request.set_place(asked.place);
  const absl::CivilDay today =
      absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  request.set_from(asked.from.empty() ? absl::FormatCivilTime(today)
                                      : asked.from);
  absl::CivilDay from;
  const bool readable = absl::ParseCivilTime(request.from(), &from);
  // A year, unless so many days are asked for that it may not hold them.
  const int days = asked.next > 0 ? 3'660 : 366;
  request.set_until(!asked.until.empty() || !readable
                        ? asked.until
                        : absl::FormatCivilTime(from + days));
  request.set_next(asked.next);
  return Show(program, desk->Calendar(request), PrintCalendar);
}

// The enumerator that people write in any case, as "computer".
template <typename Enum, typename Parse>
absl::Status ParseEnum(const char* option, const std::string& text, Parse parse,
                       absl::string_view known, Enum* value) {
  if (text.empty() || parse(absl::AsciiStrToUpper(text), value)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(option, ": \"", text, "\" não é conhecido; há ", known));
}

int Conduct(const Program& program, const Asked& asked) {
  v1::ConductRequest request;
  v1::Device device{};
  v1::Channel channel{};
  v1::Counterpart counterpart{};
  v1::Purpose purpose{};
  v1::Role role{};
  for (const absl::Status& status :
       {ParseEnum("--device", asked.device, v1::Device_Parse,
                  "institutional_phone, computer e personal_phone", &device),
        ParseEnum("--channel", asked.channel, v1::Channel_Parse,
                  "call, messaging_app, online_platform, automatic_greeting "
                  "e email",
                  &channel),
        ParseEnum("--counterpart", asked.counterpart, v1::Counterpart_Parse,
                  "citizen e internal", &counterpart),
        ParseEnum("--purpose", asked.purpose, v1::Purpose_Parse,
                  "citizen_service, internal_communication e "
                  "user_registration",
                  &purpose),
        ParseEnum("--role", asked.role, v1::Role_Parse,
                  "membro, servidor e estagiario", &role)}) {
    if (!status.ok()) return Fail(status);
  }
  request.set_device(device);
  request.set_channel(channel);
  request.set_counterpart(counterpart);
  request.set_purpose(purpose);
  request.set_role(role);
  request.set_at(asked.at);
  request.set_place(asked.place);
  const auto desk = OpenDesk(program);
  if (!desk.ok()) return Fail(desk.status());
  const auto answer = desk->Check(request);
  const int exit_code = Show(program, answer, [](const auto& shown) {
    std::cout << Word(shown.ruling()) << "\n";
    PrintField(std::cout, "por quê", shown.explanation());
    PrintField(std::cout, "regra", shown.reason().rule());
    PrintField(std::cout, "fonte", SourceOf(shown.reason()));
    PrintField(std::cout, "texto", shown.message());
    for (const v1::Contact& contact : shown.contacts()) {
      PrintField(std::cout, "contato",
                 absl::StrCat(contact.label(), " ", contact.printed(),
                              contact.email(), contact.url()));
    }
    PrintOrigin(std::cout, shown.policy());
  });
  if (exit_code != kFine) return exit_code;
  return answer->ruling() == v1::ConductRule::FORBIDDEN ? kNo : kFine;
}

using Question = int (*)(const Program&, const Asked&);

// A command that fills an Asked and puts one question.
std::shared_ptr<Asked> AddQuestion(CLI::App& app, Program& program,
                                   const char* name, const char* description,
                                   Question question, CLI::App*& command) {
  auto asked = std::make_shared<Asked>();
  command = app.add_subcommand(name, description);
  AddFormat(*command, program);
  command->callback([&program, asked, question] {
    program.exit_code = question(program, *asked);
  });
  return asked;
}

}  // namespace

void AddOpen(CLI::App& app, Program& program) {
  CLI::App* command;
  const auto asked = AddQuestion(
      app, program, "open",
      "A janela está aberta? Por quê, desde e até quando (saída 2: não)", Open,
      command);
  AddService(*command, *asked);
  AddPlace(*command, *asked);
  AddAt(*command, *asked);
  command
      ->add_option("--hours", asked->hours,
                   "Em vez da política, estas horas, na sintaxe opening_hours "
                   "do OpenStreetMap: \"Mo-Fr 12:00-18:00\"")
      ->type_name("HORAS");
  command
      ->add_option("--zone", asked->time_zone,
                   "Fuso de --hours: America/Cuiaba")
      ->type_name("FUSO");
  command->add_flag("--trace", asked->trace, "Mostra o que diz cada camada");
  command->add_flag("-q,--quiet", asked->quiet,
                    "Não escreve nada; só o código de saída");
}

void AddRoute(CLI::App& app, Program& program) {
  CLI::App* command;
  const auto asked =
      AddQuestion(app, program, "route",
                  "Qual núcleo atende? Pelo texto, ou pelo pedido já conhecido",
                  Route, command);
  AddRequest(*command, *asked);
}

void AddDecide(CLI::App& app, Program& program) {
  CLI::App* command;
  const auto asked =
      AddQuestion(app, program, "decide",
                  "As duas perguntas juntas, e a resposta que a pessoa lê",
                  Decide, command);
  AddRequest(*command, *asked);
  AddService(*command, *asked);
  AddAt(*command, *asked);
  command->add_flag("--trace", asked->trace, "Mostra o que diz cada camada");
}

void AddCalendar(CLI::App& app, Program& program) {
  CLI::App* command;
  const auto asked = AddQuestion(app, program, "calendar",
                                 "Os dias que não seguem o horário da semana",
                                 Calendar, command);
  AddService(*command, *asked);
  AddPlace(*command, *asked);
  command->add_option("--from", asked->from, "Primeiro dia; sem ele, hoje")
      ->type_name("DATA");
  auto* until =
      command
          ->add_option("--to", asked->until,
                       "Primeiro dia que já não conta; sem ele, um ano depois")
          ->type_name("DATA");
  command->add_option("--next", asked->next, "Só os próximos N dias da lista")
      ->type_name("N")
      ->check(CLI::PositiveNumber)
      ->excludes(until);
}

void AddConduct(CLI::App& app, Program& program) {
  CLI::App* command;
  const auto asked = AddQuestion(
      app, program, "conduct",
      "Pode-se usar isto para aquilo? Arts. 4º e 5º (saída 2: proibido)",
      Conduct, command);
  command
      ->add_option("--device", asked->device,
                   "institutional_phone, computer, personal_phone")
      ->type_name("APARELHO");
  command
      ->add_option("--channel", asked->channel,
                   "call, messaging_app, online_platform, automatic_greeting, "
                   "email")
      ->type_name("MEIO");
  command->add_option("--counterpart", asked->counterpart, "citizen, internal")
      ->type_name("COM_QUEM");
  command
      ->add_option("--purpose", asked->purpose,
                   "citizen_service, internal_communication, user_registration")
      ->type_name("PARA_QUE");
  command->add_option("--role", asked->role, "membro, servidor, estagiario")
      ->type_name("QUEM");
  command
      ->add_option("--at", asked->at,
                   "Instante com fuso, para saber se é expediente; sem ele, a "
                   "qualquer hora")
      ->type_name("INSTANTE");
  AddPlace(*command, *asked);
}

}  // namespace guiche
