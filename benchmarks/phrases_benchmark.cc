// Which phrases does a message hold? guiche's index beside RE2::Set, Hyperscan
// and a hash of word n-grams, with the same phrases on the same messages: those
// of the default policy's needs and referrals that are plain words, and its
// examples. Peers are given texts that were folded and split beforehand, guiche
// the messages as people write them; all must find the same before one is
// timed.

#include <hs.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "policy/mato_grosso.h"
#include "re2/set.h"
#include "routing/phrases.h"
#include "routing/words.h"

namespace guiche {
namespace {

using Found = std::vector<int>;  // numbers of phrases, sorted

// Its folded words, each with a space on both sides.
std::string Spaced(absl::string_view text) {
  Words words;
  SplitWords(text, words);
  std::string spaced = " ";
  for (const Word& word : words.words) {
    absl::StrAppend(&spaced, words.Text(word), " ");
  }
  return spaced;
}

struct Asked {
  std::vector<std::string> phrases, messages;  // as people write them
  std::vector<std::string> spaced_phrases, spaced_messages;
};

void Sort(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

const Asked& TheAsked() {
  static const Asked& asked = *[] {
    auto* all = new Asked;
    const v1::Policy policy = MatoGrosso();
    const auto add = [&](const auto& elements) {
      for (const auto& element : elements) {
        for (const v1::Wording& wording : element.wordings()) {
          for (const auto* list : {&wording.phrases(), &wording.decides()}) {
            for (const std::string& phrase : *list) {
              if (phrase.find_first_of("|*.") == std::string::npos) {
                all->spaced_phrases.push_back(Spaced(phrase));
              }
            }
          }
          all->messages.insert(all->messages.end(), wording.examples().begin(),
                               wording.examples().end());
        }
      }
    };
    add(policy.needs());
    add(policy.referrals());
    Sort(all->spaced_phrases);
    all->phrases = all->spaced_phrases;
    Sort(all->messages);
    std::shuffle(all->messages.begin(), all->messages.end(), std::mt19937(1));
    all->messages.resize(std::min<size_t>(all->messages.size(), 4096));
    for (const std::string& message : all->messages) {
      all->spaced_messages.push_back(Spaced(message));
    }
    return all;
  }();
  return asked;
}

class Guiche {
 public:
  Guiche() {
    for (size_t i = 0; i < TheAsked().phrases.size(); ++i) {
      const auto added =
          index_.Add(TheAsked().phrases[i], static_cast<int>(i), vocabulary_);
      if (!added.ok()) std::abort();
    }
    index_.Finish(vocabulary_);
  }
  void Find(size_t message, Found& found) {
    vocabulary_.Read(TheAsked().messages[message], words_);
    index_.Find(words_, 4096, matches_);
    for (const Match& match : matches_) found.push_back(match.phrase);
  }

 private:
  Vocabulary vocabulary_;
  PhraseIndex index_;
  Words words_;
  Matches matches_;
};

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

Found Sorted(Found found) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

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
BENCHMARK(BM_Find<NgramHash>)->Name("BM_Find/ngram_hash");

}  // namespace
}  // namespace guiche
