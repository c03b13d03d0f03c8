#include "interchange/osm.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "interchange/brazil.h"
#include "interchange/osm_spec.h"

namespace guiche {
namespace {

// More dates than these a schedule takes in several rules only.
constexpr int kMostDates = 4000;
// The most years that a policy covers.
constexpr int kMostYears = 130;
// The most openings that a policy takes on one day.
constexpr size_t kMostOpenings = 24;

// One opening, in minutes from its day's midnight.
struct Opening {
  int open, close;
  v1::Mode mode;
};
bool operator<(const Opening& a, const Opening& b) {
  return std::tie(a.open, a.close, a.mode) < std::tie(b.open, b.close, b.mode);
}

// What a day is like.
struct Pattern {
  std::vector<Opening> openings;
  bool sure = true;
};
bool operator<(const Pattern& a, const Pattern& b) {
  return std::tie(a.openings, a.sure) < std::tie(b.openings, b.sure);
}

Pattern PatternOf(const std::vector<osm::Stretch>& day) {
  Pattern pattern;
  for (const osm::Stretch& stretch : day) {
    if (!stretch.sure || stretch.state == osm::State::kUnknown) {
      pattern.sure = false;
    }
    if (stretch.state == osm::State::kUnknown) continue;
    const v1::Mode mode = stretch.state == osm::State::kByAppointment
                              ? v1::BY_APPOINTMENT
                              : v1::REGULAR;
    std::vector<Opening>& openings = pattern.openings;
    if (!openings.empty() && openings.back().close == stretch.from &&
        openings.back().mode == mode) {
      openings.back().close = stretch.to;
    } else {
      openings.push_back({stretch.from, stretch.to, mode});
    }
  }
  return pattern;
}

using Week = std::array<Pattern, 7>;  // Monday first

int WeekdayOf(absl::CivilDay day) {
  return static_cast<int>(absl::GetWeekday(day));
}

// Writes hours that go on past midnight as one opening of the day on which they
// begin, as people do.
void JoinOverMidnight(Week& week) {
  const auto whole = [](const Pattern& day) {
    return day.openings.size() == 1 && day.openings[0].open == 0 &&
           day.openings[0].close == osm::kDay;
  };
  for (int i = 0; i < 7; ++i) {
    Pattern &today = week[i], &next = week[(i + 1) % 7];
    if (today.openings.empty() || next.openings.empty() || whole(today) ||
        whole(next) || today.sure != next.sure) {
      continue;
    }
    Opening& late = today.openings.back();
    const Opening early = next.openings.front();
    if (late.close != osm::kDay || early.open != 0 || late.mode != early.mode) {
      continue;
    }
    late.close += early.close;
    next.openings.erase(next.openings.begin());
  }
}

std::string TimeText(int minutes) {
  return absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60);
}

std::string HoursText(const Pattern& pattern) {
  if (pattern.openings.empty()) return "fechado";
  std::string text;
  for (const Opening& opening : pattern.openings) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", TimeText(opening.open),
                    "-", TimeText(opening.close));
  }
  return text;
}

template <typename Message>
void AddHours(const Pattern& pattern, Message& message) {
  for (const Opening& opening : pattern.openings) {
    v1::Hours& hours = *message.add_hours();
    hours.set_open(TimeText(opening.open));
    hours.set_close(TimeText(opening.close));
    if (opening.mode != v1::REGULAR) hours.set_mode(opening.mode);
  }
  if (!pattern.sure) message.set_certainty(v1::UNCONFIRMED);
}

// Days of like hours become one entry. A service without any would not be
// governed at all, so hours that never open say so.
void AddWeekly(const Week& week, v1::Service& service) {
  const bool never = std::all_of(
      week.begin(), week.end(),
      [](const Pattern& day) { return day.openings.empty() && day.sure; });
  std::map<Pattern, v1::WeeklyHours*> entries;
  for (int i = 0; i < 7; ++i) {
    const Pattern& pattern = week[i];
    if (pattern.openings.empty() && pattern.sure && !never) continue;
    v1::WeeklyHours*& entry = entries[pattern];
    if (entry == nullptr) {
      entry = service.add_weekly();
      entry->set_id(absl::StrCat("weekly-", entries.size()));
      entry->set_label(HoursText(pattern));
      entry->set_act("osm");
      AddHours(pattern, *entry);
    }
    entry->add_weekdays(static_cast<v1::Weekday>(i + 1));
  }
}

