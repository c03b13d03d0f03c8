#include "routing/model.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace guiche {
namespace {

constexpr int kMostClasses = 4'000;

// Lanes are summed in blocks of two vectors, 16 bits each.
constexpr int kVector = 32, kBlock = 2 * kVector;
using Sums16 = int16_t __attribute__((vector_size(2 * kVector)));
using Sums32 = int32_t __attribute__((vector_size(4 * kVector)));
using Weights8 = int8_t __attribute__((vector_size(kVector)));

// Of words and of single buckets, so few that no sum of 16 bits overflows.
constexpr int kMostRows = 256;
static_assert(kMostRows * 127 <= 0x7FFF);
struct Rows {
  const int8_t* row[kMostRows];
  int count = 0;
};

// So many features fit in a row of a word, whatever they weigh.
constexpr size_t kFeaturesInRow = 127 / kMostWeight;

[[gnu::always_inline]] inline void AddRow(const int8_t* weights, Sums16& sums) {
  Weights8 narrow;
  std::memcpy(&narrow, weights, sizeof(narrow));
  sums += __builtin_convertvector(narrow, Sums16);
}

[[gnu::always_inline]] inline void AddTo(int32_t* sums, const Sums16& block) {
  Sums32 sum;
  std::memcpy(&sum, sums, sizeof(sum));
  sum += __builtin_convertvector(block, Sums32);
  std::memcpy(sums, &sum, sizeof(sum));
}

[[gnu::always_inline]] inline void AddRowsInline(const Rows& rows, int lanes,
                                                 int32_t* sums) {
  for (int lane = 0; lane < lanes; lane += kBlock) {
    Sums16 low = {}, high = {};
    for (int i = 0; i < rows.count; ++i) {
      AddRow(rows.row[i] + lane, low);
      AddRow(rows.row[i] + lane + kVector, high);
    }
    AddTo(sums + lane, low);
    AddTo(sums + lane + kVector, high);
  }
}

using AddRows = void (*)(const Rows& rows, int lanes, int32_t* sums);

void AddRowsAnywhere(const Rows& rows, int lanes, int32_t* sums) {
  AddRowsInline(rows, lanes, sums);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] void AddRowsAvx2(const Rows& rows, int lanes,
                                         int32_t* sums) {
  AddRowsInline(rows, lanes, sums);
}
[[gnu::target("avx512bw")]] void AddRowsAvx512(const Rows& rows, int lanes,
                                               int32_t* sums) {
  AddRowsInline(rows, lanes, sums);
}
#endif

AddRows AddRowsBy(SumPath path) {
  switch (path) {
#if defined(__x86_64__)
    case SumPath::kAvx512:
      return AddRowsAvx512;
    case SumPath::kAvx2:
      return AddRowsAvx2;
#endif
    default:
      return AddRowsAnywhere;
  }
}

// "needs[x]" -> "x" if `list` is "needs".
bool ConsumePath(absl::string_view list, absl::string_view path,
                 absl::string_view* id) {
  if (!absl::ConsumePrefix(&path, list) || !absl::ConsumePrefix(&path, "[") ||
      !absl::ConsumeSuffix(&path, "]")) {
    return false;
  }
  *id = path;
  return true;
}

// The classes in the order of their lanes: the topics of one area side by side.
std::vector<int> LanesInOrder(const v1::Model& model, const Catalog& catalog) {
  const auto area_of = [&](int number) {
    absl::string_view id;
    if (!ConsumePath("needs", model.classes(number).of(), &id)) return -1;
    const int need = FindId(catalog.needs, id);
    return need < 0 ? -1 : catalog.need_area[need];
  };
  std::vector<std::pair<int, int>> lanes;
  lanes.reserve(model.classes_size());
  for (int i = 0; i < model.classes_size(); ++i) {
    lanes.emplace_back(area_of(i), i);
  }
  std::sort(lanes.begin(), lanes.end());
  std::vector<int> order;
  order.reserve(lanes.size());
  for (const auto& [area, number] : lanes) order.push_back(number);
  return order;
}

}  // namespace

