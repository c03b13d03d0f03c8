#include "examples/http/openapi.h"

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "guiche/v1/availability.pb.h"
#include "guiche/v1/decision.pb.h"
#include "guiche/v1/routing.pb.h"

namespace guiche {
namespace {

using absl::StrCat;
using absl::StrJoin;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// Schemas by name; a message enters before its fields, so that a message in
// itself ends.
using Schemas = std::map<std::string, std::string>;

std::string Reference(absl::string_view name) {
  return StrCat(R"({"$ref":"#/components/schemas/)", name, R"("})");
}

std::string EnumSchema(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    names.push_back(StrCat("\"", type.value(i)->name(), "\""));
  }
  return StrCat(R"({"type":"string","enum":[)", StrJoin(names, ","), "]}");
}

void AddMessage(const Descriptor& type, Schemas& schemas);

std::string ValueSchema(const FieldDescriptor& field, Schemas& schemas) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      AddMessage(*field.message_type(), schemas);
      return Reference(field.message_type()->name());
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumSchema(*field.enum_type());
    case FieldDescriptor::CPPTYPE_BOOL:
      return R"({"type":"boolean"})";
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
      return R"({"type":"integer"})";
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return R"({"type":"number"})";
    default:  // texts, and integers of 64 bits, which JSON writes as texts
      return R"({"type":"string"})";
  }
}

void AddMessage(const Descriptor& type, Schemas& schemas) {
  if (!schemas.emplace(type.name(), "").second) return;
  std::vector<std::string> properties;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string value = ValueSchema(field, schemas);
    properties.push_back(StrCat(
        "\"", field.name(), "\":",
        field.is_repeated() ? StrCat(R"({"type":"array","items":)", value, "}")
                            : value));
  }
  schemas[type.name()] = StrCat(R"({"type":"object","properties":{)",
                                StrJoin(properties, ","), "}}");
}

std::string Content(absl::string_view schema) {
  return StrCat(R"("content":{"application/json":{"schema":)", schema, "}}");
}

std::string Responses(const Descriptor& answer, Schemas& schemas) {
  AddMessage(answer, schemas);
  return StrCat(
      R"("responses":{"200":{"description":"the answer",)",
      Content(Reference(answer.name())),
      R"(},"default":{"description":"an error: field, value, remedy",)",
      Content(Reference("ErrorAnswer")), "}}");
}

std::string Post(absl::string_view method, absl::string_view summary,
                 const Descriptor& request, const Descriptor& answer,
                 Schemas& schemas) {
  AddMessage(request, schemas);
  return StrCat("\"/v1/", method, R"(":{"post":{"operationId":")", method,
                R"(","summary":")", summary, R"(","requestBody":{)",
                R"("required":true,)", Content(Reference(request.name())), "},",
                Responses(answer, schemas), "}}");
}

std::string Get(absl::string_view path, absl::string_view name,
                absl::string_view summary, const Descriptor& answer,
                Schemas& schemas) {
  return StrCat("\"", path, R"(":{"get":{"operationId":")", name,
                R"(","summary":")", summary, R"(",)",
                Responses(answer, schemas), "}}");
}

}  // namespace

std::string OpenApi() {
  Schemas schemas;
  AddMessage(*v1::ErrorAnswer::descriptor(), schemas);
  const std::string paths = StrJoin(
      {
          Post("open", "Is a window open, why, since and until when?",
               *v1::AvailabilityRequest::descriptor(),
               *v1::Availability::descriptor(), schemas),
          Post("route", "Which unit takes this request?",
               *v1::RouteRequest::descriptor(), *v1::RouteAnswer::descriptor(),
               schemas),
          Post("decide", "Which unit, is it open, and what to reply?",
               *v1::DecisionRequest::descriptor(), *v1::Decision::descriptor(),
               schemas),
          Post("check", "May this be used for that?",
               *v1::ConductRequest::descriptor(),
               *v1::ConductAnswer::descriptor(), schemas),
          Post("calendar", "Which days do not keep the weekly hours?",
               *v1::CalendarRequest::descriptor(), *v1::Calendar::descriptor(),
               schemas),
          Get("/v1/policy", "policy", "The policy in use",
              *v1::PolicyRef::descriptor(), schemas),
          Get("/ready", "ready", "The policy in use, or 503 when it stops",
              *v1::PolicyRef::descriptor(), schemas),
      },
      ",");
  std::vector<std::string> components;
  for (const auto& [name, schema] : schemas) {
    components.push_back(StrCat("\"", name, "\":", schema));
  }
  return StrCat(
      R"({"openapi":"3.0.3","info":{"title":"guiche","version":"v1"},)",
      R"("paths":{)", paths, R"(},"components":{"schemas":{)",
      StrJoin(components, ","), "}}}");
}

}  // namespace guiche
