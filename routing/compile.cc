#include <unicode/uloc.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "routing/catalog.h"
#include "routing/router.h"
#include "routing/rule_table.h"
#include "routing/wordings.h"

namespace guiche {
namespace {

constexpr int kMostTakersNamed = 3;
constexpr int kMostPoints = 10'000;  // of a model

// What one route matches: subjects and classes by number, and all sets of facts
// that hold `facts`.
struct Scope {
  std::vector<bool> subjects, classes;
  uint32_t facts = 0;
  uint64_t cells = 0;
};

bool Subset(const std::vector<bool>& part, const std::vector<bool>& whole) {
  for (size_t i = 0; i < part.size(); ++i) {
    if (part[i] && !whole[i]) return false;
  }
  return true;
}

class TableCompiler {
 public:
  TableCompiler(RuleTable& table, Problems& problems)
      : table_(table),
        catalog_(*table.catalog),
        routes_(table.catalog->policy.routes()),
        problems_(problems) {}

  void Run() {
    CheckRoutes();
    NumberFacts();
    if (!problems_.ok()) return;
    ClassPlaces();
    table_.subjects =
        1 + catalog_.policy.areas_size() + catalog_.policy.needs_size();
    const int64_t cells =
        int64_t{table_.subjects} * table_.classes * table_.Sets();
    if (cells > kMostCells) {
      problems_.Add("routes", absl::StrCat("make a table of ", cells,
                                           " cells; at most ", kMostCells));
      return;
    }
    MeasureScopes();
    if (!problems_.ok()) return;
    FillCells();
    if (problems_.ok()) CheckThatEachWins();
    if (problems_.ok()) SeeWherePlaceMatters();
  }

 private:
  template <typename Ids>
  void CheckIds(const std::string& path, const Ids& ids, const IdMap& known,
                absl::string_view what) {
    for (int i = 0; i < ids.size(); ++i) {
      if (FindId(known, ids[i]) >= 0) continue;
      problems_.Add(absl::StrCat(path, "[", i, "]"),
                    absl::StrCat("\"", ids[i], "\" is no ", what,
                                 Nearest(known, ids[i])));
    }
  }

  void CheckRoutes() {
    for (const v1::Route& route : routes_) {
      const std::string path = PathOf("routes", route.id());
      table_.route_path.push_back(path);
      CheckIds(path + ".needs", route.needs(), catalog_.needs, "need");
      CheckIds(path + ".areas", route.areas(), catalog_.areas, "area");
      CheckIds(path + ".facts", route.facts(), catalog_.facts, "fact");
      for (int i = 0; i < route.places_size(); ++i) {
        catalog_.places.Resolve(
            route.places(i), absl::StrCat(path, ".places[", i, "]"), problems_);
      }
      int unit = -1;
      if (route.to_case() == v1::Route::kUnit) {
        unit = FindId(catalog_.units, route.unit());
        if (unit < 0) {
          problems_.Add(path + ".unit",
                        absl::StrCat("\"", route.unit(), "\" is no unit",
                                     Nearest(catalog_.units, route.unit())));
        }
      } else if (!route.unit_of_place()) {
        problems_.Add(path,
                      "names no unit; write unit, or unit_of_place: true");
      }
      table_.route_unit.push_back(unit);
      if (route.act().empty()) {
        problems_.Add(path + ".act", "is empty; name the act it rests on");
      } else if (FindId(catalog_.acts, route.act()) < 0) {
        problems_.Add(path + ".act",
                      absl::StrCat("\"", route.act(), "\" is no act",
                                   Nearest(catalog_.acts, route.act())));
      }
    }
  }

  void NumberFacts() {
    std::vector<int> bit(catalog_.policy.facts_size(), -1);
    for (const v1::Route& route : routes_) {
      for (const std::string& id : route.facts()) {
        const int fact = FindId(catalog_.facts, id);
        if (fact < 0 || bit[fact] >= 0) continue;
        bit[fact] = static_cast<int>(table_.fact_of_bit.size());
        table_.fact_of_bit.push_back(fact);
      }
    }
    table_.route_facts = static_cast<int>(table_.fact_of_bit.size());
    if (table_.route_facts > kMostRouteFacts) {
      problems_.Add("routes",
                    absl::StrCat("ask about ", table_.route_facts,
                                 " facts; at most ", kMostRouteFacts));
    }
  }

