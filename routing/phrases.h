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
#include "routing/words.h"

namespace guiche {

// A gap, "...", stands for up to so many words of one sentence.
inline constexpr int kWidestGap = 4;

// Caps of one phrase, so that its words lie in 64 and the cost of a text stays
// linear whatever it says.
inline constexpr int kMostPhraseWords = 24;
inline constexpr int kMostPhraseGaps = 4;
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

// Phrases by number, met in time linear in the text, however many there are: a
// tree of symbols, walked from every word. Built by one thread, then only read.
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
  // the ways one phrase is met from one word the first found. At most `limit`,
  // in place of `found`.
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
  struct Edge {
    Symbol symbol;
    int node;
  };
  // While phrases are added.
  struct Branch {
    int gap = -1;  // the node past a gap
    std::vector<Edge> edges;
    std::vector<int> phrases;
  };
  // The same once all are in: ranges of edges_ and node_phrases_, and hints of
  // the symbols that lead on right away and past the gap.
  struct Node {
    int gap;
    int edges, edges_end;
    int phrases, phrases_end;
    uint64_t hint, gap_hint;
  };
  // A part of a list.
  struct Range {
    int begin = 0, end = 0;
  };
  // What meets a word beside itself, prefixes and choices, in a list of
  // symbols, sorted; hints of them and of itself, a coarse and a fine one; and
  // in a list of nodes, those where the phrases stand that begin with any of
  // these.
  struct MetBy {
    Range symbols, starts;
    uint64_t hint;
    uint64_t fine_hint[4];
  };
  struct Step {
    int id;
    bool new_sentence;
    const MetBy* met_by;
    const Symbol* symbols;
    uint64_t hint;      // its own
    uint64_t gap_hint;  // and of as many words after it as a gap can span
  };
  using Nodes = absl::InlinedVector<int, 64>;
  using Text = absl::InlinedVector<Step, 64>;

  Symbol PrefixSymbol(absl::string_view prefix);
  Symbol ChoiceSymbol(std::vector<Symbol> among);
  int Child(int node, Symbol symbol);
  int GapChild(int node);
  void Insert(const std::vector<Symbol>& path, int phrase);

  MetBy AddMetBy(int id, absl::string_view word, Symbols& symbols,
                 Nodes& starts) const;
  size_t Dense(Symbol symbol) const;
  static uint64_t HintOf(Symbol symbol);
  static bool Meets(const Step& step, Symbol symbol);
  bool LeadsOn(const Node& node, int next, const Text& text) const;
  void Walk(int node, int next, const Match& match, const Text& text,
            Matches& found, size_t limit) const;

  std::vector<Branch> branches_ = std::vector<Branch>(1);
  absl::flat_hash_map<uint64_t, int> children_;  // by node and symbol
  std::map<std::string, Symbol> prefix_symbols_;
  std::map<std::vector<Symbol>, Symbol> choice_symbols_;
  std::vector<std::vector<Symbol>> symbols_;  // by phrase
  // Finish() fills these.
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<int> node_phrases_;
  std::vector<std::pair<std::string, Symbol>> prefixes_;  // in order
  Range prefixes_by_byte_[256];                           // by the first byte
  absl::flat_hash_map<Symbol, std::vector<Symbol>> choices_with_;
  std::vector<int> start_;     // by Dense(): the node that begins so, or -1
  std::vector<MetBy> met_by_;  // by word of the vocabulary
  Symbols symbols_met_;
  Nodes starts_met_;
  int words_ = 0;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_PHRASES_H_
