#include "desk/conduct.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/edit_distance.h"

namespace guiche {
namespace {

constexpr int kMostRules = 1'000;
constexpr int kConditions = 6;

// One value a condition, 0 where it is not stated.
using Values = std::array<int, kConditions>;

constexpr Values kSizes = {v1::Device_ARRAYSIZE,      v1::Channel_ARRAYSIZE,
                           v1::Counterpart_ARRAYSIZE, v1::Purpose_ARRAYSIZE,
                           v1::Role_ARRAYSIZE,        v1::Period_ARRAYSIZE};

int Cells() {
  return std::accumulate(kSizes.begin(), kSizes.end(), 1,
                         [](int a, int b) { return a * b; });
}

int CellOf(const Values& values) {
  int cell = 0;
  for (int i = 0; i < kConditions; ++i) {
    const bool stated = values[i] > 0 && values[i] < kSizes[i];
    cell = cell * kSizes[i] + (stated ? values[i] : 0);
  }
  return cell;
}

Values ValuesOf(int cell) {
  Values values;
  for (int i = kConditions; i-- > 0;) {
    values[i] = cell % kSizes[i];
    cell /= kSizes[i];
  }
  return values;
}

Values ConditionsOf(const v1::ConductRule& rule) {
  return {rule.device(),  rule.channel(), rule.counterpart(),
          rule.purpose(), rule.role(),    rule.period()};
}

// Whether all that `narrow` matches `wide` matches too.
bool Within(const Values& narrow, const Values& wide) {
  for (int i = 0; i < kConditions; ++i) {
    if (wide[i] != 0 && wide[i] != narrow[i]) return false;
  }
  return true;
}

// `device COMPUTER, channel CALL`.
std::string Describe(const Values& values) {
  const std::pair<const char*, std::string> names[] = {
      {"device", v1::Device_Name(static_cast<v1::Device>(values[0]))},
      {"channel", v1::Channel_Name(static_cast<v1::Channel>(values[1]))},
      {"counterpart",
       v1::Counterpart_Name(static_cast<v1::Counterpart>(values[2]))},
      {"purpose", v1::Purpose_Name(static_cast<v1::Purpose>(values[3]))},
      {"role", v1::Role_Name(static_cast<v1::Role>(values[4]))},
      {"period", v1::Period_Name(static_cast<v1::Period>(values[5]))},
  };
  std::vector<std::string> stated;
  for (int i = 0; i < kConditions; ++i) {
    if (values[i] != 0) {
      stated.push_back(absl::StrCat(names[i].first, " ", names[i].second));
    }
  }
  return stated.empty() ? "what states nothing" : absl::StrJoin(stated, ", ");
}

void CheckRules(const v1::Policy& policy, Problems& problems) {
  absl::flat_hash_set<std::string> acts, messages, ids;
  for (const v1::Act& act : policy.acts()) acts.insert(act.id());
  for (const v1::Message& message : policy.messages()) {
    messages.insert(message.id());
  }
  for (const v1::ConductRule& rule : policy.conduct()) {
    const std::string path = PathOf("conduct", rule.id());
    if (rule.id().empty()) problems.Add(path, "has no id; give it one");
    if (!ids.insert(rule.id()).second) {
      problems.Add(path, "is there twice; ids are unique");
    }
    if (rule.ruling() == v1::ConductRule::RULING_UNSPECIFIED) {
      problems.Add(path + ".ruling",
                   "is missing; write PERMITTED, FORBIDDEN, REQUIRED or "
                   "NOT_GOVERNED");
    }
    if (!acts.contains(rule.act())) {
      problems.Add(
          path + ".act",
          absl::StrCat("\"", rule.act(),
                       "\" is no act; name the act it rests on",
                       DidYouMean(rule.act(), {acts.begin(), acts.end()})));
    }
    if (!rule.message().empty() && !messages.contains(rule.message())) {
      problems.Add(path + ".message",
                   absl::StrCat("\"", rule.message(), "\" is no message",
                                DidYouMean(rule.message(), {messages.begin(),
                                                            messages.end()})));
    }
  }
}

}  // namespace

Conduct Conduct::Compile(const v1::Policy& policy, Problems& problems) {
  Conduct compiled;
  compiled.winner_.assign(Cells(), -1);
  if (policy.conduct_size() > kMostRules) {
    problems.Add("conduct", absl::StrCat(policy.conduct_size(),
                                         " rules; at most ", kMostRules));
    return compiled;
  }
  CheckRules(policy, problems);

  std::vector<Values> conditions;
  for (const v1::ConductRule& rule : policy.conduct()) {
    conditions.push_back(ConditionsOf(rule));
  }
  std::vector<bool> wins(conditions.size());
  absl::flat_hash_set<std::pair<int, int>> conflicts;
  for (int cell = 0; cell < Cells(); ++cell) {
    const Values situation = ValuesOf(cell);
    int winner = -1;
    std::vector<int> matching;
    for (int r = 0; r < policy.conduct_size(); ++r) {
      if (!Within(situation, conditions[r])) continue;
      matching.push_back(r);
      if (winner < 0 || Within(conditions[r], conditions[winner])) winner = r;
    }
    if (winner < 0) continue;
    wins[winner] = true;
    compiled.winner_[cell] = static_cast<int16_t>(winner);
    for (const int r : matching) {
      const bool less_specific = Within(conditions[winner], conditions[r]) &&
                                 conditions[winner] != conditions[r];
      if (r == winner || less_specific) continue;
      if (!conflicts.insert({std::min(r, winner), std::max(r, winner)})
               .second) {
        continue;
      }
      problems.Add(
          PathOf("conduct", policy.conduct(std::max(r, winner)).id()),
          absl::StrCat(
              "and ",
              PathOf("conduct", policy.conduct(std::min(r, winner)).id()),
              " both speak of ", Describe(situation),
              ", and neither is more specific; narrow one of them, or "
              "add a rule for what both match"));
    }
  }
  for (size_t r = 0; r < wins.size(); ++r) {
    if (wins[r]) continue;
    problems.Add(PathOf("conduct", policy.conduct(static_cast<int>(r)).id()),
                 "never wins; other rules take all it would take");
  }
  return compiled;
}

int Conduct::Decide(const Situation& situation) const {
  return winner_[CellOf({situation.device, situation.channel,
                         situation.counterpart, situation.purpose,
                         situation.role, situation.period})];
}

}  // namespace guiche
