#include "routing/words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "absl/container/fixed_array.h"
#include "absl/strings/ascii.h"
#include "policy/fold.h"
#include "policy/fold_block.h"

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

// Words of more bytes are compared in full.
constexpr size_t kKeyBytes = 16;

// By number: so many bytes of a word in memory.
constexpr uint64_t kFirstBytes[] = {0x0,
                                    0xFF,
                                    0xFFFF,
                                    0xFFFFFF,
                                    0xFFFFFFFF,
                                    0xFFFFFFFFFF,
                                    0xFFFFFFFFFFFF,
                                    0xFFFFFFFFFFFFFF,
                                    0xFFFFFFFFFFFFFFFF};

uint64_t Load(const char* from, size_t size) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, from, size);
  return bytes;
}

}  // namespace

void SplitWordsBy(FoldPath path, absl::string_view text, Words& words) {
  Splitter(text, words).Split(path);
}

void SplitWords(absl::string_view text, Words& words) {
  SplitWordsBy(BestFoldPath(), text, words);
}

// Its first 8 and next 8 bytes; of a longer word the first and the last 8.
Vocabulary::Key Vocabulary::KeyOf(absl::string_view word) {
  const size_t size = word.size();
  const char* const p = word.data();
  if (size > kKeyBytes) {
    return {Load(p, 8), Load(p + size - 8, 8),
            static_cast<uint16_t>(std::min<size_t>(size, 0xFFFF))};
  }
  return {Load(p, std::min<size_t>(size, 8)),
          size > 8 ? Load(p + 8, size - 8) : 0, static_cast<uint16_t>(size)};
}

// The same of a word of Words, past which bytes can be read.
Vocabulary::Key Vocabulary::PaddedKeyOf(absl::string_view word) {
  const size_t size = word.size();
  const char* const p = word.data();
  if (size > kKeyBytes) return KeyOf(word);
  const size_t low = std::min<size_t>(size, 8);
  return {Load(p, 8) & kFirstBytes[low],
          Load(p + 8, 8) & kFirstBytes[size - low],
          static_cast<uint16_t>(size)};
}

size_t Vocabulary::HashOf(const Key& key) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15, kOther = 0xD6E8FEB86659FD93;
  uint64_t hash = (key.low ^ key.size) * kOdd;
  hash = (hash ^ (hash >> 32) ^ key.high) * kOther;
  return static_cast<size_t>(hash >> 32);
}

// The slot of a word, or the free one where it would go.
size_t Vocabulary::SlotOf(const Key& key, absl::string_view word) const {
  const size_t mask = slots_.size() - 1;
  for (size_t i = HashOf(key) & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.id == kUnknownWord) return i;
    if (slot.low == key.low && slot.high == key.high && slot.size == key.size &&
        (key.size <= kKeyBytes || Text(slot.id) == word)) {
      return i;
    }
  }
}

int Vocabulary::Intern(absl::string_view word) {
  const Key key = KeyOf(word);
  const size_t at = SlotOf(key, word);
  if (slots_[at].id != kUnknownWord) {
    ++times_said_[slots_[at].id];
    return slots_[at].id;
  }
  const int id = size();
  times_said_.push_back(1);
  slots_[at] = {key.low, key.high, id, key.size, false};
  texts_.append(word.data(), word.size());
  begins_.push_back(static_cast<uint32_t>(texts_.size()));
  if (slots_.size() < 2 * begins_.size()) {
    std::vector<Slot> fewer(2 * slots_.size());
    std::swap(slots_, fewer);
    for (const Slot& slot : fewer) {
      if (slot.id == kUnknownWord) continue;
      const Key moved = {slot.low, slot.high, slot.size};
      slots_[SlotOf(moved, Text(slot.id))] = slot;
    }
  }
  return id;
}

int Vocabulary::Find(absl::string_view word) const {
  return slots_[SlotOf(KeyOf(word), word)].id;
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
  const absl::string_view first = Text(added_first);
  slots_[SlotOf(KeyOf(first), first)].begins_abbreviation = true;
  return true;
}

// The abbreviation that is written from word `first` on, or null.
const Vocabulary::Abbreviation* Vocabulary::Written(
    absl::Span<const Word> words, size_t first) const {
  words.remove_prefix(first);
  const auto among = abbreviations_.find(words[0].id);
  if (among == abbreviations_.end()) return nullptr;
  for (const Abbreviation& one : among->second) {
    if (one.written.size() <= words.size() &&
        std::equal(one.written.begin(), one.written.end(), words.begin(),
                   [](int id, const Word& word) { return id == word.id; })) {
      return &one;
    }
  }
  return nullptr;
}

void Vocabulary::WriteOut(Words& words) const {
  auto& list = words.words;
  // Most mean as many words as they are.
  size_t done = 0;
  for (; done < list.size(); ++done) {
    const Abbreviation* one = Written(list, done);
    if (one == nullptr) continue;
    if (one->written.size() != 1 || one->means.size() != 1) break;
    list[done].id = one->means[0];
  }
  if (done == list.size()) return;
  const std::remove_reference_t<decltype(list)> rest(
      list.begin() + static_cast<std::ptrdiff_t>(done), list.end());
  list.resize(done);
  for (size_t i = 0; i < rest.size();) {
    const Abbreviation* one = Written(rest, i);
    Word word = rest[i];
    if (one == nullptr) {
      list.push_back(word);
      ++i;
      continue;
    }
    word.end = rest[i + one->written.size() - 1].end;
    for (const int id : one->means) {
      word.id = id;
      list.push_back(word);
      word.new_clause = word.new_sentence = false;
    }
    i += one->written.size();
  }
}

void Vocabulary::Read(absl::string_view text, Words& words) const {
  SplitWords(text, words);
  // All are on their way from memory before the first is looked at.
  const size_t size = words.words.size(), mask = slots_.size() - 1;
  absl::FixedArray<Key, 64> keys(size);
  for (size_t i = 0; i < size; ++i) {
    keys[i] = PaddedKeyOf(words.Text(words.words[i]));
    __builtin_prefetch(&slots_[HashOf(keys[i]) & mask]);
  }
  bool abbreviated = false;
  for (size_t i = 0; i < size; ++i) {
    Word& word = words.words[i];
    const Slot& slot = slots_[SlotOf(keys[i], words.Text(word))];
    word.id = slot.id;
    abbreviated |= slot.begins_abbreviation;
  }
  if (abbreviated) WriteOut(words);
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
