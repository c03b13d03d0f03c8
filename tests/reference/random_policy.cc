#include "tests/reference/random_policy.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace guiche {
namespace {

// Zones with changes at midnight, of half an hour, of a day, and without end.
const char* const kZones[] = {
    "America/Cuiaba",    "America/Sao_Paulo",
    "Europe/Lisbon",     "Pacific/Apia",
    "Africa/Casablanca", "Australia/Lord_Howe",
    "Antarctica/Troll",  "America/Caracas",
    "Asia/Kathmandu",    "America/Santiago",
    "Asia/Gaza",         "America/New_York",
    "Pacific/Kwajalein", "UTC",
};
const char* const kPlaces[] = {"mt", "norte", "sinop", "predio", "sul"};
const char* const kParents[] = {"", "mt", "norte", "sinop", "mt"};
const char* const kActs[] = {"a", "b", "c"};

class Maker {
 public:
  explicit Maker(std::mt19937_64& random) : random_(random) {}

  v1::Policy Make() {
    v1::Policy policy;
    policy.set_id("random");
    policy.set_version("1");
    policy.set_time_zone(kZones[Below(std::size(kZones))]);
    begin_ = absl::CivilDay(2005 + Below(25), 1 + Below(12), 1 + Below(28));
    days_ = 20 + Below(150);
    policy.set_covers_from(absl::FormatCivilTime(begin_));
    policy.set_covers_until(absl::FormatCivilTime(begin_ + days_));
    for (const char* id : kActs) {
      v1::Act& act = *policy.add_acts();
      act.set_id(id);
      if (Once(2)) act.set_published_on(Date());
      if (Once(8)) act.set_in_force_from(Date());
      if (Once(8))
        act.set_in_force_until(absl::FormatCivilTime(begin_ + days_));
    }
    for (size_t i = 0; i < std::size(kPlaces); ++i) {
      v1::Place& place = *policy.add_places();
      place.set_id(kPlaces[i]);
      place.set_name(kPlaces[i]);
      place.set_kind(v1::Place::COMARCA);
      place.set_parent(kParents[i]);
      if (Once(4)) place.set_time_zone(kZones[Below(std::size(kZones))]);
    }
    for (int year = begin_.year() - 1; year <= begin_.year() + 1; ++year) {
      if (Once(3)) continue;
      v1::CalendarYear& known = *policy.add_calendar_years();
      known.set_year(year);
      known.set_known(!Once(4));
      if (Once(4)) known.set_act(Act());
    }
    AddServices(policy);
    const int rules = Below(9);
    for (int i = 0; i < rules; ++i) AddRule(policy, i);
    return policy;
  }

 private:
  int Below(size_t n) { return static_cast<int>(random_() % n); }
  bool Once(int n) { return Below(n) == 0; }
  std::string Act() { return kActs[Below(std::size(kActs))]; }
  std::string Date() {
    return absl::FormatCivilTime(begin_ + (Below(days_ + 20) - 10));
  }
  std::string MonthDay() { return Date().substr(5); }
  std::string Clock(int quarters) {
    return absl::StrFormat("%02d:%02d", quarters / 4, quarters % 4 * 15);
  }
  v1::Weekday Weekday() { return static_cast<v1::Weekday>(1 + Below(7)); }
  v1::Certainty Certainty() { return static_cast<v1::Certainty>(Below(4)); }
  v1::Mode Mode() { return static_cast<v1::Mode>(Once(2) ? 0 : Below(4)); }

  template <typename Message>
  void AddHours(Message& message) {
    int from = 0;
    const int count = 1 + Below(3);
    for (int i = 0; i < count && from < 95; ++i) {
      const int open = from + Below(95 - from);
      const int longest = Once(4) ? 192 - open : 97 - open;
      const int close = open + 1 + Below(longest - 1);
      v1::Hours& hours = *message.add_hours();
      hours.set_open(Clock(open));
      hours.set_close(Clock(close));
      hours.set_mode(Mode());
      from = close;
    }
  }

