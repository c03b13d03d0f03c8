#include "schedule/ties.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace guiche {
namespace {

constexpr int64_t kMostMeetings = 100'000'000;

bool OnlyCloses(const DatedRule& rule) {
  return rule.effect == v1::CalendarRule::CLOSE ||
         rule.effect == v1::CalendarRule::SUBTRACT;
}

// What a rule says of one day: these hours, in seconds from its midnight.
std::vector<DayHours> Extent(const DatedRule& rule, Day day) {
  const Second midnight = Second{day} * kDaySeconds;
  if (rule.is_span) {
    const Second from = std::max(rule.span_from, midnight) - midnight;
    const Second until =
        std::min(rule.span_until, midnight + kDaySeconds) - midnight;
    return {{static_cast<int32_t>(from), static_cast<int32_t>(until),
             v1::MODE_UNSPECIFIED}};
  }
  if (rule.effect == v1::CalendarRule::CLOSE ||
      rule.effect == v1::CalendarRule::REPLACE) {
    return {{0, kDaySeconds, v1::MODE_UNSPECIFIED}};
  }
  return rule.hours;
}

bool Contradict(const DatedRule& a, const DatedRule& b, Day day) {
  if ((a.services & b.services) == 0) return false;
  if (OnlyCloses(a) && OnlyCloses(b)) return false;
  if (a.effect == b.effect && !a.is_span && !b.is_span && a.hours == b.hours) {
    return false;
  }
  const bool both_open = a.effect == v1::CalendarRule::OPEN_EXTRA &&
                         b.effect == v1::CalendarRule::OPEN_EXTRA;
  for (const DayHours& one : Extent(a, day)) {
    for (const DayHours& other : Extent(b, day)) {
      if (one.open >= other.close || other.open >= one.close) continue;
      if (!both_open || one.mode != other.mode) return true;
    }
  }
  return false;
}

class Ties {
 public:
  Ties(const ScheduleTable& table, Problems& problems)
      : table_(table), problems_(problems) {}

  void Run() {
    for (int place = 0; place < table_.places.size(); ++place) {
      const std::vector<uint32_t>& here = table_.dated_at[place];
      for (size_t i = 0; i < here.size();) {
        const DatedRule& first = table_.dated[here[i]];
        size_t end = i + 1;
        while (end < here.size() &&
               table_.dated[here[end]].layer == first.layer &&
               table_.dated[here[end]].published == first.published) {
          ++end;
        }
        CheckTiesAmong(place, absl::MakeSpan(&here[i], end - i));
        i = end;
      }
    }
    for (size_t i = 0; i < table_.services.size(); ++i) {
      CheckWeeklyTies(table_.services[i]);
    }
  }

 private:
  // Rules of one layer, place and publication. Those that only close agree.
  void CheckTiesAmong(int place, absl::Span<const uint32_t> among) {
    struct OnDay {
      Day day;
      uint32_t rule;
    };
    std::vector<OnDay> days;
    bool may_differ = false;
    for (const uint32_t i : among) {
      const DatedRule& rule = table_.dated[i];
      if (rule.effect == v1::CalendarRule::DOUBT) continue;
      may_differ |= !OnlyCloses(rule);
    }
    if (!may_differ || among.size() < 2) return;
    for (const uint32_t i : among) {
      const DatedRule& rule = table_.dated[i];
      if (rule.effect == v1::CalendarRule::DOUBT) continue;
      for (const Day day : rule.days) days.push_back({day, i});
      if (!rule.is_span) continue;
      const Day from = static_cast<Day>(std::clamp<Second>(
          rule.span_from / kDaySeconds - 1, table_.first_day, table_.last_day));
      const Day until = static_cast<Day>(
          std::clamp<Second>(rule.span_until / kDaySeconds + 1,
                             table_.first_day, table_.last_day));
      for (Day day = from; day < until; ++day) days.push_back({day, i});
    }
    meetings_ += static_cast<int64_t>(days.size());
    if (TooManyMeetings()) return;
    std::sort(days.begin(), days.end(), [](const OnDay& a, const OnDay& b) {
      return a.day != b.day ? a.day < b.day : a.rule < b.rule;
    });
    absl::flat_hash_map<std::pair<uint32_t, uint32_t>, bool> told;
    for (size_t i = 0; i < days.size(); ++i) {
      for (size_t k = i + 1; k < days.size() && days[k].day == days[i].day;
           ++k) {
        const DatedRule& a = table_.dated[days[i].rule];
        const DatedRule& b = table_.dated[days[k].rule];
        ++meetings_;
        if (TooManyMeetings()) return;
        if (!Contradict(a, b, days[i].day)) continue;
        if (!told.try_emplace({days[i].rule, days[k].rule}, true).second) {
          continue;
        }
        problems_.Add(
            table_.rules[std::min(a.rule, b.rule)].path,
            absl::StrCat(
                "contradicts ", table_.rules[std::max(a.rule, b.rule)].path,
                " on ", DateText(days[i].day),
                place == 0
                    ? std::string()
                    : absl::StrCat(" in \"", table_.places[place].id, "\""),
                ": both have one layer, place and publication; change one of "
                "these, or make them one rule"));
        if (told.size() > static_cast<size_t>(Problems::kLimit)) return;
      }
    }
  }

  bool TooManyMeetings() {
    if (meetings_ <= kMostMeetings) return false;
    if (problems_.ok()) {
      problems_.Add("calendar",
                    absl::StrCat("rules of one layer, place and publication "
                                 "meet on more than ",
                                 kMostMeetings, " days; make them fewer"));
    }
    return true;
  }

  void CheckWeeklyTies(const ServiceInfo& service) {
    const std::vector<WeeklyRule>& all = service.weekly;
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t k = i + 1; k < all.size(); ++k) {
        const WeeklyRule& a = all[i];
        const WeeklyRule& b = all[k];
        if (a.published != b.published || (a.weekdays & b.weekdays) == 0 ||
            a.from >= b.until || b.from >= a.until ||
            (a.hours == b.hours && a.certainty == b.certainty)) {
          continue;
        }
        for (const int place : a.places) {
          if (std::find(b.places.begin(), b.places.end(), place) ==
              b.places.end()) {
            continue;
          }
          problems_.Add(
              table_.rules[a.rule].path,
              absl::StrCat("contradicts ", table_.rules[b.rule].path,
                           ": both give hours of one weekday and place, by one "
                           "publication; make them one rule, or bound them by "
                           "from and until"));
          break;
        }
      }
    }
  }

  const ScheduleTable& table_;
  Problems& problems_;
  int64_t meetings_ = 0;  // of rules of one rank on one day
};

}  // namespace

void CheckTies(const ScheduleTable& table, Problems& problems) {
  Ties(table, problems).Run();
}

}  // namespace guiche
