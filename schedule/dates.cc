#include "schedule/dates.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/base/attributes.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace guiche {
namespace {

constexpr int kMostHours = 24;
constexpr int kMostDates = 4'000;
constexpr int kMostShifts = 400;

struct MonthDay {
  int month, day;
};

// The number that these digits write, or -1.
int Digits(absl::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool Exists(int year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 &&
         absl::CivilDay(year, month, day).day() == day &&
         absl::CivilDay(year, month, day).month() == month;
}

Day DayAt(int year, MonthDay at) {
  return DayOf(absl::CivilDay(year, at.month, at.day));
}

// "05-13". The year 2000 had every day there is.
absl::optional<MonthDay> ParseMonthDay(absl::string_view text) {
  if (text.size() != 5 || text[2] != '-') return absl::nullopt;
  const MonthDay parsed = {Digits(text, 0, 2), Digits(text, 3, 2)};
  if (!Exists(2000, parsed.month, parsed.day)) return absl::nullopt;
  return parsed;
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", text.substr(0, 40), "\"");
}

MonthDay ReadMonthDay(const std::string& path, absl::string_view text,
                      Problems& problems) {
  const absl::optional<MonthDay> parsed = ParseMonthDay(text);
  if (parsed.has_value()) return *parsed;
  problems.Add(path, absl::StrCat(Quoted(text),
                                  " is no day of the year; "
                                  "write month and day, as in "
                                  "\"05-13\""));
  return {1, 1};
}

Day ReadSomeDay(const std::string& path, absl::string_view text,
                Problems& problems) {
  const absl::optional<Day> parsed = ParseDay(text);
  if (parsed.has_value()) return *parsed;
  problems.Add(path, absl::StrCat(Quoted(text),
                                  " is no date; write one such "
                                  "as \"2026-01-07\""));
  return 0;
}

int ReadWeekday(const std::string& path, int weekday, Problems& problems) {
  if (weekday >= v1::MONDAY && weekday <= v1::SUNDAY) return weekday - 1;
  problems.Add(path, absl::StrCat(weekday,
                                  " is no weekday; write MONDAY to "
                                  "SUNDAY"));
  return 0;
}

Day OnOrAfter(Day day, int weekday) {
  return day + (weekday - WeekdayOf(day) + 7) % 7;
}

// Where the occurrences of a rule begin, year by year, and how long each is.
class Occurrences {
 public:
  Occurrences(const std::string& path, const v1::DateRule& rule,
              Problems& problems)
      : path_(path), rule_(rule), problems_(problems) {
    ReadRule();
    ReadYears();
    ReadShifts();
  }

  std::vector<Day> Between(Day first, Day last) const {
    std::vector<Day> days;
    if (rule_.rule_case() == v1::DateRule::kWeeks) {
      AddWeeks(first, last, days);
      return days;
    }
    // What begins in the years around, and what was written down for others.
    std::set<int> years;
    const int from = static_cast<int>(CivilOf(first).year()) - 2;
    const int until = static_cast<int>(CivilOf(last).year()) + 2;
    for (int year = from; year <= until; ++year) years.insert(year);
    for (const auto& [year, dates] : dates_) years.insert(year);
    for (const auto& [year, date] : shifts_) years.insert(year);
    for (const int year : years) AddYear(year, first, last, days);
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
  }

