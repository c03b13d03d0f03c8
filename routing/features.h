// The features by which the linear model knows a text: its words, their parts,
// and pairs of neighbours, each hashed to one of kBuckets buckets.

#ifndef GUICHE_ROUTING_FEATURES_H_
#define GUICHE_ROUTING_FEATURES_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace guiche {

using Bucket = uint16_t;
inline constexpr int kBucketBits = 14;
inline constexpr int kBuckets = 1 << kBucketBits;

// Names a word in pairs.
using WordHash = uint64_t;
WordHash HashWord(absl::string_view word);

// The features of a word alone: the word, and its runs of three and four
// letters with both its ends marked. The first kLongestKnown bytes count.
inline constexpr size_t kLongestKnown = 40;
void AddWordFeatures(absl::string_view word, std::vector<Bucket>& features);

// The feature of two words, one right after the other.
Bucket PairFeature(WordHash first, WordHash second);

}  // namespace guiche

#endif  // GUICHE_ROUTING_FEATURES_H_
