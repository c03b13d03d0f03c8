#include "policy/json.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/wrappers.pb.h"

namespace guiche {
namespace {

// What most answers fit in, in bytes.
constexpr size_t kUsualSize = 4'096;

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

// How many bytes of `text` from `at` on are one character that every JSON
// writer leaves as it is: ASCII but controls, quotes, backslash and angles, and
// the accents and signs of Portuguese. 0: some other character.
inline size_t PlainAt(absl::string_view text, size_t at) {
  if (at >= text.size()) return 0;
  const auto c = static_cast<uint8_t>(text[at]);
  if (c < 0x80) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' &&
           c != '>';
  }
  if ((c != 0xc2 && c != 0xc3) || at + 1 == text.size()) return 0;
  const auto next = static_cast<uint8_t>(text[at + 1]);
  if (next < 0x80 || next > 0xbf) return 0;
  return c == 0xc3 || (next >= 0xa0 && next != 0xad) ? 2 : 0;
}

// How every JSON writer writes a character that is not plain; empty: it has to
// be asked.
absl::string_view Escaped(char c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    default:
      return "";
  }
}

std::string LibraryJson(const Message& message, bool add_whitespace);

void PrintText(const std::string& text, std::string& json) {
  const size_t before = json.size();
  json += '"';
  for (size_t done = 0; done < text.size();) {
    size_t end = done;
    for (size_t plain; (plain = PlainAt(text, end)) > 0;) end += plain;
    json.append(text, done, end - done);
    if (end == text.size()) break;
    const absl::string_view escaped = Escaped(text[end]);
    if (escaped.empty()) {
      google::protobuf::StringValue value;
      value.set_value(text);
      json.resize(before);
      json += LibraryJson(value, false);
      return;
    }
    json.append(escaped.data(), escaped.size());
    done = end + 1;
  }
  json += '"';
}

bool PrintMessage(const Message& message, std::string& json);

// One value of a field; false for a type that no answer has.
bool PrintValue(const Message& message, const FieldDescriptor* field, int index,
                std::string& json) {
  const auto& reflection = *message.GetReflection();
  const bool list = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      if (field->type() == FieldDescriptor::TYPE_BYTES) return false;
      std::string scratch;
      PrintText(list ? reflection.GetRepeatedStringReference(message, field,
                                                             index, &scratch)
                     : reflection.GetStringReference(message, field, &scratch),
                json);
      return true;
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number =
          list ? reflection.GetRepeatedEnumValue(message, field, index)
               : reflection.GetEnumValue(message, field);
      const auto* value = field->enum_type()->FindValueByNumber(number);
      if (value == nullptr) return false;
      json += '"';
      json += value->name();
      json += '"';
      return true;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      json += (list ? reflection.GetRepeatedBool(message, field, index)
                    : reflection.GetBool(message, field))
                  ? "true"
                  : "false";
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(&json,
                      list ? reflection.GetRepeatedInt32(message, field, index)
                           : reflection.GetInt32(message, field));
      return true;
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(&json,
                      list ? reflection.GetRepeatedUInt32(message, field, index)
                           : reflection.GetUInt32(message, field));
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return PrintMessage(
          list ? reflection.GetRepeatedMessage(message, field, index)
               : reflection.GetMessage(message, field),
          json);
    default:
      return false;
  }
}

// What ToJson() writes, twenty times as fast as protobuf's printer; false, with
// part of it written, for a message that is not made like an answer.
bool PrintMessage(const Message& message, std::string& json) {
  const auto& descriptor = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  if (absl::StartsWith(descriptor.full_name(), "google.")) return false;
  char before = '{';
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    if (field->is_map()) return false;
    if (field->containing_oneof() != nullptr &&
        !reflection.HasField(message, field)) {
      continue;
    }
    json += before;
    before = ',';
    json += '"';
    json += field->name();
    json += "\":";
    if (!field->is_repeated()) {
      if (!PrintValue(message, field, 0, json)) return false;
      continue;
    }
    json += '[';
    const int count = reflection.FieldSize(message, field);
    for (int j = 0; j < count; ++j) {
      if (j > 0) json += ',';
      if (!PrintValue(message, field, j, json)) return false;
    }
    json += ']';
  }
  if (before == '{') json += '{';
  json += '}';
  return true;
}

