#include "schedule/schedule.h"

#include <algorithm>
#include <array>
#include <utility>

#include "schedule/table.h"

namespace guiche {
namespace {

// Instants are converted so many at a time, on the stack.
constexpr size_t kBlock = 512;

// The first second at or before `t`. Infinities give the first and last there
// are.
Second SecondOf(absl::Time t) { return absl::ToUnixSeconds(t); }

// What `t` adds to that second; zero for infinities.
absl::Duration FractionOf(absl::Time t) {
  if (t == absl::InfiniteFuture() || t == absl::InfinitePast()) {
    return absl::ZeroDuration();
  }
  return t - absl::FromUnixSeconds(SecondOf(t));
}

// Open time of a window before an instant.
class OpenBefore {
 public:
  OpenBefore(const ScheduleTable& table, Window window)
      : table_(table), timeline_(table.TimelineOf(window)) {}

  absl::Duration Until(absl::Time t) const {
    const Second second = SecondOf(t);
    if (second < table_.begin) return absl::ZeroDuration();
    if (second >= table_.begin + static_cast<Second>(table_.seconds)) {
      return absl::Seconds(Total());
    }
    const ScheduleTable::Instant at = table_.Locate(second);
    const UtcDay& day = timeline_.days[at.day];
    Second open = day.open_before;
    bool is_open = false;
    for (uint32_t i = 0; i < day.segments; ++i) {
      const Segment& segment = SegmentOf(day, i);
      if (segment.start > at.second()) break;
      is_open = IsOpen(segment);
      if (is_open) open += std::min(EndOf(day, i), at.second()) - segment.start;
    }
    return absl::Seconds(open) +
           (is_open ? FractionOf(t) : absl::ZeroDuration());
  }

  // The first instant by which `open` has passed since the beginning.
  Moment Reaches(absl::Duration open) const {
    const Moment too_much(timeline_.no_more);
    if (open > absl::Seconds(Total())) return too_much;
    const Second seconds = absl::ToInt64Seconds(open);
    const absl::Duration fraction = open - absl::Seconds(seconds);
    const Second whole = seconds + (fraction > absl::ZeroDuration() ? 1 : 0);
    const auto day_after =
        std::lower_bound(timeline_.days.begin(), timeline_.days.end(), whole,
                         [](const UtcDay& day, Second wanted) {
                           return Second{day.open_before} < wanted;
                         });
    const UtcDay& day = *std::prev(day_after);
    const Second start =
        table_.StartOf(static_cast<uint32_t>(&day - timeline_.days.data()));
    Second left = whole - day.open_before;
    for (uint32_t i = 0; i < day.segments; ++i) {
      const Segment& segment = SegmentOf(day, i);
      if (!IsOpen(segment)) continue;
      const Second length = EndOf(day, i) - segment.start;
      if (left > length) {
        left -= length;
        continue;
      }
      const absl::Time end =
          absl::FromUnixSeconds(start + segment.start + left);
      return Moment(fraction > absl::ZeroDuration()
                        ? end - absl::Seconds(1) + fraction
                        : end);
    }
    return too_much;
  }

 private:
  const Segment& SegmentOf(const UtcDay& day, uint32_t i) const {
    return table_.segments[day.first_segment + i];
  }
  uint32_t EndOf(const UtcDay& day, uint32_t i) const {
    return i + 1 < day.segments ? SegmentOf(day, i + 1).start : kDaySeconds;
  }
  bool IsOpen(const Segment& segment) const {
    return table_.cells[segment.cell].state == State::kOpen;
  }
  // Nothing is open on the last day, which lies past the horizon.
  Second Total() const { return timeline_.days.back().open_before; }

