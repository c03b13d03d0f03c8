#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/edit_distance.h"
#include "policy/problems.h"
#include "schedule/schedule.h"
#include "schedule/table.h"
#include "schedule/ties.h"
#include "schedule/timelines.h"

namespace guiche {
namespace {

constexpr int kMostYears = 130;
constexpr int kMostServices = 64;  // a set of them is a uint64_t
constexpr int kMostRules = 20'000;
constexpr int kMostWeekly = 500;
constexpr int kMostActs = 100'000;
constexpr int64_t kMostRuleDays = 4'000'000;
constexpr int64_t kMostNamedPlaces = 2'000'000;
constexpr int kMostNamed = 10;

// Reads a policy's calendar into a table, and says all that is wrong with it.
class Compiler {
 public:
  Compiler(const v1::Policy& policy, const Schedule::Options& options,
           Problems& problems, ScheduleTable& table)
      : policy_(policy),
        options_(options),
        problems_(problems),
        table_(table) {}

  void Run() {
    table_.places = Places::Compile(policy_, problems_);
    ReadZones();
    ReadDates();
    ReadActs();
    ReadYears();
    ReadServices();
    ReadCalendar();
    if (!problems_.ok()) return;
    OrderRules();
    CheckTies(table_, problems_);
    if (problems_.ok()) BuildTimelines(order_, table_, problems_);
  }

 private:
  // --- The policy itself.

  void ReadZones() {
    if (!LoadZone(policy_.time_zone(), zone_)) {
      problems_.Add("time_zone",
                    absl::StrCat("\"", policy_.time_zone(),
                                 "\" is no IANA zone known here; write one "
                                 "such as \"America/Cuiaba\""));
      return;
    }
    absl::flat_hash_map<std::string, int> index;
    for (int place = 0; place < table_.places.size(); ++place) {
      const std::string& name = table_.places[place].time_zone;
      const auto [found, added] = index.try_emplace(name, index.size());
      if (added) {
        absl::TimeZone zone;
        if (!LoadZone(name, zone)) {
          problems_.Add(
              PathOf("places", table_.places[place].id) + ".time_zone",
              absl::StrCat("\"", name, "\" is no IANA zone known here"));
        }
        table_.zones.push_back(zone);
        table_.zone_names.push_back(name);
      }
      table_.zone_of.push_back(found->second);
    }
  }

  // Abseil also reads files by name, and the machine's own zone.
  static bool LoadZone(const std::string& name, absl::TimeZone& zone) {
    if (name.empty() || name[0] == '/' || name == "localtime" ||
        name.find_first_of(":.") != std::string::npos) {
      return false;
    }
    return absl::LoadTimeZone(name, &zone);
  }

  void ReadDates() {
    if (policy_.services().empty()) return;
    for (const auto& [path, text] :
         {std::make_pair("covers_from", &policy_.covers_from()),
          std::make_pair("covers_until", &policy_.covers_until())}) {
      if (text->empty()) {
        problems_.Add(path, "is empty; write a date, as in \"2022-09-12\"");
      }
    }
    table_.first_day =
        ReadDay("covers_from", policy_.covers_from(), 0, problems_);
    table_.last_day = ReadDay("covers_until", policy_.covers_until(),
                              table_.first_day + 1, problems_);
    const absl::CivilDay from = CivilOf(table_.first_day);
    if (table_.last_day <= table_.first_day) {
      problems_.Add("covers_until",
                    absl::StrCat("\"", policy_.covers_until(),
                                 "\" is not after covers_from \"",
                                 policy_.covers_from(), "\""));
    } else if (CivilOf(table_.last_day) >
               absl::CivilDay(from.year() + kMostYears, from.month(),
                              from.day())) {
      problems_.Add("covers_until", absl::StrCat("\"", policy_.covers_until(),
                                                 "\" is more than ", kMostYears,
                                                 " years after covers_from \"",
                                                 policy_.covers_from(), "\""));
      table_.last_day = table_.first_day + 1;
    }
    table_.horizon_rule =
        AddRule("covers_until", "", "", v1::BEYOND_HORIZON, -1);
  }

