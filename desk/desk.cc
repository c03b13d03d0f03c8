#include "desk/desk.h"

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "desk/conduct.h"
#include "desk/messages.h"
#include "desk/reply.h"
#include "interchange/hours_cache.h"
#include "interchange/osm.h"
#include "policy/load.h"
#include "policy/problems.h"

namespace guiche {

struct DeskTable {
  Schedule schedule;
  Router router;
  Messages messages;
  Conduct conduct;
  v1::PolicyRef origin;
  // Units, acts, conduct rules and services, as answers show them.
  v1::Policy policy;
  absl::flat_hash_map<std::string, int> units, acts;
  std::string phone;  // of the default service, as people read it

  // For Brief: the part of each need, area and unit that it asks about, by
  // their numbers in the policy. Places have one number in the router and the
  // schedule.
  struct Need {
    int area;
    bool urgent;
  };
  struct UnitWindow {
    absl::optional<Window> window;
    bool of_unit;  // its place is the unit's, not the request's
  };
  std::vector<Need> needs;
  std::vector<bool> area_is_human;
  std::vector<UnitWindow> unit_windows;
  absl::optional<Window> usual_window;  // none: the policy has no services
  uint64_t urgent_fact = 0;             // its bit
  int places = 0;
};

namespace {

// The service whose hours tell office hours for conduct, art. 5.
constexpr char kTelephoneService[] = "telefone";

// As in the first line of the zone data's source, "# version 2025b".
std::string TzdataVersion() {
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  std::string line;
  std::getline(file, line);
  absl::string_view version = line;
  return absl::ConsumePrefix(&version, "# version ") ? std::string(version)
                                                     : std::string();
}

// Adds the problems in `status` that are not in `problems` yet: the parts of a
// desk check some elements each.
void AddAll(const absl::Status& status, absl::flat_hash_set<std::string>& seen,
            Problems& problems) {
  const v1::PolicyProblems list = ProblemsOf(status);
  if (!status.ok() && list.problems_size() == 0) {
    problems.Add("policy", status.message());
  }
  for (const v1::PolicyProblem& problem : list.problems()) {
    if (!seen.insert(absl::StrCat(problem.path(), ": ", problem.problem()))
             .second) {
      continue;
    }
    if (problem.severity() == v1::PolicyProblem::NOTE) {
      problems.Note(problem.path(), problem.problem());
    } else {
      problems.Add(problem.path(), problem.problem());
    }
  }
}

void CheckHead(const v1::Policy& policy, Problems& problems) {
  if (policy.id().empty()) {
    problems.Add("id", "is missing; give the policy a name, as \"br-mt-dpe\"");
  }
  if (policy.version().empty()) {
    problems.Add("version", "is missing; name this edition, as \"2026.11\"");
  }
}

// Fills what Brief asks; `policy` compiled but for the services of units.
void AddBriefs(const v1::Policy& policy, DeskTable& table, Problems& problems) {
  const Router& router = table.router;
  const auto is_urgent = [](const auto& facts) {
    return std::find(facts.begin(), facts.end(), kUrgentFact) != facts.end();
  };
  for (const v1::Need& need : policy.needs()) {
    table.needs.push_back({*router.FindArea(need.area()),
                           need.urgent() || is_urgent(need.facts())});
  }
  for (const v1::Area& area : policy.areas()) {
    table.area_is_human.push_back(area.human());
  }
  const auto urgent = router.FindFact(kUrgentFact);
  if (urgent.ok()) table.urgent_fact = uint64_t{1} << *urgent;
  table.places = std::max(policy.places_size(), 1);

  const auto usual = table.schedule.Find("", "");
  if (usual.ok()) table.usual_window = *usual;
  for (const v1::Unit& unit : policy.units()) {
    DeskTable::UnitWindow of_unit = {table.usual_window, !unit.place().empty()};
    const auto window = table.schedule.Find(unit.service(), unit.place());
    if (window.ok()) {
      of_unit.window = *window;
    } else if (!unit.service().empty()) {
      problems.Add(PathOf("units", unit.id()) + ".service",
                   absl::StrCat("\"", unit.service(), "\" is no service"));
    }
    table.unit_windows.push_back(of_unit);
  }
}

std::string PhoneOf(const v1::Policy& policy) {
  const std::string service =
      policy.default_service().empty() ? "online" : policy.default_service();
  for (const v1::Service& one : policy.services()) {
    if (one.id() != service) continue;
    for (const v1::Contact& contact : one.contacts()) {
      if (!contact.printed().empty()) return contact.printed();
    }
  }
  return "";
}

absl::StatusOr<absl::CivilDay> ParseDate(absl::string_view field,
                                         const std::string& text) {
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) return day;
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": \"", Shown(text, 40),
      "\" is no date; write year, month and day, as \"2026-01-07\""));
}

