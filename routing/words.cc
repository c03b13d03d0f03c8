#include "routing/words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "policy/fold.h"

namespace guiche {
namespace {

// What a character of folded text is to a word.
enum class Part : uint8_t { kLetter, kNothing, kGap, kClauseEnd };

constexpr std::array<Part, 128> kAsciiParts = [] {
  std::array<Part, 128> parts{};
  for (size_t c = 0; c < parts.size(); ++c) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                        (c >= 'a' && c <= 'z');
    parts[c] = letter ? Part::kLetter : Part::kGap;
  }
  for (const char c : {',', ';', ':', '!', '?', '(', ')', '\n', '.'}) {
    parts[static_cast<size_t>(c)] = Part::kClauseEnd;
  }
  return parts;
}();

Part PartOf(UChar32 c) {
  if (c < 0x80) return kAsciiParts[c];
  if (u_isalnum(c)) return Part::kLetter;
  if (c == 0x2013 || c == 0x2014) return Part::kClauseEnd;  // dashes
  return u_charType(c) == U_FORMAT_CHAR ? Part::kNothing : Part::kGap;
}

// By byte: the fold of a letter or digit of ASCII, else 0.
constexpr std::array<char, 256> kLetters = [] {
  std::array<char, 256> letters{};
  for (size_t c = '0'; c <= '9'; ++c) letters[c] = static_cast<char>(c);
  for (size_t c = 'a'; c <= 'z'; ++c) {
    letters[c] = letters[c - 'a' + 'A'] = static_cast<char>(c);
  }
  return letters;
}();

char LetterOf(char c) { return kLetters[static_cast<unsigned char>(c)]; }

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// Of what ends a clause; a comma, a colon and brackets go on.
bool EndsSentence(UChar32 c) {
  return c == '.' || c == '!' || c == '?' || c == ';';
}

// "socorrooo" is "socorro", "carrrro" is "carro": of three or more equal
// letters one is kept, of r and s within a word two. Returns the size kept.
uint32_t CollapseRepeats(char* letters, uint32_t size) {
  uint32_t i = 0;
  while (i + 2 < size &&
         (letters[i] != letters[i + 2] || letters[i] != letters[i + 1])) {
    ++i;
  }
  if (i + 2 >= size) return size;
  uint32_t kept = i;
  while (i < size) {
    uint32_t j = i + 1;
    while (j < size && letters[j] == letters[i]) ++j;
    uint32_t run = j - i;
    const char c = letters[i];
    if (run >= 3 && absl::ascii_isalpha(static_cast<unsigned char>(c))) {
      const bool within = i > 0 && j < size;
      run = within && (c == 'r' || c == 's') ? 2 : 1;
    }
    for (; run > 0; --run) letters[kept++] = c;
    i = j;
  }
  return kept;
}

// One text on its way to Words, in one pass over it.
class Splitter {
 public:
  Splitter(absl::string_view text, Words& words) : text_(text), words_(words) {}

  void Split() {
    words_.words.clear();
    MakeRoom(text_.size());
    for (size_t i = 0; i < text_.size();) {
      const size_t begin = i;
      if (const char letter = LetterOf(text_[i]); letter != 0) {
        Begin(begin);
        char* out = text_of_words_ + size_;
        char last = before_;
        for (char c = letter; c != 0;
             c = ++i < text_.size() ? LetterOf(text_[i]) : '\0') {
          repeats_ |= c == last;
          *out++ = last = c;
        }
        size_ = out - text_of_words_;
        before_ = last;
        word_.end = static_cast<uint32_t>(i);
      } else if (IsAscii(text_[i])) {
        ++i;
        Take(static_cast<unsigned char>(text_[begin]), i, {});
        before_ = text_[begin];
      } else {
        const absl::string_view folded = FoldNext(text_, i, buffer_);
        if (folded.size() == 1 && LetterOf(folded[0]) != 0) {
          Begin(begin);
          repeats_ |= folded[0] == before_;
          text_of_words_[size_++] = before_ = folded[0];
          word_.end = static_cast<uint32_t>(i);
        } else if (folded.empty()) {
          Extend(begin, i);
        } else {
          TakeAll(folded, begin, i);
        }
      }
    }
    Finish();
  }

