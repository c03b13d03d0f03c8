#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "interchange/osm_spec.h"
#include "interchange/osm_tokens.h"

namespace guiche {
namespace osm {
namespace {

bool SpeaksOfAppointments(absl::string_view comment) {
  const std::string text = absl::AsciiStrToLower(comment);
  for (const absl::string_view word : {"appointment", "agendamento", "agendad",
                                       "hora marcada", "cita previa"}) {
    if (absl::StrContains(text, word)) return true;
  }
  return false;
}

int DaysIn(int month) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1];
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  absl::StatusOr<std::vector<Rule>> Parse() {
    std::vector<Rule> rules;
    bool fallback = false, additional = false;
    while (true) {
      // An empty rule, as after a last ";", says nothing.
      if (IsSign(";") && !additional && !fallback) {
        ++at_;
        continue;
      }
      if (Peek().kind == Token::kEnd && !additional && !fallback) break;
      Rule rule;
      rule.fallback = fallback;
      rule.additional = additional;
      const absl::Status status = ParseRule(rule);
      if (!status.ok()) return status;
      rules.push_back(std::move(rule));
      if (Peek().kind == Token::kEnd) break;
      // ParseRule stops at one of these only.
      additional = IsSign(",");
      fallback = IsSign("||") || (additional && fallback);
      ++at_;
    }
    if (rules.empty()) {
      return absl::InvalidArgumentError(
          "hours: is empty; write opening hours, as in \"Mo-Fr 08:00-12:00\"");
    }
    return rules;
  }

