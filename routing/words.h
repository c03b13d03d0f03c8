// The words of a message, as phrases are compared with them.

#ifndef GUICHE_ROUTING_WORDS_H_
#define GUICHE_ROUTING_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace guiche {

inline constexpr int kUnknownWord = -1;

// One word of a text: letters and digits, folded, a letter said three times or
// more said once.
struct Word {
  int id;               // in the vocabulary, or kUnknownWord
  uint32_t at, size;    // in Words::text; of an abbreviation, as it was written
  uint32_t begin, end;  // bytes of the original, on character boundaries
  bool new_clause;      // punctuation that ends a clause stands before it
  bool new_sentence;    // and it is more than a comma
};

struct Words {
  std::string text;
  std::vector<Word> words;

  absl::string_view Text(const Word& word) const {
    return absl::string_view(text).substr(word.at, word.size);
  }
};

// The words a policy knows, by number, and its abbreviations. Built by one
// thread, then only read.
class Vocabulary {
 public:
  // The number of a folded word, a new one if need be.
  int Intern(absl::string_view word);

  // The number, or kUnknownWord.
  int Find(absl::string_view word) const;

  int size() const { return static_cast<int>(texts_.size()); }
  absl::string_view Text(int id) const { return texts_[id]; }

  // Reads `written` as `means` from now on; both as people write them. False
  // if either has no word in it, or `written` has another meaning already.
  bool Abbreviate(absl::string_view written, absl::string_view means);

  // The words of a text, abbreviations written out. Linear; total on any bytes.
  Words Read(absl::string_view text) const;

  // The same of a policy's text, adding its words.
  std::vector<int> Learn(absl::string_view text);

 private:
  struct Abbreviation {
    std::vector<int> written, means;
  };

  void WriteOut(Words& words) const;

  std::vector<std::string> texts_;
  absl::flat_hash_map<std::string, int> ids_;
  // By the first word as written, the longest first.
  absl::flat_hash_map<int, std::vector<Abbreviation>> abbreviations_;
};

// The words of a text in order, none of them looked up.
Words SplitWords(absl::string_view text);

}  // namespace guiche

#endif  // GUICHE_ROUTING_WORDS_H_
