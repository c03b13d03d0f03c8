// The decision table of a policy's routes, proved and laid out densely.

#ifndef GUICHE_ROUTING_RULE_TABLE_H_
#define GUICHE_ROUTING_RULE_TABLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"
#include "routing/catalog.h"
#include "routing/understanding.h"

namespace guiche {

// Caps of one table; beyond them compiling fails and quotes the number.
inline constexpr int kMostRouteFacts = 12;
inline constexpr int64_t kMostCells = int64_t{64} << 20;

// A cell is a subject (nothing, an area alone, or a need), a class of places
// that the same routes match, and a set of the facts that routes ask about.
// Invariant: each cell holds the one winning route, plus 1, or 0 for none. A
// need's implied facts hold in its cells whatever the set says.
struct RuleTable {
  std::shared_ptr<const Catalog> catalog;
  Understanding understanding;

  int subjects = 0, classes = 0, route_facts = 0;
  std::vector<int> fact_of_bit;  // fact number of each bit of a cell's set
  std::vector<int> place_class;  // of each place
  std::vector<int> class_place;  // one place of each class
  std::vector<uint16_t> winner;
  // By subject and set: whether the place can change the unit.
  std::vector<bool> place_matters;

  std::vector<int> route_unit;  // -1: the unit of the place
  std::vector<std::string> route_path;
  // Whether the chain of places up to the one served is not all confirmed.
  std::vector<bool> serving_in_doubt;
  absl::flat_hash_map<std::string, int> messages;  // by id, blank, language

  // Checks the routes and fills the table; all else is set beforehand.
  void Compile(Problems& problems);

  int Sets() const { return 1 << route_facts; }
  int Subject(int need, int area) const;
  uint32_t SetOf(FactSet facts) const;
  size_t Cell(int subject, int place_class, uint32_t set) const {
    return (static_cast<size_t>(subject) * classes + place_class) * Sets() +
           set;
  }
  // The unit that `route` names at `place`, the default unit if none.
  int UnitOf(int route, int place) const;
  FactSet Implied(int subject) const;
  // `need "x"`, `area "y"` or `nothing stated`, with place and facts.
  std::string Describe(int subject, int place_class, uint32_t set) const;
};

}  // namespace guiche

#endif  // GUICHE_ROUTING_RULE_TABLE_H_
