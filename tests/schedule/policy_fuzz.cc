// Any bytes, read as a policy: compiled or refused, never a crash; and what
// compiles answers every instant, the same one by one, by span and in a batch.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "guiche/v1/policy.pb.h"
#include "schedule/schedule.h"

namespace guiche {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Ask(const Schedule& schedule, Window window) {
  // At most so many spans are walked, so that a fuzzer stays quick.
  Verdict verdict = schedule.At(window, absl::InfinitePast());
  std::vector<int64_t> seconds = {INT64_MIN, 0, INT64_MAX};
  for (int i = 0; i < 200 && verdict.until.kind == Moment::kAt; ++i) {
    const absl::Time until = verdict.until.at();
    const Verdict last = schedule.At(window, until - absl::Seconds(1));
    Require(last == verdict);
    verdict = schedule.At(window, until);
    Require(verdict.since == Moment(until));
    seconds.push_back(verdict.since.unix_seconds);
  }
  std::vector<State> states(seconds.size());
  schedule.At(window, seconds, absl::MakeSpan(states));
  for (size_t i = 0; i < seconds.size(); ++i) {
    Require(states[i] == schedule.StateAt(window, seconds[i]));
  }
  schedule.Days(window, absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 2, 1));
}

}  // namespace
}  // namespace guiche

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  guiche::v1::Policy policy;
  // Text if it is text, for a corpus that people can read.
  google::protobuf::TextFormat::Parser parser;
  struct Silent : google::protobuf::io::ErrorCollector {
    void AddError(int, int, const std::string&) override {}
  } silent;
  parser.RecordErrorsTo(&silent);
  if (!parser.ParseFromString(bytes, &policy) &&
      !policy.ParseFromString(bytes)) {
    return 0;
  }
  const absl::StatusOr<guiche::Schedule> schedule =
      guiche::Schedule::Compile(policy);
  if (!schedule.ok()) {
    guiche::Require(!schedule.status().message().empty());
    return 0;
  }
  for (int service = 0; service < policy.services_size() && service < 4;
       ++service) {
    for (int place = 0; place < policy.places_size() && place < 4; ++place) {
      const absl::StatusOr<guiche::Window> window = schedule->Find(
          policy.services(service).id(), policy.places(place).id());
      if (window.ok()) guiche::Ask(*schedule, *window);
    }
  }
  return 0;
}
