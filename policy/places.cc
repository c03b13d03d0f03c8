#include "policy/places.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "policy/edit_distance.h"
#include "policy/fold.h"
#include "policy/problems.h"

namespace guiche {
namespace {

constexpr int kMaxPlaces = 100'000;
constexpr int kMaxDepth = 16;
constexpr int kNearestShown = 3;
constexpr size_t kLongestName = 200;

// Letters and digits of the folded text, words one blank apart, so that
// "D'Oeste", "d oeste" and "D-OESTE" are one name.
std::string NameKey(absl::string_view text) {
  std::string key;
  for (const char c : Fold(text.substr(0, kLongestName))) {
    const bool word = absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                      static_cast<unsigned char>(c) >= 0x80;
    if (word) {
      key.push_back(c);
    } else if (!key.empty() && key.back() != ' ') {
      key.push_back(' ');
    }
  }
  if (!key.empty() && key.back() == ' ') key.pop_back();
  return key;
}

struct KindName {
  absl::string_view prefix;
  v1::Place::Kind kind;
};
constexpr KindName kKindNames[] = {
    {"estado:", v1::Place::STATE},    {"regiao:", v1::Place::REGION},
    {"comarca:", v1::Place::COMARCA}, {"municipio:", v1::Place::MUNICIPALITY},
    {"predio:", v1::Place::BUILDING},
};

// Of places with one name people mean the municipality, else the narrowest.
int Preference(const PlaceInfo& place) {
  return place.kind == v1::Place::MUNICIPALITY ? kMaxDepth + 1 : place.depth;
}

using PlacesById = absl::flat_hash_map<absl::string_view, const v1::Place*>;

std::vector<absl::string_view> KeysOf(const PlacesById& by_id) {
  std::vector<absl::string_view> ids;
  for (const auto& [id, place] : by_id) ids.push_back(id);
  return ids;
}

// The ids of the first few: `"mt", "comarca:sinop"`.
std::string ListOf(const std::vector<const v1::Place*>& places) {
  std::vector<std::string> ids;
  for (const v1::Place* place : places) {
    if (ids.size() < kNearestShown) {
      ids.push_back(absl::StrCat("\"", place->id(), "\""));
    }
  }
  std::sort(ids.begin(), ids.end());
  return absl::StrCat(absl::StrJoin(ids, ", "),
                      ids.size() < places.size() ? " and more" : "");
}

// Blames, of places that lie in each other in a circle, the first by id.
void CheckCircles(const v1::Policy& policy, const PlacesById& by_id,
                  Problems& problems) {
  const auto parent_of = [&](const v1::Place* place) {
    const auto found = by_id.find(place->parent());
    return found == by_id.end() ? nullptr : found->second;
  };
  absl::flat_hash_set<const v1::Place*> seen;
  for (const v1::Place& place : policy.places()) {
    std::vector<const v1::Place*> way;
    const v1::Place* at = &place;
    while (at != nullptr && seen.insert(at).second) {
      way.push_back(at);
      at = parent_of(at);
    }
    const auto begin = std::find(way.begin(), way.end(), at);
    if (at == nullptr || begin == way.end()) continue;
    const auto first = std::min_element(
        begin, way.end(),
        [](const auto* a, const auto* b) { return a->id() < b->id(); });
    std::rotate(begin, first, way.end());
    problems.Add(
        PathOf("places", (*begin)->id()) + ".parent",
        absl::StrCat("\"", (*begin)->parent(), "\" closes a circle: ",
                     absl::StrJoin(begin, way.end(), " in ",
                                   [](std::string* out, const auto* one) {
                                     absl::StrAppend(out, "\"", one->id(),
                                                     "\"");
                                   }),
                     " in \"", (*begin)->id(), "\"; name a wider place"));
  }
}

}  // namespace

Places Places::Compile(const v1::Policy& policy, Problems& problems) {
  Places compiled;
  const std::string zone = policy.time_zone();
  if (policy.places_size() == 0) {
    compiled.places_.push_back(
        {"", policy.title(), v1::Place::STATE, -1, 0, zone, "", {}});
    compiled.by_id_[""] = 0;
    return compiled;
  }
  if (policy.places_size() > kMaxPlaces) {
    problems.Add("places", absl::StrCat(policy.places_size(),
                                        " places; at most ", kMaxPlaces));
    return compiled;
  }

  PlacesById by_id;
  std::vector<const v1::Place*> roots;
  absl::flat_hash_map<absl::string_view, std::vector<const v1::Place*>>
      children;
  for (const v1::Place& place : policy.places()) {
    const std::string path = PathOf("places", place.id());
    if (place.id().empty()) {
      problems.Add(path, "has no id; give it one, as in \"comarca:sinop\"");
    } else if (!by_id.try_emplace(place.id(), &place).second) {
      problems.Add(path, "is there twice; ids are unique");
      continue;
    }
    if (NameKey(place.name()).empty()) {
      problems.Add(path + ".name", "is empty; write what people call it");
    }
    if (place.kind() == v1::Place::KIND_UNSPECIFIED) {
      problems.Add(path + ".kind",
                   "is missing; write STATE, REGION, COMARCA, MUNICIPALITY or "
                   "BUILDING");
    }
    if (place.parent().empty()) {
      roots.push_back(&place);
    } else {
      children[place.parent()].push_back(&place);
    }
    absl::TimeZone ignored;
    if (!place.time_zone().empty() &&
        !absl::LoadTimeZone(place.time_zone(), &ignored)) {
      problems.Add(path + ".time_zone",
                   absl::StrCat("\"", place.time_zone(),
                                "\" is no IANA zone known here; write one such "
                                "as \"America/Cuiaba\""));
    }
  }
  for (const v1::Place& place : policy.places()) {
    if (place.parent().empty() || by_id.contains(place.parent())) continue;
    problems.Add(PathOf("places", place.id()) + ".parent",
                 absl::StrCat("\"", place.parent(), "\" is no place's id",
                              DidYouMean(place.parent(), KeysOf(by_id))));
  }
  CheckCircles(policy, by_id, problems);
  if (roots.size() != 1) {
    problems.Add(
        "places",
        absl::StrCat(roots.size(), " have no parent", roots.empty() ? "" : ": ",
                     ListOf(roots), "; exactly one, the widest, has none"));
  }

  // A parent before its children. Of what is blamed above the children hang
  // from the root, so that nothing that names them is blamed too.
  struct Next {
    const v1::Place* place;
    int parent;
  };
  std::vector<Next> queue;
  absl::flat_hash_set<const v1::Place*> queued;
  const auto enqueue = [&](const v1::Place* place, int parent) {
    if (queued.insert(place).second) queue.push_back({place, parent});
  };
  for (const v1::Place* root : roots) enqueue(root, queue.empty() ? -1 : 0);
  size_t i = 0;
  const auto compile_queue = [&] {
    for (; i < queue.size(); ++i) {
      const int index = compiled.Append(*queue[i].place, queue[i].parent, zone);
      if (compiled.places_[index].depth == kMaxDepth + 1) {
        problems.Add(PathOf("places", queue[i].place->id()) + ".parent",
                     absl::StrCat("lies more than ", kMaxDepth,
                                  " places deep; name a wider place"));
      }
      for (const v1::Place* child : children[queue[i].place->id()]) {
        enqueue(child, index);
      }
    }
  };
  compile_queue();
  for (const v1::Place& place : policy.places()) {
    const auto found = by_id.find(place.id());
    if (found == by_id.end() || found->second != &place) continue;
    enqueue(&place, queue.empty() ? -1 : 0);
    compile_queue();
  }
  compiled.CheckNames(problems);
  return compiled;
}

int Places::Append(const v1::Place& place, int parent,
                   const std::string& zone) {
  const int depth = parent < 0 ? 0 : places_[parent].depth + 1;
  const std::string inherited = parent < 0 ? zone : places_[parent].time_zone;
  PlaceInfo info{
      place.id(),   place.name(),
      place.kind(), parent,
      depth,        place.time_zone().empty() ? inherited : place.time_zone(),
      place.ddd(),  {NameKey(place.name())}};
  for (const std::string& alias : place.aliases()) {
    info.names.push_back(NameKey(alias));
  }
  const int index = size();
  by_id_[info.id] = index;
  for (const std::string& name : info.names) {
    std::vector<int>& namesakes = by_name_[name];
    if (namesakes.empty() || namesakes.back() != index) {
      namesakes.push_back(index);
    }
  }
  places_.push_back(std::move(info));
  return index;
}

// Of two places equally meant by a name the order of the policy would decide.
void Places::CheckNames(Problems& problems) const {
  for (int i = 0; i < size(); ++i) {
    for (const std::string& name : places_[i].names) {
      for (const int namesake : by_name_.find(name)->second) {
        const PlaceInfo* a = &places_[namesake];
        const PlaceInfo* b = &places_[i];
        if (namesake >= i || name.empty() ||
            (a->kind != b->kind && Preference(*a) != Preference(*b))) {
          continue;
        }
        if (b->id < a->id) std::swap(a, b);
        problems.Add(PathOf("places", b->id),
                     absl::StrCat("\"", name, "\" is a name of ",
                                  PathOf("places", a->id),
                                  " too; leave it out of one's aliases, or "
                                  "make the names longer"));
      }
    }
  }
}

std::string Places::WithoutRoot(std::string key) const {
  for (const std::string& root : places_[0].names) {
    absl::string_view rest = key;
    if (absl::ConsumeSuffix(&rest, root) && absl::ConsumeSuffix(&rest, " ")) {
      return std::string(rest);
    }
  }
  return key;
}

int Places::FindId(absl::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? -1 : found->second;
}

int Places::Resolve(absl::string_view id, absl::string_view path,
                    Problems& problems) const {
  const int found = FindId(id);
  if (found >= 0) return found;
  std::vector<absl::string_view> known;
  for (const PlaceInfo& place : places_) known.push_back(place.id);
  problems.Add(path, absl::StrCat("\"", id, "\" is no place's id",
                                  DidYouMean(id, known)));
  return -1;
}

absl::StatusOr<int> Places::Find(absl::string_view text) const {
  if (text.empty()) return 0;
  const int exact = FindId(text);
  if (exact >= 0) return exact;

  absl::string_view name = text;
  v1::Place::Kind wanted = v1::Place::KIND_UNSPECIFIED;
  const size_t colon = text.find(':');
  if (colon != absl::string_view::npos) {
    const std::string prefix = Fold(text.substr(0, colon + 1));
    for (const KindName& kind : kKindNames) {
      if (prefix == kind.prefix) wanted = kind.kind;
    }
    if (wanted != v1::Place::KIND_UNSPECIFIED) name = text.substr(colon + 1);
  }
  const auto suits = [&](int place) {
    return wanted == v1::Place::KIND_UNSPECIFIED ||
           places_[place].kind == wanted;
  };

  const std::string key = WithoutRoot(NameKey(name));
  int best = -1;
  const auto found = by_name_.find(key);
  if (found != by_name_.end()) {
    for (const int place : found->second) {
      if (!suits(place)) continue;
      if (best < 0 || Preference(places_[place]) > Preference(places_[best])) {
        best = place;
      }
    }
  }
  if (best >= 0) return best;

  // distance, name, so that equals come in a fixed order
  std::vector<std::tuple<int, std::string>> nearest;
  absl::flat_hash_set<absl::string_view> shown;
  for (int place = 0; place < size(); ++place) {
    if (!suits(place) || key.empty()) continue;
    int distance = EditDistance(key, places_[place].names[0]);
    if (absl::StartsWith(places_[place].names[0], key)) distance = 1;
    if (distance * 3 > static_cast<int>(key.size()) + 3) continue;
    if (!shown.insert(places_[place].name).second) continue;
    nearest.emplace_back(distance, places_[place].name);
  }
  std::sort(nearest.begin(), nearest.end());
  if (nearest.size() > kNearestShown) nearest.resize(kNearestShown);
  std::vector<std::string> names;
  for (const auto& [distance, candidate] : nearest) names.push_back(candidate);
  return absl::NotFoundError(absl::StrCat(
      "place: \"", Shown(text, kLongestName), "\" is not known; ",
      names.empty()
          ? "write a municipality's name, its IBGE code, or "
            "\"comarca:\" and a name"
          : absl::StrCat("did you mean ", absl::StrJoin(names, " or "), "?")));
}

bool Places::In(int place, int wide) const {
  while (place > wide) place = places_[place].parent;
  return place == wide;
}

}  // namespace guiche
