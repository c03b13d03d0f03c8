#include "tests/reference/reference.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace guiche {
namespace {

absl::CivilDay Date(const std::string& text) {
  absl::CivilDay day;
  absl::ParseCivilTime(text, &day);
  return day;
}

int Seconds(const std::string& text) {
  int hour = 0, minute = 0;
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  (void)absl::SimpleAtoi(parts[0], &hour);
  (void)absl::SimpleAtoi(parts[1], &minute);
  return hour * 3600 + minute * 60;
}

absl::CivilSecond DateTime(const std::string& text) {
  return absl::CivilSecond(Date(text.substr(0, 10))) + Seconds(text.substr(11));
}

// The day of that year, or in other than leap years the 1st of March for the
// 29th of February.
absl::CivilDay InYear(int64_t year, const std::string& month_day) {
  int month = 0, day = 0;
  (void)absl::SimpleAtoi(month_day.substr(0, 2), &month);
  (void)absl::SimpleAtoi(month_day.substr(3), &day);
  return absl::CivilDay(year, month, day);
}

v1::Weekday WeekdayOf(absl::CivilDay day) {
  return static_cast<v1::Weekday>(static_cast<int>(absl::GetWeekday(day)) + 1);
}

// Meeus, Jones and Butcher.
absl::CivilDay EasterSunday(int64_t year) {
  const int64_t a = year % 19, b = year / 100, c = year % 100;
  const int64_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int64_t h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int64_t l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int64_t m = (a + 11 * h + 22 * l) / 451;
  const int64_t n = h + l - 7 * m + 114;
  return absl::CivilDay(year, n / 31, n % 31 + 1);
}

int IsoWeekOf(absl::CivilDay day) {
  // The week belongs to the year that has its Thursday; week 1 has 4 January.
  absl::CivilDay thursday = day;
  while (absl::GetWeekday(thursday) != absl::Weekday::monday) --thursday;
  thursday += 3;
  absl::CivilDay first(thursday.year(), 1, 4);
  while (absl::GetWeekday(first) != absl::Weekday::monday) --first;
  return static_cast<int>((thursday - first) / 7) + 1;
}

absl::CivilDay MondayOf(absl::CivilDay day) {
  while (absl::GetWeekday(day) != absl::Weekday::monday) --day;
  return day;
}

template <typename Weekdays>
bool Names(const Weekdays& weekdays, absl::CivilDay day) {
  return std::find(weekdays.begin(), weekdays.end(), WeekdayOf(day)) !=
         weekdays.end();
}

// The days on which the occurrence of one year falls.
std::vector<absl::CivilDay> DaysOf(const v1::DateRule& rule, int64_t year) {
  std::vector<absl::CivilDay> days;
  int64_t length = 1;
  switch (rule.rule_case()) {
    case v1::DateRule::kMonthDay: {
      const absl::CivilDay day = InYear(year, rule.month_day());
      if (absl::FormatCivilTime(day).substr(5) == rule.month_day()) {
        days.push_back(day);
      }
      break;
    }
    case v1::DateRule::kEasterOffset:
      days.push_back(EasterSunday(year) + rule.easter_offset());
      break;
    case v1::DateRule::kNthWeekday: {
      const v1::NthWeekday& nth = rule.nth_weekday();
      std::vector<absl::CivilDay> all;
      for (absl::CivilDay day(year, nth.month(), 1); day.month() == nth.month();
           ++day) {
        if (WeekdayOf(day) == nth.weekday()) all.push_back(day);
      }
      if (nth.nth() == -1) {
        days.push_back(all.back());
      } else if (nth.nth() <= static_cast<int>(all.size())) {
        days.push_back(all[nth.nth() - 1]);
      }
      break;
    }
    case v1::DateRule::kWeekdayOnOrAfter: {
      absl::CivilDay day = InYear(year, rule.weekday_on_or_after().month_day());
      while (WeekdayOf(day) != rule.weekday_on_or_after().weekday()) ++day;
      days.push_back(day);
      break;
    }
    case v1::DateRule::kDates:
      for (const std::string& text : rule.dates().date()) {
        if (Date(text).year() == year) days.push_back(Date(text));
      }
      break;
    case v1::DateRule::kRange: {
      absl::CivilDay from, until;
      if (rule.range().from().size() > 5) {
        from = Date(rule.range().from());
        until = Date(rule.range().until());
      } else {
        from = InYear(year, rule.range().from());
        until = InYear(year, rule.range().until());
        if (until <= from) until = InYear(year + 1, rule.range().until());
      }
      length = until - from;
      if (from.year() == year) days.push_back(from);
      break;
    }
    default:
      break;
  }
  for (const v1::Shift& shift : rule.shifts()) {
    if (shift.year() != year) continue;
    days.clear();
    if (!shift.date().empty()) days.push_back(Date(shift.date()));
  }
  const size_t begins = days.size();
  for (size_t i = 0; i < begins; ++i) {
    for (int64_t k = 1; k < length; ++k) days.push_back(days[i] + k);
  }
  return days;
}

bool Recurring(const v1::CalendarRule& rule) {
  if (rule.when_case() != v1::CalendarRule::kDays) return false;
  const v1::DateRule& days = rule.days();
  return days.rule_case() != v1::DateRule::kDates &&
         !(days.rule_case() == v1::DateRule::kRange &&
           days.range().from().size() > 5);
}

const v1::Hours* Holding(
    const google::protobuf::RepeatedPtrField<v1::Hours>& hours, int second) {
  for (const v1::Hours& one : hours) {
    if (Seconds(one.open()) <= second && second < Seconds(one.close())) {
      return &one;
    }
  }
  return nullptr;
}

v1::Certainty OrConfirmed(v1::Certainty certainty) {
  return certainty == v1::CERTAINTY_UNSPECIFIED ? v1::CONFIRMED : certainty;
}

v1::Mode OrRegular(v1::Mode mode) {
  return mode == v1::MODE_UNSPECIFIED ? v1::REGULAR : mode;
}

constexpr int kDay = 86'400;

}  // namespace

