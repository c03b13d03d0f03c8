// The compiled table against a slow reading of "the most specific route wins,
// and order is meaningless": situation by situation, by sets of situations.

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "guiche/v1/policy.pb.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"
#include "policy/problems.h"
#include "routing/router.h"
#include "tests/routing/policies.h"

namespace guiche {
namespace {

struct Situation {
  std::string need, area, place;  // ids; empty: not stated
  std::set<std::string> facts;
};

std::string Text(const Situation& situation) {
  return absl::StrCat("need \"", situation.need, "\" area \"", situation.area,
                      "\" place \"", situation.place, "\" facts ",
                      absl::StrJoin(situation.facts, ","));
}

// A policy's routes and every situation there is, as sets of their numbers.
class Oracle {
 public:
  using Set = std::vector<uint64_t>;

  explicit Oracle(const v1::Policy& policy) : policy_(policy) {
    std::set<std::string> asked;
    for (const v1::Route& route : policy.routes()) {
      asked.insert(route.facts().begin(), route.facts().end());
    }
    const std::vector<std::string> facts(asked.begin(), asked.end());
    std::vector<Situation> subjects(1);
    for (const v1::Area& area : policy.areas()) {
      subjects.push_back({"", area.id(), "", {}});
    }
    for (const v1::Need& need : policy.needs()) {
      subjects.push_back({need.id(), need.area(), "", {}});
    }
    for (size_t s = 0; s < subjects.size(); ++s) {
      std::set<std::string> implied;
      if (s > static_cast<size_t>(policy.areas_size())) {
        const v1::Need& need =
            policy.needs(static_cast<int>(s) - 1 - policy.areas_size());
        implied.insert(need.facts().begin(), need.facts().end());
      }
      for (const v1::Place& place : policy.places()) {
        for (int set = 0; set < 1 << facts.size(); ++set) {
          Situation situation = subjects[s];
          situation.place = place.id();
          bool possible = true;
          for (size_t f = 0; f < facts.size(); ++f) {
            const bool holds = set >> f & 1;
            if (holds) situation.facts.insert(facts[f]);
            possible &= holds || implied.count(facts[f]) == 0;
          }
          if (possible) situations_.push_back(situation);
        }
      }
    }
    for (const v1::Place& place : policy.places()) {
      std::set<std::string>& around = around_[place.id()];
      const v1::Place* at = &place;
      while (at != nullptr) {
        around.insert(at->id());
        const v1::Place* wider = nullptr;
        for (const v1::Place& other : policy.places()) {
          if (other.id() == at->parent()) wider = &other;
        }
        at = wider;
      }
    }
    for (const v1::Route& route : policy.routes()) {
      Set set((situations_.size() + 63) / 64);
      for (size_t i = 0; i < situations_.size(); ++i) {
        if (Matches(route, situations_[i]))
          set[i / 64] |= uint64_t{1} << i % 64;
      }
      sets_.push_back(std::move(set));
    }
    const int routes = policy.routes_size();
    narrower_.assign(routes, std::vector<bool>(routes));
    for (int a = 0; a < routes; ++a) {
      for (int b = 0; b < routes; ++b) {
        narrower_[a][b] = Within(a, b) && !Within(b, a);
      }
    }
  }

  const std::vector<Situation>& situations() const { return situations_; }

  bool Matches(const v1::Route& route, const Situation& situation) const {
    const auto has = [](const auto& list, const std::string& id) {
      return std::find(list.begin(), list.end(), id) != list.end();
    };
    const std::set<std::string>& around = around_.find(situation.place)->second;
    return (route.needs().empty() || has(route.needs(), situation.need)) &&
           (route.areas().empty() || has(route.areas(), situation.area)) &&
           (route.places().empty() ||
            std::any_of(
                route.places().begin(), route.places().end(),
                [&](const auto& place) { return around.count(place) > 0; })) &&
           std::all_of(route.facts().begin(), route.facts().end(),
                       [&](const auto& fact) {
                         return situation.facts.count(fact) > 0;
                       });
  }

  // The most specific of the routes that match: one, none or, in conflict,
  // several.
  std::vector<int> Winners(size_t situation) const {
    std::vector<int> matching, winners;
    for (int r = 0; r < policy_.routes_size(); ++r) {
      if (sets_[r][situation / 64] >> situation % 64 & 1) matching.push_back(r);
    }
    for (const int r : matching) {
      if (std::none_of(matching.begin(), matching.end(),
                       [&](int other) { return narrower_[other][r]; })) {
        winners.push_back(r);
      }
    }
    return winners;
  }

