// The routes of a policy as one HTML page: which unit takes each area of law in
// each place. No script, no font or file of others; well-formed XML, headers in
// scope for screen readers, marks that read without colour. In Portuguese.

#ifndef GUICHE_INTERCHANGE_ROUTE_TABLE_H_
#define GUICHE_INTERCHANGE_ROUTE_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "guiche/v1/policy.pb.h"
#include "routing/router.h"

namespace guiche {

// A row for the state, each comarca and what else lies directly in the state; a
// column for each area. A cell has the unit and the rule that takes a request
// of which only the area is known, and below it the needs, and the facts, that
// lead elsewhere; neighbours that are the same are one cell. Marked are what
// no route takes (the default unit), what is not confirmed, and where the place
// has to be asked. `router` is `policy`, compiled; `origin`, the policy and its
// digest, is the page's last line.
std::string RenderRouteTable(const v1::Policy& policy, const Router& router,
                             absl::string_view origin);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_ROUTE_TABLE_H_
