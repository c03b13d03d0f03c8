#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "interchange/formats.h"

namespace guiche {
namespace {

constexpr int kDaySeconds = 86'400;
constexpr const char* kWeekdays[] = {"Monday",   "Tuesday", "Wednesday",
                                     "Thursday", "Friday",  "Saturday",
                                     "Sunday"};

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '<') {
      // "<" too, so that it can stand in an HTML page.
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<int>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

bool IsWholeDay(const DayOpening& opening) {
  return opening.open == 0 && opening.close == kDaySeconds;
}

// A whole day is written to 23:59, as readers of the format expect: twice the
// same time would be none of it.
std::string ClosesText(const DayOpening& opening) {
  if (IsWholeDay(opening)) return "23:59";
  return ClockText(opening.close % kDaySeconds);
}

class Specifications {
 public:
  void Add(absl::string_view weekdays, absl::CivilDay first,
           absl::CivilDay last, absl::string_view opens,
           absl::string_view closes, absl::string_view name) {
    std::vector<std::string> members = {
        R"("@type": "OpeningHoursSpecification")"};
    if (!name.empty()) {
      members.push_back(absl::StrCat("\"name\": ", Quoted(name)));
    }
    if (!weekdays.empty()) {
      members.push_back(absl::StrCat("\"dayOfWeek\": [", weekdays, "]"));
    }
    members.push_back(absl::StrCat("\"opens\": ", Quoted(opens)));
    members.push_back(absl::StrCat("\"closes\": ", Quoted(closes)));
    members.push_back(
        absl::StrCat("\"validFrom\": ", Quoted(absl::FormatCivilTime(first))));
    members.push_back(absl::StrCat("\"validThrough\": ",
                                   Quoted(absl::FormatCivilTime(last))));
    list_.push_back(absl::StrCat("    {", absl::StrJoin(members, ", "), "}"));
  }

  std::string Text() const {
    if (list_.empty()) return "[]";
    return absl::StrCat("[\n", absl::StrJoin(list_, ",\n"), "\n  ]");
  }

 private:
  std::vector<std::string> list_;
};

std::string WeekdaysText(const std::vector<int>& weekdays) {
  return absl::StrJoin(weekdays, ", ", [](std::string* out, int weekday) {
    absl::StrAppend(out, "\"https://schema.org/", kWeekdays[weekday], "\"");
  });
}

}  // namespace

void WriteSchemaOrg(const ExportInput& input, Export& written) {
  const absl::CivilDay first = input.options.from;
  const absl::CivilDay last = input.options.until - 1;
  const BaseWeek week = BaseWeekOf(input.days);
  std::map<DayOpening, std::vector<int>> weekly;
  for (int i = 0; i < 7; ++i) {
    for (DayOpening opening : week[i]) {
      opening.mode = v1::REGULAR;  // which it cannot tell
      weekly[opening].push_back(i);
    }
  }
  bool whole_days = false;
  Specifications regular, special;
  for (const auto& [opening, weekdays] : weekly) {
    whole_days |= IsWholeDay(opening);
    regular.Add(WeekdaysText(weekdays), first, last, ClockText(opening.open),
                ClosesText(opening), "");
  }
  for (const Deviation& deviation : DeviationsOf(input.days, week)) {
    if (deviation.openings.empty()) {
      special.Add("", deviation.first, deviation.last, "00:00", "00:00",
                  deviation.label);
    }
    for (const DayOpening& opening : deviation.openings) {
      whole_days |= IsWholeDay(opening);
      special.Add("", deviation.first, deviation.last, ClockText(opening.open),
                  ClosesText(opening), deviation.label);
    }
  }
  if (whole_days) {
    written.losses.push_back(
        "days open throughout are written to 23:59, a minute short");
  }
  written.text = absl::StrCat(
      "{\n  \"@context\": \"https://schema.org\",\n",
      "  \"@type\": \"GovernmentOffice\",\n",
      "  \"name\": ", Quoted(input.options.name), ",\n",
      "  \"openingHoursSpecification\": ", regular.Text(), ",\n",
      "  \"specialOpeningHoursSpecification\": ", special.Text(), "\n}\n");
}

}  // namespace guiche
