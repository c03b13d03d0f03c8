// The frame of the command line: what its commands share. Each command is a
// file of its own with one Add...() that main() calls.

#ifndef GUICHE_TOOLS_COMMAND_H_
#define GUICHE_TOOLS_COMMAND_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "desk/desk.h"
#include "guiche/v1/policy.pb.h"

namespace guiche {

// 0: fine. 1: could not do it. 2: did it, and the answer is no.
enum ExitCode { kFine = 0, kCouldNot = 1, kNo = 2 };

// The options of the program itself, and how it is going to end. Lives as long
// as the program; a command's callback sets `exit_code`.
struct Program {
  std::vector<std::string> policy_files;  // none: the embedded policy
  std::string known_at;                   // empty: all acts are known
  std::string format = "text";
  int exit_code = kFine;

  bool json() const { return format == "json"; }
};

// The policy that the options name, and the same compiled.
absl::StatusOr<v1::Policy> ReadPolicy(const Program& program);
absl::StatusOr<Desk> OpenDesk(const Program& program);

// Says on stderr what went wrong, in Portuguese; kCouldNot.
int Fail(const absl::Status& status);

// The whole of a file, or of stdin for "-".
absl::StatusOr<std::string> ReadWhole(const std::string& file);

// The present instant, RFC 3339 in UTC: what `--at` means when it is left out.
std::string Now();

// Adds `--format text|json` to a command whose answer can be either.
void AddFormat(CLI::App& command, Program& program);

void AddOpen(CLI::App& app, Program& program);
void AddRoute(CLI::App& app, Program& program);
void AddDecide(CLI::App& app, Program& program);
void AddCalendar(CLI::App& app, Program& program);
void AddConduct(CLI::App& app, Program& program);
void AddCheck(CLI::App& app, Program& program);
void AddTest(CLI::App& app, Program& program);
void AddBatch(CLI::App& app, Program& program);
void AddExport(CLI::App& app, Program& program);
void AddImport(CLI::App& app, Program& program);
void AddRender(CLI::App& app, Program& program);
void AddEval(CLI::App& app, Program& program);
void AddTrain(CLI::App& app, Program& program);
void AddExplain(CLI::App& app, Program& program);

}  // namespace guiche

#endif  // GUICHE_TOOLS_COMMAND_H_
