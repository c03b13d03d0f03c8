#include "interchange/picture.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "interchange/days.h"
#include "interchange/formats.h"
#include "interchange/markup.h"

namespace guiche {
namespace {

constexpr const char* kMonths[] = {
    "janeiro", "fevereiro", "março",    "abril",   "maio",     "junho",
    "julho",   "agosto",    "setembro", "outubro", "novembro", "dezembro"};
// Sunday first, as calendars in Brazil are.
constexpr const char* kWeekdays[] = {
    "domingo",      "segunda-feira", "terça-feira", "quarta-feira",
    "quinta-feira", "sexta-feira",   "sábado"};
constexpr const char* kInitials[] = {"D", "S", "T", "Q", "Q", "S", "S"};
constexpr int kHourHeight = 24;

// 0 is Sunday.
int Column(absl::CivilDay day) { return (WeekdayIndex(day) + 1) % 7; }

// What a day is like, as the legend tells days apart.
enum DayClass {
  kOpen,
  kWeeklyClosed,
  kPartial,
  kHoliday,
  kOptional,
  kRecess,
  kSuspended,
  kSilent,
};
struct ClassLook {
  const char* name;    // of the style
  const char* letter;  // beside the number
  const char* legend;
};
constexpr ClassLook kLooks[] = {
    {"open", "", "aberto no horário da semana"},
    {"weekly", "", "fechado pelo horário da semana"},
    {"partial", "P", "aberto em outro horário"},
    {"holiday", "F", "fechado: feriado"},
    {"optional", "O", "fechado: ponto facultativo"},
    {"recess", "R", "fechado: recesso"},
    {"suspended", "S", "fechado: outro motivo"},
    {"silent", "?", "a política nada diz"},
};

// Styles and patterns. Each fill differs from the others in grey too.
constexpr char kStyle[] = R"svg(<style>
text{font-family:sans-serif;font-size:12px;fill:#111}
.h1{font-size:20px;font-weight:bold}.h2{font-size:14px;font-weight:bold}
.small{font-size:11px;fill:#333}.letter{font-size:9px;font-weight:bold}
.cell{stroke:#555;stroke-width:1}.doubt{stroke-dasharray:3 2;stroke-width:2}
.open{fill:#fff}.weekly{fill:#d9d9d9}.partial{fill:url(#half)}
.holiday{fill:#1f3a5f}.optional{fill:url(#cross)}.recess{fill:url(#lines)}
.suspended{fill:url(#dots)}.silent{fill:#fff;stroke:#bbb}
.onholiday{fill:#fff}.upright{stroke:#fff;stroke-width:4;paint-order:stroke;font-weight:bold}.hour{stroke:#ccc;stroke-width:1}
.plate{fill:#fff;fill-opacity:.85}
.block{fill:#cfe3f5;stroke:#1f3a5f;stroke-width:1.5}
</style>
<defs>
<pattern id="half" width="1" height="1" patternUnits="objectBoundingBox" patternContentUnits="objectBoundingBox"><path d="M0 1L1 0V1Z" fill="#b9c9d9"/></pattern>
<pattern id="lines" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><rect width="2.5" height="6" fill="#8aa0b6"/></pattern>
<pattern id="cross" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#fff"/><path d="M0 0L7 7M7 0L0 7" stroke="#55708c" stroke-width="1.3"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#fff"/><circle cx="3" cy="3" r="1.7" fill="#444"/></pattern>
</defs>
)svg";

DayClass ClassOf(const Schedule& schedule, Window window, const BaseWeek& week,
                 const DayHoursShown& day) {
  const bool open = !day.openings.empty();
  // A reason that holds outside the day's hours alone changes none.
  if (open && day.openings == week[WeekdayIndex(day.day)]) return kOpen;
  switch (day.reason.kind()) {
    case v1::KIND_UNSPECIFIED: {
      const absl::Time noon = absl::FromCivil(absl::CivilHour(day.day) + 12,
                                              schedule.TimeZone(window));
      if (schedule.At(window, noon).state == State::kUncovered) return kSilent;
      return open ? kOpen : kWeeklyClosed;
    }
    case v1::FERIADO_NACIONAL:
    case v1::FERIADO_ESTADUAL:
    case v1::FERIADO_MUNICIPAL:
      return open ? kPartial : kHoliday;
    case v1::PONTO_FACULTATIVO:
      return open ? kPartial : kOptional;
    case v1::RECESSO:
      return open ? kPartial : kRecess;
    default:
      return open ? kPartial : kSuspended;
  }
}

bool IsDoubtful(const DayHoursShown& day) {
  return day.certainty == v1::PROJECTED || day.certainty == v1::UNCONFIRMED;
}

std::string LongDate(absl::CivilDay day) {
  return absl::StrCat(day.day(), day.day() == 1 ? "º" : "", " de ",
                      kMonths[day.month() - 1]);
}

// "4 de junho, quinta-feira: fechado. Corpus Christi (Portaria 5)"
std::string DayTitle(const DayHoursShown& day, DayClass look) {
  std::string title = absl::StrCat(
      LongDate(day.day), ", ", kWeekdays[Column(day.day)], ": ",
      look == kSilent ? kLooks[kSilent].legend : OpeningsText(day.openings));
  if (!day.reason.label().empty()) {
    absl::StrAppend(&title, ". ", day.reason.label());
    if (!day.reason.act_title().empty()) {
      absl::StrAppend(&title, " (", day.reason.act_title(), ")");
    }
  }
  if (IsDoubtful(day)) absl::StrAppend(&title, ", sem confirmação");
  return title;
}

// Neighbouring days with like hours for one reason.
struct Special {
  absl::CivilDay first, last;
  std::string hours, label;
  bool doubtful;
};

std::vector<Special> SpecialsOf(const std::vector<DayHoursShown>& days,
                                const BaseWeek& week) {
  std::vector<Special> specials;
  for (const DayHoursShown& day : days) {
    if (day.reason.kind() == v1::KIND_UNSPECIFIED ||
        (!day.openings.empty() &&
         day.openings == week[WeekdayIndex(day.day)])) {
      continue;
    }
    const Special special = {day.day, day.day, OpeningsText(day.openings),
                             day.reason.label(), IsDoubtful(day)};
    // A weekend between is closed in any case.
    if (!specials.empty() && day.day - specials.back().last <= 3 &&
        specials.back().hours == special.hours &&
        specials.back().label == special.label &&
        specials.back().doubtful == special.doubtful &&
        std::all_of(days.begin() + (specials.back().last - days[0].day) + 1,
                    days.begin() + (day.day - days[0].day),
                    [](const DayHoursShown& between) {
                      return between.openings.empty() &&
                             between.reason.kind() == v1::KIND_UNSPECIFIED;
                    })) {
      specials.back().last = day.day;
    } else {
      specials.push_back(special);
    }
  }
  return specials;
}

std::string SpecialText(const Special& special) {
  std::string dates =
      absl::StrFormat("%02d/%02d", special.first.day(), special.first.month());
  if (special.last != special.first) {
    absl::StrAppendFormat(&dates, " a %02d/%02d", special.last.day(),
                          special.last.month());
  }
  return absl::StrCat(dates, "  ", special.label, ": ", special.hours,
                      special.doubtful ? " (sem confirmação)" : "");
}

class Picture {
 public:
  Picture(int width, int height, absl::string_view title,
          absl::string_view description) {
    absl::StrAppend(
        &text_, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", width, " ",
        height, "\" width=\"", width, "\" height=\"", height,
        "\" role=\"img\" aria-labelledby=\"title desc\" xml:lang=\"pt-BR\" "
        "lang=\"pt-BR\">\n<title id=\"title\">",
        Escaped(title), "</title>\n<desc id=\"desc\">", Escaped(description),
        "</desc>\n", kStyle, "<rect width=\"", width, "\" height=\"", height,
        "\" fill=\"#fff\"/>\n");
  }

  void Text(int x, int y, absl::string_view text, absl::string_view style = "",
            absl::string_view anchor = "start") {
    if (text.empty()) return;
    absl::StrAppend(&text_, "<text x=\"", x, "\" y=\"", y, "\"");
    if (!style.empty()) absl::StrAppend(&text_, " class=\"", style, "\"");
    if (anchor != "start") {
      absl::StrAppend(&text_, " text-anchor=\"", anchor, "\"");
    }
    absl::StrAppend(&text_, ">", Escaped(text), "</text>\n");
  }

  void Box(int x, int y, int width, int height, absl::string_view style) {
    absl::StrAppend(&text_, "<rect x=\"", x, "\" y=\"", y, "\" width=\"", width,
                    "\" height=\"", height, "\" class=\"", style, "\"/>\n");
  }

  // From (x, y) upwards, on a plate so that it stands out from any fill.
  void Vertical(int x, int y, absl::string_view text) {
    absl::StrAppend(&text_, "<text transform=\"translate(", x, " ", y,
                    ") rotate(-90)\" class=\"upright\">", Escaped(text),
                    "</text>\n");
  }

  void Line(int x1, int y1, int x2, int y2) {
    absl::StrAppend(&text_, "<path d=\"M", x1, " ", y1, "L", x2, " ", y2,
                    "\" class=\"hour\"/>\n");
  }

  void Begin(absl::string_view title) {
    absl::StrAppend(&text_, "<g><title>", Escaped(title), "</title>\n");
  }
  void End() { absl::StrAppend(&text_, "</g>\n"); }

  // A day's box with its number, and the letter of its class.
  void Cell(int x, int y, int width, int height, DayClass look, bool doubtful,
            absl::string_view number) {
    Box(x, y, width, height,
        absl::StrCat("cell ", kLooks[look].name, doubtful ? " doubt" : ""));
    const bool patterned =
        look == kOptional || look == kRecess || look == kSuspended;
    if (patterned) Box(x + 4, y + 6, width - 8, height - 10, "plate");
    const absl::string_view ink = look == kHoliday ? "onholiday" : "";
    Text(x + width / 2 - (*kLooks[look].letter != '\0' ? 6 : 0),
         y + height / 2 + 5, number, ink, "middle");
    Text(x + width - 8, y + height / 2 + 5, kLooks[look].letter,
         absl::StrCat("letter ", ink), "middle");
  }

  std::string Finish() { return absl::StrCat(text_, "</svg>\n"); }

 private:
  std::string text_;
};

constexpr int kMargin = 24;
constexpr int kCellWidth = 34;
constexpr int kCellHeight = 26;
constexpr int kMonthWidth = 7 * kCellWidth + 22;
constexpr int kMonthHeight = 42 + 6 * kCellHeight + 12;
constexpr int kLineHeight = 18;

void DrawLegend(Picture& picture, int x, int y, int columns, int width) {
  int i = 0;
  for (const ClassLook& look : kLooks) {
    const int left = x + i % columns * width;
    const int top = y + i / columns * (kCellHeight + 6);
    picture.Cell(left, top, kCellWidth, kCellHeight, static_cast<DayClass>(i),
                 false, "9");
    picture.Text(left + kCellWidth + 8, top + 17, look.legend);
    ++i;
  }
  const int left = x + i % columns * width;
  const int top = y + i / columns * (kCellHeight + 6);
  picture.Cell(left, top, kCellWidth, kCellHeight, kOpen, true, "9");
  picture.Text(left + kCellWidth + 8, top + 17,
               "borda tracejada: sem confirmação");
}

// The week's usual hours, by day: "segunda-feira 12:00-18:00, ...".
std::string WeekText(const BaseWeek& week) {
  std::vector<std::string> parts;
  for (int first = 0; first < 7;) {
    int last = first;
    while (last + 1 < 7 && week[last + 1] == week[first]) ++last;
    // BaseWeek has Monday first.
    const char* begin = kWeekdays[(first + 1) % 7];
    const char* end = kWeekdays[(last + 1) % 7];
    parts.push_back(absl::StrCat(begin, first == last ? "" : " a ",
                                 first == last ? "" : end, " ",
                                 OpeningsText(week[first])));
    first = last + 1;
  }
  return absl::StrJoin(parts, "; ");
}

}  // namespace

std::string RenderYear(const Schedule& schedule, Window window, int year,
                       const PictureOptions& options) {
  const std::vector<DayHoursShown> days =
      DaysShown(schedule, window, absl::CivilDay(year, 1, 1),
                absl::CivilDay(year + 1, 1, 1));
  const BaseWeek base = BaseWeekOf(days);
  const std::vector<Special> specials = SpecialsOf(days, base);
  const std::string week = WeekText(base);
  const int rows = static_cast<int>(specials.size() + 1) / 2;
  const int months_top = 84;
  const int legend_top = months_top + 4 * kMonthHeight;
  const int list_top = legend_top + 3 * (kCellHeight + 6) + 30;
  const int height = list_top + (rows + 1) * kLineHeight + 46;
  const int width = 2 * kMargin + 3 * kMonthWidth - 22;

  const std::string title = absl::StrCat(options.title, ": ", year);
  std::vector<std::string> sentences = {
      absl::StrCat("Horário da semana: ", week)};
  for (const Special& special : specials) {
    sentences.push_back(SpecialText(special));
  }
  sentences.push_back(options.origin);
  Picture picture(width, height, title, absl::StrJoin(sentences, ". "));
  picture.Text(kMargin, 40, title, "h1");
  picture.Text(kMargin, 62, absl::StrCat("Horário da semana: ", week));

  for (int month = 0; month < 12; ++month) {
    const int left = kMargin + month % 3 * kMonthWidth;
    const int top = months_top + month / 3 * kMonthHeight;
    picture.Text(left, top + 14, kMonths[month], "h2");
    for (int column = 0; column < 7; ++column) {
      picture.Text(left + column * kCellWidth + kCellWidth / 2, top + 34,
                   kInitials[column], "small", "middle");
    }
    int row = 0;
    for (absl::CivilDay day(year, month + 1, 1); day.month() == month + 1;
         ++day) {
      const DayHoursShown& shown = days[day - days[0].day];
      const DayClass look = ClassOf(schedule, window, base, shown);
      if (Column(day) == 0 && day.day() > 1) ++row;
      picture.Begin(DayTitle(shown, look));
      picture.Cell(left + Column(day) * kCellWidth,
                   top + 40 + row * kCellHeight, kCellWidth - 2,
                   kCellHeight - 2, look, IsDoubtful(shown),
                   absl::StrCat(day.day()));
      picture.End();
    }
  }

  DrawLegend(picture, kMargin, legend_top, 3, kMonthWidth);
  picture.Text(kMargin, list_top, "Dias que não seguem o horário da semana",
               "h2");
  for (size_t i = 0; i < specials.size(); ++i) {
    const int column = static_cast<int>(i) / std::max(rows, 1);
    picture.Text(kMargin + column * (width / 2 - kMargin / 2),
                 list_top + (static_cast<int>(i) % rows + 1) * kLineHeight + 2,
                 SpecialText(specials[i]));
  }
  picture.Text(kMargin, height - 16, options.origin, "small");
  return picture.Finish();
}

std::string RenderWeek(const Schedule& schedule, Window window,
                       absl::CivilDay day, const PictureOptions& options) {
  const absl::CivilDay sunday = day - Column(day);
  const std::vector<DayHoursShown> days =
      DaysShown(schedule, window, sunday, sunday + 7);
  // What is usual shows in half a year around.
  const BaseWeek base =
      BaseWeekOf(DaysShown(schedule, window, sunday - 91, sunday + 91));
  constexpr int kDayWidth = 118;
  constexpr int kLeft = kMargin + 40;
  constexpr int kTop = 124;
  const int width = kLeft + 7 * kDayWidth + kMargin;
  const int bottom = kTop + 24 * kHourHeight;
  const int height = bottom + 3 * (kCellHeight + 6) + 70;

  const std::string title =
      absl::StrCat(options.title, ": semana de ", LongDate(sunday), " a ",
                   LongDate(sunday + 6), " de ", (sunday + 6).year());
  std::vector<std::string> sentences;
  for (const DayHoursShown& shown : days) {
    sentences.push_back(
        DayTitle(shown, ClassOf(schedule, window, base, shown)));
  }
  sentences.push_back(options.origin);
  Picture picture(width, height, title, absl::StrJoin(sentences, ". "));
  picture.Text(kMargin, 40, title, "h1");

  for (int column = 0; column < 7; ++column) {
    const DayClass look = ClassOf(schedule, window, base, days[column]);
    const bool open = look == kOpen || look == kPartial;
    picture.Box(
        kLeft + column * kDayWidth, kTop, kDayWidth - 4, 24 * kHourHeight,
        absl::StrCat("cell ", kLooks[open ? kWeeklyClosed : look].name));
  }
  for (int hour = 0; hour <= 24; hour += 2) {
    const int y = kTop + hour * kHourHeight;
    picture.Line(kLeft - 6, y, kLeft + 7 * kDayWidth - 4, y);
    picture.Text(kLeft - 10, y + 4, absl::StrFormat("%02dh", hour), "small",
                 "end");
  }
  for (int column = 0; column < 7; ++column) {
    const DayHoursShown& shown = days[column];
    const DayClass look = ClassOf(schedule, window, base, shown);
    const int left = kLeft + column * kDayWidth;
    picture.Begin(DayTitle(shown, look));
    picture.Text(left + kDayWidth / 2, 74,
                 absl::StrFormat("%s, %02d/%02d", kWeekdays[column],
                                 shown.day.day(), shown.day.month()),
                 "small", "middle");
    picture.Cell(left + kDayWidth / 2 - kCellWidth / 2, 82, kCellWidth,
                 kCellHeight, look, IsDoubtful(shown),
                 absl::StrCat(shown.day.day()));
    for (const DayOpening& opening : shown.openings) {
      const int top = kTop + opening.open * kHourHeight / 3600;
      const int tall = (opening.close - opening.open) * kHourHeight / 3600;
      picture.Box(left, top, kDayWidth - 4, tall, "block");
      const absl::string_view mode = ModeLabel(opening.mode);
      const int middle = top + tall / 2 + 4;
      picture.Text(left + kDayWidth / 2 - 2, middle - (mode.empty() ? 0 : 7),
                   OpeningsText({opening}), "", "middle");
      if (!mode.empty()) {
        picture.Text(left + kDayWidth / 2 - 2, middle + 8, mode, "small",
                     "middle");
      }
    }
    if (look != kOpen && !shown.reason.label().empty()) {
      // Along the column, where a long name has room.
      picture.Vertical(left + 20, bottom - 10, shown.reason.label());
    }
    picture.End();
  }
  DrawLegend(picture, kMargin, bottom + 20, 3, 290);
  picture.Text(kMargin, height - 16, options.origin, "small");
  return picture.Finish();
}

}  // namespace guiche
