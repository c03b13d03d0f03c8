// Who may use what for what: the conduct rules of a policy as a table.

#ifndef GUICHE_DESK_CONDUCT_H_
#define GUICHE_DESK_CONDUCT_H_

#include <cstdint>
#include <vector>

#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"

namespace guiche {

// A situation; what is not specified is not stated, and meets only rules that
// do not ask about it.
struct Situation {
  v1::Device device = v1::DEVICE_UNSPECIFIED;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::Counterpart counterpart = v1::COUNTERPART_UNSPECIFIED;
  v1::Purpose purpose = v1::PURPOSE_UNSPECIFIED;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  v1::Period period = v1::PERIOD_UNSPECIFIED;
};

// Immutable once compiled. Invariant: in each situation at most one rule wins,
// the most specific of those that match.
class Conduct {
 public:
  // Checks `policy.conduct` and adds what is wrong to `problems`: two rules of
  // which neither is more specific where both match, and a rule that never
  // wins, among others.
  static Conduct Compile(const v1::Policy& policy, Problems& problems);

  // The number of the rule that decides, or -1. O(1). Values that are no
  // enumerators are not stated.
  int Decide(const Situation& situation) const;

 private:
  std::vector<int16_t> winner_;  // by cell
};

}  // namespace guiche

#endif  // GUICHE_DESK_CONDUCT_H_