  // Places that the same routes match are one class.
  void ClassPlaces() {
    const Places& places = catalog_.places;
    std::vector<std::vector<int>> named_by(places.size());
    for (int r = 0; r < routes_.size(); ++r) {
      for (const std::string& id : routes_[r].places()) {
        named_by[places.FindId(id)].push_back(r);
      }
    }
    std::map<std::vector<int>, int> class_of;
    for (int place = 0; place < places.size(); ++place) {
      std::vector<int>& routes = named_by[place];
      if (place > 0) {
        const std::vector<int>& wider = named_by[places[place].parent];
        routes.insert(routes.end(), wider.begin(), wider.end());
      }
      std::sort(routes.begin(), routes.end());
      routes.erase(std::unique(routes.begin(), routes.end()), routes.end());
      const auto [found, added] =
          class_of.try_emplace(routes, static_cast<int>(class_of.size()));
      if (added) table_.class_place.push_back(place);
      table_.place_class.push_back(found->second);
    }
    table_.classes = static_cast<int>(class_of.size());
    routes_of_class_.resize(table_.classes);
    for (const auto& [routes, number] : class_of) {
      routes_of_class_[number] = routes;
    }
  }

  void MeasureScopes() {
    const int areas = catalog_.policy.areas_size();
    for (int r = 0; r < routes_.size(); ++r) {
      const v1::Route& route = routes_[r];
      Scope scope;
      scope.subjects.assign(table_.subjects, false);
      std::vector<bool> area_met(areas, route.areas_size() == 0);
      for (const std::string& id : route.areas()) {
        area_met[FindId(catalog_.areas, id)] = true;
      }
      std::vector<bool> need_met(catalog_.need_area.size(),
                                 route.needs_size() == 0);
      for (const std::string& id : route.needs()) {
        need_met[FindId(catalog_.needs, id)] = true;
      }
      if (route.needs_size() == 0) {
        scope.subjects[0] = route.areas_size() == 0;
        std::copy(area_met.begin(), area_met.end(), scope.subjects.begin() + 1);
      }
      for (size_t need = 0; need < need_met.size(); ++need) {
        scope.subjects[1 + areas + need] =
            need_met[need] && area_met[catalog_.need_area[need]];
      }
      scope.classes.assign(table_.classes, route.places_size() == 0);
      for (const std::string& id : route.facts()) {
        const int fact = FindId(catalog_.facts, id);
        const auto bit = std::find(table_.fact_of_bit.begin(),
                                   table_.fact_of_bit.end(), fact);
        scope.facts |= uint32_t{1} << (bit - table_.fact_of_bit.begin());
      }
      scopes_.push_back(std::move(scope));
    }
    for (int c = 0; c < table_.classes; ++c) {
      for (const int r : routes_of_class_[c]) scopes_[r].classes[c] = true;
    }
    for (int r = 0; r < routes_.size(); ++r) {
      Scope& scope = scopes_[r];
      const uint64_t classes =
          std::count(scope.classes.begin(), scope.classes.end(), true);
      for (int s = 0; s < table_.subjects; ++s) {
        if (!scope.subjects[s]) continue;
        const uint32_t facts = scope.facts | table_.SetOf(table_.Implied(s));
        scope.cells += classes * table_.Sets() >> __builtin_popcount(facts);
      }
      if (scope.cells == 0) {
        problems_.Add(table_.route_path[r],
                      "matches nothing; none of its needs is in its areas");
      }
    }
  }

  // Whether all that `a` matches `b` matches too.
  bool Within(int a, int b) {
    if (within_.empty()) {
      within_.resize(static_cast<size_t>(routes_.size()) * routes_.size());
    }
    uint8_t& known = within_[static_cast<size_t>(a) * routes_.size() + b];
    if (known == 0) {
      bool within = Subset(scopes_[a].subjects, scopes_[b].subjects) &&
                    Subset(scopes_[a].classes, scopes_[b].classes);
      for (int s = 0; s < table_.subjects && within; ++s) {
        const uint32_t facts =
            scopes_[a].facts | table_.SetOf(table_.Implied(s));
        within = !scopes_[a].subjects[s] || (scopes_[b].facts & ~facts) == 0;
      }
      known = within ? 1 : 2;
    }
    return known == 1;
  }

