// The compiled calendar of every comarca of Mato Grosso and the slow reading of
// it agree wherever the answer changes from 1970 to 2100, and a second before.

#include <cctype>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "policy/mato_grosso.h"
#include "schedule/schedule.h"
#include "tests/reference/agreement.h"
#include "tests/reference/reference.h"

namespace guiche {
namespace {

struct Century {
  v1::Policy policy;
  Schedule schedule;
  Reference reference;

  explicit Century(const v1::Policy& over)
      : policy(over), schedule(*Schedule::Compile(policy)), reference(policy) {}
};

v1::Policy From1970To2100() {
  v1::Policy policy = MatoGrosso();
  policy.set_covers_from("1970-01-01");
  policy.set_covers_until("2100-01-01");
  return policy;
}

std::vector<std::string> Comarcas() {
  std::vector<std::string> comarcas;
  const v1::Policy policy = MatoGrosso();
  for (const v1::Place& place : policy.places()) {
    if (place.kind() == v1::Place::COMARCA) comarcas.push_back(place.id());
  }
  return comarcas;
}

class CenturyTest : public testing::TestWithParam<std::string> {};

TEST_P(CenturyTest, Agrees) {
  static const Century& century = *new Century(From1970To2100());
  std::mt19937_64 random(1);
  EXPECT_EQ(Disagreement(century.schedule, century.reference, "online",
                         GetParam(), random, 0),
            "");
}

INSTANTIATE_TEST_SUITE_P(MatoGrosso, CenturyTest, testing::ValuesIn(Comarcas()),
                         [](const auto& info) {
                           std::string name;
                           for (const char c : info.param) {
                             if (std::isalnum(static_cast<unsigned char>(c))) {
                               name += c;
                             }
                           }
                           return name;
                         });

TEST(ComarcasTest, AreAllThere) { EXPECT_EQ(Comarcas().size(), 79); }

}  // namespace
}  // namespace guiche
