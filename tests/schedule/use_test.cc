// What holds of every query: it allocates nothing, and threads may ask while
// another replaces the schedule.

#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/schedule/policies.h"

namespace {
thread_local long allocations = 0;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

namespace guiche {
namespace {

constexpr char kHoliday[] =
    "calendar { id: 'natal' layer: HOLIDAY effect: CLOSE kind: "
    "FERIADO_NACIONAL "
    "act: 'res' days { month_day: '12-25' } }";

TEST(UseTest, QueriesAllocateNothing) {
  const Schedule schedule = Compiled(PolicyOf(kGround, kHoliday));
  const Window window = *schedule.Find("online", "sinop");
  std::vector<int64_t> seconds(1000);
  std::vector<State> states(1000);
  for (size_t i = 0; i < seconds.size(); ++i) {
    seconds[i] = 1'600'000'000 + int64_t{500'000} * static_cast<int64_t>(i);
  }
  const long before = allocations;
  int open = 0;
  for (const int64_t second : seconds) {
    const absl::Time t = absl::FromUnixSeconds(second);
    open += schedule.At(window, t).state == State::kOpen;
    open += schedule.StateAt(window, t) == State::kOpen;
    schedule.OpenTime(window, t, t + absl::Hours(100));
    schedule.AddOpenTime(window, t, absl::Hours(5));
  }
  schedule.At(window, seconds, absl::MakeSpan(states));
  EXPECT_EQ(allocations, before);
  EXPECT_GT(open, 0);
}

TEST(UseTest, ThreadsAskWhileThePolicyIsReplaced) {
  const v1::Policy policies[] = {PolicyOf(kGround),
                                 PolicyOf(kGround, kHoliday)};
  std::mutex mutex;
  Schedule current = Compiled(policies[0]);
  const absl::Time natal = Instant("2026-12-25T13:00:00-04:00");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        mutex.lock();
        const Schedule mine = current;
        mutex.unlock();
        const Window window = *mine.Find("online", "sinop");
        const Verdict verdict = mine.At(window, natal);
        EXPECT_EQ(verdict.rule, verdict.state == State::kOpen
                                    ? "services[online].weekly[regular]"
                                    : "calendar[natal]");
      }
    });
  }
  for (int n = 1; n < 10; ++n) {
    Schedule next = Compiled(policies[n % 2]);
    const std::lock_guard<std::mutex> lock(mutex);
    current = next;
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace guiche
