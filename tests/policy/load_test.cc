#include "policy/load.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/unknown_field_set.h"
#include "gtest/gtest.h"
#include "policy/json.h"
#include "policy/mato_grosso.h"
#include "policy/problems.h"

namespace guiche {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string Write(const std::string& name, const std::string& bytes) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(LoadTest, FilesMergeInAnyOrderAndFormat) {
  v1::Policy second;
  second.add_acts()->set_id("b");
  const std::string text = Write("a.textproto", "id: \"p\" acts { id: \"a\" }");
  const std::string json = Write("b.json", ToJson(second));
  const auto one = LoadPolicy({text, json});
  const auto other = LoadPolicy({json, text});
  ASSERT_TRUE(one.ok()) << one.status();
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(one->id(), "p");
  EXPECT_EQ(one->acts_size(), 2);
  EXPECT_EQ(Digest(*one), Digest(*other));

  const std::string binary = Write("c.pb", one->SerializeAsString());
  const auto again = LoadPolicy({binary});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Digest(*again), Digest(*one));
}

TEST(LoadTest, AChangeChangesTheDigest) {
  v1::Policy policy = MatoGrosso();
  const std::string digest = Digest(policy);
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(Digest(MatoGrosso()), digest);
  policy.mutable_acts(0)->set_note("changed");
  EXPECT_NE(Digest(policy), digest);
}

TEST(LoadTest, EveryFileThatFailsIsNamed) {
  const std::string broken = Write("broken.textproto", "id: \"p\"\nversion 5");
  const auto loaded = LoadPolicy({"nowhere.textproto", broken, "/"});
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kNotFound);
  const std::string message(loaded.status().message());
  EXPECT_THAT(message, HasSubstr("nowhere.textproto: cannot be read: No such"));
  EXPECT_THAT(message, HasSubstr("broken.textproto:2:9: "));
  EXPECT_THAT(message, HasSubstr("/: cannot be read: "));
}

TEST(LoadTest, AnEmptyFileIsAnEmptyPolicy) {
  const auto loaded = LoadPolicy({Write("empty.textproto", "")});
  EXPECT_TRUE(loaded.ok()) << loaded.status();
}

TEST(LoadTest, WhatFailsLeavesThePolicyAsItWas) {
  v1::Policy policy;
  policy.set_id("kept");
  for (const PolicyFormat format :
       {PolicyFormat::kText, PolicyFormat::kJson, PolicyFormat::kBinary}) {
    EXPECT_FALSE(MergePolicy("x", "id: \"lost\" {{{", format, policy).ok());
    EXPECT_EQ(policy.id(), "kept");
  }
}

TEST(LoadTest, AFieldOfALaterVersionIsAnError) {
  v1::Policy whole, within;
  within.add_routes()->set_id("a");
  auto& route = *within.mutable_routes(0);
  whole.GetReflection()->MutableUnknownFields(&whole)->AddVarint(1999, 1);
  route.GetReflection()->MutableUnknownFields(&route)->AddVarint(1999, 1);
  for (const v1::Policy& later : {whole, within}) {
    v1::Policy policy;
    const auto status = MergePolicy("x.pb", later.SerializeAsString(),
                                    PolicyFormat::kBinary, policy);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("x.pb: has fields that this version"));
  }
}

TEST(LoadTest, DepthIsCapped) {
  std::string json;
  for (int i = 0; i < 100'000; ++i) json += "[";
  v1::Policy policy;
  EXPECT_FALSE(MergePolicy("x", json, PolicyFormat::kJson, policy).ok());
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "acts {";
  EXPECT_FALSE(MergePolicy("x", text, PolicyFormat::kText, policy).ok());
}

TEST(JsonTest, PrintsZeroFalseAndEmpty) {
  const std::string json = ToJson(v1::Contact());
  EXPECT_THAT(json, HasSubstr("\"phone\":\"\""));
  EXPECT_THAT(ToJson(v1::CalendarYear()), HasSubstr("\"known\":false"));
}

TEST(JsonTest, ReadsWhatItPrints) {
  v1::Need need;
  need.set_id("a");
  need.set_precedence(v1::DANGER);
  need.add_wordings()->add_phrases("pensão");
  v1::Need read;
  ASSERT_TRUE(FromJson(ToJson(need), read).ok());
  EXPECT_EQ(read.SerializeAsString(), need.SerializeAsString());
}

}  // namespace
}  // namespace guiche