bool operator==(const ReferenceAnswer& a, const ReferenceAnswer& b) {
  return a.state == b.state && a.mode == b.mode && a.kind == b.kind &&
         a.certainty == b.certainty && a.rule == b.rule;
}

std::ostream& operator<<(std::ostream& os, const ReferenceAnswer& answer) {
  return os << v1::Availability::State_Name(answer.state) << " "
            << v1::Mode_Name(answer.mode) << " " << v1::Kind_Name(answer.kind)
            << " " << v1::Certainty_Name(answer.certainty) << " by "
            << answer.rule;
}

// An answer, and the day whose hours keep the window open.
struct Reference::Said {
  ReferenceAnswer answer;
  absl::optional<absl::CivilDay> home;
};

struct Reference::Asked {
  const v1::Service& service;
  const std::string& place;
  absl::CivilSecond clock;
  absl::CivilDay day;
  int second;
  const std::vector<const v1::CalendarRule*>& rules;  // lowest first
  bool known_year;
};

Reference::Reference(const v1::Policy& policy,
                     absl::optional<absl::Time> known_at)
    : policy_(policy),
      covers_from_(Date(policy.covers_from())),
      covers_until_(Date(policy.covers_until())) {
  if (known_at.has_value()) {
    absl::TimeZone zone;
    absl::LoadTimeZone(policy.time_zone(), &zone);
    known_on_ = absl::ToCivilDay(*known_at, zone);
  }
  for (const v1::Act& act : policy.acts()) acts_[act.id()] = &act;
  for (const v1::Place& place : policy.places()) places_[place.id()] = &place;
  for (const v1::Service& one : policy.services()) services_[one.id()] = &one;
}

bool Reference::Known(const std::string& act) const {
  const std::string published = Published(act);
  return !known_on_.has_value() || published.empty() ||
         Date(published) <= *known_on_;
}

std::string Reference::Published(const std::string& act) const {
  const auto found = acts_.find(act);
  return found == acts_.end() ? "" : found->second->published_on();
}

bool Reference::InForce(const std::string& act, absl::CivilDay day) const {
  const auto found = acts_.find(act);
  if (found == acts_.end()) return true;
  const v1::Act& in = *found->second;
  return (in.in_force_from().empty() || Date(in.in_force_from()) <= day) &&
         (in.in_force_until().empty() || day < Date(in.in_force_until()));
}

int Reference::Depth(const std::string& place) const {
  const std::string& parent = places_.at(place)->parent();
  return parent.empty() ? 0 : Depth(parent) + 1;
}

// The depth of the narrowest of `places` in which `place` lies, or -1. None
// means everywhere.
int Reference::Narrowest(
    const google::protobuf::RepeatedPtrField<std::string>& places,
    const std::string& place) const {
  if (places.empty()) return 0;
  for (std::string at = place; !at.empty(); at = places_.at(at)->parent()) {
    if (std::find(places.begin(), places.end(), at) != places.end()) {
      return Depth(at);
    }
  }
  return -1;
}