bool HasSumPath(SumPath path) {
#if defined(__x86_64__)
  if (path == SumPath::kAvx512) return __builtin_cpu_supports("avx512bw") != 0;
  if (path == SumPath::kAvx2) return __builtin_cpu_supports("avx2") != 0;
#endif
  return path == SumPath::kPortable;
}

int32_t ScaleOf(int features) {
  const uint64_t square = (uint64_t{1} << 24) / std::max(features, 1);
  uint32_t root = 0;
  for (uint32_t bit = 1 << 12; bit > 0; bit >>= 1) {
    const uint64_t longer = root | bit;
    if (longer * longer <= square) root |= bit;
  }
  return static_cast<int32_t>(root);
}

std::string PackWeights(const std::vector<int8_t>& weights) {
  std::string packed;
  int gap = 0;
  for (const int8_t weight : weights) {
    if (weight == 0) {
      if (++gap == 16) {
        packed.push_back(static_cast<char>(0xF0));
        gap = 0;
      }
      continue;
    }
    if (gap == 15) {  // fifteen and none here would be told as a gap alone
      packed.push_back(static_cast<char>(0xE8));
      gap = 0;
    }
    packed.push_back(static_cast<char>(gap << 4 | (weight + 8)));
    gap = 0;
  }
  return absl::Base64Escape(packed);
}

bool UnpackWeights(absl::string_view base64, int8_t* weights, size_t size,
                   size_t stride) {
  std::string packed;
  if (!absl::Base64Unescape(base64, &packed)) return false;
  size_t at = 0;
  for (const char c : packed) {
    const auto byte = static_cast<unsigned char>(c);
    at += byte >> 4;
    if (at >= size) return false;
    if (byte >> 4 != 15) {
      const int weight = (byte & 15) - 8;
      if (weight < -kMostWeight) return false;
      weights[at * stride] = static_cast<int8_t>(weight);
    }
    ++at;
  }
  return true;
}

