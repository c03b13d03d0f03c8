// Is a window open at an instant: ours beside what others would do in process.
// Instants span all that int64 seconds hold at one in a hundred, the rest lie
// in the policy's dates. A peer whose answers differ reports an error, not a
// time.

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"
#include "benchmarks/schedule_policy.h"
#include "schedule/schedule.h"

namespace {
thread_local long allocated = 0;
thread_local long allocated_bytes = 0;
}  // namespace

void* operator new(size_t size) {
  ++allocated;
  allocated_bytes += static_cast<long>(size);
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

namespace guiche {
namespace {

constexpr int kYears = 10;
constexpr int kComarcas = 79;
constexpr size_t kMany = 10'000'000;
constexpr size_t kFew = 4096;  // a power of two

// Counts what is allocated while it lives, per iteration.
class Allocations {
 public:
  explicit Allocations(benchmark::State& state)
      : state_(state), count_(allocated), bytes_(allocated_bytes) {}
  ~Allocations() {
    const auto per_iteration = [&](long n) {
      return benchmark::Counter(static_cast<double>(n),
                                benchmark::Counter::kAvgIterations);
    };
    state_.counters["allocs"] = per_iteration(allocated - count_);
    state_.counters["bytes"] = per_iteration(allocated_bytes - bytes_);
  }

 private:
  benchmark::State& state_;
  const long count_, bytes_;
};

const Schedule& Office() {
  static const Schedule* const schedule =
      new Schedule(*Schedule::Compile(CalendarPolicy(kYears, kComarcas)));
  return *schedule;
}

Window OfficeWindow() { return *Office().Find("online", "sede3"); }

std::vector<int64_t> Instants(size_t count) {
  std::mt19937_64 random(20'220'912);
  const int64_t from = absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilDay(2022, 1, 1), absl::UTCTimeZone()));
  const uint64_t length = uint64_t{kYears} * 365 * 86'400;
  std::vector<int64_t> instants(count);
  for (int64_t& t : instants) {
    t = random() % 100 == 0 ? static_cast<int64_t>(random())
                            : from + static_cast<int64_t>(random() % length);
  }
  return instants;
}

std::vector<absl::Time> Times(size_t count) {
  std::vector<absl::Time> times;
  for (const int64_t t : Instants(count)) {
    times.push_back(absl::FromUnixSeconds(t));
  }
  return times;
}

// --- One instant.

void BM_State_Guiche(benchmark::State& state) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  const std::vector<absl::Time> times = Times(kFew);
  size_t i = 0;
  const Allocations count(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(schedule.StateAt(window, times[i++ & (kFew - 1)]));
  }
}
BENCHMARK(BM_State_Guiche);

// Each question waits for the answer before it.
void BM_StateDependent_Guiche(benchmark::State& state) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  const std::vector<int64_t> instants = Instants(kFew);
  size_t i = 0;
  for (auto _ : state) {
    const State answer = schedule.StateAt(window, instants[i]);
    i = (i + 1 + static_cast<size_t>(answer)) & (kFew - 1);
  }
  benchmark::DoNotOptimize(i);
}
BENCHMARK(BM_StateDependent_Guiche);

void BM_Answer_Guiche(benchmark::State& state) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  const std::vector<absl::Time> times = Times(kFew);
  size_t i = 0;
  const Allocations count(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(schedule.At(window, times[i++ & (kFew - 1)]));
  }
}
BENCHMARK(BM_Answer_Guiche);

// --- Many.

void BM_Batch_Guiche(benchmark::State& state) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  std::vector<int64_t> instants = Instants(kMany);
  if (state.range(0) == 1) std::sort(instants.begin(), instants.end());
  std::vector<State> states(kMany);
  for (auto _ : state) {
    schedule.At(window, instants, absl::MakeSpan(states));
    benchmark::DoNotOptimize(states.data());
  }
  state.SetItemsProcessed(state.iterations() * kMany);
}
BENCHMARK(BM_Batch_Guiche)
    ->ArgName("sorted")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

void BM_AllPlaces_Guiche(benchmark::State& state) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  const std::vector<absl::Time> times = Times(kFew);
  size_t i = 0;
  size_t places = 0;
  for (auto _ : state) {
    const std::vector<State> states =
        schedule.StateOfAll(window, times[i++ & (kFew - 1)]);
    places = states.size();
    benchmark::DoNotOptimize(states.data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * places));
}
BENCHMARK(BM_AllPlaces_Guiche);

// --- Compiling.

void BM_Compile_Guiche(benchmark::State& state) {
  const v1::Policy policy = CalendarPolicy(static_cast<int>(state.range(0)),
                                           static_cast<int>(state.range(1)));
  const Allocations count(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Schedule::Compile(policy));
  }
}
BENCHMARK(BM_Compile_Guiche)
    ->ArgNames({"years", "comarcas"})
    ->Args({10, 79})
    ->Args({1, 79})
    ->Args({40, 79})
    ->Args({10, 1})
    ->Args({10, 790})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace guiche
