// The places of a policy: what lies in what, and what people call them.

#ifndef GUICHE_POLICY_PLACES_H_
#define GUICHE_POLICY_PLACES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"

namespace guiche {

// One place of a compiled policy.
struct PlaceInfo {
  std::string id;
  std::string name;
  v1::Place::Kind kind;
  int parent;             // index, or -1 for the root
  int depth;              // 0 for the root
  std::string time_zone;  // inherited where it names none
  std::string ddd;
  std::vector<std::string> names;  // folded: name and aliases, for finding
};

// The tree of places. Immutable once compiled; any number of threads may ask.
// Invariant: one root at index 0, a parent before its children.
class Places {
 public:
  // Checks `policy.places` and adds what is wrong to `problems`. A policy
  // without places has one unnamed root.
  static Places Compile(const v1::Policy& policy, Problems& problems);

  int size() const { return static_cast<int>(places_.size()); }
  const PlaceInfo& operator[](int index) const { return places_[index]; }

  // The place with this id, or -1.
  int FindId(absl::string_view id) const;

  // The same; of an id that is none `path` is blamed, with the nearest ids:
  //   "comarca:cuiabá" is no place's id; did you mean "comarca:cuiaba"?
  int Resolve(absl::string_view id, absl::string_view path,
              Problems& problems) const;

  // The place people mean by `text`: an id, a name or an alias, case and
  // accents aside; "comarca:Sinop" and the like ask for that kind, and the
  // root's name may stand behind, as in "Sinop/MT". A name borne by several
  // kinds means the municipality, else the narrowest. Empty means the root.
  // kNotFound names the nearest names: `place: "Sinopi" is not known; did you
  // mean Sinop?`
  absl::StatusOr<int> Find(absl::string_view text) const;

  // Whether `place` is `wide` or lies in it.
  bool In(int place, int wide) const;

 private:
  // A name without the root's behind it: "cuiaba" for "cuiaba mt".
  std::string WithoutRoot(std::string key) const;

  int Append(const v1::Place& place, int parent, const std::string& zone);
  void CheckNames(Problems& problems) const;

  std::vector<PlaceInfo> places_;
  absl::flat_hash_map<std::string, int> by_id_;
  absl::flat_hash_map<std::string, std::vector<int>> by_name_;
};

}  // namespace guiche

#endif  // GUICHE_POLICY_PLACES_H_
