#include "routing/training.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "policy/problems.h"
#include "routing/catalog.h"
#include "routing/features.h"
#include "routing/model.h"
#include "routing/understanding.h"
#include "routing/words.h"

namespace guiche {
namespace {

// Fixed point: texts, duals and margins count in 1/kOne, weights in 1/65536.
constexpr int64_t kOne = 1 << 12;

// Dual coordinate descent for a support vector machine with squared loss, one
// class against the rest, all classes side by side (Hsieh and others, 2008). A
// text that belongs to a class counts for it kOwnWeight times as much as the
// many that do not.
constexpr int64_t kSlack = kOne / 4;  // 1 / 2C
constexpr int64_t kOwnWeight = 2;
constexpr int kRounds = 12;
// For the class of urgency a text of which it is said counts so many times as
// much as one of which it is guessed.
constexpr int64_t kSaidWeight = 8;
constexpr int64_t kUsual = 256;  // of what a bucket learns

// So long a text that no sum overflows; a text of the policy has far less.
constexpr size_t kMostFeatures = 4'000;
constexpr int32_t kLargestWeight = 1 << 19;

// Alternatives of a phrase that are learned from.
constexpr int kVariants = 3;

struct Text {
  std::vector<Bucket> features;
  int scale = 0;
  std::vector<int> classes;  // that it belongs to
  bool urgency_said = false;
};

constexpr char kAlarms[] = "alarms";  // the class of urgency

// Classes by name, and the texts that speak of them.
struct School {
  std::vector<std::string> classes;
  std::vector<Text> texts;
  int alarms = -1;  // number of the class of urgency
};

// A phrase as someone might write it, its first alternatives or others.
std::string Plain(absl::string_view phrase, int variant) {
  std::string plain;
  for (absl::string_view part : absl::StrSplit(phrase, ' ')) {
    if (part == "...") continue;
    const std::vector<absl::string_view> choices = absl::StrSplit(part, '|');
    absl::StrAppend(
        &plain, choices[std::min<size_t>(variant, choices.size() - 1)], " ");
  }
  return absl::StrReplaceAll(plain, {{"*", ""}, {"...", " "}});
}

std::vector<Bucket> FeaturesOf(absl::string_view text, Vocabulary& vocabulary) {
  std::vector<Bucket> features;
  WordsOnce once;
  for (const int id : vocabulary.Learn(text)) {
    const absl::string_view word = vocabulary.Text(id);
    const WordsOnce::Parts parts = once.Next(HashWord(word));
    if (parts.word) AddWordFeatures(word, features);
    if (parts.pair) features.push_back(parts.pair_feature);
    if (features.size() > kMostFeatures) break;
  }
  features.resize(std::min(features.size(), kMostFeatures));
  return features;
}

// What a text speaks for: the class of its topic, that of its group, itself,
// what is said of its urgency, and whether the need mostly is urgent.
using Lesson = std::tuple<std::string, std::string, std::string, Urgency, bool>;

template <typename Element>
void AddLessons(const std::string& topic, const std::string& group, bool urgent,
                const Element& element, std::vector<Lesson>& lessons) {
  for (const v1::Wording& wording : element.wordings()) {
    for (const auto* phrases : {&wording.phrases(), &wording.decides()}) {
      for (const std::string& phrase : *phrases) {
        for (int variant = 0; variant < kVariants; ++variant) {
          lessons.emplace_back(topic, group, Plain(phrase, variant), kUnsaid,
                               false);
        }
      }
    }
    for (const Urgency said : {kUnsaid, kUrgent, kCalm}) {
      for (const std::string& example : *ExamplesOf(wording)[said]) {
        lessons.emplace_back(topic, group, example, said, urgent);
      }
    }
  }
}

// In an order that is not the policy's.
std::vector<Lesson> LessonsOf(const v1::Policy& policy) {
  std::vector<Lesson> lessons;
  for (const v1::Need& need : policy.needs()) {
    AddLessons(PathOf("needs", need.id()), PathOf("areas", need.area()),
               need.urgent(), need, lessons);
  }
  for (const v1::Referral& one : policy.referrals()) {
    if (one.optional()) continue;  // never an outcome
    AddLessons(PathOf("referrals", one.id()), "referrals", one.urgent(), one,
               lessons);
  }
  std::sort(lessons.begin(), lessons.end());
  lessons.erase(std::unique(lessons.begin(), lessons.end()), lessons.end());
  return lessons;
}

// Of texts of which nothing is said those with an alarm's phrase are urgent:
// from all is learned what else sounds so.
School SchoolOf(const v1::Policy& policy) {
  v1::Policy phrases = policy;
  phrases.clear_model();
  const absl::StatusOr<Understanding> reader = Understanding::Compile(phrases);
  Vocabulary vocabulary;
  for (const v1::Abbreviation& one : policy.lexicon().abbreviations()) {
    vocabulary.Abbreviate(one.written(), one.means());
  }
  School school;
  absl::flat_hash_map<std::string, int> numbers;
  const auto number = [&](const std::string& name) {
    const auto [found, added] =
        numbers.try_emplace(name, static_cast<int>(school.classes.size()));
    if (added) school.classes.push_back(name);
    return found->second;
  };
  for (const auto& [topic, group, words, said, urgent] : LessonsOf(policy)) {
    Text text;
    text.features = FeaturesOf(words, vocabulary);
    if (text.features.empty()) continue;
    text.scale = ScaleOf(static_cast<int>(text.features.size()));
    text.classes = {number(topic), number(group)};
    text.urgency_said = said != kUnsaid;
    if (said == kUrgent ||
        (said == kUnsaid &&
         (urgent ||
          (reader.ok() && !reader->Understand(words).alarms.empty())))) {
      text.classes.push_back(number(kAlarms));
    }
    school.texts.push_back(std::move(text));
  }
  school.alarms = number(kAlarms);
  return school;
}

// The logarithm of x > 0 to the base 2, in 1/256.
int64_t Log2(uint64_t x) {
  int64_t log = 0;
  while (x >> (log + 1) != 0) ++log;
  uint64_t rest = (x << 31) >> log;  // 1 to 2, in 1/2^31
  for (int bit = 0; bit < 8; ++bit) {
    rest = rest * rest >> 31;
    log *= 2;
    if (rest >> 32 != 0) {
      rest >>= 1;
      ++log;
    }
  }
  return log;
}

// One training: weights by bucket and class, learned from all texts in turn.
class Trainer {
 public:
  explicit Trainer(const School& school)
      : school_(school),
        classes_(school.classes.size()),
        weights_(kBuckets * classes_),
        bias_(classes_),
        duals_(school.texts.size() * classes_),
        rarity_(RarityOf(school)) {}

