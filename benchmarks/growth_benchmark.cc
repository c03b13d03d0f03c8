// What routing costs as a policy grows: understanding a message by a quarter of
// the default policy's needs, phrases or examples, by half, and by all; and
// learning from the examples. Messages are all of them, shuffled from a fixed
// seed, whatever is left of the policy.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "policy/mato_grosso.h"
#include "routing/training.h"
#include "routing/understanding.h"

namespace guiche {
namespace {

const std::vector<v1::LabelledMessage>& Messages() {
  static const auto& messages = *[] {
    auto* all = new std::vector<v1::LabelledMessage>(
        FoldsOf(MatoGrosso(), 1)[0].held_out);
    std::shuffle(all->begin(), all->end(), std::mt19937(1));
    return all;
  }();
  return messages;
}

// Leaves of each four elements the first `quarters`.
template <typename List>
void Cut(List* list, int64_t quarters) {
  int i = 0;
  const auto end = std::remove_if(list->begin(), list->end(), [&](const auto&) {
    return i++ % 4 >= quarters;
  });
  list->erase(end, list->end());
}

// The default policy with so many needs; alarms name none, as it may be gone.
v1::Policy WithNeeds(int64_t quarters) {
  v1::Policy policy = MatoGrosso();
  Cut(policy.mutable_needs(), quarters);
  for (v1::Alarm& alarm : *policy.mutable_alarms()) alarm.clear_need();
  return policy;
}

// All needs, with some of the words for each.
template <typename CutWording>
v1::Policy WithWordings(CutWording cut) {
  v1::Policy policy = MatoGrosso();
  for (v1::Need& need : *policy.mutable_needs()) {
    for (v1::Wording& wording : *need.mutable_wordings()) cut(wording);
  }
  return policy;
}

v1::Policy WithPhrases(int64_t quarters) {
  return WithWordings([&](v1::Wording& wording) {
    Cut(wording.mutable_phrases(), quarters);
    Cut(wording.mutable_decides(), quarters);
  });
}

v1::Policy WithExamples(int64_t quarters) {
  return WithWordings([&](v1::Wording& wording) {
    Cut(wording.mutable_examples(), quarters);
    Cut(wording.mutable_urgent_examples(), quarters);
    Cut(wording.mutable_calm_examples(), quarters);
  });
}

void Understand(benchmark::State& state, const v1::Policy& policy) {
  const auto understanding = Understanding::Compile(policy);
  if (!understanding.ok()) return state.SkipWithError("does not compile");
  Reading reading;
  size_t i = 0;
  for (auto _ : state) {
    understanding->Understand(Messages()[i].text(), reading);
    benchmark::DoNotOptimize(reading);
    if (++i == Messages().size()) i = 0;
  }
}

void Quarters(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("quarters")->Arg(1)->Arg(2)->Arg(4);
}

void BM_Understand_Needs(benchmark::State& state) {
  Understand(state, WithNeeds(state.range(0)));
}
BENCHMARK(BM_Understand_Needs)->Apply(Quarters);

void BM_Understand_Phrases(benchmark::State& state) {
  Understand(state, WithPhrases(state.range(0)));
}
BENCHMARK(BM_Understand_Phrases)->Apply(Quarters);

void BM_Understand_Examples(benchmark::State& state) {
  v1::Policy policy = WithExamples(state.range(0));
  *policy.mutable_model() = FitWeights(policy);
  Understand(state, policy);
}
BENCHMARK(BM_Understand_Examples)->Apply(Quarters);

void BM_Learn_Examples(benchmark::State& state) {
  const v1::Policy policy = WithExamples(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(FitWeights(policy));
}
BENCHMARK(BM_Learn_Examples)->Apply(Quarters)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace guiche
