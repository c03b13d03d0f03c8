// The compiled calendar of Mato Grosso and the slow reading of it agree, at
// every place, wherever the answer changes and at instants between.

#include "policy/mato_grosso.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "schedule/schedule.h"
#include "tests/reference/agreement.h"
#include "tests/reference/reference.h"

namespace guiche {
namespace {

TEST(MatoGrossoTest, EveryComarca) {
  const v1::Policy policy = MatoGrosso();
  const absl::StatusOr<Schedule> schedule = Schedule::Compile(policy);
  ASSERT_TRUE(schedule.ok()) << schedule.status();
  const Reference reference(policy);
  std::mt19937_64 random(1);
  int municipalities = 0;
  for (const v1::Place& place : policy.places()) {
    const bool left_out =
        place.kind() == v1::Place::MUNICIPALITY && municipalities++ % 10 != 0;
    if (left_out) continue;
    EXPECT_EQ(Disagreement(*schedule, reference, "online", place.id(), random),
              "");
  }
  for (const v1::Service& service : policy.services()) {
    EXPECT_EQ(Disagreement(*schedule, reference, service.id(),
                           policy.places(0).id(), random),
              "");
  }
}

TEST(MatoGrossoTest, AsKnownInTheMiddleOfAYear) {
  const v1::Policy policy = MatoGrosso();
  const absl::Time known_at = absl::FromUnixSeconds(1'709'000'000);
  const absl::StatusOr<Schedule> schedule =
      Schedule::Compile(policy, {known_at});
  ASSERT_TRUE(schedule.ok()) << schedule.status();
  const Reference reference(policy, known_at);
  std::mt19937_64 random(1);
  for (int i = 0; i < policy.places_size(); i += 20) {
    EXPECT_EQ(Disagreement(*schedule, reference, "online",
                           policy.places(i).id(), random),
              "");
  }
}

}  // namespace
}  // namespace guiche
