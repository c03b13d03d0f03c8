#include "routing/features.h"

#include <string>

namespace guiche {
namespace {

// Odd, without pattern.
constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;

uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 32)) * kMultiplier;
  return x ^ (x >> 29);
}

Bucket BucketOf(uint64_t hash) {
  return static_cast<Bucket>(hash * kMultiplier >> (64 - kBucketBits));
}

}  // namespace

WordHash HashWord(absl::string_view word) {
  uint64_t hash = word.size();
  for (const char c : word) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kMultiplier;
    hash ^= hash >> 31;
  }
  return Mix(hash);
}

void AddWordFeatures(absl::string_view word, std::vector<Bucket>& features) {
  word = word.substr(0, kLongestKnown);
  features.push_back(BucketOf(HashWord(word)));
  if (word.size() < 3) return;
  // The last four letters, end marks included, in a window.
  uint32_t window = 0;
  size_t letters = 0;
  const auto add = [&](unsigned char letter) {
    window = window << 8 | letter;
    if (++letters >= 4) features.push_back(BucketOf(Mix(window)));
  };
  add('<');
  for (const char c : word) add(static_cast<unsigned char>(c));
  add('>');
}

Bucket PairFeature(WordHash first, WordHash second) {
  return BucketOf(Mix(first + 3 * second));
}

WordsOnce::Parts WordsOnce::Next(WordHash word) {
  const Bucket bucket = BucketOf(word);
  const bool is_new = !said_[bucket];
  said_[bucket] = true;
  Parts parts = {is_new, last_ != 0 && (is_new || last_was_new_), 0};
  if (parts.pair) parts.pair_feature = PairFeature(last_, word);
  last_ = word;
  last_was_new_ = is_new;
  return parts;
}

}  // namespace guiche
