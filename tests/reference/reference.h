// A slow reading of docs/policy.md: what a policy says of one instant, found by
// going through its rules from the highest down. It shares nothing with the
// schedule but the policy and Abseil's clocks.

#ifndef GUICHE_TESTS_REFERENCE_REFERENCE_H_
#define GUICHE_TESTS_REFERENCE_REFERENCE_H_

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "guiche/v1/availability.pb.h"
#include "guiche/v1/policy.pb.h"

namespace guiche {

struct ReferenceAnswer {
  v1::Availability::State state = v1::Availability::UNCOVERED;
  v1::Mode mode = v1::MODE_UNSPECIFIED;
  v1::Kind kind = v1::POLICY_SILENT;
  v1::Certainty certainty = v1::CONFIRMED;
  std::string rule;
};
bool operator==(const ReferenceAnswer& a, const ReferenceAnswer& b);
std::ostream& operator<<(std::ostream& os, const ReferenceAnswer& answer);

// Of a policy that Schedule::Compile accepts, and which outlives this. For one
// thread: it remembers on which days rules fall.
class Reference {
 public:
  explicit Reference(const v1::Policy& policy,
                     absl::optional<absl::Time> known_at = absl::nullopt);

  // Of a service and a place by id.
  ReferenceAnswer At(const std::string& service, const std::string& place,
                     absl::Time t) const;

 private:
  struct Said;
  struct Asked;

  bool Known(const std::string& act) const;
  bool InForce(const std::string& act, absl::CivilDay day) const;
  std::string Published(const std::string& act) const;
  int Depth(const std::string& place) const;
  int Narrowest(const google::protobuf::RepeatedPtrField<std::string>& places,
                const std::string& place) const;
  const std::vector<const v1::CalendarRule*>& RulesFor(
      const v1::Service& service, const std::string& place) const;
  const std::vector<const v1::CalendarRule*>& RulesOn(
      const v1::Service& service, const std::string& place,
      absl::CivilDay day) const;
  const v1::WeeklyHours* WeeklyOn(const v1::Service& service,
                                  const std::string& place,
                                  absl::CivilDay day) const;
  bool Governed(const v1::Service& service) const;
  bool FallsOn(const v1::CalendarRule& rule, absl::CivilDay day) const;
  std::vector<absl::CivilDay> AllDaysOf(const v1::DateRule& rule) const;
  Said Below(const Asked& asked, size_t rules) const;
  Said Weekly(const Asked& asked) const;
  Said Reading(const v1::Service& service, const std::string& place,
               absl::CivilSecond clock) const;

  const v1::Policy& policy_;
  const absl::CivilDay covers_from_, covers_until_;
  absl::optional<absl::CivilDay> known_on_;
  mutable std::map<std::string, absl::TimeZone> zones_;  // by place
  std::map<std::string, const v1::Act*> acts_;
  std::map<std::string, const v1::Place*> places_;
  std::map<std::string, const v1::Service*> services_;
  mutable std::map<std::pair<std::string, std::string>,
                   std::vector<const v1::CalendarRule*>>
      rules_for_;
  mutable std::map<const v1::CalendarRule*, std::set<absl::CivilDay>> days_of_;
  // Of the day asked about last.
  struct OnDay {
    std::string place;
    absl::CivilDay day;
    std::vector<const v1::CalendarRule*> rules;
  };
  mutable std::map<const v1::Service*, OnDay> rules_on_;
};

}  // namespace guiche

#endif  // GUICHE_TESTS_REFERENCE_REFERENCE_H_
