#include "routing/place_in_text.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "routing/catalog.h"

namespace guiche {
namespace {

// Where a mistyped place is sought: after so many cues, in so many words; so
// long are names that known words may spell.
constexpr int kMostCuesTried = 8;
constexpr int kMostPlaceWords = 5;
constexpr size_t kLongPlaceName = 9;

// Whether what was written is rather a word of its own: "ruína" is not Juína,
// "Cláudio" not Cláudia and "nobre" not Nobres.
bool OtherWord(absl::string_view written, absl::string_view name) {
  if (written[0] != name[0]) return true;
  const absl::string_view same =
      written.substr(0, std::min(written.size(), name.size()) -
                            (written.size() == name.size() ? 1 : 0));
  if (!absl::StartsWith(name, same)) return false;
  const auto inflects = [&](absl::string_view whole) {
    return whole.size() == same.size() ||
           absl::StrContains("aeos", whole.back());
  };
  return inflects(written) && inflects(name);
}

// The name of a place that a slip of the pen spoilt, right after a cue: "moro
// em varzea grade". Of several cues the first that has one.
int FindMistyped(const UnderstandingTable& table, const Words& words,
                 absl::Span<const WordMarks> marks, NamedPlaces& named) {
  const int size = static_cast<int>(words.words.size());
  int cues = 0;
  for (int i = 1; i < size && cues < kMostCuesTried; ++i) {
    if (marks[i - 1].cue_ends == 0) continue;
    ++cues;
    char letters[Spelling::kLongestWord];
    size_t count = 0;
    bool stranger = false;
    for (int last = i; last < size && last < i + kMostPlaceWords; ++last) {
      const Word& word = words.words[last];
      if (last > i && word.new_clause) break;
      if (word.size > sizeof(letters) - count) break;
      std::memcpy(letters + count, words.Text(word).data(), word.size);
      count += word.size;
      const absl::string_view joined(letters, count);
      stranger |= word.id == kUnknownWord;
      // Words that are known are seldom misspelt names, but for long ones.
      if (!stranger && (last == i || joined.size() < kLongPlaceName)) continue;
      const int meant = table.place_spelling.Correct(joined, table.vocabulary);
      if (meant == kUnknownWord ||
          OtherWord(joined, table.vocabulary.Text(meant))) {
        continue;
      }
      const int phrase = table.joined_places.find(meant)->second;
      named.push_back({phrase, i, last, (uint64_t{2} << (last - i)) - 1});
      return table.phrases[phrase].subject;
    }
  }
  return -1;
}

}  // namespace

int FindPlaceInText(const UnderstandingTable& table, const Words& words,
                    absl::Span<const WordMarks> marks,
                    absl::Span<const Match> matches, int meaning,
                    NamedPlaces& named) {
  const Places& places = table.catalog->places;
  const int size = static_cast<int>(words.words.size());
  // How surely the words name a place, 0 if they may mean something else.
  // "Vera" and "Campo Verde" need company, "Lucas do Rio Verde" needs none.
  const auto certainty_of = [&](const Match& match) {
    const int length = match.last - match.first + 1;
    if (match.first > 0 && marks[match.first - 1].cue_ends > 0) {
      return 2 + marks[match.first - 1].cue_ends;
    }
    // A code of IBGE means nothing else.
    if (absl::ascii_isdigit(table.texts[match.phrase][0])) return 2;
    if (length >= 3 || meaning == length) return 2;
    const bool own_clause =
        (match.first == 0 || words.words[match.first].new_clause) &&
        (match.last + 1 == size || words.words[match.last + 1].new_clause);
    return length == 2 && own_clause ? 1 : 0;
  };
  int place = -1, best = 0;
  for (const Match& match : matches) {
    const Phrase& phrase = table.phrases[match.phrase];
    if (phrase.speaks != Speaks::kPlace) continue;
    const int certainty = certainty_of(match);
    if (certainty == 0) continue;
    named.push_back(match);
    if (certainty > best) {
      best = certainty;
      place = phrase.subject;
    } else if (certainty == best && place >= 0 &&
               !places.In(place, phrase.subject)) {
      place = places.In(phrase.subject, place) ? phrase.subject : -1;
    }
  }
  return named.empty() ? FindMistyped(table, words, marks, named) : place;
}

}  // namespace guiche