 private:
  const Token& Peek(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool IsSign(absl::string_view sign, size_t ahead = 0) const {
    return Peek(ahead).kind == Token::kSign && Peek(ahead).text == sign;
  }
  bool IsNumber(size_t ahead = 0) const {
    return Peek(ahead).kind == Token::kNumber;
  }
  bool Take(absl::string_view sign) {
    if (!IsSign(sign)) return false;
    ++at_;
    return true;
  }

  // "10:00", and not the day of "Mar 10: 08:00-12:00".
  bool AtTime(size_t ahead = 0) const {
    return IsNumber(ahead) && IsSign(":", ahead + 1) && IsNumber(ahead + 2) &&
           !IsSign(":", ahead + 3);
  }
  bool AtRound() const {  // 24/7
    return IsNumber() && Peek().number == 24 && IsSign("/", 1) && IsNumber(2) &&
           Peek(2).number == 7;
  }
  // A day of some month or a movable one; not a whole month. "Mar Su[-1]" is
  // one as the bound of a range, in a list of days or before weekdays; else, as
  // in "Mar,Oct Su[1-2]", months and weekdays go their own ways.
  bool AtDay(size_t ahead = 0, bool ends_range = false) const {
    if (IsYear(Peek(ahead))) ++ahead;
    if (IsWord(Peek(ahead), "easter")) return true;
    if (MonthOf(Peek(ahead)) == 0) return false;
    ++ahead;
    if (WeekdayOf(Peek(ahead)) < 0) {
      return IsNumber(ahead) && !IsYear(Peek(ahead)) && !AtTime(ahead);
    }
    if (!IsSign("[", ahead + 1)) return false;
    ahead += IsSign("-", ahead + 2) ? 3 : 2;
    if (!IsNumber(ahead) || !IsSign("]", ahead + 1)) return false;
    ahead += 2;
    if (AtOffset(ahead)) ahead += 3;
    const Token& next = Peek(ahead + 1);
    return ends_range || WeekdayOf(Peek(ahead)) >= 0 ||
           (IsSign(":", ahead) && WeekdayOf(next) >= 0) ||
           ((IsSign("-", ahead) || IsSign(",", ahead)) &&
            (MonthOf(next) > 0 || IsYear(next) || IsWord(next, "easter")));
  }
  // "-2 days" after a movable day.
  bool AtOffset(size_t ahead = 0) const {
    return (IsSign("-", ahead) || IsSign("+", ahead)) && IsNumber(ahead + 1) &&
           (IsWord(Peek(ahead + 2), "day") || IsWord(Peek(ahead + 2), "days"));
  }

  absl::Status ParseRule(Rule& rule) {
    bool has_state = false, any = false;
    while (true) {
      const Token& token = Peek();
      absl::Status status;
      if (token.kind == Token::kEnd || IsSign(";") || IsSign("||")) {
        if (!any) {
          return Fail(token,
                      "comes where a rule is expected; write one, as in "
                      "\"Mo-Fr 08:00-12:00\", or drop the separator");
        }
        return absl::OkStatus();
      }
      if (any && IsSign(",")) return absl::OkStatus();  // an additional rule
      if (any && IsSign(":")) {  // for readability, as in "Mo-Fr: 08:00-12:00"
        ++at_;
        continue;
      }
      const bool dates = WeekdayOf(token) >= 0 || MonthOf(token) > 0 ||
                         IsHoliday(token) || IsYear(token) ||
                         IsWord(token, "week") || IsWord(token, "easter");
      if (dates && (!rule.times.empty() || has_state)) {
        return Fail(token,
                    "follows the hours of its rule; begin a new rule "
                    "with \";\" or \",\" before it");
      }
      if (token.kind == Token::kComment) {
        if (SpeaksOfAppointments(token.text)) {
          if (!has_state || rule.state == State::kOpen) {
            rule.state = State::kByAppointment;
          }
        } else if (!has_state) {
          rule.state = State::kUnknown;
        }
        has_state = true;
        ++at_;
      } else if (IsWord(token, "open") || IsWord(token, "closed") ||
                 IsWord(token, "off") || IsWord(token, "unknown")) {
        if (has_state) {
          return Fail(token,
                      "is a second state of one rule; keep one, and "
                      "write it before the comment");
        }
        rule.state = IsWord(token, "open")      ? State::kOpen
                     : IsWord(token, "unknown") ? State::kUnknown
                                                : State::kClosed;
        has_state = true;
        ++at_;
      } else if (AtRound()) {
        rule.times.push_back({0, kDay, false});
        at_ += 3;
      } else if (AtDay() || MonthOf(token) > 0) {
        if (!rule.days.empty()) return Twice(token, "dates");
        status = ParseDays(rule);
      } else if (IsYear(token)) {
        if (!rule.years.empty()) return Twice(token, "years");
        status = ParseYears(rule);
      } else if (IsWord(token, "week")) {
        if (!rule.weeks.empty()) return Twice(token, "weeks");
        status = ParseWeeks(rule);
      } else if (WeekdayOf(token) >= 0 || IsHoliday(token)) {
        status = ParseWeekdays(rule);
      } else if (AtTime()) {
        if (!rule.times.empty()) return Twice(token, "hours");
        status = ParseTimes(rule);
      } else {
        return Unexpected(token);
      }
      if (!status.ok()) return status;
      any = true;
    }
  }

  static absl::Status Twice(const Token& token, absl::string_view what) {
    return Fail(token, absl::StrCat("begins a second list of ", what,
                                    " in one rule; join them with \",\" or "
                                    "begin a new rule with \";\""));
  }

  absl::Status Unexpected(const Token& token) const {
    if (IsSun(token) || (IsSign("(") && IsSun(Peek(1)))) {
      return Fail(IsSun(token) ? token : Peek(1),
                  "depends on the sun at a place, which is not supported; "
                  "write the time, as in 06:30");
    }
    if (token.kind == Token::kNumber) {
      return Fail(token,
                  "is no time of day; write hours and minutes, as in "
                  "08:00-12:00");
    }
    if (token.kind == Token::kWord) {
      return Fail(token,
                  "is no word of opening hours; weekdays are Mo Tu We Th Fr "
                  "Sa Su, months Jan to Dec, besides PH, SH, easter, week, "
                  "open, closed, off, unknown");
    }
    return Fail(token, "comes where no such sign is expected");
  }

  int ParseOffset() {
    if (!AtOffset()) return 0;
    const int days = IsSign("-") ? -Peek(1).number : Peek(1).number;
    at_ += 3;
    return days;
  }

  absl::StatusOr<int> ParseNth() {
    const bool minus = Take("-");
    const Token& token = Peek();
    if (!IsNumber() || token.number < 1 || token.number > 5) {
      return Fail(token,
                  "is no number of a weekday in its month; write 1 to "
                  "5, or -1 to -5 from the end");
    }
    ++at_;
    return minus ? -token.number : token.number;
  }

  absl::StatusOr<DayOfYear> ParseDay() {
    DayOfYear day;
    if (IsYear(Peek())) {
      day.year = Peek().number;
      ++at_;
    }
    if (IsWord(Peek(), "easter")) {
      day.kind = DayOfYear::kEaster;
      ++at_;
      day.offset = ParseOffset();
      return day;
    }
    day.month = MonthOf(Peek());
    ++at_;
    if (WeekdayOf(Peek()) >= 0) {
      day.kind = DayOfYear::kNthWeekday;
      day.weekday = WeekdayOf(Peek());
      at_ += 2;  // the bracket too, which AtDay() saw
      absl::StatusOr<int> nth = ParseNth();
      if (!nth.ok()) return nth.status();
      day.nth = *nth;
      if (!Take("]")) return Fail(Peek(), "comes where \"]\" is expected");
      day.offset = ParseOffset();
      return day;
    }
    const absl::Status status = CheckDay(day.month, Peek());
    if (!status.ok()) return status;
    day.day = Peek().number;
    ++at_;
    return day;
  }

  static absl::Status CheckDay(int month, const Token& token) {
    if (token.number >= 1 && token.number <= DaysIn(month)) {
      return absl::OkStatus();
    }
    return Fail(token, absl::StrCat("is no day of its month, which has ",
                                    DaysIn(month)));
  }

  absl::Status ParseStep(int& step) {
    if (!IsSign("/")) return absl::OkStatus();
    ++at_;
    if (!IsNumber() || Peek().number < 1) {
      return Fail(Peek(), "is no step; write how many to go on by, as in /2");
    }
    step = Peek().number;
    ++at_;
    return absl::OkStatus();
  }

  absl::Status ParseDays(Rule& rule) {
    do {
      if (AtDay()) {
        const absl::Status status = ParseDayList(rule);
        if (!status.ok()) return status;
        continue;
      }
      const int first = MonthOf(Peek());
      if (first == 0) {
        return Fail(Peek(), "comes where a month or date is expected");
      }
      ++at_;
      int last = first;
      if (IsSign("-") && MonthOf(Peek(1)) > 0) {
        if (AtDay(1) && IsNumber(2)) {
          return Fail(Peek(1),
                      "ends with a day a range that begins with a "
                      "whole month; write the first day too, as in "
                      "Mar 01-Apr 15");
        }
        last = MonthOf(Peek(1));
        at_ += 2;
      }
      Days days;
      days.first.month = first;
      days.first.day = 1;
      days.last.month = last;
      days.last.day = DaysIn(last);
      rule.days.push_back(days);
    } while (Take(","));
    return absl::OkStatus();
  }

  // "Dec 24", "Dec 24-26", "Dec 24,31", "Dec 20-Jan 06", with or without years.
  absl::Status ParseDayList(Rule& rule) {
    absl::StatusOr<DayOfYear> first = ParseDay();
    if (!first.ok()) return first.status();
    while (true) {
      Days days;
      days.first = days.last = *first;
      if (IsSign("-") && AtDay(1, true)) {
        const Token& second = Peek(1);
        ++at_;
        absl::StatusOr<DayOfYear> last = ParseDay();
        if (!last.ok()) return last.status();
        if (last->year != 0 && first->year == 0) {
          return Fail(second,
                      "is a year at the end of a range that has none "
                      "at its beginning; write both");
        }
        days.last = *last;
      } else if (IsSign("-") && first->kind == DayOfYear::kFixed &&
                 IsNumber(1) && !IsYear(Peek(1))) {
        const absl::Status status = CheckDay(first->month, Peek(1));
        if (!status.ok()) return status;
        days.last.day = Peek(1).number;
        if (days.last.day < days.first.day) {
          return Fail(Peek(1),
                      "ends a range of days before it begins; write "
                      "the later month too");
        }
        at_ += 2;
      } else if (Take("+")) {
        days.endless = true;
      }
      const absl::Status status = ParseStep(days.step);
      if (!status.ok()) return status;
      rule.days.push_back(days);
      // Further days of the same month: "Dec 24,31".
      if (days.last.kind != DayOfYear::kFixed || !IsSign(",") || !IsNumber(1) ||
          IsYear(Peek(1)) || AtTime(1)) {
        return absl::OkStatus();
      }
      ++at_;
      first = days.last;
      const absl::Status valid = CheckDay(first->month, Peek());
      if (!valid.ok()) return valid;
      first->day = Peek().number;
      ++at_;
    }
  }

  absl::Status ParseYears(Rule& rule) {
    do {
      if (!IsYear(Peek())) {
        return Fail(Peek(), "comes where a year of four digits is expected");
      }
      Years years{Peek().number, Peek().number, 1};
      ++at_;
      if (IsSign("-") && IsYear(Peek(1))) {
        years.to = Peek(1).number;
        if (years.to < years.from) {
          return Fail(Peek(1), "ends a range of years before it begins");
        }
        at_ += 2;
      } else if (Take("+") || IsSign("/")) {
        years.to = 9999;
      }
      const absl::Status status = ParseStep(years.step);
      if (!status.ok()) return status;
      rule.years.push_back(years);
    } while (Take(","));
    return absl::OkStatus();
  }

  absl::Status ParseWeeks(Rule& rule) {
    ++at_;
    do {
      if (IsWord(Peek(), "week")) ++at_;
      Weeks weeks{0, 0, 1};
      absl::Status status = ParseWeek(weeks.from);
      if (!status.ok()) return status;
      weeks.to = weeks.from;
      if (Take("-")) {
        const Token& last = Peek();
        status = ParseWeek(weeks.to);
        if (!status.ok()) return status;
        if (weeks.to < weeks.from) {
          return Fail(last,
                      "ends a range of weeks before it begins; write two "
                      "ranges, as in week 50-53,01-10");
        }
      }
      status = ParseStep(weeks.step);
      if (!status.ok()) return status;
      rule.weeks.push_back(weeks);
    } while (Take(","));
    return absl::OkStatus();
  }

  absl::Status ParseWeek(int& week) {
    if (!IsNumber() || Peek().number < 1 || Peek().number > 53) {
      return Fail(Peek(), "is no ISO week; write 1 to 53");
    }
    week = Peek().number;
    ++at_;
    return absl::OkStatus();
  }

  absl::Status ParseWeekdays(Rule& rule) {
    const Token& first = Peek();
    std::vector<Weekdays> list;
    bool only_holidays = true;
    do {
      Weekdays days;
      if (IsHoliday(Peek())) {
        days.kind = IsWord(Peek(), "ph") ? Weekdays::kPublicHoliday
                                         : Weekdays::kSchoolHoliday;
        ++at_;
        days.offset = ParseOffset();
        list.push_back(days);
        continue;
      }
      only_holidays = false;
      days.from = days.to = WeekdayOf(Peek());
      if (days.from < 0) {
        return Fail(Peek(), "comes where a weekday is expected");
      }
      ++at_;
      if (Take("[")) {
        const size_t begin = list.size();
        days.kind = Weekdays::kNth;
        do {
          const Token& token = Peek();
          absl::StatusOr<int> nth = ParseNth();
          if (!nth.ok()) return nth.status();
          int last = *nth;
          if (Take("-")) {
            absl::StatusOr<int> to = ParseNth();
            if (!to.ok()) return to.status();
            last = *to;
          }
          if (last < *nth || (last > 0) != (*nth > 0)) {
            return Fail(token, "begins a range of weekdays that ends before");
          }
          for (days.nth = *nth; days.nth <= last; ++days.nth) {
            list.push_back(days);
          }
        } while (Take(","));
        if (!Take("]")) return Fail(Peek(), "comes where \"]\" is expected");
        const int offset = ParseOffset();
        for (size_t i = begin; i < list.size(); ++i) list[i].offset = offset;
        continue;
      }
      if (IsSign("-") && WeekdayOf(Peek(1)) >= 0) {
        days.to = WeekdayOf(Peek(1));
        at_ += 2;
      }
      list.push_back(days);
    } while (Take(","));

    // "PH Mo-Fr", and "Mo-Fr PH": holidays that fall on those days.
    const bool both =
        only_holidays && (WeekdayOf(Peek()) >= 0 || !rule.weekdays.empty());
    std::vector<Weekdays>& target = both ? rule.holidays : rule.weekdays;
    if (!target.empty()) return Twice(first, "weekdays");
    target = std::move(list);
    return absl::OkStatus();
  }

  absl::Status ParseTimes(Rule& rule) {
    while (true) {
      const Token& first = Peek();
      Times times{0, 0, false};
      absl::Status status = ParseTime(times.from);
      if (!status.ok()) return status;
      if (times.from >= kDay) {
        return Fail(first,
                    "begins hours past their own day; write them for "
                    "the day on which they begin");
      }
      if (Take("+")) {
        times.to = times.from;
        times.open_ended = true;
      } else if (!Take("-")) {
        return Fail(first,
                    "is a single moment; write from when until when it "
                    "is open, as in 08:00-12:00");
      } else {
        if (!AtTime()) {
          return IsNumber() || IsSun(Peek()) || IsSign("(")
                     ? Unexpected(Peek())
                     : Fail(Peek(), "comes where a closing time is expected");
        }
        const Token& second = Peek();
        status = ParseTime(times.to);
        if (!status.ok()) return status;
        if (times.to <= times.from) times.to += kDay;
        if (times.to > 2 * kDay) {
          return Fail(second,
                      "is past the end of the next day; write at most "
                      "48:00");
        }
        if (IsSign("/")) {
          return Fail(Peek(),
                      "makes a list of moments; write from when until "
                      "when it is open, as in 08:00-12:00");
        }
        times.open_ended = Take("+");
      }
      rule.times.push_back(times);
      if (++times_ > kMaxTimes) {
        return Fail(first, absl::StrCat("begins one stretch of hours too many; "
                                        "at most ",
                                        kMaxTimes, " are read"));
      }
      if (!IsSign(",") || !AtTime(1)) return absl::OkStatus();
      ++at_;
    }
  }

  absl::Status ParseTime(int& minutes) {
    const int hour = Peek().number, minute = Peek(2).number;
    if (hour > 48 || minute > 59 || (hour == 48 && minute > 0)) {
      return Fail(hour > 47 ? Peek() : Peek(2),
                  "is out of range in a time of day; write 00:00 to 48:00");
    }
    minutes = 60 * hour + minute;
    at_ += 3;
    return absl::OkStatus();
  }

  const std::vector<Token> tokens_;
  size_t at_ = 0;
  int times_ = 0;
};

}  // namespace

absl::StatusOr<Spec> Spec::Parse(absl::string_view text) {
  if (text.size() > kMaxBytes) {
    return absl::InvalidArgumentError(absl::StrCat("hours: has ", text.size(),
                                                   " bytes; at most ",
                                                   kMaxBytes, " are read"));
  }
  absl::StatusOr<std::vector<Token>> tokens = Tokenize(text);
  if (!tokens.ok()) return tokens.status();
  absl::StatusOr<std::vector<Rule>> rules = Parser(*std::move(tokens)).Parse();
  if (!rules.ok()) return rules.status();
  Spec spec;
  spec.rules_ = *std::move(rules);
  return spec;
}

}  // namespace osm
}  // namespace guiche
