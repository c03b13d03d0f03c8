// Which phrases does a message hold? guiche's index beside RE2::Set, Hyperscan,
// ICU's regular expressions and a hash of word n-grams, with the same phrases
// on the same messages. Peers are given texts that were folded and split
// beforehand, guiche the messages as people write them; all must find the same
// before one is timed.

#include <hs.h>
#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "benchmarks/phrases_asked.h"
#include "re2/set.h"

namespace guiche {
namespace {

class Re2Set {
 public:
  Re2Set() : set_(Options(), RE2::UNANCHORED) {
    for (const std::string& phrase : TheAsked().spaced_phrases) {
      if (set_.Add(phrase, nullptr) < 0) std::abort();
    }
    if (!set_.Compile()) std::abort();
  }
  void Find(size_t message, Found& found) {
    set_.Match(TheAsked().spaced_messages[message], &found);
  }

 private:
  static RE2::Options Options() {
    RE2::Options options;
    options.set_literal(true);
    options.set_max_mem(256 << 20);
    return options;
  }
  RE2::Set set_;
};

class Hyperscan {
 public:
  Hyperscan() {
    std::vector<const char*> phrases;
    std::vector<unsigned> flags, numbers;
    std::vector<size_t> sizes;
    for (const std::string& phrase : TheAsked().spaced_phrases) {
      numbers.push_back(static_cast<unsigned>(phrases.size()));
      phrases.push_back(phrase.data());
      sizes.push_back(phrase.size());
      flags.push_back(0);
    }
    hs_compile_error_t* error = nullptr;
    if (hs_compile_lit_multi(
            phrases.data(), flags.data(), numbers.data(), sizes.data(),
            static_cast<unsigned>(phrases.size()), HS_MODE_BLOCK, nullptr,
            &database_, &error) != HS_SUCCESS ||
        hs_alloc_scratch(database_, &scratch_) != HS_SUCCESS) {
      std::abort();
    }
  }
  void Find(size_t message, Found& found) {
    const std::string& text = TheAsked().spaced_messages[message];
    const auto add = [](unsigned number, unsigned long long, unsigned long long,
                        unsigned, void* to) {
      static_cast<Found*>(to)->push_back(static_cast<int>(number));
      return 0;
    };
    hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0,
            scratch_, add, &found);
  }

 private:
  hs_database_t* database_ = nullptr;  // both until the process ends
  hs_scratch_t* scratch_ = nullptr;
};

// ICU has no set of expressions, and one that joins them by "|" tells but one
// at a place and takes longer: so an expression a phrase.
class IcuRegex {
 public:
  IcuRegex() {
    for (const std::string& phrase : TheAsked().spaced_phrases) {
      UErrorCode error = U_ZERO_ERROR;
      phrases_.push_back(std::make_unique<icu::RegexMatcher>(
          icu::UnicodeString::fromUTF8(phrase), UREGEX_LITERAL, error));
      if (U_FAILURE(error)) std::abort();
    }
    for (const std::string& message : TheAsked().spaced_messages) {
      messages_.push_back(icu::UnicodeString::fromUTF8(message));
    }
  }
  void Find(size_t message, Found& found) {
    for (size_t i = 0; i < phrases_.size(); ++i) {
      phrases_[i]->reset(messages_[message]);
      if (phrases_[i]->find()) found.push_back(static_cast<int>(i));
    }
  }

 private:
  std::vector<std::unique_ptr<icu::RegexMatcher>> phrases_;
  std::vector<icu::UnicodeString> messages_;
};

// All runs of words up to the longest phrase, looked up in a hash table.
class NgramHash {
 public:
  NgramHash() {
    for (const std::string& phrase : TheAsked().spaced_phrases) {
      numbers_.emplace(phrase, static_cast<int>(numbers_.size()));
      const auto spaces = std::count(phrase.begin(), phrase.end(), ' ');
      longest_ = std::max(longest_, static_cast<size_t>(spaces - 1));
    }
  }
  void Find(size_t message, Found& found) {
    const absl::string_view text = TheAsked().spaced_messages[message];
    spaces_.clear();
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == ' ') spaces_.push_back(i);
    }
    for (size_t i = 0; i < spaces_.size(); ++i) {
      for (size_t j = i + 1; j < spaces_.size() && j <= i + longest_; ++j) {
        const auto met =
            numbers_.find(text.substr(spaces_[i], spaces_[j] + 1 - spaces_[i]));
        if (met != numbers_.end()) found.push_back(met->second);
      }
    }
  }

 private:
  absl::flat_hash_map<std::string, int> numbers_;
  size_t longest_ = 0;
  std::vector<size_t> spaces_;
};

template <typename Finder>
void BM_Find(benchmark::State& state) {
  static Finder& finder = *new Finder;
  static NgramHash& reference = *new NgramHash;
  const size_t size = TheAsked().messages.size();
  Found found, expected;
  size_t phrases = 0;
  for (size_t i = 0; i < size; ++i) {
    found.clear();
    expected.clear();
    finder.Find(i, found);
    reference.Find(i, expected);
    expected = Sorted(expected);
    phrases += expected.size();
    if (Sorted(found) != expected) return state.SkipWithError("finds others");
  }
  size_t i = 0;
  for (auto _ : state) {
    found.clear();
    finder.Find(i, found);
    benchmark::DoNotOptimize(found.data());
    if (++i == size) i = 0;
  }
  state.counters["phrases"] =
      static_cast<double>(TheAsked().spaced_phrases.size());
  state.counters["found"] = static_cast<double>(phrases) / size;
}
BENCHMARK(BM_Find<Guiche>)->Name("BM_Find/guiche_from_raw_text");
BENCHMARK(BM_Find<Hyperscan>)->Name("BM_Find/hyperscan");
BENCHMARK(BM_Find<Re2Set>)->Name("BM_Find/re2_set");
BENCHMARK(BM_Find<IcuRegex>)->Name("BM_Find/icu_regex");
BENCHMARK(BM_Find<NgramHash>)->Name("BM_Find/ngram_hash");

}  // namespace
}  // namespace guiche
