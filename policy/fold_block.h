// Folding 64 bytes of Latin text at once, where AVX-512 is: fold.cc makes folds
// of it, routing/words.cc words.

#ifndef GUICHE_POLICY_FOLD_BLOCK_H_
#define GUICHE_POLICY_FOLD_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace guiche {

// The folds of U+0080 to U+00FF that are one byte of ASCII, else 0. Their
// second byte's six last bits number them, after a first byte of C3 by 64 more.
extern const std::array<char, 128> kLatinFolds;

}  // namespace guiche

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>

#define GUICHE_FOLD_BLOCK gnu::target("avx512bw,avx512vbmi,avx512vbmi2")

namespace guiche {

inline constexpr size_t kFoldBlock = 64;

// The first bytes of a text, each in its place: ASCII folded, of a character of
// two bytes the fold in place of the second. Those in `kept` are the fold;
// `first` marks the first bytes of the two.
struct FoldedBlock {
  __m512i bytes;
  __mmask64 kept, first;
  size_t size;  // bytes folded; they end before a character of another kind
};

// Of `size` bytes at `from`, 1 at least; none behind them is read.
[[GUICHE_FOLD_BLOCK, gnu::always_inline]] inline FoldedBlock FoldBlock(
    const char* from, size_t size) {
  size = std::min(size, kFoldBlock);
  const __mmask64 there = ~uint64_t{0} >> (kFoldBlock - size);
  const __m512i bytes = _mm512_maskz_loadu_epi8(there, from);
  const __mmask64 capitals = _mm512_cmplt_epu8_mask(
      _mm512_sub_epi8(bytes, _mm512_set1_epi8('A')), _mm512_set1_epi8(26));
  FoldedBlock block;
  block.bytes =
      _mm512_mask_add_epi8(bytes, capitals, bytes, _mm512_set1_epi8('a' - 'A'));
  block.first = 0;
  block.kept = there;
  block.size = size;
  const __mmask64 others = _mm512_movepi8_mask(bytes);
  if (others == 0) return block;
  const __mmask64 c3 = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\xC3'));
  const __mmask64 first =
      c3 | _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\xC2'));
  const __mmask64 second = first << 1;
  const __m512i six = _mm512_and_si512(bytes, _mm512_set1_epi8(0x3F));
  const __m512i number =
      _mm512_mask_add_epi8(six, c3 << 1, six, _mm512_set1_epi8(0x40));
  const __m512i latin =
      _mm512_permutex2var_epi8(_mm512_loadu_si512(kLatinFolds.data()), number,
                               _mm512_loadu_si512(kLatinFolds.data() + 64));
  block.bytes = _mm512_mask_mov_epi8(block.bytes, second, latin);
  const __mmask64 continues =
      _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(static_cast<char>(0xC0)));
  // Second bytes that are none or have no such fold, and whatever else is
  // there; the last byte, if it is a first one, waits for the next block.
  const __mmask64 bad_second =
      second & there & (~continues | _mm512_testn_epi8_mask(latin, latin));
  const __mmask64 stops = (others & ~first & ~second) | bad_second >> 1 |
                          (first & (uint64_t{1} << (size - 1)));
  if (stops != 0) {
    block.size = static_cast<size_t>(__builtin_ctzll(stops));
    block.kept &= (uint64_t{1} << block.size) - 1;
  }
  block.first = first & block.kept;
  block.kept &= ~first;
  return block;
}

}  // namespace guiche

#endif  // defined(__x86_64__)

#endif  // GUICHE_POLICY_FOLD_BLOCK_H_