  void ReadActs() {
    if (policy_.acts_size() > kMostActs) {
      problems_.Add("acts", absl::StrCat(policy_.acts_size(), " acts; at most ",
                                         kMostActs));
      return;
    }
    // An act is known from the first instant of its date.
    Day known_until = kLastDay;
    if (options_.known_at.has_value()) {
      const absl::Time first = absl::FromCivil(absl::CivilDay(1, 1, 1), zone_);
      const absl::Time last =
          absl::FromCivil(absl::CivilDay(9999, 1, 1), zone_);
      const absl::Time at = std::clamp(*options_.known_at, first, last);
      known_until = DayOf(absl::ToCivilDay(at, zone_));
    }
    for (const v1::Act& act : policy_.acts()) {
      const std::string path = PathOf("acts", act.id());
      ActInfo info;
      info.id = act.id();
      info.title = act.title();
      info.url = act.url();
      info.published = ReadDay(path + ".published_on", act.published_on(),
                               kFirstDay, problems_);
      info.in_force_from = ReadDay(path + ".in_force_from", act.in_force_from(),
                                   kFirstDay, problems_);
      info.in_force_until = ReadDay(path + ".in_force_until",
                                    act.in_force_until(), kLastDay, problems_);
      if (info.in_force_until <= info.in_force_from) {
        problems_.Add(path + ".in_force_until",
                      absl::StrCat("\"", act.in_force_until(),
                                   "\" is not after in_force_from \"",
                                   act.in_force_from(), "\""));
      }
      info.known = info.published <= known_until;
      AddId(path, act.id(), act_index_, table_.acts.size());
      table_.acts.push_back(std::move(info));
    }
  }

  void ReadYears() {
    for (const v1::CalendarYear& year : policy_.calendar_years()) {
      const std::string path =
          absl::StrCat("calendar_years[", year.year(), "]");
      bool known = year.known();
      if (!year.act().empty()) known &= IsKnown(ActOf(path, year.act()));
      if (!table_.known_years.try_emplace(year.year(), known).second) {
        problems_.Add(path, "is there twice; write each year once");
      }
    }
  }

  // --- Services.

  void ReadServices() {
    const int count = policy_.services_size();
    if (count > kMostServices) {
      problems_.Add("services",
                    absl::StrCat(count, " services; at most ", kMostServices));
      return;
    }
    for (int i = 0; i < count; ++i) {
      AddId(PathOf("services", policy_.services(i).id()),
            policy_.services(i).id(), service_index_, i);
    }
    for (const v1::Service& service : policy_.services()) ReadService(service);
    OrderServices();

    const std::string wanted = policy_.default_service().empty()
                                   ? "online"
                                   : policy_.default_service();
    const auto found = service_index_.find(wanted);
    if (found != service_index_.end()) {
      table_.default_service = found->second;
    } else if (!policy_.default_service().empty() && count > 0) {
      problems_.Add("default_service", Unknown(wanted, "service"));
    } else if (count == 1) {
      table_.default_service = 0;
    }
  }

  void ReadService(const v1::Service& service) {
    const std::string path = PathOf("services", service.id());
    ServiceInfo info;
    info.id = service.id();
    info.name = service.name();
    info.mode = ReadMode(path + ".mode", service.mode());
    info.closed_mode = ReadMode(path + ".closed_mode", service.closed_mode());
    info.contacts.assign(service.contacts().begin(), service.contacts().end());
    const int act = RequiredAct(path, service.act());
    info.rule = AddRule(path, service.name(), service.article(),
                        v1::POLICY_SILENT, act);
    if (!service.when_closed().empty()) {
      info.when_closed =
          ServiceOf(path + ".when_closed", service.when_closed());
    }
    const bool same_as = service.hours_of_case() == v1::Service::kSameAs;
    switch (service.hours_of_case()) {
      case v1::Service::kSameAs:
        info.base = ServiceOf(path + ".same_as", service.same_as());
        break;
      case v1::Service::kComplementOf:
        info.base = ServiceOf(path + ".complement_of", service.complement_of());
        info.complement = true;
        break;
      case v1::Service::HOURS_OF_NOT_SET:
        break;
    }
    if (!same_as && info.mode == v1::MODE_UNSPECIFIED) info.mode = v1::REGULAR;
    if (service.hours_of_case() != v1::Service::HOURS_OF_NOT_SET &&
        service.weekly_size() > 0) {
      problems_.Add(path + ".weekly",
                    "stands beside same_as or complement_of; write the one or "
                    "the other");
    }
    ReadWeekly(path, service, act, info);
    table_.services.push_back(std::move(info));
  }

