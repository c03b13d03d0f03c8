// What pictures and pages are written with.

#ifndef GUICHE_INTERCHANGE_MARKUP_H_
#define GUICHE_INTERCHANGE_MARKUP_H_

#include <string>

#include "absl/strings/string_view.h"

namespace guiche {

// `text` for an element or a quoted attribute of XML or HTML; control
// characters, which XML does not have, are left out.
std::string Escaped(absl::string_view text);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_MARKUP_H_
