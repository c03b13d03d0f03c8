#include "routing/understanding.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "policy/fold.h"
#include "policy/places.h"
#include "tests/routing/policies.h"

namespace guiche {
namespace {

class UnderstandingTest : public testing::Test {
 protected:
  UnderstandingTest()
      : policy_(PolicyOf(kGround, kLexicon, kTopics)),
        understanding_(Understanding::Compile(policy_).value()) {}

  // `need pensao`, `referral inss`, `unsure guarda visita_presidio`, `nothing`
  // or `empty`.
  std::string Read(absl::string_view text) const {
    return Told(understanding_.Understand(text));
  }

  std::string Told(const Reading& reading) const {
    const auto id = [&](const Topic& topic) {
      return topic.need >= 0 ? policy_.needs(topic.need).id()
                             : policy_.referrals(topic.referral).id();
    };
    switch (reading.decision) {
      case Reading::kEmpty:
        return "empty";
      case Reading::kNothing:
        return "nothing";
      case Reading::kDecided:
        return absl::StrCat(
            reading.ranking[0].need >= 0 ? "need " : "referral ",
            id(reading.ranking[0]));
      case Reading::kUnsure:
        break;
    }
    std::string told = "unsure";
    for (const Topic& topic : reading.ranking) {
      absl::StrAppend(&told, " ", id(topic));
    }
    return told;
  }

  // The id of the place named, or "".
  std::string Place(absl::string_view text) const {
    Problems problems;
    const Places places = Places::Compile(policy_, problems);
    const int place = understanding_.Understand(text).place;
    return place < 0 ? "" : places[place].id;
  }

