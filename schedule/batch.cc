// The states of one window at many instants.

#include <algorithm>

#include "schedule/table.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define GUICHE_X86_VECTORS 1
#ifndef __clang__
// Intrinsics of GCC 12 warn of their own undefined operands.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>
#endif

namespace guiche {
namespace {

// Instants in order mostly fall into the stretch of the one before. It is
// looked up only after two in one day, so that instants in no order do not pay
// for it.
struct Stretch {
  Second begin = 0, end = 0;
  State state = State::kUncovered;

  bool Holds(Second t) const { return t >= begin && t < end; }
};

Stretch StretchAt(const ScheduleTable& table, const Timeline& timeline,
                  const ScheduleTable::Instant& at) {
  const UtcDay& day = timeline.days[at.day];
  const Segment* const segment = &table.SegmentAt(timeline, at);
  const bool last =
      segment + 1 == &table.segments[day.first_segment] + day.segments;
  const Second start = table.StartOf(at.day);
  return {start + segment->start,
          start + (last ? kDaySeconds : Second{segment[1].start}),
          table.cells[segment->cell].state};
}

void Portable(const ScheduleTable& table, const Timeline& timeline,
              absl::Span<const int64_t> seconds, State* states) {
  Stretch stretch;
  uint32_t day = 0;
  for (size_t i = 0; i < seconds.size(); ++i) {
    if (stretch.Holds(seconds[i])) {
      states[i] = stretch.state;
      continue;
    }
    states[i] = table.StateAt(timeline, seconds[i]);
    const ScheduleTable::Instant at = table.Locate(seconds[i]);
    if (at.day == day) stretch = StretchAt(table, timeline, at);
    day = at.day;
  }
}

#ifdef GUICHE_X86_VECTORS

// Vectors have no product of 64 bits with all its bits. So 86,400 is taken as
// 675 times 128, of which 130 years have 25 bits: q / 675 is
// q * 3257812231 / 2^41 for all q below 2^25. And a second's part of its day,
// second * 1024 / 675, is second * 1628906116 / 2^30 for all of a day.
constexpr int kDayShift = 7, kDayInverseShift = 41, kPartInverseShift = 30;
constexpr int64_t kDayInverse = 3'257'812'231, kPartInverse = 1'628'906'116;

// As StateAt() does it, four at a time.
__attribute__((target("avx2"))) void Avx2(const ScheduleTable& table,
                                          const Timeline& timeline,
                                          absl::Span<const int64_t> seconds,
                                          State* states) {
  const int64_t last_second =
      table.begin + static_cast<int64_t>(table.seconds) - 1;
  const __m256i first = _mm256_set1_epi64x(table.begin);
  const __m256i last = _mm256_set1_epi64x(last_second);
  const __m256i day_inverse = _mm256_set1_epi64x(kDayInverse);
  const __m256i day_seconds = _mm256_set1_epi64x(kDaySeconds);
  const __m256i part_inverse = _mm256_set1_epi64x(kPartInverse);
  const __m256i three = _mm256_set1_epi64x(3);
  const auto* const words =
      reinterpret_cast<const long long*>(timeline.words.data());

  Stretch stretch;
  size_t i = 0;
  for (; i + 4 <= seconds.size(); i += 4) {
    const __m256i t =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(&seconds[i]));
    const __m256i outside = _mm256_or_si256(
        _mm256_cmpgt_epi64(_mm256_set1_epi64x(stretch.begin), t),
        _mm256_cmpgt_epi64(t, _mm256_set1_epi64x(stretch.end - 1)));
    if (_mm256_testz_si256(outside, outside)) {
      std::fill_n(states + i, 4, stretch.state);
      continue;
    }
    __m256i clamped =
        _mm256_blendv_epi8(t, first, _mm256_cmpgt_epi64(first, t));
    clamped =
        _mm256_blendv_epi8(clamped, last, _mm256_cmpgt_epi64(clamped, last));
    const __m256i since = _mm256_sub_epi64(clamped, first);
    const __m256i day = _mm256_srli_epi64(
        _mm256_mul_epu32(_mm256_srli_epi64(since, kDayShift), day_inverse),
        kDayInverseShift);
    const __m256i second =
        _mm256_sub_epi64(since, _mm256_mul_epu32(day, day_seconds));
    const __m256i part = _mm256_srli_epi64(
        _mm256_mul_epu32(second, part_inverse), kPartInverseShift);
    const __m256i word = _mm256_i64gather_epi64(words, day, 8);
    const __m256i begun = _mm256_and_si256(
        _mm256_add_epi64(
            word,
            _mm256_or_si256(
                _mm256_slli_epi64(part, kFieldBits - kPartBits),
                _mm256_or_si256(
                    _mm256_slli_epi64(part, 2 * kFieldBits - kPartBits),
                    _mm256_slli_epi64(part, 3 * kFieldBits - kPartBits)))),
        _mm256_set1_epi64x(kBegun & ~DayWord{1}));
    // How many of the three have begun, times the bits of each.
    const __m256i one = _mm256_srli_epi64(begun, kFieldBits);
    const __m256i count = _mm256_and_si256(
        _mm256_add_epi64(
            one, _mm256_add_epi64(_mm256_srli_epi64(one, kFieldBits),
                                  _mm256_srli_epi64(one, 2 * kFieldBits))),
        three);
    const __m256i shift =
        _mm256_mul_epu32(count, _mm256_set1_epi64x(kFieldBits));
    const __m256i state = _mm256_and_si256(
        _mm256_srlv_epi64(_mm256_srli_epi64(word, 1), shift), three);
    alignas(32) int64_t found[4];
    _mm256_store_si256(reinterpret_cast<__m256i*>(found), state);
    for (size_t k = 0; k < 4; ++k) states[i + k] = static_cast<State>(found[k]);
    if (_mm256_movemask_pd(_mm256_castsi256_pd(word)) != 0) {  // a long day
      for (size_t k = i; k < i + 4; ++k) {
        states[k] = table.StateAt(timeline, seconds[k]);
      }
    }
    const __m256i same =
        _mm256_cmpeq_epi64(day, _mm256_permute4x64_epi64(day, 0));
    if (_mm256_movemask_epi8(same) == -1) {
      stretch = StretchAt(table, timeline, table.Locate(seconds[i + 3]));
    }
  }
  Portable(table, timeline, seconds.subspan(i), states + i);
}

// The same, eight at a time.
__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512cd"))) void
Avx512(const ScheduleTable& table, const Timeline& timeline,
       absl::Span<const int64_t> seconds, State* states) {
  const int64_t last_second =
      table.begin + static_cast<int64_t>(table.seconds) - 1;
  const __m512i first = _mm512_set1_epi64(table.begin);
  const __m512i last = _mm512_set1_epi64(last_second);
  const __m512i day_inverse = _mm512_set1_epi64(kDayInverse);
  const __m512i day_seconds = _mm512_set1_epi64(kDaySeconds);
  const __m512i part_inverse = _mm512_set1_epi64(kPartInverse);
  const DayWord* const words = timeline.words.data();

  Stretch stretch;
  size_t i = 0;
  for (; i + 8 <= seconds.size(); i += 8) {
    const __m512i t = _mm512_loadu_si512(&seconds[i]);
    const __mmask8 held =
        _mm512_cmpge_epi64_mask(t, _mm512_set1_epi64(stretch.begin)) &
        _mm512_cmplt_epi64_mask(t, _mm512_set1_epi64(stretch.end));
    if (held == 0xFF) {
      _mm_storel_epi64(reinterpret_cast<__m128i*>(states + i),
                       _mm_set1_epi8(static_cast<char>(stretch.state)));
      continue;
    }
    const __m512i since = _mm512_sub_epi64(
        _mm512_min_epi64(_mm512_max_epi64(t, first), last), first);
    const __m512i day = _mm512_srli_epi64(
        _mm512_mul_epu32(_mm512_srli_epi64(since, kDayShift), day_inverse),
        kDayInverseShift);
    const __m512i word = _mm512_i64gather_epi64(day, words, 8);
    const __m512i second =
        _mm512_sub_epi64(since, _mm512_mul_epu32(day, day_seconds));
    const __m512i part = _mm512_srli_epi64(
        _mm512_mul_epu32(second, part_inverse), kPartInverseShift);
    const __m512i each = _mm512_or_si512(
        _mm512_slli_epi64(part, kFieldBits - kPartBits),
        _mm512_or_si512(_mm512_slli_epi64(part, 2 * kFieldBits - kPartBits),
                        _mm512_slli_epi64(part, 3 * kFieldBits - kPartBits)));
    const __m512i begun = _mm512_and_si512(_mm512_add_epi64(word, each),
                                           _mm512_set1_epi64(kBegun));
    // One past the last bit, where its state is.
    const __m512i shift =
        _mm512_sub_epi64(_mm512_set1_epi64(64), _mm512_lzcnt_epi64(begun));
    const __m512i state =
        _mm512_and_si512(_mm512_srlv_epi64(word, shift), _mm512_set1_epi64(3));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(states + i),
                     _mm512_cvtepi64_epi8(state));
    if (_mm512_movepi64_mask(word) != 0) {  // a long day
      for (size_t k = i; k < i + 8; ++k) {
        states[k] = table.StateAt(timeline, seconds[k]);
      }
    }
    const __m512i one_day =
        _mm512_broadcastq_epi64(_mm512_castsi512_si128(day));
    if (_mm512_cmpeq_epi64_mask(day, one_day) == 0xFF) {
      stretch = StretchAt(table, timeline, table.Locate(seconds[i + 7]));
    }
  }
  Portable(table, timeline, seconds.subspan(i), states + i);
}

#endif

}  // namespace

Vectors WidestVectors() {
#ifdef GUICHE_X86_VECTORS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd")) {
    return Vectors::kAvx512;
  }
  if (__builtin_cpu_supports("avx2")) return Vectors::kAvx2;
#endif
  return Vectors::kNone;
}

void ScheduleTable::StatesAt(const Timeline& timeline,
                             absl::Span<const int64_t> seconds, State* states,
                             Vectors vectors) const {
  switch (vectors) {
#ifdef GUICHE_X86_VECTORS
    case Vectors::kAvx512:
      Avx512(*this, timeline, seconds, states);
      return;
    case Vectors::kAvx2:
      Avx2(*this, timeline, seconds, states);
      return;
#endif
    default:
      Portable(*this, timeline, seconds, states);
  }
}

}  // namespace guiche
