#include "policy/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"
#include "policy/fold_block.h"

namespace guiche {
namespace {

constexpr char kReplacement[] = "\xef\xbf\xbd";  // U+FFFD

// The folds of U+0080 to U+024F. Empty: longer than three bytes, ask ICU.
constexpr UChar32 kTableFirst = 0x80;
constexpr UChar32 kTableEnd = 0x250;
constexpr char kTable[kTableEnd - kTableFirst][4] = {
    "\xc2\x80", "\xc2\x81", "\xc2\x82", "\xc2\x83", "\xc2\x84", "\xc2\x85",
    "\xc2\x86", "\xc2\x87", "\xc2\x88", "\xc2\x89", "\xc2\x8a", "\xc2\x8b",
    "\xc2\x8c", "\xc2\x8d", "\xc2\x8e", "\xc2\x8f", "\xc2\x90", "\xc2\x91",
    "\xc2\x92", "\xc2\x93", "\xc2\x94", "\xc2\x95", "\xc2\x96", "\xc2\x97",
    "\xc2\x98", "\xc2\x99", "\xc2\x9a", "\xc2\x9b", "\xc2\x9c", "\xc2\x9d",
    "\xc2\x9e", "\xc2\x9f", " ",        "¡",        "¢",        "£",
    "¤",        "¥",        "¦",        "§",        " ",        "©",
    "a",        "«",        "¬",        "\xc2\xad", "®",        " ",
    "°",        "±",        "2",        "3",        " ",        "μ",
    "¶",        "·",        " ",        "1",        "o",        "»",
    "",         "",         "",         "¿",        "a",        "a",
    "a",        "a",        "a",        "a",        "æ",        "c",
    "e",        "e",        "e",        "e",        "i",        "i",
    "i",        "i",        "ð",        "n",        "o",        "o",
    "o",        "o",        "o",        "×",        "ø",        "u",
    "u",        "u",        "u",        "y",        "þ",        "ss",
    "a",        "a",        "a",        "a",        "a",        "a",
    "æ",        "c",        "e",        "e",        "e",        "e",
    "i",        "i",        "i",        "i",        "ð",        "n",
    "o",        "o",        "o",        "o",        "o",        "÷",
    "ø",        "u",        "u",        "u",        "u",        "y",
    "þ",        "y",        "a",        "a",        "a",        "a",
    "a",        "a",        "c",        "c",        "c",        "c",
    "c",        "c",        "c",        "c",        "d",        "d",
    "đ",        "đ",        "e",        "e",        "e",        "e",
    "e",        "e",        "e",        "e",        "e",        "e",
    "g",        "g",        "g",        "g",        "g",        "g",
    "g",        "g",        "h",        "h",        "ħ",        "ħ",
    "i",        "i",        "i",        "i",        "i",        "i",
    "i",        "i",        "i",        "ı",        "ij",       "ij",
    "j",        "j",        "k",        "k",        "ĸ",        "l",
    "l",        "l",        "l",        "l",        "l",        "l·",
    "l·",       "ł",        "ł",        "n",        "n",        "n",
    "n",        "n",        "n",        "ʼn",       "ŋ",        "ŋ",
    "o",        "o",        "o",        "o",        "o",        "o",
    "œ",        "œ",        "r",        "r",        "r",        "r",
    "r",        "r",        "s",        "s",        "s",        "s",
    "s",        "s",        "s",        "s",        "t",        "t",
    "t",        "t",        "ŧ",        "ŧ",        "u",        "u",
    "u",        "u",        "u",        "u",        "u",        "u",
    "u",        "u",        "u",        "u",        "w",        "w",
    "y",        "y",        "y",        "z",        "z",        "z",
    "z",        "z",        "z",        "s",        "ƀ",        "ɓ",
    "ƃ",        "ƃ",        "ƅ",        "ƅ",        "ɔ",        "ƈ",
    "ƈ",        "ɖ",        "ɗ",        "ƌ",        "ƌ",        "ƍ",
    "ǝ",        "ə",        "ɛ",        "ƒ",        "ƒ",        "ɠ",
    "ɣ",        "ƕ",        "ɩ",        "ɨ",        "ƙ",        "ƙ",
    "ƚ",        "ƛ",        "ɯ",        "ɲ",        "ƞ",        "ɵ",
    "o",        "o",        "ƣ",        "ƣ",        "ƥ",        "ƥ",
    "ʀ",        "ƨ",        "ƨ",        "ʃ",        "ƪ",        "ƫ",
    "ƭ",        "ƭ",        "ʈ",        "u",        "u",        "ʊ",
    "ʋ",        "ƴ",        "ƴ",        "ƶ",        "ƶ",        "ʒ",
    "ƹ",        "ƹ",        "ƺ",        "ƻ",        "ƽ",        "ƽ",
    "ƾ",        "ƿ",        "ǀ",        "ǁ",        "ǂ",        "ǃ",
    "dz",       "dz",       "dz",       "lj",       "lj",       "lj",
    "nj",       "nj",       "nj",       "a",        "a",        "i",
    "i",        "o",        "o",        "u",        "u",        "u",
    "u",        "u",        "u",        "u",        "u",        "u",
    "u",        "ǝ",        "a",        "a",        "a",        "a",
    "æ",        "æ",        "ǥ",        "ǥ",        "g",        "g",
    "k",        "k",        "o",        "o",        "o",        "o",
    "ʒ",        "ʒ",        "j",        "dz",       "dz",       "dz",
    "g",        "g",        "ƕ",        "ƿ",        "n",        "n",
    "a",        "a",        "æ",        "æ",        "ø",        "ø",
    "a",        "a",        "a",        "a",        "e",        "e",
    "e",        "e",        "i",        "i",        "i",        "i",
    "o",        "o",        "o",        "o",        "r",        "r",
    "r",        "r",        "u",        "u",        "u",        "u",
    "s",        "s",        "t",        "t",        "ȝ",        "ȝ",
    "h",        "h",        "ƞ",        "ȡ",        "ȣ",        "ȣ",
    "ȥ",        "ȥ",        "a",        "a",        "e",        "e",
    "o",        "o",        "o",        "o",        "o",        "o",
    "o",        "o",        "y",        "y",        "ȴ",        "ȵ",
    "ȶ",        "ȷ",        "ȸ",        "ȹ",        "ⱥ",        "ȼ",
    "ȼ",        "ƚ",        "ⱦ",        "ȿ",        "ɀ",        "ɂ",
    "ɂ",        "ƀ",        "ʉ",        "ʌ",        "ɇ",        "ɇ",
    "ɉ",        "ɉ",        "ɋ",        "ɋ",        "ɍ",        "ɍ",
    "ɏ",        "ɏ",
};

// Without an error: this instance is part of ICU's common library.
const icu::Normalizer2* Nfkd() {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKDInstance(error);
}

// NFKD can bring forth capitals, as in U+2102, so it is folded twice.
std::string FoldByIcu(UChar32 c) {
  const icu::Normalizer2* nfkd = Nfkd();
  icu::UnicodeString text(c);
  for (int round = 0; round < 2 && nfkd != nullptr; ++round) {
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString decomposed;
    nfkd->normalize(text.foldCase(), decomposed, error);
    if (U_SUCCESS(error)) text = decomposed;
  }
  icu::UnicodeString kept;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 part = text.char32At(i);
    if ((U_GET_GC_MASK(part) & U_GC_M_MASK) == 0) kept.append(part);
  }
  std::string folded;
  kept.toUTF8String(folded);
  return folded;
}

// Whether the character beyond the table is its own fold: most signs, emoji and
// ideographs are.
bool FoldsToItself(UChar32 c) {
  if ((U_GET_GC_MASK(c) & U_GC_M_MASK) != 0) return false;
  if (u_hasBinaryProperty(c, UCHAR_CHANGES_WHEN_CASEFOLDED)) return false;
  const icu::Normalizer2* nfkd = Nfkd();
  icu::UnicodeString ignored;
  return nfkd != nullptr && !nfkd->getDecomposition(c, ignored);
}

}  // namespace