// Asks about the hours that the request brings along; `hours` may be null.
absl::StatusOr<v1::Availability> OpenHours(
    const v1::AvailabilityRequest& request, const v1::PolicyRef& origin,
    HoursCache* hours) {
  if (request.hours().empty() || request.time_zone().empty()) {
    return absl::InvalidArgumentError(
        request.hours().empty()
            ? "hours: is missing; time_zone goes with hours"
            : "time_zone: is missing; hours go with an IANA zone such as "
              "\"America/Cuiaba\"");
  }
  if (!request.service().empty() || !request.place().empty()) {
    return absl::InvalidArgumentError(
        "hours: stand instead of the policy's; leave out service and place");
  }
  const auto schedule =
      hours == nullptr ? CompileHours(request.hours(), request.time_zone())
                       : hours->Compile(request.hours(), request.time_zone());
  if (!schedule.ok()) return schedule.status();
  v1::AvailabilityRequest window = request;
  window.clear_hours();
  window.clear_time_zone();
  auto answer = schedule->Answer(window);
  if (answer.ok()) {
    answer->mutable_policy()->set_library(origin.library());
    answer->mutable_policy()->set_tzdata(origin.tzdata());
  }
  return answer;
}

}  // namespace

Desk::Desk(std::shared_ptr<const DeskTable> table) : table_(std::move(table)) {}

absl::StatusOr<Desk> Desk::Compile(const v1::Policy& policy) {
  return Compile(policy, Options());
}

absl::StatusOr<Desk> Desk::Compile(const v1::Policy& policy,
                                   const Options& options) {
  Problems problems;
  CheckUtf8(policy, problems);
  if (!problems.ok()) return problems.ToStatus();

  CheckHead(policy, problems);
  Schedule::Options schedule_options;
  schedule_options.known_at = options.known_at;
  auto schedule = Schedule::Compile(policy, schedule_options);
  auto router = Router::Compile(policy);
  absl::flat_hash_set<std::string> seen;
  AddAll(schedule.status(), seen, problems);
  AddAll(router.status(), seen, problems);
  Messages messages = Messages::Compile(policy, problems);
  Conduct conduct = Conduct::Compile(policy, problems);
  if (!problems.ok()) return problems.ToStatus();

  v1::Policy shown;
  *shown.mutable_units() = policy.units();
  *shown.mutable_acts() = policy.acts();
  *shown.mutable_conduct() = policy.conduct();
  auto table = std::make_shared<DeskTable>(DeskTable{*std::move(schedule),
                                                     *std::move(router),
                                                     std::move(messages),
                                                     std::move(conduct),
                                                     {},
                                                     std::move(shown),
                                                     {},
                                                     {},
                                                     PhoneOf(policy)});
  AddBriefs(policy, *table, problems);
  if (!problems.ok()) return problems.ToStatus();
  for (int i = 0; i < policy.units_size(); ++i) {
    table->units[policy.units(i).id()] = i;
  }
  for (int i = 0; i < policy.acts_size(); ++i) {
    table->acts[policy.acts(i).id()] = i;
  }
  v1::PolicyRef& origin = table->origin;
  origin.set_id(policy.id());
  origin.set_version(policy.version());
  origin.set_digest(Digest(policy));
  origin.set_library(kLibraryVersion);
  origin.set_tzdata(TzdataVersion());
  if (options.known_at.has_value()) {
    origin.set_known_at(FormatInstant(*options.known_at, absl::UTCTimeZone()));
  }
  return Desk(std::move(table));
}

absl::StatusOr<v1::Availability> Desk::Open(
    const v1::AvailabilityRequest& request, HoursCache* hours) const {
  if (!request.hours().empty() || !request.time_zone().empty()) {
    return OpenHours(request, table_->origin, hours);
  }
  auto answer = table_->schedule.Answer(request);
  if (answer.ok()) *answer->mutable_policy() = table_->origin;
  return answer;
}

absl::StatusOr<v1::RouteAnswer> Desk::Route(
    const v1::RouteRequest& request) const {
  absl::StatusOr<v1::RouteAnswer> answer = v1::RouteAnswer();
  if (const auto status = Route(request, *answer); !status.ok()) return status;
  return answer;
}

absl::Status Desk::Route(const v1::RouteRequest& request,
                         v1::RouteAnswer& answer) const {
  *answer.mutable_policy() = table_->origin;
  return table_->router.Route(request, answer);
}

absl::StatusOr<v1::Decision> Desk::Decide(
    const v1::DecisionRequest& request) const {
  v1::RouteRequest route_request;
  route_request.set_text(request.text());
  route_request.set_need(request.need());
  route_request.set_area(request.area());
  route_request.set_place(request.place());
  *route_request.mutable_facts() = request.facts();
  route_request.set_language(request.language());
  auto route = Route(route_request);
  if (!route.ok()) return route.status();

  v1::AvailabilityRequest window_request;
  window_request.set_service(request.service());
  window_request.set_place(route->place());
  window_request.set_at(request.at());
  window_request.set_trace(request.trace());
  const auto found = table_->units.find(route->unit().id());
  if (found != table_->units.end()) {
    const v1::Unit& unit = table_->policy.units(found->second);
    if (request.service().empty()) window_request.set_service(unit.service());
    if (!unit.place().empty()) window_request.set_place(unit.place());
  }
  auto availability = Open(window_request);
  if (!availability.ok()) return availability.status();

  v1::Decision decision;
  *decision.mutable_route() = *std::move(route);
  *decision.mutable_availability() = *std::move(availability);
  // Both were found just now.
  const Window window = *table_->schedule.Find(
      decision.availability().service(), decision.availability().place());
  const Verdict verdict = table_->schedule.At(
      window, *ParseInstant("at", decision.availability().at()));
  const std::string& language = request.language().empty()
                                    ? decision.route().language()
                                    : request.language();
  decision.set_reply(ComposeReply(table_->messages, decision,
                                  {table_->schedule.TimeZone(window),
                                   verdict.next_open, verdict.next_close},
                                  language));
  return decision;
}

