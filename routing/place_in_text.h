// Which place a message names: "moro em sinop", "fórum de vg", "varzea grade".

#ifndef GUICHE_ROUTING_PLACE_IN_TEXT_H_
#define GUICHE_ROUTING_PLACE_IN_TEXT_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "routing/phrases.h"
#include "routing/understanding_table.h"
#include "routing/words.h"

namespace guiche {

// What a word of a message is, whatever it speaks of: how many words long the
// negation or the cue of a place is that ends at it, whether it ends what a
// negation reaches, whether it belongs to a courtesy.
struct WordMarks {
  uint8_t negation_ends, cue_ends;
  bool breaks, courtesy;
};

// Where places are named.
using NamedPlaces = absl::InlinedVector<Match, 16>;

// The place most surely named, of two named as surely neither, unless one lies
// in the other; -1 if there is none. A name that words of another meaning may
// stand for needs a cue before it, as "moro em", or to stand alone; a mistyped
// one needs a cue. `matches` are those of all phrases, `marks` of the words, of
// which `meaning` are no courtesies. Adds the matches that name places to
// `named`.
int FindPlaceInText(const UnderstandingTable& table, const Words& words,
                    absl::Span<const WordMarks> marks,
                    absl::Span<const Match> matches, int meaning,
                    NamedPlaces& named);

}  // namespace guiche

#endif  // GUICHE_ROUTING_PLACE_IN_TEXT_H_
