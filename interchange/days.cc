#include "interchange/days.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace guiche {
namespace {

constexpr int kDaySeconds = 86'400;

// Puts an opening on the days whose clock shows it: cut at each midnight and at
// each change of the clock. An hour that the clock skips while it is open
// counts as shown, so that the day is like others of its kind.
void Show(const OpenInterval& interval, absl::TimeZone zone,
          absl::CivilDay first, std::vector<DayHoursShown>& days) {
  int64_t skipped = 0;  // seconds, just before `t`
  for (absl::Time t = interval.open; t < interval.close;) {
    const absl::CivilSecond civil = absl::ToCivilSecond(t, zone);
    const absl::CivilDay day(civil);
    const int64_t second = civil - absl::CivilSecond(day);
    const int64_t open = std::max<int64_t>(0, second - skipped);
    absl::Time end =
        std::min(interval.close, t + absl::Seconds(kDaySeconds - second));
    skipped = 0;
    absl::TimeZone::CivilTransition change;
    if (zone.NextTransition(t, &change)) {
      // The earlier reading is the one that is skipped, or shown twice.
      const absl::Time changes =
          zone.At(std::min(change.from, change.to)).trans;
      if (changes <= end && changes < interval.close) {
        end = changes;
        skipped = std::max<int64_t>(0, change.to - change.from);
      }
    }
    const int64_t close = std::min<int64_t>(
        kDaySeconds, second + absl::ToInt64Seconds(end - t) + skipped);
    const int64_t index = day - first;
    if (index >= 0 && index < static_cast<int64_t>(days.size())) {
      days[index].openings.push_back(
          {static_cast<int>(open), static_cast<int>(close), interval.mode});
    }
    t = end;
  }
}

// In order, with those of one mode joined that touch or, where an hour was
// shown twice, overlap.
void Tidy(std::vector<DayOpening>& openings) {
  std::sort(openings.begin(), openings.end());
  std::vector<DayOpening> tidy;
  for (const DayOpening& opening : openings) {
    if (!tidy.empty() && tidy.back().mode == opening.mode &&
        opening.open <= tidy.back().close) {
      tidy.back().close = std::max(tidy.back().close, opening.close);
    } else {
      tidy.push_back(opening);
    }
  }
  openings = std::move(tidy);
}

}  // namespace

std::vector<DayHoursShown> DaysShown(const Schedule& schedule, Window window,
                                     absl::CivilDay from,
                                     absl::CivilDay until) {
  std::vector<DayHoursShown> days;
  for (absl::CivilDay day = from; day < until; ++day) {
    days.emplace_back();
    days.back().day = day;
  }
  const absl::TimeZone zone = schedule.TimeZone(window);
  for (const OpenInterval& interval : schedule.Intervals(
           window, absl::FromCivil(from, zone), absl::FromCivil(until, zone))) {
    Show(interval, zone, from, days);
  }
  for (DayHoursShown& day : days) Tidy(day.openings);
  const v1::Calendar calendar = schedule.Days(window, from, until);
  for (const v1::CalendarDay& special : calendar.days()) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(special.date(), &day)) continue;
    days[day - from].reason = special.reason();
    days[day - from].certainty = special.certainty();
  }
  return days;
}

std::string ClockText(int seconds) {
  std::string text =
      absl::StrFormat("%02d:%02d", seconds / 3600, seconds / 60 % 60);
  if (seconds % 60 != 0) absl::StrAppendFormat(&text, ":%02d", seconds % 60);
  return text;
}

std::string OpeningsText(const std::vector<DayOpening>& openings) {
  if (openings.empty()) return "fechado";
  std::string text;
  for (const DayOpening& opening : openings) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", ClockText(opening.open),
                    "-", ClockText(opening.close));
  }
  return text;
}

}  // namespace guiche
