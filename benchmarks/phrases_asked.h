// Which phrases does a message hold? The phrases of the default policy's needs
// and referrals that are plain words, and its examples as messages.

#ifndef GUICHE_BENCHMARKS_PHRASES_ASKED_H_
#define GUICHE_BENCHMARKS_PHRASES_ASKED_H_

#include <cstddef>
#include <string>
#include <vector>

#include "routing/phrases.h"
#include "routing/words.h"

namespace guiche {

struct Asked {
  std::vector<std::string> messages;  // as people write them
  // Folded words, each with a space on both sides.
  std::vector<std::string> spaced_phrases, spaced_messages;
};

// At most 4,096 messages, shuffled from a fixed seed.
const Asked& TheAsked();

using Found = std::vector<int>;  // numbers of phrases

// Sorted, each number once.
Found Sorted(Found found);

// Finds from the messages as people write them.
class Guiche {
 public:
  Guiche();
  void Find(size_t message, Found& found);

 private:
  Vocabulary vocabulary_;
  PhraseIndex index_;
  Words words_;
  Matches matches_;
};

}  // namespace guiche

#endif  // GUICHE_BENCHMARKS_PHRASES_ASKED_H_