  void ReadWeekly(const std::string& service_path, const v1::Service& service,
                  int service_act, ServiceInfo& info) {
    if (service.weekly_size() > kMostWeekly) {
      problems_.Add(
          service_path + ".weekly",
          absl::StrCat(service.weekly_size(), " rules; at most ", kMostWeekly));
      return;
    }
    absl::flat_hash_map<std::string, int> ids;
    for (int i = 0; i < service.weekly_size(); ++i) {
      const v1::WeeklyHours& weekly = service.weekly(i);
      const std::string path =
          absl::StrCat(service_path, ".", PathOf("weekly", weekly.id()));
      AddId(path, weekly.id(), ids, i);
      WeeklyRule rule;
      rule.places = PlacesOf(path, weekly.places());
      rule.weekdays =
          ReadWeekdays(path + ".weekdays", weekly.weekdays(), problems_);
      if (weekly.weekdays().empty()) {
        problems_.Add(path + ".weekdays", "is empty; write MONDAY to SUNDAY");
      }
      rule.hours = ReadHours(path, weekly.hours(), problems_);
      rule.certainty = ReadCertainty(path, weekly.certainty());
      rule.from = ReadDay(path + ".from", weekly.from(), kFirstDay, problems_);
      rule.until =
          ReadDay(path + ".until", weekly.until(), kLastDay, problems_);
      if (rule.until <= rule.from) {
        problems_.Add(path + ".until", absl::StrCat("\"", weekly.until(),
                                                    "\" is not after from "
                                                    "\"",
                                                    weekly.from(), "\""));
      }
      const int act =
          weekly.act().empty() ? service_act : ActOf(path, weekly.act());
      rule.published = kFirstDay;
      if (act >= 0) {
        rule.published = table_.acts[act].published;
        rule.from = std::max(rule.from, table_.acts[act].in_force_from);
        rule.until = std::min(rule.until, table_.acts[act].in_force_until);
      }
      rule.rule = AddRule(path, weekly.label(), weekly.article(),
                          v1::REGULAR_HOURS, act);
      if (IsKnown(act) && IsKnown(service_act)) {
        for (const int place : rule.places) {
          info.weekly_at[place].push_back(
              static_cast<uint32_t>(info.weekly.size()));
        }
        info.weekly.push_back(std::move(rule));
      }
    }
  }

  // Services after those they follow.
  void OrderServices() {
    const size_t count = table_.services.size();
    std::vector<bool> placed(count);
    bool progress = true;
    while (progress) {
      progress = false;
      for (size_t i = 0; i < count; ++i) {
        const int base = table_.services[i].base;
        if (placed[i] || (base >= 0 && !placed[base])) continue;
        placed[i] = progress = true;
        order_.push_back(static_cast<int>(i));
      }
    }
    for (size_t i = 0; i < count; ++i) {
      if (placed[i]) continue;
      problems_.Add(
          PathOf("services", table_.services[i].id),
          absl::StrCat(
              "follows ",
              PathOf("services", table_.services[table_.services[i].base].id),
              ", which follows it in a circle; give one of "
              "them weekly hours"));
    }
  }

  // --- Calendar rules.

  void ReadCalendar() {
    if (policy_.calendar_size() > kMostRules) {
      problems_.Add("calendar", absl::StrCat(policy_.calendar_size(),
                                             " rules; at most ", kMostRules));
      return;
    }
    for (int i = 0; i < policy_.calendar_size(); ++i) {
      AddId(PathOf("calendar", policy_.calendar(i).id()),
            policy_.calendar(i).id(), rule_index_, i);
    }
    std::vector<bool> corrected(policy_.calendar_size());
    for (int i = 0; i < policy_.calendar_size(); ++i) {
      const v1::CalendarRule& rule = policy_.calendar(i);
      const std::string path = PathOf("calendar", rule.id());
      const int act = RequiredAct(path, rule.act());
      for (int c = 0; c < rule.corrects_size(); ++c) {
        const auto found = rule_index_.find(rule.corrects(c));
        if (found == rule_index_.end()) {
          problems_.Add(absl::StrCat(path, ".corrects[", c, "]"),
                        absl::StrCat("\"", rule.corrects(c),
                                     "\" is no calendar rule's id"));
        } else if (found->second == i) {
          problems_.Add(absl::StrCat(path, ".corrects[", c, "]"),
                        "names the rule itself");
        } else if (IsKnown(act)) {
          corrected[found->second] = true;
        }
      }
    }
    int64_t rule_days = 0;
    for (int i = 0; i < policy_.calendar_size(); ++i) {
      DatedRule rule;
      if (!ReadRule(policy_.calendar(i), rule)) continue;
      rule_days += static_cast<int64_t>(rule.days.size());
      if (rule_days > kMostRuleDays) {
        problems_.Add(
            "calendar",
            absl::StrCat("its rules fall on more than ", kMostRuleDays,
                         " days in all; write fewer, or a covers_until"
                         " that is nearer"));
        return;
      }
      const int act = table_.rules[rule.rule].act;
      if (IsKnown(act) && !corrected[i])
        table_.dated.push_back(std::move(rule));
    }
  }

