// The fast ways to write and read JSON agree with protobuf's own.

#include "policy/json.h"

#include <string>
#include <vector>

#include "desk/call.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/desk/policies.h"

namespace guiche {
namespace {

// The indented layout, which protobuf writes, less its blanks.
std::string Unindented(const google::protobuf::Message& message) {
  std::string json;
  bool quoted = false, escaped = false;
  for (const char c : ToJson(message, JsonLayout::kIndented)) {
    if (quoted || (c != ' ' && c != '\n')) json += c;
    if (c == '"' && !escaped) quoted = !quoted;
    escaped = c == '\\' && !escaped;
  }
  return json;
}

TEST(Json, IsWrittenAsProtobufWritesIt) {
  const v1::Policy policy = SmallPolicy();
  const auto desk = Desk::Compile(policy);
  ASSERT_TRUE(desk.ok()) << desk.status();
  for (const std::string text :
       {"", "quero pensão", "vai me matar", "inss", "bom dia", "me bateu"}) {
    v1::DecisionRequest request;
    request.set_text(text);
    request.set_place("Sinop");
    request.set_trace(true);
    for (const char* at :
         {"2026-01-07T12:00:00-04:00", "2026-06-04T12:00:00-04:00"}) {
      request.set_at(at);
      const auto decision = desk->Decide(request);
      ASSERT_TRUE(decision.ok()) << decision.status();
      EXPECT_EQ(ToJson(*decision), Unindented(*decision));
    }
  }
  EXPECT_EQ(ToJson(policy), Unindented(policy));
  EXPECT_EQ(ToJson(v1::Policy()), Unindented(v1::Policy()));
}

TEST(Json, TextsAreWrittenAsProtobufWritesThem) {
  v1::RouteRequest request;
  for (int code = 1; code < 0x3100; ++code) {
    std::string text = "a";
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xc0 | code >> 6);
      text += static_cast<char>(0x80 | (code & 0x3f));
    } else {
      text += static_cast<char>(0xe0 | code >> 12);
      text += static_cast<char>(0x80 | (code >> 6 & 0x3f));
      text += static_cast<char>(0x80 | (code & 0x3f));
    }
    request.set_text(text);
    const std::string json = ToJson(request);
    std::string expected;
    ASSERT_TRUE(
        google::protobuf::util::MessageToJsonString(request, &expected).ok());
    EXPECT_EQ(json.substr(0, expected.size() - 1),
              expected.substr(0, expected.size() - 1));
    v1::RouteRequest read;
    ASSERT_TRUE(FromJson(json, read).ok()) << json;
    EXPECT_EQ(read.text(), text);
  }
}

TEST(Json, IsReadAsProtobufReadsIt) {
  for (const std::string json : {
           R"({})",
           R"( { "text" : "ação" , "facts" : [ "a" , "b" ] } )",
           R"({"text":"a\"b\u00e9","facts":[]})",
           R"({"text":"a","text":"b"})",
           R"({"text":null})",
           R"({"text":1})",
           R"({"facts":"a"})",
           R"({"facts":["a",]})",
           R"({"text":"a",})",
           R"({"text":"a"}})",
           R"({"text":"a)",
           R"({"text":"a"} x)",
           R"({"what":"a"})",
           R"([])",
           "",
           "{\"text\":\"\xff\"}",
           "{\"text\":\"\xc3\"}",
           "{\"text\":\"\xc3\x28\"}",
       }) {
    v1::RouteRequest read, expected;
    const bool ok = FromJson(json, read).ok();
    EXPECT_EQ(ok,
              google::protobuf::util::JsonStringToMessage(json, &expected).ok())
        << json;
    if (ok) {
      EXPECT_EQ(read.ShortDebugString(), expected.ShortDebugString()) << json;
    }
  }
  for (const std::string json : {
           R"({"trace":true,"at":"x"})",
           R"({"trace":false})",
           R"({"trace":truer})",
           R"({"trace":"true"})",
       }) {
    v1::AvailabilityRequest read, expected;
    const bool ok = FromJson(json, read).ok();
    EXPECT_EQ(ok,
              google::protobuf::util::JsonStringToMessage(json, &expected).ok())
        << json;
    if (ok) {
      EXPECT_EQ(read.ShortDebugString(), expected.ShortDebugString()) << json;
    }
  }
  v1::ConductRequest read;
  ASSERT_TRUE(FromJson(R"({"device":"COMPUTER","role":2})", read).ok());
  EXPECT_EQ(read.device(), v1::COMPUTER);
  EXPECT_EQ(read.role(), v1::SERVIDOR);
  EXPECT_FALSE(FromJson(R"({"device":"PARROT"})", read).ok());
}

}  // namespace
}  // namespace guiche
