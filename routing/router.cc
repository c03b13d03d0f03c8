#include "routing/router.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "policy/problems.h"
#include "routing/catalog.h"
#include "routing/rule_table.h"
#include "routing/understanding.h"

namespace guiche {
namespace {

// What a WhatsApp list shows.
constexpr int kMostCandidates = 10;

// A text of at most so many words, courtesies left out, names a topic and tells
// of no event: "preciso de medida protetiva".
constexpr int kTopicWords = 4;

absl::Status NotKnown(absl::string_view field, absl::string_view value,
                      absl::string_view what, const IdMap& ids) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": \"", Shown(value, kLongestId), "\" is no ", what,
                   Nearest(ids, value)));
}

absl::StatusOr<int> Find(absl::string_view field, absl::string_view value,
                         absl::string_view what, const IdMap& ids) {
  const int found = FindId(ids, value);
  if (found < 0) return NotKnown(field, value, what, ids);
  return found;
}

absl::string_view PrimaryTag(absl::string_view language) {
  return language.substr(0, language.find('-'));
}

// One request on its way to an answer.
class Answerer {
 public:
  Answerer(const Router& router, const RuleTable& table,
           const v1::RouteRequest& asked, v1::RouteAnswer& answer)
      : router_(router),
        table_(table),
        catalog_(*table.catalog),
        policy_(table.catalog->policy),
        asked_(asked),
        answer_(answer) {}

  absl::Status Answer() {
    if (const absl::Status status = Validate(); !status.ok()) return status;
    reading_ = table_.understanding.Understand(asked_.text());
    Gather();
    Choose();
    Fill();
    return absl::OkStatus();
  }

 private:
  absl::Status Validate() {
    if (asked_.text().size() > kLongestText) {
      return absl::InvalidArgumentError(
          absl::StrCat("text: has ", asked_.text().size(), " bytes; at most ",
                       kLongestText));
    }
    if (!asked_.need().empty()) {
      const auto need = router_.FindNeed(asked_.need());
      if (!need.ok()) return need.status();
      need_ = *need;
    }
    if (!asked_.area().empty()) {
      const auto area = router_.FindArea(asked_.area());
      if (!area.ok()) return area.status();
      area_ = *area;
    }
    if (need_ >= 0 && area_ >= 0 && catalog_.need_area[need_] != area_) {
      return absl::InvalidArgumentError(absl::StrCat(
          "area: \"", asked_.area(), "\" is not the area of need \"",
          asked_.need(), "\"; write \"",
          policy_.areas(catalog_.need_area[need_]).id(),
          "\", or leave it out"));
    }
    if (!asked_.place().empty()) {
      const auto place = router_.FindPlace(asked_.place());
      if (!place.ok()) return place.status();
      place_ = *place;
    }
    for (int i = 0; i < asked_.facts_size(); ++i) {
      const auto fact = Find(absl::StrCat("facts[", i, "]"), asked_.facts(i),
                             "fact", catalog_.facts);
      if (!fact.ok()) return fact.status();
      facts_ |= FactSet{1} << *fact;
    }
    given_ = need_ >= 0 || area_ >= 0;
    return absl::OkStatus();
  }

  // What request and text state, whatever is wanted.
  void Gather() {
    facts_ |= reading_.facts;
    if (place_ < 0) place_ = reading_.place;
  }

  Request RequestFor(int need, int area) const {
    return {need, area, std::max(place_, 0), facts_};
  }

  int AreaOf(const Topic& topic) const {
    return topic.need < 0 ? -1 : catalog_.need_area[topic.need];
  }

