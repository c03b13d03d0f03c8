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

// Messages joined, 160 bytes of each, or the end of a character before.
const std::vector<std::string>& LongMessages() {
  static const std::vector<std::string>& messages = *[] {
    auto* joined = new std::vector<std::string>(1);
    for (const std::string& message : Messages()) {
      if (joined->back().size() >= 160) joined->emplace_back();
      joined->back() += message + ". ";
    }
    joined->pop_back();
    for (std::string& one : *joined) {
      size_t end = 160;
      while ((one[end] & 0xC0) == 0x80) --end;
      one.resize(end);
    }
    return joined;
  }();
  return messages;
}

template <typename Folder>
void FoldAll(benchmark::State& state, Folder fold) {
  std::string folded;
  for (const std::string& message : LongMessages()) {
    fold(message, folded);
    if (folded != FoldByIcu(message)) {
      return state.SkipWithError("folds otherwise");
    }
  }
  size_t i = 0, bytes = 0;
  for (auto _ : state) {
    fold(LongMessages()[i], folded);
    benchmark::DoNotOptimize(folded.data());
    bytes += LongMessages()[i].size();
    if (++i == LongMessages().size()) i = 0;
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
  state.counters["bytes"] = static_cast<double>(bytes) / state.iterations();
}

void BM_Fold_Guiche(benchmark::State& state, FoldPath path) {
  if (HasFoldPath(path)) {
    FoldAll(state, [&](const std::string& text, std::string& folded) {
      FoldBy(path, text, folded);
    });
  } else {
    for (auto _ : state) state.SetLabel("not on this machine");
  }
}
BENCHMARK_CAPTURE(BM_Fold_Guiche, avx512, FoldPath::kAvx512);
BENCHMARK_CAPTURE(BM_Fold_Guiche, portable, FoldPath::kPortable);
void BM_Fold_Icu(benchmark::State& state) {
  FoldAll(state, [](const std::string& text, std::string& folded) {
    folded = FoldByIcu(text);
  });
}
BENCHMARK(BM_Fold_Icu);

void UnderstandAll(benchmark::State& state,
                   const std::vector<std::string>& messages,
                   Understanding::Tell tell = Understanding::Tell::kNoClues) {
  const Understanding& understanding = TheRouter().understanding();
  Reading reading;
  size_t i = 0, bytes = 0;
  for (auto _ : state) {
    understanding.Understand(messages[i], reading, tell);
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

void BM_UnderstandAndTell(benchmark::State& state) {
  UnderstandAll(state, Messages(), Understanding::Tell::kAll);
}
BENCHMARK(BM_UnderstandAndTell)->Name("BM_Understand/whole_with_clues");

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

// 70 needs and areas and none, 180 places, 6 facts: 817,920 cells. Each need
// has a route of its own, others for places, and others for a fact there.
v1::Policy TableOf(int routes) {
  constexpr int kAreas = 10, kNeeds = 60, kPlaces = 180, kFacts = 6;
  v1::Policy policy;
  policy.set_id("table");
  policy.set_version("1");
  policy.set_time_zone("America/Cuiaba");
  policy.set_default_unit("u0");
  v1::Act& act = *policy.add_acts();
  act.set_id("act");
  act.set_title("act");
  act.set_url("https://example.org");
  const auto name = [](const char* what, int i) {
    return what + std::to_string(i);
  };
  for (int i = 0; i < kPlaces; ++i) {
    v1::Place& place = *policy.add_places();
    place.set_id(name("p", i));
    place.set_name(name("p", i));
    place.set_kind(i == 0 ? v1::Place::STATE : v1::Place::MUNICIPALITY);
    if (i > 0) place.set_parent("p0");
  }
  for (int i = 0; i < 4; ++i) {
    v1::Unit& unit = *policy.add_units();
    unit.set_id(name("u", i));
    unit.set_name(name("u", i));
  }
  for (int i = 0; i < kFacts; ++i) {
    v1::Fact& fact = *policy.add_facts();
    fact.set_id(name("f", i));
    fact.set_name(name("f", i));
  }
  for (int i = 0; i < kAreas; ++i) {
    v1::Area& area = *policy.add_areas();
    area.set_id(name("a", i));
    area.set_name(name("a", i));
  }
  for (int i = 0; i < kNeeds; ++i) {
    v1::Need& need = *policy.add_needs();
    need.set_id(name("n", i));
    need.set_name(name("n", i));
    need.set_area(name("a", i % kAreas));
  }
  for (int i = 0; i < routes; ++i) {
    const int round = i / kNeeds;  // 0: the need, then a place, then a fact too
    const int place = 1 + ((round - 1) / 2 + i % kNeeds * 3) % (kPlaces - 1);
    v1::Route& route = *policy.add_routes();
    route.set_id(name("r", i));
    route.set_act("act");
    route.set_unit(name("u", i % 4));
    route.add_needs(name("n", i % kNeeds));
    if (round > 0) route.add_places(name("p", place));
    if (round > 0 && round % 2 == 0) route.add_facts(name("f", place % kFacts));
  }
  return policy;
}

void BM_Prove(benchmark::State& state) {
  const v1::Policy policy = TableOf(5'000);
  for (auto _ : state) {
    const auto router = Router::Compile(policy);
    if (!router.ok()) {
      return state.SkipWithError(
          std::string(router.status().message()).c_str());
    }
    benchmark::DoNotOptimize(router);
  }
  state.counters["cells"] = 71 * 180 * 64;
}
BENCHMARK(BM_Prove)
    ->Name("BM_Compile/817920_cells_5000_routes")
    ->Unit(benchmark::kMillisecond);

void BM_AssignAmongMany(benchmark::State& state) {
  const v1::Policy policy = TableOf(1'000);
  const auto router = Router::Compile(policy);
  if (!router.ok()) return state.SkipWithError("does not compile");
  std::mt19937 random(1);
  std::vector<Request> requests(4096);
  for (Request& request : requests) {
    request.need = static_cast<int>(random() % 60);
    request.place = static_cast<int>(random() % 180);
    request.facts = random() % 64;
    if (router->Assign(request).route < 0) {
      return state.SkipWithError("assigns by no route");
    }
  }
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(router->Assign(requests[i++ & 4095]));
  }
}
BENCHMARK(BM_AssignAmongMany)->Name("BM_Assign/1000_routes");

}  // namespace
}  // namespace guiche
