// Messages of guiche.v1 as JSON: the one form in which hosts and files see
// them.

#ifndef GUICHE_POLICY_JSON_H_
#define GUICHE_POLICY_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace guiche {

// The largest JSON text that is read, in bytes.
inline constexpr size_t kLargestJson = 64u << 20;

enum class JsonLayout { kOneLine, kIndented };

// `message` in full: fields by their proto names, enums by name, empty fields
// too. A message field that is not set is printed with all its fields empty, so
// an answer has the same keys whatever it says. Total for messages whose texts
// are UTF-8, as all answers are.
std::string ToJson(const google::protobuf::Message& message,
                   JsonLayout layout = JsonLayout::kOneLine);

// Reads `json` into `message`, which it clears first. kInvalidArgument names
// the field that is unknown or of another type; it never repeats a value. Where
// no field is to blame the message is led by `whole`.
absl::Status FromJson(absl::string_view json,
                      google::protobuf::Message& message,
                      absl::string_view whole = "");

}  // namespace guiche

#endif  // GUICHE_POLICY_JSON_H_
