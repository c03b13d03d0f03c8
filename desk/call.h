// Any question by the name of its method, as bytes in and bytes out: what the
// command line's batch and the bindings are made of.

#ifndef GUICHE_DESK_CALL_H_
#define GUICHE_DESK_CALL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "desk/desk.h"

namespace guiche {

// How request and answer are written.
enum class CallFormat { kJson, kProto };

// Puts `request` to the desk and returns the answer's bytes.
//
//   method      request                       answer
//   open        v1::AvailabilityRequest       v1::Availability
//   route       v1::RouteRequest              v1::RouteAnswer
//   decide      v1::DecisionRequest           v1::Decision
//   check       v1::ConductRequest            v1::ConductAnswer
//   calendar    v1::CalendarRequest           v1::Calendar
//   policy      none (empty)                  v1::PolicyRef
//
// kUnimplemented names a method that is not there; else the errors of Desk, and
// kInvalidArgument for bytes that are no such request. No error repeats a
// citizen's words. `hours` is for Desk::Open().
absl::StatusOr<std::string> Call(const Desk& desk, absl::string_view method,
                                 absl::string_view request, CallFormat format,
                                 HoursCache* hours = nullptr);

// `{"error":{"code":"INVALID_ARGUMENT","message":"at: ..."}}`: an error where
// answers are JSON, on one line.
std::string ErrorJson(const absl::Status& status);

}  // namespace guiche

#endif  // GUICHE_DESK_CALL_H_
