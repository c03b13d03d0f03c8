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
#include "unicode/gregocal.h"
#include "unicode/timezone.h"

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

// --- Peers. Each answers whether the window is open.

// Abseil's clock, then the day's hours in a table: what a careful program does.
class DayTable {
 public:
  explicit DayTable(const Schedule& schedule, Window window)
      : zone_(schedule.TimeZone(window)), first_(2022, 1, 1) {
    const absl::CivilDay last(2022 + kYears, 1, 1);
    for (absl::CivilDay day = first_; day < last; ++day) {
      Hours hours;
      for (const OpenInterval& open :
           schedule.Intervals(window, absl::FromCivil(day, zone_),
                              absl::FromCivil(day + 1, zone_))) {
        const absl::Time midnight = absl::FromCivil(day, zone_);
        hours.open =
            static_cast<int>(absl::ToInt64Seconds(open.open - midnight));
        hours.close =
            static_cast<int>(absl::ToInt64Seconds(open.close - midnight));
      }
      hours_.push_back(hours);
    }
  }

  bool IsOpen(absl::Time t) const {
    const absl::CivilSecond clock = absl::ToCivilSecond(t, zone_);
    const absl::CivilDay date(clock);
    const int64_t day = date - first_;
    if (day < 0 || day >= static_cast<int64_t>(hours_.size())) return false;
    const int64_t second = clock - absl::CivilSecond(date);
    return second >= hours_[day].open && second < hours_[day].close;
  }

 private:
  struct Hours {
    int open = 0, close = 0;  // one opening a day
  };
  const absl::TimeZone zone_;
  const absl::CivilDay first_;
  std::vector<Hours> hours_;
};

// ICU's calendar in place of Abseil's clock.
class IcuTable {
 public:
  IcuTable(const Schedule& schedule, Window window)
      : calendar_(icu::TimeZone::createTimeZone("America/Cuiaba"), status_),
        first_(2022, 1, 1) {
    const absl::TimeZone zone = schedule.TimeZone(window);
    const absl::CivilDay last(2022 + kYears, 1, 1);
    for (absl::CivilDay day = first_; day < last; ++day) {
      const absl::Time midnight = absl::FromCivil(day, zone);
      const std::vector<OpenInterval> open =
          schedule.Intervals(window, midnight, absl::FromCivil(day + 1, zone));
      hours_.emplace_back(
          open.empty() ? 0 : absl::ToInt64Milliseconds(open[0].open - midnight),
          open.empty() ? 0
                       : absl::ToInt64Milliseconds(open[0].close - midnight));
    }
  }

  bool IsOpen(absl::Time t) {
    const int64_t seconds = absl::ToUnixSeconds(t);
    if (seconds < 0 || seconds > 4'102'444'800) return false;
    calendar_.setTime(static_cast<double>(seconds) * 1000, status_);
    const absl::CivilDay date(calendar_.get(UCAL_YEAR, status_),
                              calendar_.get(UCAL_MONTH, status_) + 1,
                              calendar_.get(UCAL_DATE, status_));
    const int64_t day = date - first_;
    if (day < 0 || day >= static_cast<int64_t>(hours_.size())) return false;
    const int64_t at = calendar_.get(UCAL_MILLISECONDS_IN_DAY, status_);
    return at >= hours_[day].first && at < hours_[day].second;
  }

 private:
  UErrorCode status_ = U_ZERO_ERROR;
  icu::GregorianCalendar calendar_;
  const absl::CivilDay first_;
  std::vector<std::pair<int64_t, int64_t>> hours_;
};

// A sorted array of the instants at which the window opens and closes.
class Transitions {
 public:
  Transitions(const Schedule& schedule, Window window) {
    for (const OpenInterval& open : schedule.Intervals(
             window, absl::InfinitePast(), absl::InfiniteFuture())) {
      at_.push_back(absl::ToUnixSeconds(open.open));
      at_.push_back(absl::ToUnixSeconds(open.close));
    }
  }

  bool IsOpen(int64_t t) const {
    return (std::upper_bound(at_.begin(), at_.end(), t) - at_.begin()) % 2 == 1;
  }

