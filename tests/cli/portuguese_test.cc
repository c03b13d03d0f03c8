#include "tools/portuguese.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tools/catalogue.h"

namespace guiche {
namespace {

// None is hidden by another, and no value is lost.
TEST(PortugueseTest, EveryEntryIsFoundByItsEnglish) {
  for (const Entry& entry : kCatalogue) {
    std::string english(entry.english), portuguese(entry.portuguese);
    for (const char digit : {'0', '1', '2', '3'}) {
      const std::string value = {'$', digit}, words = {'~', digit},
                        number = {digit};
      EXPECT_EQ(absl::StrContains(english, value) ||
                    absl::StrContains(english, words),
                absl::StrContains(portuguese, value))
          << english;
      if (absl::StrContains(english, words)) {
        english = absl::StrReplaceAll(english, {{words, "has no word"}});
        portuguese = absl::StrReplaceAll(
            portuguese, {{value, InPortuguese("has no word")}});
      }
      english = absl::StrReplaceAll(english, {{value, number}});
      portuguese = absl::StrReplaceAll(portuguese, {{value, number}});
    }
    EXPECT_EQ(InPortuguese(english), portuguese);
    EXPECT_NE(english, portuguese);
  }
}

TEST(PortugueseTest, WhatLeadsAProblemStays) {
  EXPECT_EQ(InPortuguese("routes[a].needs[0]: \"b\" is no need"),
            "routes[a].needs[0]: \"b\" não é um pedido");
  EXPECT_EQ(
      InPortuguese("a: b.textproto:2: \"}\" closes nothing; leave it out"),
      "a: b.textproto:2: \"}\" não fecha nada; tire");
  EXPECT_EQ(InPortuguese("needs[a].wordings[0].phrases[1]: \"b ...\": \"...\" "
                         "at its end stands for nothing"),
            "needs[a].wordings[0].phrases[1]: \"b ...\": \"...\" no fim não "
            "quer dizer nada; tire");
}

TEST(PortugueseTest, ValuesStayWhateverTheyHold) {
  EXPECT_EQ(InPortuguese("\"is empty; give it one\" is no need"),
            "\"is empty; give it one\" não é um pedido");
  EXPECT_EQ(InPortuguese("\"$1\" is served by units[~0] already; one unit "
                         "serves a place"),
            "\"$1\" já é atendido por units[~0]; um lugar tem um só núcleo");
  EXPECT_EQ(InPortuguese("\"\" is no need"), "\"\" não é um pedido");
}

TEST(PortugueseTest, WordsWithinWords) {
  EXPECT_EQ(
      InPortuguese(
          "routes[b]: and routes[a] both take area \"saude\" at place "
          "\"comarca:sinop\" with fact \"minor\" with fact \"urgent\", "
          "and neither is more specific; narrow one of them, or add a "
          "route for what both match"),
      "routes[b]: com routes[a], são duas rotas para a área \"saude\" no lugar "
      "\"comarca:sinop\" com os fatos \"minor\" e \"urgent\", e nenhuma é mais "
      "específica; restrinja uma delas, ou escreva uma rota para o que as duas "
      "atendem");
  EXPECT_EQ(InPortuguese("\"a\" is no act's id; add it to acts, or name one "
                         "that is there; did you mean \"b\" or \"c\"?"),
            "\"a\" não é o id de um ato; ponha-o em acts, ou escreva um que "
            "esteja lá; quis dizer \"b\" ou \"c\"?");
}

// Half a translation would be worse than none.
TEST(PortugueseTest, WhatIsNotKnownStaysWhole) {
  for (const absl::string_view line :
       {"", ": ", "a: b", "nobody says this; did you mean \"x\"?",
        "routes[a]: and routes[b] both take no idea, and neither is more "
        "specific; narrow one of them, or add a route for what both match"}) {
    EXPECT_EQ(InPortuguese(line), line);
  }
}

}  // namespace
}  // namespace guiche