  // Decides the outcome, and the need or area it is about.
  void Choose() {
    const std::vector<Topic>& ranking = reading_.ranking;
    const bool decided =
        reading_.decision == Reading::kDecided && !IsLoneWord(ranking[0]);
    if (given_) {
      if (need_ < 0) ChooseWithinArea();
      Conclude(v1::RouteAnswer::ROUTED);
    } else if (decided && IsOutranked(ranking[0]) && AssumeAlarmsNeed()) {
      Conclude(v1::RouteAnswer::ROUTED);
    } else if (decided && ranking[0].referral >= 0) {
      referral_ = ranking[0].referral;
      answer_.set_outcome(v1::RouteAnswer::REFER);
    } else if (decided) {
      need_ = ranking[0].need;
      Conclude(v1::RouteAnswer::ROUTED);
    } else if (AssumeAlarmsNeed()) {
      Conclude(v1::RouteAnswer::ROUTED);
    } else if (!ranking.empty() && IsLoneWord(ranking[0])) {
      Conclude(v1::RouteAnswer::ASK);
    } else if (reading_.decision == Reading::kUnsure) {
      area_ = CommonArea();
      Conclude(area_ >= 0 ? v1::RouteAnswer::ROUTED : v1::RouteAnswer::ASK);
    } else {
      Conclude(reading_.decision == Reading::kEmpty ? v1::RouteAnswer::ASK
                                                    : v1::RouteAnswer::HUMAN);
    }
  }

  void Conclude(v1::RouteAnswer::Outcome outcome) {
    if (need_ >= 0) area_ = catalog_.need_area[need_];
    const bool human = area_ >= 0 && policy_.areas(area_).human();
    answer_.set_outcome(human ? v1::RouteAnswer::HUMAN : outcome);
  }

  // The host gave the area: the text tells the need if it decides one of it.
  void ChooseWithinArea() {
    if (reading_.decision != Reading::kDecided) return;
    const Topic& best = reading_.ranking[0];
    if (AreaOf(best) == area_) need_ = best.need;
  }

  // "documento", "medo": a word alone that no phrase of the policy knows. That
  // many who write it want the same is no reason to choose a door.
  bool IsLoneWord(const Topic& best) const {
    return reading_.words == 1 && best.phrases == 0 &&
           !(best.need >= 0 && policy_.areas(AreaOf(best)).human());
  }

  // Danger and violence outrank another body's work, and a need less grave for
  // which no deciding phrase speaks.
  bool IsOutranked(const Topic& best) const {
    if (reading_.alarms.empty()) return false;
    const v1::Precedence alarm =
        policy_.alarms(reading_.alarms[0]).precedence();
    if (alarm < v1::VIOLENCE) return false;
    return best.referral >= 0 ||
           (!best.decided && catalog_.PrecedenceOf(best.need) < alarm);
  }

  bool AssumeAlarmsNeed() {
    for (const int alarm : reading_.alarms) {
      need_ = catalog_.alarm_need[alarm];
      if (need_ >= 0) return true;
    }
    return false;
  }

  // The area that leads though none of its needs does, if all of them that may
  // be meant lead to the door of the area; else -1.
  int CommonArea() const {
    const int area = reading_.area;
    if (area < 0) return -1;
    const Assignment door = router_.Assign(RequestFor(-1, area));
    int best = 0;
    for (const Topic& topic : reading_.ranking) {
      if (AreaOf(topic) != area) continue;
      best = std::max(best, topic.score);
      if (2 * topic.score < best) continue;
      if (router_.Assign(RequestFor(topic.need, -1)).unit != door.unit) {
        return -1;
      }
    }
    return area;
  }

