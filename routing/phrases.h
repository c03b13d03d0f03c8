// Phrases in the syntax of `guiche.v1.Wording`, and finding all of them in a
// text at once.

#ifndef GUICHE_ROUTING_PHRASES_H_
#define GUICHE_ROUTING_PHRASES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "routing/words.h"

namespace guiche {

// A gap, "...", stands for up to so many words of one sentence.
inline constexpr int kWidestGap = 4;

// So many words lie from the first of a match to its last, at most.
inline constexpr int kMostMatchWords = 64;

// Caps of one phrase, so that the cost of a text stays linear whatever it says.
inline constexpr int kMostPhraseWords = 24;
inline constexpr int kMostPhraseGaps = 4;
static_assert(kMostPhraseWords + kMostPhraseGaps * (kWidestGap - 1) <=
              kMostMatchWords);
inline constexpr size_t kMostPhraseVariants = 64;  // of several words each
inline constexpr size_t kLongestPhrase = 2'000;    // bytes
inline constexpr size_t kShortestPrefix = 2;       // letters

// What meets a word of a text: the word of the vocabulary with that number, a
// beginning such as "prend*", numbered from kFirstPrefix, or any of several
// such as "filho|prend*", numbered from kFirstChoice.
using Symbol = int32_t;
inline constexpr Symbol kFirstPrefix = 1 << 28;
inline constexpr Symbol kFirstChoice = 1 << 29;

// Where a phrase was met: the words [first, last], of which those in `spoken`
// (bit i is word first + i) are the phrase's own, gaps left out.
struct Match {
  int phrase;
  int first, last;
  uint64_t spoken;
};

// Of an ordinary message they need no memory of their own.
using Matches = absl::InlinedVector<Match, 128>;
using Symbols = absl::InlinedVector<Symbol, 64>;

// Phrases by number, met in time linear in the text, however many there are:
// each is looked for where its rarest word stands. Built by one thread, then
// only read.
class PhraseIndex {
 public:
  // Adds a phrase as number `phrase`. Says what is wrong with it if it breaks
  // the syntax: `"..." at its end stands for nothing`.
  absl::Status Add(absl::string_view text, int phrase, Vocabulary& vocabulary);

  // Adds words that stand for themselves; none at all, or more than
  // kMostMatchWords, are never met.
  void AddWords(const std::vector<int>& words, int phrase);

  // Call once all phrases are in and before the first Find().
  void Finish(const Vocabulary& vocabulary);

  // Every place at which a phrase is met, in the order of its first word and
  // then of its number; of the ways one phrase is met from one word the
  // shortest. In place of `found`; of more than `limit` the first ones.
  void Find(const Words& words, size_t limit, Matches& found) const;

  // One more than the highest number added.
  int phrases() const { return static_cast<int>(symbols_.size()); }

  // The words and prefixes that phrase `phrase` is made of.
  const std::vector<Symbol>& SymbolsOf(int phrase) const {
    return symbols_[phrase];
  }

  // Adds the prefixes that begin a word to `prefixes`.
  void PrefixesOf(absl::string_view word, Symbols& prefixes) const;

 private:
  // A part of a list.
  struct Range {
    int begin = 0, end = 0;
  };
  // One way to say a phrase: so many of steps_ from `steps` on.
  struct Path {
    int steps, phrase;
    uint8_t size;
    bool gaps;
  };
  // Where a path is looked for: at its rarest step. So many steps stand before
  // that one, gaps of so many words at most between them; and the one beside it
  // that is seldom there stands from `from` to `to` words further on. Of one
  // step alone it is that step itself.
  struct Anchor {
    Path path;
    int8_t from, to;
    uint8_t before, gap_words;
    Symbol beside;
  };
  // What meets a word: beside itself, prefixes and choices, in a list of
  // symbols, sorted; the anchors that a word of the vocabulary may be, in
  // anchors_met_; and a hint of all that meets it, by the last bits of symbols.
  struct alignas(64) MetBy {  // one line of a cache
    Range symbols, anchors;
    uint64_t hint[4];
  };
  struct Step {
    int id;
    bool new_sentence;
    const MetBy* met_by;
    const Symbol* symbols;  // the list that met_by->symbols is of
  };
  using Text = absl::Span<const Step>;

  Symbol PrefixSymbol(absl::string_view prefix);
  Symbol ChoiceSymbol(std::vector<Symbol> among);
  void Insert(const std::vector<Symbol>& symbols, int phrase);
  template <typename List>
  void AddChoicesWith(Symbol symbol, List& symbols) const;
  MetBy MeetStranger(absl::string_view word, Symbols& symbols) const;
  Anchor AnchorOf(const Path& path, const std::vector<int>& said) const;
  size_t Dense(Symbol symbol) const;
  static void Hint(Symbol symbol, MetBy& met_by);
  static bool MayMeet(const MetBy& met_by, Symbol symbol) {
    return (met_by.hint[symbol >> 6 & 3] >> (symbol & 63) & 1) != 0;
  }
  static bool Meets(const Step& step, Symbol symbol);
  bool FollowGaps(int step, int end, int next, const Text& text,
                  Match& match) const;
  bool Follow(const Path& path, int first, const Text& text,
              Match& match) const;

  std::map<std::string, Symbol> prefix_symbols_;
  std::map<std::vector<Symbol>, Symbol> choice_symbols_;
  std::vector<std::vector<Symbol>> symbols_;  // by phrase
  std::vector<Symbol> steps_;
  std::vector<Path> paths_;
  // Finish() fills these.
  std::vector<std::pair<std::string, Symbol>> prefixes_;  // in order
  Range prefixes_by_byte_[256];                           // by the first byte
  absl::flat_hash_map<Symbol, std::vector<Symbol>> choices_with_;
  std::vector<std::vector<Anchor>> anchors_at_;  // by Dense()
  std::vector<MetBy> met_by_;                    // by word of the vocabulary
  std::vector<Symbol> symbols_met_;
  std::vector<Anchor> anchors_met_;
  int words_ = 0;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_PHRASES_H_
