// docs/conformance.md names, for every article of Resolução 024/2022/DPG, cases
// that tests/cases holds and marks with that article.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "desk/suite.h"
#include "gtest/gtest.h"
#include "policy/load.h"

namespace guiche {
namespace {

// Every provision of the resolution.
constexpr const char* kProvisions[] = {
    "art. 1º, caput", "art. 1º, parágrafo único",
    "art. 2º, caput", "art. 2º, parágrafo único",
    "art. 3º, caput", "art. 3º, parágrafo único",
    "art. 4º, caput", "art. 4º, parágrafo único",
    "art. 5º, caput", "art. 5º, §1º",
    "art. 5º, §2º",   "art. 6º",
};

std::string file_of_table;
std::vector<std::string> files_of_cases;

// The articles of a table row, and what stands in backquotes in it.
struct Row {
  std::string article;
  std::vector<std::string> cases;
};

std::vector<Row> ReadTable() {
  const auto text = ReadFile(file_of_table);
  EXPECT_TRUE(text.ok()) << text.status();
  std::vector<Row> rows;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 6) continue;
    Row row{std::string(absl::StripAsciiWhitespace(cells[1])), {}};
    const std::vector<std::string> quoted = absl::StrSplit(cells[4], '`');
    for (size_t i = 1; i < quoted.size(); i += 2) {
      row.cases.push_back(quoted[i]);
    }
    if (absl::StartsWith(row.article, "art.")) rows.push_back(row);
  }
  return rows;
}

std::map<std::string, std::string> ArticleOfCase() {
  std::map<std::string, std::string> articles;
  for (const std::string& file : files_of_cases) {
    const auto text = ReadFile(file);
    EXPECT_TRUE(text.ok()) << text.status();
    const auto suite = ReadSuite(file, *text);
    EXPECT_TRUE(suite.ok()) << suite.status();
    for (const v1::TestCase& one : suite->cases()) {
      articles[one.name()] = one.article();
    }
  }
  return articles;
}

TEST(ConformanceTest, EveryProvisionHasARowWithCases) {
  std::set<std::string> rows;
  for (const Row& row : ReadTable()) {
    EXPECT_FALSE(row.cases.empty()) << row.article;
    EXPECT_TRUE(rows.insert(row.article).second) << row.article;
  }
  EXPECT_EQ(rows, std::set<std::string>(std::begin(kProvisions),
                                        std::end(kProvisions)));
}

TEST(ConformanceTest, CasesNamedAreThereAndShowTheirArticle) {
  const std::map<std::string, std::string> articles = ArticleOfCase();
  for (const Row& row : ReadTable()) {
    for (const std::string& name : row.cases) {
      const auto found = articles.find(name);
      if (found == articles.end()) {
        ADD_FAILURE() << row.article << " names no case: " << name;
      } else {
        EXPECT_EQ(found->second, row.article) << name;
      }
    }
  }
}

}  // namespace
}  // namespace guiche

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc < 3) return 1;
  guiche::file_of_table = argv[1];
  guiche::files_of_cases.assign(argv + 2, argv + argc);
  return RUN_ALL_TESTS();
}
