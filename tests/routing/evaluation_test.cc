#include "routing/evaluation.h"

#include <string>

#include "tests/routing/policies.h"

namespace guiche {
namespace {

class EvaluationTest : public testing::Test {
 protected:
  Router router_ =
      Router::Compile(PolicyOf(kGround, kLexicon, kTopics, kRoutes)).value();
};

TEST_F(EvaluationTest, Counts) {
  const auto evaluation = Evaluate(router_, R"(
{"id": "1", "text": "quero pensão", "expect_area": "familia", "style": "clean"}
{"id": "2", "text": "quero pensão", "expect_area": "civel", "also_ok": ["familia"], "style": "clean"}
{"id": "3", "text": "quero pensão", "expect_area": "criminal", "style": "short", "urgent": true}

{"id": "4", "text": "o inss", "expect_area": "out_of_scope", "style": "short"}
{"id": "5", "text": "xyz", "expect_area": "out_of_scope", "style": "short"}
{"id": "6", "text": "oi", "expect_area": "none", "style": "short"}
{"id": "7", "text": "vai me matar", "expect_area": "none", "style": "short", "urgent": true}
)");
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
  EXPECT_EQ(evaluation->confusion.at({"criminal", "familia"}), 1);
  const std::string text = FormatEvaluation(*evaluation);
  EXPECT_THAT(text, testing::HasSubstr("right or acceptable       57.1%  4/7"));
  EXPECT_THAT(text,
              testing::HasSubstr(
                  "3 criminal -> familia pensao WRONG DOOR not seen urgent"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("quero")));
}

TEST_F(EvaluationTest, NamesTheLineThatIsNone) {
  EXPECT_EQ(Evaluate(router_, "\n{\"text\": 3").status(),
            absl::InvalidArgumentError(
                "line 2: is no JSON object with text and expect_area"));
  EXPECT_TRUE(Evaluate(router_, "").ok());
}

}  // namespace
}  // namespace guiche
