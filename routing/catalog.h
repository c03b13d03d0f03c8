// The elements of a policy that routing speaks of, checked and numbered by
// their order in it.

#ifndef GUICHE_ROUTING_CATALOG_H_
#define GUICHE_ROUTING_CATALOG_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/policy.pb.h"
#include "policy/places.h"
#include "policy/problems.h"

namespace guiche {

// Caps of one policy; beyond them compiling fails and quotes the number.
inline constexpr int kMostAreas = 100;
inline constexpr int kMostNeeds = 1'000;
inline constexpr int kMostFacts = 64;  // so that a set of them is one integer
inline constexpr int kMostAlarms = 200;
inline constexpr int kMostReferrals = 1'000;
inline constexpr int kMostUnits = 5'000;
inline constexpr int kMostRoutes = 5'000;
inline constexpr int kMostPhrases = 20'000;
inline constexpr size_t kLongestId = 100;  // bytes

// Bit i stands for fact number i.
using FactSet = uint64_t;

// Ids and their numbers.
using IdMap = absl::flat_hash_map<std::string, int>;

// The number of an id, or -1.
int FindId(const IdMap& ids, absl::string_view id);

// `; did you mean "a" or "b"?` of the ids nearest to one that is not known, or
// nothing.
std::string Nearest(const IdMap& ids, absl::string_view id);

// The whole messages of a wording, by what is said of their urgency.
enum Urgency { kUnsaid, kUrgent, kCalm };
using Texts = google::protobuf::RepeatedPtrField<std::string>;
std::array<const Texts*, 3> ExamplesOf(const v1::Wording& wording);
std::array<Texts*, 3> MutableExamplesOf(v1::Wording& wording);

struct Catalog {
  v1::Policy policy;  // without wordings, calendars and conduct
  Places places;
  IdMap areas, needs, facts, alarms, referrals, units, numbers, acts, routes;
  std::vector<int> need_area;
  std::vector<FactSet> need_facts;
  std::vector<FactSet> alarm_facts;
  std::vector<int> alarm_need;    // or -1
  int default_unit = -1;          // -1: the policy has no units
  std::vector<int> unit_serving;  // of each place; -1: none
  // Whether belonging to the parent is not confirmed, of each place.
  std::vector<bool> doubtful_place;

  // Checks all but routes and wordings, and adds what is wrong to `problems`.
  static Catalog Compile(const v1::Policy& policy, Problems& problems);

  v1::Precedence PrecedenceOf(int need) const;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_CATALOG_H_
