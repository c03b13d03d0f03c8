// Every place at which a phrase is met is found, and no other: against a
// matcher that tries all there is.

#include "routing/phrases.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "routing/words.h"

namespace guiche {
namespace {

// Words that are alike, so that they meet each other's beginnings, and pairs
// that one choice may stand for.
const std::vector<std::string> kWords = {"ab",   "ba",  "aba", "bab",
                                         "abba", "baa", "cd",  "cdc"};
const std::vector<std::string> kStrangers = {"abx", "bax", "cx", "xx", "abab"};
const std::vector<std::string> kPrefixes = {"ab*", "ba*", "aba*", "cd*"};

// A phrase, as a list of parts of which each is a gap, or what may stand there:
// one word or several.
using Choice = std::vector<std::string>;
struct Part {
  bool gap = false;
  std::vector<Choice> choices;
};
using Phrase = std::vector<Part>;

class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  size_t Below(size_t bound) { return random_() % bound; }
  const std::string& Of(const std::vector<std::string>& list) {
    return list[Below(list.size())];
  }
  std::mt19937& engine() { return random_; }

 private:
  std::mt19937 random_;
};

Phrase RandomPhrase(Random& random) {
  Phrase phrase;
  int gaps = 0;
  const size_t size = 1 + random.Below(5);
  for (size_t i = 0; i < size; ++i) {
    if (i > 0 && gaps < kMostPhraseGaps && random.Below(3) == 0) {
      ++gaps;
      phrase.push_back({true, {}});
    }
    Part part;
    const size_t choices = random.Below(2) == 0 ? 1 : 1 + random.Below(3);
    for (size_t j = 0; j < choices; ++j) {
      if (random.Below(4) == 0) {
        part.choices.push_back({random.Of(kPrefixes)});
        continue;
      }
      Choice choice;
      const size_t words = random.Below(5) == 0 ? 2 : 1;
      for (size_t k = 0; k < words; ++k) choice.push_back(random.Of(kWords));
      part.choices.push_back(choice);
    }
    phrase.push_back(part);
  }
  return phrase;
}

std::string Written(const Phrase& phrase) {
  return absl::StrJoin(phrase, " ", [](std::string* out, const Part& part) {
    if (part.gap) return absl::StrAppend(out, "...");
    absl::StrAppend(
        out, absl::StrJoin(part.choices, "|",
                           [](std::string* to, const Choice& choice) {
                             absl::StrAppend(to, absl::StrJoin(choice, "-"));
                           }));
  });
}

std::string RandomText(Random& random) {
  std::string text;
  const size_t most = random.Below(20) == 0 ? 300 : 40;
  for (size_t size = random.Below(most); size > 0; --size) {
    absl::StrAppend(&text,
                    random.Of(random.Below(6) == 0 ? kStrangers : kWords),
                    random.Below(8) == 0   ? ". "
                    : random.Below(8) == 0 ? ", "
                                           : " ");
  }
  return text;
}

bool IsMet(absl::string_view said, absl::string_view word) {
  return absl::ConsumeSuffix(&said, "*") ? absl::StartsWith(word, said)
                                         : said == word;
}

// By phrase and first word: the last words of all ways to meet it, and what
// each of them speaks.
using Ways = std::map<std::pair<int, int>, std::set<std::pair<int, uint64_t>>>;

// Goes on from word `at`, with `phrase` from `part` on; the first of the words
// that begin it may stand a gap further on if `gap`.
void TryAll(const Words& words, const Phrase& phrase, size_t part, bool gap,
            int at, Match match, Ways& ways) {
  const int size = static_cast<int>(words.words.size());
  if (part == phrase.size()) {
    ways[{match.first, match.phrase}].insert({at - 1, match.spoken});
    return;
  }
  if (phrase[part].gap) {
    return TryAll(words, phrase, part + 1, true, at, match, ways);
  }
  for (const Choice& choice : phrase[part].choices) {
    for (int from = at; from < size && from <= at + (gap ? kWidestGap : 0);
         ++from) {
      if (gap && words.words[from].new_sentence) break;
      const int end = from + static_cast<int>(choice.size());
      bool met = end <= size;
      Match longer = match;
      for (int i = from; met && i < end; ++i) {
        met = IsMet(choice[i - from], words.Text(words.words[i]));
        longer.spoken |= uint64_t{1} << (i - match.first);
      }
      if (met) TryAll(words, phrase, part + 1, false, end, longer, ways);
    }
  }
}

// An index of the phrases. What `random` changes must change no match: the
// numbers of words, and how often each was said.
struct Indexed {
  Indexed(const std::vector<Phrase>& phrases, Random random) {
    std::vector<std::string> words = kWords;
    std::shuffle(words.begin(), words.end(), random.engine());
    for (const std::string& word : words) {
      for (size_t times = 1 + random.Below(9); times > 0; --times) {
        vocabulary.Intern(word);
      }
    }
    std::vector<int> order;
    for (size_t i = 0; i < phrases.size(); ++i) {
      order.push_back(static_cast<int>(i));
    }
    std::shuffle(order.begin(), order.end(), random.engine());
    for (const int i : order) {
      const absl::Status added = index.Add(Written(phrases[i]), i, vocabulary);
      EXPECT_TRUE(added.ok()) << added;
    }
    index.Finish(vocabulary);
  }

