#include "benchmarks/schedule_policy.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace guiche {
namespace {

v1::CalendarRule& AddRule(v1::Policy& policy, const std::string& id,
                          v1::Layer layer, v1::CalendarRule::Effect effect,
                          v1::Kind kind) {
  v1::CalendarRule& rule = *policy.add_calendar();
  rule.set_id(id);
  rule.set_layer(layer);
  rule.set_effect(effect);
  rule.set_kind(kind);
  rule.set_label(id);
  rule.set_act("res");
  return rule;
}

void AddPlace(v1::Policy& policy, const std::string& id, v1::Place::Kind kind,
              const std::string& parent) {
  v1::Place& place = *policy.add_places();
  place.set_id(id);
  place.set_name(id);
  place.set_kind(kind);
  place.set_parent(parent);
}

void AddHours(v1::Hours& hours, const char* open, const char* close) {
  hours.set_open(open);
  hours.set_close(close);
}

}  // namespace

v1::Policy CalendarPolicy(int years, int comarcas) {
  v1::Policy policy;
  policy.set_id("benchmark");
  policy.set_version("1");
  policy.set_time_zone("America/Cuiaba");
  policy.set_covers_from("2022-01-01");
  policy.set_covers_until(absl::StrCat(2022 + years, "-01-01"));
  policy.add_acts()->set_id("res");
  AddPlace(policy, "mt", v1::Place::STATE, "");
  for (int i = 0; i < comarcas; ++i) {
    const std::string comarca = absl::StrCat("comarca", i);
    AddPlace(policy, comarca, v1::Place::COMARCA, "mt");
    AddPlace(policy, absl::StrCat("sede", i), v1::Place::MUNICIPALITY, comarca);
    AddPlace(policy, absl::StrCat("vizinha", i), v1::Place::MUNICIPALITY,
             comarca);
    v1::CalendarRule& rule =
        AddRule(policy, absl::StrCat("municipal", i), v1::HOLIDAY,
                v1::CalendarRule::CLOSE, v1::FERIADO_MUNICIPAL);
    rule.add_places(comarca);
    rule.mutable_days()->set_month_day(
        absl::StrFormat("%02d-%02d", 1 + i % 12, 1 + i * 7 % 28));
  }
  for (const char* day : {"01-01", "04-21", "05-01", "09-07", "10-12", "10-28",
                          "11-02", "11-15", "11-20", "12-08", "12-25"}) {
    AddRule(policy, absl::StrCat("fixed", day), v1::HOLIDAY,
            v1::CalendarRule::CLOSE, v1::FERIADO_NACIONAL)
        .mutable_days()
        ->set_month_day(day);
  }
  for (const int offset : {-48, -47, -3, -2, 60, 61}) {
    AddRule(policy, absl::StrCat("easter", offset), v1::HOLIDAY,
            v1::CalendarRule::CLOSE, v1::PONTO_FACULTATIVO)
        .mutable_days()
        ->set_easter_offset(offset);
  }
  v1::CalendarRule& ashes =
      AddRule(policy, "ashes", v1::PARTIAL_DAY, v1::CalendarRule::REPLACE,
              v1::EXPEDIENTE_PARCIAL);
  ashes.mutable_days()->set_easter_offset(-46);
  AddHours(*ashes.add_hours(), "13:00", "18:00");
  for (int year = 2022; year < 2022 + years; ++year) {
    v1::CalendarRule& recess =
        AddRule(policy, absl::StrCat("recess", year), v1::RECESS,
                v1::CalendarRule::CLOSE, v1::RECESSO);
    recess.mutable_span()->set_from(absl::StrCat(year, "-12-19T18:00"));
    recess.mutable_span()->set_until(absl::StrCat(year + 1, "-01-07T12:00"));
    v1::CalendarYear& known = *policy.add_calendar_years();
    known.set_year(year);
    known.set_known(year < 2027);
  }
  v1::Service& online = *policy.add_services();
  online.set_id("online");
  online.set_act("res");
  online.set_closed_mode(v1::PLANTAO);
  online.set_when_closed("plantao");
  v1::WeeklyHours& weekly = *online.add_weekly();
  weekly.set_id("regular");
  for (int day = v1::MONDAY; day <= v1::FRIDAY; ++day) {
    weekly.add_weekdays(static_cast<v1::Weekday>(day));
  }
  AddHours(*weekly.add_hours(), "12:00", "18:00");
  v1::Service& plantao = *policy.add_services();
  plantao.set_id("plantao");
  plantao.set_act("res");
  plantao.set_complement_of("online");
  plantao.set_mode(v1::PLANTAO);
  return policy;
}

}  // namespace guiche