  bool Narrower(int a, int b) const { return narrower_[a][b]; }

 private:
  bool Within(int a, int b) const {
    for (size_t i = 0; i < sets_[a].size(); ++i) {
      if ((sets_[a][i] & ~sets_[b][i]) != 0) return false;
    }
    return true;
  }

  const v1::Policy& policy_;
  std::vector<Situation> situations_;
  std::map<std::string, std::set<std::string>> around_;  // each place's
  std::vector<Set> sets_;                                // of each route
  std::vector<std::vector<bool>> narrower_;
};

Request RequestOf(const Router& router, const Situation& situation) {
  Request request;
  if (!situation.need.empty()) {
    request.need = router.FindNeed(situation.need).value();
  } else if (!situation.area.empty()) {
    request.area = router.FindArea(situation.area).value();
  }
  request.place = router.FindPlace(situation.place).value();
  for (const std::string& fact : situation.facts) {
    request.facts |= uint64_t{1} << router.FindFact(fact).value();
  }
  return request;
}

int RouteNumber(const v1::Policy& policy, absl::string_view path) {
  for (int r = 0; r < policy.routes_size(); ++r) {
    if (path == PathOf("routes", policy.routes(r).id())) return r;
  }
  return -1;
}

// What stands in quotes after `before`.
std::string Quoted(absl::string_view text, absl::string_view before) {
  const size_t at = text.find(absl::StrCat(before, " \""));
  if (at == absl::string_view::npos) return "";
  text.remove_prefix(at + before.size() + 2);
  return std::string(text.substr(0, text.find('"')));
}

// The request by which a conflict is shown: `both take need "x" at place "p"
// with fact "f", and neither ...`.
Situation WitnessOf(const v1::Policy& policy, absl::string_view problem) {
  Situation shown;
  shown.need = Quoted(problem, "need");
  shown.area = Quoted(problem, "area");
  shown.place = Quoted(problem, "place");
  if (shown.place.empty()) shown.place = policy.places(0).id();
  for (const v1::Need& need : policy.needs()) {
    if (need.id() != shown.need) continue;
    shown.area = need.area();
    shown.facts.insert(need.facts().begin(), need.facts().end());
  }
  while (absl::StrContains(problem, "fact \"")) {
    shown.facts.insert(Quoted(problem, "fact"));
    problem.remove_prefix(problem.find("fact \"") + 6);
  }
  return shown;
}

// What the compiled policy gets wrong; empty: nothing.
std::string Disagreement(const v1::Policy& policy, bool* sound = nullptr) {
  const Oracle oracle(policy);
  const auto router = Router::Compile(policy);
  std::set<std::set<int>> conflicts;  // pairs of them
  std::vector<bool> wins(policy.routes_size());
  std::vector<std::vector<int>> winners;
  for (size_t i = 0; i < oracle.situations().size(); ++i) {
    winners.push_back(oracle.Winners(i));
    for (const int a : winners[i]) {
      if (winners[i].size() == 1) wins[a] = true;
      for (const int b : winners[i]) {
        if (a != b) conflicts.insert({a, b});
      }
    }
  }
  const bool each_wins =
      std::all_of(wins.begin(), wins.end(), [](bool one) { return one; });
  const bool fine = conflicts.empty() && each_wins;
  if (sound != nullptr) *sound = fine;
  if (router.ok() != fine) {
    return absl::StrCat("expected ", fine ? "no problem" : "problems", "; ",
                        router.status().ToString());
  }
  if (router.ok()) {
    for (size_t i = 0; i < oracle.situations().size(); ++i) {
      const Situation& situation = oracle.situations()[i];
      const std::string expected =
          winners[i].empty()
              ? "default_unit"
              : PathOf("routes", policy.routes(winners[i][0]).id());
      const Assignment assigned = router->Assign(RequestOf(*router, situation));
      if (assigned.rule != expected) {
        return absl::StrCat(Text(situation), ": expected ", expected, ", was ",
                            assigned.rule);
      }
    }
    return "";
  }
  // Each route in conflict is named, by a request that both sides match; a
  // route that never wins is named where nothing else is wrong.
  std::set<int> named;
  const v1::PolicyProblems list = ProblemsOf(router.status());
  for (const v1::PolicyProblem& one : list.problems()) {
    const std::string told = absl::StrCat(one.path(), ": ", one.problem());
    const int b = RouteNumber(policy, one.path());
    if (b < 0) return absl::StrCat("names no route: ", told);
    named.insert(b);
    if (absl::StrContains(told, "matches nothing")) return "";
    if (absl::StrContains(told, "never wins")) {
      if (wins[b]) return absl::StrCat("it wins: ", told);
      continue;
    }
    absl::string_view other = one.problem();
    absl::ConsumePrefix(&other, "and ");
    const int a = RouteNumber(policy, other.substr(0, other.find(' ')));
    const Situation shown = WitnessOf(policy, one.problem());
    if (a < 0 || !oracle.Matches(policy.routes(a), shown) ||
        !oracle.Matches(policy.routes(b), shown)) {
      return absl::StrCat("not both match ", Text(shown), ": ", told);
    }
    if (oracle.Narrower(a, b) || oracle.Narrower(b, a)) {
      return absl::StrCat("one is more specific: ", told);
    }
    named.insert(a);
  }
  for (const std::set<int>& pair : conflicts) {
    if (named.count(*pair.begin()) == 0 && named.count(*pair.rbegin()) == 0) {
      return absl::StrCat("not named: ",
                          policy.routes(*pair.begin()).ShortDebugString());
    }
  }
  for (int r = 0; r < policy.routes_size() && conflicts.empty(); ++r) {
    if (!wins[r] && named.count(r) == 0) {
      return absl::StrCat("never wins, and is not named: ",
                          policy.routes(r).ShortDebugString());
    }
  }
  return "";
}

// The same disagreement of fewer routes with fewer conditions.
v1::Policy Shrunk(v1::Policy policy) {
  const auto shrinks = [&](auto change) {
    v1::Policy smaller = policy;
    change(smaller);
    if (Disagreement(smaller).empty()) return false;
    policy = smaller;
    return true;
  };
  for (bool progress = true; progress;) {
    progress = false;
    for (int r = 0; r < policy.routes_size(); ++r) {
      progress |= shrinks([&](v1::Policy& smaller) {
        smaller.mutable_routes()->DeleteSubrange(r, 1);
      });
    }
    for (int r = 0; r < policy.routes_size(); ++r) {
      const auto drop = [&](auto list) {
        progress |= (policy.mutable_routes(r)->*list)()->size() > 0 &&
                    shrinks([&](v1::Policy& smaller) {
                      (smaller.mutable_routes(r)->*list)()->RemoveLast();
                    });
      };
      using Ids =
          google::protobuf::RepeatedPtrField<std::string>* (v1::Route::*)();
      for (const Ids list : {static_cast<Ids>(&v1::Route::mutable_needs),
                             static_cast<Ids>(&v1::Route::mutable_areas),
                             static_cast<Ids>(&v1::Route::mutable_places),
                             static_cast<Ids>(&v1::Route::mutable_facts)}) {
        drop(list);
      }
    }
  }
  return policy;
}

// Places, areas, facts and needs of some shape, and some routes.
v1::Policy RandomPolicy(std::mt19937& random) {
  v1::Policy policy = PolicyOf(R"pb(
    id: "random"
    version: "1"
    time_zone: "UTC"
    default_unit: "unit"
    acts { id: "act" }
    units { id: "unit" name: "unit" }
  )pb");
  const auto pick = [&](int below) {
    return static_cast<int>(random() % below);
  };
  const int places = 1 + pick(6), areas = 1 + pick(3), facts = pick(4);
  const int needs = pick(5), routes = 1 + pick(6);
  for (int p = 0; p < places; ++p) {
    v1::Place& place = *policy.add_places();
    place.set_id(absl::StrCat("p", p));
    place.set_name(absl::StrCat("Place ", p));
    place.set_kind(v1::Place::REGION);
    if (p > 0) place.set_parent(absl::StrCat("p", pick(p)));
  }
  for (int a = 0; a < areas; ++a) {
    v1::Area& area = *policy.add_areas();
    area.set_id(absl::StrCat("a", a));
    area.set_name(area.id());
  }
  for (int f = 0; f < facts; ++f) {
    policy.add_facts()->set_id(absl::StrCat("f", f));
  }
  for (int n = 0; n < needs; ++n) {
    v1::Need& need = *policy.add_needs();
    need.set_id(absl::StrCat("n", n));
    need.set_name(need.id());
    need.set_area(absl::StrCat("a", pick(areas)));
    if (facts > 0 && pick(3) == 0) {
      need.add_facts(absl::StrCat("f", pick(facts)));
    }
  }
  const auto some = [&](absl::string_view prefix, int of, int most, auto* ids) {
    for (int i = of == 0 ? 0 : pick(most + 1); i > 0; --i) {
      const std::string id = absl::StrCat(prefix, pick(of));
      if (std::find(ids->begin(), ids->end(), id) == ids->end()) {
        *ids->Add() = id;
      }
    }
  };
  for (int r = 0; r < routes; ++r) {
    v1::Route& route = *policy.add_routes();
    route.set_id(absl::StrCat("r", r));
    route.set_act("act");
    route.set_unit("unit");
    some("n", needs, 2, route.mutable_needs());
    some("a", areas, 1, route.mutable_areas());
    some("p", places, 2, route.mutable_places());
    some("f", facts, 1, route.mutable_facts());
  }
  return policy;
}

template <typename List>
void Shuffle(List* list, std::mt19937& random) {
  for (int i = list->size(); i > 1; --i) {
    list->SwapElements(i - 1, static_cast<int>(random() % i));
  }
}

// The same policy, its elements in another order.
v1::Policy Shuffled(v1::Policy policy, std::mt19937& random) {
  Shuffle(policy.mutable_acts(), random);
  Shuffle(policy.mutable_places(), random);
  Shuffle(policy.mutable_units(), random);
  Shuffle(policy.mutable_areas(), random);
  Shuffle(policy.mutable_facts(), random);
  Shuffle(policy.mutable_needs(), random);
  Shuffle(policy.mutable_alarms(), random);
  Shuffle(policy.mutable_referrals(), random);
  Shuffle(policy.mutable_emergency_numbers(), random);
  Shuffle(policy.mutable_routes(), random);
  return policy;
}

TEST(TableTest, EveryCellOfMatoGrosso) {
  const v1::Policy policy = MatoGrosso();
  bool sound = false;
  EXPECT_EQ(Disagreement(policy, &sound), "");
  EXPECT_TRUE(sound);
}

TEST(TableTest, RandomPolicies) {
  std::mt19937 random(20220912);
  int sound = 0, unsound = 0;
  for (int round = 0; round < 1'500; ++round) {
    const v1::Policy policy = RandomPolicy(random);
    bool fine = false;
    const std::string wrong = Disagreement(policy, &fine);
    if (!wrong.empty()) {
      const v1::Policy least = Shrunk(policy);
      FAIL() << Disagreement(least) << "\n" << least.DebugString();
    }
    ++(fine ? sound : unsound);
  }
  EXPECT_GT(sound, 300);
  EXPECT_GT(unsound, 300);
}

// All that is wrong with a policy but for the requests that show it.
std::set<std::string> ProblemLines(const absl::Status& status) {
  std::set<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
    lines.emplace(line.substr(0, line.find(" both take")));
  }
  return lines;
}

TEST(TableTest, OrderOfRandomPoliciesIsMeaningless) {
  std::mt19937 random(2024);
  for (int round = 0; round < 500; ++round) {
    const v1::Policy policy = RandomPolicy(random);
    const v1::Policy shuffled = Shuffled(policy, random);
    const auto one = Router::Compile(policy), other = Router::Compile(shuffled);
    ASSERT_EQ(one.ok(), other.ok()) << policy.DebugString();
    ASSERT_EQ(ProblemLines(one.status()), ProblemLines(other.status()))
        << policy.DebugString();
    if (!one.ok()) continue;
    const Oracle oracle(policy);
    for (const Situation& situation : oracle.situations()) {
      ASSERT_EQ(one->Assign(RequestOf(*one, situation)).rule,
                other->Assign(RequestOf(*other, situation)).rule)
          << Text(situation) << "\n"
          << policy.DebugString();
    }
  }
}

TEST(TableTest, OrderOfMatoGrossoIsMeaningless) {
  std::mt19937 random(2025);
  const v1::Policy policy = MatoGrosso();
  const v1::Policy shuffled = Shuffled(policy, random);
  EXPECT_EQ(Digest(policy), Digest(shuffled));
  const Router one = Router::Compile(policy).value();
  const Router other = Router::Compile(shuffled).value();
  const Oracle oracle(policy);
  for (const Situation& situation : oracle.situations()) {
    const Assignment a = one.Assign(RequestOf(one, situation));
    const Assignment b = other.Assign(RequestOf(other, situation));
    ASSERT_EQ(a.rule, b.rule) << Text(situation);
    ASSERT_EQ(a.unit_id, b.unit_id) << Text(situation);
  }
  for (const v1::Need& need : policy.needs()) {
    for (const v1::Wording& wording : need.wordings()) {
      for (int i = 0; i < wording.examples_size(); i += 7) {
        v1::RouteRequest request;
        request.set_text(wording.examples(i));
        ASSERT_EQ(one.Route(request)->SerializeAsString(),
                  other.Route(request)->SerializeAsString())
            << wording.examples(i);
      }
    }
  }
}

}  // namespace
}  // namespace guiche