  bool ReadRule(const v1::CalendarRule& rule, DatedRule& read) {
    const int before = problems_.list().problems_size();
    const std::string path = PathOf("calendar", rule.id());
    read.layer = rule.layer();
    if (!v1::Layer_IsValid(rule.layer()) || rule.layer() <= v1::WEEKLY) {
      problems_.Add(path + ".layer",
                    "is missing, or none of PARTIAL_DAY, HOLIDAY, RECESS, "
                    "ONE_OFF and EMERGENCY");
    }
    read.effect = rule.effect();
    if (!v1::CalendarRule::Effect_IsValid(rule.effect()) ||
        rule.effect() == v1::CalendarRule::EFFECT_UNSPECIFIED) {
      problems_.Add(path + ".effect",
                    "is missing; write CLOSE, REPLACE, OPEN_EXTRA, SUBTRACT or "
                    "DOUBT");
    }
    if (!v1::Kind_IsValid(rule.kind()) || rule.kind() == v1::KIND_UNSPECIFIED) {
      problems_.Add(path + ".kind",
                    "is missing; say what kind of reason it is,"
                    " as in FERIADO_NACIONAL");
    }
    read.places = PlacesOf(path, rule.places());
    read.services = ServicesOf(path, rule);
    read.hours = ReadHours(path, rule.hours(), problems_);
    read.certainty = ReadCertainty(path, rule.certainty());
    CheckHours(path, rule);
    const int act = ActOf("", rule.act());
    ActInfo always;
    const ActInfo& info = act >= 0 ? table_.acts[act] : always;
    read.published = info.published;
    read.rule = AddRule(path, rule.label(), rule.article(), rule.kind(), act);
    read.is_span = rule.when_case() == v1::CalendarRule::kSpan;
    read.recurring = false;
    switch (rule.when_case()) {
      case v1::CalendarRule::kDays: {
        read.recurring = Recurs(rule.days());
        const Day first = std::max(table_.first_day, info.in_force_from);
        const Day last = std::min(table_.last_day, info.in_force_until);
        read.days = ReadDays(path + ".days", rule.days(), first,
                             std::max(first, last), problems_);
        read.lasting = Lasts(rule.days(), info);
        break;
      }
      case v1::CalendarRule::kSpan:
        ReadSpan(path + ".span", rule.span(), info, read);
        break;
      case v1::CalendarRule::WHEN_NOT_SET:
        problems_.Add(path, "says not when; write days or a span");
    }
    return problems_.list().problems_size() == before;
  }

  bool Lasts(const v1::DateRule& days, const ActInfo& act) const {
    if (act.in_force_until <= table_.last_day) return false;
    const int horizon_year = static_cast<int>(CivilOf(table_.last_day).year());
    if (Recurs(days)) {
      return days.last_year() == 0 || days.last_year() >= horizon_year;
    }
    for (const std::string& text : days.dates().date()) {
      const absl::optional<Day> day = ParseDay(text);
      if (day.has_value() && *day >= table_.last_day) return true;
    }
    const absl::optional<Day> until = ParseDay(days.range().until());
    return until.has_value() && *until > table_.last_day;
  }