  void Run() {
    std::vector<int> order(school_.texts.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    uint64_t random = 1;
    for (int round = 0; round < kRounds; ++round) {
      for (size_t i = order.size(); i > 1; --i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        std::swap(order[i - 1], order[(random >> 33) % i]);
      }
      for (const int text : order) Learn(text);
    }
  }

  void Tell(v1::Model& model) const {
    std::vector<int8_t> weights(kBuckets);
    for (size_t c = 0; c < classes_; ++c) {
      v1::Model::Class& told = *model.add_classes();
      told.set_of(school_.classes[c]);
      told.set_bias(bias_[c]);
      int32_t most = kMostWeight;
      for (int bucket = 0; bucket < kBuckets; ++bucket) {
        most = std::max(most, std::abs(weights_[bucket * classes_ + c]));
      }
      const int32_t step = most / kMostWeight;
      told.set_step(step);
      for (int bucket = 0; bucket < kBuckets; ++bucket) {
        const int32_t weight = weights_[bucket * classes_ + c];
        const int32_t rounded =
            (std::abs(weight) + step / 2) / step * (weight < 0 ? -1 : 1);
        weights[bucket] =
            static_cast<int8_t>(std::clamp(rounded, -kMostWeight, kMostWeight));
      }
      told.set_weights(PackWeights(weights));
    }
  }

 private:
  void Learn(int number) {
    const Text& text = school_.texts[number];
    int64_t rarity = 0;
    sums_.assign(classes_, 0);
    for (const Bucket bucket : text.features) {
      const int32_t* row = &weights_[bucket * classes_];
      for (size_t c = 0; c < classes_; ++c) sums_[c] += row[c];
      rarity += rarity_[bucket];
    }
    // The square of its length, the bias included.
    const int64_t square =
        rarity * text.scale * text.scale / kUsual / kOne + kOne;
    int64_t* duals = &duals_[number * classes_];
    for (size_t c = 0; c < classes_; ++c) {
      const bool own = std::find(text.classes.begin(), text.classes.end(),
                                 static_cast<int>(c)) != text.classes.end();
      const int64_t sign = own ? 1 : -1;
      int64_t slack = own ? kSlack / kOwnWeight : kSlack;
      if (static_cast<int>(c) == school_.alarms && !text.urgency_said) {
        slack *= kSaidWeight;
      }
      const int64_t score = ((sums_[c] * text.scale) >> 16) + bias_[c];
      const int64_t gradient = sign * score - kOne + duals[c] * slack / kOne;
      const int64_t dual =
          std::max<int64_t>(0, duals[c] - gradient * kOne / (square + slack));
      const int64_t step = (dual - duals[c]) * sign;
      if (step == 0) continue;
      duals[c] = dual;
      bias_[c] += static_cast<int32_t>(step);
      const int64_t full = (step * text.scale) >> 8;
      for (const Bucket bucket : text.features) {
        int32_t& weight = weights_[bucket * classes_ + c];
        const auto change =
            static_cast<int32_t>(full * rarity_[bucket] / kUsual);
        weight = std::clamp(weight + change, -kLargestWeight, kLargestWeight);
      }
    }
  }

  // How fast the weights of each bucket learn, in 1/kUsual: the slower the more
  // texts have it. From 0, in all of them, to 9/4, in none; a square, since it
  // stands for a feature that is so much smaller in every text.
  static std::vector<int32_t> RarityOf(const School& school) {
    std::vector<int64_t> texts(kBuckets);
    std::vector<Bucket> features;
    for (const Text& text : school.texts) {
      features = text.features;
      std::sort(features.begin(), features.end());
      features.erase(std::unique(features.begin(), features.end()),
                     features.end());
      for (const Bucket bucket : features) ++texts[bucket];
    }
    const int64_t all = Log2(1 + static_cast<int64_t>(school.texts.size()));
    std::vector<int32_t> rarity;
    for (const int64_t with : texts) {
      const int64_t root = 3 * (all - Log2(1 + with)) * kUsual / (2 * all);
      rarity.push_back(static_cast<int32_t>(root * root / kUsual));
    }
    return rarity;
  }

  const School& school_;
  const size_t classes_;
  std::vector<int32_t> weights_;  // [bucket][class]
  std::vector<int32_t> bias_;
  std::vector<int64_t> duals_;  // [text][class]
  std::vector<int64_t> sums_;
  std::vector<int32_t> rarity_;
};

// How one held-out example is read, thresholds aside.
struct Trial {
  int score = 0;      // of the best topic
  int lead = 0;       // over the next topic of its own area
  int area_lead = 0;  // over the best topic of any other area
  bool right_area = false, right_topic = false;
  bool should_ask = false;  // no answer is right
  int urgency = 0;          // with what an urgent need adds
  bool alarm = false;
  bool calm = false;  // it is said to be
};

// Beyond any score: of what a phrase decides.
constexpr int kSure = 1'000'000;

// What a good answer is worth, what a wrong door costs, and what it costs where
// nothing was asked for. Examples are harder than messages, being as unlike
// each other as their authors could make them, and one answer alone is right:
// of messages a quarter as many go wrong, so a wrong door that costs half of
// what a good answer earns here costs twice that there.
constexpr int kGoodEarns = 10;
constexpr int kWrongCosts = 5;
constexpr int kGuessCosts = 40;

class Calibration {
 public:
  Calibration(const v1::Policy& policy, const Understanding& reader)
      : policy_(policy), reader_(reader) {
    for (const v1::Area& area : policy.areas())
      human_[area.id()] = area.human();
  }