Brief Desk::Decide(const Request& request, int64_t unix_seconds) const {
  const auto is_in = [](int number, size_t size) {
    return number >= 0 && static_cast<size_t>(number) < size;
  };
  const DeskTable& table = *table_;
  Brief brief;
  brief.urgent = (request.facts & table.urgent_fact) != 0;
  if (is_in(request.need, table.needs.size())) {
    brief.area = table.needs[request.need].area;
    brief.urgent |= table.needs[request.need].urgent;
  } else if (is_in(request.area, table.area_is_human.size())) {
    brief.area = request.area;
  }
  absl::optional<Window> window = table.usual_window;
  bool at_place = true;
  if (brief.area >= 0) {
    brief.outcome = table.area_is_human[brief.area] ? v1::RouteAnswer::HUMAN
                                                    : v1::RouteAnswer::ROUTED;
    brief.unit = table.router.Assign(request).unit;
    if (brief.unit >= 0) {
      window = table.unit_windows[brief.unit].window;
      at_place = !table.unit_windows[brief.unit].of_unit;
    }
  }
  if (!window.has_value()) return brief;
  if (at_place) {
    window->place = is_in(request.place, table.places) ? request.place : 0;
  }
  const Verdict verdict =
      table.schedule.At(*window, absl::FromUnixSeconds(unix_seconds));
  brief.state = verdict.state;
  brief.mode = verdict.mode;
  return brief;
}

absl::StatusOr<v1::ConductAnswer> Desk::Check(
    const v1::ConductRequest& request) const {
  Situation situation;
  situation.device = request.device();
  situation.channel = request.channel();
  situation.counterpart = request.counterpart();
  situation.purpose = request.purpose();
  situation.role = request.role();
  if (!request.at().empty()) {
    v1::AvailabilityRequest window;
    window.set_service(kTelephoneService);
    window.set_place(request.place());
    window.set_at(request.at());
    const auto hours = table_->schedule.Answer(window);
    if (!hours.ok()) return hours.status();
    if (hours->state() == v1::Availability::OPEN) {
      situation.period = v1::OFFICE_HOURS;
    } else if (hours->state() == v1::Availability::CLOSED) {
      situation.period = v1::OUTSIDE_OFFICE_HOURS;
    }
  } else if (!request.place().empty()) {
    const auto place = table_->router.FindPlace(request.place());
    if (!place.ok()) return place.status();
  }

  v1::ConductAnswer answer;
  *answer.mutable_policy() = table_->origin;
  answer.set_ruling(v1::ConductRule::NOT_GOVERNED);
  const int decided = table_->conduct.Decide(situation);
  if (decided < 0) return answer;
  const v1::ConductRule& rule = table_->policy.conduct(decided);
  answer.set_ruling(rule.ruling());
  answer.set_explanation(rule.explanation());
  *answer.mutable_contacts() = rule.contacts();
  if (!rule.message().empty()) {
    answer.set_message(table_->messages.Format(rule.message(), "",
                                               {{"phone", table_->phone}}));
  }
  v1::Reason& reason = *answer.mutable_reason();
  reason.set_rule(PathOf("conduct", rule.id()));
  reason.set_label(rule.explanation());
  reason.set_article(rule.article());
  const v1::Act& act = table_->policy.acts(table_->acts.at(rule.act()));
  reason.set_act(act.id());
  reason.set_act_title(act.title());
  reason.set_act_url(act.url());
  return answer;
}

absl::StatusOr<v1::Calendar> Desk::Calendar(
    const v1::CalendarRequest& request) const {
  const auto window = table_->schedule.Find(request.service(), request.place());
  if (!window.ok()) return window.status();
  const auto from = ParseDate("from", request.from());
  if (!from.ok()) return from.status();
  const auto until = ParseDate("until", request.until());
  if (!until.ok()) return until.status();
  if (request.next() < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("next: ", request.next(), " is less than 0"));
  }
  v1::Calendar calendar = table_->schedule.Days(*window, *from, *until);
  if (request.next() > 0 && calendar.days_size() > request.next()) {
    calendar.mutable_days()->DeleteSubrange(
        request.next(), calendar.days_size() - request.next());
  }
  *calendar.mutable_policy() = table_->origin;
  return calendar;
}

const Schedule& Desk::schedule() const { return table_->schedule; }
const Router& Desk::router() const { return table_->router; }
const v1::PolicyRef& Desk::origin() const { return table_->origin; }

}  // namespace guiche
