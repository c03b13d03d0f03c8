#include "policy/edit_distance.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace guiche {
namespace {

constexpr size_t kNearestShown = 3;
constexpr size_t kLongestAsked = 100;  // bytes
// What is left out of a longer name is so long at least.
constexpr size_t kShortestPart = 4;

}  // namespace

int EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string DidYouMean(absl::string_view asked,
                       const std::vector<absl::string_view>& known) {
  if (asked.empty() || asked.size() > kLongestAsked) return "";
  std::vector<std::pair<int, absl::string_view>> nearest;
  for (const absl::string_view one : known) {
    int distance = EditDistance(asked, one);
    if (absl::StartsWith(one, asked)) {
      distance = 1;
    } else if (asked.size() >= kShortestPart && absl::StrContains(one, asked)) {
      distance = std::min(distance, 2);
    }
    if (distance * 3 <= static_cast<int>(asked.size()) + 3) {
      nearest.emplace_back(distance, one);
    }
  }
  std::sort(nearest.begin(), nearest.end());
  while (
      nearest.size() > kNearestShown ||
      (!nearest.empty() && nearest.back().first > nearest.front().first + 1)) {
    nearest.pop_back();
  }
  if (nearest.empty()) return "";
  return absl::StrCat("; did you mean ",
                      absl::StrJoin(nearest, " or ",
                                    [](std::string* out, const auto& one) {
                                      absl::StrAppend(out, "\"", one.second,
                                                      "\"");
                                    }),
                      "?");
}

}  // namespace guiche