  Trial Try(const v1::LabelledMessage& message, absl::string_view topic,
            bool calm, const Points& points) const {
    Reading reading;
    reader_.With(points).Understand(message.text(), reading,
                                    Understanding::Tell::kNoClues);
    Trial trial;
    trial.should_ask = message.expect_area() == "none";
    trial.urgency = reading.urgency;
    trial.alarm = !reading.alarms.empty();
    trial.calm = calm;
    if (reading.ranking.empty()) {
      trial.right_area = trial.should_ask;
      return trial;
    }
    const Topic& best = reading.ranking[0];
    if (best.need >= 0 ? policy_.needs(best.need).urgent()
                       : policy_.referrals(best.referral).urgent()) {
      trial.urgency += kUrgentNeed;
    }
    trial.score = best.decided ? kSure : best.score;
    trial.lead = trial.area_lead = kSure;
    for (size_t i = reading.ranking.size() - 1; i > 0; --i) {
      const Topic& other = reading.ranking[i];
      const int lead =
          best.decided != other.decided ? kSure : best.score - other.score;
      (GroupOf(other) == GroupOf(best) ? trial.lead : trial.area_lead) = lead;
    }
    trial.right_area = GroupOf(best) == message.expect_area();
    trial.right_topic = IdOf(best) == topic;
    return trial;
  }

