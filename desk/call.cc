#include "desk/call.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/stubs/logging.h"
#include "policy/json.h"
#include "policy/problems.h"

namespace guiche {
namespace {

// What most answers fit in as a message, in bytes.
constexpr size_t kUsualAnswer = 8'192;

template <typename Request>
absl::StatusOr<Request> Parse(absl::string_view bytes, CallFormat format) {
  Request request;
  if (format == CallFormat::kJson) {
    const absl::Status status = FromJson(bytes, request, "request: ");
    if (!status.ok()) return status;
    return request;
  }
  // protobuf would tell stderr of strings that are no UTF-8.
  google::protobuf::LogSilencer silence;
  if (bytes.size() > kLargestJson ||
      !request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "request: is no serialized ", request.GetDescriptor()->full_name(),
        ", or holds text that is no UTF-8"));
  }
  return request;
}

std::string Print(const google::protobuf::Message& answer, CallFormat format) {
  return format == CallFormat::kJson ? ToJson(answer)
                                     : answer.SerializeAsString();
}

template <typename Request, typename Ask>
absl::StatusOr<std::string> Put(absl::string_view bytes, CallFormat format,
                                Ask ask) {
  const absl::StatusOr<Request> request = Parse<Request>(bytes, format);
  if (!request.ok()) return request.status();
  const auto answer = ask(*request);
  if (!answer.ok()) return answer.status();
  return Print(*answer, format);
}

// As Put(), for the question asked by the million: its answer, of some hundred
// texts, is made in one piece of memory.
absl::StatusOr<std::string> PutRoute(const Desk& desk, absl::string_view bytes,
                                     CallFormat format) {
  const auto request = Parse<v1::RouteRequest>(bytes, format);
  if (!request.ok()) return request.status();
  alignas(8) char block[kUsualAnswer];
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = sizeof(block);
  google::protobuf::Arena arena(options);
  auto& answer =
      *google::protobuf::Arena::CreateMessage<v1::RouteAnswer>(&arena);
  const absl::Status status = desk.Route(*request, answer);
  if (!status.ok()) return status;
  return Print(answer, format);
}

}  // namespace

absl::StatusOr<std::string> Call(const Desk& desk, absl::string_view method,
                                 absl::string_view request, CallFormat format,
                                 HoursCache* hours) {
  if (method == "open") {
    return Put<v1::AvailabilityRequest>(
        request, format,
        [&](const auto& asked) { return desk.Open(asked, hours); });
  }
  if (method == "route") {
    return PutRoute(desk, request, format);
  }
  if (method == "decide") {
    return Put<v1::DecisionRequest>(
        request, format, [&](const auto& asked) { return desk.Decide(asked); });
  }
  if (method == "check") {
    return Put<v1::ConductRequest>(
        request, format, [&](const auto& asked) { return desk.Check(asked); });
  }
  if (method == "calendar") {
    return Put<v1::CalendarRequest>(request, format, [&](const auto& asked) {
      return desk.Calendar(asked);
    });
  }
  if (method == "policy") return Print(desk.origin(), format);
  return absl::UnimplementedError(absl::StrCat(
      "method: \"", Shown(method, 40),
      "\" is not known; there are open, route, decide, check, calendar and "
      "policy"));
}

std::string ErrorJson(const absl::Status& status) {
  v1::ErrorAnswer answer;
  v1::Error& error = *answer.mutable_error();
  error.set_code(absl::StatusCodeToString(status.code()));
  error.set_message(std::string(status.message()));
  return ToJson(answer);
}

}  // namespace guiche
