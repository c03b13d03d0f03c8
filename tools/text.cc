#include "tools/text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"

namespace guiche {
namespace {

// Columns that a label takes.
constexpr size_t kLabelWidth = 12;

size_t Columns(absl::string_view text) {
  size_t columns = 0;
  for (const char c : text) columns += (c & 0xC0) != 0x80;
  return columns;
}

std::string HoursOf(const v1::TraceStep& step) {
  return absl::StrCat(Word(step.state()), ", ", step.reason().label());
}

}  // namespace

std::string When(absl::string_view instant) {
  if (instant == "NEVER") return "nunca";
  if (instant == "BEYOND_HORIZON") return "além do que a política cobre";
  absl::CivilMinute at;
  if (instant.size() < 16 ||
      !absl::ParseCivilTime(instant.substr(0, 16), &at)) {
    return std::string(instant);
  }
  const auto weekday = static_cast<v1::Weekday>(
      static_cast<int>(absl::GetWeekday(absl::CivilDay(at))) + 1);
  const auto two = [](int number) {
    return absl::StrCat(absl::Dec(number, absl::kZeroPad2));
  };
  return absl::StrCat(Word(weekday), " ", two(at.day()), "/", two(at.month()),
                      "/", at.year(), " ", two(at.hour()), ":",
                      two(at.minute()));
}

absl::string_view Word(v1::Availability::State state) {
  switch (state) {
    case v1::Availability::OPEN:
      return "aberto";
    case v1::Availability::CLOSED:
      return "fechado";
    default:
      return "a política não diz";
  }
}

absl::string_view Word(v1::Certainty certainty) {
  switch (certainty) {
    case v1::UNCONFIRMED:
      return "não confirmado pela instituição";
    case v1::PROJECTED:
      return "projetado: não se conhece o ato do ano";
    default:
      return "confirmado";
  }
}

absl::string_view Word(v1::Kind kind) {
  switch (kind) {
    case v1::REGULAR_HOURS:
      return "horário regular";
    case v1::FERIADO_NACIONAL:
      return "feriado nacional";
    case v1::FERIADO_ESTADUAL:
      return "feriado estadual";
    case v1::FERIADO_MUNICIPAL:
      return "feriado municipal";
    case v1::PONTO_FACULTATIVO:
      return "ponto facultativo";
    case v1::RECESSO:
      return "recesso";
    case v1::EXPEDIENTE_PARCIAL:
      return "expediente parcial";
    case v1::SUSPENSAO:
      return "suspensão";
    case v1::EMERGENCIA:
      return "emergência";
    case v1::POLICY_SILENT:
      return "fora do que a política rege";
    case v1::BEYOND_HORIZON:
      return "depois do que a política cobre";
    default:
      return "";
  }
}

absl::string_view Word(v1::Layer layer) {
  switch (layer) {
    case v1::WEEKLY:
      return "semana";
    case v1::PARTIAL_DAY:
      return "dia parcial";
    case v1::HOLIDAY:
      return "feriado";
    case v1::RECESS:
      return "recesso";
    case v1::ONE_OFF:
      return "ato avulso";
    case v1::EMERGENCY:
      return "emergência";
    default:
      return "";
  }
}

absl::string_view Word(v1::RouteAnswer::Outcome outcome) {
  switch (outcome) {
    case v1::RouteAnswer::ROUTED:
      return "encaminhar";
    case v1::RouteAnswer::ASK:
      return "perguntar";
    case v1::RouteAnswer::REFER:
      return "indicar outro órgão";
    default:
      return "passar a uma pessoa";
  }
}

absl::string_view Word(v1::ConductRule::Ruling ruling) {
  switch (ruling) {
    case v1::ConductRule::PERMITTED:
      return "permitido";
    case v1::ConductRule::FORBIDDEN:
      return "proibido";
    case v1::ConductRule::REQUIRED:
      return "obrigatório";
    default:
      return "a política não rege";
  }
}

absl::string_view Word(v1::Weekday weekday) {
  constexpr absl::string_view kNames[] = {"",    "seg", "ter", "qua",
                                          "qui", "sex", "sáb", "dom"};
  return kNames[weekday >= 1 && weekday <= 7 ? weekday : 0];
}

void PrintField(std::ostream& out, absl::string_view label,
                absl::string_view value) {
  if (value.empty()) return;
  const size_t width = Columns(label) + 1;
  out << "  " << label << ":"
      << std::string(width < kLabelWidth ? kLabelWidth - width : 1, ' ')
      << value << "\n";
}

std::string SourceOf(const v1::Reason& reason) {
  const absl::string_view title =
      reason.act_title().empty() ? reason.act() : reason.act_title();
  if (title.empty()) return "";
  std::string source(title);
  if (!reason.article().empty()) {
    absl::StrAppend(&source, ", ", reason.article());
  }
  if (!reason.act_url().empty()) {
    absl::StrAppend(&source, " <", reason.act_url(), ">");
  }
  return source;
}

void PrintOrigin(std::ostream& out, const v1::PolicyRef& policy) {
  if (policy.id().empty()) return;
  PrintField(out, "política",
             absl::StrCat(policy.id(), " ", policy.version(), " (",
                          policy.digest().substr(0, 12), ")"));
  PrintField(out, "atos até", policy.known_at());
}

void PrintAvailability(std::ostream& out, const v1::Availability& answer) {
  const std::string& place =
      answer.place_name().empty() ? answer.place() : answer.place_name();
  out << Word(answer.state()) << " — " << answer.service()
      << (place.empty() ? "" : ", ") << place << ", " << When(answer.at())
      << " (" << answer.time_zone() << ")\n";
  if (answer.mode() == v1::BY_APPOINTMENT) {
    PrintField(out, "modo", "com hora marcada");
  }
  const absl::string_view kind = Word(answer.reason().kind());
  const std::string& label = answer.reason().label();
  PrintField(out, "motivo",
             label.empty() || kind.empty()
                 ? absl::StrCat(label, kind)
                 : absl::StrCat(label, " (", kind, ")"));
  PrintField(out, "regra", answer.reason().rule());
  PrintField(out, "fonte", SourceOf(answer.reason()));
  PrintField(out, "desde", When(answer.since()));
  PrintField(out, "até", When(answer.until()));
  PrintField(out, "abre", When(answer.next_open()));
  PrintField(out, "fecha", When(answer.next_close()));
  PrintField(out, "certeza", Word(answer.certainty()));
  for (const v1::TraceStep& step : answer.shadowed()) {
    PrintField(out, "no lugar de", HoursOf(step));
  }
  if (!answer.on_call().service().empty()) {
    PrintField(out, "plantão", answer.on_call().name());
    for (const v1::Contact& contact : answer.on_call().contacts()) {
      PrintField(out, "onde",
                 contact.url().empty() ? contact.printed() : contact.url());
    }
  }
  for (const v1::TraceStep& step : answer.trace()) {
    PrintField(
        out, Word(step.layer()),
        step.reason().rule().empty()
            ? "nada"
            : absl::StrCat(step.reason().label(), " [", step.reason().rule(),
                           "]: ", Word(step.state()),
                           step.decided() ? " ← decidiu" : ""));
  }
  PrintOrigin(out, answer.policy());
}

void PrintRoute(std::ostream& out, const v1::RouteAnswer& answer) {
  out << Word(answer.outcome());
  if (!answer.unit().id().empty()) out << " — " << answer.unit().name();
  if (answer.outcome() == v1::RouteAnswer::REFER) {
    out << " — " << answer.referral().name() << ": "
        << absl::StrJoin(answer.referral().to(), "; ");
  }
  out << "\n";
  if (answer.urgent()) PrintField(out, "urgente", "sim");
  for (const v1::EmergencyCall& call : answer.emergency()) {
    PrintField(
        out, "ligar",
        absl::StrCat(call.number(), call.number().empty() ? "" : " ",
                     call.name(), call.url().empty() ? "" : " ", call.url()));
  }
  PrintField(out, "área", answer.area());
  PrintField(out, "pedido", answer.need());
  PrintField(out, "lugar", answer.place_name());
  PrintField(out, "endereço", answer.unit().address());
  PrintField(out, "regra", answer.rule());
  PrintField(out, "fonte", SourceOf(answer.reason()));
  if (!answer.unit().id().empty()) {
    PrintField(out, "certeza", Word(answer.certainty()));
  }
  PrintField(out, "pergunta", answer.question());
  if (answer.outcome() == v1::RouteAnswer::ASK) {
    for (const v1::Candidate& candidate : answer.candidates()) {
      PrintField(out, "opção", candidate.name());
    }
  }
  PrintField(out, "fatos", absl::StrJoin(answer.facts(), ", "));
  for (const v1::Evidence& evidence : answer.evidence()) {
    PrintField(
        out, "prova",
        absl::StrCat("bytes ", evidence.begin(), "-", evidence.end(), ": ",
                     evidence.phrase().empty()
                         ? std::string("palavra")
                         : absl::StrCat("\"", evidence.phrase(), "\""),
                     " fala de ", evidence.speaks_for()));
  }
  PrintOrigin(out, answer.policy());
}

}  // namespace guiche
