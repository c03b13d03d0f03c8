// Mistyped words, by the words of the policy's phrases that they stand for: a
// letter or two away, or sounding the same in Brazil.
//
// Only words that the policy has nowhere are asked about. Its phrases and its
// thousands of examples are the list of words that guards valid ones from being
// made into others; it is the policy's own, so no foreign list is shipped.

#ifndef GUICHE_ROUTING_SPELLING_H_
#define GUICHE_ROUTING_SPELLING_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "routing/words.h"

namespace guiche {

// Built by one thread, then only read.
class Spelling {
 public:
  // Shorter words have too many neighbours that are words themselves.
  static constexpr size_t kShortestWord = 5;
  // From so many letters on, two may be wrong.
  static constexpr size_t kLongWord = 9;
  // Longer words are none that a policy speaks of.
  static constexpr size_t kLongestWord = 40;

  // How wrong a word may be: by one letter, or as Correct() says.
  enum class Reach { kOneLetter, kAll };
  explicit Spelling(Reach reach) : reach_(reach) {}

  // Makes a word of the vocabulary one that others are corrected into.
  void Learn(int id, absl::string_view word);

  // Call once, after all of Learn().
  void Finish();

  // The one learned word that becomes `word` by a letter left out, put in,
  // replaced or swapped with its neighbour; else the one that sounds like it;
  // else, of long words, the one two letters away. kUnknownWord if there is
  // none, or several as near. O(letters^2), and as much again for each learned
  // word that may be it; letters are at most kLongestWord.
  int Correct(absl::string_view word, const Vocabulary& vocabulary) const;

 private:
  // By hash, in order.
  class Index {
   public:
    void Add(uint64_t hash, int id) { entries_.emplace_back(hash, id); }
    void Finish();
    template <typename Visit>
    void ForEach(uint64_t hash, Visit visit) const;

   private:
    std::vector<std::pair<uint64_t, int>> entries_;
    std::vector<uint32_t> from_;  // where those with the same first bits begin
  };

  Reach reach_;
  // Each word and it less one letter, and long ones less two: words so far
  // apart share one.
  Index one_less_, two_less_;
  Index sounds_;
};

// A key that words share which Brazilians would read aloud alike: "sitassao"
// and "citacao", "deicha" and "deixa", "filia" and "filha". `word` is folded.
std::string SoundOf(absl::string_view word);

}  // namespace guiche

#endif  // GUICHE_ROUTING_SPELLING_H_