constexpr std::array<char, 128> kLatinFolds = [] {
  std::array<char, 128> latin{};
  for (size_t i = 0; i < latin.size(); ++i) {
    const char first = kTable[i][0];
    if (kTable[i][1] == '\0' && static_cast<unsigned char>(first) < 0x80) {
      latin[i] = first;
    }
  }
  return latin;
}();

namespace {

// Folds ASCII and the characters of kLatinFolds, up to the first other or the
// end of the text: where in text and folded text that is. Bytes past the end of
// the folded text are written, at most kBlock past that of the text.
constexpr size_t kBlock = 64;
struct Progress {
  size_t at = 0, written = 0;
};
using FoldRun = void (*)(absl::string_view text, char* folded, Progress& done);

// Passes one character of kLatinFolds; false if there is another, or none.
[[gnu::always_inline]] inline bool FoldLatin(absl::string_view text,
                                             char* folded, Progress& done) {
  if (text.size() - done.at < 2) return false;
  const auto lead = static_cast<unsigned char>(text[done.at]);
  const auto next = static_cast<unsigned char>(text[done.at + 1]);
  if ((lead & 0xFE) != 0xC2 || (next & 0xC0) != 0x80) return false;
  const char one = kLatinFolds[(lead & 1) << 6 | (next & 0x3F)];
  if (one == '\0') return false;
  folded[done.written++] = one;
  done.at += 2;
  return true;
}

// Eight bytes are one number here, as they are elsewhere, the first the lowest.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

void FoldPortably(absl::string_view text, char* folded, Progress& done) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighBits = 0x80 * kOnes;
  for (;;) {
    uint64_t eight;
    while (text.size() - done.at >= sizeof(eight)) {
      std::memcpy(&eight, text.data() + done.at, sizeof(eight));
      const uint64_t others = eight & kHighBits;
      // The high bit of each byte from 'A' on, and of each past 'Z'.
      const uint64_t low = eight & ~kHighBits;
      const uint64_t from_a = low + (0x80 - 'A') * kOnes;
      const uint64_t past_z = low + (0x7F - 'Z') * kOnes;
      eight |= ((from_a ^ past_z) & kHighBits) >> 2;
      std::memcpy(folded + done.written, &eight, sizeof(eight));
      // What stands before the first that is none of ASCII is done.
      const size_t size =
          others == 0 ? sizeof(eight)
                      : static_cast<size_t>(__builtin_ctzll(others)) / 8;
      done.at += size;
      done.written += size;
      if (others != 0 && !FoldLatin(text, folded, done)) return;
    }
    while (done.at < text.size() &&
           static_cast<unsigned char>(text[done.at]) < 0x80) {
      folded[done.written++] = absl::ascii_tolower(text[done.at++]);
    }
    if (!FoldLatin(text, folded, done)) return;
  }
}

