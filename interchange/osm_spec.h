// The parsed form of an OSM `opening_hours` value, and what it says of a day.

#ifndef GUICHE_INTERCHANGE_OSM_SPEC_H_
#define GUICHE_INTERCHANGE_OSM_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

namespace guiche {
namespace osm {

// Values with more than these are refused, which bounds memory and time.
inline constexpr size_t kMaxBytes = 16'384;
inline constexpr int kMaxTimes = 500;

// Minutes of a day.
inline constexpr int kDay = 24 * 60;

enum class State : uint8_t { kClosed, kOpen, kByAppointment, kUnknown };

// Years [from, to], every `step`-th.
struct Years {
  int from, to, step;
};

// ISO weeks [from, to], every `step`-th.
struct Weeks {
  int from, to, step;
};

// A day of a year.
struct DayOfYear {
  enum Kind : uint8_t { kFixed, kNthWeekday, kEaster };
  Kind kind = kFixed;
  int year = 0;  // 0: any
  int month = 0, day = 0;
  int weekday = 0, nth = 0;  // 0 is Monday; nth from the end if negative
  int offset = 0;            // in days
};

// Days from `first` to `last`, both included, every `step`-th; over the year's
// end if `last` lies before `first` and neither has a year.
struct Days {
  DayOfYear first, last;
  int step = 1;
  bool endless = false;  // no last
};

// Days of the week, or holidays.
struct Weekdays {
  enum Kind : uint8_t { kRange, kNth, kPublicHoliday, kSchoolHoliday };
  Kind kind = kRange;
  int from = 0, to = 0;  // Monday is 0; kNth: `from`
  int nth = 0;
  int offset = 0;
};

// Minutes from midnight, [from, to), up to two days. If `open_ended`, nobody
// knows until when it lasts past `to`: it goes on if that is all that is known
// ("17:00+"), else it may ("17:00-22:00+").
struct Times {
  int from, to;
  bool open_ended;
};

// One rule. A day meets it if each non-empty list has an element for it.
struct Rule {
  std::vector<Years> years;
  std::vector<Days> days;
  std::vector<Weeks> weeks;
  std::vector<Weekdays> weekdays;
  std::vector<Weekdays> holidays;  // of "PH Mo-Fr": both must hold
  std::vector<Times> times;        // none: the whole day
  State state = State::kOpen;
  bool additional = false;  // after ",": overrides no earlier rule
  bool fallback = false;    // after "||": only where nothing else is open

  bool HasDates() const {
    return !years.empty() || !days.empty() || !weeks.empty() ||
           !weekdays.empty() || !holidays.empty();
  }
};

// Easter Sunday of the Gregorian calendar.
absl::CivilDay Easter(int64_t year);

// Public and school holidays, each sorted.
struct Holidays {
  std::vector<absl::CivilDay> pub, school;
  bool all_pub = false, all_school = false;  // every day is one
};

// A stretch of a day in one state, [from, to) in minutes.
struct Stretch {
  int from, to;
  State state;
  bool sure;  // false past an open end
};
inline bool operator==(const Stretch& a, const Stretch& b) {
  return a.from == b.from && a.to == b.to && a.state == b.state &&
         a.sure == b.sure;
}

class Spec {
 public:
  // kInvalidArgument quotes the word that is wrong, and says what to write.
  static absl::StatusOr<Spec> Parse(absl::string_view text);

  // For each rule whether it holds for `day`.
  std::vector<bool> RulesOn(absl::CivilDay day, const Holidays& holidays) const;

  // The stretches that are not plainly closed, in order, of a day for which
  // these rules hold, after a day for which those of `yesterday` did. Spill of
  // the night before included, cut at both midnights.
  std::vector<Stretch> Compose(const std::vector<bool>& today,
                               const std::vector<bool>& yesterday) const;

  // The two in one.
  std::vector<Stretch> On(absl::CivilDay day, const Holidays& holidays) const {
    return Compose(RulesOn(day, holidays), RulesOn(day - 1, holidays));
  }

  // Every week is alike.
  bool IsWeekly() const;
  bool NamesPublicHolidays() const;
  bool NamesSchoolHolidays() const;
  bool HasUnknown() const;
  bool HasOpenEnds() const;
  const std::vector<Rule>& rules() const { return rules_; }

 private:
  std::vector<Rule> rules_;
};

}  // namespace osm
}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_OSM_SPEC_H_
