#include "tools/portuguese.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/types/optional.h"
#include "tools/catalogue.h"

namespace guiche {
namespace {

// "$0" stands for a value, "~0" for words that have an entry of their own.
bool IsPlaceholder(absl::string_view pattern, size_t at) {
  return at + 1 < pattern.size() &&
         (pattern[at] == '$' || pattern[at] == '~') &&
         absl::ascii_isdigit(static_cast<unsigned char>(pattern[at + 1]));
}

size_t EndOfLiteral(absl::string_view pattern, size_t at) {
  while (at < pattern.size() && !IsPlaceholder(pattern, at)) ++at;
  return at;
}

struct Match {
  // What stands for each placeholder: {"$0", "sinop"}.
  std::vector<std::pair<std::string, std::string>> values;
  size_t literal = 0;  // bytes of the pattern's own
};

absl::optional<std::string> Translate(absl::string_view text);

// The whole of `text` by `pattern`, each value as short as can be: one pass.
absl::optional<Match> MatchWhole(absl::string_view pattern,
                                 absl::string_view text) {
  size_t at = EndOfLiteral(pattern, 0);
  if (!absl::StartsWith(text, pattern.substr(0, at))) return absl::nullopt;
  text.remove_prefix(at);
  Match match;
  match.literal = at;
  while (at < pattern.size()) {
    const absl::string_view placeholder = pattern.substr(at, 2);
    const size_t end = EndOfLiteral(pattern, at + 2);
    const absl::string_view literal = pattern.substr(at + 2, end - at - 2);
    size_t size = text.find(literal);
    if (end == pattern.size()) {
      if (!absl::EndsWith(text, literal)) return absl::nullopt;
      size = text.size() - literal.size();
    }
    if (size == absl::string_view::npos) return absl::nullopt;
    absl::optional<std::string> value(text.substr(0, size));
    if (placeholder[0] == '~') value = Translate(*value);
    if (!value.has_value()) return absl::nullopt;
    match.values.emplace_back(absl::StrCat("$", placeholder.substr(1)),
                              *std::move(value));
    match.literal += literal.size();
    text.remove_prefix(size + literal.size());
    at = end;
  }
  if (!text.empty()) return absl::nullopt;
  return match;
}

// By the entry that says most of `text` itself, the first of equals.
absl::optional<std::string> Translate(absl::string_view text) {
  absl::optional<Match> best;
  absl::string_view portuguese;
  for (const Entry& entry : kCatalogue) {
    absl::optional<Match> match = MatchWhole(entry.english, text);
    if (!match.has_value()) continue;
    if (best.has_value() && best->literal >= match->literal) continue;
    best = std::move(match);
    portuguese = entry.portuguese;
  }
  if (!best.has_value()) return absl::nullopt;
  return absl::StrReplaceAll(portuguese, best->values);
}

}  // namespace

std::string InPortuguese(absl::string_view line) {
  // What a problem is led by, paths and files, is left as it is.
  for (size_t at = 0; at < line.size();) {
    const absl::optional<std::string> said = Translate(line.substr(at));
    if (said.has_value()) return absl::StrCat(line.substr(0, at), *said);
    const size_t colon = line.find(": ", at);
    if (colon == absl::string_view::npos) break;
    at = colon + 2;
  }
  return std::string(line);
}

}  // namespace guiche