std::string LibraryJson(const Message& message, bool add_whitespace) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = add_whitespace;
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

// Reads an object of plain texts, lists of them, truths and small numbers, as
// hosts write requests. False for all else, errors too: protobuf's parser is
// twenty times as slow, and tells what is wrong.
class RequestReader {
 public:
  RequestReader(absl::string_view json, Message& message)
      : json_(json), message_(message) {}

  bool Read() {
    if (!Take('{')) return false;
    if (!Take('}')) {
      do {
        if (!ReadField()) return false;
      } while (Take(','));
      if (!Take('}')) return false;
    }
    SkipBlanks();
    return json_.empty();
  }

 private:
  void SkipBlanks() {
    while (!json_.empty() && (json_[0] == ' ' || json_[0] == '\n' ||
                              json_[0] == '\r' || json_[0] == '\t')) {
      json_.remove_prefix(1);
    }
  }

  bool Take(char c) {
    SkipBlanks();
    if (json_.empty() || json_[0] != c) return false;
    json_.remove_prefix(1);
    return true;
  }

  bool ReadText(std::string& text) {
    if (!Take('"')) return false;
    size_t size = 0;
    for (size_t plain; (plain = PlainAt(json_, size)) > 0;) size += plain;
    if (size == json_.size() || json_[size] != '"') return false;
    text.assign(json_.data(), size);
    json_.remove_prefix(size + 1);
    return true;
  }

  bool ReadField() {
    std::string name, text;
    if (!ReadText(name) || !Take(':')) return false;
    const FieldDescriptor* field =
        message_.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr || field->containing_oneof() != nullptr ||
        std::find(seen_.begin(), seen_.end(), field) != seen_.end()) {
      return false;
    }
    seen_.push_back(field);
    const auto& reflection = *message_.GetReflection();
    if (field->is_repeated()) {
      if (field->type() != FieldDescriptor::TYPE_STRING || !Take('[')) {
        return false;
      }
      if (Take(']')) return true;
      do {
        if (!ReadText(text)) return false;
        reflection.AddString(&message_, field, text);
      } while (Take(','));
      return Take(']');
    }
    switch (field->type()) {
      case FieldDescriptor::TYPE_STRING:
        if (!ReadText(text)) return false;
        reflection.SetString(&message_, field, std::move(text));
        return true;
      case FieldDescriptor::TYPE_ENUM: {
        if (!ReadText(text)) return false;
        const auto* value = field->enum_type()->FindValueByName(text);
        if (value == nullptr) return false;
        reflection.SetEnum(&message_, field, value);
        return true;
      }
      case FieldDescriptor::TYPE_BOOL: {
        SkipBlanks();
        const bool value = absl::ConsumePrefix(&json_, "true");
        if (!value && !absl::ConsumePrefix(&json_, "false")) return false;
        reflection.SetBool(&message_, field, value);
        return true;
      }
      default:
        return false;
    }
  }

  absl::string_view json_;
  Message& message_;
  std::vector<const FieldDescriptor*> seen_;
};

// What protobuf says, less the values that it repeats.
std::string WithoutValues(absl::string_view message, absl::string_view whole) {
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
  absl::ConsumePrefix(&message, ": ");
  return absl::StrCat(whole, "is no JSON: ", message);
}

}  // namespace

std::string ToJson(const Message& message, JsonLayout layout) {
  std::string json;
  json.reserve(kUsualSize);
  if (layout == JsonLayout::kOneLine && PrintMessage(message, json)) {
    return json;
  }
  return LibraryJson(message, layout == JsonLayout::kIndented);
}

absl::Status FromJson(absl::string_view json, Message& message,
                      absl::string_view whole) {
  message.Clear();
  if (json.size() > kLargestJson) {
    return absl::InvalidArgumentError(absl::StrCat(
        whole, "has ", json.size(), " bytes; at most ", kLargestJson));
  }
  if (RequestReader(json, message).Read()) return absl::OkStatus();
  message.Clear();
  google::protobuf::LogSilencer silence;
  const auto status = google::protobuf::util::JsonStringToMessage(
      {json.data(), json.size()}, &message);
  if (status.ok()) return absl::OkStatus();
  const auto text = status.message();
  return absl::InvalidArgumentError(
      WithoutValues({text.data(), static_cast<size_t>(text.size())}, whole));
}

}  // namespace guiche
