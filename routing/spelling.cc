#include "routing/spelling.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace guiche {
namespace {

constexpr size_t kLongestWord = 40;

// Traces are kept by their first bits.
constexpr int kBucketBits = 15;

size_t Bucket(uint64_t trace) { return trace >> (64 - kBucketBits); }

// FNV-1a of the word less the letter at `without`, if there is one.
uint64_t Trace(absl::string_view word, size_t without) {
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < word.size(); ++i) {
    if (i == without) continue;
    hash = (hash ^ static_cast<unsigned char>(word[i])) * 1099511628211u;
  }
  return hash;
}

bool IsOneApart(absl::string_view a, absl::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  const size_t first =
      std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin();
  if (b.size() == a.size() + 1) return a.substr(first) == b.substr(first + 1);
  if (a.size() != b.size() || first == a.size()) return false;
  if (a.substr(first + 1) == b.substr(first + 1)) return true;
  return first + 1 < a.size() && a[first] == b[first + 1] &&
         a[first + 1] == b[first] && a.substr(first + 2) == b.substr(first + 2);
}

}  // namespace

void Spelling::Learn(int id, absl::string_view word) {
  if (word.size() < kShortestWord || word.size() > kLongestWord) return;
  for (size_t without = 0; without <= word.size(); ++without) {
    traces_.emplace_back(Trace(word, without), id);
  }
}

void Spelling::Finish() {
  std::sort(traces_.begin(), traces_.end());
  traces_.erase(std::unique(traces_.begin(), traces_.end()), traces_.end());
  from_.assign((size_t{1} << kBucketBits) + 1, 0);
  for (const auto& [trace, id] : traces_) ++from_[Bucket(trace) + 1];
  std::partial_sum(from_.begin(), from_.end(), from_.begin());
}

int Spelling::Correct(absl::string_view word,
                      const Vocabulary& vocabulary) const {
  if (word.size() < kShortestWord || word.size() > kLongestWord) {
    return kUnknownWord;
  }
  int only = kUnknownWord;
  for (size_t without = 0; without <= word.size(); ++without) {
    const uint64_t trace = Trace(word, without);
    const size_t bucket = Bucket(trace);
    for (uint32_t i = from_[bucket]; i < from_[bucket + 1]; ++i) {
      const auto& [other, id] = traces_[i];
      if (other != trace || !IsOneApart(word, vocabulary.Text(id))) continue;
      if (only != kUnknownWord && only != id) return kUnknownWord;
      only = id;
    }
  }
  return only;
}

}  // namespace guiche