// Those of RulesFor() that may speak on that day.
const std::vector<const v1::CalendarRule*>& Reference::RulesOn(
    const v1::Service& service, const std::string& place,
    absl::CivilDay day) const {
  OnDay& on = rules_on_[&service];
  if (on.place == place && on.day == day) return on.rules;
  on.place = place;
  on.day = day;
  on.rules.clear();
  for (const v1::CalendarRule* rule : RulesFor(service, place)) {
    if (rule->when_case() == v1::CalendarRule::kSpan || FallsOn(*rule, day) ||
        FallsOn(*rule, day - 1)) {
      on.rules.push_back(rule);
    }
  }
  return on.rules;
}

const std::vector<const v1::CalendarRule*>& Reference::RulesFor(
    const v1::Service& service, const std::string& place) const {
  const auto key = std::make_pair(service.id(), place);
  const auto found = rules_for_.find(key);
  if (found != rules_for_.end()) return found->second;
  std::vector<const v1::CalendarRule*> rules;
  for (const v1::CalendarRule& rule : policy_.calendar()) {
    const bool meant =
        rule.services().empty()
            ? service.weekly_size() > 0
            : std::find(rule.services().begin(), rule.services().end(),
                        service.id()) != rule.services().end();
    bool corrected = false;
    for (const v1::CalendarRule& other : policy_.calendar()) {
      corrected |= Known(other.act()) &&
                   std::find(other.corrects().begin(), other.corrects().end(),
                             rule.id()) != other.corrects().end();
    }
    if (meant && !corrected && Known(rule.act()) &&
        Narrowest(rule.places(), place) >= 0) {
      rules.push_back(&rule);
    }
  }
  const auto rank = [&](const v1::CalendarRule* rule) {
    return std::make_tuple(
        static_cast<int>(rule->layer()), Narrowest(rule->places(), place),
        Published(rule->act()), rule->effect() == v1::CalendarRule::DOUBT,
        -static_cast<int>(OrConfirmed(rule->certainty())),
        -static_cast<int>(rule->kind()));
  };
  std::sort(rules.begin(), rules.end(), [&](const auto* a, const auto* b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return a->id() > b->id();
  });
  return rules_for_[key] = rules;
}

const v1::WeeklyHours* Reference::WeeklyOn(const v1::Service& service,
                                           const std::string& place,
                                           absl::CivilDay day) const {
  const v1::WeeklyHours* best = nullptr;
  std::tuple<bool, int, std::string> best_rank;
  for (const v1::WeeklyHours& weekly : service.weekly()) {
    const std::string& act =
        weekly.act().empty() ? service.act() : weekly.act();
    const int depth = Narrowest(weekly.places(), place);
    if (depth < 0 || !Known(act) || !Known(service.act()) ||
        !InForce(act, day) ||
        (!weekly.from().empty() && day < Date(weekly.from())) ||
        (!weekly.until().empty() && day >= Date(weekly.until()))) {
      continue;
    }
    const auto rank =
        std::make_tuple(Names(weekly.weekdays(), day), depth, Published(act));
    if (best == nullptr || rank > best_rank ||
        (rank == best_rank && weekly.id() < best->id())) {
      best = &weekly;
      best_rank = rank;
    }
  }
  return best;
}

bool Reference::FallsOn(const v1::CalendarRule& rule,
                        absl::CivilDay day) const {
  const auto [found, added] = days_of_.try_emplace(&rule);
  if (added) {
    for (const absl::CivilDay falls : AllDaysOf(rule.days())) {
      if (falls >= covers_from_ && falls < covers_until_ &&
          InForce(rule.act(), falls)) {
        found->second.insert(falls);
      }
    }
  }
  return found->second.count(day) > 0;
}

