// The words, numbers and signs of an OSM `opening_hours` value.

#ifndef GUICHE_INTERCHANGE_OSM_TOKENS_H_
#define GUICHE_INTERCHANGE_OSM_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guiche {
namespace osm {

struct Token {
  enum Kind : uint8_t { kNumber, kWord, kComment, kSign, kEnd };
  Kind kind;
  absl::string_view text;
  int number = 0;    // kNumber
  std::string word;  // kWord: lower case
  size_t at = 0;     // byte in the value
};

// The tokens of `text`, views of it, and one kEnd. kInvalidArgument quotes what
// is none.
absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text);

// kInvalidArgument: that `token`, quoted with its place, `what`.
absl::Status Fail(const Token& token, absl::string_view what);

// Monday is 0; -1 if it is no weekday.
int WeekdayOf(const Token& token);
// January is 1; 0 if it is no month.
int MonthOf(const Token& token);

bool IsWord(const Token& token, absl::string_view word);
bool IsYear(const Token& token);
bool IsHoliday(const Token& token);
bool IsSun(const Token& token);

}  // namespace osm
}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_OSM_TOKENS_H_
