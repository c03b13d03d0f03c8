#include "policy/places.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/mato_grosso.h"
#include "policy/problems.h"

namespace guiche {
namespace {

using testing::HasSubstr;

v1::Place& Add(v1::Policy& policy, const char* id, v1::Place::Kind kind,
               const char* name, const char* parent) {
  v1::Place& place = *policy.add_places();
  place.set_id(id);
  place.set_kind(kind);
  place.set_name(name);
  place.set_parent(parent);
  return place;
}

std::string ProblemsOfPlaces(const v1::Policy& policy) {
  Problems problems;
  Places::Compile(policy, problems);
  return std::string(problems.ToStatus().message());
}

struct FindCase {
  const char* name;
  const char* text;
  const char* id;
};

class FindTest : public testing::TestWithParam<FindCase> {};

TEST_P(FindTest, Finds) {
  Problems problems;
  const Places places = Places::Compile(MatoGrosso(), problems);
  ASSERT_TRUE(problems.ok()) << problems.ToStatus();
  const auto found = places.Find(GetParam().text);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(places[*found].id, GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(
    MatoGrosso, FindTest,
    testing::ValuesIn<FindCase>({
        {"Nothing", "", "mt"},
        {"State", "Mato Grosso", "mt"},
        {"Abbreviated", "MT", "mt"},
        {"Municipality", "Sinop", "5107909"},
        {"Ibge", "5107909", "5107909"},
        {"Shouted", "SINOP", "5107909"},
        {"Blanks", "  sinop ", "5107909"},
        {"NoAccents", "cuiaba", "5103403"},
        {"Decomposed", "Cuiaba\xcc\x81", "5103403"},
        {"WithState", "Sinop/MT", "5107909"},
        {"WithStateApart", "Cuiab\xc3\xa1 - MT", "5103403"},
        {"Alias", "vg", "5108402"},
        {"Comarca", "comarca:Sinop", "comarca:sinop"},
        {"ComarcaShouted", "COMARCA:SINOP", "comarca:sinop"},
        {"Building",
         "N\xc3\xba"
         "cleos C\xc3\xadveis Integrados",
         "cuiaba_nci"},
    }),
    [](const auto& info) { return info.param.name; });

TEST(PlacesTest, NamesTheNearest) {
  Problems problems;
  const Places places = Places::Compile(MatoGrosso(), problems);
  EXPECT_THAT(std::string(places.Find("Sinopi").status().message()),
              HasSubstr("place: \"Sinopi\" is not known; did you mean Sinop?"));
  EXPECT_EQ(places.Find("xyzxyz").status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(places.Find(std::string(1'000'000, 'x')).ok());
  EXPECT_FALSE(places.Find("\xff\xfe").ok());
}

TEST(PlacesTest, EveryMunicipalityIsThereByNameAndCode) {
  const v1::Policy policy = MatoGrosso();
  Problems problems;
  const Places places = Places::Compile(policy, problems);
  int municipalities = 0, comarcas = 0;
  for (const v1::Place& place : policy.places()) {
    comarcas += place.kind() == v1::Place::COMARCA;
    if (place.kind() != v1::Place::MUNICIPALITY) continue;
    ++municipalities;
    EXPECT_EQ(places[*places.Find(place.name())].id, place.id());
    EXPECT_EQ(places[*places.Find(place.id())].name, place.name());
  }
  EXPECT_EQ(municipalities, 142);
  EXPECT_EQ(comarcas, 79);
}

TEST(PlacesTest, WhatLiesInWhat) {
  Problems problems;
  const Places places = Places::Compile(MatoGrosso(), problems);
  const int building = places.FindId("cuiaba_nci");
  EXPECT_TRUE(places.In(building, places.FindId("5103403")));
  EXPECT_TRUE(places.In(building, places.FindId("mt")));
  EXPECT_TRUE(places.In(building, building));
  EXPECT_FALSE(places.In(places.FindId("5103403"), building));
  EXPECT_FALSE(places.In(places.FindId("5107909"), places.FindId("5103403")));
}

TEST(PlacesTest, ProblemsNameThePlace) {
  v1::Policy policy;
  Add(policy, "mt", v1::Place::STATE, "MT", "");
  Add(policy, "a", v1::Place::MUNICIPALITY, "A", "nowhere");
  EXPECT_THAT(ProblemsOfPlaces(policy),
              HasSubstr("places[a].parent: \"nowhere\" is no place"));
  policy.mutable_places(1)->set_parent("mt");
  policy.mutable_places(1)->set_time_zone("Brasília");
  EXPECT_THAT(ProblemsOfPlaces(policy),
              HasSubstr("places[a].time_zone: \"Brasília\" is no IANA zone"));
  policy.mutable_places(1)->clear_time_zone();
  Add(policy, "a", v1::Place::MUNICIPALITY, "A again", "mt");
  EXPECT_THAT(ProblemsOfPlaces(policy), HasSubstr("places[a]: is there twice"));
}

TEST(PlacesTest, ACircleIsAProblem) {
  v1::Policy policy;
  Add(policy, "mt", v1::Place::STATE, "MT", "");
  Add(policy, "a", v1::Place::MUNICIPALITY, "A", "b");
  Add(policy, "b", v1::Place::MUNICIPALITY, "B", "a");
  EXPECT_THAT(ProblemsOfPlaces(policy), HasSubstr("circle"));
}

}  // namespace
}  // namespace guiche