 private:
  void ReadRule() {
    switch (rule_.rule_case()) {
      case v1::DateRule::kMonthDay:
        month_day_ =
            ReadMonthDay(path_ + ".month_day", rule_.month_day(), problems_);
        break;
      case v1::DateRule::kEasterOffset:
        if (rule_.easter_offset() < -200 || rule_.easter_offset() > 200) {
          problems_.Add(path_ + ".easter_offset",
                        absl::StrCat(rule_.easter_offset(),
                                     " is out of range; write -200 to 200"));
        }
        break;
      case v1::DateRule::kNthWeekday: {
        const v1::NthWeekday& nth = rule_.nth_weekday();
        const std::string path = path_ + ".nth_weekday";
        weekday_ = ReadWeekday(path + ".weekday", nth.weekday(), problems_);
        if (nth.month() < 1 || nth.month() > 12) {
          problems_.Add(path + ".month", absl::StrCat(nth.month(),
                                                      " is no month; write 1 "
                                                      "to 12"));
        }
        if (nth.nth() != -1 && (nth.nth() < 1 || nth.nth() > 5)) {
          problems_.Add(path + ".nth",
                        absl::StrCat(nth.nth(),
                                     " is out of range; write 1 to "
                                     "5, or -1 for the last"));
        }
        break;
      }
      case v1::DateRule::kWeekdayOnOrAfter: {
        const v1::WeekdayOnOrAfter& rule = rule_.weekday_on_or_after();
        const std::string path = path_ + ".weekday_on_or_after";
        weekday_ = ReadWeekday(path + ".weekday", rule.weekday(), problems_);
        month_day_ =
            ReadMonthDay(path + ".month_day", rule.month_day(), problems_);
        break;
      }
      case v1::DateRule::kDates:
        ReadDates();
        break;
      case v1::DateRule::kRange:
        ReadRange();
        break;
      case v1::DateRule::kWeeks:
        ReadWeeks();
        break;
      case v1::DateRule::RULE_NOT_SET:
        problems_.Add(path_,
                      "names no days; write one such as month_day: "
                      "\"05-13\"");
    }
  }

  void ReadDates() {
    const auto& dates = rule_.dates().date();
    const std::string path = path_ + ".dates";
    if (dates.empty()) {
      problems_.Add(path, "is empty; write a date: \"2026-01-07\"");
    }
    if (dates.size() > kMostDates) {
      problems_.Add(path,
                    absl::StrCat(dates.size(), " dates; at most ", kMostDates));
      return;
    }
    for (int i = 0; i < dates.size(); ++i) {
      const Day day = ReadSomeDay(absl::StrCat(path, ".date[", i, "]"),
                                  dates[i], problems_);
      dates_[static_cast<int>(CivilOf(day).year())].push_back(day);
    }
  }

  void ReadRange() {
    const v1::DateRange& range = rule_.range();
    const std::string path = path_ + ".range";
    if (range.from().size() > 5) {
      const Day from = ReadSomeDay(path + ".from", range.from(), problems_);
      const Day until = ReadSomeDay(path + ".until", range.until(), problems_);
      if (until <= from) {
        problems_.Add(path + ".until",
                      absl::StrCat(Quoted(range.until()), " is not after from ",
                                   Quoted(range.from())));
      }
      length_ = until - from;
      dates_[static_cast<int>(CivilOf(from).year())].push_back(from);
      dated_range_ = true;
    } else {
      month_day_ = ReadMonthDay(path + ".from", range.from(), problems_);
      range_until_ = ReadMonthDay(path + ".until", range.until(), problems_);
    }
  }

  void ReadWeeks() {
    const v1::Weeks& weeks = rule_.weeks();
    const std::string path = path_ + ".weeks";
    weekdays_ = ReadWeekdays(path + ".weekdays", weeks.weekdays(), problems_);
    if (weekdays_ == 0) weekdays_ = 0x7F;
    if (weeks.every() < 0 || weeks.every() > 1'000) {
      problems_.Add(path + ".every",
                    absl::StrCat(weeks.every(),
                                 " is out of range; write 1 to "
                                 "1000"));
    } else if (weeks.every() > 1) {
      every_ = weeks.every();
    }
    if (every_ > 1 && weeks.from().empty()) {
      problems_.Add(path + ".from", "is empty; write a date in the first week");
    }
    weeks_from_ = ReadDay(path + ".from", weeks.from(), kFirstDay, problems_);
    if (weeks_from_ != kFirstDay) weeks_from_ -= WeekdayOf(weeks_from_);
    for (int i = 0; i < weeks.iso_weeks_size(); ++i) {
      const int week = weeks.iso_weeks(i);
      if (week >= 1 && week <= 53) {
        iso_weeks_ |= uint64_t{1} << week;
      } else {
        problems_.Add(absl::StrCat(path, ".iso_weeks[", i, "]"),
                      absl::StrCat(week, " is no week; write 1 to 53"));
      }
    }
    if (rule_.shifts_size() > 0) {
      problems_.Add(path_ + ".shifts",
                    "go with days of the year, not weeks; "
                    "write a rule for the other date");
    }
  }

