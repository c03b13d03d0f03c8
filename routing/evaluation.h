// How well a policy reads messages whose right answers are known: messages that
// someone labelled, or its own examples held out of training.

#ifndef GUICHE_ROUTING_EVALUATION_H_
#define GUICHE_ROUTING_EVALUATION_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/routing.pb.h"
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
  std::string topic;  // id of the need or referral answered
  bool acceptable;    // the area expected, or one that is also right
  bool wrong_door;    // sent somewhere, and not there
  bool urgent, said_urgent;
  std::vector<v1::Evidence> evidence;
};

struct OfArea {
  Share precision;  // acceptable, of the messages so answered
  Share recall;     // acceptable, of those that expect it
};

struct Evaluation {
  std::vector<Judged> messages;
  Share acceptable;    // of all messages
  Share exact;         // the area expected itself, of all messages
  Share wrong_doors;   // of those sent somewhere
  Share abstained;     // asked or left to a person, of those with a need
  Share urgent;        // recall
  Share false_alarms;  // of those that are not urgent
  Share out_of_scope;  // recall
  Share none;          // recall
  std::map<std::string, OfArea> by_area;
  std::map<std::string, Share> by_style;
  // Messages by area expected and area answered.
  std::map<std::pair<std::string, std::string>, int> confusion;
};

// Reads objects with `id`, `text`, `expect_area`, `also_ok`, `urgent` and
// `style`, one a line, blank lines aside. kInvalidArgument names the first line
// that is none, and never repeats it.
absl::StatusOr<std::vector<v1::LabelledMessage>> ReadLabelled(
    absl::string_view json_lines);

// Puts every message to the router. kInvalidArgument names the first that the
// router refuses.
absl::StatusOr<Evaluation> Evaluate(
    const Router& router, const std::vector<v1::LabelledMessage>& messages);

// Cuts the examples of `policy` into `folds` parts and measures on each what is
// learned from the rest, `percent` of it. The policy's own points count, if it
// has a model. Urgency is measured where the examples say it.
// kInvalidArgument as Router::Compile().
absl::StatusOr<Evaluation> CrossValidate(const v1::Policy& policy, int folds,
                                         int percent = 100);

// For people to read, in Portuguese. The messages' texts do not appear.
std::string FormatEvaluation(const Evaluation& evaluation);

// The messages answered wrongly, each with the evidence that led there: phrases
// of the policy, never the message's words.
std::string FormatErrors(const Evaluation& evaluation);

}  // namespace guiche

#endif  // GUICHE_ROUTING_EVALUATION_H_
