#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "interchange/formats.h"
#include "interchange/osm.h"

namespace guiche {
namespace {

constexpr const char* kWeekdays[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string DateText(absl::CivilDay day) {
  return absl::StrFormat("%d %s %02d", day.year(), kMonths[day.month() - 1],
                         day.day());
}

std::string RangeText(absl::CivilDay first, absl::CivilDay last) {
  return first == last ? DateText(first)
                       : absl::StrCat(DateText(first), "-", DateText(last));
}

// "Mo-Fr,Su" of sorted weekdays.
std::string WeekdaysText(const std::vector<int>& weekdays) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < weekdays.size();) {
    size_t end = i + 1;
    while (end < weekdays.size() && weekdays[end] == weekdays[end - 1] + 1) {
      ++end;
    }
    const std::string first = kWeekdays[weekdays[i]];
    const std::string last = kWeekdays[weekdays[end - 1]];
    parts.push_back(end - i == 1   ? first
                    : end - i == 2 ? absl::StrCat(first, ",", last)
                                   : absl::StrCat(first, "-", last));
    i = end;
  }
  return absl::StrJoin(parts, ",");
}

std::string Quoted(absl::string_view comment) {
  return absl::StrCat("\"", absl::StrReplaceAll(comment, {{"\"", "'"}}), "\"");
}

std::string CommentOf(v1::Mode mode, absl::string_view label) {
  if (mode == v1::BY_APPOINTMENT) {
    return label.empty() ? "by appointment"
                         : absl::StrCat(label, ", by appointment");
  }
  const absl::string_view what = ModeLabel(mode);
  if (what.empty() || label.empty()) return absl::StrCat(what, label);
  return absl::StrCat(label, ", ", what);
}

// The days' hours, a rule and one more for each further mode.
std::string RuleText(absl::string_view days,
                     const std::vector<DayOpening>& openings,
                     absl::string_view label) {
  if (openings.empty()) {
    return absl::StrCat(days, " off", label.empty() ? "" : " ",
                        label.empty() ? "" : Quoted(label));
  }
  std::map<v1::Mode, std::vector<std::string>> times;
  for (const DayOpening& opening : openings) {
    // OSM has minutes only; reading back tells where that matters.
    times[opening.mode].push_back(
        absl::StrCat(ClockText(opening.open / 60 * 60), "-",
                     ClockText(opening.close / 60 * 60)));
  }
  std::vector<std::string> rules;
  for (const auto& [mode, list] : times) {
    const std::string comment = CommentOf(mode, label);
    rules.push_back(absl::StrCat(days, " ", absl::StrJoin(list, ","),
                                 comment.empty() ? "" : " open ",
                                 comment.empty() ? "" : Quoted(comment)));
  }
  return absl::StrJoin(rules, ", ");
}

std::vector<std::pair<absl::Time, absl::Time>> Joined(
    const std::vector<OpenInterval>& intervals) {
  std::vector<std::pair<absl::Time, absl::Time>> joined;
  for (const OpenInterval& interval : intervals) {
    if (!joined.empty() && joined.back().second == interval.open) {
      joined.back().second = interval.close;
    } else {
      joined.emplace_back(interval.open, interval.close);
    }
  }
  return joined;
}

// Reads the value back, and says where its hours are others.
void Compare(const ExportInput& input, Export& written) {
  OsmOptions options;
  options.time_zone = input.zone.name();
  options.from = input.options.from;
  options.until = input.options.until;
  const absl::StatusOr<OsmImport> import = ImportOsm(written.text, options);
  const absl::StatusOr<Schedule> read =
      import.ok() ? Schedule::Compile(import->policy)
                  : absl::StatusOr<Schedule>(import.status());
  if (!read.ok()) {
    written.losses.push_back(
        absl::StrCat("it cannot be read back, so nobody "
                     "knows what it loses: ",
                     read.status().message()));
    return;
  }
  const auto ours =
      Joined(input.schedule.Intervals(input.window, input.from, input.until));
  const auto theirs =
      Joined(read->Intervals(*read->Find("", ""), input.from, input.until));
  const auto [a, b] =
      std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  if (a == ours.end() && b == theirs.end()) return;
  const absl::Time differs = a == ours.end()     ? b->first
                             : b == theirs.end() ? a->first
                             : a->first != b->first
                                 ? std::min(a->first, b->first)
                                 : std::min(a->second, b->second);
  written.losses.push_back(
      absl::StrCat("read back its hours are others, the first from ",
                   FormatInstant(differs, input.zone)));
}

}  // namespace

void WriteOsm(const ExportInput& input, Export& written) {
  const BaseWeek week = BaseWeekOf(input.days);
  const std::string span =
      RangeText(input.options.from, input.options.until - 1);
  std::map<std::vector<DayOpening>, std::vector<int>> weekly;
  for (int i = 0; i < 7; ++i) weekly[week[i]].push_back(i);
  std::vector<std::string> rules;
  for (const auto& [openings, weekdays] : weekly) {
    if (openings.empty()) continue;
    rules.push_back(RuleText(
        weekdays.size() == 7 ? span
                             : absl::StrCat(span, " ", WeekdaysText(weekdays)),
        openings, ""));
  }
  // Days with like hours and one reason share a rule, in order of the first.
  std::vector<std::pair<const Deviation*, std::vector<std::string>>> dated;
  const std::vector<Deviation> deviations = DeviationsOf(input.days, week);
  for (const Deviation& deviation : deviations) {
    auto found =
        std::find_if(dated.begin(), dated.end(), [&](const auto& entry) {
          return entry.first->openings == deviation.openings &&
                 entry.first->label == deviation.label;
        });
    if (found == dated.end()) {
      found = dated.insert(found, {&deviation, {}});
    }
    found->second.push_back(RangeText(deviation.first, deviation.last));
  }
  for (const auto& [deviation, dates] : dated) {
    rules.push_back(RuleText(absl::StrJoin(dates, ","), deviation->openings,
                             deviation->label));
  }
  written.text = rules.empty() ? "off" : absl::StrJoin(rules, "; ");
  Compare(input, written);
  written.text += '\n';
}

}  // namespace guiche
