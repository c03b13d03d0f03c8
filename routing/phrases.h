// Phrases in the syntax of `guiche.v1.Wording`, and finding all of them in a
// text at once.

#ifndef GUICHE_ROUTING_PHRASES_H_
#define GUICHE_ROUTING_PHRASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "routing/words.h"

namespace guiche {

// A gap, "...", stands for up to so many words.
inline constexpr int kWidestGap = 4;

// Caps of one phrase, so that its words lie in 64 and the cost of a text stays
// linear whatever it says.
inline constexpr int kMostPhraseWords = 24;
inline constexpr int kMostPhraseGaps = 4;
inline constexpr int kMostPhraseVariants = 256;
inline constexpr size_t kLongestPhrase = 500;  // bytes
inline constexpr size_t kShortestPrefix = 2;   // letters

// What a word of a text can be met by: itself, or "prend*". Prefixes are
// numbered from kFirstPrefix.
using Symbol = int32_t;
inline constexpr Symbol kFirstPrefix = 1 << 28;

// Where a phrase was met: the words [first, last], of which those in `spoken`
// (bit i is word first + i) are the phrase's own, gaps left out.
struct Match {
  int phrase;
  int first, last;
  uint64_t spoken;
};

// Phrases by number, met in time linear in the text, however many there are.
// Built by one thread, then only read.
class PhraseIndex {
 public:
  // Adds a phrase as number `phrase`. Says what is wrong with it if it breaks
  // the syntax: `"..." at its end stands for nothing`.
  absl::Status Add(absl::string_view text, int phrase, Vocabulary& vocabulary);

  // Adds words that stand for themselves.
  void AddWords(const std::vector<int>& words, int phrase);

  // Call once all phrases are in and before the first Find().
  void Finish(const Vocabulary& vocabulary);

  // Every place at which a phrase is met, in the order of its first word; of
  // the ways one phrase is met from one word the first found. At most `limit`.
  std::vector<Match> Find(const Words& words, size_t limit) const;

  // One more than the highest number added.
  int phrases() const { return static_cast<int>(symbols_.size()); }

  // The symbols of phrase `phrase`, of every variant.
  const std::vector<Symbol>& SymbolsOf(int phrase) const {
    return symbols_[phrase];
  }

  // The symbols that meet a word, prefixes included.
  void SymbolsMeeting(int id, absl::string_view text,
                      std::vector<Symbol>& symbols) const;

 private:
  struct Node {
    int gap = -1;  // the node past a gap
    std::vector<int> phrases;
  };

  int Child(int node, Symbol symbol);
  int GapChild(int node);
  Symbol PrefixSymbol(absl::string_view prefix);
  void Insert(const std::vector<Symbol>& path, int phrase);
  void Walk(int node, int next, Match match,
            const std::vector<absl::Span<const Symbol>>& symbols,
            std::vector<Match>& found, size_t limit) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
  absl::flat_hash_map<uint64_t, int> edges_;  // node and symbol
  absl::flat_hash_map<std::string, Symbol> prefix_symbols_;
  std::vector<std::vector<Symbol>> symbols_;  // by phrase
  // Finish() fills these. The prefixes in order, each with the longest other
  // that begins it, or -1; and what meets each word of the vocabulary.
  struct Prefix {
    std::string text;
    Symbol symbol;
    int parent;
  };
  std::vector<Prefix> prefixes_;
  std::vector<std::vector<Symbol>> meets_word_;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_PHRASES_H_