  // Of matching routes the one with the fewest cells wins, if it lies within
  // all the others: the only one that can.
  void FillCells() {
    const int sets = table_.Sets();
    table_.winner.assign(table_.Cell(table_.subjects, 0, 0), 0);
    std::vector<int> by_size(routes_.size());
    for (int r = 0; r < routes_.size(); ++r) by_size[r] = r;
    std::sort(by_size.begin(), by_size.end(), [&](int a, int b) {
      return std::make_pair(scopes_[a].cells, routes_[a].id()) <
             std::make_pair(scopes_[b].cells, routes_[b].id());
    });
    std::vector<int> of_subject, matching;
    for (int s = 0; s < table_.subjects; ++s) {
      const uint32_t implied = table_.SetOf(table_.Implied(s));
      of_subject.clear();
      for (const int r : by_size) {
        if (scopes_[r].subjects[s]) of_subject.push_back(r);
      }
      for (int c = 0; c < table_.classes; ++c) {
        matching.clear();
        for (const int r : of_subject) {
          if (scopes_[r].classes[c]) matching.push_back(r);
        }
        if (matching.empty()) continue;
        uint16_t* cells = &table_.winner[table_.Cell(s, c, 0)];
        for (uint32_t set = sets; set-- > 0;) {
          cells[set] = (set & implied) == implied
                           ? static_cast<uint16_t>(Winner(matching, s, c, set))
                           : cells[set | implied];
        }
      }
    }
  }

  // The winning route plus 1, 0 if none matches.
  int Winner(const std::vector<int>& matching, int s, int c, uint32_t set) {
    int winner = -1;
    for (const int r : matching) {
      if ((scopes_[r].facts & ~set) != 0) continue;
      if (winner < 0) {
        winner = r;
      } else if (!Within(winner, r) || Within(r, winner)) {
        Conflict(winner, r, s, c, set);
      }
    }
    return winner + 1;
  }

  void Conflict(int a, int b, int s, int c, uint32_t set) {
    if (routes_[b].id() < routes_[a].id()) std::swap(a, b);
    if (!conflicts_.insert({a, b}).second) return;
    // With no more facts than these the two meet already.
    set = scopes_[a].facts | scopes_[b].facts | table_.SetOf(table_.Implied(s));
    problems_.Add(
        table_.route_path[b],
        absl::StrCat("and ", table_.route_path[a], " both take ",
                     table_.Describe(s, c, set),
                     ", and neither is more specific; narrow one of them, or "
                     "add a route for what both match"));
  }

  void CheckThatEachWins() {
    std::vector<bool> wins(routes_.size() + 1);
    for (const uint16_t winner : table_.winner) wins[winner] = true;
    for (int r = 0; r < routes_.size(); ++r) {
      if (wins[r + 1]) continue;
      problems_.Add(
          table_.route_path[r],
          absl::StrCat("never wins; ", Takers(r), " all it would take"));
    }
  }

  // Who takes the cells that route `r` matches: `routes[a] takes`.
  std::string Takers(int r) const {
    std::vector<std::string> takers;
    std::vector<bool> seen(routes_.size() + 1);
    for (int s = 0; s < table_.subjects; ++s) {
      if (!scopes_[r].subjects[s]) continue;
      for (int c = 0; c < table_.classes; ++c) {
        if (!scopes_[r].classes[c]) continue;
        for (int set = 0; set < table_.Sets(); ++set) {
          if ((scopes_[r].facts & ~set) != 0) continue;
          const int winner = table_.winner[table_.Cell(s, c, set)];
          if (seen[winner]) continue;
          seen[winner] = true;
          takers.push_back(table_.route_path[winner - 1]);
        }
      }
    }
    std::sort(takers.begin(), takers.end());
    const size_t all = takers.size();
    if (all > kMostTakersNamed) {
      takers.resize(kMostTakersNamed);
      return absl::StrCat(absl::StrJoin(takers, ", "), " and ",
                          all - kMostTakersNamed, " more take");
    }
    return absl::StrCat(absl::StrJoin(takers, " and "),
                        all == 1 ? " takes" : " take");
  }

  void SeeWherePlaceMatters() {
    table_.place_matters.assign(
        static_cast<size_t>(table_.subjects) * table_.Sets(), false);
    for (int s = 0; s < table_.subjects; ++s) {
      for (int set = 0; set < table_.Sets(); ++set) {
        const auto unit = [&](int c) {
          const int route = table_.winner[table_.Cell(s, c, set)] - 1;
          return route < 0 ? catalog_.default_unit : table_.route_unit[route];
        };
        const int anywhere = unit(table_.place_class[0]);
        bool matters = false;
        for (int c = 0; c < table_.classes && !matters; ++c) {
          matters = unit(c) != anywhere;
        }
        // Of `unit_of_place` everywhere.
        if (table_.winner[table_.Cell(s, 0, set)] > 0 && anywhere < 0) {
          matters = true;
        }
        table_.place_matters[static_cast<size_t>(s) * table_.Sets() + set] =
            matters;
      }
    }
  }

