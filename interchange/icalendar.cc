#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "interchange/formats.h"

namespace guiche {
namespace {

constexpr size_t kLineBytes = 75;  // RFC 5545, 3.1, without the line's end

// One content line, folded between characters of UTF-8.
void AddLine(absl::string_view line, std::string& text) {
  size_t room = kLineBytes;
  while (line.size() > room) {
    size_t cut = room;
    while ((line[cut] & 0xC0) == 0x80) --cut;
    absl::StrAppend(&text, line.substr(0, cut), "\r\n ");
    line.remove_prefix(cut);
    room = kLineBytes - 1;  // the blank counts
  }
  absl::StrAppend(&text, line, "\r\n");
}

std::string Escaped(absl::string_view value) {
  return absl::StrReplaceAll(
      value,
      {{"\\", "\\\\"}, {";", "\\;"}, {",", "\\,"}, {"\r", ""}, {"\n", "\\n"}});
}

std::string Utc(absl::Time t) {
  return absl::FormatTime("%E4Y%m%dT%H%M%SZ", t, absl::UTCTimeZone());
}

std::string Date(absl::CivilDay day) {
  return absl::StrCat(
      absl::FormatCivilTime(absl::CivilYear(day)),
      absl::FormatTime("%m%d", absl::FromCivil(day, absl::UTCTimeZone()),
                       absl::UTCTimeZone()));
}

// "Resolução nº 024/2022/DPG, art. 3º", as far as it is known.
std::string SourceOf(absl::string_view title, absl::string_view article) {
  return article.empty() ? std::string(title)
                         : absl::StrCat(title, ", ", article);
}

class Calendar {
 public:
  Calendar(const ExportInput& input, std::string& text)
      : input_(input), text_(text) {}

  void Write() {
    Add("BEGIN:VCALENDAR");
    Add("VERSION:2.0");
    Add("PRODID:-//guiche//guiche//PT");
    Add("CALSCALE:GREGORIAN");
    Add(absl::StrCat("X-WR-CALNAME:", Escaped(input_.options.name)));
    Add(absl::StrCat("X-WR-TIMEZONE:", input_.zone.name()));
    for (const OpenInterval& interval :
         input_.schedule.Intervals(input_.window, input_.from, input_.until)) {
      WriteOpening(interval);
    }
    for (const DayHoursShown& day : input_.days) {
      if (day.reason.kind() != v1::KIND_UNSPECIFIED) WriteDay(day);
    }
    Add("END:VCALENDAR");
  }

 private:
  void Add(absl::string_view line) { AddLine(line, text_); }

  void Begin(absl::string_view what, absl::string_view when) {
    Add("BEGIN:VEVENT");
    Add(absl::StrCat("UID:", Escaped(absl::StrCat(what, "-", when, "-",
                                                  input_.options.id))));
    Add(absl::StrCat("DTSTAMP:", Utc(input_.options.stamp)));
  }

  void End(v1::Certainty certainty) {
    Add(certainty == v1::CONFIRMED ? "STATUS:CONFIRMED" : "STATUS:TENTATIVE");
    Add("TRANSP:TRANSPARENT");
    Add("END:VEVENT");
  }

  void WriteOpening(const OpenInterval& interval) {
    const Verdict verdict = input_.schedule.At(input_.window, interval.open);
    const absl::string_view mode = ModeLabel(interval.mode);
    Begin("open", Utc(interval.open));
    Add(absl::StrCat("DTSTART:", Utc(interval.open)));
    Add(absl::StrCat("DTEND:", Utc(interval.close)));
    Add(absl::StrCat("SUMMARY:",
                     Escaped(absl::StrCat("Aberto", mode.empty() ? "" : " (",
                                          mode, mode.empty() ? "" : ")", ": ",
                                          input_.options.name))));
    if (!verdict.label.empty()) {
      Add(absl::StrCat("DESCRIPTION:", Escaped(verdict.label)));
    }
    Add("CATEGORIES:OPEN");
    End(verdict.certainty);
  }

  void WriteDay(const DayHoursShown& day) {
    const std::string hours = OpeningsText(day.openings);
    Begin("day", Date(day.day));
    Add(absl::StrCat("DTSTART;VALUE=DATE:", Date(day.day)));
    Add(absl::StrCat("DTEND;VALUE=DATE:", Date(day.day + 1)));
    Add(absl::StrCat("SUMMARY:",
                     Escaped(absl::StrCat(day.reason.label(), ": ", hours))));
    const std::string source =
        SourceOf(day.reason.act_title(), day.reason.article());
    if (!source.empty()) Add(absl::StrCat("DESCRIPTION:", Escaped(source)));
    if (!day.reason.act_url().empty()) {
      Add(absl::StrCat("URL:", day.reason.act_url()));
    }
    Add("CATEGORIES:CALENDAR");
    End(day.certainty);
  }

  const ExportInput& input_;
  std::string& text_;
};

}  // namespace

void WriteICalendar(const ExportInput& input, Export& written) {
  Calendar(input, written.text).Write();
}

}  // namespace guiche
