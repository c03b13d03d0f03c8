#include "policy/json.h"

#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"

namespace guiche {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Sets every message field, all the way down. The answers of guiche.v1 hold no
// message within itself.
void SetMessages(Message& message) {
  const auto& descriptor = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
        field->containing_oneof() != nullptr) {
      continue;
    }
    if (!field->is_repeated()) {
      SetMessages(*reflection.MutableMessage(&message, field));
      continue;
    }
    const int count = reflection.FieldSize(message, field);
    for (int j = 0; j < count; ++j) {
      SetMessages(*reflection.MutableRepeatedMessage(&message, field, j));
    }
  }
}

// What protobuf says, less the values that it repeats.
std::string WithoutValues(absl::string_view message) {
  message = message.substr(0, message.find('\n'));
  const size_t value = message.find(": invalid value ");
  const size_t type = message.rfind(" for type ");
  if (value != absl::string_view::npos && type != absl::string_view::npos &&
      type > value) {
    absl::string_view field = message.substr(0, value);
    absl::string_view expected = message.substr(type + 10);
    absl::ConsumePrefix(&field, "(");
    absl::ConsumeSuffix(&field, ")");
    if (!absl::ConsumePrefix(&expected, "TYPE_")) {
      expected = expected.substr(expected.rfind('/') + 1);
    }
    return absl::StrCat(field, ": is no ", expected);
  }
  if (absl::EndsWith(message, ": Cannot find field.")) {
    return absl::StrCat(absl::StripSuffix(message, ": Cannot find field."),
                        ": is no field of this message");
  }
  return absl::StrCat("is no JSON: ", message);
}

}  // namespace

std::string ToJson(const Message& message, JsonLayout layout) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = layout == JsonLayout::kIndented;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  const std::unique_ptr<Message> full(message.New());
  full->CopyFrom(message);
  SetMessages(*full);
  std::string json;
  google::protobuf::LogSilencer silence;
  const auto status =
      google::protobuf::util::MessageToJsonString(*full, &json, options);
  return status.ok() ? json : "";
}

absl::Status FromJson(absl::string_view json, Message& message) {
  message.Clear();
  if (json.size() > kLargestJson) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", json.size(), " bytes; at most ", kLargestJson));
  }
  google::protobuf::LogSilencer silence;
  const auto status = google::protobuf::util::JsonStringToMessage(
      {json.data(), json.size()}, &message);
  if (status.ok()) return absl::OkStatus();
  const auto text = status.message();
  return absl::InvalidArgumentError(
      WithoutValues({text.data(), static_cast<size_t>(text.size())}));
}

}  // namespace guiche
