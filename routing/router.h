// Answers for a citizen's request: which núcleo takes it, and by which rule.
// Text compares the way a clerk reads it: "SAO GONCALO" is São Gonçalo.
//
//   absl::StatusOr<Router> router = Router::Compile(policy);
//   if (!router.ok()) return router.status();  // "routes[x].needs[0]: ..."
//   absl::StatusOr<v1::RouteAnswer> answer = router->Route(request);

#ifndef GUICHE_ROUTING_ROUTER_H_
#define GUICHE_ROUTING_ROUTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/policy.pb.h"
#include "guiche/v1/routing.pb.h"

namespace guiche {

class Understanding;  // routing/understanding.h
struct RuleTable;     // routing/rule_table.h

// The longest text that Route() reads, in bytes.
inline constexpr size_t kLongestText = 1 << 20;

// A fact that says what it says of the case as a whole.
inline constexpr char kUrgentFact[] = "urgent";

// One request whose parts were found once, with the finders below. What is not
// stated meets only routes that do not ask about it.
struct Request {
  int need = -1;
  int area = -1;       // read if there is no need
  int place = 0;       // 0: the widest, as good as not known
  uint64_t facts = 0;  // bit i: fact number i holds
};

// Where a request goes and why. Its views point into the Router and live as
// long as any copy of it does.
struct Assignment {
  int unit;  // number in the policy; -1: the policy has no units
  absl::string_view unit_id;
  int route;               // number in the policy; -1: none, the default unit
  absl::string_view rule;  // "routes[saude]", or "default_unit"
  v1::Certainty certainty;
  bool ask_place;  // the place is not known and would name the unit
};

// A compiled policy's wordings and routes. Immutable: any number of threads may
// query one without synchronization. A copy shares the tables (one atomic
// increment), so a new policy is installed by assigning a new Router while
// queries in flight finish on the old one. Never empty: moving is copying.
//
// Invariant: every request has exactly one winning route or none, and then the
// default unit takes it. Compile() proves it; queries rest on it.
class Router {
 public:
  // Checks and compiles `policy`, keeping no reference to it. kInvalidArgument
  // names every problem, one a line, each led by the path of the field to
  // correct; the structured list is ProblemsOf(status):
  //   routes[b]: and routes[a] both take need "x" at "Sinop", and neither is
  //   more specific; ...
  //   routes[c]: never wins; routes[a] and routes[b] take all it would take
  // Linear in the table: needs x classes of places x sets of facts in routes.
  static absl::StatusOr<Router> Compile(const v1::Policy& policy);

  Router(const Router&) = default;
  Router& operator=(const Router&) = default;

  // The numbers that Request speaks of. kInvalidArgument names the field, the
  // value and the nearest known ones; of a place kNotFound. O(1), but for a
  // place that is not known.
  absl::StatusOr<int> FindNeed(absl::string_view id) const;
  absl::StatusOr<int> FindArea(absl::string_view id) const;
  absl::StatusOr<int> FindFact(absl::string_view id) const;
  absl::StatusOr<int> FindPlace(absl::string_view text) const;

  // Of the routes whose conditions all hold, the most specific decides; facts
  // that the need implies hold too. Numbers out of range are not stated. O(1),
  // takes no lock and allocates nothing.
  Assignment Assign(const Request& request) const ABSL_ATTRIBUTE_LIFETIME_BOUND;

  // Understands and assigns: the whole answer but for `policy`.
  //
  // Outcome: a need or area that is given is ROUTED. Of a text, what it decides
  // is ROUTED, or REFER if that is another body's work. Too close to tell is
  // ROUTED by area if the door is the same for all of them, else ASK with the
  // candidates. No words but greetings: ASK, with areas as candidates. Words
  // that say nothing known: HUMAN, as is every need of an area marked so. An
  // alarm's need is assumed where the text decides none; one of danger or
  // violence, also where it decides a referral, or a need without a deciding
  // phrase.
  //
  // `urgent`: an alarm was met, the fact "urgent" was given or told, or the
  // need is urgent and was given, or told by a text of more than four words: a
  // bare topic tells of no event. Such a text is urgent, too, if it sounds so
  // by the policy's model, or if the likeliest need of an area that is ROUTED
  // is urgent, or that of an ASK about liberty, violence or danger.
  //
  // kInvalidArgument for a text over kLongestText and for a need, area or fact
  // that is not known; kNotFound for a place. The text is never repeated.
  absl::StatusOr<v1::RouteAnswer> Route(const v1::RouteRequest& request) const;

  // The same into an empty `answer`, which may lie in an arena. Left partly
  // filled by an error.
  absl::Status Route(const v1::RouteRequest& request,
                     v1::RouteAnswer& answer) const;

  // Where routes leave requests to the default unit, one line a need or area:
  //   needs[x]: routes leave 3 of 80 situations to default_unit "central", as
  //   need "x" at place "5107909"
  std::vector<std::string> Defaults() const;

  const Understanding& understanding() const ABSL_ATTRIBUTE_LIFETIME_BOUND;

 private:
  explicit Router(std::shared_ptr<const RuleTable> table);

  std::shared_ptr<const RuleTable> table_;  // never null
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_ROUTER_H_
