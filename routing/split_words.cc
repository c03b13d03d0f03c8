#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "policy/fold.h"
#include "policy/fold_block.h"
#include "routing/words.h"

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

constexpr std::array<uint8_t, 66> kNumbers = [] {
  std::array<uint8_t, 66> numbers{};
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<uint8_t>(i);
  }
  return numbers;
}();

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

// Past the text of the words so many bytes may be read and written, as blocks
// are written whole, and keys read so.
constexpr size_t kSlack = 64;

// One text on its way to Words, in one pass over it.
class Splitter {
 public:
  Splitter(absl::string_view text, Words& words) : text_(text), words_(words) {}

  void Split(FoldPath path) {
    words_.words.clear();
    MakeRoom(text_.size());
    for (size_t i = 0; i < text_.size();) {
#if defined(__x86_64__)
      if (path == FoldPath::kAvx512) {
        TakeBlocks(i);
        if (i == text_.size()) break;
      }
#endif
      TakeNext(i);
    }
    Finish();
  }

 private:
  // Takes the letters that come next, or one other character.
  void TakeNext(size_t& i) {
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

#if defined(__x86_64__)
  // Takes what FoldBlock() can fold from `i` on, 64 bytes at a time.
  [[GUICHE_FOLD_BLOCK]] void TakeBlocks(size_t& i) {
    const __m512i parts_low = _mm512_loadu_si512(kAsciiParts.data());
    const __m512i parts_high = _mm512_loadu_si512(kAsciiParts.data() + 64);
    constexpr __mmask64 kAll = ~uint64_t{0};
    const __m512i next = _mm512_loadu_si512(kNumbers.data() + 1);
    const __m512i after = _mm512_loadu_si512(kNumbers.data() + 2);
    while (i < text_.size()) {
      const FoldedBlock block = FoldBlock(text_.data() + i, text_.size() - i);
      if (block.size == 0) return;
      const __m512i parts =
          _mm512_permutex2var_epi8(parts_low, block.bytes, parts_high);
      const __mmask64 kept = block.kept & _mm512_testn_epi8_mask(parts, parts);
      const __mmask64 ends =
          block.kept &
          _mm512_cmpeq_epi8_mask(
              parts, _mm512_set1_epi8(static_cast<char>(Part::kClauseEnd)));
      // Letters, one after the other; whether three are the same.
      char* const out = text_of_words_ + size_;
      const __m512i letters = _mm512_maskz_compress_epi8(kept, block.bytes);
      _mm512_storeu_si512(out, letters);
      const auto count = static_cast<size_t>(__builtin_popcountll(kept));
      const __mmask64 thrice =
          _mm512_cmpeq_epi8_mask(
              letters, _mm512_maskz_permutexvar_epi8(kAll, next, letters)) &
          _mm512_cmpeq_epi8_mask(
              letters, _mm512_maskz_permutexvar_epi8(kAll, after, letters));
      const bool repeats =
          (count >= 3 && (thrice & (~uint64_t{0} >> (66 - count))) != 0);
      char bytes[kFoldBlock];
      _mm512_storeu_si512(bytes, block.bytes);
      TakeWords(i, block.size, kept, block.first, ends, repeats, bytes);
      i += block.size;
    }
  }

  // The words of one block: `kept` are its letters, the fold of each in
  // `bytes`, `first` the first bytes of those of two, `ends` what may end a
  // clause.
  void TakeWords(size_t base, size_t size, uint64_t kept, uint64_t first,
                 uint64_t ends, bool repeats, const char* bytes) {
    const uint64_t inside = kept | (first & kept >> 1);
    const auto below = [](size_t bit) { return (uint64_t{1} << bit) - 1; };
    const size_t letters_before = size_;
    const char before = before_;
    size_t at = 0;  // bytes of the block done
    repeats_ |= repeats || inside_;
    while (at < size) {
      const uint64_t rest = inside >> at;
      if (!inside_) {
        const size_t begin =
            rest == 0 ? size : at + static_cast<size_t>(__builtin_ctzll(rest));
        uint64_t signs = ends & ~below(at);
        if (begin < 64) signs &= below(begin);
        for (; signs != 0; signs &= signs - 1) {
          const auto sign = static_cast<size_t>(__builtin_ctzll(signs));
          before_ = sign > 0 ? bytes[sign - 1] : before;
          EndClause(static_cast<unsigned char>(bytes[sign]), base + sign + 1,
                    {});
        }
        if (begin == size) break;
        size_ = letters_before +
                static_cast<size_t>(__builtin_popcountll(kept & below(begin)));
        Begin(base + begin);
        repeats_ = repeats;
        at = begin;
      } else {
        const size_t end =
            ~rest == 0
                ? size
                : std::min(size,
                           at + static_cast<size_t>(__builtin_ctzll(~rest)));
        if (end > at) word_.end = static_cast<uint32_t>(base + end);
        size_ = letters_before + static_cast<size_t>(__builtin_popcountll(
                                     end < 64 ? kept & below(end) : kept));
        at = end;
        if (end == size) break;
        Finish();
      }
    }
    size_ = letters_before + static_cast<size_t>(__builtin_popcountll(kept));
    before_ = bytes[size - 1];
  }
#endif

  void MakeRoom(size_t bytes) {
    words_.bytes.resize((bytes + kSlack) / sizeof(uint64_t) + 1);
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
    if (part == Part::kClauseEnd) EndClause(c, end, rest);
  }

  void EndClause(UChar32 c, size_t end, absl::string_view rest) {
    if (!EndsClause(c, end, rest)) return;
    new_clause_ = true;
    new_sentence_ |= EndsSentence(c);
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

}  // namespace

void SplitWordsBy(FoldPath path, absl::string_view text, Words& words) {
  Splitter(text, words).Split(path);
}

void SplitWords(absl::string_view text, Words& words) {
  SplitWordsBy(BestFoldPath(), text, words);
}

}  // namespace guiche