  void ReadSpan(const std::string& path, const v1::Span& span,
                const ActInfo& act, DatedRule& read) {
    const absl::optional<Second> from = ParseCivil(span.from());
    if (!from.has_value()) {
      problems_.Add(path + ".from",
                    absl::StrCat("\"", span.from(),
                                 "\" is no date and time; "
                                 "write such as \"2025-12-19T18:00\""));
    }
    absl::optional<Second> until = kForever;
    if (!span.until().empty()) until = ParseCivil(span.until());
    if (!until.has_value()) {
      problems_.Add(path + ".until",
                    absl::StrCat("\"", span.until(),
                                 "\" is no date and time; "
                                 "write such as \"2026-01-07T12:00\", or "
                                 "nothing for an open end"));
    }
    if (!from.has_value() || !until.has_value()) return;
    if (*until <= *from) {
      problems_.Add(path + ".until",
                    absl::StrCat("\"", span.until(), "\" is not after from \"",
                                 span.from(), "\""));
    }
    read.span_from = *from;
    read.span_until = *until;
    if (act.in_force_from != kFirstDay) {
      read.span_from =
          std::max(read.span_from, Second{act.in_force_from} * kDaySeconds);
    }
    if (act.in_force_until != kLastDay) {
      read.span_until =
          std::min(read.span_until, Second{act.in_force_until} * kDaySeconds);
    }
    read.lasting = read.span_until > Second{table_.last_day} * kDaySeconds;
  }

  void CheckHours(const std::string& path, const v1::CalendarRule& rule) {
    const bool span = rule.when_case() == v1::CalendarRule::kSpan;
    const bool some = rule.hours_size() > 0;
    switch (rule.effect()) {
      case v1::CalendarRule::CLOSE:
        if (some) {
          problems_.Add(path + ".hours",
                        "go with REPLACE, OPEN_EXTRA, SUBTRACT or DOUBT, not "
                        "with CLOSE; to close for these hours write SUBTRACT");
        }
        break;
      case v1::CalendarRule::REPLACE:
      case v1::CalendarRule::SUBTRACT:
        if (span) {
          problems_.Add(path + ".span",
                        "goes with CLOSE, OPEN_EXTRA or DOUBT; write days");
        } else if (!some) {
          problems_.Add(path + ".hours",
                        "is empty; write open and close, or "
                        "CLOSE for a closed day");
        }
        break;
      case v1::CalendarRule::OPEN_EXTRA:
        if (!span && !some) {
          problems_.Add(path + ".hours", "is empty; write open and close");
        }
        ABSL_FALLTHROUGH_INTENDED;
      default:
        if (span && some) {
          problems_.Add(path + ".hours",
                        "go with days; a span is open or closed throughout");
        }
    }
  }

  uint64_t ServicesOf(const std::string& path, const v1::CalendarRule& rule) {
    uint64_t services = 0;
    for (int i = 0; i < rule.services_size(); ++i) {
      const std::string at = absl::StrCat(path, ".services[", i, "]");
      const int service = ServiceOf(at, rule.services(i));
      if (service < 0) continue;
      const v1::Service& named = policy_.services(service);
      if (named.weekly().empty() &&
          named.hours_of_case() == v1::Service::HOURS_OF_NOT_SET) {
        problems_.Add(at, absl::StrCat("\"", named.id(),
                                       "\" has no hours in "
                                       "this policy to overrule"));
      }
      services |= uint64_t{1} << service;
    }
    if (rule.services_size() > 0) return services;
    for (int i = 0; i < policy_.services_size() && i < kMostServices; ++i) {
      if (!policy_.services(i).weekly().empty()) services |= uint64_t{1} << i;
    }
    return services;
  }

  // --- Order and ties.

  // Layers, then publication; then what only breaks ties that do not matter:
  // doubt last, and of closings the surer, more general, first by id.
  void OrderRules() {
    const auto key = [&](const DatedRule& rule) {
      const RuleInfo& info = table_.rules[rule.rule];
      return std::make_tuple(
          rule.layer, rule.published, rule.effect == v1::CalendarRule::DOUBT,
          -static_cast<int>(rule.certainty), -static_cast<int>(info.kind));
    };
    std::sort(table_.dated.begin(), table_.dated.end(),
              [&](const DatedRule& a, const DatedRule& b) {
                const auto key_a = key(a), key_b = key(b);
                if (key_a != key_b) return key_a < key_b;
                return table_.rules[a.rule].path > table_.rules[b.rule].path;
              });
    table_.dated_at.resize(table_.places.size());
    for (uint32_t i = 0; i < table_.dated.size(); ++i) {
      for (const int place : table_.dated[i].places) {
        table_.dated_at[place].push_back(i);
      }
    }
  }

