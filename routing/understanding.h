// What a message asks for: text -> needs, with the evidence.
//
//   absl::StatusOr<Understanding> compiled = Understanding::Compile(policy);
//   if (!compiled.ok()) return compiled.status();
//   Reading reading = compiled->Understand(message);  // cannot fail
//   if (reading.decision == Reading::kDecided) ... reading.ranking[0] ...

#ifndef GUICHE_ROUTING_UNDERSTANDING_H_
#define GUICHE_ROUTING_UNDERSTANDING_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/policy.pb.h"

namespace guiche {

class Problems;             // policy/problems.h
struct Catalog;             // routing/catalog.h
struct UnderstandingTable;  // routing/understanding_table.h

// Something a message may ask for: a need, or another body's work.
// Exactly one of the two numbers, in the policy's order, is not -1.
struct Topic {
  int need = -1;
  int referral = -1;
  int32_t score = 0;     // comparable within one reading only
  int32_t phrases = 0;   // the part of it that phrases gave
  bool decided = false;  // a deciding phrase speaks for it
};

// A part of the message that speaks for something: bytes [begin, end) of the
// text as it was given, on character boundaries.
struct Clue {
  uint32_t begin, end;
  absl::string_view phrase;      // as the policy writes it; empty: a word that
                                 // the model weighs
  absl::string_view speaks_for;  // id of a need, referral, alarm, fact, place
  int32_t weight;
};

// What a message was understood to say. Its views point into the Understanding
// and live as long as any copy of it does.
struct Reading {
  enum Decision : uint8_t {
    kEmpty,    // no words, or only greetings and courtesies
    kNothing,  // words, and none that speak for a need
    kUnsure,   // `ranking` tells between what to ask
    kDecided,  // ranking[0]
  };
  Decision decision = kEmpty;
  // Best first. Those that a precedence or a deciding phrase puts ahead come
  // ahead; equals come in the order of their ids.
  std::vector<Topic> ranking;
  // If unsure: the area that leads all others, though no one need of it leads;
  // -1: none.
  int area = -1;
  std::vector<int> options;  // optional referrals, best first; never in ranking
  std::vector<int> alarms;   // numbers, the gravest first
  int urgency = 0;           // in points of the model
  bool sounds_urgent = false;  // they are enough, no alarm's phrase needed
  bool sounds_calm = false;    // too few even for an urgent need
  uint64_t facts = 0;          // bit i: fact number i is stated, or by an alarm
  int place = -1;           // index in the policy's compiled places; -1: none
  std::vector<Clue> clues;  // by `begin`; at most 100, the weightiest
  int words = 0;            // how many, courtesies left out
  absl::string_view language;  // of the words; empty: none is known
};

// That a need is urgent is worth so many points of urgency.
inline constexpr int kUrgentNeed = 200;

// What scores must reach, by v1::Model; these serve a policy without one.
struct Points {
  int phrase = 100;
  int least_score = 0;
  int least_lead = 10;
  int least_area_lead = 10;
  int least_urgent = 1;
};
Points PointsOf(const v1::Model& model);

// The compiled wordings of a policy. Immutable: any number of threads may query
// one without synchronization; a copy shares the table.
class Understanding {
 public:
  // Checks and compiles the wordings of `policy`, keeping no reference to it.
  // kInvalidArgument names every problem, one a line:
  //   needs[divorcio].wordings[0].phrases[3]: "*" is no prefix; write ...
  static absl::StatusOr<Understanding> Compile(const v1::Policy& policy);

  // The same for a policy of which the rest was checked already: adds what is
  // wrong to `problems`, and without a problem the result can be asked.
  static Understanding Compile(const v1::Policy& policy,
                               std::shared_ptr<const Catalog> catalog,
                               Problems& problems);

  // Reads a message: any bytes, of any size below 4 GiB. Case, accents, their
  // Unicode form and letters said three times make no difference. Linear in
  // the text, in time and in memory, of which it takes up to 60 bytes for each
  // of a text of unknown words; of the matches of a very long one the first
  // count.
  Reading Understand(absl::string_view text) const
      ABSL_ATTRIBUTE_LIFETIME_BOUND;

  // The same in place of `reading`, whose memory is used again: a message of up
  // to 64 words and 500 bytes, all of them known, then allocates nothing. A
  // host that asks no reasons saves a quarter of the time.
  enum class Tell { kAll, kNoClues };
  void Understand(absl::string_view text, Reading& reading,
                  Tell tell = Tell::kAll) const;

  const Points& points() const { return points_; }

  // The same wordings, judged by other points.
  Understanding With(const Points& points) const {
    return Understanding(table_, points);
  }

 private:
  Understanding(std::shared_ptr<const UnderstandingTable> table, Points points);

  std::shared_ptr<const UnderstandingTable> table_;  // never null
  Points points_;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_UNDERSTANDING_H_