  const ScheduleTable& table_;
  const Timeline& timeline_;
};

absl::string_view NameOf(State state) {
  switch (state) {
    case State::kOpen:
      return "OPEN";
    case State::kClosed:
      return "CLOSED";
    case State::kUncovered:
      break;
  }
  return "UNCOVERED";
}

}  // namespace

Moment::Moment(absl::Time at)
    : unix_seconds(absl::ToUnixSeconds(at)), kind(kAt) {
  if (at == absl::InfiniteFuture() || at == absl::InfinitePast()) return;
  const absl::Time up = at + absl::Nanoseconds(1) - absl::Nanoseconds(1) / 4;
  unix_seconds = absl::ToUnixSeconds(up);
  nanoseconds = static_cast<uint32_t>(
      absl::ToInt64Nanoseconds(up - absl::FromUnixSeconds(unix_seconds)));
}

bool operator==(const Moment& a, const Moment& b) {
  return a.kind == b.kind &&
         (a.kind != Moment::kAt ||
          (a.unix_seconds == b.unix_seconds && a.nanoseconds == b.nanoseconds));
}

std::ostream& operator<<(std::ostream& os, const Moment& moment) {
  switch (moment.kind) {
    case Moment::kAt:
      return os << FormatInstant(moment.at(), absl::UTCTimeZone());
    case Moment::kNever:
      return os << "NEVER";
    case Moment::kBeyondHorizon:
      break;
  }
  return os << "BEYOND_HORIZON";
}

bool operator==(const Verdict& a, const Verdict& b) {
  return a.state == b.state && a.mode == b.mode && a.kind == b.kind &&
         a.certainty == b.certainty && a.rule == b.rule && a.label == b.label &&
         a.act == b.act && a.since == b.since && a.until == b.until &&
         a.next_open == b.next_open && a.next_close == b.next_close &&
         a.next_change == b.next_change;
}

std::ostream& operator<<(std::ostream& os, const Verdict& verdict) {
  return os << NameOf(verdict.state) << " " << v1::Mode_Name(verdict.mode)
            << " " << v1::Kind_Name(verdict.kind) << " "
            << v1::Certainty_Name(verdict.certainty) << " by " << verdict.rule
            << " (" << verdict.label << ", " << verdict.act << ") since "
            << verdict.since << " until " << verdict.until << ", next open "
            << verdict.next_open << ", close " << verdict.next_close
            << ", change " << verdict.next_change;
}

bool operator==(const OpenInterval& a, const OpenInterval& b) {
  return a.open == b.open && a.close == b.close && a.mode == b.mode;
}

std::ostream& operator<<(std::ostream& os, const OpenInterval& interval) {
  return os << "[" << FormatInstant(interval.open, absl::UTCTimeZone()) << ", "
            << FormatInstant(interval.close, absl::UTCTimeZone()) << ") "
            << v1::Mode_Name(interval.mode);
}

Schedule::Schedule(std::shared_ptr<const ScheduleTable> table)
    : table_(std::move(table)) {}

Verdict Schedule::At(Window window, absl::Time t) const {
  return table_->At(window, SecondOf(t));
}

Verdict Schedule::At(Window window, int64_t unix_seconds) const {
  return table_->At(window, unix_seconds);
}

State Schedule::StateAt(Window window, absl::Time t) const {
  return table_->StateAt(window, SecondOf(t));
}

State Schedule::StateAt(Window window, int64_t unix_seconds) const {
  return table_->StateAt(window, unix_seconds);
}

void Schedule::At(Window window, absl::Span<const absl::Time> times,
                  absl::Span<State> states) const {
  const Timeline& timeline = table_->TimelineOf(window);
  std::array<int64_t, kBlock> seconds;
  for (size_t begin = 0; begin < times.size(); begin += kBlock) {
    const size_t size = std::min(kBlock, times.size() - begin);
    for (size_t i = 0; i < size; ++i) seconds[i] = SecondOf(times[begin + i]);
    table_->StatesAt(timeline, {seconds.data(), size}, &states[begin],
                     WidestVectors());
  }
}

void Schedule::At(Window window, absl::Span<const int64_t> unix_seconds,
                  absl::Span<State> states) const {
  table_->StatesAt(table_->TimelineOf(window), unix_seconds, states.data(),
                   WidestVectors());
}

std::vector<State> Schedule::StateOfAll(Window window, absl::Time t) const {
  const Second second = SecondOf(t);
  std::vector<State> states(table_->place_count);
  for (uint32_t place = 0; place < states.size(); ++place) {
    states[place] = table_->StateAt({window.service, place}, second);
  }
  return states;
}

std::vector<OpenInterval> Schedule::Intervals(Window window, absl::Time from,
                                              absl::Time to) const {
  std::vector<OpenInterval> intervals;
  absl::Time at = from;
  while (at < to) {
    const Verdict verdict = this->At(window, at);
    if (verdict.state == State::kOpen) {
      const bool ends = verdict.until.kind == Moment::kAt;
      const absl::Time horizon = absl::FromUnixSeconds(std::min<Second>(
          table_->TimelineOf(window).horizon,
          table_->begin + static_cast<Second>(table_->seconds)));
      const absl::Time close =
          std::min(to, ends ? verdict.until.at() : horizon);
      if (!intervals.empty() && intervals.back().close == at &&
          intervals.back().mode == verdict.mode) {
        intervals.back().close = close;
      } else {
        intervals.push_back({at, close, verdict.mode});
      }
      at = close;
      if (!ends) break;
    } else {
      if (verdict.next_open.kind != Moment::kAt) break;
      at = verdict.next_open.at();
    }
  }
  return intervals;
}

absl::Duration Schedule::OpenTime(Window window, absl::Time from,
                                  absl::Time to) const {
  if (to <= from) return absl::ZeroDuration();
  const OpenBefore open(*table_, window);
  return open.Until(to) - open.Until(from);
}

Moment Schedule::AddOpenTime(Window window, absl::Time from,
                             absl::Duration open) const {
  if (open <= absl::ZeroDuration()) return Moment(from);
  const OpenBefore before(*table_, window);
  return before.Reaches(before.Until(from) + open);
}

absl::TimeZone Schedule::TimeZone(Window window) const {
  return table_->zones[table_->zone_of[window.place]];
}

}  // namespace guiche
