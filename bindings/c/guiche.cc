#include "bindings/c/guiche.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "desk/call.h"
#include "desk/desk.h"
#include "policy/json.h"
#include "policy/load.h"
#include "policy/mato_grosso.h"
#include "policy/problems.h"
#include "routing/router.h"
#include "schedule/schedule.h"

namespace {

// The first eight bytes of a handle, while it is one.
constexpr uint64_t kEngineMark = 0x656e69676e652d67;
constexpr uint64_t kWindowMark = 0x776f646e69772d67;

// Instants are converted so many at a time, on the stack.
constexpr size_t kBlock = 512;

}  // namespace

struct guiche_engine {
  uint64_t mark;
  guiche::Desk desk;
  // Of each guiche_kind, by number. Place 0 may have none.
  std::array<std::vector<std::string>, GUICHE_UNIT + 1> ids;
};

struct guiche_window {
  uint64_t mark;
  guiche::Schedule schedule;
  guiche::Window window;
};

namespace {

using absl::InvalidArgumentError;
using absl::StrCat;
using guiche::CallFormat;
using guiche::Desk;
using guiche::PolicyFormat;

template <typename Handle>
bool IsHandle(const Handle* handle, uint64_t mark) {
  return handle != nullptr &&
         reinterpret_cast<uintptr_t>(handle) % alignof(Handle) == 0 &&
         std::memcmp(handle, &mark, sizeof(mark)) == 0;
}

absl::Status CheckEngine(const guiche_engine* engine) {
  if (IsHandle(engine, kEngineMark)) return absl::OkStatus();
  return InvalidArgumentError(
      "engine: is none; pass what guiche_engine_create() gave");
}

absl::Status CheckWindow(const guiche_window* window) {
  if (IsHandle(window, kWindowMark)) return absl::OkStatus();
  return InvalidArgumentError(
      "window: is none; pass what guiche_window_create() gave");
}

template <typename Handle>
void Free(Handle* handle, uint64_t mark) {
  if (!IsHandle(handle, mark)) return;
  // Volatile, for the compiler would leave out a last write.
  *static_cast<volatile uint64_t*>(&handle->mark) = 0;
  delete handle;
}

// A text of the caller's; `most` bytes at most.
absl::StatusOr<absl::string_view> Text(const char* name, const void* data,
                                       size_t size, size_t most) {
  if (size > most) {
    return InvalidArgumentError(
        StrCat(name, "_size: ", size, " is over ", most, " bytes"));
  }
  if (data == nullptr && size > 0) {
    return InvalidArgumentError(
        StrCat(name, ": is null, and its size is ", size));
  }
  return absl::string_view(static_cast<const char*>(data), size);
}

// Whether an array of `count` elements can be there.
template <typename Element>
bool IsArray(const Element* data, size_t count) {
  return count == 0 ||
         (data != nullptr &&
          count <= std::numeric_limits<ptrdiff_t>::max() / sizeof(Element));
}

bool IsTicks(int64_t ticks_per_second) {
  return ticks_per_second == 1 || ticks_per_second == 1'000 ||
         ticks_per_second == 1'000'000 || ticks_per_second == 1'000'000'000;
}

// Copies bytes for the caller; false if there is no memory.
bool Fill(absl::string_view bytes, guiche_buffer& out) {
  auto* data = static_cast<uint8_t*>(std::malloc(bytes.size() + 1));
  if (data == nullptr) return false;
  std::memcpy(data, bytes.data(), bytes.size());
  data[bytes.size()] = 0;
  out = {data, bytes.size()};
  return true;
}

std::string Describe(const absl::Status& status) {
  std::string error = guiche::ErrorJson(status);
  const guiche::v1::PolicyProblems problems = guiche::ProblemsOf(status);
  if (problems.problems().empty()) return error;
  // Both are objects: the members of the second become the first's.
  error.back() = ',';
  return error + guiche::ToJson(problems).substr(1);
}

int32_t Code(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnimplemented:
      return static_cast<int32_t>(status.code());
    default:
      return GUICHE_INTERNAL;
  }
}

// Runs `ask`, which gives the bytes of an answer, and tells in `out` how it
// went. Whatever it throws ends here.
template <typename Ask>
int32_t Answer(guiche_buffer* out, Ask ask) noexcept {
  if (out == nullptr) return GUICHE_INVALID_ARGUMENT;
  *out = {nullptr, 0};
  try {
    const absl::StatusOr<std::string> answer = ask();
    if (!answer.ok()) {
      Fill(Describe(answer.status()), *out);
      return Code(answer.status());
    }
    if (answer->empty() || Fill(*answer, *out)) return GUICHE_OK;
  } catch (const std::bad_alloc&) {
  } catch (...) {
    return GUICHE_INTERNAL;
  }
  return GUICHE_RESOURCE_EXHAUSTED;
}

