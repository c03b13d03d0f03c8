#include "routing/evaluation.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/routing/policies.h"

namespace guiche {
namespace {

class EvaluationTest : public testing::Test {
 protected:
  Router router_ =
      Router::Compile(PolicyOf(kGround, kLexicon, kTopics, kRoutes)).value();
};

TEST_F(EvaluationTest, Counts) {
  const auto messages = ReadLabelled(R"(
{"id": "1", "text": "quero pensão", "expect_area": "familia", "style": "clean"}
{"id": "2", "text": "quero pensão", "expect_area": "civel", "also_ok": ["familia"], "style": "clean"}
{"id": "3", "text": "quero pensão", "expect_area": "criminal", "style": "short", "urgent": true}

{"id": "4", "text": "o inss", "expect_area": "out_of_scope", "style": "short"}
{"id": "5", "text": "xyz", "expect_area": "out_of_scope", "style": "short"}
{"id": "6", "text": "oi", "expect_area": "none", "style": "short"}
{"id": "7", "text": "vai me matar", "expect_area": "none", "style": "short", "urgent": true}
)");
  ASSERT_TRUE(messages.ok()) << messages.status();
  const auto evaluation = Evaluate(router_, *messages);
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  const auto is = [](int part, int of) {
    return testing::AllOf(testing::Field(&Share::part, part),
                          testing::Field(&Share::of, of));
  };
  EXPECT_THAT(evaluation->acceptable, is(4, 7));
  EXPECT_THAT(evaluation->exact, is(3, 7));
  EXPECT_THAT(evaluation->wrong_doors, is(2, 5));
  EXPECT_THAT(evaluation->urgent, is(1, 2));
  EXPECT_THAT(evaluation->false_alarms, is(0, 5));
  EXPECT_THAT(evaluation->out_of_scope, is(1, 2));
  EXPECT_THAT(evaluation->none, is(1, 2));
  EXPECT_THAT(evaluation->by_style.at("clean"), is(2, 2));
  EXPECT_THAT(evaluation->abstained, is(1, 5));
  EXPECT_THAT(evaluation->by_area.at("familia").precision, is(2, 3));
  EXPECT_THAT(evaluation->by_area.at("familia").recall, is(1, 1));
  EXPECT_EQ(evaluation->confusion.at({"criminal", "familia"}), 1);
  EXPECT_EQ(evaluation->confusion.at({"familia", "familia"}), 1);
  const std::string text = FormatEvaluation(*evaluation);
  EXPECT_THAT(text,
              testing::HasSubstr("certas ou aceitas            57.1%  4/7"));
  const std::string errors = FormatErrors(*evaluation);
  EXPECT_THAT(errors,
              testing::HasSubstr("3 criminal -> familia (pensao) porta errada "
                                 "urgente nao vista\n    pensao "));
  EXPECT_THAT(text + errors, testing::Not(testing::HasSubstr("quero")));
}

TEST(ReadLabelledTest, NamesTheLineThatIsNone) {
  EXPECT_EQ(ReadLabelled("\n{\"text\": 3").status(),
            absl::InvalidArgumentError(
                "line 2: is no JSON object with text and expect_area"));
  EXPECT_TRUE(ReadLabelled("").ok());
}

TEST(CrossValidateTest, ReadsEachExampleUnlearned) {
  v1::Policy policy = PolicyOf(kGround, kLexicon, kTopics, kRoutes);
  const int count = 10;
  for (int i = 0; i < count; ++i) {
    v1::Wording& wording = *policy.mutable_needs(1)->mutable_wordings(0);
    wording.add_examples(
        absl::StrCat("caso ", i, " meu casamento acabou, quero o papel"));
    policy.mutable_needs(2)->mutable_wordings(0)->add_examples(
        absl::StrCat("caso ", i, " meu neto mora comigo na roça"));
  }
  policy.mutable_needs(5)->mutable_wordings(0)->add_examples(
      "quero falar com atendente");
  const auto evaluation = CrossValidate(policy, 5);
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  EXPECT_EQ(evaluation->messages.size(), 2u * count + 1);
  EXPECT_EQ(evaluation->none.part, 1);
  EXPECT_EQ(evaluation->acceptable.part, 2 * count + 1);
  const auto less = CrossValidate(policy, 5, 0);
  ASSERT_TRUE(less.ok());
  EXPECT_LT(less->acceptable.part, evaluation->acceptable.part);
}

}  // namespace
}  // namespace guiche
