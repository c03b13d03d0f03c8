// The states of one window at many instants.

#include "schedule/table.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define GUICHE_HAS_AVX512 1
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
                  ScheduleTable::DaySecond at) {
  const Segment& segment =
      table.SegmentAt(timeline.patterns[at.day], at.second);
  const Second start = table.StartOf(at.day);
  return {
      start + segment.start,
      start + (segment.until == kNone ? kDaySeconds : Second{segment.until}),
      table.cells[segment.cell].state};
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
    const ScheduleTable::DaySecond at = table.Split(seconds[i]);
    if (at.day == day) stretch = StretchAt(table, timeline, at);
    day = at.day;
  }
}

#ifdef GUICHE_HAS_AVX512

// As StateAt() does it, eight at a time.
__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))) void Avx512(
    const ScheduleTable& table, const Timeline& timeline,
    absl::Span<const int64_t> seconds, State* states) {
  const Second first_second = table.StartOf(0);
  const __m512i first = _mm512_set1_epi64(first_second);
  const __m512i last = _mm512_set1_epi64(
      first_second + Second{table.utc_days} * kDaySeconds - 1);
  // q / 675 is q * 3257812231 / 2^41 for all q below 2^25.
  const __m512i inverse = _mm512_set1_epi64(3'257'812'231);
  const __m512i day_seconds = _mm512_set1_epi64(kDaySeconds);
  const __m512i time_mask = _mm512_set1_epi64(kTimeMask);
  const __m512i two = _mm512_set1_epi64(2);
  const __m512i three = _mm512_set1_epi64(3);
  const int* const patterns =
      reinterpret_cast<const int*>(timeline.patterns.data());
  const DayWord* const words = table.words.data();

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
        _mm512_mul_epu32(_mm512_srli_epi64(since, 7), inverse), 41);
    const __m512i second =
        _mm512_sub_epi64(since, _mm512_mul_epu32(day, day_seconds));
    const __m256i pattern = _mm512_i64gather_epi32(day, patterns, 4);
    const __m512i word = _mm512_i32gather_epi64(pattern, words, 8);
    __m512i shift = _mm512_set1_epi64(kStatesShift);
    for (int time = 0; time < 3; ++time) {
      const __m512i change = _mm512_and_si512(
          _mm512_srli_epi64(word, time * kTimeBits), time_mask);
      shift = _mm512_mask_add_epi64(
          shift, _mm512_cmpge_epi64_mask(second, change), shift, two);
    }
    const __m512i state =
        _mm512_and_si512(_mm512_srlv_epi64(word, shift), three);
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
      stretch = StretchAt(table, timeline, table.Split(seconds[i + 7]));
    }
  }
  Portable(table, timeline, seconds.subspan(i), states + i);
}

#endif

}  // namespace

void ScheduleTable::StatesAt(const Timeline& timeline,
                             absl::Span<const int64_t> seconds,
                             State* states) const {
#ifdef GUICHE_HAS_AVX512
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw")) {
    Avx512(*this, timeline, seconds, states);
    return;
  }
#endif
  Portable(*this, timeline, seconds, states);
}

}  // namespace guiche