absl::StatusOr<guiche::v1::Policy> ReadPolicy(absl::string_view bytes,
                                              int32_t format) {
  if (bytes.empty()) return guiche::MatoGrosso();
  PolicyFormat written;
  switch (format) {
    case GUICHE_JSON:
      written = PolicyFormat::kJson;
      break;
    case GUICHE_PROTO:
      written = PolicyFormat::kBinary;
      break;
    case GUICHE_TEXT:
      written = PolicyFormat::kText;
      break;
    default:
      return InvalidArgumentError(StrCat(
          "format: ", format, " is not JSON (0), protobuf (1) or text (2)"));
  }
  guiche::v1::Policy policy;
  const absl::Status status =
      guiche::MergePolicy("policy", bytes, written, policy);
  if (!status.ok()) return status;
  return policy;
}

// The policy numbers its own elements, but for places, which are a tree.
decltype(guiche_engine::ids) Ids(const guiche::v1::Policy& policy,
                                 const guiche::Router& router) {
  decltype(guiche_engine::ids) ids;
  for (const auto& need : policy.needs()) ids[GUICHE_NEED].push_back(need.id());
  for (const auto& area : policy.areas()) ids[GUICHE_AREA].push_back(area.id());
  for (const auto& fact : policy.facts()) ids[GUICHE_FACT].push_back(fact.id());
  for (const auto& unit : policy.units()) ids[GUICHE_UNIT].push_back(unit.id());
  ids[GUICHE_PLACE].resize(std::max(policy.places_size(), 1));
  for (const auto& place : policy.places()) {
    const auto number = router.FindPlace(place.id());
    if (number.ok()) ids[GUICHE_PLACE][*number] = place.id();
  }
  return ids;
}

absl::StatusOr<guiche_engine*> Create(absl::string_view bytes, int32_t format,
                                      absl::string_view digest,
                                      absl::string_view known_at) {
  const auto policy = ReadPolicy(bytes, format);
  if (!policy.ok()) return policy.status();
  Desk::Options options;
  if (!known_at.empty()) {
    const auto instant = guiche::ParseInstant("known_at", known_at);
    if (!instant.ok()) return instant.status();
    options.known_at = *instant;
  }
  auto desk = Desk::Compile(*policy, options);
  if (!desk.ok()) return desk.status();
  if (!digest.empty() && digest != desk->origin().digest()) {
    return absl::FailedPreconditionError(
        StrCat("digest: that of the policy is ", desk->origin().digest(),
               "; give that one, or the policy that was meant"));
  }
  auto ids = Ids(*policy, desk->router());
  return new guiche_engine{kEngineMark, *std::move(desk), std::move(ids)};
}

bool IsKind(int32_t kind) { return kind >= GUICHE_NEED && kind <= GUICHE_UNIT; }

absl::Status NoKind(int32_t kind) {
  return InvalidArgumentError(
      StrCat("kind: ", kind,
             " is not need (1), area (2), fact (3), place (4) or unit (5)"));
}

absl::StatusOr<int> Number(const guiche_engine& engine, int32_t kind,
                           absl::string_view text) {
  const guiche::Router& router = engine.desk.router();
  const std::vector<std::string>& units = engine.ids[GUICHE_UNIT];
  switch (kind) {
    case GUICHE_NEED:
      return router.FindNeed(text);
    case GUICHE_AREA:
      return router.FindArea(text);
    case GUICHE_FACT:
      return router.FindFact(text);
    case GUICHE_PLACE:
      return router.FindPlace(text);
    case GUICHE_UNIT: {
      const auto found = std::find(units.begin(), units.end(), text);
      if (found != units.end()) return static_cast<int>(found - units.begin());
      return InvalidArgumentError(
          StrCat("unit: \"", guiche::Shown(text, 64), "\" is no unit"));
    }
    default:
      return NoKind(kind);
  }
}

// Rules change on whole seconds, so the rest of a tick says nothing.
int64_t FloorSeconds(int64_t ticks, int64_t ticks_per_second) {
  const int64_t seconds = ticks / ticks_per_second;
  return ticks % ticks_per_second < 0 ? seconds - 1 : seconds;
}