  void Fill() {
    if (need_ >= 0) {
      facts_ |= catalog_.need_facts[need_];
      answer_.set_need(policy_.needs(need_).id());
    }
    if (area_ >= 0) answer_.set_area(policy_.areas(area_).id());
    answer_.set_urgent(IsUrgent());
    answer_.set_language(std::string(reading_.language));
    if (place_ >= 0) {
      answer_.set_place(catalog_.places[place_].id);
      answer_.set_place_name(catalog_.places[place_].name);
    }
    if (answer_.outcome() == v1::RouteAnswer::REFER) {
      FillReferral(referral_);
      SetRule(PathOf("referrals", answer_.referral().id()));
    } else {
      if (answer_.outcome() != v1::RouteAnswer::ASK) FillDestination();
      if (!reading_.options.empty()) FillReferral(reading_.options[0]);
    }
    FillCandidates();
    for (const Clue& clue : reading_.clues) {
      v1::Evidence& evidence = *answer_.add_evidence();
      evidence.set_begin(clue.begin);
      evidence.set_end(clue.end);
      evidence.set_phrase(std::string(clue.phrase));
      evidence.set_speaks_for(std::string(clue.speaks_for));
      evidence.set_weight(clue.weight);
    }
    FillFacts();
    FillEmergency();
    if (answer_.outcome() == v1::RouteAnswer::ASK) {
      answer_.set_question(MessageText("ask_need"));
    } else if (answer_.ask_place()) {
      answer_.set_question(MessageText("ask_place"));
    }
  }

  bool IsUrgent() const {
    const int urgent = FindId(catalog_.facts, kUrgentFact);
    if (urgent >= 0 && (facts_ >> urgent & 1) != 0) return true;
    if (!reading_.alarms.empty()) return true;
    const bool emergency =
        referral_ >= 0 && policy_.referrals(referral_).urgent();
    if (emergency && reading_.ranking[0].decided) return true;
    if (asked_.need().empty() && reading_.words <= kTopicWords && !emergency) {
      return false;
    }
    if (reading_.sounds_urgent && reading_.words > kTopicWords) return true;
    if (reading_.sounds_calm && asked_.need().empty()) return false;
    if (emergency) return true;
    return need_ >= 0 ? policy_.needs(need_).urgent() : BestIsUrgent();
  }

  // No need leads, and yet whoever asks for the likeliest has it urgently.
  bool BestIsUrgent() const {
    if (reading_.ranking.empty()) return false;
    const Topic& best = reading_.ranking[0];
    if (best.need < 0) {
      return answer_.outcome() == v1::RouteAnswer::ASK &&
             policy_.referrals(best.referral).urgent();
    }
    if (!policy_.needs(best.need).urgent()) return false;
    return answer_.outcome() == v1::RouteAnswer::ROUTED
               ? AreaOf(best) == area_
               : answer_.outcome() == v1::RouteAnswer::ASK &&
                     catalog_.PrecedenceOf(best.need) >= v1::LIBERTY;
  }

  void SetRule(const std::string& path) {
    answer_.set_rule(path);
    answer_.mutable_reason()->set_rule(path);
  }

  void FillReferral(int number) {
    const v1::Referral& referral = policy_.referrals(number);
    v1::ReferralRef& filled = *answer_.mutable_referral();
    filled.set_id(referral.id());
    filled.set_name(referral.name());
    *filled.mutable_to() = referral.to();
    *filled.mutable_contacts() = referral.contacts();
  }

  void FillDestination() {
    const Assignment assigned = router_.Assign(RequestFor(need_, area_));
    SetRule(std::string(assigned.rule));
    answer_.set_certainty(assigned.certainty);
    answer_.set_ask_place(assigned.ask_place);
    if (assigned.unit >= 0) {
      const v1::Unit& unit = policy_.units(assigned.unit);
      v1::UnitRef& filled = *answer_.mutable_unit();
      filled.set_id(unit.id());
      filled.set_name(unit.name());
      filled.set_address(unit.address());
      *filled.mutable_contacts() = unit.contacts();
    }
    const int route = assigned.route;
    if (route < 0) return;
    const int act = FindId(catalog_.acts, policy_.routes(route).act());
    if (act < 0) return;
    v1::Reason& reason = *answer_.mutable_reason();
    reason.set_act(policy_.acts(act).id());
    reason.set_act_title(policy_.acts(act).title());
    reason.set_act_url(policy_.acts(act).url());
  }

