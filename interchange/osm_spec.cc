#include "interchange/osm_spec.h"

#include <algorithm>

namespace guiche {
namespace osm {

// By the anonymous algorithm.
absl::CivilDay Easter(int64_t year) {
  const int64_t golden = year % 19, century = year / 100;
  const int64_t moon = (19 * golden + century - century / 4 -
                        (century - (century + 8) / 25 + 1) / 3 + 15) %
                       30;
  const int64_t weekday =
      (32 + 2 * (century % 4) + 2 * (year % 100 / 4) - moon - year % 4) % 7;
  const int64_t late = (golden + 11 * moon + 22 * weekday) / 451;
  const int64_t days = moon + weekday - 7 * late + 114;
  return absl::CivilDay(year, days / 31, days % 31 + 1);
}

namespace {

int WeekdayOf(absl::CivilDay day) {
  return static_cast<int>(absl::GetWeekday(day));  // Monday is 0
}

int IsoWeek(absl::CivilDay day) {
  const absl::CivilDay thursday = day + (3 - WeekdayOf(day));
  return (absl::GetYearDay(thursday) - 1) / 7 + 1;
}

// A day as selectors ask about it.
struct Date {
  absl::CivilDay day;
  int weekday, week;

  explicit Date(absl::CivilDay d)
      : day(d), weekday(WeekdayOf(d)), week(IsoWeek(d)) {}
};

// The nth weekday of a month; none if the month lacks it.
absl::optional<absl::CivilDay> NthWeekday(int64_t year, int month, int weekday,
                                          int nth) {
  const absl::CivilDay first(year, month, 1);
  if (nth > 0) {
    const int ahead = (weekday - WeekdayOf(first) + 7) % 7;
    const absl::CivilDay day = first + (ahead + 7 * (nth - 1));
    if (day.month() != first.month()) return absl::nullopt;
    return day;
  }
  const absl::CivilDay last = absl::CivilDay(absl::CivilMonth(first) + 1) - 1;
  const int back = (WeekdayOf(last) - weekday + 7) % 7;
  const absl::CivilDay day = last - (back + 7 * (-nth - 1));
  if (day.month() != first.month()) return absl::nullopt;
  return day;
}

// The day in `year`; none where a year lacks it. As the end of a range, the
// last day of February stands for the 29th.
absl::optional<absl::CivilDay> In(const DayOfYear& day, int64_t year,
                                  bool ends_range) {
  switch (day.kind) {
    case DayOfYear::kEaster:
      return Easter(year) + day.offset;
    case DayOfYear::kNthWeekday: {
      const absl::optional<absl::CivilDay> nth =
          NthWeekday(year, day.month, day.weekday, day.nth);
      if (!nth.has_value()) return absl::nullopt;
      return *nth + day.offset;
    }
    case DayOfYear::kFixed: {
      const absl::CivilDay fixed(year, day.month, day.day);
      if (fixed.day() == day.day) return fixed;
      if (ends_range) return fixed - 1;
      return absl::nullopt;
    }
  }
  return absl::nullopt;
}

bool IsSameDay(const DayOfYear& a, const DayOfYear& b) {
  return a.kind == b.kind && a.year == b.year && a.month == b.month &&
         a.day == b.day && a.weekday == b.weekday && a.nth == b.nth &&
         a.offset == b.offset;
}

bool Holds(const Days& days, const Date& date) {
  const bool bound = days.first.year != 0;
  const int64_t year = bound ? days.first.year : date.day.year();
  const bool single = !days.endless && IsSameDay(days.first, days.last);
  absl::optional<absl::CivilDay> first = In(days.first, year, false);
  if (single) return first.has_value() && *first == date.day;
  // A range from February 29 begins on March 1 in other years.
  if (!first.has_value() && days.first.kind == DayOfYear::kFixed) {
    first = absl::CivilDay(year, 3, 1);
  }
  if (!first.has_value()) return false;
  if (days.endless) {
    return date.day >= *first && (date.day - *first) % days.step == 0;
  }
  const int64_t last_year = days.last.year != 0 ? days.last.year : year;
  absl::optional<absl::CivilDay> last = In(days.last, last_year, true);
  if (!last.has_value()) return false;
  if (*last < *first) {
    if (days.last.year != 0) return false;
    if (bound) {
      last = In(days.last, year + 1, true);
    } else if (date.day >= *first) {
      last = date.day;
    } else {
      first = In(days.first, year - 1, false);
      if (!first.has_value()) first = absl::CivilDay(year - 1, 3, 1);
    }
    if (!last.has_value()) return false;
  }
  return *first <= date.day && date.day <= *last &&
         (date.day - *first) % days.step == 0;
}

bool Holds(const Years& years, const Date& date) {
  const int64_t year = date.day.year();
  return years.from <= year && year <= years.to &&
         (year - years.from) % years.step == 0;
}

bool Holds(const Weeks& weeks, const Date& date) {
  return weeks.from <= date.week && date.week <= weeks.to &&
         (date.week - weeks.from) % weeks.step == 0;
}

bool Holds(const Weekdays& days, const Date& date, const Holidays& holidays) {
  switch (days.kind) {
    case Weekdays::kRange:
      return days.from <= days.to
                 ? days.from <= date.weekday && date.weekday <= days.to
                 : date.weekday >= days.from || date.weekday <= days.to;
    case Weekdays::kNth: {
      const absl::CivilDay day = date.day - days.offset;
      const absl::optional<absl::CivilDay> nth =
          NthWeekday(day.year(), day.month(), days.from, days.nth);
      return nth.has_value() && *nth == day;
    }
    case Weekdays::kPublicHoliday:
      return holidays.all_pub ||
             std::binary_search(holidays.pub.begin(), holidays.pub.end(),
                                date.day - days.offset);
    case Weekdays::kSchoolHoliday:
      return holidays.all_school ||
             std::binary_search(holidays.school.begin(), holidays.school.end(),
                                date.day - days.offset);
  }
  return false;
}

template <typename List, typename... More>
bool AnyHolds(const List& list, const Date& date, const More&... more) {
  return list.empty() ||
         std::any_of(list.begin(), list.end(), [&](const auto& selector) {
           return Holds(selector, date, more...);
         });
}

bool Holds(const Rule& rule, const Date& date, const Holidays& holidays) {
  return AnyHolds(rule.years, date) && AnyHolds(rule.days, date) &&
         AnyHolds(rule.weeks, date) &&
         AnyHolds(rule.weekdays, date, holidays) &&
         AnyHolds(rule.holidays, date, holidays);
}

// A day that rules paint over, one after another. Invariant: the stretches are
// adjacent and cover the day.
class Canvas {
 public:
  void Paint(int from, int to, State state, bool sure, bool only_closed) {
    from = std::max(from, 0);
    to = std::min(to, kDay);
    if (from >= to) return;
    std::vector<Stretch> painted;
    for (const Stretch& old : stretches_) {
      const int begin = std::max(from, old.from), end = std::min(to, old.to);
      if (begin >= end || (only_closed && old.state != State::kClosed)) {
        painted.push_back(old);
        continue;
      }
      if (old.from < begin) {
        painted.push_back({old.from, begin, old.state, old.sure});
      }
      painted.push_back({begin, end, state, sure});
      if (end < old.to) painted.push_back({end, old.to, old.state, old.sure});
    }
    stretches_ = std::move(painted);
  }