LinearModel::LinearModel(const v1::Model& model, const Catalog& catalog,
                         const Vocabulary& vocabulary, Problems& problems) {
  const int needs = catalog.policy.needs_size();
  const int referrals = catalog.policy.referrals_size();
  if (model.classes_size() == 0) return;
  if (model.classes_size() > kMostClasses) {
    problems.Add(
        "model.classes",
        absl::StrCat(model.classes_size(), " of them; at most ", kMostClasses));
    return;
  }
  lanes_ = (model.classes_size() + kBlock - 1) / kBlock * kBlock;
  weights_.assign(size_t{kBuckets} * lanes_ / sizeof(Line), Line{});
  bias_.assign(lanes_, 0);
  step_.assign(lanes_, 0);
  topic_lane_.assign(needs + referrals, -1);
  group_lane_.assign(needs + referrals, -1);
  topic_of_lane_.assign(lanes_, -1);
  absl::flat_hash_set<absl::string_view> seen;
  const std::vector<int> order = LanesInOrder(model, catalog);
  for (int lane = 0; lane < model.classes_size(); ++lane) {
    const v1::Model::Class& one = model.classes(order[lane]);
    const std::string path = absl::StrCat("model.classes[", order[lane], "]");
    if (!seen.insert(one.of()).second) {
      problems.Add(path + ".of", absl::StrCat("\"", one.of(),
                                              "\" is there twice; a policy has "
                                              "one model"));
    }
    absl::string_view id;
    if (ConsumePath("needs", one.of(), &id)) {
      const int need = FindId(catalog.needs, id);
      if (need >= 0) topic_lane_[need] = lane;
    } else if (ConsumePath("referrals", one.of(), &id)) {
      const int referral = FindId(catalog.referrals, id);
      if (referral >= 0) topic_lane_[needs + referral] = lane;
    } else if (ConsumePath("areas", one.of(), &id)) {
      const int area = FindId(catalog.areas, id);
      for (int need = 0; need < needs; ++need) {
        if (area >= 0 && catalog.need_area[need] == area) {
          group_lane_[need] = lane;
        }
      }
    } else if (one.of() == "referrals") {
      std::fill(group_lane_.begin() + needs, group_lane_.end(), lane);
    } else if (one.of() == "alarms") {
      alarm_lane_ = lane;
    } else {
      problems.Add(
          path + ".of",
          absl::StrCat("\"", one.of(), "\" names no class; run guiche train"));
    }
    constexpr int32_t kMost = 1 << 20;
    if (one.bias() < -kMost || one.bias() > kMost || one.step() > kMost) {
      problems.Add(path, "has a bias or step out of range; run guiche train");
      continue;
    }
    bias_[lane] = one.bias();
    step_[lane] = static_cast<int32_t>(one.step());
    if (!UnpackWeights(one.weights(), Row(weights_, 0) + lane, kBuckets,
                       lanes_)) {
      problems.Add(path + ".weights", "cannot be read; run guiche train");
    }
  }
  int rows = 0;
  std::vector<Bucket> features;
  for (int id = 0; id < vocabulary.size(); ++id) {
    features.clear();
    AddWordFeatures(vocabulary.Text(id), features);
    word_features_.push_back(static_cast<int>(features.size()));
    word_hash_.push_back(HashWord(vocabulary.Text(id)));
    word_row_.push_back(rows);
    int8_t* sums = nullptr;
    for (size_t i = 0; i < features.size(); ++i) {
      if (i % kFeaturesInRow == 0) {
        word_weights_.resize(word_weights_.size() + lanes_ / sizeof(Line));
        sums = Row(word_weights_, rows++);
      }
      const int8_t* const weights = Row(weights_, features[i]);
      for (int lane = 0; lane < lanes_; ++lane) {
        sums[lane] = static_cast<int8_t>(sums[lane] + weights[lane]);
      }
    }
  }
  word_row_.push_back(rows);
  for (int lane = 0; lane < lanes_; ++lane) {
    const float unit = static_cast<float>(kPoints) / (1 << 12);
    rough_bias_.push_back(unit * static_cast<float>(bias_[lane]));
    rough_step_.push_back(unit / (1 << 16) * static_cast<float>(step_[lane]));
  }
  for (int topic = 0; topic < needs + referrals; ++topic) {
    if (topic_lane_[topic] >= 0) topic_of_lane_[topic_lane_[topic]] = topic;
  }
  for (int lane = 0; lane < lanes_; ++lane) {
    if (topic_of_lane_[lane] < 0) continue;
    const int group = group_lane_[topic_of_lane_[lane]];
    if (group < 0) {
      groups_.push_back({lane, lane + 1, lane});
    } else if (!groups_.empty() && groups_.back().lane == group &&
               groups_.back().end == lane) {
      ++groups_.back().end;
    } else {
      groups_.push_back({lane, lane + 1, group});
    }
  }
  if (alarm_lane_ < 0) return;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    alarm_weights_.push_back(Row(weights_, bucket)[alarm_lane_]);
  }
  for (int id = 0; id < vocabulary.size(); ++id) {
    alarm_of_word_.push_back(
        static_cast<int16_t>(WeightOfWord(id, alarm_lane_)));
  }
}

// Calls `add_word(id)` with each word of the vocabulary and
// `add_bucket(bucket)` with each feature of other words and of pairs.
template <typename AddWord, typename AddBucket>
void LinearModel::ForEachPart(const Words& words,
                              absl::Span<const uint8_t> left_out,
                              AddWord add_word, AddBucket add_bucket) const {
  std::vector<Bucket> features;
  WordsOnce once;
  for (size_t i = 0; i < words.words.size(); ++i) {
    const Word& word = words.words[i];
    if (left_out[i]) {
      once.Gap();
      continue;
    }
    const bool known = word.id != kUnknownWord;
    const WordsOnce::Parts parts =
        once.Next(known ? word_hash_[word.id] : HashWord(words.Text(word)));
    if (parts.word && known) add_word(word.id);
    if (parts.word && !known) {
      features.clear();
      AddWordFeatures(words.Text(word), features);
      for (const Bucket bucket : features) add_bucket(bucket);
    }
    if (parts.pair) add_bucket(parts.pair_feature);
  }
}

