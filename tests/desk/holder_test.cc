// Questions go on while the policy is replaced; for ThreadSanitizer too.

#include "desk/holder.h"

#include <malloc.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/desk/policies.h"

namespace guiche {
namespace {

v1::Policy Edition(const std::string& version) {
  v1::Policy policy = SmallPolicy();
  policy.set_version(version);
  return policy;
}

Desk DeskOf(const std::string& version) {
  absl::StatusOr<Desk> desk = Desk::Compile(Edition(version));
  EXPECT_TRUE(desk.ok()) << desk.status();
  return *std::move(desk);
}

TEST(DeskHolder, GivesTheDeskLastSet) {
  DeskHolder holder(DeskOf("1"));
  EXPECT_EQ(holder.Get().origin().version(), "1");
  const Desk before = holder.Get();
  ASSERT_TRUE(holder.Reload(Edition("2"), {}).ok());
  EXPECT_EQ(holder.Get().origin().version(), "2");
  EXPECT_EQ(before.origin().version(), "1");
}

TEST(DeskHolder, KeepsTheDeskWhenTheNewPolicyDoesNotCompile) {
  DeskHolder holder(DeskOf("1"));
  v1::Policy policy = Edition("2");
  policy.set_time_zone("Nowhere");
  EXPECT_EQ(holder.Reload(policy, {}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(holder.Get().origin().version(), "1");
}

TEST(DeskHolder, FreesWhatNobodyAsks) {
  DeskHolder holder(DeskOf("1"));
  holder.Set(DeskOf("2"));
  // Not seen under a sanitizer, which has a heap of its own.
  const size_t used = mallinfo2().uordblks;
  for (int i = 0; i < 20; ++i) holder.Set(DeskOf("3"));
  EXPECT_LE(mallinfo2().uordblks, used + used / 10);
}

TEST(DeskHolder, AnswersWholeWhileItIsReplaced) {
  const std::vector<Desk> desks = {DeskOf("1"), DeskOf("2")};
  DeskHolder holder(desks[0]);
  v1::DecisionRequest request;
  request.set_text("quero pensão alimentícia");
  request.set_at("2026-01-07T12:00:00-04:00");
  std::atomic<bool> done{false};
  std::atomic<int> answers{0}, mixed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        const Desk desk = holder.Get();
        const auto decision = desk.Decide(request);
        const std::string& version = desk.origin().version();
        if (!decision.ok() || decision->route().policy().version() != version ||
            decision->availability().policy().version() != version) {
          ++mixed;
        }
        ++answers;
      }
    });
  }
  // Two threads set, until the readers have seen many swaps.
  std::vector<std::thread> setters;
  for (int i = 0; i < 2; ++i) {
    setters.emplace_back([&, i] {
      for (int swaps = 0; swaps < 1000 || answers < 100; ++swaps) {
        holder.Set(desks[(swaps + i) % 2]);
        std::this_thread::yield();
      }
    });
  }
  for (std::thread& setter : setters) setter.join();
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(mixed, 0);
}

}  // namespace
}  // namespace guiche