v1::CalendarRule& AddRule(const Pattern& pattern, v1::Policy& policy) {
  v1::CalendarRule& rule = *policy.add_calendar();
  rule.set_id(absl::StrCat("osm-", policy.calendar_size()));
  // Under holidays: hours of a season do not open on Christmas.
  rule.set_layer(v1::PARTIAL_DAY);
  const bool closed = pattern.openings.empty();
  rule.set_effect(closed ? v1::CalendarRule::CLOSE : v1::CalendarRule::REPLACE);
  rule.set_kind(closed ? v1::SUSPENSAO : v1::EXPEDIENTE_PARCIAL);
  rule.set_label(HoursText(pattern));
  rule.add_services(policy.default_service());
  AddHours(pattern, rule);
  rule.set_act("osm");
  return rule;
}

void AddDated(const std::map<Pattern, std::vector<absl::CivilDay>>& dated,
              v1::Policy& policy) {
  for (const auto& [pattern, days] : dated) {
    v1::CalendarRule* rule = nullptr;
    for (const absl::CivilDay day : days) {
      if (rule == nullptr || rule->days().dates().date_size() == kMostDates) {
        rule = &AddRule(pattern, policy);
      }
      rule->mutable_days()->mutable_dates()->add_date(
          absl::FormatCivilTime(day));
    }
  }
}

std::vector<absl::CivilDay> Sorted(
    const absl::optional<std::vector<absl::CivilDay>>& days) {
  std::vector<absl::CivilDay> sorted;
  if (days.has_value()) sorted = *days;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// What PH and SH stand for, and what else they might.
struct Holidays {
  osm::Holidays known, possible;
};

Holidays HolidaysOf(const OsmOptions& options) {
  Holidays holidays;
  holidays.known.pub = Sorted(options.public_holidays);
  holidays.known.school = Sorted(options.school_holidays);
  if (!options.public_holidays.has_value() && IsInBrazil(options.time_zone)) {
    // From the day before on: its night may reach into the first day.
    holidays.known.pub =
        NationalHolidays((options.from - 1).year(), options.until.year());
  }
  holidays.possible = holidays.known;
  holidays.possible.all_pub = !options.public_holidays.has_value();
  holidays.possible.all_school = !options.school_holidays.has_value();
  return holidays;
}

// The rules that hold on a day; and if it should be a holiday, too.
struct RulesOfDay {
  std::vector<bool> known, possible;

  RulesOfDay(const osm::Spec& spec, absl::CivilDay day,
             const Holidays& holidays)
      : known(spec.RulesOn(day, holidays.known)),
        possible(spec.RulesOn(day, holidays.possible)) {}
};
bool operator<(const RulesOfDay& a, const RulesOfDay& b) {
  return std::tie(a.known, a.possible) < std::tie(b.known, b.possible);
}

Pattern PatternOf(const osm::Spec& spec, const RulesOfDay& today,
                  const RulesOfDay& yesterday) {
  const std::vector<osm::Stretch> day =
      spec.Compose(today.known, yesterday.known);
  Pattern pattern = PatternOf(day);
  if (day != spec.Compose(today.possible, yesterday.known) ||
      day != spec.Compose(today.known, yesterday.possible) ||
      day != spec.Compose(today.possible, yesterday.possible)) {
    pattern.sure = false;
  }
  return pattern;
}

// What each day of [from, until) is like, as an index into the patterns, of
// which there are few: days with the same rules are alike.
struct Days {
  std::vector<Pattern> patterns;
  std::vector<int> of_day;
};

Days DaysOf(const osm::Spec& spec, const Holidays& holidays,
            absl::CivilDay from, absl::CivilDay until) {
  Days days;
  std::map<std::pair<RulesOfDay, RulesOfDay>, int> by_rules;
  std::map<Pattern, int> by_pattern;
  RulesOfDay yesterday(spec, from - 1, holidays);
  for (absl::CivilDay day = from; day < until; ++day) {
    RulesOfDay today(spec, day, holidays);
    const auto [found, added] =
        by_rules.try_emplace(std::make_pair(today, yesterday), 0);
    if (added) {
      Pattern pattern = PatternOf(spec, today, yesterday);
      const int next = static_cast<int>(days.patterns.size());
      found->second = by_pattern.try_emplace(pattern, next).first->second;
      if (found->second == next) days.patterns.push_back(std::move(pattern));
    }
    days.of_day.push_back(found->second);
    yesterday = std::move(today);
  }
  return days;
}

// For each weekday the pattern of most of its days.
std::array<int, 7> MostCommon(absl::CivilDay from, const Days& days) {
  std::array<std::vector<int>, 7> counts;
  for (std::vector<int>& count : counts) count.resize(days.patterns.size());
  for (size_t i = 0; i < days.of_day.size(); ++i) {
    ++counts[(WeekdayOf(from) + i) % 7][days.of_day[i]];
  }
  std::array<int, 7> most;
  for (int i = 0; i < 7; ++i) {
    most[i] =
        static_cast<int>(std::max_element(counts[i].begin(), counts[i].end()) -
                         counts[i].begin());
  }
  return most;
}

using Dated = std::map<Pattern, std::vector<absl::CivilDay>>;

absl::Status CheckOpenings(const Week& week, const Dated& dated) {
  size_t most = 0;
  for (const Pattern& day : week) most = std::max(most, day.openings.size());
  for (const auto& [day, dates] : dated) {
    most = std::max(most, day.openings.size());
  }
  if (most <= kMostOpenings) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("hours: open ", most,
                                                 " times on one day; at most ",
                                                 kMostOpenings, " are taken"));
}