  v1::Policy policy_;
  Understanding understanding_;
};

struct ReadCase {
  const char* name;
  std::string text;
  std::string told;
};
class ReadTest : public UnderstandingTest,
                 public testing::WithParamInterface<ReadCase> {};

TEST_P(ReadTest, Tells) { EXPECT_EQ(Read(GetParam().text), GetParam().told); }

constexpr auto CaseName = [](const auto& info) {
  return std::string(info.param.name);
};

INSTANTIATE_TEST_SUITE_P(
    Texts, ReadTest,
    testing::ValuesIn<ReadCase>({
        {"Empty", "", "empty"},
        {"Blank", " \t\n!!!", "empty"},
        {"Emoji", "👍👍🏽", "empty"},
        {"Greeting", "Oi, bom dia!!", "empty"},
        {"Unknown", "xyz", "nothing"},
        {"Plain", "quero pensão", "need pensao"},
        {"Shouted", "QUERO PENSÃO", "need pensao"},
        {"NoAccents", "quero pensao", "need pensao"},
        {"Stretched", "pensaooooo", "need pensao"},
        {"StretchedR", "sepaaarrrei do marido", "need divorcio"},
        {"Prefix", "separei do marido", "need divorcio"},
        {"Gap", "separada do meu ex marido", "need divorcio"},
        {"GapOfFour", "separei a b c d esposa", "need divorcio"},
        {"GapOfFive", "separei a b c d e esposa", "nothing"},
        {"GapAcrossComma", "separei, do marido", "need divorcio"},
        {"GapAcrossSentences", "separei o lixo. O marido saiu", "nothing"},
        {"PartOfAWord", "suspensao", "nothing"},
        {"Hyphen", "ex-marido, separação", "nothing"},
        {"Abbreviation", "n paga a pensao", "need pensao"},
        {"NotCancelledByItsOwnNegation", "ele não paga a pensão",
         "need pensao"},
        {"Negated", "não quero pensão", "nothing"},
        {"NegatedFarther", "não quero a pensão", "nothing"},
        {"TooFarToNegate", "não sei como faço pensão", "need pensao"},
        {"NegatedInAnotherClause", "hoje não, quero pensão", "need pensao"},
        {"NegationEndsAtMas", "não moro mas quero pensão", "need pensao"},
        {"NotXButY", "não é pensão não, é divórcio", "need divorcio"},
        {"NotXButYNoComma", "nao e pensao nao e divorcio", "need divorcio"},
        {"NegatedTwice", "não é pensão, não é divórcio", "nothing"},
        {"NegatedFromBeforeIntoIt", "já consegui guarda", "nothing"},
        {"BeginsAsANegationEnds", "consegui guarda", "need guarda"},
        {"DecidingIsNegated", "não quero medida protetiva", "nothing"},
        {"LongestWins", "pensão por morte", "referral inss"},
        {"ForbidsExcludes", "pensão por morte e pensão", "referral inss"},
        {"DecidesAlone", "divórcio, ele me bateu", "need protetiva"},
        {"SameWord", "visita", "unsure guarda visita_presidio"},
        {"Evidence", "visita no presídio", "need visita_presidio"},
        {"Person", "quero falar com uma pessoa", "nothing"},
        {"PersonAsked", "quero falar com atendente", "need atendente"},
        {"Spanish", "la cuota alimentaria", "need pensao"},
        {"OptionalIsNoTopic", "quero um acordo", "nothing"},
        {"LetterLeftOut", "quero o divorco", "need divorcio"},
        {"LetterPutIn", "quero o divoorcio", "need divorcio"},
        {"LetterReplaced", "quero o divorsio", "need divorcio"},
        {"LettersSwapped", "quero o divocrio", "need divorcio"},
        {"MistypedByEar", "quero o divorsiu", "need divorcio"},
        {"TwoWrongLetters", "quero o diforgio", "nothing"},
        {"ShortWordsStayAsTheyAre", "o ins cortou", "nothing"},
        {"MistypedAndNegated", "nao quero divorsio", "nothing"},
        {"ZeroWidth", "pen\u200bs\u00adão", "need pensao"},
        {"Fullwidth", "ＰＥＮＳＡＯ", "need pensao"},
    }),
    CaseName);

struct PlaceCase {
  const char* name;
  std::string text;
  std::string place;
};
class PlaceTest : public UnderstandingTest,
                  public testing::WithParamInterface<PlaceCase> {};

TEST_P(PlaceTest, Finds) {
  EXPECT_EQ(Place(GetParam().text), GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, PlaceTest,
    testing::ValuesIn<PlaceCase>({
        {"Cue", "moro em sinop", "1"},
        {"NoCue", "sinop é quente", ""},
        {"Alone", "SINOP", "1"},
        {"AloneAfterGreeting", "oi, sinop", "1"},
        {"PersonsName", "minha filha Cláudia quer pensão", ""},
        {"PersonsNameAsCity", "sou de Claudia", "2"},
        {"OrdinaryWords", "moro num campo verde", ""},
        {"OrdinaryWordsAsCity", "moro em campo verde", "5"},
        {"OwnClause", "Maria, Várzea Grande, pensão", "3"},
        {"LongName", "fico perto de lucas do rio verde", "4"},
        {"Alias", "moro em VG", "3"},
        {"SurestWins", "o pai mora em sinop, sou de varzea grande", "3"},
        {"TwoAsSure", "o carro em sinop e a casa em claudia", ""},
        {"NarrowerWins", "em norte, em sinop", "1"},
    }),
    CaseName);

TEST_F(UnderstandingTest, AlarmsAreNegatedOnlyDirectly) {
  EXPECT_EQ(
      understanding_.Understand("nao aguento mais vai me matar").alarms.size(),
      1u);
  EXPECT_EQ(understanding_.Understand("nao me matar").alarms.size(), 0u);
}

// A policy can tell "não quero visita" from "não deixa visita".
TEST_F(UnderstandingTest, NegationsCanBePhrases) {
  v1::Policy policy = policy_;
  policy.mutable_lexicon()->clear_negations();
  policy.mutable_lexicon()->add_negations("não quero|preciso");
  understanding_ = Understanding::Compile(policy).value();
  EXPECT_EQ(Read("não quero a guarda"), "nothing");
  EXPECT_EQ(Read("não preciso mais de guarda"), "nothing");
  EXPECT_EQ(Read("ela não respeita a guarda"), "need guarda");
}

TEST_F(UnderstandingTest, CluesAreTheWordsThemselves) {
  const std::string text = "Oi! Quero PENSA\u0303O… em Várzea Grande";
  const Reading reading = understanding_.Understand(text);
  ASSERT_EQ(reading.clues.size(), 2u);
  const Clue& need = reading.clues[0];
  EXPECT_EQ(text.substr(need.begin, need.end - need.begin), "PENSA\u0303O");
  EXPECT_EQ(need.speaks_for, "pensao");
  EXPECT_EQ(need.phrase, "pensão");
  EXPECT_GT(need.weight, 0);
  const Clue& place = reading.clues[1];
  EXPECT_EQ(text.substr(place.begin, place.end - place.begin), "Várzea Grande");
  EXPECT_EQ(place.speaks_for, "3");
}

TEST_F(UnderstandingTest, TellsTheLanguageAndTheOptions) {
  EXPECT_EQ(understanding_.Understand("cuota alimentaria").language, "es");
  EXPECT_EQ(understanding_.Understand("xyz cuota alimentaria").language, "es");
  EXPECT_EQ(understanding_.Understand("pensão").language, "pt-BR");
  EXPECT_EQ(understanding_.Understand("pensão, cuota").language, "pt-BR");
  EXPECT_EQ(understanding_.Understand("xyz").language, "");
  EXPECT_EQ(understanding_.Understand("acordo").options.size(), 1u);
}

bool OnBoundary(absl::string_view text, uint32_t at) {
  return at == text.size() || (text[at] & 0xC0) != 0x80;
}

// Any bytes are read; of valid UTF-8 the clues lie on character boundaries.
TEST_F(UnderstandingTest, ReadsAnyBytes) {
  std::mt19937 random(1);
  const std::string parts[] = {"pensão",   " ",      "não ",
                               "visita ",  "\xff",   "\xc3",
                               "😀",        "\u0301", "me matar ",
                               "em ",      "sinop ", ",",
                               ". ",       "ℂ",      "½",
                               "separei ", "\n",     std::string(1, '\0')};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const int count = static_cast<int>(random() % 40);
    for (int i = 0; i < count; ++i) {
      if (round % 3 == 0) {
        text.push_back(static_cast<char>(random()));
      } else {
        text += parts[random() % std::size(parts)];
      }
    }
    for (const Clue& clue : understanding_.Understand(text).clues) {
      ASSERT_LT(clue.begin, clue.end);
      ASSERT_LE(clue.end, text.size());
      if (text.find('\xff') == std::string::npos && round % 3 != 0) {
        ASSERT_TRUE(OnBoundary(text, clue.begin));
        ASSERT_TRUE(OnBoundary(text, clue.end));
      }
    }
  }
}

TEST_F(UnderstandingTest, ReadsLongTexts) {
  for (const absl::string_view part :
       {"a", " ", "pensao ", "separei ", "nao ", "visita pensao nao ", "\xff",
        "😀", "ﷺ", "em sinop "}) {
    std::string text;
    while (text.size() < 1 << 20) text.append(part.data(), part.size());
    const Reading reading = understanding_.Understand(text);
    EXPECT_LE(reading.clues.size(), 100u);
  }
}

TEST_F(UnderstandingTest, ReadsAllOfUnicode) {
  std::string text = "pensao ";
  for (UChar32 c = 1; c <= 0x10FFFF; c += 5) {
    if (!U_IS_SURROGATE(c)) icu::UnicodeString(c).toUTF8String(text);
  }
  text += " pensao";
  EXPECT_EQ(Read(text), "need pensao");
}

// Case, accents and their Unicode form make no difference.
TEST_F(UnderstandingTest, ReadsTheSameInAnyForm) {
  UErrorCode error = U_ZERO_ERROR;
  const auto* nfd = icu::Normalizer2::getNFDInstance(error);
  for (const char* text :
       {"Não é pensão não, é divórcio", "ele me bateu, medida protetiva!",
        "Moro em Várzea Grande e ele não paga a pensão", "pensão por morte"}) {
    const icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(text);
    std::string upper, decomposed;
    icu::UnicodeString(unicode).toUpper().toUTF8String(upper);
    nfd->normalize(unicode, error).toUTF8String(decomposed);
    const Reading reading = understanding_.Understand(text);
    for (const std::string& form : {upper, decomposed, Fold(text)}) {
      const Reading other = understanding_.Understand(form);
      EXPECT_EQ(Told(other), Told(reading)) << form;
      EXPECT_EQ(other.place, reading.place) << form;
      EXPECT_EQ(other.clues.size(), reading.clues.size()) << form;
    }
  }
}

struct BadPhrase {
  const char* name;
  std::string phrase;
  std::string problem;
};
class BadPhraseTest : public testing::TestWithParam<BadPhrase> {};

TEST_P(BadPhraseTest, IsBlamed) {
  v1::Policy policy = PolicyOf(kGround, kTopics);
  v1::Wording& wording = *policy.mutable_needs(0)->mutable_wordings(0);
  wording.clear_phrases();
  wording.add_phrases("fine");
  wording.add_phrases(GetParam().phrase);
  EXPECT_THAT(
      Understanding::Compile(policy),
      Blames("needs[pensao].wordings[0].phrases[1]", GetParam().problem));
}

INSTANTIATE_TEST_SUITE_P(
    Phrases, BadPhraseTest,
    testing::ValuesIn<BadPhrase>({
        {"Empty", "", "has no word"},
        {"NoWord", "?!", "has no word"},
        {"GapFirst", "... pensao", "at its beginning"},
        {"GapLast", "pensao ...", "at its end"},
        {"GapTwice", "a ... ... b", "two \"...\""},
        {"GapTooOften", "a ... b ... c ... d ... e ... f", "more than 4"},
        {"BareStar", "quero *", "is no prefix"},
        {"ShortPrefix", "p*", "is no prefix"},
        {"StarWithin", "pen*ao", "is no prefix"},
        {"EmptyChoice", "a||b", "empty alternative"},
        {"LoneBar", "a | b", "empty alternative"},
        {"WordlessChoice", "a|?", "without a word"},
        {"TooManyVariants", "x-y|b x-y|b x-y|b x-y|b x-y|b x-y|b x-y|b",
         "more than 64"},
        {"TooManyWords", "a b c d e f g h i j k l m n o p q r s t u v w x y",
         "more than 24 words"},
        {"TooLong", std::string(2001, 'a'), "has 2001 bytes; at most 2000"},
    }),
    CaseName);

TEST(UnderstandingCompileTest, NamesEveryProblem) {
  const auto compiled = Understanding::Compile(PolicyOf(kGround, R"pb(
    areas { id: "a" name: "A" }
    areas { id: "a" name: "A" }
    needs { id: "n" area: "b" name: "" facts: "minro" }
    alarms { id: "x" name: "x" need: "m" emergency_numbers: "1" }
    lexicon {
      abbreviations { written: "?" means: "x" }
      negations: ""
    }
    units { id: "u" name: "U" serves: "sul" serves: "9" }
  )pb"));
  EXPECT_THAT(compiled, Blames("areas[a]", "is there twice"));
  EXPECT_THAT(compiled, Blames("needs[n].area", "\"b\" is no area"));
  EXPECT_THAT(compiled, Blames("needs[n].name", "is empty"));
  EXPECT_THAT(compiled, Blames("needs[n].facts[0]", "did you mean \"minor\"?"));
  EXPECT_THAT(compiled, Blames("alarms[x].need", "\"m\" is no need"));
  EXPECT_THAT(compiled, Blames("alarms[x].emergency_numbers[0]", "is no"));
  EXPECT_THAT(compiled, Blames("lexicon.abbreviations[0]", "lacks words"));
  EXPECT_THAT(compiled, Blames("lexicon.negations[0]", "has no word"));
  EXPECT_THAT(compiled, Blames("units[u].serves[0]", "units[nucleo_sul]"));
  EXPECT_THAT(compiled, Blames("units[u].serves[1]", "\"9\" is no place"));
}

}  // namespace
}  // namespace guiche
