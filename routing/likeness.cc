#include "routing/likeness.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

namespace guiche {
namespace {

// So many first letters stand for a word's inflections; shorter words than
// kLeastStemmed have none.
constexpr size_t kBeginning = 5;
constexpr size_t kLeastStemmed = 4;

// A voice of fewer texts than that teaches too little to be compared with.
constexpr int kLeastTexts = 4;

// Fixed point: kOne is 1.
constexpr int kFraction = 8;
constexpr int64_t kOne = 1 << kFraction;

// log2 of n / d, at least 0, in fixed point.
int64_t Log2(uint64_t n, uint64_t d) {
  uint64_t x = (n << 32) / d;  // in [2^32, 2^64) if n / d >= 1
  if (x < uint64_t{1} << 32) return 0;
  int64_t log = 0;
  while (x >= uint64_t{1} << 33) {
    x >>= 1;
    log += kOne;
  }
  // Squaring doubles the logarithm: one more bit each time.
  for (int64_t bit = kOne / 2; bit > 0; bit /= 2) {
    x = (x >> 1) * (x >> 1) >> 30;
    if (x >= uint64_t{1} << 33) {
      x >>= 1;
      log += bit;
    }
  }
  return log;
}

int64_t SquareRoot(uint64_t x) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit > 0; bit >>= 1) {
    const uint64_t longer = root | bit;
    if (longer * longer <= x) root = longer;
  }
  return static_cast<int64_t>(root);
}

// Said twice is not twice as much.
int64_t Often(int times) {
  return kOne + Log2(static_cast<uint64_t>(times), 1);
}

}  // namespace

template <typename Visit>
void Likeness::VisitFeatures(int id, absl::string_view text,
                             Visit visit) const {
  if (id != kUnknownWord) visit(2 * id);
  if (text.size() < kLeastStemmed) return;
  const auto found = beginnings_.find(text.substr(0, kBeginning));
  if (found != beginnings_.end()) visit(2 * found->second + 1);
}

void Likeness::Learn(int topic, int voice, const std::vector<int>& words,
                     const Vocabulary& vocabulary) {
  if (static_cast<int>(voices_.size()) <= voice) voices_.resize(voice + 1);
  voices_[voice].topic = topic;
  ++voices_[voice].count;
  absl::flat_hash_set<Feature> features;
  for (const int id : words) {
    const absl::string_view text = vocabulary.Text(id);
    if (text.size() >= kLeastStemmed) {
      beginnings_.try_emplace(std::string(text.substr(0, kBeginning)),
                              static_cast<int>(beginnings_.size()));
    }
    VisitFeatures(id, text, [&](Feature f) { features.insert(f); });
  }
  for (const Feature feature : features) ++voices_[voice].texts[feature];
}

void Likeness::Finish() {
  absl::flat_hash_map<Feature, absl::flat_hash_set<int>> topics_with;
  absl::flat_hash_set<int> topics;
  for (const Voice& voice : voices_) {
    if (voice.count < kLeastTexts) continue;
    topics.insert(voice.topic);
    for (const auto& [feature, texts] : voice.texts) {
      topics_with[feature].insert(voice.topic);
    }
  }
  for (const auto& [feature, with] : topics_with) {
    rarity_[feature] = Log2(topics.size() + with.size(), with.size());
  }
  for (int v = 0; v < static_cast<int>(voices_.size()); ++v) {
    topic_of_voice_.push_back(voices_[v].topic);
    if (voices_[v].count < kLeastTexts) continue;
    uint64_t squares = 0;
    for (const auto& [feature, texts] : voices_[v].texts) {
      const int64_t weight = Often(texts) * rarity_[feature] >> kFraction;
      squares += static_cast<uint64_t>(weight * weight);
    }
    const int64_t norm = std::max<int64_t>(1, SquareRoot(squares));
    for (const auto& [feature, texts] : voices_[v].texts) {
      const int64_t weight = Often(texts) * rarity_[feature] >> kFraction;
      postings_[feature].push_back(
          {v, static_cast<int>((weight << 16) / norm)});
    }
  }
  voices_.clear();
}

std::vector<std::pair<int, int>> Likeness::Of(
    const Words& words, const Vocabulary& vocabulary) const {
  absl::flat_hash_map<Feature, int> times;
  int strangers = 0;
  for (const Word& word : words.words) {
    bool known = false;
    const absl::string_view text =
        word.id == kUnknownWord ? words.Text(word) : vocabulary.Text(word.id);
    VisitFeatures(word.id, text, [&](Feature feature) {
      if (!rarity_.contains(feature)) return;
      ++times[feature];
      known = true;
    });
    strangers += !known;
  }
  std::vector<int64_t> sums(topic_of_voice_.size());
  uint64_t squares = static_cast<uint64_t>(strangers) * kOne * kOne;
  for (const auto& [feature, count] : times) {
    const int64_t weight = Often(count) * rarity_.at(feature) >> kFraction;
    squares += static_cast<uint64_t>(weight * weight);
    for (const Posting& posting : postings_.at(feature)) {
      sums[posting.voice] += weight * posting.weight;
    }
  }
  const int64_t norm = std::max<int64_t>(1, SquareRoot(squares));
  absl::flat_hash_map<int, int> best;
  for (size_t v = 0; v < sums.size(); ++v) {
    if (sums[v] == 0) continue;
    int& like = best[topic_of_voice_[v]];
    like = std::max(like,
                    static_cast<int>((sums[v] * kFullLikeness / norm) >> 16));
  }
  return {best.begin(), best.end()};
}

}  // namespace guiche
