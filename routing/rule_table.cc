#include "routing/rule_table.h"

#include "absl/strings/str_cat.h"

namespace guiche {

int RuleTable::Subject(int need, int area) const {
  const int areas = catalog->policy.areas_size();
  if (need >= 0 && need < catalog->policy.needs_size()) return 1 + areas + need;
  return area >= 0 && area < areas ? 1 + area : 0;
}

uint32_t RuleTable::SetOf(FactSet facts) const {
  uint32_t set = 0;
  for (int bit = 0; bit < route_facts; ++bit) {
    set |= static_cast<uint32_t>(facts >> fact_of_bit[bit] & 1) << bit;
  }
  return set;
}

int RuleTable::UnitOf(int route, int place) const {
  if (route < 0) return catalog->default_unit;
  if (route_unit[route] >= 0) return route_unit[route];
  const int serving = catalog->unit_serving[place];
  return serving >= 0 ? serving : catalog->default_unit;
}

FactSet RuleTable::Implied(int subject) const {
  const int need = subject - 1 - catalog->policy.areas_size();
  return need >= 0 ? catalog->need_facts[need] : 0;
}

std::string RuleTable::Describe(int subject, int place_class,
                                uint32_t set) const {
  const v1::Policy& policy = catalog->policy;
  std::string text = "a request that states neither need nor area";
  if (subject > policy.areas_size()) {
    text = absl::StrCat(
        "need \"", policy.needs(subject - 1 - policy.areas_size()).id(), "\"");
  } else if (subject > 0) {
    text = absl::StrCat("area \"", policy.areas(subject - 1).id(), "\"");
  }
  const int place = class_place[place_class];
  absl::StrAppend(&text, place == 0
                             ? " without a place"
                             : absl::StrCat(" at place \"",
                                            catalog->places[place].id, "\""));
  for (int bit = 0; bit < route_facts; ++bit) {
    if ((set >> bit & 1) == 0) continue;
    absl::StrAppend(&text, " with fact \"", policy.facts(fact_of_bit[bit]).id(),
                    "\"");
  }
  return text;
}

}  // namespace guiche
