// The words of a text, split by each path that this machine has.

#include "routing/words.h"

#include <sys/mman.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "policy/fold.h"

namespace guiche {
namespace {

std::string Listed(const Words& words) {
  std::string list;
  for (const Word& word : words.words) {
    list += std::string(words.Text(word)) + " " + std::to_string(word.begin) +
            "-" + std::to_string(word.end) +
            (word.new_clause ? " clause" : "") +
            (word.new_sentence ? " sentence" : "") + "\n";
  }
  return list;
}

std::string SplitBy(FoldPath path, absl::string_view text) {
  Words words;
  SplitWordsBy(path, text, words);
  return Listed(words);
}

std::vector<FoldPath> PathsOfThisMachine() {
  std::vector<FoldPath> paths = {FoldPath::kPortable};
  if (HasFoldPath(FoldPath::kAvx512)) paths.push_back(FoldPath::kAvx512);
  return paths;
}

class WordsByPath : public testing::TestWithParam<FoldPath> {};

INSTANTIATE_TEST_SUITE_P(Paths, WordsByPath,
                         testing::ValuesIn(PathsOfThisMachine()),
                         [](const auto& info) -> std::string {
                           return info.param == FoldPath::kAvx512 ? "Avx512"
                                                                  : "Portable";
                         });

TEST_P(WordsByPath, AreFoldedAndKnowWhereTheyStand) {
  EXPECT_EQ(SplitBy(GetParam(), "Olá, não! R$ 1.500,00 B.O. socorrooo"),
            "ola 0-4\n"
            "nao 6-10 clause\n"
            "r 12-13 clause sentence\n"
            "1 15-16\n"
            "500 17-20\n"
            "00 21-23\n"
            "b 24-25\n"
            "o 26-27\n"
            "socorro 29-38\n");
}

// What words.h says, one code point after the other.
std::string SplitSlowly(absl::string_view text) {
  struct Char {
    UChar32 c;  // folded; -1: it folds to nothing
    size_t begin, end;
  };
  std::vector<Char> chars;
  std::string buffer;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const std::string fold(FoldNext(text, at, buffer));
    if (fold.empty()) chars.push_back({-1, begin, at});
    const auto folded = icu::UnicodeString::fromUTF8(fold);
    for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
      chars.push_back({folded.char32At(i), begin, at});
    }
  }
  struct Slow {
    std::string text;
    size_t begin, end;
    std::string signs;
  };
  std::vector<Slow> words;
  std::string signs;
  bool open = false;  // the last word may go on
  const auto collapse = [](std::string& word) {
    std::string kept;
    for (size_t i = 0; i < word.size();) {
      const size_t end =
          std::min(word.find_first_not_of(word[i], i), word.size());
      size_t count = end - i;
      if (count > 2 && absl::ascii_isalpha(word[i])) {
        const bool within = i > 0 && end < word.size();
        count = within && (word[i] == 'r' || word[i] == 's') ? 2 : 1;
      }
      kept.append(count, word[i]);
      i = end;
    }
    word = kept;
  };
  const auto is_digit = [&](size_t i, int step) {
    do i += step;
    while (i < chars.size() && chars[i].c == -1);
    return i < chars.size() && chars[i].c >= '0' && chars[i].c <= '9';
  };
  for (size_t i = 0; i < chars.size(); ++i) {
    const auto [c, begin, end] = chars[i];
    if (c == -1) {
      for (size_t w = words.size(); w > 0 && words[w - 1].end == begin; --w) {
        words[w - 1].end = end;
      }
    } else if (u_isalnum(c)) {
      if (!open) words.push_back({"", begin, end, signs});
      if (!open) signs = "";
      open = true;
      icu::UnicodeString(c).toUTF8String(words.back().text);
      words.back().end = end;
    } else if (u_charType(c) != U_FORMAT_CHAR) {
      if (open) collapse(words.back().text);
      open = false;
      const bool clause =
          std::u32string_view(U",;:!?()\n.\u2013\u2014").find(c) !=
          std::u32string_view::npos;
      const bool initial =
          c == '.' && !words.empty() && words.back().text.size() == 1;
      const bool number =
          (c == '.' || c == ',') && is_digit(i, -1) && is_digit(i, 1);
      if (!clause || initial || number) continue;
      if (signs.empty()) signs = " clause";
      const bool sentence = c == '.' || c == '!' || c == '?' || c == ';';
      if (sentence) signs = " clause sentence";
    }
  }
  if (open) collapse(words.back().text);
  std::string list;
  for (const Slow& word : words) {
    absl::StrAppend(&list, word.text, " ", word.begin, "-", word.end,
                    word.signs, "\n");
  }
  return list;
}

