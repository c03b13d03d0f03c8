#include "policy/problems.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace guiche {
namespace {

void Append(v1::PolicyProblems& list, v1::PolicyProblem::Severity severity,
            absl::string_view path, absl::string_view problem) {
  v1::PolicyProblem& added = *list.add_problems();
  added.set_path(path.data(), path.size());
  added.set_problem(problem.data(), problem.size());
  added.set_severity(severity);
}

}  // namespace

void Problems::Add(absl::string_view path, absl::string_view problem) {
  if (++errors_ <= kLimit) {
    Append(list_, v1::PolicyProblem::ERROR, path, problem);
  }
}

void Problems::Note(absl::string_view path, absl::string_view problem) {
  Append(list_, v1::PolicyProblem::NOTE, path, problem);
}

absl::Status Problems::ToStatus() const {
  if (ok()) return absl::OkStatus();
  std::string message;
  for (const v1::PolicyProblem& problem : list_.problems()) {
    if (problem.severity() != v1::PolicyProblem::ERROR) continue;
    absl::StrAppend(&message, message.empty() ? "" : "\n", problem.path(), ": ",
                    problem.problem());
  }
  if (errors_ > kLimit) {
    absl::StrAppend(&message, "\n", errors_ - kLimit,
                    " further problems; the first ", kLimit, " are shown");
  }
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kProblemsUrl, absl::Cord(list_.SerializeAsString()));
  return status;
}

v1::PolicyProblems ProblemsOf(const absl::Status& status) {
  v1::PolicyProblems list;
  const absl::optional<absl::Cord> payload = status.GetPayload(kProblemsUrl);
  if (payload.has_value()) list.ParseFromString(std::string(*payload));
  return list;
}

std::string PathOf(absl::string_view list, absl::string_view id) {
  return absl::StrCat(list, "[", id, "]");
}

absl::string_view Shown(absl::string_view value, size_t most) {
  if (value.size() <= most) return value;
  while (most > 0 && (value[most] & 0xC0) == 0x80) --most;
  return value.substr(0, most);
}

}  // namespace guiche