  // What is not plainly closed, with like neighbours joined.
  std::vector<Stretch> Take() {
    std::vector<Stretch> taken;
    for (const Stretch& stretch : stretches_) {
      if (stretch.state == State::kClosed) continue;
      if (!taken.empty() && taken.back().to == stretch.from &&
          taken.back().state == stretch.state &&
          taken.back().sure == stretch.sure) {
        taken.back().to = stretch.to;
      } else {
        taken.push_back(stretch);
      }
    }
    return taken;
  }

 private:
  std::vector<Stretch> stretches_ = {{0, kDay, State::kClosed, true}};
};

// Paints the hours of a rule; `shift` is -kDay for those of the day before.
void Paint(const Rule& rule, int shift, Canvas& canvas) {
  if (rule.times.empty() && shift == 0) {
    canvas.Paint(0, kDay, rule.state, true, rule.fallback);
  }
  for (const Times& times : rule.times) {
    canvas.Paint(times.from + shift, times.to + shift, rule.state, true,
                 rule.fallback);
    if (!times.open_ended) continue;
    // Until the rule's next hours, or the end of the day on which it ends.
    int end = times.to <= kDay ? kDay : 2 * kDay;
    for (const Times& next : rule.times) {
      if (next.from > times.from) end = std::min(end, next.from);
    }
    const bool goes_on = times.to == times.from;
    canvas.Paint(times.to + shift, end + shift,
                 goes_on ? rule.state : State::kUnknown, false,
                 rule.fallback || !goes_on);
  }
}

bool Spills(const Rule& rule) {
  return std::any_of(rule.times.begin(), rule.times.end(),
                     [](const Times& times) { return times.to > kDay; });
}

// Whether a rule, on days that it holds for, wipes out what earlier ones said.
// A closing rule does not: it closes its hours alone.
bool Overrides(const std::vector<Rule>& rules, size_t i) {
  const Rule& rule = rules[i];
  if (rule.state == State::kClosed || rule.additional || rule.fallback) {
    return false;
  }
  return rule.HasDates() ||
         (i > 0 && rule.state != State::kUnknown && !rules[i - 1].HasDates());
}

bool NamesHoliday(const Rule& rule, Weekdays::Kind kind) {
  const auto names = [kind](const Weekdays& days) { return days.kind == kind; };
  return std::any_of(rule.weekdays.begin(), rule.weekdays.end(), names) ||
         std::any_of(rule.holidays.begin(), rule.holidays.end(), names);
}

}  // namespace

std::vector<bool> Spec::RulesOn(absl::CivilDay day,
                                const Holidays& holidays) const {
  const Date date(day);
  std::vector<bool> holding(rules_.size());
  for (size_t i = 0; i < rules_.size(); ++i) {
    holding[i] = Holds(rules_[i], date, holidays);
  }
  return holding;
}

std::vector<Stretch> Spec::Compose(const std::vector<bool>& today,
                                   const std::vector<bool>& yesterday) const {
  Canvas canvas;
  for (size_t i = 0; i < rules_.size(); ++i) {
    if (today[i]) {
      if (Overrides(rules_, i)) canvas = Canvas();
      Paint(rules_[i], 0, canvas);
    }
    if (yesterday[i] && Spills(rules_[i])) Paint(rules_[i], -kDay, canvas);
  }
  return canvas.Take();
}

bool Spec::IsWeekly() const {
  return std::all_of(rules_.begin(), rules_.end(), [](const Rule& rule) {
    return rule.years.empty() && rule.days.empty() && rule.weeks.empty() &&
           rule.holidays.empty() &&
           std::all_of(rule.weekdays.begin(), rule.weekdays.end(),
                       [](const Weekdays& days) {
                         return days.kind == Weekdays::kRange;
                       });
  });
}

bool Spec::NamesPublicHolidays() const {
  return std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) {
    return NamesHoliday(rule, Weekdays::kPublicHoliday);
  });
}

bool Spec::NamesSchoolHolidays() const {
  return std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) {
    return NamesHoliday(rule, Weekdays::kSchoolHoliday);
  });
}

bool Spec::HasUnknown() const {
  return std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) {
    return rule.state == State::kUnknown;
  });
}

bool Spec::HasOpenEnds() const {
  return std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) {
    return std::any_of(rule.times.begin(), rule.times.end(),
                       [](const Times& times) { return times.open_ended; });
  });
}

}  // namespace osm
}  // namespace guiche