  Matches Find(absl::string_view text, size_t limit) const {
    Words words;
    vocabulary.Read(text, words);
    Matches found;
    index.Find(words, limit, found);
    return found;
  }

  Vocabulary vocabulary;
  PhraseIndex index;
};

std::string Listed(const Matches& matches) {
  return absl::StrJoin(matches, "\n", [](std::string* out, const Match& one) {
    absl::StrAppend(out, one.first, "-", one.last, " ", one.phrase, " ",
                    absl::Hex(one.spoken));
  });
}

TEST(Phrases, AreMetWhereverTheyAre) {
  constexpr size_t kNoLimit = ~size_t{0};
  size_t met = 0, ambiguous = 0;
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    Random random(seed);
    std::vector<Phrase> phrases;
    for (size_t i = 1 + random.Below(60); i > 0; --i) {
      phrases.push_back(RandomPhrase(random));
    }
    const Indexed one(phrases, Random(2 * seed));
    const Indexed other(phrases, Random(2 * seed + 1));
    for (int round = 0; round < 20; ++round) {
      const std::string text = RandomText(random);
      std::string context = text;
      for (const Phrase& phrase : phrases) {
        absl::StrAppend(&context, "\n", Written(phrase));
      }
      SCOPED_TRACE(context);
      Words words;
      SplitWords(text, words);
      Ways ways;
      for (int first = 0; first < static_cast<int>(words.words.size());
           ++first) {
        for (int i = 0; i < static_cast<int>(phrases.size()); ++i) {
          TryAll(words, phrases[i], 0, false, first, {i, first, first, 0},
                 ways);
        }
      }
      const Matches found = one.Find(text, kNoLimit);
      ASSERT_EQ(Listed(other.Find(text, kNoLimit)), Listed(found));
      ASSERT_EQ(found.size(), ways.size());
      size_t i = 0;
      for (const auto& [place, of_place] : ways) {
        const Match& match = found[i++];
        ASSERT_EQ(std::pair(match.first, match.phrase), place);
        ASSERT_EQ(match.last, of_place.begin()->first);
        ASSERT_EQ(of_place.count({match.last, match.spoken}), 1u);
        ambiguous += of_place.size() > 1;
      }
      met += found.size();
      for (const size_t limit :
           {size_t{1}, random.Below(8), random.Below(found.size() + 2)}) {
        Matches first_ones = found;
        if (first_ones.size() > limit) first_ones.resize(limit);
        ASSERT_EQ(Listed(one.Find(text, limit)), Listed(first_ones));
      }
    }
  }
  EXPECT_GT(met, 100'000u);
  EXPECT_GT(ambiguous, 10'000u);
}

// Though its rarest word, where it is looked for, comes after many others.
TEST(Phrases, ThatBeginFirstAreWithinTheLimit) {
  Vocabulary vocabulary;
  PhraseIndex index;
  ASSERT_TRUE(index.Add("ab ... ba", 0, vocabulary).ok());
  for (int i = 1; i < 400; ++i) {
    ASSERT_TRUE(index.Add("cd", i, vocabulary).ok());
  }
  vocabulary.Intern("ab");
  index.Finish(vocabulary);
  Words words;
  vocabulary.Read("ab cd cd cd cd ba", words);
  Matches found;
  index.Find(words, 2, found);
  EXPECT_EQ(Listed(found), "0-5 0 21\n1-1 1 1");
}

// As names of places are.
TEST(Phrases, CanBeMereWords) {
  Vocabulary vocabulary;
  PhraseIndex index;
  std::string text;
  for (int i = 0; i < kMostMatchWords; ++i) absl::StrAppend(&text, "ab ");
  std::vector<int> words = vocabulary.Learn(text);
  index.AddWords(words, 0);
  index.AddWords({}, 1);
  words.push_back(words[0]);
  index.AddWords(words, 2);
  index.Finish(vocabulary);
  Words read;
  vocabulary.Read(text + text, read);
  Matches found;
  index.Find(read, 1000, found);
  ASSERT_EQ(found.size(), 65u);
  EXPECT_EQ(found[0].last, kMostMatchWords - 1);
  EXPECT_EQ(found[0].spoken, ~uint64_t{0});
  EXPECT_EQ(found[64].first, 64);
}

}  // namespace
}  // namespace guiche