  template <typename Message>
  void AddPlaces(Message& message) {
    while (!Once(2)) message.add_places(kPlaces[Below(std::size(kPlaces))]);
  }

  void AddServices(v1::Policy& policy) {
    v1::Service& online = *policy.add_services();
    online.set_id("online");
    online.set_act(Act());
    online.set_mode(Mode());
    online.set_closed_mode(Mode());
    const int count = Below(4);
    for (int i = 0; i < count; ++i) {
      v1::WeeklyHours& weekly = *online.add_weekly();
      weekly.set_id(absl::StrCat("w", i));
      const int weekdays = 1 + Below(7);
      for (int k = 0; k < weekdays; ++k) weekly.add_weekdays(Weekday());
      if (!Once(5)) AddHours(weekly);
      AddPlaces(weekly);
      if (Once(4)) weekly.set_from(Date());
      if (Once(4)) weekly.set_until("2040-01-01");
      if (Once(2)) weekly.set_act(Act());
      weekly.set_certainty(Certainty());
    }
    v1::Service& plantao = *policy.add_services();
    plantao.set_id("plantao");
    plantao.set_act(Act());
    plantao.set_complement_of("online");
    plantao.set_mode(Mode());
    plantao.set_closed_mode(Mode());
    v1::Service& phone = *policy.add_services();
    phone.set_id("telefone");
    phone.set_act(Act());
    phone.set_same_as(Once(2) ? "online" : "plantao");
    phone.set_mode(Mode());
  }

  void AddRule(v1::Policy& policy, int number) {
    v1::CalendarRule& rule = *policy.add_calendar();
    rule.set_id(absl::StrCat("r", number));
    rule.set_layer(static_cast<v1::Layer>(2 + Below(5)));
    rule.set_kind(static_cast<v1::Kind>(1 + Below(9)));
    rule.set_act(Act());
    rule.set_certainty(Certainty());
    AddPlaces(rule);
    if (Once(3)) rule.add_services("plantao");
    if (Once(3)) rule.add_services("telefone");
    if (Once(4)) rule.add_services("online");
    if (Once(10) && number > 0) rule.add_corrects("r0");
    if (Once(3)) {
      const v1::CalendarRule::Effect effects[] = {v1::CalendarRule::CLOSE,
                                                  v1::CalendarRule::OPEN_EXTRA,
                                                  v1::CalendarRule::DOUBT};
      rule.set_effect(effects[Below(3)]);
      const std::string from = Date();
      rule.mutable_span()->set_from(absl::StrCat(from, "T", Clock(Below(96))));
      if (!Once(4)) {
        absl::CivilDay day;
        absl::ParseCivilTime(from, &day);
        rule.mutable_span()->set_until(absl::StrCat(
            absl::FormatCivilTime(day + 1 + Below(10)), "T", Clock(Below(96))));
      }
      return;
    }
    rule.set_effect(static_cast<v1::CalendarRule::Effect>(1 + Below(5)));
    if (rule.effect() != v1::CalendarRule::CLOSE &&
        (rule.effect() != v1::CalendarRule::DOUBT || Once(2))) {
      AddHours(rule);
    }
    SetDays(*rule.mutable_days());
  }

