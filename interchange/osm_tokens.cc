#include "interchange/osm_tokens.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace guiche {
namespace osm {

absl::Status Fail(const Token& token, absl::string_view what) {
  if (token.kind == Token::kEnd) {
    return absl::InvalidArgumentError(absl::StrCat("hours: the end ", what));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "hours: \"", token.text, "\" at byte ", token.at, " ", what));
}

absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text) {
  std::vector<Token> tokens;
  size_t i = 0;
  const auto add = [&](Token::Kind kind, size_t size) {
    tokens.push_back({kind, text.substr(i, size), 0, {}, i});
    i += size;
  };
  while (i < text.size()) {
    const char c = text[i];
    if (absl::ascii_isspace(c)) {
      ++i;
    } else if (absl::ascii_isdigit(c)) {
      size_t n = 0;
      int number = 0;
      while (i + n < text.size() && absl::ascii_isdigit(text[i + n])) {
        if (n < 6) number = 10 * number + (text[i + n] - '0');
        ++n;
      }
      add(Token::kNumber, n);
      tokens.back().number = number;
      if (n > 4) return Fail(tokens.back(), "is too large a number");
    } else if (absl::ascii_isalpha(c)) {
      size_t n = 1;
      while (i + n < text.size() && absl::ascii_isalpha(text[i + n])) ++n;
      add(Token::kWord, n);
      tokens.back().word = absl::AsciiStrToLower(tokens.back().text);
    } else if (c == '"') {
      const size_t end = text.find('"', i + 1);
      if (end == absl::string_view::npos) {
        add(Token::kSign, 1);
        return Fail(tokens.back(), "begins a comment that does not end");
      }
      add(Token::kComment, end + 1 - i);
    } else if (absl::StartsWith(text.substr(i), "||")) {
      add(Token::kSign, 2);
    } else if (absl::StrContains("-,;:+/[]()", c)) {
      add(Token::kSign, 1);
    } else if (absl::StartsWith(text.substr(i), "\xE2\x80\x93")) {  // en dash
      add(Token::kSign, 3);
      tokens.back().text = "-";
    } else {
      // A whole character of UTF-8, so that the message stays readable.
      size_t n = 1;
      while (i + n < text.size() && (text[i + n] & 0xC0) == 0x80) ++n;
      add(Token::kSign, n);
      return Fail(tokens.back(), "has no meaning in opening hours");
    }
  }
  tokens.push_back({Token::kEnd, "", 0, {}, text.size()});
  return tokens;
}

namespace {

int IndexIn(absl::string_view names, const Token& token, size_t letters) {
  if (token.kind != Token::kWord || token.word.size() != letters) return -1;
  const size_t at = names.find(token.word);
  return at == absl::string_view::npos || at % letters != 0
             ? -1
             : static_cast<int>(at / letters);
}

}  // namespace

int WeekdayOf(const Token& token) {
  return IndexIn("motuwethfrsasu", token, 2);
}

int MonthOf(const Token& token) {
  return 1 + IndexIn("janfebmaraprmayjunjulaugsepoctnovdec", token, 3);
}

bool IsWord(const Token& token, absl::string_view word) {
  return token.kind == Token::kWord && token.word == word;
}

bool IsYear(const Token& token) {
  return token.kind == Token::kNumber && token.text.size() == 4;
}

bool IsHoliday(const Token& token) {
  return IsWord(token, "ph") || IsWord(token, "sh");
}

bool IsSun(const Token& token) {
  return IsWord(token, "sunrise") || IsWord(token, "sunset") ||
         IsWord(token, "dawn") || IsWord(token, "dusk");
}

}  // namespace osm
}  // namespace guiche