  void ReadYears() {
    if (rule_.first_year() != 0 && rule_.last_year() != 0 &&
        rule_.last_year() < rule_.first_year()) {
      problems_.Add(path_ + ".last_year",
                    absl::StrCat(rule_.last_year(), " is before first_year ",
                                 rule_.first_year()));
    }
  }

  void ReadShifts() {
    if (rule_.shifts_size() > kMostShifts) {
      problems_.Add(
          path_ + ".shifts",
          absl::StrCat(rule_.shifts_size(), " shifts; at most ", kMostShifts));
      return;
    }
    for (int i = 0; i < rule_.shifts_size(); ++i) {
      const v1::Shift& shift = rule_.shifts(i);
      const std::string path = absl::StrCat(path_, ".shifts[", i, "]");
      if (shift.year() < 1 || shift.year() > 9999) {
        problems_.Add(path + ".year", absl::StrCat(shift.year(),
                                                   " is no year; write 1 to "
                                                   "9999"));
      }
      const Day day =
          ReadDay(path + ".date", shift.date(), kFirstDay, problems_);
      if (!shifts_.emplace(shift.year(), day).second) {
        problems_.Add(path + ".year", absl::StrCat(shift.year(),
                                                   " is there twice; write "
                                                   "one shift a year"));
      }
    }
  }

  bool HoldsIn(int year) const {
    return (rule_.first_year() == 0 || year >= rule_.first_year()) &&
           (rule_.last_year() == 0 || year <= rule_.last_year());
  }

  void AddWeeks(Day first, Day last, std::vector<Day>& days) const {
    for (Day day = std::max(first, weeks_from_); day < last; ++day) {
      const int weekday = WeekdayOf(day);
      if ((weekdays_ >> weekday & 1) == 0) continue;
      if (every_ > 1 && (day - weekday - weeks_from_) / 7 % every_ != 0)
        continue;
      if (iso_weeks_ != 0 && (iso_weeks_ >> IsoWeek(day) & 1) == 0) continue;
      if (!HoldsIn(static_cast<int>(CivilOf(day).year()))) continue;
      days.push_back(day);
    }
  }

  void AddYear(int year, Day first, Day last, std::vector<Day>& days) const {
    if (!HoldsIn(year)) return;
    const auto add = [&](Day from, Day until) {
      for (Day day = std::max(from, first); day < std::min(until, last);
           ++day) {
        days.push_back(day);
      }
    };
    const auto shift = shifts_.find(year);
    if (shift != shifts_.end()) {
      const Day day = shift->second;
      if (day != kFirstDay) add(day, day + LengthFrom(year));
      return;
    }
    for (const Day day : BeginningsIn(year)) add(day, day + LengthFrom(year));
  }

  // How many days an occurrence of that year lasts.
  Day LengthFrom(int year) const {
    if (rule_.rule_case() != v1::DateRule::kRange) return 1;
    if (dated_range_) return length_;
    const Day from = DayAt(year, month_day_);
    const Day until = DayAt(year, range_until_);
    return until > from ? until - from : DayAt(year + 1, range_until_) - from;
  }

