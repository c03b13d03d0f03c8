#include "policy/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstring>

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

// The length of the run of ASCII with which `text` begins.
size_t AsciiRun(absl::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t i = 0;
  for (; i + sizeof(uint64_t) <= text.size(); i += sizeof(uint64_t)) {
    uint64_t eight;
    std::memcpy(&eight, text.data() + i, sizeof(eight));
    if ((eight & kHighBits) != 0) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

// Written so that compilers make vectors of it.
void LowerAscii(char* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    const bool capital = static_cast<unsigned char>(bytes[i] - 'A') < 26;
    bytes[i] = static_cast<char>(bytes[i] | (capital << 5));
  }
}

// Appends a run of ASCII, folded.
void AppendAscii(absl::string_view run, std::string& folded) {
  const size_t at = folded.size();
  folded.append(run.data(), run.size());
  LowerAscii(&folded[at], run.size());
}

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
    buffer.assign(1, static_cast<char>(c));
    LowerAscii(&buffer[0], 1);
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

std::string Fold(absl::string_view text) {
  std::string folded, buffer;
  folded.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (const size_t run = AsciiRun(text.substr(i)); run > 0) {
      AppendAscii(text.substr(i, run), folded);
      i += run;
    } else {
      const absl::string_view one = FoldNext(text, i, buffer);
      folded.append(one.data(), one.size());
    }
  }
  return folded;
}

}  // namespace guiche
