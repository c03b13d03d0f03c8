#include "routing/training.h"

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "routing/model.h"
#include "routing/understanding.h"
#include "tests/routing/policies.h"

namespace guiche {
namespace {

// Grandmothers say no word of the phrases.
v1::Policy Taught() {
  v1::Policy policy = PolicyOf(kGround, kLexicon, kTopics);
  const auto teach = [&](int need, std::initializer_list<const char*> texts) {
    for (const char* text : texts) {
      policy.mutable_needs(need)->mutable_wordings(0)->add_examples(text);
    }
  };
  teach(0, {"o pai sumiu e não manda dinheiro pro menino",
            "ele não ajuda com nada, nem leite ele compra",
            "o pai do meu filho não manda dinheiro faz tempo",
            "quero que o pai ajude com o leite do menino"});
  teach(1, {"não aguento mais esse casamento, quero sair de casa",
            "casamos no civil e cada um foi para um lado",
            "meu casamento acabou faz dez anos e nunca fizemos o papel",
            "quero terminar meu casamento no cartório"});
  teach(2, {"a avó quer ficar com o neto porque a mãe viajou",
            "meu neto mora comigo desde bebê e a mãe quer levar",
            "a mãe levou o bebê embora sem avisar ninguém",
            "quero que meu neto more comigo no papel"});
  return policy;
}

v1::Policy Trained() {
  v1::Policy policy = Taught();
  *policy.mutable_model() = Train(policy).value();
  return policy;
}

TEST(TrainingTest, TellsWhatNoPhraseTells) {
  const Understanding trained = Understanding::Compile(Trained()).value();
  const Understanding bare = Understanding::Compile(Taught()).value();
  for (const char* text : {"o bebe da minha filha mora comigo, o neto",
                           "meu netu mora comigu desde bebê"}) {
    EXPECT_EQ(bare.Understand(text).decision, Reading::kNothing);
    const Reading reading = trained.Understand(text);
    ASSERT_FALSE(reading.ranking.empty()) << text;
    EXPECT_EQ(reading.ranking[0].need, 2) << text;
    EXPECT_EQ(reading.ranking[0].phrases, 0) << text;
  }
}

TEST(TrainingTest, DecidingPhrasesStandAboveTheModel) {
  const Understanding trained = Understanding::Compile(Trained()).value();
  const Reading reading = trained.Understand(
      "meu neto mora comigo desde bebê, quero a medida protetiva");
  ASSERT_EQ(reading.decision, Reading::kDecided);
  EXPECT_EQ(reading.ranking[0].need, 3);
}

TEST(TrainingTest, SaysNothingOfWhatItNeverSaw) {
  const Understanding trained = Understanding::Compile(Trained()).value();
  for (const char* text : {"xyzzy", "12345", "wkq wkq wkq wkq wkq"}) {
    EXPECT_NE(trained.Understand(text).decision, Reading::kDecided) << text;
  }
}

TEST(TrainingTest, IsTheSameWhateverTheOrder) {
  v1::Policy policy = Taught();
  const std::string model = Train(policy)->SerializeAsString();
  EXPECT_EQ(Train(policy)->SerializeAsString(), model);
  std::reverse(policy.mutable_needs()->begin(), policy.mutable_needs()->end());
  std::reverse(policy.mutable_areas()->begin(), policy.mutable_areas()->end());
  const v1::Model reversed = FitWeights(policy);
  v1::Model weights;
  weights.ParseFromString(model);
  ASSERT_EQ(reversed.classes_size(), weights.classes_size());
  for (int i = 0; i < weights.classes_size(); ++i) {
    EXPECT_EQ(reversed.classes(i).SerializeAsString(),
              weights.classes(i).SerializeAsString());
  }
  *policy.mutable_model() = weights;
  EXPECT_EQ(TrainingDigest(policy), weights.trained_from());
  policy.mutable_model()->set_least_lead(weights.least_lead() + 1);
  EXPECT_NE(TrainingDigest(policy), weights.trained_from());
}

TEST(TrainingTest, DigestTellsEachChange) {
  const v1::Policy policy = Taught();
  const uint64_t digest = TrainingDigest(policy);
  v1::Policy changed = policy;
  changed.mutable_needs(0)->mutable_wordings(0)->add_examples("mais uma");
  EXPECT_NE(TrainingDigest(changed), digest);
  changed = policy;
  changed.mutable_needs(0)->set_area("criminal");
  EXPECT_NE(TrainingDigest(changed), digest);
  changed = policy;
  changed.mutable_lexicon()->mutable_abbreviations(0)->set_means("nada");
  EXPECT_NE(TrainingDigest(changed), digest);
  changed = policy;
  changed.mutable_needs(0)->set_name("outro nome");
  EXPECT_EQ(TrainingDigest(changed), digest);
}

TEST(TrainingTest, RefusesWhatDoesNotCompile) {
  v1::Policy policy = Taught();
  policy.mutable_needs(0)->mutable_wordings(0)->add_phrases("pen*sao");
  EXPECT_THAT(Train(policy),
              Blames("needs[pensao].wordings[0].phrases[3]", "is no prefix"));
}

TEST(FoldsTest, HoldEachExampleOutOnce) {
  const v1::Policy policy = Taught();
  int held_out = 0;
  for (const Fold& fold : FoldsOf(policy, 5)) {
    held_out += static_cast<int>(fold.held_out.size());
    int rest = 0;
    for (const v1::Need& need : fold.rest.needs()) {
      for (const v1::Wording& wording : need.wordings()) {
        rest += wording.examples_size();
        for (const std::string& example : wording.examples()) {
          for (const v1::LabelledMessage& message : fold.held_out) {
            EXPECT_NE(message.text(), example);
          }
        }
      }
    }
    EXPECT_EQ(rest + static_cast<int>(fold.held_out.size()), 12);
  }
  EXPECT_EQ(held_out, 12);
}

TEST(WeightsTest, ArePackedWithoutLoss) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<int8_t> weights(1 + random() % 400);
    for (int8_t& weight : weights) {
      if (random() % 40 < static_cast<unsigned>(round) % 41) {
        weight = static_cast<int8_t>(random() % 15) - 7;
      }
    }
    std::vector<int8_t> unpacked(weights.size());
    ASSERT_TRUE(UnpackWeights(PackWeights(weights), unpacked.data(),
                              unpacked.size(), 1));
    ASSERT_EQ(unpacked, weights);
  }
}

