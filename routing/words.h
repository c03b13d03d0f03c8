// The words of a message, as phrases are compared with them.

#ifndef GUICHE_ROUTING_WORDS_H_
#define GUICHE_ROUTING_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace guiche {

enum class FoldPath;  // policy/fold.h

inline constexpr int kUnknownWord = -1;

// One word of a text: letters and digits, folded, a letter said three times or
// more said once.
struct Word {
  int id;             // in the vocabulary, or kUnknownWord
  uint32_t at, size;  // in Words::text(); of an abbreviation, as it was written
  uint32_t begin, end;  // bytes of the original, on character boundaries
  bool new_clause;      // punctuation that ends a clause stands before it
  bool new_sentence;    // and it is more than a comma
};

// The words of a text. Those of an ordinary message need no memory of their
// own.
struct Words {
  absl::InlinedVector<uint64_t, 80> bytes;  // of the text, eight by eight
  absl::InlinedVector<Word, 64> words;

  const char* text() const {
    return reinterpret_cast<const char*>(bytes.data());
  }
  absl::string_view Text(const Word& word) const {
    return {text() + word.at, word.size};
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

  int size() const { return static_cast<int>(begins_.size()) - 1; }

  // How often Intern() and Learn() were told of the word.
  int TimesSaid(int id) const { return times_said_[id]; }

  // Valid until the next new word.
  absl::string_view Text(int id) const {
    return absl::string_view(texts_).substr(begins_[id],
                                            begins_[id + 1] - begins_[id]);
  }

  // Reads `written` as `means` from now on; both as people write them. False
  // if either has no word in it, or `written` has another meaning already.
  bool Abbreviate(absl::string_view written, absl::string_view means);

  // The words of a text, abbreviations written out. Linear; total on any bytes.
  void Read(absl::string_view text, Words& words) const;

  // The same of a policy's text, adding its words.
  std::vector<int> Learn(absl::string_view text);

 private:
  struct Abbreviation {
    std::vector<int> written, means;
  };

  // What tells words of up to 16 bytes apart, and nearly all others.
  struct Key {
    uint64_t low, high;
    uint16_t size;  // or the most it holds
  };
  struct Slot {
    uint64_t low = 0, high = 0;
    int id = kUnknownWord;
    uint16_t size = 0;
    bool begins_abbreviation = false;
  };

  static Key KeyOf(absl::string_view word);
  static Key PaddedKeyOf(absl::string_view word);
  static size_t HashOf(const Key& key);
  size_t SlotOf(const Key& key, absl::string_view word) const;
  const Abbreviation* Written(absl::Span<const Word> words, size_t first) const;
  void WriteOut(Words& words) const;

  std::string texts_;  // one after the other
  std::vector<uint32_t> begins_ = {0};
  std::vector<int> times_said_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of 2, half empty
  // By the first word as written, the longest first.
  absl::flat_hash_map<int, std::vector<Abbreviation>> abbreviations_;
};

// The words of a text in order, none of them looked up, in place of `words`;
// the same by every path. The machine must have the one asked for.
void SplitWords(absl::string_view text, Words& words);
void SplitWordsBy(FoldPath path, absl::string_view text, Words& words);

}  // namespace guiche

#endif  // GUICHE_ROUTING_WORDS_H_
