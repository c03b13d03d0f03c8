// The compiled wordings of a policy.

#ifndef GUICHE_ROUTING_UNDERSTANDING_TABLE_H_
#define GUICHE_ROUTING_UNDERSTANDING_TABLE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "routing/catalog.h"
#include "routing/model.h"
#include "routing/phrases.h"
#include "routing/spelling.h"
#include "routing/words.h"

namespace guiche {

// A word weighs kWordWeight and kRarityWeight more for each time that the
// topics must be halved until only those that speak it are left.
inline constexpr int kWordWeight = 8;
inline constexpr int kRarityWeight = 4;

// What a phrase speaks for. Those up to kFact can be negated.
enum class Speaks : uint8_t {
  kTopic,
  kAlarm,
  kFact,
  kPlace,
  kNegation,
  kCourtesy,
  kPlaceCue,
  kClauseBreak,
};
enum class PhraseRole : uint8_t { kEvidence, kDecides, kForbids };

// Small, as every phrase met is looked up.
struct Phrase {
  Speaks speaks;
  PhraseRole role;
  int subject;  // topic, alarm, fact or place
};

struct UnderstandingTable {
  UnderstandingTable() = default;
  UnderstandingTable(const UnderstandingTable&) = delete;  // it holds views
  UnderstandingTable& operator=(const UnderstandingTable&) = delete;

  std::shared_ptr<const Catalog> catalog;
  Vocabulary vocabulary;
  PhraseIndex index;
  LinearModel model;
  Spelling spelling{Spelling::Reach::kAll};
  // Names of places, each in one word, and the phrase that each stands for.
  Spelling place_spelling{Spelling::Reach::kOneLetter};
  absl::flat_hash_map<int, int> joined_places;
  std::vector<Phrase> phrases;
  std::deque<std::string> texts;       // of phrases, by the same number
  std::vector<std::string> languages;  // the policy's first
  // By word of the vocabulary: the language that it tells of, or -1.
  std::vector<int> word_language;
  // Weight of a word of the vocabulary, and of one met only by a prefix.
  std::vector<int> word_weight;
  absl::flat_hash_map<Symbol, int> prefix_weight;

  // By topic: the place of its id among the ids of all, below 2^16, and its
  // precedence.
  std::vector<int> topic_rank, topic_precedence;
  std::vector<int> topic_by_rank;

  // Topics: the needs, then the referrals.
  int topics() const {
    return catalog->policy.needs_size() + catalog->policy.referrals_size();
  }
  bool IsNeed(int topic) const { return topic < catalog->policy.needs_size(); }
  int Referral(int topic) const { return topic - catalog->policy.needs_size(); }
  absl::string_view TopicId(int topic) const {
    return IsNeed(topic) ? catalog->policy.needs(topic).id()
                         : catalog->policy.referrals(Referral(topic)).id();
  }
  absl::string_view IdOf(const Phrase& phrase) const;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_UNDERSTANDING_TABLE_H_
