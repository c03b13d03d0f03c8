#include "routing/catalog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/edit_distance.h"

namespace guiche {
namespace {

constexpr size_t kNearestShown = 3;

// Numbers the elements of a list and checks their ids.
template <typename List>
IdMap Number(absl::string_view name, const List& list, int most,
             Problems& problems) {
  IdMap ids;
  if (list.size() > most) {
    problems.Add(name, absl::StrCat(list.size(), " of them; at most ", most));
  }
  for (int i = 0; i < list.size(); ++i) {
    const std::string& id = list[i].id();
    if (id.empty()) {
      problems.Add(absl::StrCat(name, "[", i, "].id"), "is empty");
    } else if (id.size() > kLongestId) {
      problems.Add(
          absl::StrCat(name, "[", i, "].id"),
          absl::StrCat("has ", id.size(), " bytes; at most ", kLongestId));
    } else if (!ids.try_emplace(id, i).second) {
      problems.Add(PathOf(name, id), "is there twice; ids are unique");
    }
  }
  return ids;
}

template <typename List>
void CheckNames(absl::string_view list_name, const List& list,
                Problems& problems) {
  for (const auto& element : list) {
    if (element.name().empty()) {
      problems.Add(PathOf(list_name, element.id()) + ".name", "is empty");
    }
  }
}

// The number of `id`, or -1 and a problem.
int Resolve(const IdMap& ids, absl::string_view id, absl::string_view what,
            const std::string& path, Problems& problems) {
  const int found = FindId(ids, id);
  if (found < 0) {
    problems.Add(path,
                 absl::StrCat("\"", id, "\" is no ", what, Nearest(ids, id)));
  }
  return found;
}

template <typename Ids>
FactSet ResolveFacts(const IdMap& facts, const Ids& ids,
                     const std::string& path, Problems& problems) {
  FactSet set = 0;
  for (int i = 0; i < ids.size(); ++i) {
    const int fact = Resolve(facts, ids[i], "fact",
                             absl::StrCat(path, ".facts[", i, "]"), problems);
    if (fact >= 0 && fact < kMostFacts) set |= FactSet{1} << fact;
  }
  return set;
}

// Which unit serves each place: its own, or that of the narrowest place around.
void ServePlaces(const v1::Policy& policy, Catalog& catalog,
                 Problems& problems) {
  catalog.unit_serving.assign(catalog.places.size(), -1);
  for (int u = 0; u < policy.units_size(); ++u) {
    const v1::Unit& unit = policy.units(u);
    const std::string path = PathOf("units", unit.id());
    if (!unit.place().empty() && catalog.places.FindId(unit.place()) < 0) {
      problems.Add(path + ".place",
                   absl::StrCat("\"", unit.place(), "\" is no place"));
    }
    for (int i = 0; i < unit.serves_size(); ++i) {
      const int place = catalog.places.FindId(unit.serves(i));
      if (place < 0) {
        problems.Add(absl::StrCat(path, ".serves[", i, "]"),
                     absl::StrCat("\"", unit.serves(i), "\" is no place"));
        continue;
      }
      int& serving = catalog.unit_serving[place];
      if (serving >= 0) {
        problems.Add(absl::StrCat(path, ".serves[", i, "]"),
                     absl::StrCat("\"", unit.serves(i), "\" is served by ",
                                  PathOf("units", policy.units(serving).id()),
                                  " already; one unit serves a place"));
      } else {
        serving = u;
      }
    }
  }
  for (int place = 1; place < catalog.places.size(); ++place) {
    int& serving = catalog.unit_serving[place];
    if (serving < 0)
      serving = catalog.unit_serving[catalog.places[place].parent];
  }
}

}  // namespace

int FindId(const IdMap& ids, absl::string_view id) {
  const auto found = ids.find(id);
  return found == ids.end() ? -1 : found->second;
}

std::string Nearest(const IdMap& ids, absl::string_view id) {
  if (id.empty() || id.size() > kLongestId) return "";
  std::vector<std::pair<int, absl::string_view>> nearest;
  for (const auto& [known, number] : ids) {
    int distance = EditDistance(id, known);
    if (absl::StartsWith(known, id)) distance = 1;
    if (distance * 3 <= static_cast<int>(id.size()) + 3) {
      nearest.emplace_back(distance, known);
    }
  }
  std::sort(nearest.begin(), nearest.end());
  if (nearest.size() > kNearestShown) nearest.resize(kNearestShown);
  if (nearest.empty()) return "";
  return absl::StrCat("; did you mean ",
                      absl::StrJoin(nearest, " or ",
                                    [](std::string* out, const auto& one) {
                                      absl::StrAppend(out, "\"", one.second,
                                                      "\"");
                                    }),
                      "?");
}

Catalog Catalog::Compile(const v1::Policy& policy, Problems& problems) {
  Catalog catalog;
  catalog.places = Places::Compile(policy, problems);
  catalog.areas = Number("areas", policy.areas(), kMostAreas, problems);
  catalog.needs = Number("needs", policy.needs(), kMostNeeds, problems);
  catalog.facts = Number("facts", policy.facts(), kMostFacts, problems);
  catalog.alarms = Number("alarms", policy.alarms(), kMostAlarms, problems);
  catalog.referrals =
      Number("referrals", policy.referrals(), kMostReferrals, problems);
  catalog.units = Number("units", policy.units(), kMostUnits, problems);
  catalog.routes = Number("routes", policy.routes(), kMostRoutes, problems);
  catalog.numbers = Number("emergency_numbers", policy.emergency_numbers(),
                           kMostAlarms, problems);
  for (int i = 0; i < policy.acts_size(); ++i) {
    catalog.acts.try_emplace(policy.acts(i).id(), i);
  }
  CheckNames("areas", policy.areas(), problems);
  CheckNames("needs", policy.needs(), problems);
  CheckNames("referrals", policy.referrals(), problems);
  CheckNames("units", policy.units(), problems);

  for (const v1::Need& need : policy.needs()) {
    const std::string path = PathOf("needs", need.id());
    catalog.need_area.push_back(
        Resolve(catalog.areas, need.area(), "area", path + ".area", problems));
    catalog.need_facts.push_back(
        ResolveFacts(catalog.facts, need.facts(), path, problems));
  }
  for (const v1::Alarm& alarm : policy.alarms()) {
    const std::string path = PathOf("alarms", alarm.id());
    catalog.alarm_facts.push_back(
        ResolveFacts(catalog.facts, alarm.facts(), path, problems));
    catalog.alarm_need.push_back(
        alarm.need().empty() ? -1
                             : Resolve(catalog.needs, alarm.need(), "need",
                                       path + ".need", problems));
    for (int i = 0; i < alarm.emergency_numbers_size(); ++i) {
      Resolve(catalog.numbers, alarm.emergency_numbers(i), "emergency number",
              absl::StrCat(path, ".emergency_numbers[", i, "]"), problems);
    }
  }

  if (!policy.default_unit().empty()) {
    catalog.default_unit = Resolve(catalog.units, policy.default_unit(), "unit",
                                   "default_unit", problems);
  } else if (policy.units_size() > 0) {
    problems.Add("default_unit",
                 "is empty; name the unit that takes what no route takes");
  }
  ServePlaces(policy, catalog, problems);
  catalog.doubtful_place.assign(catalog.places.size(), false);
  for (const v1::Place& place : policy.places()) {
    const int index = catalog.places.FindId(place.id());
    if (index >= 0) {
      catalog.doubtful_place[index] = place.certainty() == v1::UNCONFIRMED ||
                                      place.certainty() == v1::PROJECTED;
    }
  }

  v1::Policy& kept = catalog.policy;
  kept = policy;
  kept.clear_places();
  kept.clear_calendar_years();
  kept.clear_calendar();
  kept.clear_services();
  kept.clear_conduct();
  kept.clear_lexicon();
  for (v1::Need& need : *kept.mutable_needs()) need.clear_wordings();
  for (v1::Fact& fact : *kept.mutable_facts()) fact.clear_wordings();
  for (v1::Alarm& alarm : *kept.mutable_alarms()) alarm.clear_wordings();
  for (v1::Referral& one : *kept.mutable_referrals()) one.clear_wordings();
  return catalog;
}

v1::Precedence Catalog::PrecedenceOf(int need) const {
  return std::max(v1::ORDINARY, policy.needs(need).precedence());
}

std::array<const Texts*, 3> ExamplesOf(const v1::Wording& wording) {
  return {&wording.examples(), &wording.urgent_examples(),
          &wording.calm_examples()};
}

std::array<Texts*, 3> MutableExamplesOf(v1::Wording& wording) {
  return {wording.mutable_examples(), wording.mutable_urgent_examples(),
          wording.mutable_calm_examples()};
}

}  // namespace guiche
