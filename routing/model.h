// The linear model of a policy: how far the words of a text speak for each
// topic, where no phrase decides.

#ifndef GUICHE_ROUTING_MODEL_H_
#define GUICHE_ROUTING_MODEL_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/container/fixed_array.h"
#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"
#include "routing/catalog.h"
#include "routing/features.h"
#include "routing/words.h"

namespace guiche {

// The margin that training asks for, in points.
inline constexpr int kPoints = 1000;

// The ways weights are summed, by what a machine has; all of them sum the same.
enum class SumPath { kPortable, kAvx2, kAvx512 };
bool HasSumPath(SumPath path);

// The weights are laid out by bucket, each bucket with all classes side by
// side; those of the vocabulary's words are summed beforehand. All integers, so
// that every machine gets the same, however wide its vectors. Built by one
// thread, then only read.
class LinearModel {
 public:
  // A model that knows nothing.
  LinearModel() = default;

  // Adds what is wrong with `model` to `problems`.
  LinearModel(const v1::Model& model, const Catalog& catalog,
              const Vocabulary& vocabulary, Problems& problems);

  bool empty() const { return lanes_ == 0; }

  // What the words not marked in `left_out` say of each class.
  struct Sums {
    absl::InlinedVector<int32_t, 256> of_class;
    int features = 0;   // 0: not weighed
    int32_t scale = 0;  // ScaleOf(features)
  };
  void Weigh(const Words& words, absl::Span<const uint8_t> left_out,
             Sums& sums) const;

  // The same by one path, which the machine must have.
  void WeighBy(SumPath path, const Words& words,
               absl::Span<const uint8_t> left_out, Sums& sums) const;

  // How far they speak for a topic, numbered as UnderstandingTable does: from
  // 0, like nothing that training knew of it, by kPoints to what it knows well.
  int PointsOf(const Sums& sums, int topic) const;

  // Calls `add(topic, points)` with all topics of at least so many points, more
  // than 0. Rough figures tell which, so that few are worked out.
  template <typename Add>
  void ForEachTopic(const Sums& sums, int least, Add add) const {
    absl::FixedArray<float, 256> rough(lanes_);
    Estimate(sums, rough.data());
    const float bound =
        kShares * (static_cast<float>(2 * least - kPoints) - kRoughness);
    // Compared first, without a branch: which ones they are cannot be foreseen.
    absl::FixedArray<uint8_t, 256> likely(lanes_, 0);
    for (const Group& group : groups_) {
      const float least_own =
          (bound - kGroupShare * rough[group.lane]) / kOwnShare;
      for (int lane = group.begin; lane < group.end; ++lane) {
        likely[lane] = rough[lane] >= least_own;
      }
    }
    for (int lane = 0; lane < lanes_; lane += 8) {
      uint64_t eight;
      std::memcpy(&eight, &likely[lane], sizeof(eight));
      for (; eight != 0; eight &= eight - 1) {
        const int topic = topic_of_lane_[lane + __builtin_ctzll(eight) / 8];
        const int points = PointsOf(sums, topic);
        if (points >= least) add(topic, points);
      }
    }
  }

  // How far they speak for urgency, on the same scale; without sums it is less
  // work than Weigh().
  int UrgencyOf(const Sums& sums) const;
  int UrgencyOf(const Words& words, absl::Span<const uint8_t> left_out) const;

  // What one of the words adds to the points of a topic; 0 if it takes from
  // them.
  int PointsOfWord(const Sums& sums, const Words& words, const Word& word,
                   int topic) const {
    const int own = topic_lane_[topic], group = group_lane_[topic];
    if (own < 0) return 0;
    if (word.id != kUnknownWord) {
      if (WeightOfWord(word.id, own) <= 0 &&
          (group < 0 || WeightOfWord(word.id, group) <= 0)) {
        return 0;
      }
    }
    return PointsOfLikelyWord(sums, words, word, topic);
  }

 private:
  // The lanes of topics of one area or kind, and its own.
  struct Group {
    int begin, end, lane;
  };
  // By how much rough points may be wrong.
  static constexpr float kRoughness = 64;
  // What a class and that of the area or kind it belongs to count for.
  static constexpr int kOwnShare = 7, kGroupShare = 3;
  static constexpr int kShares = kOwnShare + kGroupShare;

  // Of rows, so that each begins at a line of a cache and no vector of it lies
  // in two.
  struct alignas(64) Line {
    int8_t weights[64];
  };

  const int8_t* Row(const std::vector<Line>& rows, size_t row) const {
    return reinterpret_cast<const int8_t*>(rows.data()) + row * lanes_;
  }
  int8_t* Row(std::vector<Line>& rows, size_t row) const {
    return reinterpret_cast<int8_t*>(rows.data()) + row * lanes_;
  }
  const int8_t* RowOf(int row) const { return Row(word_weights_, row); }
  int WeightOfWord(int id, int lane) const {
    int weight = 0;
    for (int row = word_row_[id]; row < word_row_[id + 1]; ++row) {
      weight += RowOf(row)[lane];
    }
    return weight;
  }
  void PrefetchRow(const int8_t* row) const {
    for (int lane = 0; lane < lanes_; lane += 64) {
      __builtin_prefetch(row + lane);
    }
  }

  // What was not known of it lies at -kPoints, what was known at kPoints.
  static int Rescale(int points) {
    return points < -kPoints ? 0 : (points + kPoints) / 2;
  }
  static int WithGroup(int points, int of_group) {
    return (kOwnShare * points + kGroupShare * of_group) / kShares;
  }
  void Estimate(const Sums& sums, float* points) const;
  int PointsOfLikelyWord(const Sums& sums, const Words& words, const Word& word,
                         int topic) const;
  int ClassPoints(int32_t sum, int32_t scale, int lane) const;
  template <typename AddWord, typename AddBucket>
  void ForEachPart(const Words& words, absl::Span<const uint8_t> left_out,
                   AddWord add_word, AddBucket add_bucket) const;

  int lanes_ = 0;  // classes, and zeros so that they fill whole vectors
  std::vector<Line> weights_;                   // [bucket][lane]
  std::vector<int32_t> bias_, step_;            // by lane
  std::vector<float> rough_bias_, rough_step_;  // of points, not of margins
  // Sums of them: [row][lane], of word `id` the rows from word_row_[id] on. A
  // word has one row unless it is very long.
  std::vector<Line> word_weights_;
  std::vector<int> word_row_;
  std::vector<int> word_features_;  // how many features its rows sum
  std::vector<WordHash> word_hash_;
  std::vector<int> topic_lane_, group_lane_;  // by topic; -1: not known
  std::vector<Group> groups_;
  std::vector<int> topic_of_lane_;  // -1: of no topic
  int alarm_lane_ = -1;
  std::vector<int8_t> alarm_weights_;   // that lane of weights_, and
  std::vector<int16_t> alarm_of_word_;  // of word_weights_, by word
};

// 4096 / sqrt(features), by which the sums of a text are scaled.
int32_t ScaleOf(int features);

// v1::Model::Class::weights; weights lie within kMostWeight of 0.
inline constexpr int kMostWeight = 7;
std::string PackWeights(const std::vector<int8_t>& weights);

// And back: puts those that are not 0 `stride` apart. False if it is no base64,
// or of more weights than `size`.
bool UnpackWeights(absl::string_view base64, int8_t* weights, size_t size,
                   size_t stride);

}  // namespace guiche

#endif  // GUICHE_ROUTING_MODEL_H_
