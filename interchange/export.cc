#include "interchange/export.h"

#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "interchange/formats.h"

namespace guiche {
namespace {

constexpr int kMostYears = 40;

// Calls `visit` with each stretch of the span that has one answer.
template <typename Visit>
void ForEachStretch(const ExportInput& input, Visit visit) {
  absl::Time t = input.from;
  while (t < input.until) {
    const Verdict verdict = input.schedule.At(input.window, t);
    absl::Time end = input.until;
    if (verdict.until.kind == Moment::kAt) {
      end = std::min(end, verdict.until.at());
    }
    visit(verdict, t, end);
    t = end;
  }
}

// Adds one loss for all stretches on which `lost` holds, naming the first.
template <typename Lost>
void AddLoss(const ExportInput& input, absl::string_view sentence, Lost lost,
             Export& written) {
  int count = 0;
  absl::Time first;
  ForEachStretch(input,
                 [&](const Verdict& verdict, absl::Time begin, absl::Time) {
                   if (lost(verdict) && count++ == 0) first = begin;
                 });
  if (count == 0) return;
  written.losses.push_back(absl::StrCat(sentence, ": ", count,
                                        count == 1 ? " stretch, from "
                                                   : " stretches, the "
                                                     "first from ",
                                        FormatInstant(first, input.zone)));
}

void AddLosses(const ExportInput& input, ExportFormat format, Export& written) {
  if (format == ExportFormat::kCsv) return;
  AddLoss(
      input, "where the policy is silent it reads as closed",
      [](const Verdict& v) { return v.state == State::kUncovered; }, written);
  if (format == ExportFormat::kICalendar) return;
  AddLoss(
      input, "nothing tells hours that are PROJECTED or UNCONFIRMED",
      [](const Verdict& v) {
        return v.state != State::kUncovered && v.certainty != v1::CONFIRMED;
      },
      written);
  if (format == ExportFormat::kOsm) return;
  AddLoss(
      input, "nothing tells modes other than REGULAR",
      [](const Verdict& v) {
        return v.state == State::kOpen && v.mode != v1::REGULAR;
      },
      written);
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

absl::string_view StateName(State state) {
  switch (state) {
    case State::kOpen:
      return "OPEN";
    case State::kClosed:
      return "CLOSED";
    case State::kUncovered:
      return "UNCOVERED";
  }
  return "";
}

}  // namespace

absl::string_view ModeLabel(v1::Mode mode) {
  switch (mode) {
    case v1::BY_APPOINTMENT:
      return "com hora marcada";
    case v1::PLANTAO:
      return "plantão";
    default:
      return "";
  }
}

BaseWeek BaseWeekOf(const std::vector<DayHoursShown>& days) {
  std::array<std::map<std::vector<DayOpening>, int>, 7> counts;
  for (const DayHoursShown& day : days) {
    ++counts[WeekdayIndex(day.day)][day.openings];
  }
  BaseWeek week;
  for (int i = 0; i < 7; ++i) {
    int most = 0;
    for (const auto& [openings, count] : counts[i]) {
      if (count <= most) continue;
      most = count;
      week[i] = openings;
    }
  }
  return week;
}

std::vector<Deviation> DeviationsOf(const std::vector<DayHoursShown>& days,
                                    const BaseWeek& week) {
  std::vector<Deviation> deviations;
  bool going_on = false;
  for (const DayHoursShown& day : days) {
    if (day.openings == week[WeekdayIndex(day.day)]) {
      going_on &=
          !deviations.empty() && deviations.back().openings == day.openings;
      continue;
    }
    if (going_on && deviations.back().openings == day.openings &&
        deviations.back().label == day.reason.label()) {
      deviations.back().last = day.day;
    } else {
      deviations.push_back(
          {day.day, day.day, day.openings, day.reason.label()});
    }
    going_on = true;
  }
  return deviations;
}

void WriteSql(const ExportInput& input, Export& written) {
  std::string& text = written.text;
  text = "SELECT '{";
  absl::string_view separator = "\n  ";
  const auto utc = [](absl::Time t) {
    return absl::FormatTime("%E4Y-%m-%d %H:%M:%S+00", t, absl::UTCTimeZone());
  };
  for (const OpenInterval& interval :
       input.schedule.Intervals(input.window, input.from, input.until)) {
    absl::StrAppend(&text, separator, "[\"", utc(interval.open), "\",\"",
                    utc(interval.close), "\")");
    separator = ",\n  ";
  }
  absl::StrAppend(&text, "}'::tstzmultirange AS open_hours;\n");
}

void WriteCsv(const ExportInput& input, Export& written) {
  std::string& text = written.text;
  text = "from,until,state,mode,certainty,kind,rule,label,act\r\n";
  ForEachStretch(
      input, [&](const Verdict& verdict, absl::Time begin, absl::Time end) {
        const bool covered = verdict.state != State::kUncovered;
        absl::StrAppend(
            &text, FormatInstant(begin, input.zone), ",",
            FormatInstant(end, input.zone), ",", StateName(verdict.state), ",",
            v1::Mode_Name(verdict.mode), ",",
            covered ? v1::Certainty_Name(verdict.certainty) : "", ",",
            v1::Kind_Name(verdict.kind), ",", CsvField(verdict.rule), ",",
            CsvField(verdict.label), ",", CsvField(verdict.act), "\r\n");
      });
}

absl::StatusOr<Export> ExportHours(const Schedule& schedule, Window window,
                                   ExportFormat format,
                                   const ExportOptions& options) {
  if (options.until <= options.from) {
    return absl::InvalidArgumentError(absl::StrCat(
        "until: \"", absl::FormatCivilTime(options.until),
        "\" is not after from \"", absl::FormatCivilTime(options.from), "\""));
  }
  if (options.until > absl::CivilDay(options.from.year() + kMostYears,
                                     options.from.month(),
                                     options.from.day())) {
    return absl::InvalidArgumentError(
        absl::StrCat("until: \"", absl::FormatCivilTime(options.until),
                     "\" is more than ", kMostYears, " years after from \"",
                     absl::FormatCivilTime(options.from), "\""));
  }
  const absl::TimeZone zone = schedule.TimeZone(window);
  const ExportInput input = {
      schedule,
      window,
      options,
      zone,
      absl::FromCivil(options.from, zone),
      absl::FromCivil(options.until, zone),
      DaysShown(schedule, window, options.from, options.until)};
  Export written;
  AddLosses(input, format, written);
  switch (format) {
    case ExportFormat::kICalendar:
      WriteICalendar(input, written);
      break;
    case ExportFormat::kOsm:
      WriteOsm(input, written);
      break;
    case ExportFormat::kSchemaOrg:
      WriteSchemaOrg(input, written);
      break;
    case ExportFormat::kSql:
      WriteSql(input, written);
      break;
    case ExportFormat::kCsv:
      WriteCsv(input, written);
      break;
  }
  if (options.strict && !written.losses.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("strict: the format cannot say all of it\n",
                     absl::StrJoin(written.losses, "\n")));
  }
  return written;
}

}  // namespace guiche
