// The features by which the linear model knows a text: its words, their parts,
// and pairs of neighbours, each hashed to one of kBuckets buckets.

#ifndef GUICHE_ROUTING_FEATURES_H_
#define GUICHE_ROUTING_FEATURES_H_

#include <bitset>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace guiche {

using Bucket = uint16_t;
inline constexpr int kBucketBits = 15;
inline constexpr int kBuckets = 1 << kBucketBits;

// Names a word in pairs.
using WordHash = uint64_t;
WordHash HashWord(absl::string_view word);

// The features of a word alone: the word, and its runs of four letters with
// both its ends marked. The first kLongestKnown bytes count.
inline constexpr size_t kLongestKnown = 40;
void AddWordFeatures(absl::string_view word, std::vector<Bucket>& features);

// The feature of two words, one right after the other.
Bucket PairFeature(WordHash first, WordHash second);

// Which parts of a text count, its words told in order: a word once, however
// often it is said, and a pair unless both its words were said before.
class WordsOnce {
 public:
  // Of the next word, and of its pair with the one before it.
  struct Parts {
    bool word, pair;
    Bucket pair_feature;
  };
  Parts Next(WordHash word);
  // No pair reaches over a word left out.
  void Gap() { last_ = 0; }

 private:
  std::bitset<kBuckets> said_;
  WordHash last_ = 0;  // 0: none
  bool last_was_new_ = false;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_FEATURES_H_
