// How far a word that is not known lies from one that is.

#ifndef GUICHE_POLICY_EDIT_DISTANCE_H_
#define GUICHE_POLICY_EDIT_DISTANCE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace guiche {

// Bytes put in, left out or replaced to make `b` of `a`: Levenshtein's
// distance. O(a x b), so cap what a stranger sends.
int EditDistance(absl::string_view a, absl::string_view b);

// `; did you mean "a" or "b"?` of those of `known` nearest to one that is not
// among them, or nothing. The order of `known` does not matter.
std::string DidYouMean(absl::string_view asked,
                       const std::vector<absl::string_view>& known);

}  // namespace guiche

#endif  // GUICHE_POLICY_EDIT_DISTANCE_H_
