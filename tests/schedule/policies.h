// Small policies for the tests of schedules.

#ifndef GUICHE_TESTS_SCHEDULE_POLICIES_H_
#define GUICHE_TESTS_SCHEDULE_POLICIES_H_

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"
#include "schedule/schedule.h"
#include "tools/portuguese.h"

namespace guiche {

// Places, acts and four services, to which a test adds calendar rules.
inline constexpr char kGround[] = R"pb(
  id: "test"
  version: "1"
  time_zone: "America/Cuiaba"
  covers_from: "2022-09-12"
  covers_until: "2028-01-01"
  acts { id: "res" title: "Resolução 1" url: "https://example.org/1" }
  acts { id: "early" published_on: "2024-02-27" }
  acts { id: "late" published_on: "2024-03-15" }
  places { id: "mt" kind: STATE name: "Mato Grosso" }
  places { id: "norte" kind: COMARCA name: "Norte" parent: "mt" }
  places { id: "sinop" kind: MUNICIPALITY name: "Sinop" parent: "norte" }
  places { id: "predio" kind: BUILDING name: "Anexo" parent: "sinop" }
  places { id: "sul" kind: COMARCA name: "Sul" parent: "mt" }
  places {
    id: "leste"
    kind: COMARCA
    name: "Leste"
    parent: "mt"
    time_zone: "America/Sao_Paulo"
  }
  calendar_years { year: 2022 known: true }
  calendar_years { year: 2023 known: true }
  calendar_years { year: 2024 known: true }
  calendar_years { year: 2025 known: true }
  calendar_years { year: 2026 known: true }
  services {
    id: "online"
    name: "atendimento on-line"
    closed_mode: PLANTAO
    when_closed: "plantao"
    act: "res"
    weekly {
      id: "regular"
      label: "segunda a sexta, das 12h às 18h"
      weekdays: [ MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY ]
      hours { open: "12:00" close: "18:00" }
      act: "res"
    }
  }
  services {
    id: "plantao"
    name: "plantão"
    complement_of: "online"
    mode: PLANTAO
    contacts { label: "tabela" url: "https://example.org/plantao" }
    act: "res"
  }
  services { id: "telefone" name: "telefone" same_as: "online" act: "res" }
  services {
    id: "presencial"
    name: "atendimento presencial"
    act: "res"
    article: "art. 1º, parágrafo único"
  }
)pb";

// The rest of a statewide closing rule, after its id and days.
inline constexpr char kClose[] =
    " layer: HOLIDAY effect: CLOSE kind: FERIADO_NACIONAL act: 'res' ";

// All of the texts as one policy.
template <typename... Texts>
v1::Policy PolicyOf(const Texts&... texts) {
  v1::Policy policy;
  google::protobuf::TextFormat::Parser parser;
  EXPECT_TRUE(parser.ParseFromString((std::string() + ... + texts), &policy));
  return policy;
}

inline Schedule Compiled(const v1::Policy& policy,
                         const Schedule::Options& options = {}) {
  const absl::StatusOr<Schedule> schedule = Schedule::Compile(policy, options);
  if (!schedule.ok()) {
    ADD_FAILURE() << schedule.status();
    return *Schedule::Compile(v1::Policy(PolicyOf("time_zone: 'UTC'")));
  }
  return *schedule;
}

inline absl::Time Instant(absl::string_view text) {
  const absl::StatusOr<absl::Time> time = ParseInstant("at", text);
  EXPECT_TRUE(time.ok()) << time.status();
  return time.value_or(absl::UnixEpoch());
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

#endif  // GUICHE_TESTS_SCHEDULE_POLICIES_H_
