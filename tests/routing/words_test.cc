// The words of a text, split by each path that this machine has.

#include "routing/words.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
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

TEST(Words, AreFoldedAndKnowWhereTheyStand) {
  EXPECT_EQ(
      SplitBy(FoldPath::kPortable, "Olá, não! R$ 1.500,00 B.O. socorrooo"),
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

// Pieces that the paths treat differently: letters of one byte and two, marks,
// what folds to several characters or to none, broken UTF-8, and runs that end
// at and about the 64th byte.
TEST(Words, AreTheSameByEveryPath) {
  if (!HasFoldPath(FoldPath::kAvx512)) GTEST_SKIP() << "one path only";
  const std::vector<std::string> pieces = {
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
      "palavra", "PENSÃO",   "não",    "socorrooooo", "b.o."};
  std::mt19937 random(7);
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    const size_t size = 1 + random() % (round % 50 == 0 ? 120 : 24);
    // Mostly plain letters, so that blocks are long.
    const bool plain = random() % 2 == 0;
    for (size_t i = 0; i < size; ++i) {
      text +=
          pieces[random() % (plain && random() % 8 != 0 ? 28 : pieces.size())];
    }
    ASSERT_EQ(SplitBy(FoldPath::kAvx512, text),
              SplitBy(FoldPath::kPortable, text))
        << absl::CEscape(text);
  }
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
