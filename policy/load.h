// Policies as files: reading, merging, and naming an edition by its digest.

#ifndef GUICHE_POLICY_LOAD_H_
#define GUICHE_POLICY_LOAD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"

namespace guiche {

// The most bytes that one file of a policy may have.
inline constexpr size_t kLargestPolicyFile = 64u << 20;

// How the bytes of a policy are written.
enum class PolicyFormat { kText, kJson, kBinary };

// Reads a textproto into `message`, which it clears first. kInvalidArgument
// names file, line and column, one error a line:
//   calendar.textproto:12:3: Expected identifier, got: 5
//   needs.textproto:4:3: Message type "guiche.v1.Need" has no field named
//   "wordngs"; did you mean "wordings"?
absl::Status ParseTextproto(absl::string_view name, absl::string_view text,
                            google::protobuf::Message& message);

// The whole of a file. kNotFound says why it cannot be read.
absl::StatusOr<std::string> ReadFile(const std::string& name);

// By the ending of a file's name: ".json"; ".pb" and ".binpb"; else text.
PolicyFormat FormatOfFile(absl::string_view name);

// Reads one file's bytes and merges them into `policy` by concatenation; what
// is no list, such as the time zone, may not be another there already.
// kInvalidArgument says where, and leaves `policy` as it was. A field that is
// not known is an error in every format: it may narrow the rule it stands in.
absl::Status MergePolicy(absl::string_view name, absl::string_view bytes,
                         PolicyFormat format, v1::Policy& policy);

// Reads and merges files of the file system, in any order. kNotFound or
// kInvalidArgument names each file that could not be read or parsed, one a
// line.
absl::StatusOr<v1::Policy> LoadPolicy(const std::vector<std::string>& files);

// Adds a problem for each text of `policy` that is no UTF-8.
void CheckUtf8(const v1::Policy& policy, Problems& problems);

// The same policy in one fixed order, so that the order of files and elements
// does not show: every list of elements sorted by id.
v1::Policy Canonical(v1::Policy policy);

// SHA-256 of the canonical serialization, lower-case hex. All texts must be
// UTF-8. Linear in the policy.
std::string Digest(const v1::Policy& policy);

}  // namespace guiche

#endif  // GUICHE_POLICY_LOAD_H_
