// The sums of the linear model, by each path that this machine has, against
// what its features and weights add up to one by one.

#include "routing/model.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "routing/catalog.h"
#include "routing/features.h"
#include "routing/words.h"
#include "tests/routing/policies.h"

namespace guiche {
namespace {

constexpr int kNeeds = 70, kReferrals = 5;

v1::Policy ManyTopics() {
  v1::Policy policy = PolicyOf(kGround);
  policy.add_areas()->set_id("a");
  policy.mutable_areas(0)->set_name("A");
  for (int i = 0; i < kNeeds; ++i) {
    v1::Need& need = *policy.add_needs();
    need.set_id(absl::StrCat("n", i));
    need.set_name("N");
    need.set_area("a");
  }
  for (int i = 0; i < kReferrals; ++i) {
    v1::Referral& referral = *policy.add_referrals();
    referral.set_id(absl::StrCat("r", i));
    referral.set_name("R");
    referral.add_to("DPU");
    referral.add_wordings()->add_phrases("x");
  }
  return policy;
}

std::vector<SumPath> PathsOfThisMachine() {
  std::vector<SumPath> paths;
  for (const SumPath path :
       {SumPath::kPortable, SumPath::kAvx2, SumPath::kAvx512}) {
    if (HasSumPath(path)) paths.push_back(path);
  }
  return paths;
}

class ModelSums : public testing::TestWithParam<SumPath> {
 protected:
  void SetUp() override {
    // Classes of no area come first, then the needs: so they are told here.
    std::vector<std::string> classes = {"alarms", "areas[a]", "referrals"};
    for (int i = 0; i < kReferrals; ++i) {
      classes.push_back(absl::StrCat("referrals[r", i, "]"));
    }
    for (int i = 0; i < kNeeds; ++i) {
      classes.push_back(absl::StrCat("needs[n", i, "]"));
    }
    v1::Model told;
    for (size_t i = 0; i < classes.size(); ++i) {
      // The two heaviest there are, and others.
      std::vector<int8_t> weights(kBuckets,
                                  i == 3 ? kMostWeight : -kMostWeight);
      for (int8_t& weight : weights) {
        if (i > 4) weight = static_cast<int8_t>(random_() % 15) - 7;
        if (i > 10 && random_() % 2 == 0) weight = 0;
      }
      v1::Model::Class& one = *told.add_classes();
      one.set_of(classes[i]);
      one.set_bias(static_cast<int>(random_() % 8'000) - 6'000);
      one.set_step(random_() % 9'000);
      one.set_weights(PackWeights(weights));
      weights_.push_back(weights);
    }
    for (int i = 0; i < 300; ++i) vocabulary_.Intern(RandomWord());
    Problems problems;
    const Catalog catalog = Catalog::Compile(ManyTopics(), problems);
    model_ = LinearModel(told, catalog, vocabulary_, problems);
    ASSERT_TRUE(problems.ok()) << problems.ToStatus();
  }

  std::string RandomWord() {
    const size_t size = 1 + random_() % (random_() % 4 == 0 ? 60 : 12);
    std::string word;
    while (word.size() < size) {
      word += static_cast<char>('a' + (word.size() + random_() % 5) % 26);
    }
    return word;
  }

  // Of words known and not, some of them twice.
  Words RandomWords(size_t size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      const bool known = random_() % 3 != 0;
      absl::StrAppend(&text,
                      known ? std::string(vocabulary_.Text(static_cast<int>(
                                  random_() % vocabulary_.size())))
                            : RandomWord(),
                      " ");
    }
    Words words;
    vocabulary_.Read(text, words);
    return words;
  }

  std::mt19937 random_{5};
  std::vector<std::vector<int8_t>> weights_;  // by class, then by bucket
  Vocabulary vocabulary_;
  LinearModel model_;
};

INSTANTIATE_TEST_SUITE_P(Paths, ModelSums,
                         testing::ValuesIn(PathsOfThisMachine()),
                         [](const auto& info) -> std::string {
                           return info.param == SumPath::kAvx512 ? "Avx512"
                                  : info.param == SumPath::kAvx2 ? "Avx2"
                                                                 : "Portable";
                         });

TEST_P(ModelSums, AreThoseOfTheFeatures) {
  LinearModel::Sums sums;
  for (int round = 0; round < 300; ++round) {
    const Words words = RandomWords(round == 0 ? 3'000 : random_() % 60);
    std::vector<uint8_t> left_out(words.words.size());
    for (uint8_t& one : left_out) one = random_() % 8 == 0;
    std::vector<Bucket> features;
    WordsOnce once;
    for (size_t i = 0; i < words.words.size(); ++i) {
      if (left_out[i]) {
        once.Gap();
        continue;
      }
      const absl::string_view text = words.Text(words.words[i]);
      const WordsOnce::Parts parts = once.Next(HashWord(text));
      if (parts.word) AddWordFeatures(text, features);
      if (parts.pair) features.push_back(parts.pair_feature);
    }
    model_.WeighBy(GetParam(), words, left_out, sums);
    ASSERT_EQ(sums.features, static_cast<int>(features.size()));
    ASSERT_EQ(sums.scale, ScaleOf(sums.features));
    for (size_t i = 0; i < weights_.size(); ++i) {
      int32_t sum = 0;
      for (const Bucket feature : features) sum += weights_[i][feature];
      ASSERT_EQ(sums.of_class[i], sum) << "class " << i;
    }
    EXPECT_EQ(model_.UrgencyOf(words, left_out), model_.UrgencyOf(sums));
  }
}

TEST_P(ModelSums, TellEachTopicOfEnoughPoints) {
  LinearModel::Sums sums;
  int told = 0, close = 0;
  for (int round = 0; round < 2'000; ++round) {
    const Words words = RandomWords(1 + random_() % 20);
    const std::vector<uint8_t> left_out(words.words.size());
    model_.WeighBy(GetParam(), words, left_out, sums);
    const int least = 1 + static_cast<int>(random_() % 1'000);
    std::vector<int> expected(kNeeds + kReferrals), points(expected.size());
    for (int topic = 0; topic < kNeeds + kReferrals; ++topic) {
      const int of_topic = model_.PointsOf(sums, topic);
      if (of_topic >= least) expected[topic] = of_topic;
      told += of_topic >= least;
      close += of_topic >= least && of_topic < least + 3;
    }
    model_.ForEachTopic(sums, least, [&](int topic, int of_topic) {
      points[topic] += of_topic;
    });
    ASSERT_EQ(points, expected);
  }
  EXPECT_GT(told, 1'000);
  EXPECT_GT(close, 50);
}

}  // namespace
}  // namespace guiche