// The days in the years of the policy on which the rule falls, and others.
std::vector<absl::CivilDay> Reference::AllDaysOf(
    const v1::DateRule& rule) const {
  const auto holds = [&](int64_t year) {
    return (rule.first_year() == 0 || year >= rule.first_year()) &&
           (rule.last_year() == 0 || year <= rule.last_year());
  };
  std::vector<absl::CivilDay> all;
  if (rule.rule_case() == v1::DateRule::kWeeks) {
    const v1::Weeks& weeks = rule.weeks();
    for (absl::CivilDay day = covers_from_; day < covers_until_; ++day) {
      if (!holds(day.year()) ||
          (!weeks.weekdays().empty() && !Names(weeks.weekdays(), day)) ||
          (!weeks.iso_weeks().empty() &&
           std::find(weeks.iso_weeks().begin(), weeks.iso_weeks().end(),
                     IsoWeekOf(day)) == weeks.iso_weeks().end())) {
        continue;
      }
      if (!weeks.from().empty()) {
        const int64_t passed =
            (MondayOf(day) - MondayOf(Date(weeks.from()))) / 7;
        if (passed < 0 || passed % std::max(1, weeks.every()) != 0) continue;
      }
      all.push_back(day);
    }
    return all;
  }
  std::set<int64_t> years;
  for (int64_t year = covers_from_.year() - 2; year <= covers_until_.year() + 2;
       ++year) {
    years.insert(year);
  }
  for (const v1::Shift& shift : rule.shifts()) years.insert(shift.year());
  if (rule.range().from().size() > 5) {
    years.insert(Date(rule.range().from()).year());
  }
  for (const int64_t year : years) {
    if (!holds(year)) continue;
    for (const absl::CivilDay day : DaysOf(rule, year)) all.push_back(day);
  }
  return all;
}

// What the first so many rules make of it: the last of them, unless it does not
// speak of the instant.
Reference::Said Reference::Below(const Asked& asked, size_t rules) const {
  if (rules == 0) return Weekly(asked);
  const v1::CalendarRule& rule = *asked.rules[rules - 1];
  Said said = Below(asked, rules - 1);
  const bool covered = said.answer.state != v1::Availability::UNCOVERED;

  v1::Certainty certainty = OrConfirmed(rule.certainty());
  if (Recurring(rule) && !asked.known_year) certainty = v1::PROJECTED;
  const auto close = [&] {
    said.answer = {v1::Availability::CLOSED, asked.service.closed_mode(),
                   rule.kind(), certainty,
                   absl::StrCat("calendar[", rule.id(), "]")};
    said.home.reset();
    return said;
  };
  const auto open = [&](v1::Mode mode, absl::optional<absl::CivilDay> home) {
    if (mode == v1::MODE_UNSPECIFIED) mode = OrRegular(asked.service.mode());
    said.answer = {v1::Availability::OPEN, mode, rule.kind(), certainty,
                   absl::StrCat("calendar[", rule.id(), "]")};
    said.home = home;
    return said;
  };
  const auto doubt = [&] {
    if (covered) {
      said.answer.certainty = std::max(said.answer.certainty, certainty);
    }
    return said;
  };

  if (rule.when_case() == v1::CalendarRule::kSpan) {
    if (asked.clock < DateTime(rule.span().from()) ||
        (!rule.span().until().empty() &&
         asked.clock >= DateTime(rule.span().until())) ||
        !InForce(rule.act(), asked.day)) {
      return said;
    }
    if (rule.effect() == v1::CalendarRule::DOUBT) return doubt();
    if (rule.effect() == v1::CalendarRule::OPEN_EXTRA) {
      return open(v1::MODE_UNSPECIFIED, absl::nullopt);
    }
    return covered ? close() : said;
  }

  const absl::CivilDay eve = asked.day - 1;
  const bool today = FallsOn(rule, asked.day);
  const bool yesterday = FallsOn(rule, eve);
  const bool whole = today || (yesterday && said.home == eve);
  const v1::Hours* now = today ? Holding(rule.hours(), asked.second) : nullptr;
  const v1::Hours* left =
      yesterday ? Holding(rule.hours(), asked.second + kDay) : nullptr;
  switch (rule.effect()) {
    case v1::CalendarRule::CLOSE:
      return whole && covered ? close() : said;
    case v1::CalendarRule::REPLACE:
      if (now != nullptr) return open(now->mode(), asked.day);
      if (left != nullptr) return open(left->mode(), eve);
      return whole ? close() : said;
    case v1::CalendarRule::OPEN_EXTRA:
      if (now != nullptr) return open(now->mode(), asked.day);
      if (left != nullptr) return open(left->mode(), eve);
      return said;
    case v1::CalendarRule::SUBTRACT:
      return (now != nullptr || left != nullptr) && covered ? close() : said;
    default:
      if (rule.hours().empty() ? whole : now != nullptr || left != nullptr) {
        return doubt();
      }
      return said;
  }
}

