// Every case of tests/cases on the default policy, one test each.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "desk/suite.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"

namespace guiche {
namespace {

class GoldenCase : public testing::Test {
 public:
  explicit GoldenCase(CaseResult result) : result_(std::move(result)) {}

  void TestBody() override {
    EXPECT_TRUE(result_.differences.empty())
        << absl::StrJoin(result_.differences, "\n");
  }

 private:
  CaseResult result_;
};

// Runs the suite of one file, and registers a test for each of its cases.
bool Register(const v1::Policy& policy, const std::string& file) {
  const auto text = ReadFile(file);
  const auto suite = text.ok() ? ReadSuite(file, *text)
                               : absl::StatusOr<v1::TestSuite>(text.status());
  const auto results = suite.ok() ? RunSuite(policy, *suite)
                                  : absl::StatusOr<SuiteResult>(suite.status());
  if (!results.ok()) {
    std::cerr << file << ": " << results.status() << "\n";
    return false;
  }
  for (const CaseResult& result : results->cases) {
    testing::RegisterTest(
        suite->name().c_str(), result.name.c_str(), nullptr, nullptr, __FILE__,
        __LINE__,
        [result]() -> testing::Test* { return new GoldenCase(result); });
  }
  return !results->cases.empty();
}

}  // namespace
}  // namespace guiche

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  const guiche::v1::Policy policy = guiche::MatoGrosso();
  if (argc < 2) return 1;
  for (int i = 1; i < argc; ++i) {
    if (!guiche::Register(policy, argv[i])) return 1;
  }
  return RUN_ALL_TESTS();
}
