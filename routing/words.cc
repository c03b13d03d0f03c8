#include "routing/words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "policy/fold.h"

namespace guiche {
namespace {

// What a character of folded text is to a word.
enum class Part { kLetter, kNothing, kGap, kClauseEnd };

Part PartOf(UChar32 c) {
  if (c < 0x80) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) return Part::kLetter;
    return absl::string_view(",;:!?()\n.").find(static_cast<char>(byte)) ==
                   absl::string_view::npos
               ? Part::kGap
               : Part::kClauseEnd;
  }
  if (u_isalnum(c)) return Part::kLetter;
  if (c == 0x2013 || c == 0x2014) return Part::kClauseEnd;  // dashes
  return u_charType(c) == U_FORMAT_CHAR ? Part::kNothing : Part::kGap;
}

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// Stops and commas within numbers ("1.500,00") and after single letters
// ("b.o.") end no clause.
bool EndsClause(absl::string_view text, size_t at, size_t word_size) {
  const char c = text[at];
  if (c == '.' && word_size == 1) return false;
  if (c != '.' && c != ',') return true;
  return at == 0 || at + 1 == text.size() || !IsDigit(text[at - 1]) ||
         !IsDigit(text[at + 1]);
}

// Of what ends a clause; a comma, a colon and brackets go on.
bool EndsSentence(UChar32 c) {
  return c == '.' || c == '!' || c == '?' || c == ';';
}

// "socorrooo" is "socorro", "carrrro" is "carro": of three or more equal
// letters one is kept, of r and s within a word two.
void CollapseRepeats(std::string& text, Word& word) {
  char* letters = &text[word.at];
  uint32_t kept = 0;
  for (uint32_t i = 0; i < word.size;) {
    uint32_t j = i + 1;
    while (j < word.size && letters[j] == letters[i]) ++j;
    uint32_t run = j - i;
    const char c = letters[i];
    if (run >= 3 && absl::ascii_isalpha(static_cast<unsigned char>(c))) {
      const bool within = i > 0 && j < word.size;
      run = within && (c == 'r' || c == 's') ? 2 : 1;
    }
    for (; run > 0; --run) letters[kept++] = c;
    i = j;
  }
  word.size = kept;
}

}  // namespace

Words SplitWords(absl::string_view text) {
  Folded folded = FoldWithOrigin(text);
  const std::string& from = folded.text;
  const auto* bytes = reinterpret_cast<const uint8_t*>(from.data());
  const int64_t size = static_cast<int64_t>(from.size());
  Words words;
  words.text.reserve(from.size());
  bool new_clause = false, new_sentence = false;
  bool inside = false;
  Word word{};
  int64_t last = 0;  // past the word's last folded byte
  const auto finish = [&] {
    if (!inside) return;
    inside = false;
    // One character can fold to several words, as U+2100 does; its end is
    // where the next character begins.
    int64_t end = last;
    while (end < size && folded.origin[end] <= folded.origin[last - 1]) ++end;
    word.end = folded.origin[end];
    word.size = static_cast<uint32_t>(words.text.size()) - word.at;
    CollapseRepeats(words.text, word);
    words.text.resize(word.at + word.size);
    words.words.push_back(word);
  };
  for (int64_t i = 0; i < size;) {
    const int64_t at = i;
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    switch (PartOf(c)) {
      case Part::kLetter:
        if (!inside) {
          inside = true;
          word = {kUnknownWord,
                  static_cast<uint32_t>(words.text.size()),
                  0,
                  folded.origin[at],
                  0,
                  new_clause,
                  new_sentence};
          new_clause = new_sentence = false;
        }
        words.text.append(from, at, i - at);
        last = i;
        break;
      case Part::kNothing:
        break;
      case Part::kGap:
        finish();
        break;
      case Part::kClauseEnd: {
        finish();
        const size_t before = words.words.empty() ? 0 : words.words.back().size;
        if (EndsClause(from, at, before)) {
          new_clause = true;
          new_sentence |= EndsSentence(c);
        }
        break;
      }
    }
  }
  finish();
  return words;
}

int Vocabulary::Intern(absl::string_view word) {
  const auto [found, added] = ids_.try_emplace(std::string(word), size());
  if (added) texts_.emplace_back(word);
  return found->second;
}

int Vocabulary::Find(absl::string_view word) const {
  const auto found = ids_.find(word);
  return found == ids_.end() ? kUnknownWord : found->second;
}

bool Vocabulary::Abbreviate(absl::string_view written,
                            absl::string_view means) {
  Abbreviation added;
  for (auto [text, ids] :
       {std::pair(written, &added.written), std::pair(means, &added.means)}) {
    const Words words = SplitWords(text);
    for (const Word& word : words.words)
      ids->push_back(Intern(words.Text(word)));
    if (ids->empty()) return false;
  }
  std::vector<Abbreviation>& among = abbreviations_[added.written[0]];
  for (const Abbreviation& other : among) {
    if (other.written == added.written) return other.means == added.means;
  }
  among.push_back(std::move(added));
  std::sort(among.begin(), among.end(), [](const auto& a, const auto& b) {
    return a.written.size() > b.written.size();
  });
  return true;
}

void Vocabulary::WriteOut(Words& words) const {
  if (abbreviations_.empty()) return;
  std::vector<Word> out;
  out.reserve(words.words.size() + 8);
  for (size_t i = 0; i < words.words.size();) {
    const Word& word = words.words[i];
    const auto found = abbreviations_.find(word.id);
    const Abbreviation* met = nullptr;
    if (word.id != kUnknownWord && found != abbreviations_.end()) {
      for (const Abbreviation& candidate : found->second) {
        if (candidate.written.size() > words.words.size() - i) continue;
        const bool same = std::equal(
            candidate.written.begin(), candidate.written.end(),
            words.words.begin() + static_cast<std::ptrdiff_t>(i),
            [](int id, const Word& other) { return id == other.id; });
        if (same) {
          met = &candidate;
          break;
        }
      }
    }
    if (met == nullptr) {
      out.push_back(word);
      ++i;
      continue;
    }
    Word whole = word;
    whole.end = words.words[i + met->written.size() - 1].end;
    for (const int id : met->means) {
      whole.id = id;
      out.push_back(whole);
      whole.new_clause = whole.new_sentence = false;
    }
    i += met->written.size();
  }
  words.words = std::move(out);
}

Words Vocabulary::Read(absl::string_view text) const {
  Words words = SplitWords(text);
  for (Word& word : words.words) word.id = Find(words.Text(word));
  WriteOut(words);
  return words;
}

std::vector<int> Vocabulary::Learn(absl::string_view text) {
  Words words = SplitWords(text);
  for (Word& word : words.words) word.id = Intern(words.Text(word));
  WriteOut(words);
  std::vector<int> ids;
  for (const Word& word : words.words) ids.push_back(word.id);
  return ids;
}

}  // namespace guiche