  void AddCandidate(const Topic& topic) {
    v1::Candidate& candidate = *answer_.add_candidates();
    candidate.set_score(topic.score);
    if (topic.need < 0) {
      candidate.set_name(policy_.referrals(topic.referral).name());
      return;
    }
    const v1::Need& need = policy_.needs(topic.need);
    candidate.set_need(need.id());
    candidate.set_area(need.area());
    candidate.set_name(need.choice().empty() ? need.name() : need.choice());
  }

  void FillCandidates() {
    for (const Topic& topic : reading_.ranking) {
      if (answer_.candidates_size() == kMostCandidates) return;
      const bool chosen =
          answer_.outcome() != v1::RouteAnswer::ASK &&
          ((topic.need >= 0 && topic.need == need_) ||
           (topic.referral >= 0 && topic.referral == referral_));
      if (!chosen) AddCandidate(topic);
    }
    if (answer_.outcome() == v1::RouteAnswer::ASK && reading_.ranking.empty()) {
      OfferAreas();
    }
  }

  // Nothing to go by: the areas with most needs, those of a person left out.
  void OfferAreas() {
    std::vector<std::pair<int, int>> areas;  // needs, area
    for (int area = 0; area < policy_.areas_size(); ++area) {
      if (policy_.areas(area).human()) continue;
      const auto needs = std::count(catalog_.need_area.begin(),
                                    catalog_.need_area.end(), area);
      areas.emplace_back(static_cast<int>(needs), area);
    }
    std::sort(areas.begin(), areas.end(), [&](const auto& a, const auto& b) {
      return std::make_pair(-a.first,
                            absl::string_view(policy_.areas(a.second).id())) <
             std::make_pair(-b.first,
                            absl::string_view(policy_.areas(b.second).id()));
    });
    for (const auto& [needs, area] : areas) {
      if (answer_.candidates_size() == kMostCandidates) return;
      v1::Candidate& candidate = *answer_.add_candidates();
      candidate.set_area(policy_.areas(area).id());
      candidate.set_name(policy_.areas(area).name());
    }
  }

  void FillFacts() {
    for (int fact = 0; fact < policy_.facts_size(); ++fact) {
      if ((facts_ >> fact & 1) != 0) {
        answer_.add_facts(policy_.facts(fact).id());
      }
    }
    std::sort(answer_.mutable_facts()->begin(), answer_.mutable_facts()->end());
  }

  void FillEmergency() {
    std::vector<bool> shown(policy_.emergency_numbers_size());
    for (const int alarm : reading_.alarms) {
      for (const std::string& id : policy_.alarms(alarm).emergency_numbers()) {
        const int number = FindId(catalog_.numbers, id);
        if (shown[number]) continue;
        shown[number] = true;
        const v1::EmergencyNumber& one = policy_.emergency_numbers(number);
        v1::EmergencyCall& call = *answer_.add_emergency();
        call.set_number(one.number());
        call.set_name(one.name());
        call.set_when(one.when());
        call.set_url(one.url());
      }
    }
  }

  // In the language asked for, else the message's, else the policy's.
  std::string MessageText(absl::string_view id) const {
    absl::string_view usual = policy_.language();
    if (usual.empty()) usual = "pt-BR";
    const absl::string_view asked = asked_.language();
    for (const absl::string_view language :
         {asked, PrimaryTag(asked),
          asked.empty() ? reading_.language : absl::string_view(), usual}) {
      const auto found = table_.messages.find(absl::StrCat(id, " ", language));
      if (found != table_.messages.end()) {
        return policy_.messages(found->second).text();
      }
    }
    return "";
  }

  const Router& router_;
  const RuleTable& table_;
  const Catalog& catalog_;
  const v1::Policy& policy_;
  const v1::RouteRequest& asked_;
  v1::RouteAnswer& answer_;
  Reading reading_;
  int need_ = -1, area_ = -1, place_ = -1, referral_ = -1;
  FactSet facts_ = 0;
  bool given_ = false;  // the host gave a need or an area
};

