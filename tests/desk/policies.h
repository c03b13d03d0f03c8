// A small policy for tests of the desk: two units, one of them in Sinop, open
// on weekdays from 12 to 18 but for one holiday.

#ifndef GUICHE_TESTS_DESK_POLICIES_H_
#define GUICHE_TESTS_DESK_POLICIES_H_

#include "gtest/gtest.h"
#include "guiche/v1/policy.pb.h"
#include "policy/load.h"

namespace guiche {

// clang-format off
inline constexpr char kSmallPolicy[] = R"pb(
  id: "small"
  version: "1"
  title: "Small"
  time_zone: "America/Cuiaba"
  covers_from: "2022-09-12"
  covers_until: "2028-01-01"
  default_service: "online"
  default_unit: "central"
  acts { id: "res" kind: RESOLUCAO title: "Resolução 1" url: "https://x/1" }
  places { id: "mt" kind: STATE name: "Mato Grosso" }
  places { id: "sinop" kind: MUNICIPALITY name: "Sinop" parent: "mt" }
  calendar_years { year: 2026 known: true act: "res" }
  calendar {
    id: "corpus-christi"
    layer: HOLIDAY
    effect: CLOSE
    kind: PONTO_FACULTATIVO
    label: "Corpus Christi"
    days { easter_offset: 60 }
    act: "res"
  }
  services {
    id: "online"
    name: "atendimento on-line"
    weekly {
      id: "dias-uteis"
      label: "segunda a sexta, das 12h às 18h"
      weekdays: [ MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY ]
      hours { open: "12:00" close: "18:00" }
      act: "res"
    }
    contacts { label: "WhatsApp" printed: "(65) 90000-0000" }
    closed_mode: PLANTAO
    when_closed: "plantao"
    act: "res"
    article: "art. 3º"
  }
  services {
    id: "plantao"
    name: "plantão"
    complement_of: "online"
    contacts { label: "tabela" url: "https://x/plantao" }
    act: "res"
  }
  services { id: "telefone" name: "telefone" same_as: "online" act: "res" }
  units {
    id: "central" kind: CENTRAL name: "Central" place: "mt" act: "res"
  }
  units {
    id: "n_sinop" kind: NUCLEO name: "Núcleo de Sinop" place: "sinop"
    serves: "sinop" act: "res"
  }
  areas { id: "familia" name: "Família" }
  areas { id: "mulher" name: "Mulher" }
  facts { id: "urgent" name: "urgente" }
  needs {
    id: "pensao" area: "familia" name: "pedir pensão alimentícia"
    wordings { phrases: "pensão" decides: "pensão alimentícia" }
  }
  needs {
    id: "divorcio" area: "familia" name: "divórcio"
    wordings { decides: "divórcio" }
  }
  needs {
    id: "violencia" area: "mulher" name: "violência" precedence: VIOLENCE
    wordings { decides: "me bateu" }
  }
  alarms {
    id: "perigo" name: "perigo agora" precedence: DANGER need: "violencia"
    emergency_numbers: "190"
    wordings { decides: "vai me matar" }
  }
  emergency_numbers {
    id: "190" number: "190" name: "Polícia Militar" when: "perigo"
  }
  referrals {
    id: "inss" name: "INSS" to: "DPU"
    wordings { decides: "inss" }
  }
  routes { id: "lugar" unit_of_place: true act: "res" }
  conduct {
    id: "atender-por-mensagem" device: INSTITUTIONAL_PHONE
    channel: MESSAGING_APP counterpart: CITIZEN ruling: FORBIDDEN
    explanation: "não se atende por mensagem" act: "res" article: "art. 5º, §1º"
  }
  conduct {
    id: "ligar" device: INSTITUTIONAL_PHONE channel: CALL
    period: OFFICE_HOURS ruling: REQUIRED explanation: "ligações" act: "res"
  }
  conduct {
    id: "saudacao" channel: AUTOMATIC_GREETING ruling: REQUIRED
    explanation: "com saudação" act: "res" message: "greeting_phone"
  }
  messages { id: "reply_urgent" text: "Ligue agora: {numbers}." }
  messages {
    id: "reply_routed" text: "Quem atende é: {unit}."
  }
  messages {
    id: "reply_routed" language: "es" text: "Le atiende: {unit}."
  }
  messages { id: "reply_refer" text: "{name} é com: {to}." }
  messages { id: "reply_ask" text: "{question}\n{options}" }
  messages { id: "reply_human" text: "Uma pessoa vai ler." }
  messages { id: "ask_need" text: "O que você precisa?" }
  messages { id: "ask_place" text: "Em que cidade você mora?" }
  messages { id: "reply_open" text: "Aberto até {until}." }
  messages {
    id: "reply_closed"
    text: "Fechado ({label}). {has_next_open, select, yes {Abre {next_open}.} other {}}"
  }
  messages { id: "reply_on_call" text: "Plantão: {url}" }
  messages { id: "greeting_phone" text: "Fale em {phone}." }
  messages {
    id: "date_and_time"
    text: "{date}, às {hour}h{minute, select, 00 {} other {{minute}}}"
  }
)pb";
// clang-format on

inline v1::Policy SmallPolicy() {
  v1::Policy policy;
  const absl::Status status =
      MergePolicy("small", kSmallPolicy, PolicyFormat::kText, policy);
  EXPECT_TRUE(status.ok()) << status;
  return policy;
}

}  // namespace guiche

#endif  // GUICHE_TESTS_DESK_POLICIES_H_
