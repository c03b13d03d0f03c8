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

Likeness::Feature Likeness::BeginningOf(absl::string_view word) const {
  if (word.size() < kLeastStemmed) return -1;
  const auto found = beginnings_.find(word.substr(0, kBeginning));
  return found == beginnings_.end() ? -1 : 2 * found->second + 1;
}

void Likeness::Learn(int topic, int voice, const std::vector<int>& words,
                     const Vocabulary& vocabulary) {
  if (static_cast<int>(voices_.size()) <= voice) voices_.resize(voice + 1);
  voices_[voice].topic = topic;
  ++voices_[voice].count;
  absl::flat_hash_set<Feature> features;
  for (const int id : words) {
    const absl::string_view text = vocabulary.Text(id);
    features.insert(2 * id);
    if (text.size() < kLeastStemmed) continue;
    beginnings_.try_emplace(std::string(text.substr(0, kBeginning)),
                            static_cast<int>(beginnings_.size()));
    features.insert(BeginningOf(text));
  }
  for (const Feature feature : features) ++voices_[voice].texts[feature];
}

void Likeness::Finish(const Vocabulary& vocabulary) {
  const size_t features =
      2 * std::max<size_t>(vocabulary.size(), beginnings_.size());
  std::vector<absl::flat_hash_set<int>> topics_with(features);
  std::vector<std::vector<Posting>> postings(features);
  absl::flat_hash_set<int> topics;
  for (const Voice& voice : voices_) {
    if (voice.count < kLeastTexts) continue;
    topics.insert(voice.topic);
    for (const auto& [feature, texts] : voice.texts) {
      topics_with[feature].insert(voice.topic);
    }
  }
  for (const auto& with : topics_with) {
    rarity_.push_back(
        with.empty() ? 0 : Log2(topics.size() + with.size(), with.size()));
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
      postings[feature].push_back({v, static_cast<int>((weight << 16) / norm)});
    }
  }
  for (const auto& of_feature : postings) {
    postings_from_.push_back(static_cast<int>(postings_.size()));
    postings_.insert(postings_.end(), of_feature.begin(), of_feature.end());
  }
  postings_from_.push_back(static_cast<int>(postings_.size()));
  for (int id = 0; id < vocabulary.size(); ++id) {
    beginning_of_word_.push_back(BeginningOf(vocabulary.Text(id)));
  }
  voices_.clear();
}

std::vector<std::pair<int, int>> Likeness::Of(const Words& words) const {
  std::vector<Feature> met;
  met.reserve(2 * words.words.size());
  int strangers = 0;
  for (const Word& word : words.words) {
    const size_t before = met.size();
    Feature beginning;
    if (word.id == kUnknownWord) {
      beginning = BeginningOf(words.Text(word));
    } else {
      beginning = beginning_of_word_[word.id];
      if (rarity_[2 * word.id] > 0) met.push_back(2 * word.id);
    }
    if (beginning >= 0 && rarity_[beginning] > 0) met.push_back(beginning);
    strangers += met.size() == before;
  }
  std::sort(met.begin(), met.end());
  std::vector<int64_t> sums(topic_of_voice_.size());
  uint64_t squares = static_cast<uint64_t>(strangers) * kOne * kOne;
  for (size_t i = 0; i < met.size();) {
    const Feature feature = met[i];
    size_t next = i + 1;
    while (next < met.size() && met[next] == feature) ++next;
    const int64_t weight =
        Often(static_cast<int>(next - i)) * rarity_[feature] >> kFraction;
    i = next;
    squares += static_cast<uint64_t>(weight * weight);
    for (int p = postings_from_[feature]; p < postings_from_[feature + 1];
         ++p) {
      sums[postings_[p].voice] += weight * postings_[p].weight;
    }
  }
  const int64_t norm = std::max<int64_t>(1, SquareRoot(squares));
  std::vector<std::pair<int, int>> likeness;
  for (size_t v = 0; v < sums.size(); ++v) {
    const int like = static_cast<int>((sums[v] * kFullLikeness / norm) >> 16);
    if (like == 0) continue;
    const int topic = topic_of_voice_[v];
    // The voices of a topic follow each other.
    if (!likeness.empty() && likeness.back().first == topic) {
      likeness.back().second = std::max(likeness.back().second, like);
    } else {
      likeness.emplace_back(topic, like);
    }
  }
  return likeness;
}

}  // namespace guiche
