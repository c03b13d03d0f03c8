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

// Messages joined until they have 160 bytes, as a long one has.
const std::vector<std::string>& LongMessages() {
  static const std::vector<std::string>& messages = *[] {
    auto* joined = new std::vector<std::string>(1);
    for (const std::string& message : Messages()) {
      if (joined->back().size() >= 160) joined->emplace_back();
      joined->back() += message + ". ";
    }
    joined->pop_back();
    return joined;
  }();
  return messages;
}

template <typename Folder>
void FoldAll(benchmark::State& state, Folder fold) {
  for (const std::string& message : LongMessages()) {
    if (fold(message) != FoldByIcu(message)) {
      return state.SkipWithError("folds otherwise");
    }
  }
  size_t i = 0, bytes = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(fold(LongMessages()[i]));
    bytes += LongMessages()[i].size();
    if (++i == LongMessages().size()) i = 0;
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
  state.counters["bytes"] = static_cast<double>(bytes) / state.iterations();
}

void BM_Fold_Guiche(benchmark::State& state, FoldPath path) {
  if (HasFoldPath(path)) {
    FoldAll(state, [&](const auto& text) { return FoldBy(path, text); });
  } else {
    for (auto _ : state) state.SetLabel("not on this machine");
  }
}
BENCHMARK_CAPTURE(BM_Fold_Guiche, avx512, FoldPath::kAvx512);
BENCHMARK_CAPTURE(BM_Fold_Guiche, portable, FoldPath::kPortable);
void BM_Fold_Icu(benchmark::State& state) { FoldAll(state, FoldByIcu); }
BENCHMARK(BM_Fold_Icu);

void UnderstandAll(benchmark::State& state,
                   const std::vector<std::string>& messages) {
  const Understanding& understanding = TheRouter().understanding();
  Reading reading;
  size_t i = 0, bytes = 0;
  for (auto _ : state) {
    understanding.Understand(messages[i], reading);
    benchmark::DoNotOptimize(reading);
    bytes += messages[i].size();
    if (++i == messages.size()) i = 0;
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
  state.counters["bytes"] = static_cast<double>(bytes) / state.iterations();
}

// Whether phrases alone decide, or the model is asked.
bool DecidedByPhrases(const Reading& reading) {
  return reading.decision == Reading::kDecided && reading.ranking[0].decided &&
         std::count_if(reading.ranking.begin(), reading.ranking.end(),
                       [](const Topic& topic) { return topic.decided; }) == 1;
}

void BM_Understand(benchmark::State& state, bool by_phrases, bool by_model) {
  const Understanding& understanding = TheRouter().understanding();
  std::vector<std::string> messages;
  for (const std::string& message : Messages()) {
    const bool decided = DecidedByPhrases(understanding.Understand(message));
    if (decided ? by_phrases : by_model) messages.push_back(message);
  }
  if (messages.empty()) return state.SkipWithError("understands otherwise");
  UnderstandAll(state, messages);
  state.counters["messages"] = static_cast<double>(messages.size());
}
BENCHMARK_CAPTURE(BM_Understand, whole, true, true);
BENCHMARK_CAPTURE(BM_Understand, decided_by_phrases, true, false);
BENCHMARK_CAPTURE(BM_Understand, by_model, false, true);

// One letter of each message is another: what corrections cost.
void BM_UnderstandTypos(benchmark::State& state) {
  std::mt19937 random(2);
  std::vector<std::string> messages = Messages();
  for (std::string& message : messages) {
    message[random() % message.size()] = static_cast<char>('a' + random() % 26);
  }
  UnderstandAll(state, messages);
}
BENCHMARK(BM_UnderstandTypos)->Name("BM_Understand/one_typo");

// Messages one after the other until so many bytes are full.
void BM_UnderstandLong(benchmark::State& state) {
  std::string text;
  for (size_t i = 0; text.size() < static_cast<size_t>(state.range(0)); ++i) {
    text += Messages()[i % Messages().size()] + ". ";
  }
  UnderstandAll(state, {text});
}
BENCHMARK(BM_UnderstandLong)
    ->Name("BM_Understand/long")
    ->Arg(1 << 10)
    ->Arg(10 << 10)
    ->Arg(1 << 20);

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