 private:
  // As LabelledMessage::expect_area has it.
  absl::string_view GroupOf(const Topic& topic) const {
    if (topic.need < 0) return "out_of_scope";
    const std::string& area = policy_.needs(topic.need).area();
    return human_.at(area) ? absl::string_view("none") : area;
  }
  absl::string_view IdOf(const Topic& topic) const {
    return topic.need < 0 ? policy_.referrals(topic.referral).id()
                          : policy_.needs(topic.need).id();
  }

  const v1::Policy& policy_;
  const Understanding& reader_;
  absl::flat_hash_map<std::string, bool> human_;
};

// What thresholds on score and lead over other areas earn.
int EarnedByArea(const std::vector<Trial>& trials, int score, int lead) {
  int earned = 0;
  for (const Trial& trial : trials) {
    const bool answers = trial.score >= score && trial.area_lead >= lead;
    if (!answers) {
      if (trial.should_ask) earned += kGoodEarns;
    } else if (trial.right_area) {
      earned += kGoodEarns;
    } else {
      earned -= trial.should_ask ? kGuessCosts : kWrongCosts;
    }
  }
  return earned;
}

int EarnedByTopic(const std::vector<Trial>& trials, int lead) {
  int earned = 0;
  for (const Trial& trial : trials) {
    if (trial.lead >= lead) earned += trial.right_topic ? 1 : -1;
  }
  return earned;
}

// So many of a hundred examples that are said to be calm may raise a false
// alarm, those with an alarm's phrase included: a person in danger who is not
// heard costs more. They look more alarming than what people mostly write.
constexpr size_t kFalseAlarms = 20;

void CalibrateUrgency(const std::vector<Trial>& trials, v1::Model& model) {
  std::vector<int> calm;
  for (const Trial& trial : trials) {
    if (trial.calm) calm.push_back(trial.alarm ? kSure : trial.urgency);
  }
  std::sort(calm.begin(), calm.end());
  const size_t allowed = calm.size() * kFalseAlarms / 100;
  model.set_least_urgent(
      calm.empty() ? kPoints
                   : std::min(kPoints, calm[calm.size() - 1 - allowed] + 1));
}

// Chooses the points that earn most; of equals the more careful.
void Calibrate(const std::vector<Fold>& folds,
               const std::vector<Understanding>& readers, v1::Model& model) {
  int most = -kSure;
  std::vector<Trial> best_trials;
  for (const int phrase : {50, 100, 200, 400}) {
    Points points;
    points.phrase = phrase;
    points.least_lead = points.least_area_lead = 0;
    std::vector<Trial> trials;
    for (size_t f = 0; f < folds.size(); ++f) {
      const Calibration calibration(folds[f].rest, readers[f]);
      for (size_t i = 0; i < folds[f].held_out.size(); ++i) {
        const v1::LabelledMessage& message = folds[f].held_out[i];
        const absl::string_view topic =
            absl::string_view(message.id()).substr(0, message.id().rfind('-'));
        trials.push_back(
            calibration.Try(message, topic, folds[f].said[i] == kCalm, points));
      }
    }
    for (int score = 0; score <= kPoints; score += 20) {
      for (int lead = 0; lead <= kPoints / 2; lead += 10) {
        const int earned = EarnedByArea(trials, score, lead);
        if (earned < most) continue;
        if (earned > most) best_trials = trials;
        most = earned;
        model.set_phrase_points(phrase);
        model.set_least_score(score);
        model.set_least_area_lead(lead);
      }
    }
  }
  most = -kSure;
  for (int lead = 0; lead <= kPoints / 2; lead += 10) {
    const int earned = EarnedByTopic(best_trials, lead);
    if (earned < most) continue;
    most = earned;
    model.set_least_lead(lead);
  }
  CalibrateUrgency(best_trials, model);
}

}  // namespace

absl::StatusOr<v1::Model> Train(const v1::Policy& policy) {
  std::vector<Fold> folds = FoldsOf(policy, kFolds);
  std::vector<Understanding> readers;
  for (Fold& fold : folds) {
    *fold.rest.mutable_model() = FitWeights(fold.rest);
    absl::StatusOr<Understanding> reader = Understanding::Compile(fold.rest);
    if (!reader.ok()) return reader.status();
    readers.push_back(*std::move(reader));
  }
  v1::Model model = FitWeights(policy);
  Calibrate(folds, readers, model);
  v1::Policy taught = policy;
  *taught.mutable_model() = model;
  model.set_trained_from(TrainingDigest(taught));
  return model;
}

v1::Model FitWeights(const v1::Policy& policy) {
  const School school = SchoolOf(policy);
  Trainer trainer(school);
  trainer.Run();
  v1::Model model;
  trainer.Tell(model);
  return model;
}

uint64_t TrainingDigest(const v1::Policy& policy) {
  uint64_t digest = 14695981039346656037u;
  const auto add = [&](absl::string_view text) {
    for (const char c : text) {
      digest = (digest ^ static_cast<unsigned char>(c)) * 1099511628211u;
    }
    digest = (digest ^ text.size()) * 1099511628211u;
  };
  add(absl::StrCat(kBuckets, " buckets"));
  std::vector<std::string> alarms;
  std::map<std::string, std::string> abbreviations;
  for (const v1::Abbreviation& one : policy.lexicon().abbreviations()) {
    abbreviations[one.written()] = one.means();
  }
  for (const auto& [written, means] : abbreviations) {
    add(written);
    add(means);
  }
  for (const auto& [topic, group, text, said, urgent] : LessonsOf(policy)) {
    add(topic);
    add(group);
    add(text);
    add(absl::StrCat(said, urgent ? " urgent" : ""));
  }
  for (const v1::Alarm& alarm : policy.alarms()) {
    for (const v1::Wording& wording : alarm.wordings()) {
      for (const auto* texts :
           {&wording.phrases(), &wording.decides(), &wording.forbids()}) {
        alarms.insert(alarms.end(), texts->begin(), texts->end());
      }
    }
  }
  std::sort(alarms.begin(), alarms.end());
  for (const std::string& phrase : alarms) add(phrase);
  v1::Model model = policy.model();
  model.clear_trained_from();
  add(model.SerializeAsString());
  return digest;
}

std::vector<Fold> FoldsOf(const v1::Policy& policy, int folds) {
  std::vector<Fold> cut(folds);
  for (Fold& fold : cut) {
    fold.rest = policy;
    fold.rest.clear_model();
  }
  absl::flat_hash_map<absl::string_view, bool> human;
  for (const v1::Area& area : policy.areas()) human[area.id()] = area.human();
  int number = 0;
  // `of_fold` gives the same element in a fold's policy.
  const auto hold_out = [&](const auto& element, const std::string& expect,
                            bool urgent, auto of_fold) {
    for (int w = 0; w < element.wordings_size(); ++w) {
      const v1::Wording& wording = element.wordings(w);
      for (const Urgency said : {kUnsaid, kUrgent, kCalm}) {
        const auto rest_of = [&](int fold) {
          return MutableExamplesOf(
              *of_fold(cut[fold]).mutable_wordings(w))[said];
        };
        for (int f = 0; f < folds; ++f) rest_of(f)->Clear();
        for (const std::string& example : *ExamplesOf(wording)[said]) {
          const int out = number++ % folds;
          for (int f = 0; f < folds; ++f) {
            if (f != out) *rest_of(f)->Add() = example;
          }
          v1::LabelledMessage& message = cut[out].held_out.emplace_back();
          message.set_id(absl::StrCat(element.id(), "-", number));
          message.set_text(example);
          message.set_expect_area(expect);
          message.set_style(wording.language().empty() ? "example"
                                                       : wording.language());
          message.set_urgent(said == kUnsaid ? urgent : said == kUrgent);
          cut[out].said.push_back(said);
        }
      }
    }
  };
  for (int i = 0; i < policy.needs_size(); ++i) {
    const v1::Need& need = policy.needs(i);
    hold_out(
        need, human[need.area()] ? "none" : need.area(), need.urgent(),
        [i](Fold& fold) -> v1::Need& { return *fold.rest.mutable_needs(i); });
  }
  for (int i = 0; i < policy.referrals_size(); ++i) {
    const v1::Referral& one = policy.referrals(i);
    if (one.optional()) continue;
    hold_out(one, "out_of_scope", one.urgent(),
             [i](Fold& fold) -> v1::Referral& {
               return *fold.rest.mutable_referrals(i);
             });
  }
  return cut;
}

}  // namespace guiche
