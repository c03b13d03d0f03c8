// How well a router reads messages whose right answers are known.

#ifndef GUICHE_ROUTING_EVALUATION_H_
#define GUICHE_ROUTING_EVALUATION_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "routing/router.h"

namespace guiche {

// A share of a whole.
struct Share {
  int part = 0;
  int of = 0;
  double Percent() const { return of == 0 ? 100.0 : 100.0 * part / of; }
};

// Of one message: the area expected and the one answered. ROUTED answers its
// area, REFER "out_of_scope", ASK and HUMAN "none".
struct Judged {
  std::string id;
  std::string expected, answered;
  std::string need;  // answered
  bool acceptable;   // the area expected, or one that is also right
  bool wrong_door;   // sent somewhere, and not there
  bool urgent, said_urgent;
};

struct Evaluation {
  std::vector<Judged> messages;
  Share acceptable;    // of all messages
  Share exact;         // the area expected itself, of all messages
  Share wrong_doors;   // of those sent somewhere
  Share urgent;        // recall
  Share false_alarms;  // of those that are not urgent
  Share out_of_scope;  // recall
  Share none;          // recall
  std::map<std::string, Share> by_style;
  std::map<std::pair<std::string, std::string>, int>
      confusion;  // not acceptable
};

// Puts every message of `json_lines` to the router: objects with `id`, `text`,
// `expect_area`, `also_ok`, `urgent` and `style`, one a line, blank lines
// aside. kInvalidArgument names the first line that is none.
absl::StatusOr<Evaluation> Evaluate(const Router& router,
                                    absl::string_view json_lines);

// For people to read. The messages' texts do not appear.
std::string FormatEvaluation(const Evaluation& evaluation);

}  // namespace guiche

#endif  // GUICHE_ROUTING_EVALUATION_H_