  std::vector<Day> BeginningsIn(int year) const {
    switch (rule_.rule_case()) {
      case v1::DateRule::kMonthDay:
        if (!Exists(year, month_day_.month, month_day_.day)) return {};
        return {DayAt(year, month_day_)};
      case v1::DateRule::kEasterOffset:
        return {Easter(year) + rule_.easter_offset()};
      case v1::DateRule::kWeekdayOnOrAfter:
        // In other years the 29th of February means the 1st of March.
        return {OnOrAfter(DayAt(year, month_day_), weekday_)};
      case v1::DateRule::kNthWeekday:
        return NthWeekdayIn(year);
      case v1::DateRule::kRange:
        if (!dated_range_) return {DayAt(year, month_day_)};
        ABSL_FALLTHROUGH_INTENDED;
      case v1::DateRule::kDates: {
        const auto found = dates_.find(year);
        return found == dates_.end() ? std::vector<Day>() : found->second;
      }
      default:
        return {};
    }
  }

  std::vector<Day> NthWeekdayIn(int year) const {
    const int month = rule_.nth_weekday().month();
    const Day next_month = DayOf(absl::CivilDay(year, month + 1, 1));
    if (rule_.nth_weekday().nth() == -1) {
      return {OnOrAfter(next_month - 7, weekday_)};
    }
    const Day day = OnOrAfter(DayOf(absl::CivilDay(year, month, 1)), weekday_) +
                    7 * (rule_.nth_weekday().nth() - 1);
    if (day >= next_month) return {};
    return {day};
  }

  const std::string path_;
  const v1::DateRule& rule_;
  Problems& problems_;
  MonthDay month_day_ = {1, 1}, range_until_ = {1, 1};
  int weekday_ = 0;
  bool dated_range_ = false;
  Day length_ = 1;
  uint8_t weekdays_ = 0;
  int every_ = 1;
  Day weeks_from_ = kFirstDay;
  uint64_t iso_weeks_ = 0;
  absl::flat_hash_map<int, std::vector<Day>> dates_;  // by year
  absl::flat_hash_map<int, Day> shifts_;              // kFirstDay: not observed
};

}  // namespace

std::string DateText(Day day) { return absl::FormatCivilTime(CivilOf(day)); }

std::string TimeOfDayText(int seconds) {
  const int minutes = seconds / 60;
  if (seconds % 60 == 0) {
    return absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60);
  }
  return absl::StrFormat("%02d:%02d:%02d", minutes / 60, minutes % 60,
                         seconds % 60);
}

absl::optional<Day> ParseDay(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return absl::nullopt;
  }
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  if (year < 1 || !Exists(year, month, day)) return absl::nullopt;
  return DayOf(absl::CivilDay(year, month, day));
}

absl::optional<Second> ParseCivil(absl::string_view text) {
  if (text.size() != 16 || text[10] != 'T' || text[13] != ':') {
    return absl::nullopt;
  }
  const absl::optional<Day> day = ParseDay(text.substr(0, 10));
  const absl::optional<int> time = ParseTimeOfDay(text.substr(11));
  if (!day.has_value() || !time.has_value() || *time > kDaySeconds) {
    return absl::nullopt;
  }
  return Second{*day} * kDaySeconds + *time;
}

absl::optional<int> ParseTimeOfDay(absl::string_view text) {
  if (text.size() != 5 || text[2] != ':') return absl::nullopt;
  const int hour = Digits(text, 0, 2);
  const int minute = Digits(text, 3, 2);
  if (hour < 0 || minute < 0 || minute > 59) return absl::nullopt;
  const int seconds = (hour * 60 + minute) * 60;
  if (seconds > 2 * kDaySeconds) return absl::nullopt;
  return seconds;
}

// By the moon's age and the Sunday that follows the full moon, in the Gregorian
// reckoning: the cycle of 19 years, less a day for each of two cycles whose
// moon would otherwise come a day late.
Day Easter(int year) {
  const int golden = year % 19;
  const int century = year / 100;
  const int skipped_leaps = century - century / 4;
  const int moon_steps = (8 * century + 13) / 25;
  int age = (19 * golden + skipped_leaps - moon_steps + 15) % 30;
  if (age == 29 || (age == 28 && golden > 10)) --age;
  const Day full_moon = DayOf(absl::CivilDay(year, 3, 21)) + age;
  return OnOrAfter(full_moon + 1, 6);
}

int IsoWeek(Day day) {
  const Day thursday = day - WeekdayOf(day) + 3;
  return (absl::GetYearDay(CivilOf(thursday)) - 1) / 7 + 1;
}