TEST(WeightsTest, AreRefusedIfLargerOrMore) {
  int8_t weights[2] = {};
  EXPECT_TRUE(UnpackWeights("Dw==", weights, 2, 1));   // 7
  EXPECT_FALSE(UnpackWeights("AA==", weights, 2, 1));  // -8
  EXPECT_FALSE(UnpackWeights("Dw8P", weights, 2, 1));  // three of them
  EXPECT_FALSE(UnpackWeights("?", weights, 2, 1));
}

// A model comes from a file, which may hold anything.
TEST(ModelTest, RefusesWhatItCannotRead) {
  v1::Policy policy = Taught();
  v1::Model::Class& one = *policy.mutable_model()->add_classes();
  one.set_of("need[pensao]");
  one.set_weights(std::string(80'000, 'A'));
  EXPECT_THAT(Understanding::Compile(policy),
              Blames("model.classes[0].of", "names no class"));
  EXPECT_THAT(Understanding::Compile(policy),
              Blames("model.classes[0].weights", "cannot be read"));
  one.set_step(1u << 31);
  EXPECT_THAT(Understanding::Compile(policy),
              Blames("model.classes[0]", "out of range"));
}

TEST(ModelTest, RefusesTwoModels) {
  v1::Policy policy = Trained();
  policy.mutable_model()->MergeFrom(v1::Model(policy.model()));
  const int twice = policy.model().classes_size() / 2;
  EXPECT_THAT(
      Understanding::Compile(policy),
      Blames(absl::StrCat("model.classes[", twice, "].of"), "is there twice"));
}

// Whoever has an urgent need writes as others with urgent needs do.
TEST(ModelTest, HearsUrgencyThatNoAlarmNames) {
  v1::Policy policy = Taught();
  v1::Wording& wording = *policy.mutable_needs(3)->mutable_wordings(0);
  for (const char* text :
       {"ele entrou aqui em casa e quebrou a porta, estou com medo",
        "ele quebrou meu celular e não me deixa sair de casa",
        "estou trancada no quarto e ele está quebrando tudo",
        "ele está na porta com uma faca e eu estou com medo",
        "estou com medo, ele está batendo na porta com raiva"}) {
    wording.add_examples(text);
  }
  *policy.mutable_model() = Train(policy).value();
  const Understanding trained = Understanding::Compile(policy).value();
  const int frightened =
      trained.Understand("estou com medo, ele quebrou a porta do quarto")
          .urgency;
  const int calm =
      trained.Understand("quero o papel do meu neto no cartório").urgency;
  EXPECT_GT(frightened, calm + 300);
}

// A need that mostly is urgent has calm messages, and others have urgent ones.
TEST(ModelTest, BelievesWhatIsSaidOfUrgency) {
  v1::Policy policy = Taught();
  const auto teach = [&](int need, bool urgent,
                         std::initializer_list<const char*> texts) {
    v1::Wording& wording = *policy.mutable_needs(need)->mutable_wordings(0);
    for (const char* text : texts) {
      *(urgent ? wording.add_urgent_examples() : wording.add_calm_examples()) =
          text;
    }
  };
  teach(2, true,
        {"amanhã levam meu neto embora para sempre",
         "amanhã o juiz leva meu neto, me ajudem",
         "vão levar meu neto amanhã cedo"});
  teach(3, false,
        {"quando vence o papel que o juiz deu contra ele",
         "o papel contra ele vence quando",
         "quanto dura o papel que o juiz deu"});
  *policy.mutable_model() = Train(policy).value();
  const Understanding trained = Understanding::Compile(policy).value();
  const int urgent = trained.Understand("amanhã vão levar meu neto").urgency;
  const int calm =
      trained.Understand("quando vence o papel que o juiz deu").urgency;
  EXPECT_GT(urgent, calm + 300);
  Points points = trained.points();
  points.least_urgent = urgent;
  const Understanding judge = trained.With(points);
  EXPECT_TRUE(judge.Understand("amanhã vão levar meu neto").sounds_urgent);
  EXPECT_FALSE(judge.Understand("amanhã vão levar meu neto").sounds_calm);
  EXPECT_TRUE(
      judge.Understand("quando vence o papel que o juiz deu").sounds_calm);
  v1::Policy unsaid = policy;
  v1::Wording& wording = *unsaid.mutable_needs(2)->mutable_wordings(0);
  wording.mutable_urgent_examples()->Swap(wording.mutable_calm_examples());
  EXPECT_NE(TrainingDigest(unsaid), TrainingDigest(policy));
}

TEST(ModelTest, ClassesThatAreGoneAreIdle) {
  v1::Policy policy = Trained();
  policy.mutable_needs()->RemoveLast();
  EXPECT_TRUE(Understanding::Compile(policy).ok());
}

}  // namespace
}  // namespace guiche
