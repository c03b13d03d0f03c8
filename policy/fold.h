// Text as a clerk reads it: case, accents and compatibility forms aside.

#ifndef GUICHE_POLICY_FOLD_H_
#define GUICHE_POLICY_FOLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace guiche {

// A folded text and where each of its bytes came from.
struct Folded {
  std::string text;
  // For each byte of `text`, and one past it: the offset in the original of the
  // character it came from. Non-decreasing; the last is the original's size.
  std::vector<uint32_t> origin;
};

// Full case folding, NFKD and no combining marks: "São GONÇALO" becomes
// "sao goncalo". Equals ICU's on every code point. Bytes that are no UTF-8
// become U+FFFD. Linear in the text.
std::string Fold(absl::string_view text);
Folded FoldWithOrigin(absl::string_view text);

}  // namespace guiche

#endif  // GUICHE_POLICY_FOLD_H_
