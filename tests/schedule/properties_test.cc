// What changing a policy may and may not do to its answers, on policies made at
// random: the order of its parts, printing it, another closing, another
// opening, another zone.

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "schedule/schedule.h"
#include "tests/reference/random_policy.h"

namespace guiche {
namespace {

constexpr int kPolicies = 60;

// Calls `check` with both states at instants all through the policy, at all
// places, if both policies compile.
int CompareStates(const v1::Policy& before, const v1::Policy& after,
                  const std::string& service,
                  const std::function<void(State, State)>& check) {
  const absl::StatusOr<Schedule> one = Schedule::Compile(before);
  const absl::StatusOr<Schedule> other = Schedule::Compile(after);
  if (!one.ok() || !other.ok()) return 0;
  absl::CivilDay from, until;
  absl::ParseCivilTime(before.covers_from(), &from);
  absl::ParseCivilTime(before.covers_until(), &until);
  for (const v1::Place& place : before.places()) {
    const Window a = *one->Find(service, place.id());
    const Window b = *other->Find(service, place.id());
    for (absl::Time t = absl::FromCivil(from - 2, absl::UTCTimeZone());
         t < absl::FromCivil(until + 2, absl::UTCTimeZone());
         t += absl::Minutes(45)) {
      check(one->StateAt(a, t), other->StateAt(b, t));
    }
  }
  return 1;
}

template <typename Elements>
void Shuffle(Elements& elements, std::mt19937_64& random) {
  for (int i = elements.size(); i-- > 1;) {
    elements.SwapElements(i, static_cast<int>(random() % (i + 1)));
  }
}

TEST(PropertiesTest, OrderDoesNotMatter) {
  std::mt19937_64 random(1);
  int compared = 0;
  for (int i = 0; i < kPolicies; ++i) {
    const v1::Policy policy = RandomPolicy(random);
    v1::Policy shuffled = policy;
    Shuffle(*shuffled.mutable_calendar(), random);
    Shuffle(*shuffled.mutable_services(), random);
    Shuffle(*shuffled.mutable_acts(), random);
    Shuffle(*shuffled.mutable_places(), random);
    EXPECT_EQ(Schedule::Compile(policy).ok(), Schedule::Compile(shuffled).ok());
    compared += CompareStates(policy, shuffled, "plantao",
                              [](State a, State b) { ASSERT_EQ(a, b); });
  }
  EXPECT_GT(compared, 10);
}

TEST(PropertiesTest, PrintingAndReadingItAgainChangesNothing) {
  std::mt19937_64 random(2);
  int compared = 0;
  for (int i = 0; i < kPolicies; ++i) {
    const v1::Policy policy = RandomPolicy(random);
    std::string text;
    google::protobuf::TextFormat::PrintToString(policy, &text);
    v1::Policy read;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &read));
    compared += CompareStates(policy, read, "online",
                              [](State a, State b) { ASSERT_EQ(a, b); });
  }
  EXPECT_GT(compared, 10);
}

v1::CalendarRule& AddRule(v1::Policy& policy, v1::CalendarRule::Effect effect,
                          std::mt19937_64& random) {
  absl::CivilDay from;
  absl::ParseCivilTime(policy.covers_from(), &from);
  from += static_cast<int>(random() % 15);
  v1::CalendarRule& rule = *policy.add_calendar();
  rule.set_id("added");
  rule.set_layer(v1::EMERGENCY);
  rule.set_effect(effect);
  rule.set_kind(v1::EMERGENCIA);
  rule.set_act("added");
  v1::Act& act = *policy.add_acts();
  act.set_id("added");
  act.set_published_on("2999-01-01");
  rule.mutable_span()->set_from(
      absl::StrCat(absl::FormatCivilTime(from), "T10:00"));
  rule.mutable_span()->set_until(
      absl::StrCat(absl::FormatCivilTime(from + 5), "T17:15"));
  return rule;
}

TEST(PropertiesTest, AClosureNeverOpensMore) {
  std::mt19937_64 random(3);
  int compared = 0, closed = 0;
  for (int i = 0; i < kPolicies; ++i) {
    const v1::Policy policy = RandomPolicy(random);
    v1::Policy with = policy;
    AddRule(with, v1::CalendarRule::CLOSE, random);
    compared += CompareStates(policy, with, "online", [&](State a, State b) {
      ASSERT_TRUE(b == a || (a == State::kOpen && b == State::kClosed));
      closed += a != b;
    });
  }
  EXPECT_GT(compared, 10);
  EXPECT_GT(closed, 0);
}

TEST(PropertiesTest, AnOpeningNeverClosesMore) {
  std::mt19937_64 random(4);
  int compared = 0, opened = 0;
  for (int i = 0; i < kPolicies; ++i) {
    const v1::Policy policy = RandomPolicy(random);
    v1::Policy with = policy;
    AddRule(with, v1::CalendarRule::OPEN_EXTRA, random);
    compared += CompareStates(policy, with, "online", [&](State a, State b) {
      ASSERT_TRUE(b == a || b == State::kOpen);
      opened += a != b;
    });
  }
  EXPECT_GT(compared, 10);
  EXPECT_GT(opened, 0);
}

TEST(PropertiesTest, DoubtNeverChangesTheState) {
  std::mt19937_64 random(5);
  int compared = 0;
  for (int i = 0; i < kPolicies; ++i) {
    const v1::Policy policy = RandomPolicy(random);
    v1::Policy with = policy;
    AddRule(with, v1::CalendarRule::DOUBT, random);
    compared += CompareStates(policy, with, "plantao",
                              [](State a, State b) { ASSERT_EQ(a, b); });
  }
  EXPECT_GT(compared, 10);
}

// In a zone that never changes its clock, another offset moves all answers by
// the difference and no more.
TEST(PropertiesTest, AnotherZoneMovesAllAnswers) {
  std::mt19937_64 random(6);
  int compared = 0;
  for (int i = 0; i < kPolicies; ++i) {
    v1::Policy utc = RandomPolicy(random);
    utc.set_time_zone("UTC");
    for (v1::Place& place : *utc.mutable_places()) place.clear_time_zone();
    v1::Policy east = utc;
    east.set_time_zone("Etc/GMT-5");  // five hours ahead
    const absl::StatusOr<Schedule> one = Schedule::Compile(utc);
    const absl::StatusOr<Schedule> other = Schedule::Compile(east);
    if (!one.ok() || !other.ok()) continue;
    ++compared;
    const Window a = *one->Find("online", "predio");
    const Window b = *other->Find("online", "predio");
    absl::Time t = absl::InfinitePast();
    for (;;) {
      const Verdict here = one->At(a, t);
      const Verdict there = other->At(b, t - absl::Hours(5));
      ASSERT_EQ(here.rule, there.rule);
      ASSERT_EQ(here.until.kind, there.until.kind);
      if (here.until.kind != Moment::kAt) break;
      ASSERT_EQ(here.until.at() - absl::Hours(5), there.until.at());
      t = here.until.at();
    }
  }
  EXPECT_GT(compared, 10);
}

}  // namespace
}  // namespace guiche
