#include "policy/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace guiche {
namespace {

std::string Utf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

// The definition, in ICU's words, of a whole text at once.
std::string Reference(icu::UnicodeString text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
  text = nfkd->normalize(text.foldCase(), error);
  text = nfkd->normalize(text.foldCase(), error);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const int8_t type = u_charType(text.char32At(i));
    if (type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK &&
        type != U_COMBINING_SPACING_MARK) {
      kept.append(text.char32At(i));
    }
  }
  EXPECT_TRUE(U_SUCCESS(error));
  return Utf8(kept);
}

std::vector<FoldPath> PathsOfThisMachine() {
  std::vector<FoldPath> paths = {FoldPath::kPortable};
  if (HasFoldPath(FoldPath::kAvx512)) paths.push_back(FoldPath::kAvx512);
  return paths;
}

// On each of the ways a fold can take.
class FoldTest : public testing::TestWithParam<FoldPath> {
 protected:
  std::string Folded(absl::string_view text) const {
    std::string folded = "what was there before";
    FoldBy(GetParam(), text, folded);
    return folded;
  }
};

INSTANTIATE_TEST_SUITE_P(Paths, FoldTest,
                         testing::ValuesIn(PathsOfThisMachine()),
                         [](const auto& info) -> std::string {
                           return info.param == FoldPath::kAvx512 ? "Avx512"
                                                                  : "Portable";
                         });

// Alone, and wherever in a block it may lie.
TEST_P(FoldTest, EqualsIcuOnEveryCodePoint) {
  for (UChar32 c = 0; c <= 0x10FFFF; ++c) {
    if (U_IS_SURROGATE(c)) continue;
    const icu::UnicodeString text(c);
    const std::string utf8 = Utf8(text);
    const std::string folded = Folded(utf8);
    ASSERT_EQ(folded, Reference(text)) << "U+" << std::hex << c;
    ASSERT_EQ(Folded(folded), folded) << "U+" << std::hex << c;
    const std::string before(c % 67, 'X'), after(c % 5 * 16, 'Z');
    ASSERT_EQ(Folded(before + utf8 + after), std::string(before.size(), 'x') +
                                                 folded +
                                                 std::string(after.size(), 'z'))
        << "U+" << std::hex << c;
  }
}

TEST_P(FoldTest, EqualsIcuOnMixedText) {
  icu::UnicodeString text;
  for (UChar32 c = 0x20; c <= 0x2FFFF; c += 7) {
    if (!U_IS_SURROGATE(c)) text.append(c).append(UChar32{0x301});
  }
  EXPECT_EQ(Folded(Utf8(text)), Reference(text));
}

// Accents, marks, others and bytes that are no UTF-8, as one character after
// the other folds them.
TEST_P(FoldTest, EqualsFoldNextOnAnyBytes) {
  const char* const parts[] = {"a", "QUE ", "ç", "Ã", "º",    "ß",    "\u0301",
                               "½", "😀",    "ﷺ", "Æ", "\xc3", "\xc2", "\xa0"};
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto size = random() % 60; size > 0; --size) {
      text += parts[random() % std::size(parts) % (1 + random() % 14)];
    }
    std::string expected, buffer;
    for (size_t at = 0; at < text.size();) {
      const absl::string_view fold = FoldNext(text, at, buffer);
      expected.append(fold.data(), fold.size());
    }
    ASSERT_EQ(Folded(text), expected) << testing::PrintToString(text);
  }
}

TEST(FoldNextTest, EqualsFoldOnEveryCodePoint) {
  for (UChar32 c = 0; c <= 0x10FFFF; ++c) {
    if (U_IS_SURROGATE(c)) continue;
    const std::string utf8 = Utf8(icu::UnicodeString(c));
    size_t end = 0;
    std::string buffer;
    ASSERT_EQ(FoldNext(utf8, end, buffer), Fold(utf8)) << std::hex << c;
    ASSERT_EQ(end, utf8.size()) << std::hex << c;
  }
}

struct FoldCase {
  const char* name;
  std::string text;
  std::string folded;
};
class FoldCaseTest : public testing::TestWithParam<FoldCase> {};

TEST_P(FoldCaseTest, Folds) {
  EXPECT_EQ(Fold(GetParam().text), GetParam().folded);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, FoldCaseTest,
    testing::ValuesIn<FoldCase>({
        {"Empty", "", ""},
        {"City", "São GONÇALO", "sao goncalo"},
        {"Decomposed", "Sa\u0303o", "sao"},
        {"SharpS", "straße", "strasse"},
        {"Capital", "\u2102uiab\u00e1", "cuiaba"},
        {"Ordinal", "1º", "1o"},
        {"Fraction", "½", "1⁄2"},
        {"Fullwidth", "ＳＩＮＯＰ", "sinop"},
        {"Emoji", "🆘❤️", "🆘❤"},
        {"Nul", std::string("A\0B", 3), std::string("a\0b", 3)},
        {"LoneContinuation", "a\x80z", "a\uFFFDz"},
        {"CutShort", "a\xc3", "a\uFFFD"},
        {"Surrogate", "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},
        {"Overlong", "\xc0\xaf", "\uFFFD\uFFFD"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(FoldNextTest, FoldsOneCharacterAfterTheOther) {
  const std::string text = "Ẽ\u0301ﬁM\xff½";
  std::string folds, buffer;
  for (size_t at = 0; at < text.size();) {
    folds += std::to_string(at) + ":";
    const absl::string_view fold = FoldNext(text, at, buffer);
    folds.append(fold.data(), fold.size());
  }
  EXPECT_EQ(folds, "0:e3:5:fi8:m9:\uFFFD10:1⁄2");
}

}  // namespace
}  // namespace guiche