  void SetDays(v1::DateRule& days) {
    switch (Below(7)) {
      case 0:
        days.set_month_day(MonthDay());
        break;
      case 1:
        days.set_easter_offset(Below(120) - 50);
        break;
      case 2:
        days.mutable_nth_weekday()->set_month(begin_.month());
        days.mutable_nth_weekday()->set_weekday(Weekday());
        days.mutable_nth_weekday()->set_nth(Once(2) ? -1 : 1 + Below(5));
        break;
      case 3:
        days.mutable_weekday_on_or_after()->set_month_day(MonthDay());
        days.mutable_weekday_on_or_after()->set_weekday(Weekday());
        break;
      case 4:
        do {
          days.mutable_dates()->add_date(Date());
        } while (!Once(3));
        break;
      case 5:
        if (Once(2)) {
          days.mutable_range()->set_from(MonthDay());
          days.mutable_range()->set_until(MonthDay());
        } else {
          const absl::CivilDay from =
              begin_ + Below(days_) - (Once(6) ? 2'000 : 0);
          days.mutable_range()->set_from(absl::FormatCivilTime(from));
          days.mutable_range()->set_until(absl::FormatCivilTime(
              from + 1 + Below(9) + (from < begin_ ? 2'000 : 0)));
        }
        break;
      default: {
        v1::Weeks& weeks = *days.mutable_weeks();
        const int weekdays = Below(4);
        for (int i = 0; i < weekdays; ++i) weeks.add_weekdays(Weekday());
        if (Once(2)) {
          weeks.set_every(1 + Below(4));
          weeks.set_from(Date());
        }
        const int listed = Once(3) ? 1 + Below(20) : 0;
        for (int i = 0; i < listed; ++i) weeks.add_iso_weeks(1 + Below(53));
        if (Once(6)) days.set_first_year(static_cast<int>(begin_.year()));
        return;
      }
    }
    if (Once(6)) days.set_first_year(static_cast<int>(begin_.year()));
    if (Once(6)) days.set_last_year(static_cast<int>(begin_.year()) + 1);
    if (Once(4)) {
      v1::Shift& shift = *days.add_shifts();
      shift.set_year(static_cast<int>(begin_.year()));
      if (!Once(3)) shift.set_date(Date());
    }
  }

  std::mt19937_64& random_;
  absl::CivilDay begin_;
  int days_ = 0;
};

// One field or element of a policy, by the steps that lead to it.
struct Step {
  const google::protobuf::FieldDescriptor* field;
  int index;  // -1: not repeated
};
using Path = std::vector<Step>;

// All fields and elements in `message`, a whole before its parts.
void ListParts(const google::protobuf::Message& message, Path& at,
               std::vector<Path>& parts) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    const bool nested = field->message_type() != nullptr;
    const int size =
        field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = size; i-- > 0;) {
      at.push_back({field, field->is_repeated() ? i : -1});
      parts.push_back(at);
      if (nested) {
        ListParts(field->is_repeated()
                      ? reflection.GetRepeatedMessage(message, field, i)
                      : reflection.GetMessage(message, field),
                  at, parts);
      }
      at.pop_back();
    }
  }
}

void Remove(v1::Policy& policy, const Path& path) {
  google::protobuf::Message* message = &policy;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const google::protobuf::Reflection& reflection = *message->GetReflection();
    message = path[i].index < 0
                  ? reflection.MutableMessage(message, path[i].field)
                  : reflection.MutableRepeatedMessage(message, path[i].field,
                                                      path[i].index);
  }
  const Step& last = path.back();
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  if (last.index < 0) {
    reflection.ClearField(message, last.field);
    return;
  }
  const int size = reflection.FieldSize(*message, last.field);
  for (int i = last.index; i + 1 < size; ++i) {
    reflection.SwapElements(message, last.field, i, i + 1);
  }
  reflection.RemoveLast(message, last.field);
}

}  // namespace

v1::Policy RandomPolicy(std::mt19937_64& random) {
  return Maker(random).Make();
}

v1::Policy Shrunk(v1::Policy policy,
                  const std::function<bool(const v1::Policy&)>& fails) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    Path at;
    std::vector<Path> parts;
    ListParts(policy, at, parts);
    for (const Path& part : parts) {
      v1::Policy candidate = policy;
      Remove(candidate, part);
      if (!fails(candidate)) continue;
      policy = std::move(candidate);
      smaller = true;
      break;
    }
  }
  return policy;
}

}  // namespace guiche
