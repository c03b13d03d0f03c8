// What routing costs: folding a message, beside ICU, understanding it, and
// assigning a request whose parts are known. Messages are the default policy's
// own examples, shuffled from a fixed seed.

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "policy/fold.h"
#include "policy/mato_grosso.h"
#include "routing/router.h"
#include "routing/understanding.h"

namespace guiche {
namespace {

const v1::Policy& ThePolicy() {
  static const v1::Policy& policy = *new v1::Policy(MatoGrosso());
  return policy;
}

const Router& TheRouter() {
  static const Router& router = *new Router(*Router::Compile(ThePolicy()));
  return router;
}

const std::vector<std::string>& Messages() {
  static const std::vector<std::string>& messages = *[] {
    auto* all = new std::vector<std::string>;
    for (const v1::Need& need : ThePolicy().needs()) {
      for (const v1::Wording& wording : need.wordings()) {
        for (const auto* examples :
             {&wording.examples(), &wording.urgent_examples(),
              &wording.calm_examples()}) {
          all->insert(all->end(), examples->begin(), examples->end());
        }
      }
    }
    std::shuffle(all->begin(), all->end(), std::mt19937(1));
    return all;
  }();
  return messages;
}

void CountBytes(benchmark::State& state) {
  size_t bytes = 0;
  for (const std::string& message : Messages()) bytes += message.size();
  state.SetBytesProcessed(state.iterations() * bytes / Messages().size());
  state.counters["bytes"] = static_cast<double>(bytes) / Messages().size();
}

std::string FoldByIcu(const std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(text);
  unicode = nfkd->normalize(unicode.foldCase(), error);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < unicode.length(); i = unicode.moveIndex32(i, 1)) {
    const UChar32 c = unicode.char32At(i);
    if ((U_GET_GC_MASK(c) & U_GC_M_MASK) == 0) kept.append(c);
  }
  std::string folded;
  kept.toUTF8String(folded);
  return folded;
}

template <std::string (*kFold)(const std::string&)>
void BM_Fold(benchmark::State& state) {
  for (const std::string& message : Messages()) {
    if (kFold(message) != Fold(message)) {
      return state.SkipWithError("folds otherwise");
    }
  }
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(kFold(Messages()[i]));
    if (++i == Messages().size()) i = 0;
  }
  CountBytes(state);
}
std::string FoldByGuiche(const std::string& text) { return Fold(text); }
BENCHMARK(BM_Fold<FoldByGuiche>)->Name("BM_Fold/guiche");
BENCHMARK(BM_Fold<FoldByIcu>)->Name("BM_Fold/icu");

void BM_Understand(benchmark::State& state) {
  const Understanding& understanding = TheRouter().understanding();
  if (understanding.Understand("quero pedir pensão alimentícia").decision !=
      Reading::kDecided) {
    return state.SkipWithError("understands otherwise");
  }
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(understanding.Understand(Messages()[i]));
    if (++i == Messages().size()) i = 0;
  }
  CountBytes(state);
}
BENCHMARK(BM_Understand)->Name("BM_Understand/whole");

void BM_UnderstandDecided(benchmark::State& state) {
  const Understanding& understanding = TheRouter().understanding();
  const std::string text =
      "bom dia meu ex nao paga a pensao do meu filho ja tem 3 meses, quero "
      "pedir pensao alimenticia";
  if (understanding.Understand(text).decision != Reading::kDecided) {
    return state.SkipWithError("understands otherwise");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(understanding.Understand(text));
  }
}
BENCHMARK(BM_UnderstandDecided)->Name("BM_Understand/decided_by_phrases");

void BM_Assign(benchmark::State& state) {
  std::mt19937 random(1);
  std::vector<Request> requests(4096);
  for (Request& request : requests) {
    request.need = static_cast<int>(random() % ThePolicy().needs_size());
    request.place = static_cast<int>(random() % ThePolicy().places_size());
    request.facts = random() % (uint64_t{1} << ThePolicy().facts_size());
    if (TheRouter().Assign(request).unit < 0) {
      return state.SkipWithError("assigns to no unit");
    }
  }
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(TheRouter().Assign(requests[i++ & 4095]));
  }
}
BENCHMARK(BM_Assign);

void BM_Compile(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(Router::Compile(ThePolicy()));
  }
}
BENCHMARK(BM_Compile)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace guiche
