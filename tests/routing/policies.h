// Small policies for the tests of routing.

#ifndef GUICHE_TESTS_ROUTING_POLICIES_H_
#define GUICHE_TESTS_ROUTING_POLICIES_H_

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"
#include "tools/portuguese.h"

namespace guiche {

// Places, units, facts and an act, to which a test adds what it is about.
inline constexpr char kGround[] = R"pb(
  id: "test"
  version: "1"
  time_zone: "America/Cuiaba"
  language: "pt-BR"
  default_unit: "central"
  acts { id: "res" title: "Resolução 1" url: "https://example.org/1" }
  places { id: "mt" kind: STATE name: "Mato Grosso" }
  places { id: "norte" kind: COMARCA name: "Norte" parent: "mt" }
  places { id: "1" kind: MUNICIPALITY name: "Sinop" parent: "norte" }
  places {
    id: "2"
    kind: MUNICIPALITY
    name: "Cláudia"
    parent: "norte"
    certainty: UNCONFIRMED
  }
  places { id: "sul" kind: COMARCA name: "Sul" parent: "mt" }
  places {
    id: "3"
    kind: MUNICIPALITY
    name: "Várzea Grande"
    aliases: "vg"
    parent: "sul"
  }
  places { id: "4" kind: MUNICIPALITY name: "Lucas do Rio Verde" parent: "sul" }
  places { id: "5" kind: MUNICIPALITY name: "Campo Verde" parent: "mt" }
  units { id: "central" name: "Central" }
  units { id: "nucleo_norte" name: "Núcleo Norte" serves: "norte" }
  units { id: "nucleo_sul" name: "Núcleo Sul" serves: "sul" }
  units { id: "nudem" name: "Núcleo da Mulher" }
  facts { id: "minor" name: "criança" }
  facts { id: "detained" name: "preso" }
  facts { id: "urgent" name: "urgente" }
)pb";

inline constexpr char kLexicon[] = R"pb(
  lexicon {
    abbreviations { written: "n" means: "não" }
    abbreviations { written: "pq" means: "porque" }
    abbreviations { written: "b.o." means: "boletim de ocorrência" }
    negations: "não"
    negations: "nunca"
    negations: "já consegui"
    courtesies: "oi|ola"
    courtesies: "bom dia|tarde"
    courtesies: "obrigado|obrigada"
    place_cues: "em"
    place_cues: "moro em"
    place_cues: "sou de"
  }
)pb";

inline constexpr char kTopics[] = R"pb(
  areas { id: "familia" name: "Família" }
  areas { id: "mulher" name: "Mulher" }
  areas { id: "criminal" name: "Criminal" }
  areas { id: "atendimento" name: "Atendimento" human: true }
  needs {
    id: "pensao"
    area: "familia"
    name: "pedir pensão"
    wordings {
      phrases: "pensão"
      phrases: "pensão alimentícia"
      phrases: "não paga ... pensão"
      forbids: "pensão por morte"
    }
    wordings { language: "es" phrases: "cuota alimentaria" }
  }
  needs {
    id: "divorcio"
    area: "familia"
    name: "divórcio"
    choice: "Quero me separar"
    wordings { phrases: "divórcio" phrases: "separ* ... marido|esposa" }
  }
  needs {
    id: "guarda"
    area: "familia"
    name: "guarda"
    wordings { phrases: "guarda" phrases: "visita" }
    wordings { phrases: "consegui guarda" }
  }
  needs {
    id: "protetiva"
    area: "mulher"
    name: "medida protetiva"
    precedence: VIOLENCE
    urgent: true
    wordings { decides: "medida protetiva" decides: "ele me bat*|agred*" }
  }
  needs {
    id: "visita_presidio"
    area: "criminal"
    name: "visita a preso"
    facts: "detained"
    wordings { phrases: "visita" phrases: "presídio|cadeia" }
  }
  needs {
    id: "atendente"
    area: "atendimento"
    name: "falar com uma pessoa"
    wordings { decides: "falar com atendente|pessoa" }
  }
  referrals {
    id: "inss"
    name: "INSS"
    wordings { decides: "inss" phrases: "pensão por morte" }
    to: "DPU"
  }
  referrals {
    id: "conciliacao"
    name: "Conciliação"
    optional: true
    wordings { phrases: "acordo" }
    to: "CEJUSC"
  }
  alarms {
    id: "perigo"
    name: "perigo de vida"
    precedence: DANGER
    need: "protetiva"
    facts: "urgent"
    wordings { phrases: "me matar" }
    emergency_numbers: "190"
    emergency_numbers: "180"
  }
  emergency_numbers { id: "180" number: "180" name: "Mulher" }
  emergency_numbers { id: "190" number: "190" name: "Polícia" }
  messages { id: "ask_place" text: "Em que cidade você mora?" }
  messages { id: "ask_place" language: "es" text: "¿En qué ciudad vive?" }
  messages { id: "ask_need" text: "Sobre o que é?" }
)pb";

inline constexpr char kRoutes[] = R"pb(
  routes { id: "geral" unit_of_place: true act: "res" }
  routes { id: "mulher" areas: "mulher" places: "sul" unit: "nudem" act: "res" }
)pb";

// All of the texts as one policy.
template <typename... Texts>
v1::Policy PolicyOf(const Texts&... texts) {
  v1::Policy policy;
  google::protobuf::TextFormat::Parser parser;
  EXPECT_TRUE(parser.ParseFromString((std::string() + ... + texts), &policy));
  return policy;
}

// A status whose problems name this path, with this text in what they say, and
// can say it in Portuguese.
MATCHER_P2(Blames, path, problem, "") {
  const v1::PolicyProblems list = ProblemsOf(arg.status());
  for (const v1::PolicyProblem& one : list.problems()) {
    if (one.path() == path &&
        one.problem().find(problem) != std::string::npos) {
      if (InPortuguese(one.problem()) != one.problem()) return true;
      *result_listener << "tools/catalogue.h has no entry for this; ";
    }
  }
  *result_listener << arg.status();
  return false;
}

}  // namespace guiche

#endif  // GUICHE_TESTS_ROUTING_POLICIES_H_
