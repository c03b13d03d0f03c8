#include "routing/catalog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "policy/edit_distance.h"

namespace guiche {
namespace {

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
      problems.Add(absl::StrCat(name, "[", i, "].id"), "is empty; give it one");
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
    if (absl::StripAsciiWhitespace(element.name()).empty()) {
      problems.Add(PathOf(list_name, element.id()) + ".name",
                   "is empty; write what people call it");
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

// Acts that units, places and the contacts of routing cite.
class Citations {
 public:
  Citations(const IdMap& acts, Problems& problems)
      : acts_(acts), problems_(problems) {}

  template <typename List>
  void Check(absl::string_view list_name, const List& list) {
    for (const auto& element : list) {
      CheckAct(PathOf(list_name, element.id()), element.act());
    }
  }

  template <typename List>
  void CheckContacts(absl::string_view list_name, const List& list) {
    for (const auto& element : list) {
      for (int i = 0; i < element.contacts_size(); ++i) {
        CheckAct(
            absl::StrCat(PathOf(list_name, element.id()), ".contacts[", i, "]"),
            element.contacts(i).act());
      }
    }
  }

 private:
  void CheckAct(const std::string& path, const std::string& act) {
    if (!act.empty()) Resolve(acts_, act, "act", path + ".act", problems_);
  }

  const IdMap& acts_;
  Problems& problems_;
};

// Which unit serves each place: its own, or that of the narrowest place around.
void ServePlaces(const v1::Policy& policy, Catalog& catalog,
                 Problems& problems) {
  catalog.unit_serving.assign(catalog.places.size(), -1);
  for (int u = 0; u < policy.units_size(); ++u) {
    const v1::Unit& unit = policy.units(u);
    const std::string path = PathOf("units", unit.id());
    if (!unit.place().empty()) {
      catalog.places.Resolve(unit.place(), path + ".place", problems);
    }
    for (int i = 0; i < unit.serves_size(); ++i) {
      const int place = catalog.places.Resolve(
          unit.serves(i), absl::StrCat(path, ".serves[", i, "]"), problems);
      if (place < 0) continue;
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

// Of a policy that has services.
void CheckUnitServices(const v1::Policy& policy, Problems& problems) {
  IdMap services;
  for (int i = 0; i < policy.services_size(); ++i) {
    services.try_emplace(policy.services(i).id(), i);
  }
  for (const v1::Unit& unit : policy.units()) {
    if (services.empty() || unit.service().empty()) continue;
    Resolve(services, unit.service(), "service",
            PathOf("units", unit.id()) + ".service", problems);
  }
}

// What leads nowhere, or to nobody.
void CheckEnds(const v1::Policy& policy, Problems& problems) {
  for (const v1::Referral& referral : policy.referrals()) {
    const std::string path = PathOf("referrals", referral.id());
    if (referral.to().empty()) {
      problems.Add(path + ".to", "is empty; name the body whose work it is");
    }
    if (referral.wordings().empty()) {
      problems.Add(path + ".wordings",
                   "is empty, so that no message leads to it; write phrases");
    }
  }
  for (const v1::Alarm& alarm : policy.alarms()) {
    if (alarm.wordings().empty()) {
      problems.Add(PathOf("alarms", alarm.id()) + ".wordings",
                   "is empty, so that no message raises it; write phrases");
    }
  }
  for (const v1::EmergencyNumber& one : policy.emergency_numbers()) {
    if (one.number().empty() && one.url().empty()) {
      problems.Add(PathOf("emergency_numbers", one.id()) + ".number",
                   "is empty; write the number, or a url");
    }
  }
}

}  // namespace

int FindId(const IdMap& ids, absl::string_view id) {
  const auto found = ids.find(id);
  return found == ids.end() ? -1 : found->second;
}

std::string Nearest(const IdMap& ids, absl::string_view id) {
  std::vector<absl::string_view> known;
  for (const auto& [one, number] : ids) known.push_back(one);
  return DidYouMean(id, known);
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
  Citations citations(catalog.acts, problems);
  citations.Check("places", policy.places());
  citations.Check("units", policy.units());
  citations.CheckContacts("units", policy.units());
  citations.CheckContacts("referrals", policy.referrals());
  CheckUnitServices(policy, problems);
  CheckNames("areas", policy.areas(), problems);
  CheckNames("needs", policy.needs(), problems);
  CheckNames("referrals", policy.referrals(), problems);
  CheckNames("units", policy.units(), problems);
  CheckEnds(policy, problems);

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
