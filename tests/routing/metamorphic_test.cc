// What may be done to a message without changing its answer, and what must be
// borne: over the policy of Mato Grosso, with its own examples as seeds.

#include <algorithm>
#include <ctime>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "guiche/v1/policy.pb.h"
#include "policy/fold.h"
#include "policy/mato_grosso.h"
#include "routing/router.h"
#include "routing/understanding.h"
#include "unicode/locid.h"
#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/unistr.h"
#include "unicode/utf8.h"

namespace guiche {
namespace {

const v1::Policy& ThePolicy() {
  static const v1::Policy& policy = *new v1::Policy(MatoGrosso());
  return policy;
}

const Router& TheRouter() {
  static const Router& router =
      *new Router(Router::Compile(ThePolicy()).value());
  return router;
}

// Every so many examples of needs and referrals.
std::vector<std::string> Seeds(int every) {
  std::vector<std::string> seeds;
  int at = 0;
  const auto add = [&](const auto& topics) {
    for (const auto& topic : topics) {
      for (const v1::Wording& wording : topic.wordings()) {
        for (const std::string& text : wording.examples()) {
          if (at++ % every == 0) seeds.push_back(text);
        }
      }
    }
  };
  add(ThePolicy().needs());
  add(ThePolicy().referrals());
  return seeds;
}

icu::UnicodeString Decomposed(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFDInstance(status)->normalize(text, status);
}

icu::UnicodeString WithoutMarks(const icu::UnicodeString& text) {
  const icu::UnicodeString decomposed = Decomposed(text);
  icu::UnicodeString bare;
  for (int32_t i = 0; i < decomposed.length();
       i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    if (u_charType(c) != U_NON_SPACING_MARK) bare.append(c);
  }
  return bare;
}

icu::UnicodeString FullWidth(const icu::UnicodeString& text) {
  icu::UnicodeString wide = text;
  for (int32_t i = 0; i < wide.length(); ++i) {
    const UChar c = wide.charAt(i);
    if (c < 0x80 && absl::ascii_isalpha(static_cast<unsigned char>(c))) {
      wide.setCharAt(i, static_cast<UChar>(c - 0x20 + 0xFF00));
    }
  }
  return wide;
}

icu::UnicodeString UpperCase(const icu::UnicodeString& text) {
  return icu::UnicodeString(text).toUpper(icu::Locale::getRoot());
}

struct Form {
  const char* name;
  icu::UnicodeString (*of)(const icu::UnicodeString& text);
};
class FormTest : public testing::TestWithParam<Form> {};

v1::RouteAnswer Answer(const std::string& text) {
  v1::RouteRequest request;
  request.set_text(text);
  return TheRouter().Route(request).value();
}

// The evidence of an answer, by the words it lies on.
std::multiset<std::tuple<std::string, std::string, std::string, int>>
EvidenceOf(const v1::RouteAnswer& answer, const std::string& text) {
  std::multiset<std::tuple<std::string, std::string, std::string, int>> all;
  for (const v1::Evidence& one : answer.evidence()) {
    all.emplace(one.speaks_for(), one.phrase(),
                Fold(text.substr(one.begin(), one.end() - one.begin())),
                one.weight());
  }
  return all;
}

// Offsets between characters; in bytes that are no UTF-8 each is one.
std::set<uint32_t> Boundaries(const std::string& text) {
  std::set<uint32_t> all = {0};
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    static_cast<void>(c);
    all.insert(static_cast<uint32_t>(i));
  }
  return all;
}

void ExpectOnBoundaries(const v1::RouteAnswer& answer,
                        const std::string& text) {
  const std::set<uint32_t> boundaries = Boundaries(text);
  for (const v1::Evidence& one : answer.evidence()) {
    EXPECT_LT(one.begin(), one.end()) << text;
    EXPECT_TRUE(boundaries.count(one.begin()) && boundaries.count(one.end()))
        << one.ShortDebugString() << "\n"
        << text;
  }
}

TEST_P(FormTest, GivesTheSameAnswer) {
  for (const std::string& seed : Seeds(9)) {
    std::string changed;
    GetParam().of(icu::UnicodeString::fromUTF8(seed)).toUTF8String(changed);
    v1::RouteAnswer expected = Answer(seed), answer = Answer(changed);
    ASSERT_EQ(EvidenceOf(answer, changed), EvidenceOf(expected, seed)) << seed;
    ExpectOnBoundaries(answer, changed);
    answer.clear_evidence();
    expected.clear_evidence();
    ASSERT_EQ(answer.DebugString(), expected.DebugString()) << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Forms, FormTest,
    testing::ValuesIn<Form>({{"UpperCase", UpperCase},
                             {"WithoutMarks", WithoutMarks},
                             {"Decomposed", Decomposed},
                             {"FullWidth", FullWidth}}),
    [](const auto& info) { return std::string(info.param.name); });

std::string AllButClues(const Reading& reading) {
  std::string all = absl::StrCat(
      reading.decision, " area ", reading.area, " urgency ", reading.urgency,
      reading.sounds_urgent, reading.sounds_calm, " facts ", reading.facts,
      " place ", reading.place, " words ", reading.words, " ", reading.language,
      " options ", absl::StrJoin(reading.options, ","), " alarms ",
      absl::StrJoin(reading.alarms, ","));
  for (const Topic& topic : reading.ranking) {
    absl::StrAppend(&all, "\n", topic.need, " ", topic.referral, " ",
                    topic.score, " ", topic.phrases, topic.decided);
  }
  return all;
}

// Messages as they are, and with a letter mistyped, which may be corrected.
TEST(NoCluesTest, ChangesNothingElse) {
  const Understanding& understanding = TheRouter().understanding();
  std::mt19937 random(3);
  Reading with, without;
  for (std::string text : Seeds(1)) {
    for (int round = 0; round < 2; ++round) {
      understanding.Understand(text, with);
      understanding.Understand(text, without, Understanding::Tell::kNoClues);
      ASSERT_EQ(AllButClues(without), AllButClues(with)) << text;
      ASSERT_TRUE(without.clues.empty()) << text;
      text[random() % text.size()] = static_cast<char>('a' + random() % 26);
    }
  }
}

// The first alternatives of a phrase, gaps left out.
std::string Sample(const std::string& phrase) {
  std::string sample;
  for (const absl::string_view word :
       absl::StrSplit(absl::StrReplaceAll(phrase, {{"...", " "}, {"*", ""}}),
                      ' ', absl::SkipEmpty())) {
    absl::StrAppend(&sample, sample.empty() ? "" : " ",
                    word.substr(0, word.find('|')));
  }
  return sample;
}

std::set<int> Decided(const Reading& reading) {
  std::set<int> topics;
  for (const Topic& topic : reading.ranking) {
    if (topic.decided) {
      topics.insert(topic.need >= 0 ? topic.need : -1 - topic.referral);
    }
  }
  return topics;
}

TEST(UnrelatedSentenceTest, ChangesNoDecision) {
  const Understanding& understanding = TheRouter().understanding();
  const std::string unrelated = "Hoje choveu bastante por causa do vento";
  EXPECT_EQ(Decided(understanding.Understand(unrelated)), std::set<int>());
  int decided = 0;
  for (const v1::Need& need : ThePolicy().needs()) {
    for (const v1::Wording& wording : need.wordings()) {
      for (const std::string& phrase : wording.decides()) {
        const std::string sample = Sample(phrase);
        const Reading alone = understanding.Understand(sample);
        if (Decided(alone).empty()) continue;
        ++decided;
        for (const std::string& text :
             {absl::StrCat(unrelated, ". ", sample),
              absl::StrCat(sample, ". ", unrelated, ".")}) {
          const Reading beside = understanding.Understand(text);
          ASSERT_EQ(Decided(beside), Decided(alone)) << text;
          if (Decided(alone).size() > 1) continue;
          ASSERT_EQ(beside.decision, alone.decision) << text;
          ASSERT_EQ(beside.ranking[0].need, alone.ranking[0].need) << text;
        }
      }
    }
  }
  EXPECT_GT(decided, 1'000);
}

// ------------------------------------------------------------- hostile texts

constexpr absl::string_view kNasty[] = {
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u0301",
    "\u0327",
    "\u0441",  // Cyrillic s
    "\u0430",  // Cyrillic a
    "\u0435",  // Cyrillic e
    "\U0001F469\u200d\U0001F467",
    "\ufdfa",
    "\u1e9e",
    "\u0130",
    "\xff",
    "\xc3",
    "\xe2\x82",
    "\xf0\x9f\x98",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "\x80",
    "...",
    ",",
    ".",
    "\n",
    "aaaa",
    "\u0344",
};

TEST(HostileTest, EvidenceLiesOnBoundaries) {
  std::mt19937 random(7);
  for (const std::string& seed : Seeds(25)) {
    std::string text;
    for (const char c : seed) {
      text += c;
      if (random() % 9 == 0) {
        text += std::string(kNasty[random() % std::size(kNasty)]);
      }
    }
    text += std::string(1, '\0');
    v1::RouteRequest request;
    request.set_text(text);
    ExpectOnBoundaries(TheRouter().Route(request).value(), text);
  }
}

TEST(HostileTest, StrangeWordsChooseNoDoor) {
  for (const char* text :
       {"asdf qwer", "oi, hjkl zxcv", "lkjhg", "qwerty poiuy", "xyzw vbnm ghjk",
        "dfghj", "zzz ttt kkk"}) {
    const v1::RouteAnswer answer = Answer(text);
    EXPECT_TRUE(answer.outcome() == v1::RouteAnswer::ASK ||
                answer.outcome() == v1::RouteAnswer::HUMAN)
        << text << "\n"
        << answer.DebugString();
  }
}

double Seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

std::string Repeated(absl::string_view unit, size_t size) {
  std::string text;
  while (text.size() + unit.size() <= size) absl::StrAppend(&text, unit);
  return text;
}

// Eight times the text takes some eight times as long, and not sixty-four.
TEST(HostileTest, CostIsLinear) {
  constexpr size_t kShort = 32 * 1024, kLong = 256 * 1024;
  for (const absl::string_view unit :
       {"a", "\u0301", "\u200b", "nao ", "pensao ", "em varzea grade ",
        "meu filho preso ", "quero ", "a, ", "\xff", "\ufdfa ", "sinopi em ",
        "pensao alimenticia do meu filho nao paga "}) {
    const auto cost = [&](size_t size) {
      const std::string text = Repeated(unit, size);
      double least = 1e9;
      for (int round = 0; round < 3; ++round) {
        const double before = Seconds();
        Answer(text);
        least = std::min(least, Seconds() - before);
      }
      return least;
    };
    EXPECT_LT(cost(kLong), 24 * cost(kShort) + 0.005) << unit;
  }
}

}  // namespace
}  // namespace guiche
