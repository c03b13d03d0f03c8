// What is wrong with a policy: every problem at once, each led by the path of
// the field to correct.
//
//   weekly[2].close: "08:00" is not after open "12:00"; write close: "32:00"

#ifndef GUICHE_POLICY_PROBLEMS_H_
#define GUICHE_POLICY_PROBLEMS_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/decision.pb.h"

namespace guiche {

// Problems in the order they were found. Not thread-safe; one per compile.
class Problems {
 public:
  // At most this many errors are kept; a last one then says how many more.
  static constexpr int kLimit = 1000;

  // Something that must be corrected: `path: problem`.
  void Add(absl::string_view path, absl::string_view problem);

  // Something that compiles but that the author should look at.
  void Note(absl::string_view path, absl::string_view problem);

  // No errors; notes do not count.
  bool ok() const { return errors_ == 0; }

  // OK without errors. Else kInvalidArgument, whose message has one line an
  // error, and whose payload at kProblemsUrl is the serialized PolicyProblems,
  // notes included.
  absl::Status ToStatus() const;

  const v1::PolicyProblems& list() const { return list_; }

 private:
  v1::PolicyProblems list_;
  int errors_ = 0;
};

// Where ToStatus() puts the structured list.
inline constexpr char kProblemsUrl[] =
    "type.googleapis.com/guiche.v1.PolicyProblems";

// The structured list in a status from Problems::ToStatus(), else an empty one.
v1::PolicyProblems ProblemsOf(const absl::Status& status);

// `path[id]`: how a policy element is named in problems and answers.
std::string PathOf(absl::string_view list, absl::string_view id);

// What of a value that somebody wrote an error repeats: at most so many of its
// first bytes, ending where a character of UTF-8 ends.
absl::string_view Shown(absl::string_view value, size_t most);

}  // namespace guiche

#endif  // GUICHE_POLICY_PROBLEMS_H_
