// The questions of test suites as lines, for hosts of every language to put:
//
//   known_at TAB method TAB request in JSON
//
// Each is asked as it stands in the suite; known_at is empty for most. After
// them come requests that are none, which a host must live through.

#include <iostream>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "desk/suite.h"
#include "policy/json.h"
#include "policy/load.h"

namespace guiche {
namespace {

// By known_at, so that a host compiles once for each there is.
using Lines = std::multimap<std::string, std::string>;

void Add(const v1::TestCase& test, Lines& lines) {
  std::string line;
  switch (test.question_case()) {
    case v1::TestCase::kOpen:
      line = "open\t" + ToJson(test.open());
      break;
    case v1::TestCase::kRoute:
      line = "route\t" + ToJson(test.route());
      break;
    case v1::TestCase::kDecide:
      line = "decide\t" + ToJson(test.decide());
      break;
    case v1::TestCase::kCheck:
      line = "check\t" + ToJson(test.check());
      break;
    case v1::TestCase::QUESTION_NOT_SET:
      return;
  }
  lines.emplace(test.known_at(), line);
}

constexpr absl::string_view kBad[] = {
    "calendar\t{\"from\":\"2026-01-01\",\"until\":\"2027-01-01\"}",
    "policy\t",
    "open\t",
    "open\t{",
    "open\t{\"at\":\"2026-01-07T12:00:00\"}",
    "open\t{\"at\":\"2026-01-07T12:00:00-04:00\",\"plaec\":\"Sinop\"}",
    "open\t{\"at\":\"2026-01-07T12:00:00-04:00\",\"place\":\"Sin\\u0000op\"}",
    "open\t{\"at\":1e999}",
    "route\t{\"text\":\"a\\u0000b pens\\u00e3o aliment\\u00edcia\"}",
    "route\t{\"text\":\"\\ud83d\\ude00 pens\xc3\xa3o\"}",
    "route\t{\"text\":\"\\ud83d\"}",
    "route\t{\"text\":\"\xff\xc3\"}",
    "no_such_method\t{}",
    "\t{}",
};

}  // namespace
}  // namespace guiche

int main(int argc, char** argv) {
  guiche::Lines lines;
  for (int i = 1; i < argc; ++i) {
    const auto text = guiche::ReadFile(argv[i]);
    const auto suite =
        text.ok() ? guiche::ReadSuite(argv[i], *text)
                  : absl::StatusOr<guiche::v1::TestSuite>(text.status());
    if (!suite.ok()) {
      std::cerr << argv[i] << ": " << suite.status() << "\n";
      return 1;
    }
    for (const auto& test : suite->cases()) guiche::Add(test, lines);
  }
  for (const absl::string_view line : guiche::kBad) {
    lines.emplace("", std::string(line));
  }
  for (const auto& [known_at, line] : lines) {
    std::cout << known_at << "\t" << line << "\n";
  }
}
