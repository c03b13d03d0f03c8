// What the whole costs: compiling the default policy, and one decision through
// the API, by proto bytes and by JSON.

#include <string>

#include "benchmark/benchmark.h"
#include "desk/call.h"
#include "desk/desk.h"
#include "policy/json.h"
#include "policy/mato_grosso.h"

namespace guiche {
namespace {

const Desk& TheDesk() {
  static const Desk& desk = *new Desk(*Desk::Compile(MatoGrosso()));
  return desk;
}

v1::DecisionRequest TheRequest() {
  v1::DecisionRequest request;
  request.set_text(
      "bom dia meu ex nao paga a pensao do meu filho ja tem 3 meses");
  request.set_place("Sinop");
  request.set_at("2026-01-07T12:00:00-04:00");
  return request;
}

// The answer that every way of asking must give.
bool IsRight(const v1::Decision& decision) {
  return decision.route().outcome() == v1::RouteAnswer::ROUTED &&
         decision.route().area() == "familia" &&
         decision.availability().state() == v1::Availability::OPEN;
}

void BM_Load_MatoGrosso(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(MatoGrosso());
}
BENCHMARK(BM_Load_MatoGrosso)->Unit(benchmark::kMillisecond);

void BM_Compile_MatoGrosso(benchmark::State& state) {
  const v1::Policy policy = MatoGrosso();
  if (!Desk::Compile(policy).ok())
    return state.SkipWithError("does not compile");
  for (auto _ : state) benchmark::DoNotOptimize(Desk::Compile(policy));
}
BENCHMARK(BM_Compile_MatoGrosso)->Unit(benchmark::kMillisecond);

void BM_Decide_Cpp(benchmark::State& state) {
  const v1::DecisionRequest request = TheRequest();
  const auto decision = TheDesk().Decide(request);
  if (!decision.ok() || !IsRight(*decision)) {
    return state.SkipWithError("answers otherwise");
  }
  for (auto _ : state) benchmark::DoNotOptimize(TheDesk().Decide(request));
}
BENCHMARK(BM_Decide_Cpp)->Unit(benchmark::kMicrosecond);

void BM_Decide_Proto(benchmark::State& state) {
  const std::string request = TheRequest().SerializeAsString();
  const auto bytes = Call(TheDesk(), "decide", request, CallFormat::kProto);
  v1::Decision decision;
  if (!bytes.ok() || !decision.ParseFromString(*bytes) || !IsRight(decision)) {
    return state.SkipWithError("answers otherwise");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Call(TheDesk(), "decide", request, CallFormat::kProto));
  }
}
BENCHMARK(BM_Decide_Proto)->Unit(benchmark::kMicrosecond);

void BM_Decide_Json(benchmark::State& state) {
  const std::string request = ToJson(TheRequest());
  const auto json = Call(TheDesk(), "decide", request, CallFormat::kJson);
  v1::Decision decision;
  if (!json.ok() || !FromJson(*json, decision).ok() || !IsRight(decision)) {
    return state.SkipWithError("answers otherwise");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Call(TheDesk(), "decide", request, CallFormat::kJson));
  }
}
BENCHMARK(BM_Decide_Json)->Unit(benchmark::kMicrosecond);

v1::AvailabilityRequest TheWindow() {
  v1::AvailabilityRequest request;
  request.set_place("Sinop");
  request.set_at("2026-01-07T12:00:00-04:00");
  return request;
}

void BM_Open_Cpp(benchmark::State& state) {
  const v1::AvailabilityRequest request = TheWindow();
  const auto answer = TheDesk().Open(request);
  if (!answer.ok() || answer->state() != v1::Availability::OPEN) {
    return state.SkipWithError("answers otherwise");
  }
  for (auto _ : state) benchmark::DoNotOptimize(TheDesk().Open(request));
}
BENCHMARK(BM_Open_Cpp)->Unit(benchmark::kMicrosecond);

// The request as hosts write it.
void BM_Open_Json(benchmark::State& state) {
  const std::string request =
      R"({"place":"Sinop","at":"2026-01-07T12:00:00-04:00"})";
  const auto json = Call(TheDesk(), "open", request, CallFormat::kJson);
  if (!json.ok() || *json != ToJson(*TheDesk().Open(TheWindow()))) {
    return state.SkipWithError("answers otherwise");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Call(TheDesk(), "open", request, CallFormat::kJson));
  }
}
BENCHMARK(BM_Open_Json)->Unit(benchmark::kMicrosecond);

void BM_Route_Json(benchmark::State& state) {
  const std::string request =
      R"({"text":"bom dia meu ex nao paga a pensao do meu filho ja tem 3 )"
      R"(meses","place":"Sinop"})";
  const auto json = Call(TheDesk(), "route", request, CallFormat::kJson);
  v1::RouteAnswer answer;
  if (!json.ok() || !FromJson(*json, answer).ok() ||
      answer.area() != "familia") {
    return state.SkipWithError("answers otherwise");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Call(TheDesk(), "route", request, CallFormat::kJson));
  }
}
BENCHMARK(BM_Route_Json)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace guiche