std::vector<DayHours> ReadHours(
    absl::string_view path,
    const google::protobuf::RepeatedPtrField<v1::Hours>& hours,
    Problems& problems) {
  std::vector<DayHours> read;
  if (hours.size() > kMostHours) {
    problems.Add(
        absl::StrCat(path, ".hours"),
        absl::StrCat(hours.size(), " openings a day; at most ", kMostHours));
    return read;
  }
  for (int i = 0; i < hours.size(); ++i) {
    const std::string at = absl::StrCat(path, ".hours[", i, "]");
    const absl::optional<int> open = ParseTimeOfDay(hours[i].open());
    const absl::optional<int> close = ParseTimeOfDay(hours[i].close());
    if (!v1::Mode_IsValid(hours[i].mode())) {
      problems.Add(at + ".mode", absl::StrCat(hours[i].mode(),
                                              " is no mode; "
                                              "write REGULAR, PLANTAO or "
                                              "BY_APPOINTMENT"));
    }
    if (!open.has_value() || *open >= kDaySeconds) {
      problems.Add(at + ".open",
                   absl::StrCat(Quoted(hours[i].open()),
                                " is no time of the "
                                "day; write \"00:00\" to \"23:59\""));
    }
    if (!close.has_value()) {
      problems.Add(at + ".close", absl::StrCat(Quoted(hours[i].close()),
                                               " is no time; write "
                                               "\"00:01\" to \"48:00\""));
    }
    if (!open.has_value() || *open >= kDaySeconds || !close.has_value()) {
      continue;
    }
    if (*close <= *open) {
      const int next_day = *close + kDaySeconds;
      problems.Add(
          at + ".close",
          absl::StrCat(Quoted(hours[i].close()), " is not after open ",
                       Quoted(hours[i].open()), "; for the next day write \"",
                       TimeOfDayText(next_day), "\""));
      continue;
    }
    read.push_back({*open, *close, hours[i].mode()});
  }
  std::sort(read.begin(), read.end(), [](const DayHours& a, const DayHours& b) {
    return std::tie(a.open, a.close) < std::tie(b.open, b.close);
  });
  for (size_t i = 1; i < read.size(); ++i) {
    if (read[i].open >= read[i - 1].close) continue;
    problems.Add(absl::StrCat(path, ".hours"),
                 absl::StrCat("\"", TimeOfDayText(read[i].open), "\" to \"",
                              TimeOfDayText(read[i].close), "\" overlaps \"",
                              TimeOfDayText(read[i - 1].open), "\" to \"",
                              TimeOfDayText(read[i - 1].close),
                              "\"; write them as one, or apart"));
  }
  return read;
}

uint8_t ReadWeekdays(absl::string_view path,
                     const google::protobuf::RepeatedField<int>& weekdays,
                     Problems& problems) {
  uint8_t bits = 0;
  for (int i = 0; i < weekdays.size(); ++i) {
    bits |= 1 << ReadWeekday(absl::StrCat(path, "[", i, "]"), weekdays[i],
                             problems);
  }
  return bits;
}

Day ReadDay(absl::string_view path, absl::string_view text, Day otherwise,
            Problems& problems) {
  return text.empty() ? otherwise
                      : ReadSomeDay(std::string(path), text, problems);
}

std::vector<Day> ReadDays(absl::string_view path, const v1::DateRule& rule,
                          Day first, Day last, Problems& problems) {
  const int before = problems.list().problems_size();
  const Occurrences occurrences(std::string(path), rule, problems);
  const int found = problems.list().problems_size();
  if (found != before || found >= Problems::kLimit) return {};
  return occurrences.Between(first, last);
}

bool Recurs(const v1::DateRule& rule) {
  switch (rule.rule_case()) {
    case v1::DateRule::kDates:
      return false;
    case v1::DateRule::kRange:
      return rule.range().from().size() <= 5;
    default:
      return true;
  }
}

}  // namespace guiche