 private:
  void MakeRoom(size_t bytes) {
    words_.bytes.resize(bytes / sizeof(uint64_t) + 1);
    text_of_words_ = reinterpret_cast<char*>(words_.bytes.data());
    room_ = bytes;
  }

  void Begin(size_t begin) {
    if (inside_) return;
    inside_ = true;
    word_ = {kUnknownWord,
             static_cast<uint32_t>(size_),
             0,
             static_cast<uint32_t>(begin),
             0,
             new_clause_,
             new_sentence_};
    new_clause_ = new_sentence_ = false;
  }

  void Finish() {
    if (!inside_) return;
    inside_ = false;
    word_.size = static_cast<uint32_t>(size_) - word_.at;
    if (repeats_) {
      word_.size = CollapseRepeats(text_of_words_ + word_.at, word_.size);
    }
    repeats_ = false;
    size_ = word_.at + word_.size;
    words_.words.push_back(word_);
  }

  // A character that folds to nothing belongs to what stands right before it.
  void Extend(size_t begin, size_t end) {
    if (inside_ && word_.end == begin) word_.end = static_cast<uint32_t>(end);
    for (size_t i = words_.words.size();
         i > 0 && words_.words[i - 1].end == begin; --i) {
      words_.words[i - 1].end = static_cast<uint32_t>(end);
    }
  }

  // The characters of a fold; one can be several words, as U+2100 is.
  void TakeAll(absl::string_view folded, size_t begin, size_t end) {
    // What remains of the text needs no more bytes than it has.
    const size_t most = size_ + folded.size() + (text_.size() - end);
    if (room_ < most) MakeRoom(2 * most);
    const std::string bytes(folded);  // the buffer is used again below
    const int64_t size = static_cast<int64_t>(bytes.size());
    for (int64_t i = 0; i < size;) {
      const int64_t at = i;
      UChar32 c;
      U8_NEXT(bytes.data(), i, size, c);
      const absl::string_view rest = absl::string_view(bytes).substr(i);
      if (PartOf(c) == Part::kLetter) {
        Begin(begin);
        repeats_ = true;  // perhaps
        std::memcpy(text_of_words_ + size_, &bytes[at], i - at);
        size_ += i - at;
        word_.end = static_cast<uint32_t>(end);
      } else {
        Take(c, end, rest);
      }
      before_ = bytes[i - 1];
    }
  }

  // Takes what is no letter; `rest` of its fold and the text from `end` follow.
  void Take(UChar32 c, size_t end, absl::string_view rest) {
    const Part part = PartOf(c);
    if (part == Part::kNothing) {
      repeats_ = true;  // it may part equal letters
      return;
    }
    Finish();
    if (part == Part::kClauseEnd && EndsClause(c, end, rest)) {
      new_clause_ = true;
      new_sentence_ |= EndsSentence(c);
    }
  }

  // Stops and commas within numbers ("1.500,00") and after single letters
  // ("b.o.") end no clause.
  bool EndsClause(UChar32 c, size_t end, absl::string_view rest) {
    if (c == '.' && !words_.words.empty() && words_.words.back().size == 1) {
      return false;
    }
    if (c != '.' && c != ',') return true;
    return !IsDigit(before_) || !IsDigit(ByteAfter(end, rest));
  }

  // The next byte of the folded text; at its end 0.
  char ByteAfter(size_t end, absl::string_view rest) {
    while (rest.empty() && end < text_.size()) {
      rest = FoldNext(text_, end, buffer_);
    }
    return rest.empty() ? '\0' : rest[0];
  }

  const absl::string_view text_;
  Words& words_;
  std::string buffer_;
  char* text_of_words_ = nullptr;
  size_t room_ = 0, size_ = 0;  // in it: bytes there are, and bytes used
  bool repeats_ = false;  // equal letters may stand side by side in the word
  bool inside_ = false;
  Word word_{};
  bool new_clause_ = false, new_sentence_ = false;
  char before_ = 0;  // the last byte of the folded text so far
};

uint64_t Load(const char* from, size_t size) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, from, size);
  return bytes;
}