  // --- References.

  template <typename Index>
  void AddId(const std::string& path, const std::string& id, Index& index,
             size_t value) {
    if (id.empty()) {
      problems_.Add(path, "has no id; give it one");
    } else if (!index.try_emplace(id, static_cast<int>(value)).second) {
      problems_.Add(path, "is there twice; ids are unique");
    }
  }

  int AddRule(const std::string& path, const std::string& label,
              const std::string& article, v1::Kind kind, int act) {
    table_.rules.push_back({path, label, article, kind, act});
    return static_cast<int>(table_.rules.size()) - 1;
  }

  bool IsKnown(int act) const { return act < 0 || table_.acts[act].known; }

  int RequiredAct(const std::string& path, const std::string& id) {
    if (!id.empty()) return ActOf(path, id);
    problems_.Add(path + ".act", "is empty; name the act it rests on");
    return -1;
  }

  // An empty path: the reference was checked before.
  int ActOf(const std::string& path, const std::string& id) {
    const auto found = act_index_.find(id);
    if (found != act_index_.end()) return found->second;
    if (!path.empty()) {
      problems_.Add(path + ".act",
                    absl::StrCat("\"", id,
                                 "\" is no act's id; add it to acts, "
                                 "or name one that is there",
                                 DidYouMean(id, KnownActs())));
    }
    return -1;
  }

  std::vector<absl::string_view> KnownActs() const {
    std::vector<absl::string_view> known;
    for (const v1::Act& act : policy_.acts()) known.push_back(act.id());
    return known;
  }

  std::string Unknown(const std::string& id, absl::string_view what) const {
    std::vector<std::string> known;
    for (const v1::Service& service : policy_.services()) {
      if (known.size() < kMostNamed) known.push_back(service.id());
    }
    return absl::StrCat("\"", id, "\" is no ", what, "; write one of ",
                        absl::StrJoin(known, ", "));
  }

  int ServiceOf(const std::string& path, const std::string& id) {
    const auto found = service_index_.find(id);
    if (found != service_index_.end()) return found->second;
    problems_.Add(path, Unknown(id, "service"));
    return -1;
  }

  template <typename Ids>
  std::vector<int> PlacesOf(const std::string& path, const Ids& ids) {
    std::vector<int> places;
    if (ids.empty()) places.push_back(0);
    named_places_ += ids.size();
    if (named_places_ > kMostNamedPlaces) {
      problems_.Add(
          path + ".places",
          absl::StrCat("with these, rules name more than ", kMostNamedPlaces,
                       " places in all; name wider places"));
      return places;
    }
    for (int i = 0; i < ids.size(); ++i) {
      const int place = table_.places.Resolve(
          ids[i], absl::StrCat(path, ".places[", i, "]"), problems_);
      if (place >= 0) places.push_back(place);
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
  }

  v1::Mode ReadMode(const std::string& path, v1::Mode mode) {
    if (v1::Mode_IsValid(mode)) return mode;
    problems_.Add(path, absl::StrCat(mode,
                                     " is no mode; write REGULAR, PLANTAO "
                                     "or BY_APPOINTMENT"));
    return v1::REGULAR;
  }

  v1::Certainty ReadCertainty(const std::string& path, v1::Certainty read) {
    if (!v1::Certainty_IsValid(read)) {
      problems_.Add(path + ".certainty",
                    absl::StrCat(read,
                                 " is none; write CONFIRMED, UNCONFIRMED "
                                 "or PROJECTED"));
    }
    return read == v1::CERTAINTY_UNSPECIFIED ? v1::CONFIRMED : read;
  }

  const v1::Policy& policy_;
  const Schedule::Options& options_;
  Problems& problems_;
  ScheduleTable& table_;
  absl::TimeZone zone_;
  absl::flat_hash_map<std::string, int> act_index_, service_index_, rule_index_;
  std::vector<int> order_;    // of services
  int64_t named_places_ = 0;  // by all rules
};

}  // namespace

absl::StatusOr<Schedule> Schedule::Compile(const v1::Policy& policy,
                                           const Options& options) {
  auto table = std::make_shared<ScheduleTable>();
  Problems problems;
  Compiler(policy, options, problems, *table).Run();
  if (!problems.ok()) return problems.ToStatus();
  return Schedule(std::move(table));
}

}  // namespace guiche
