// Named cases with expected answers, put to a policy: golden tests, for the
// authors of a policy and for this library alike.

#ifndef GUICHE_DESK_SUITE_H_
#define GUICHE_DESK_SUITE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/policy.pb.h"
#include "guiche/v1/test_suite.pb.h"

namespace guiche {

// How one case went.
struct CaseResult {
  std::string name;
  // One line a field that is not as expected, as in
  // `state: expected OPEN, was CLOSED`; none: the case passed.
  std::vector<std::string> differences;
  // Rules that the answer rests on, by policy path.
  std::vector<std::string> rules;
};

struct SuiteResult {
  std::vector<CaseResult> cases;
  int failed = 0;
};

// Reads a suite from a textproto. kInvalidArgument names file, line and column,
// and a case without a name, a question or an answer to expect.
absl::StatusOr<v1::TestSuite> ReadSuite(absl::string_view name,
                                        absl::string_view text);

// Puts every case to `policy`, compiled anew for each `known_at` there is. The
// status is that of compiling.
absl::StatusOr<SuiteResult> RunSuite(const v1::Policy& policy,
                                     const v1::TestSuite& suite);

// Paths of the rules of `policy` that no case of `results` rests on, sorted:
// calendar rules, routes, conduct rules and referrals.
std::vector<std::string> RulesNotMet(const v1::Policy& policy,
                                     const std::vector<SuiteResult>& results);

}  // namespace guiche

#endif  // GUICHE_DESK_SUITE_H_