#if defined(__x86_64__)

[[GUICHE_FOLD_BLOCK]] void FoldByAvx512(absl::string_view text, char* folded,
                                        Progress& done) {
  while (done.at < text.size()) {
    const FoldedBlock block =
        FoldBlock(text.data() + done.at, text.size() - done.at);
    if (block.size == 0) return;
    const __m512i kept =
        block.first == 0 ? block.bytes
                         : _mm512_maskz_compress_epi8(block.kept, block.bytes);
    _mm512_storeu_si512(folded + done.written, kept);
    done.at += block.size;
    done.written += __builtin_popcountll(block.kept);
  }
}

#endif

}  // namespace

absl::string_view FoldNext(absl::string_view text, size_t& at,
                           std::string& buffer) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int64_t>(text.size());
  const size_t begin = at;
  auto i = static_cast<int64_t>(begin);
  UChar32 c;
  U8_NEXT(bytes, i, size, c);
  at = static_cast<size_t>(i);
  if (c < 0) return {kReplacement, 3};
  if (c < kTableFirst) {
    buffer.assign(1, absl::ascii_tolower(static_cast<unsigned char>(c)));
    return buffer;
  }
  if (c < kTableEnd && kTable[c - kTableFirst][0] != '\0') {
    const char* folded = kTable[c - kTableFirst];
    return {folded, folded[1] == '\0' ? 1u : folded[2] == '\0' ? 2u : 3u};
  }
  if (FoldsToItself(c)) return text.substr(begin, at - begin);
  buffer = FoldByIcu(c);
  return buffer;
}

bool HasFoldPath(FoldPath path) {
  if (path == FoldPath::kPortable) return true;
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512vbmi") != 0 &&
         __builtin_cpu_supports("avx512vbmi2") != 0;
#else
  return false;
#endif
}

void FoldBy(FoldPath path, absl::string_view text, std::string& folded) {
  FoldRun run = FoldPortably;
#if defined(__x86_64__)
  if (path == FoldPath::kAvx512) run = FoldByAvx512;
#endif
  std::string buffer;
  folded.resize(text.size() + kBlock);
  Progress done;
  for (;;) {
    run(text, &folded[0], done);
    if (done.at == text.size()) break;
    const absl::string_view one = FoldNext(text, done.at, buffer);
    const size_t needed =
        done.written + one.size() + (text.size() - done.at) + kBlock;
    if (folded.size() < needed) folded.resize(2 * needed);
    std::memcpy(&folded[done.written], one.data(), one.size());
    done.written += one.size();
  }
  folded.resize(done.written);
}

FoldPath BestFoldPath() {
  return HasFoldPath(FoldPath::kAvx512) ? FoldPath::kAvx512
                                        : FoldPath::kPortable;
}

std::string Fold(absl::string_view text) {
  std::string folded;
  FoldBy(BestFoldPath(), text, folded);
  return folded;
}

}  // namespace guiche