  RuleTable& table_;
  const Catalog& catalog_;
  const google::protobuf::RepeatedPtrField<v1::Route>& routes_;
  Problems& problems_;
  std::vector<Scope> scopes_;
  std::vector<std::vector<int>> routes_of_class_;
  std::vector<uint8_t> within_;  // 0 not known, 1 yes, 2 no
  absl::flat_hash_set<std::pair<int, int>> conflicts_;
};

std::vector<bool> DoubtOfServing(const Catalog& catalog) {
  std::vector<bool> doubt(catalog.places.size(), false);
  for (int place = 1; place < catalog.places.size(); ++place) {
    const int unit = catalog.unit_serving[place];
    if (unit < 0) continue;
    const auto& serves = catalog.policy.units(unit).serves();
    const bool itself = std::find(serves.begin(), serves.end(),
                                  catalog.places[place].id) != serves.end();
    doubt[place] = !itself && (catalog.doubtful_place[place] ||
                               doubt[catalog.places[place].parent]);
  }
  return doubt;
}

// Of the form "pt-BR", "es" or "ht", of a language that there is.
bool IsLanguage(absl::string_view tag) {
  const std::vector<std::string> parts = absl::StrSplit(tag, '-');
  const auto all = [](const std::string& text, auto is) {
    return std::all_of(text.begin(), text.end(), is);
  };
  if (parts.size() > 2 || parts[0].size() < 2 || parts[0].size() > 3 ||
      !all(parts[0], absl::ascii_islower)) {
    return false;
  }
  if (parts.size() == 2 &&
      (parts[1].size() != 2 || !all(parts[1], absl::ascii_isupper))) {
    return false;
  }
  return *uloc_getISO3Language(parts[0].c_str()) != 0;
}

void CheckLanguage(const std::string& path, absl::string_view tag,
                   Problems& problems) {
  if (tag.empty() || IsLanguage(tag)) return;
  problems.Add(path, absl::StrCat("\"", tag,
                                  "\" is no language; write one such as "
                                  "\"pt-BR\", \"es\" or \"ht\""));
}

template <typename List>
void CheckLanguagesOf(absl::string_view list_name, const List& list,
                      Problems& problems) {
  for (const auto& element : list) {
    for (int w = 0; w < element.wordings_size(); ++w) {
      CheckLanguage(absl::StrCat(PathOf(list_name, element.id()), ".wordings[",
                                 w, "].language"),
                    element.wordings(w).language(), problems);
    }
  }
}

void CheckLanguages(const v1::Policy& policy, Problems& problems) {
  CheckLanguage("language", policy.language(), problems);
  CheckLanguagesOf("needs", policy.needs(), problems);
  CheckLanguagesOf("referrals", policy.referrals(), problems);
  CheckLanguagesOf("alarms", policy.alarms(), problems);
  CheckLanguagesOf("facts", policy.facts(), problems);
  for (const v1::Message& message : policy.messages()) {
    CheckLanguage(PathOf("messages", message.id()) + ".language",
                  message.language(), problems);
  }
}

// Points that guiche train may have chosen.
void CheckModel(const v1::Model& model, Problems& problems) {
  const auto check = [&](absl::string_view field, int points, int least) {
    if (points >= least && points <= kMostPoints) return;
    problems.Add(absl::StrCat("model.", field),
                 absl::StrCat(points, " is not from ", least, " to ",
                              kMostPoints, "; run guiche train"));
  };
  check("phrase_points", model.phrase_points(), 1);
  check("least_score", model.least_score(), 0);
  check("least_lead", model.least_lead(), 0);
  check("least_area_lead", model.least_area_lead(), 0);
  check("least_urgent", model.least_urgent(), 1);
}

}  // namespace

void RuleTable::Compile(Problems& problems) {
  TableCompiler(*this, problems).Run();
}

absl::StatusOr<Router> Router::Compile(const v1::Policy& policy) {
  Problems problems;
  auto catalog =
      std::make_shared<const Catalog>(Catalog::Compile(policy, problems));
  Understanding understanding =
      Understanding::Compile(policy, catalog, problems);
  auto table =
      std::make_shared<RuleTable>(RuleTable{catalog, std::move(understanding)});
  table->Compile(problems);
  CheckLanguages(policy, problems);
  if (policy.has_model()) CheckModel(policy.model(), problems);
  const std::string usual =
      policy.language().empty() ? "pt-BR" : policy.language();
  for (int i = 0; i < policy.messages_size(); ++i) {
    const v1::Message& message = policy.messages(i);
    table->messages.try_emplace(
        absl::StrCat(message.id(), " ",
                     message.language().empty() ? usual : message.language()),
        i);
  }
  if (problems.ok()) CheckWordings(policy, table->understanding, problems);
  if (!problems.ok()) return problems.ToStatus();
  table->serving_in_doubt = DoubtOfServing(*catalog);
  return Router(std::move(table));
}

}  // namespace guiche
