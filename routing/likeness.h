// How much a text looks like what is known to be said of each topic: evidence
// for messages in which no phrase decides.

#ifndef GUICHE_ROUTING_LIKENESS_H_
#define GUICHE_ROUTING_LIKENESS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "routing/words.h"

namespace guiche {

// Likeness is the cosine of two weighted bags of words and word beginnings,
// times kFullLikeness. A word weighs more the fewer topics know it. All of it
// is integers, so that every machine gets the same.
//
// Built by one thread, then only read.
class Likeness {
 public:
  static constexpr int kFullLikeness = 1000;

  // One text said of `topic`. Those of one `voice`, a wording in one language,
  // make one bag, if they are enough; a topic is as like as its likest voice.
  // The voices of a topic are numbered one after the other.
  void Learn(int topic, int voice, const std::vector<int>& words,
             const Vocabulary& vocabulary);

  // Call once, after all of Learn().
  void Finish(const Vocabulary& vocabulary);

  // Topics and how like each is, those at 0 left out, in no order. Linear in
  // the text.
  std::vector<std::pair<int, int>> Of(const Words& words) const;

 private:
  // Word i is feature 2i; beginning i is feature 2i + 1.
  using Feature = int;
  struct Voice {
    int topic = -1;
    int count = 0;                            // of texts
    absl::flat_hash_map<Feature, int> texts;  // that have the feature
  };
  struct Posting {
    int voice;
    int weight;
  };

  // The feature of a word's beginning, or -1.
  Feature BeginningOf(absl::string_view word) const;

  std::vector<Voice> voices_;  // until Finish()
  absl::flat_hash_map<std::string, int> beginnings_;
  std::vector<int> topic_of_voice_;
  std::vector<Feature> beginning_of_word_;
  // By feature: its weight, 0 if no voice has it, and where its postings begin.
  std::vector<int64_t> rarity_;
  std::vector<int> postings_from_;
  std::vector<Posting> postings_;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_LIKENESS_H_