// Of short words; which hash a word has shows nowhere.
uint32_t HashOf(absl::string_view word) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15, kOther = 0xD6E8FEB86659FD93;
  const char* p = word.data();
  size_t size = word.size();
  uint64_t hash = size * kOther;
  for (; size > 16; p += 8, size -= 8) {
    hash = (hash ^ Load(p, 8)) * kOdd;
    hash ^= hash >> 32;
  }
  uint64_t first = 0, last = 0;
  if (size >= 8) {
    first = Load(p, 8);
    last = Load(p + size - 8, 8);
  } else if (size >= 4) {
    first = Load(p, 4);
    last = Load(p + size - 4, 4);
  } else if (size > 0) {
    first = static_cast<unsigned char>(p[0]) << 8 |
            static_cast<unsigned char>(p[size / 2]);
    last = static_cast<unsigned char>(p[size - 1]);
  }
  hash = (hash ^ first) * kOdd;
  hash = (hash ^ (hash >> 32) ^ last) * kOther;
  return static_cast<uint32_t>(hash >> 32);
}

}  // namespace

void SplitWords(absl::string_view text, Words& words) {
  Splitter(text, words).Split();
}

// The slot of a word, or the free one where it would go.
size_t Vocabulary::SlotOf(absl::string_view word, uint32_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.id == kUnknownWord) return i;
    if (slot.hash == hash && Text(slot.id) == word) return i;
  }
}

int Vocabulary::Intern(absl::string_view word) {
  const uint32_t hash = HashOf(word);
  const size_t at = SlotOf(word, hash);
  if (slots_[at].id != kUnknownWord) return slots_[at].id;
  const int id = size();
  slots_[at] = {hash, id};
  texts_.append(word.data(), word.size());
  begins_.push_back(static_cast<uint32_t>(texts_.size()));
  if (slots_.size() < 2 * begins_.size()) {
    std::vector<Slot> fewer(2 * slots_.size());
    std::swap(slots_, fewer);
    for (const Slot& slot : fewer) {
      if (slot.id == kUnknownWord) continue;
      slots_[SlotOf(Text(slot.id), slot.hash)] = slot;
    }
  }
  return id;
}

int Vocabulary::Find(absl::string_view word) const {
  return slots_[SlotOf(word, HashOf(word))].id;
}

bool Vocabulary::Abbreviate(absl::string_view written,
                            absl::string_view means) {
  Abbreviation added;
  for (auto [text, ids] :
       {std::pair(written, &added.written), std::pair(means, &added.means)}) {
    Words words;
    SplitWords(text, words);
    for (const Word& word : words.words)
      ids->push_back(Intern(words.Text(word)));
    if (ids->empty()) return false;
  }
  const int added_first = added.written[0];
  std::vector<Abbreviation>& among = abbreviations_[added_first];
  for (const Abbreviation& other : among) {
    if (other.written == added.written) return other.means == added.means;
  }
  among.push_back(std::move(added));
  std::sort(among.begin(), among.end(), [](const auto& a, const auto& b) {
    return a.written.size() > b.written.size();
  });
  begins_abbreviation_.resize(size());
  begins_abbreviation_[added_first] = true;
  return true;
}

bool Vocabulary::BeginsAbbreviation(int id) const {
  return id != kUnknownWord &&
         static_cast<size_t>(id) < begins_abbreviation_.size() &&
         begins_abbreviation_[id];
}

void Vocabulary::WriteOut(Words& words) const {
  if (std::none_of(
          words.words.begin(), words.words.end(),
          [&](const Word& word) { return BeginsAbbreviation(word.id); })) {
    return;
  }
  decltype(words.words) out;
  for (size_t i = 0; i < words.words.size();) {
    const Word& word = words.words[i];
    const Abbreviation* met = nullptr;
    if (BeginsAbbreviation(word.id)) {
      for (const Abbreviation& candidate :
           abbreviations_.find(word.id)->second) {
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

void Vocabulary::Read(absl::string_view text, Words& words) const {
  SplitWords(text, words);
  for (Word& word : words.words) word.id = Find(words.Text(word));
  WriteOut(words);
}

std::vector<int> Vocabulary::Learn(absl::string_view text) {
  Words words;
  SplitWords(text, words);
  for (Word& word : words.words) word.id = Intern(words.Text(word));
  WriteOut(words);
  std::vector<int> ids;
  for (const Word& word : words.words) ids.push_back(word.id);
  return ids;
}

}  // namespace guiche