template <int64_t kTicks>
void States(const guiche_window& window, const int64_t* instants, size_t count,
            uint8_t* states) {
  static_assert(sizeof(guiche::State) == 1);
  static_assert(int{GUICHE_OPEN} == static_cast<int>(guiche::State::kOpen));
  static_assert(int{GUICHE_CLOSED} == static_cast<int>(guiche::State::kClosed));
  static_assert(int{GUICHE_UNCOVERED} ==
                static_cast<int>(guiche::State::kUncovered));
  // Bytes of the caller's; State is one byte, so it writes them as they are.
  auto* answers = reinterpret_cast<guiche::State*>(states);
  if (count == 1) {
    *answers = window.schedule.StateAt(
        window.window, absl::FromUnixSeconds(FloorSeconds(*instants, kTicks)));
    return;
  }
  if (kTicks == 1) {
    window.schedule.At(window.window,
                       absl::Span<const int64_t>(instants, count),
                       {answers, count});
    return;
  }
  int64_t seconds[kBlock];
  for (size_t done = 0; done < count; done += kBlock) {
    const size_t size = std::min(count - done, kBlock);
    for (size_t i = 0; i < size; ++i) {
      seconds[i] = FloorSeconds(instants[done + i], kTicks);
    }
    window.schedule.At(window.window, absl::Span<const int64_t>(seconds, size),
                       {answers + done, size});
  }
}