std::vector<std::string> LossesOf(const osm::Spec& spec,
                                  const OsmOptions& options) {
  std::vector<std::string> losses;
  if (spec.NamesPublicHolidays() && !options.public_holidays.has_value()) {
    losses.push_back(absl::StrCat(
        "PH stands for ",
        IsInBrazil(options.time_zone) ? "Brazil's national holidays" : "no day",
        ", as no public holidays were given; days that one would change are "
        "UNCONFIRMED"));
  }
  if (spec.NamesSchoolHolidays() && !options.school_holidays.has_value()) {
    losses.push_back(
        "SH stands for no day, as no school holidays were given; days that one "
        "would change are UNCONFIRMED");
  }
  if (spec.HasUnknown()) {
    losses.push_back("unknown hours are closed, and their days UNCONFIRMED");
  }
  if (spec.HasOpenEnds()) {
    losses.push_back(
        "an open end lasts until the day ends, or as long as is stated, and "
        "its days are UNCONFIRMED");
  }
  return losses;
}

}  // namespace

absl::StatusOr<OsmImport> ImportOsm(absl::string_view hours,
                                    const OsmOptions& options) {
  if (options.until <= options.from ||
      options.until > absl::CivilDay(options.from.year() + kMostYears,
                                     options.from.month(),
                                     options.from.day())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "until: \"", absl::FormatCivilTime(options.until),
        "\" is not after from \"", absl::FormatCivilTime(options.from),
        "\", or more than ", kMostYears, " years"));
  }
  const absl::StatusOr<osm::Spec> spec = osm::Spec::Parse(hours);
  if (!spec.ok()) return spec.status();
  const Holidays holidays = HolidaysOf(options);

  OsmImport import;
  import.losses = LossesOf(*spec, options);
  v1::Policy& policy = import.policy;
  policy.set_id("osm");
  policy.set_version("1");
  policy.set_time_zone(options.time_zone);
  policy.set_covers_from(absl::FormatCivilTime(options.from));
  policy.set_covers_until(absl::FormatCivilTime(options.until));
  policy.set_default_service(options.service);
  v1::Act& act = *policy.add_acts();
  act.set_id("osm");
  act.set_kind(v1::Act::OUTRO);
  act.set_title(absl::StrCat("opening_hours=", hours));
  // The hours say what holds in every year: none is a projection.
  for (int64_t year = options.from.year(); year <= options.until.year();
       ++year) {
    v1::CalendarYear& known = *policy.add_calendar_years();
    known.set_year(static_cast<int32_t>(year));
    known.set_known(true);
    known.set_act("osm");
  }
  v1::Service& service = *policy.add_services();
  service.set_id(options.service);
  service.set_name(options.service);
  service.set_act("osm");

  Week week;
  Dated dated;
  if (spec->IsWeekly()) {
    for (int i = 0; i < 7; ++i) {
      const absl::CivilDay monday(2024, 1, 1);
      week[i] = PatternOf(spec->On(monday + i, holidays.known));
    }
  } else {
    const Days days = DaysOf(*spec, holidays, options.from, options.until);
    const std::array<int, 7> most = MostCommon(options.from, days);
    for (int i = 0; i < 7; ++i) week[i] = days.patterns[most[i]];
    for (size_t i = 0; i < days.of_day.size(); ++i) {
      const absl::CivilDay day = options.from + i;
      if (days.of_day[i] == most[WeekdayOf(day)]) continue;
      dated[days.patterns[days.of_day[i]]].push_back(day);
    }
  }
  const absl::Status few = CheckOpenings(week, dated);
  if (!few.ok()) return few;
  // Where a dated rule replaces a day it must replace it whole, spill and all:
  // then every opening stays within its day.
  if (dated.empty()) JoinOverMidnight(week);
  AddWeekly(week, service);
  AddDated(dated, policy);
  return import;
}

absl::StatusOr<Schedule> CompileHours(absl::string_view hours,
                                      absl::string_view time_zone) {
  OsmOptions options;
  options.time_zone = std::string(time_zone);
  const absl::StatusOr<OsmImport> import = ImportOsm(hours, options);
  if (!import.ok()) return import.status();
  return Schedule::Compile(import->policy);
}

}  // namespace guiche
