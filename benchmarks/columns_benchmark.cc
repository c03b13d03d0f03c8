// What the C interface adds to a column of instants: the same million instants
// of one window by the C++ batch and by guiche_window_states(), in seconds and
// in other ticks; and structured requests by Desk and by guiche_decide().

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "bindings/c/guiche.h"
#include "desk/desk.h"
#include "policy/mato_grosso.h"

namespace guiche {
namespace {

constexpr size_t kCount = 1'000'000;

const Desk& TheDesk() {
  static const Desk& desk = *new Desk(*Desk::Compile(MatoGrosso()));
  return desk;
}

guiche_engine* TheEngine() {
  static guiche_engine* const engine = [] {
    guiche_engine* created;
    guiche_buffer error;
    guiche_engine_create(nullptr, 0, GUICHE_PROTO, nullptr, 0, nullptr, 0,
                         &created, &error);
    return created;
  }();
  return engine;
}

// Over 2023 to 2026, in no order.
std::vector<int64_t> Instants(int64_t ticks_per_second) {
  std::mt19937_64 random(7);
  std::vector<int64_t> column(kCount);
  for (int64_t& instant : column) {
    instant = (1'672'545'600 + static_cast<int64_t>(random() % 126'230'400)) *
              ticks_per_second;
  }
  return column;
}

std::vector<State> StatesByCpp() {
  std::vector<State> states(kCount);
  const std::vector<int64_t> instants = Instants(1);
  const Schedule& schedule = TheDesk().schedule();
  schedule.At(*schedule.Find("", "Sinop"), absl::Span<const int64_t>(instants),
              absl::MakeSpan(states));
  return states;
}

void BM_States_Cpp(benchmark::State& state) {
  const Schedule& schedule = TheDesk().schedule();
  const Window window = *schedule.Find("", "Sinop");
  const std::vector<int64_t> instants = Instants(1);
  std::vector<State> states(kCount);
  for (auto _ : state) {
    schedule.At(window, absl::Span<const int64_t>(instants),
                absl::MakeSpan(states));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kCount);
}
BENCHMARK(BM_States_Cpp)->Unit(benchmark::kMillisecond);

void BM_States_C(benchmark::State& state) {
  guiche_window* window;
  guiche_buffer error;
  guiche_window_create(TheEngine(), "", 0, "Sinop", 5, &window, &error);
  const std::vector<int64_t> instants = Instants(state.range(0));
  std::vector<uint8_t> states(kCount);
  guiche_window_states(window, state.range(0), instants.data(), kCount,
                       states.data());
  const std::vector<State> expected = StatesByCpp();
  for (size_t i = 0; i < kCount; ++i) {
    if (states[i] != static_cast<uint8_t>(expected[i])) {
      return state.SkipWithError("answers otherwise");
    }
  }
  for (auto _ : state) {
    guiche_window_states(window, state.range(0), instants.data(), kCount,
                         states.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kCount);
  guiche_window_free(window);
}
BENCHMARK(BM_States_C)
    ->Arg(1)
    ->Arg(1'000)
    ->Arg(1'000'000)
    ->Arg(1'000'000'000)
    ->Unit(benchmark::kMillisecond);

struct Columns {
  std::vector<int32_t> needs, places;
  std::vector<uint64_t> facts;
};

Columns TheColumns() {
  Columns columns;
  std::mt19937_64 random(7);
  const v1::Policy policy = MatoGrosso();
  for (size_t i = 0; i < kCount; ++i) {
    columns.needs.push_back(
        static_cast<int32_t>(random() % policy.needs_size()));
    columns.places.push_back(
        static_cast<int32_t>(random() % policy.places_size()));
    columns.facts.push_back(random() & 7);
  }
  return columns;
}

void BM_Decide_Cpp(benchmark::State& state) {
  const Columns columns = TheColumns();
  const std::vector<int64_t> instants = Instants(1);
  std::vector<Brief> briefs(kCount);
  for (auto _ : state) {
    for (size_t i = 0; i < kCount; ++i) {
      briefs[i] = TheDesk().Decide(
          {columns.needs[i], -1, columns.places[i], columns.facts[i]},
          instants[i]);
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kCount);
}
BENCHMARK(BM_Decide_Cpp)->Unit(benchmark::kMillisecond);

void BM_Decide_C(benchmark::State& state) {
  const Columns columns = TheColumns();
  const std::vector<int64_t> instants = Instants(1);
  std::vector<guiche_decision> decisions(kCount);
  const auto decide = [&] {
    guiche_decide(TheEngine(), columns.needs.data(), nullptr,
                  columns.places.data(), columns.facts.data(), 1,
                  instants.data(), kCount, decisions.data());
  };
  decide();
  for (size_t i = 0; i < kCount; ++i) {
    const Brief brief = TheDesk().Decide(
        {columns.needs[i], -1, columns.places[i], columns.facts[i]},
        instants[i]);
    if (decisions[i].unit != brief.unit ||
        decisions[i].state != static_cast<uint8_t>(brief.state)) {
      return state.SkipWithError("answers otherwise");
    }
  }
  for (auto _ : state) {
    decide();
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kCount);
}
BENCHMARK(BM_Decide_C)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace guiche
