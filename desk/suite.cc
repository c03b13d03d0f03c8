#include "desk/suite.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "desk/desk.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "policy/load.h"
#include "policy/problems.h"

namespace guiche {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One value of a field as people read it; a message as nothing.
std::string Show(const Message& message, const FieldDescriptor* field,
                 int index) {
  const auto& reflection = *message.GetReflection();
  const bool list = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return list ? reflection.GetRepeatedString(message, field, index)
                  : reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return list ? reflection.GetRepeatedEnum(message, field, index)->name()
                  : reflection.GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return (list ? reflection.GetRepeatedBool(message, field, index)
                   : reflection.GetBool(message, field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(
          list ? reflection.GetRepeatedInt32(message, field, index)
               : reflection.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(
          list ? reflection.GetRepeatedUInt32(message, field, index)
               : reflection.GetUInt32(message, field));
    default:
      return "";
  }
}

bool SameText(absl::string_view expected, absl::string_view actual) {
  if (absl::ConsumeSuffix(&expected, "...")) {
    return absl::StartsWith(actual, expected);
  }
  return expected == actual;
}

std::vector<std::string> Differences(const Message& expected,
                                     const Message& actual,
                                     const std::string& path);

// An element expected in a list is there if some element of it is as expected.
bool IsAmong(const Message& expected, const FieldDescriptor* field, int index,
             const Message& actual) {
  const auto& reflection = *expected.GetReflection();
  const int count = reflection.FieldSize(actual, field);
  for (int i = 0; i < count; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (Differences(reflection.GetRepeatedMessage(expected, field, index),
                      reflection.GetRepeatedMessage(actual, field, i), "")
              .empty()) {
        return true;
      }
    } else if (SameText(Show(expected, field, index), Show(actual, field, i))) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> Differences(const Message& expected,
                                     const Message& actual,
                                     const std::string& path) {
  std::vector<std::string> differences;
  const auto& reflection = *expected.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(expected, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string at =
        absl::StrCat(path, path.empty() ? "" : ".", field->name());
    if (field->is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(expected, field); ++i) {
        if (IsAmong(expected, field, i, actual)) continue;
        differences.push_back(
            absl::StrCat(at, "[", i, "]: expected ",
                         field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE
                             ? reflection.GetRepeatedMessage(expected, field, i)
                                   .ShortDebugString()
                             : Show(expected, field, i),
                         ", not among the ",
                         reflection.FieldSize(actual, field), " there are"));
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const auto nested = Differences(reflection.GetMessage(expected, field),
                                      reflection.GetMessage(actual, field), at);
      differences.insert(differences.end(), nested.begin(), nested.end());
    } else if (!SameText(Show(expected, field, 0), Show(actual, field, 0))) {
      differences.push_back(absl::StrCat(at, ": expected ",
                                         Show(expected, field, 0), ", was ",
                                         Show(actual, field, 0)));
    }
  }
  return differences;
}

// What the field at `path` says, where it must say nothing.
std::string MustBeEmpty(const Message& answer, absl::string_view path) {
  const Message* message = &answer;
  for (const absl::string_view name : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(std::string(name));
    if (field == nullptr) return absl::StrCat(path, ": is no field");
    const auto& reflection = *message->GetReflection();
    const bool set = field->is_repeated()
                         ? reflection.FieldSize(*message, field) > 0
                         : reflection.HasField(*message, field);
    if (!set) return "";
    if (field->is_repeated() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      return absl::StrCat(path, ": expected nothing, was ",
                          Show(*message, field, 0));
    }
    message = &reflection.GetMessage(*message, field);
  }
  return absl::StrCat(path, ": expected nothing, was set");
}

// Every rule named anywhere in an answer.
void GatherRules(const Message& answer, std::vector<std::string>& rules) {
  const auto& reflection = *answer.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(answer, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) {
        GatherRules(reflection.GetMessage(answer, field), rules);
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(answer, field); ++i) {
        GatherRules(reflection.GetRepeatedMessage(answer, field, i), rules);
      }
    } else if (field->name() == "rule") {
      rules.push_back(reflection.GetString(answer, field));
    }
  }
}

template <typename Answer>
void Compare(const absl::StatusOr<Answer>& answer, const v1::TestCase& one,
             const Message& expected, CaseResult& result) {
  if (one.expected_case() == v1::TestCase::kError) {
    if (answer.ok()) {
      result.differences.push_back(
          absl::StrCat("expected an error: ", one.error()));
    } else if (!absl::StrContains(answer.status().message(), one.error())) {
      result.differences.push_back(absl::StrCat("error: expected ", one.error(),
                                                ", was ",
                                                answer.status().message()));
    }
    return;
  }
  if (!answer.ok()) {
    result.differences.push_back(
        absl::StrCat("error: ", answer.status().message()));
    return;
  }
  GatherRules(*answer, result.rules);
  result.differences = Differences(expected, *answer, "");
  for (const std::string& path : one.empty()) {
    std::string difference = MustBeEmpty(*answer, path);
    if (!difference.empty()) result.differences.push_back(difference);
  }
}

CaseResult RunCase(const Desk& desk, const v1::TestCase& one) {
  CaseResult result;
  result.name = one.name();
  switch (one.question_case()) {
    case v1::TestCase::kOpen:
      Compare(desk.Open(one.open()), one, one.availability(), result);
      break;
    case v1::TestCase::kRoute:
      Compare(desk.Route(one.route()), one, one.answer(), result);
      break;
    case v1::TestCase::kDecide:
      Compare(desk.Decide(one.decide()), one, one.decision(), result);
      break;
    case v1::TestCase::kCheck:
      Compare(desk.Check(one.check()), one, one.conduct(), result);
      break;
    case v1::TestCase::QUESTION_NOT_SET:
      break;  // ReadSuite refuses it
  }
  return result;
}

// The answer that a question has, as the number of its field in TestCase.
int AnswerField(const v1::TestCase& one) {
  switch (one.question_case()) {
    case v1::TestCase::kOpen:
      return v1::TestCase::kAvailability;
    case v1::TestCase::kRoute:
      return v1::TestCase::kAnswer;
    case v1::TestCase::kDecide:
      return v1::TestCase::kDecision;
    default:
      return v1::TestCase::kConduct;
  }
}

}  // namespace

absl::StatusOr<v1::TestSuite> ReadSuite(absl::string_view name,
                                        absl::string_view text) {
  v1::TestSuite suite;
  const absl::Status parsed = ParseTextproto(name, text, suite);
  if (!parsed.ok()) return parsed;
  std::set<std::string> names;
  std::vector<std::string> errors;
  for (int i = 0; i < suite.cases_size(); ++i) {
    const v1::TestCase& one = suite.cases(i);
    const std::string path =
        absl::StrCat(name, ": cases[",
                     one.name().empty() ? absl::StrCat(i) : one.name(), "]: ");
    if (one.name().empty()) errors.push_back(path + "has no name");
    if (!one.name().empty() && !names.insert(one.name()).second) {
      errors.push_back(path + "is there twice; give each case its own name");
    }
    if (one.question_case() == v1::TestCase::QUESTION_NOT_SET) {
      errors.push_back(path +
                       "asks nothing; write open, route, decide or check");
    } else if (one.expected_case() == v1::TestCase::EXPECTED_NOT_SET) {
      errors.push_back(path + "expects nothing; write the answer or an error");
    } else if (one.expected_case() != v1::TestCase::kError &&
               one.expected_case() != AnswerField(one)) {
      errors.push_back(
          path +
          "expects an answer to another question; open has "
          "availability, route answer, decide decision, check conduct");
    }
  }
  if (errors.empty()) return suite;
  return absl::InvalidArgumentError(absl::StrJoin(errors, "\n"));
}

absl::StatusOr<SuiteResult> RunSuite(const v1::Policy& policy,
                                     const v1::TestSuite& suite) {
  std::map<std::string, Desk> desks;  // by known_at
  SuiteResult results;
  for (const v1::TestCase& one : suite.cases()) {
    auto desk = desks.find(one.known_at());
    if (desk == desks.end()) {
      Desk::Options options;
      if (!one.known_at().empty()) {
        const auto known = ParseInstant("known_at", one.known_at());
        if (!known.ok()) return known.status();
        options.known_at = *known;
      }
      auto compiled = Desk::Compile(policy, options);
      if (!compiled.ok()) return compiled.status();
      desk = desks.emplace(one.known_at(), *std::move(compiled)).first;
    }
    results.cases.push_back(RunCase(desk->second, one));
    if (!results.cases.back().differences.empty()) ++results.failed;
  }
  return results;
}

std::vector<std::string> RulesNotMet(const v1::Policy& policy,
                                     const std::vector<SuiteResult>& results) {
  std::set<std::string> rules;
  for (const auto& rule : policy.calendar()) {
    rules.insert(PathOf("calendar", rule.id()));
  }
  for (const auto& route : policy.routes()) {
    rules.insert(PathOf("routes", route.id()));
  }
  for (const auto& rule : policy.conduct()) {
    rules.insert(PathOf("conduct", rule.id()));
  }
  for (const auto& referral : policy.referrals()) {
    rules.insert(PathOf("referrals", referral.id()));
  }
  for (const SuiteResult& result : results) {
    for (const CaseResult& one : result.cases) {
      for (const std::string& rule : one.rules) rules.erase(rule);
    }
  }
  return {rules.begin(), rules.end()};
}

}  // namespace guiche