 private:
  std::vector<int64_t> at_;
};

// Whether a peer says of all instants what we say; an error if not.
template <typename IsOpen>
bool Agrees(benchmark::State& state, const std::vector<absl::Time>& times,
            IsOpen is_open) {
  for (const absl::Time t : times) {
    const bool open = Office().StateAt(OfficeWindow(), t) == State::kOpen;
    if (is_open(t) == open) continue;
    state.SkipWithError("answers otherwise than Guiche");
    return false;
  }
  return true;
}

// --- One instant. Dependent: each question waits for the answer before it.

template <typename Instant, typename IsOpen>
void Ask(benchmark::State& state, const std::vector<Instant>& instants,
         IsOpen is_open, bool dependent) {
  size_t i = 0;
  const Allocations count(state);
  if (dependent) {
    for (auto _ : state) {
      i = (i + 1 + static_cast<size_t>(is_open(instants[i]))) & (kFew - 1);
    }
    benchmark::DoNotOptimize(i);
  } else {
    for (auto _ : state) {
      benchmark::DoNotOptimize(is_open(instants[i++ & (kFew - 1)]));
    }
  }
}

void BM_State_Guiche(benchmark::State& state) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  Ask(
      state, Instants(kFew),
      [&](int64_t t) { return schedule.StateAt(window, t) == State::kOpen; },
      state.range(0) == 1);
}
BENCHMARK(BM_State_Guiche)->ArgName("dependent")->Arg(0)->Arg(1);

void BM_State_UpperBound(benchmark::State& state) {
  const Transitions peer(Office(), OfficeWindow());
  if (!Agrees(state, Times(kFew), [&](absl::Time t) {
        return peer.IsOpen(absl::ToUnixSeconds(t));
      })) {
    return;
  }
  Ask(
      state, Instants(kFew), [&](int64_t t) { return peer.IsOpen(t); },
      state.range(0) == 1);
}
BENCHMARK(BM_State_UpperBound)->ArgName("dependent")->Arg(0)->Arg(1);

void BM_State_AbseilDayTable(benchmark::State& state) {
  const DayTable peer(Office(), OfficeWindow());
  const auto is_open = [&](absl::Time t) { return peer.IsOpen(t); };
  if (!Agrees(state, Times(kFew), is_open)) return;
  Ask(state, Times(kFew), is_open, state.range(0) == 1);
}
BENCHMARK(BM_State_AbseilDayTable)->ArgName("dependent")->Arg(0)->Arg(1);

void BM_State_IcuDayTable(benchmark::State& state) {
  IcuTable peer(Office(), OfficeWindow());
  const auto is_open = [&](absl::Time t) { return peer.IsOpen(t); };
  if (!Agrees(state, Times(kFew), is_open)) return;
  Ask(state, Times(kFew), is_open, state.range(0) == 1);
}
BENCHMARK(BM_State_IcuDayTable)->ArgName("dependent")->Arg(0)->Arg(1);

// State, mode, rule, label, act, certainty, and five instants.
template <typename Instant>
void Answer(benchmark::State& state, const std::vector<Instant>& instants) {
  const Schedule& schedule = Office();
  const Window window = OfficeWindow();
  size_t i = 0;
  const Allocations count(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(schedule.At(window, instants[i++ & (kFew - 1)]));
  }
}

void BM_Answer_Guiche(benchmark::State& state) {
  Answer(state, Instants(kFew));
}
BENCHMARK(BM_Answer_Guiche);

void BM_AnswerOfTime_Guiche(benchmark::State& state) {
  Answer(state, Times(kFew));
}
BENCHMARK(BM_AnswerOfTime_Guiche);

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

void BM_Batch_UpperBound(benchmark::State& state) {
  const Transitions peer(Office(), OfficeWindow());
  std::vector<int64_t> instants = Instants(kMany);
  if (state.range(0) == 1) std::sort(instants.begin(), instants.end());
  std::vector<uint8_t> states(kMany);
  for (auto _ : state) {
    for (size_t i = 0; i < kMany; ++i) states[i] = peer.IsOpen(instants[i]);
    benchmark::DoNotOptimize(states.data());
  }
  state.SetItemsProcessed(state.iterations() * kMany);
}
BENCHMARK(BM_Batch_UpperBound)
    ->ArgName("sorted")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

// What reading the instants and writing as many bytes costs alone.
void BM_Batch_Floor(benchmark::State& state) {
  const std::vector<int64_t> instants = Instants(kMany);
  std::vector<uint8_t> states(kMany);
  for (auto _ : state) {
    for (size_t i = 0; i < kMany; ++i) {
      states[i] = static_cast<uint8_t>(instants[i] >> 13);
    }
    benchmark::DoNotOptimize(states.data());
  }
  state.SetItemsProcessed(state.iterations() * kMany);
}
BENCHMARK(BM_Batch_Floor)->Unit(benchmark::kMillisecond);

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
