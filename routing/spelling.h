// Mistyped words that are one letter away from a word of the policy's phrases.

#ifndef GUICHE_ROUTING_SPELLING_H_
#define GUICHE_ROUTING_SPELLING_H_

#include <cstdint>
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

  // Makes a word of the vocabulary one that others are corrected into.
  void Learn(int id, absl::string_view word);

  // Call once, after all of Learn().
  void Finish();

  // The one learned word that becomes `word` by a letter left out, put in,
  // replaced or swapped with its neighbour; kUnknownWord if there is none, or
  // several. O(letters^2).
  int Correct(absl::string_view word, const Vocabulary& vocabulary) const;

 private:
  // Hashes of each word and of it less one letter: words one letter apart share
  // one.
  std::vector<std::pair<uint64_t, int>> traces_;  // in order
  std::vector<uint32_t> from_;  // where those with the same first bits begin
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_SPELLING_H_