void LinearModel::Weigh(const Words& words, absl::Span<const uint8_t> left_out,
                        Sums& sums) const {
  WeighBy(HasSumPath(SumPath::kAvx512) ? SumPath::kAvx512
          : HasSumPath(SumPath::kAvx2) ? SumPath::kAvx2
                                       : SumPath::kPortable,
          words, left_out, sums);
}

void LinearModel::WeighBy(SumPath path, const Words& words,
                          absl::Span<const uint8_t> left_out,
                          Sums& sums) const {
  const AddRows add_rows = AddRowsBy(path);
  sums.of_class.assign(lanes_, 0);
  sums.features = 0;
  Rows rows;
  const auto add = [&] {
    add_rows(rows, lanes_, sums.of_class.data());
    rows.count = 0;
  };
  const auto add_row = [&](const int8_t* row) {
    if (rows.count == kMostRows) add();
    PrefetchRow(row);
    rows.row[rows.count++] = row;
  };
  ForEachPart(
      words, left_out,
      [&](int id) {
        for (int row = word_row_[id]; row < word_row_[id + 1]; ++row) {
          add_row(RowOf(row));
        }
        sums.features += word_features_[id];
      },
      [&](Bucket bucket) {
        add_row(Row(weights_, bucket));
        ++sums.features;
      });
  add();
  sums.scale = ScaleOf(sums.features);
}

void LinearModel::Estimate(const Sums& sums, float* points) const {
  const auto scale = static_cast<float>(sums.scale);
  const int32_t* const of_class = sums.of_class.data();
  const float* const bias = rough_bias_.data();
  const float* const step = rough_step_.data();
  for (int lane = 0; lane < lanes_; ++lane) {
    points[lane] =
        static_cast<float>(of_class[lane]) * (scale * step[lane]) + bias[lane];
  }
}

int LinearModel::PointsOf(const Sums& sums, int topic) const {
  const int own = topic_lane_[topic], group = group_lane_[topic];
  if (own < 0) return 0;
  const auto points_of = [&](int lane) {
    return ClassPoints(sums.of_class[lane], sums.scale, lane);
  };
  const int points = points_of(own);
  return Rescale(group < 0 ? points : WithGroup(points, points_of(group)));
}

int LinearModel::UrgencyOf(const Sums& sums) const {
  if (alarm_lane_ < 0) return 0;
  return Rescale(
      ClassPoints(sums.of_class[alarm_lane_], sums.scale, alarm_lane_));
}

int LinearModel::UrgencyOf(const Words& words,
                           absl::Span<const uint8_t> left_out) const {
  if (alarm_lane_ < 0) return 0;
  int32_t sum = 0;
  int features = 0;
  ForEachPart(
      words, left_out,
      [&](int id) {
        sum += alarm_of_word_[id];
        features += word_features_[id];
      },
      [&](Bucket bucket) {
        sum += alarm_weights_[bucket];
        ++features;
      });
  return Rescale(ClassPoints(sum, ScaleOf(features), alarm_lane_));
}

int LinearModel::ClassPoints(int32_t sum, int32_t scale, int lane) const {
  const int64_t scaled = int64_t{sum} * scale * step_[lane];
  return static_cast<int>(((scaled >> 16) + bias_[lane]) * kPoints >> 12);
}

int LinearModel::PointsOfLikelyWord(const Sums& sums, const Words& words,
                                    const Word& word, int topic) const {
  std::vector<Bucket> features;
  if (word.id == kUnknownWord) AddWordFeatures(words.Text(word), features);
  const auto of_lane = [&](int lane) {
    int64_t sum = 0;
    if (word.id != kUnknownWord) {
      sum = WeightOfWord(word.id, lane);
    }
    for (const Bucket bucket : features) {
      sum += Row(weights_, bucket)[lane];
    }
    return static_cast<int>((sum * sums.scale * step_[lane] >> 16) * kPoints >>
                            12);
  };
  int points = of_lane(topic_lane_[topic]);
  if (group_lane_[topic] >= 0) {
    points = WithGroup(points, of_lane(group_lane_[topic]));
  }
  return std::max(0, points / 2);
}

}  // namespace guiche
