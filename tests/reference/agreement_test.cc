// The compiled schedule and the slow reading of the same policy agree, on
// policies made at random.

#include "tests/reference/agreement.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "schedule/schedule.h"
#include "tests/reference/random_policy.h"
#include "tests/reference/reference.h"

namespace guiche {
namespace {

constexpr int kPolicies = 150;

std::string Disagreement(const v1::Policy& policy,
                         absl::optional<absl::Time> known_at, uint64_t seed) {
  const absl::StatusOr<Schedule> schedule =
      Schedule::Compile(policy, {known_at});
  if (!schedule.ok()) return "";
  std::mt19937_64 random(seed);
  const Reference reference(policy, known_at);
  for (const v1::Place& place : policy.places()) {
    for (const v1::Service& service : policy.services()) {
      const std::string found =
          Disagreement(*schedule, reference, service.id(), place.id(), random);
      if (!found.empty()) return found;
    }
  }
  return "";
}

TEST(AgreementTest, RandomPolicies) {
  std::mt19937_64 random(20'220'912);
  int compiled = 0;
  for (int i = 0; i < kPolicies; ++i) {
    const v1::Policy policy = RandomPolicy(random);
    absl::optional<absl::Time> known_at;
    absl::CivilDay from;
    absl::ParseCivilTime(policy.covers_from(), &from);
    if (i % 3 == 0) {
      known_at = absl::FromCivil(from + 20, absl::UTCTimeZone());
    }
    if (!Schedule::Compile(policy, {known_at}).ok()) continue;
    ++compiled;
    if (Disagreement(policy, known_at, i).empty()) continue;
    const v1::Policy smallest = Shrunk(policy, [&](const v1::Policy& smaller) {
      return !Disagreement(smaller, known_at, i).empty();
    });
    std::string text;
    google::protobuf::TextFormat::PrintToString(smallest, &text);
    FAIL() << "policy " << i << ": " << Disagreement(smallest, known_at, i)
           << "\n"
           << text;
  }
  EXPECT_GT(compiled, kPolicies / 3);
}

}  // namespace
}  // namespace guiche