bool Doubtful(v1::Certainty certainty) {
  return certainty == v1::UNCONFIRMED || certainty == v1::PROJECTED;
}

}  // namespace

Router::Router(std::shared_ptr<const RuleTable> table)
    : table_(std::move(table)) {}

const Understanding& Router::understanding() const {
  return table_->understanding;
}

absl::StatusOr<int> Router::FindNeed(absl::string_view id) const {
  return Find("need", id, "need", table_->catalog->needs);
}

absl::StatusOr<int> Router::FindArea(absl::string_view id) const {
  return Find("area", id, "area", table_->catalog->areas);
}

absl::StatusOr<int> Router::FindFact(absl::string_view id) const {
  return Find("fact", id, "fact", table_->catalog->facts);
}

absl::StatusOr<int> Router::FindPlace(absl::string_view text) const {
  return table_->catalog->places.Find(text);
}

Assignment Router::Assign(const Request& request) const {
  const RuleTable& table = *table_;
  const Catalog& catalog = *table.catalog;
  const int place = request.place > 0 && request.place < catalog.places.size()
                        ? request.place
                        : 0;
  const int subject = table.Subject(request.need, request.area);
  const uint32_t set = table.SetOf(request.facts | table.Implied(subject));
  const int route =
      table.winner[table.Cell(subject, table.place_class[place], set)] - 1;
  Assignment assigned;
  assigned.route = route;
  assigned.unit = table.UnitOf(route, place);
  assigned.ask_place =
      place == 0 &&
      table.place_matters[static_cast<size_t>(subject) * table.Sets() + set];
  if (assigned.unit >= 0) {
    assigned.unit_id = catalog.policy.units(assigned.unit).id();
  }
  assigned.certainty = v1::UNCONFIRMED;
  assigned.rule = "default_unit";
  if (route < 0) return assigned;
  assigned.rule = table.route_path[route];
  const bool of_place = table.route_unit[route] < 0;
  const bool doubtful =
      Doubtful(catalog.policy.routes(route).certainty()) ||
      (assigned.unit >= 0 &&
       Doubtful(catalog.policy.units(assigned.unit).certainty())) ||
      (of_place &&
       (catalog.unit_serving[place] < 0 || table.serving_in_doubt[place]));
  if (!doubtful) assigned.certainty = v1::CONFIRMED;
  return assigned;
}

absl::StatusOr<v1::RouteAnswer> Router::Route(
    const v1::RouteRequest& request) const {
  absl::StatusOr<v1::RouteAnswer> answer = v1::RouteAnswer();
  if (const auto status = Route(request, *answer); !status.ok()) return status;
  return answer;
}

absl::Status Router::Route(const v1::RouteRequest& request,
                           v1::RouteAnswer& answer) const {
  return Answerer(*this, *table_, request, answer).Answer();
}

std::vector<std::string> Router::Defaults() const {
  const RuleTable& table = *table_;
  const v1::Policy& policy = table.catalog->policy;
  std::vector<std::string> lines;
  const size_t situations = table.Cell(1, 0, 0);
  for (int s = 0; s < table.subjects; ++s) {
    size_t left = 0;
    std::string witness;
    for (int c = 0; c < table.classes; ++c) {
      for (int set = 0; set < table.Sets(); ++set) {
        if (table.winner[table.Cell(s, c, set)] != 0) continue;
        if (left++ == 0) witness = table.Describe(s, c, set);
      }
    }
    if (left == 0) continue;
    std::string path = "routes";
    if (s > policy.areas_size()) {
      path = PathOf("needs", policy.needs(s - 1 - policy.areas_size()).id());
    } else if (s > 0) {
      path = PathOf("areas", policy.areas(s - 1).id());
    }
    lines.push_back(absl::StrCat(path, ": routes leave ", left, " of ",
                                 situations, " situations to default_unit \"",
                                 policy.default_unit(), "\", as ", witness));
  }
  return lines;
}

}  // namespace guiche