// Pieces that the paths treat differently: letters of one byte and two, marks,
// what folds to several characters or to none, broken UTF-8, and runs that end
// at and about the 64th byte.
const std::vector<std::string>& Pieces() {
  static const auto& pieces = *new std::vector<std::string>{
      "a",       "A",        "z",      "aaa",         "rr",
      "s",       "0",        "9",      "1.5",         ".",
      ",",       "; ",       "!?",     "(",           ")",
      ":",       "\n",       " ",      "  ",          "-",
      "_",       "á",        "Ç",      "ã",           "õ",
      "ª",       "²",        "\u00a0", "ß",           "æ",
      "ø",       "½",        "℀",      "ĳ",           "a\u0301",
      "\u0301",  "\u200d",   "\u200b", "\u202e",      "–",
      "—",       "“",        "😀",      "漢",          "\xC3",
      "\xC2",    "\xE2\x82", "\xFF",   "\x80",        std::string(1, '\0'),
      "palavra", "PENSÃO",   "não",    "socorrooooo", "b.o.",
      "ﷺ"};
  return pieces;
}
constexpr size_t kPlain = 28;  // of them, at the beginning

std::string TextOf(size_t pieces, std::mt19937& random) {
  std::string text;
  // Mostly plain letters, so that blocks are long.
  const bool plain = random() % 2 == 0;
  for (size_t i = 0; i < pieces; ++i) {
    text += Pieces()[random() %
                     (plain && random() % 8 != 0 ? kPlain : Pieces().size())];
  }
  return text;
}

TEST_P(WordsByPath, AreThoseOfTheDefinition) {
  std::mt19937 random(7);
  for (int round = 0; round < 50'000; ++round) {
    const std::string text =
        TextOf(random() % (round % 50 == 0 ? 120 : 24), random);
    ASSERT_EQ(SplitBy(GetParam(), text), SplitSlowly(text))
        << absl::CEscape(text);
  }
}

TEST_P(WordsByPath, AreThoseOfTheDefinitionInLongTexts) {
  std::mt19937 random(8);
  const std::string mixed = TextOf(400'000, random);
  for (const std::string& text :
       {mixed, std::string(1 << 20, 'a'), std::string(1 << 20, '.')}) {
    ASSERT_TRUE(SplitBy(GetParam(), text) == SplitSlowly(text));
  }
  std::string text;
  for (const std::string& piece : Pieces()) {
    text.clear();
    while (text.size() < 100'000) text += piece;
    ASSERT_TRUE(SplitBy(GetParam(), text) == SplitSlowly(text))
        << absl::CEscape(piece);
  }
}

// A page that cannot be touched follows the text.
TEST_P(WordsByPath, NeedNoByteBehindTheText) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* const memory = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const end = static_cast<char*>(memory) + page;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  std::mt19937 random(9);
  for (size_t size = 0; size <= 200; ++size) {
    for (int round = 0; round < 20; ++round) {
      // It may break off within a character.
      const std::string text = TextOf(size, random).substr(0, size);
      std::copy(text.begin(), text.end(), end - text.size());
      const absl::string_view last(end - text.size(), text.size());
      ASSERT_EQ(SplitBy(GetParam(), last), SplitSlowly(text))
          << absl::CEscape(text);
      std::string folded;
      FoldBy(GetParam(), last, folded);
      ASSERT_EQ(folded, Fold(text));
    }
  }
  munmap(memory, 2 * page);
}

TEST(Words, AreFoundByTheirNumber) {
  Vocabulary vocabulary;
  std::vector<std::string> words;
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    std::string word;
    const size_t size = 1 + random() % 40;
    for (size_t j = 0; j < size; ++j)
      word += static_cast<char>('a' + random() % 3);
    // Beginnings and ends alike.
    if (i % 3 == 0) word = "desproporcional" + word + "desproporcionalmente";
    words.push_back(word);
  }
  std::vector<int> ids;
  for (const std::string& word : words) ids.push_back(vocabulary.Intern(word));
  for (size_t i = 0; i < words.size(); ++i) {
    EXPECT_EQ(vocabulary.Text(ids[i]), words[i]);
    EXPECT_EQ(vocabulary.Find(words[i]), ids[i]);
    EXPECT_EQ(vocabulary.Find(words[i] + "x"), kUnknownWord);
  }
  Words read;
  for (const std::string& word : words) {
    vocabulary.Read("x " + word + ".", read);
    ASSERT_EQ(read.words.size(), 2u);
    EXPECT_EQ(read.words[1].id, vocabulary.Find(read.Text(read.words[1])));
  }
}

}  // namespace
}  // namespace guiche