Reference::Said Reference::Weekly(const Asked& asked) const {
  const v1::Service& service = asked.service;
  if (service.hours_of_case() != v1::Service::HOURS_OF_NOT_SET) {
    const bool complement =
        service.hours_of_case() == v1::Service::kComplementOf;
    const std::string& base =
        complement ? service.complement_of() : service.same_as();
    Said said = Reading(*services_.at(base), asked.place, asked.clock);
    said.home.reset();
    ReferenceAnswer& answer = said.answer;
    if (answer.state == v1::Availability::UNCOVERED) return said;
    const bool open = (answer.state == v1::Availability::OPEN) != complement;
    answer.state = open ? v1::Availability::OPEN : v1::Availability::CLOSED;
    if (!open) {
      answer.mode = service.closed_mode();
    } else if (complement) {
      answer.mode = OrRegular(service.mode());
    } else if (service.mode() != v1::MODE_UNSPECIFIED) {
      answer.mode = service.mode();
    }
    return said;
  }

  Said said;
  said.answer.rule = absl::StrCat("services[", service.id(), "]");
  const auto set = [&](const v1::WeeklyHours& weekly, const v1::Hours* hours,
                       absl::CivilDay home) {
    said.answer.state =
        hours != nullptr ? v1::Availability::OPEN : v1::Availability::CLOSED;
    said.answer.mode = service.closed_mode();
    if (hours != nullptr) {
      said.answer.mode =
          OrRegular(hours->mode() != v1::MODE_UNSPECIFIED ? hours->mode()
                                                          : service.mode());
      said.home = home;
    }
    said.answer.kind = v1::REGULAR_HOURS;
    said.answer.certainty =
        asked.known_year ? OrConfirmed(weekly.certainty()) : v1::PROJECTED;
    said.answer.rule =
        absl::StrCat("services[", service.id(), "].weekly[", weekly.id(), "]");
  };
  const v1::WeeklyHours* today = WeeklyOn(service, asked.place, asked.day);
  if (today != nullptr) {
    set(*today,
        Names(today->weekdays(), asked.day)
            ? Holding(today->hours(), asked.second)
            : nullptr,
        asked.day);
  }
  const absl::CivilDay eve = asked.day - 1;
  if (said.answer.state != v1::Availability::OPEN && eve >= covers_from_) {
    const v1::WeeklyHours* yesterday = WeeklyOn(service, asked.place, eve);
    if (yesterday != nullptr && Names(yesterday->weekdays(), eve)) {
      const v1::Hours* hours = Holding(yesterday->hours(), asked.second + kDay);
      if (hours != nullptr) set(*yesterday, hours, eve);
    }
  }
  return said;
}

Reference::Said Reference::Reading(const v1::Service& service,
                                   const std::string& place,
                                   absl::CivilSecond clock) const {
  const absl::CivilDay day(clock);
  if (!Governed(service)) {
    Said silent;
    silent.answer.rule = absl::StrCat("services[", service.id(), "]");
    return silent;
  }
  bool known = false;
  for (const v1::CalendarYear& year : policy_.calendar_years()) {
    known |= year.year() == day.year() && year.known() && Known(year.act());
  }
  const std::vector<const v1::CalendarRule*>& rules =
      RulesOn(service, place, day);
  const Asked asked = {service,
                       place,
                       clock,
                       day,
                       static_cast<int>(clock - absl::CivilSecond(day)),
                       rules,
                       known};
  return Below(asked, rules.size());
}

// Whether the service follows another, or has weekly hours by a known act.
bool Reference::Governed(const v1::Service& service) const {
  bool governed = service.hours_of_case() != v1::Service::HOURS_OF_NOT_SET;
  for (const v1::WeeklyHours& weekly : service.weekly()) {
    governed |= Known(weekly.act().empty() ? service.act() : weekly.act()) &&
                Known(service.act());
  }
  return governed;
}

ReferenceAnswer Reference::At(const std::string& service,
                              const std::string& place, absl::Time t) const {
  const v1::Service& asked = *services_.at(service);
  ReferenceAnswer silent;
  silent.rule = absl::StrCat("services[", service, "]");

  if (!Governed(asked)) return silent;

  const auto [zone, added] = zones_.try_emplace(place);
  if (added) {
    std::string name = policy_.time_zone();
    for (std::string at = place; !at.empty(); at = places_.at(at)->parent()) {
      if (places_.at(at)->time_zone().empty()) continue;
      name = places_.at(at)->time_zone();
      break;
    }
    absl::LoadTimeZone(name, &zone->second);
  }
  const absl::CivilSecond clock = zone->second.At(t).cs;
  if (clock < absl::CivilSecond(covers_from_)) return silent;
  if (clock >= absl::CivilSecond(covers_until_)) {
    ReferenceAnswer beyond;
    beyond.kind = v1::BEYOND_HORIZON;
    beyond.certainty = v1::PROJECTED;
    beyond.rule = "covers_until";
    return beyond;
  }
  return Reading(asked, place, clock).answer;
}

}  // namespace guiche
