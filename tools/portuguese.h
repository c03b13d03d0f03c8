// What the library says of a policy, in Portuguese for those who write one: the
// API speaks English, the command line does not.

#ifndef GUICHE_TOOLS_PORTUGUESE_H_
#define GUICHE_TOOLS_PORTUGUESE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace guiche {

// One line of what is wrong, `path: problem` or the problem alone, by
// tools/catalogue.h. Values stay as they are, and so does the whole of a line
// that no entry fits.
//
//   InPortuguese("default_unit: \"x\" is no unit")
//     == "default_unit: \"x\" não é um núcleo"
std::string InPortuguese(absl::string_view line);

}  // namespace guiche

#endif  // GUICHE_TOOLS_PORTUGUESE_H_