absl::Time FromTicks(int64_t ticks, int64_t ticks_per_second) {
  // Not ticks less whole seconds: those of the least int64 are no int64.
  const int64_t remainder = ticks % ticks_per_second;
  const int64_t rest = remainder < 0 ? remainder + ticks_per_second : remainder;
  return absl::FromUnixSeconds(FloorSeconds(ticks, ticks_per_second)) +
         absl::Nanoseconds(rest * (1'000'000'000 / ticks_per_second));
}

int64_t ToTicks(absl::Time t, int64_t ticks_per_second) {
  switch (ticks_per_second) {
    case 1:
      return absl::ToUnixSeconds(t);
    case 1'000:
      return absl::ToUnixMillis(t);
    case 1'000'000:
      return absl::ToUnixMicros(t);
    default:
      return absl::ToUnixNanos(t);
  }
}

}  // namespace

extern "C" {

const char* guiche_version() noexcept { return guiche::kLibraryVersion; }

void guiche_buffer_free(guiche_buffer* buffer) noexcept {
  if (buffer == nullptr) return;
  std::free(const_cast<uint8_t*>(buffer->data));
  *buffer = {nullptr, 0};
}

int32_t guiche_engine_create(const void* policy, size_t policy_size,
                             int32_t format, const char* digest,
                             size_t digest_size, const char* known_at,
                             size_t known_at_size, guiche_engine** engine,
                             guiche_buffer* out) noexcept {
  if (engine != nullptr) *engine = nullptr;
  return Answer(out, [&]() -> absl::StatusOr<std::string> {
    if (engine == nullptr) return InvalidArgumentError("engine: is null");
    const auto policy_bytes =
        Text("policy", policy, policy_size, guiche::kLargestPolicyFile);
    if (!policy_bytes.ok()) return policy_bytes.status();
    const auto digest_text = Text("digest", digest, digest_size, 64);
    if (!digest_text.ok()) return digest_text.status();
    const auto known_text = Text("known_at", known_at, known_at_size, 64);
    if (!known_text.ok()) return known_text.status();
    const auto created =
        Create(*policy_bytes, format, *digest_text, *known_text);
    if (!created.ok()) return created.status();
    *engine = *created;
    return std::string();
  });
}

void guiche_engine_free(guiche_engine* engine) noexcept {
  Free(engine, kEngineMark);
}

int32_t guiche_call(const guiche_engine* engine, const char* method,
                    size_t method_size, int32_t format, const void* request,
                    size_t request_size, guiche_buffer* out) noexcept {
  return Answer(out, [&]() -> absl::StatusOr<std::string> {
    if (auto status = CheckEngine(engine); !status.ok()) return status;
    const auto name = Text("method", method, method_size, 64);
    if (!name.ok()) return name.status();
    if (format != GUICHE_JSON && format != GUICHE_PROTO) {
      return InvalidArgumentError(
          StrCat("format: ", format, " is not JSON (0) or protobuf (1)"));
    }
    const auto bytes =
        Text("request", request, request_size, guiche::kLargestJson);
    if (!bytes.ok()) return bytes.status();
    return guiche::Call(
        engine->desk, *name, *bytes,
        format == GUICHE_JSON ? CallFormat::kJson : CallFormat::kProto);
  });
}

int32_t guiche_window_create(const guiche_engine* engine, const char* service,
                             size_t service_size, const char* place,
                             size_t place_size, guiche_window** window,
                             guiche_buffer* out) noexcept {
  if (window != nullptr) *window = nullptr;
  return Answer(out, [&]() -> absl::StatusOr<std::string> {
    if (auto status = CheckEngine(engine); !status.ok()) return status;
    if (window == nullptr) return InvalidArgumentError("window: is null");
    const auto service_text = Text("service", service, service_size, 1 << 10);
    if (!service_text.ok()) return service_text.status();
    const auto place_text = Text("place", place, place_size, 1 << 10);
    if (!place_text.ok()) return place_text.status();
    const guiche::Schedule& schedule = engine->desk.schedule();
    const auto found = schedule.Find(*service_text, *place_text);
    if (!found.ok()) return found.status();
    *window = new guiche_window{kWindowMark, schedule, *found};
    return std::string();
  });
}

void guiche_window_free(guiche_window* window) noexcept {
  Free(window, kWindowMark);
}

int32_t guiche_window_states(const guiche_window* window,
                             int64_t ticks_per_second, const int64_t* instants,
                             size_t count, uint8_t* states) noexcept {
  if (!IsHandle(window, kWindowMark) || !IsArray(instants, count) ||
      !IsArray(states, count)) {
    return GUICHE_INVALID_ARGUMENT;
  }
  switch (ticks_per_second) {
    case 1:
      States<1>(*window, instants, count, states);
      return GUICHE_OK;
    case 1'000:
      States<1'000>(*window, instants, count, states);
      return GUICHE_OK;
    case 1'000'000:
      States<1'000'000>(*window, instants, count, states);
      return GUICHE_OK;
    case 1'000'000'000:
      States<1'000'000'000>(*window, instants, count, states);
      return GUICHE_OK;
    default:
      return GUICHE_INVALID_ARGUMENT;
  }
}

int32_t guiche_window_intervals(const guiche_window* window,
                                int64_t ticks_per_second, int64_t from,
                                int64_t until, guiche_buffer* out) noexcept {
  return Answer(out, [&]() -> absl::StatusOr<std::string> {
    if (auto status = CheckWindow(window); !status.ok()) return status;
    if (!IsTicks(ticks_per_second)) {
      return InvalidArgumentError(
          StrCat("ticks_per_second: ", ticks_per_second,
                 " is not 1, 1000, 1000000 or 1000000000"));
    }
    std::string bytes;
    for (const guiche::OpenInterval& interval : window->schedule.Intervals(
             window->window, FromTicks(from, ticks_per_second),
             FromTicks(until, ticks_per_second))) {
      const int64_t ends[] = {ToTicks(interval.open, ticks_per_second),
                              ToTicks(interval.close, ticks_per_second)};
      bytes.append(reinterpret_cast<const char*>(ends), sizeof(ends));
    }
    return bytes;
  });
}

int32_t guiche_number(const guiche_engine* engine, int32_t kind,
                      const char* text, size_t size, int32_t* number,
                      guiche_buffer* out) noexcept {
  if (number != nullptr) *number = -1;
  return Answer(out, [&]() -> absl::StatusOr<std::string> {
    if (auto status = CheckEngine(engine); !status.ok()) return status;
    if (number == nullptr) return InvalidArgumentError("number: is null");
    const auto id = Text("text", text, size, 1 << 10);
    if (!id.ok()) return id.status();
    const auto found = Number(*engine, kind, *id);
    if (!found.ok()) return found.status();
    *number = *found;
    return std::string();
  });
}

int32_t guiche_id(const guiche_engine* engine, int32_t kind, int32_t number,
                  guiche_buffer* out) noexcept {
  return Answer(out, [&]() -> absl::StatusOr<std::string> {
    if (auto status = CheckEngine(engine); !status.ok()) return status;
    if (!IsKind(kind)) return NoKind(kind);
    const std::vector<std::string>& ids = engine->ids[kind];
    if (number < 0 || static_cast<size_t>(number) >= ids.size()) {
      return absl::NotFoundError(
          StrCat("number: ", number, " is none; the policy has ", ids.size()));
    }
    return ids[number];
  });
}

int32_t guiche_decide(const guiche_engine* engine, const int32_t* needs,
                      const int32_t* areas, const int32_t* places,
                      const uint64_t* facts, int64_t ticks_per_second,
                      const int64_t* instants, size_t count,
                      guiche_decision* decisions) noexcept {
  if (!IsHandle(engine, kEngineMark) || !IsArray(decisions, count) ||
      (instants != nullptr && !IsTicks(ticks_per_second))) {
    return GUICHE_INVALID_ARGUMENT;
  }
  for (size_t i = 0; i < count; ++i) {
    guiche::Request request;
    if (needs != nullptr) request.need = needs[i];
    if (areas != nullptr) request.area = areas[i];
    if (places != nullptr) request.place = places[i];
    if (facts != nullptr) request.facts = facts[i];
    const int64_t second =
        instants == nullptr ? 0 : FloorSeconds(instants[i], ticks_per_second);
    const guiche::Brief brief = engine->desk.Decide(request, second);
    guiche_decision& decision = decisions[i];
    decision = {brief.unit, brief.area, static_cast<uint8_t>(brief.outcome),
                brief.urgent};
    if (instants == nullptr) continue;
    decision.state = static_cast<uint8_t>(brief.state);
    decision.mode = static_cast<uint8_t>(brief.mode);
  }
  return GUICHE_OK;
}

}  // extern "C"
