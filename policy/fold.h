// Text as a clerk reads it: case, accents and compatibility forms aside.

#ifndef GUICHE_POLICY_FOLD_H_
#define GUICHE_POLICY_FOLD_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace guiche {

// Full case folding, NFKD and no combining marks: "São GONÇALO" becomes
// "sao goncalo". Equals ICU's on every code point. Bytes that are no UTF-8
// become U+FFFD. Linear in the text.
std::string Fold(absl::string_view text);

// The fold of the one character that begins at `at`, which moves past it; empty
// for a mark. Lives as long as `text` and until `buffer` is used again.
absl::string_view FoldNext(absl::string_view text, size_t& at,
                           std::string& buffer);

// The ways Fold() takes, by what a machine has; all of them fold the same.
enum class FoldPath { kPortable, kAvx512 };
bool HasFoldPath(FoldPath path);
FoldPath BestFoldPath();

// The fold in place of `folded`, whose memory is used again. The machine must
// have the path.
void FoldBy(FoldPath path, absl::string_view text, std::string& folded);

}  // namespace guiche

#endif  // GUICHE_POLICY_FOLD_H_
