// Which words are taken for others, and which are left alone.

#include "routing/spelling.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace guiche {
namespace {

struct Misspelt {
  std::string written, meant;  // nothing: left alone
};

class SpellingTest : public testing::TestWithParam<Misspelt> {
 protected:
  void SetUp() override {
    for (const char* word :
         {"citacao", "deixa", "filha", "audiencia", "advogado", "apreensao",
          "reintegracao", "tornozeleira", "quitinete", "guarda", "medida",
          "casado", "cansado", "preso", "senhora"}) {
      spelling_.Learn(vocabulary_.Intern(word), word);
    }
    spelling_.Finish();
  }

  std::string Correct(const std::string& written) const {
    const int id = spelling_.Correct(written, vocabulary_);
    return id == kUnknownWord ? "" : std::string(vocabulary_.Text(id));
  }

  Vocabulary vocabulary_;
  Spelling spelling_{Spelling::Reach::kAll};
};

TEST_P(SpellingTest, Corrects) {
  EXPECT_EQ(Correct(GetParam().written), GetParam().meant);
}

INSTANTIATE_TEST_SUITE_P(
    Words, SpellingTest,
    testing::Values(
        // A letter away: left out, put in, replaced, swapped.
        Misspelt{"advogdo", "advogado"}, Misspelt{"advoogado", "advogado"},
        Misspelt{"advofado", "advogado"}, Misspelt{"advgoado", "advogado"},
        // The nearer one, and two as near.
        Misspelt{"casando", "casado"}, Misspelt{"canado", ""},
        // By ear.
        Misspelt{"sitassao", "citacao"}, Misspelt{"sitasao", "citacao"},
        Misspelt{"deicha", "deixa"}, Misspelt{"filia", "filha"},
        Misspelt{"audienssia", "audiencia"}, Misspelt{"kitineti", "quitinete"},
        Misspelt{"apreencao", "apreensao"}, Misspelt{"prezu", "preso"},
        Misspelt{"siniora", "senhora"}, Misspelt{"zenhora", "senhora"},
        // Two letters away, of long words alone.
        Misspelt{"tornoselera", "tornozeleira"}, Misspelt{"reintegrasoes", ""},
        Misspelt{"rentegracau", "reintegracao"},
        Misspelt{"tornzelera", "tornozeleira"}, Misspelt{"guadua", ""},
        // Too short, too long, and no letters at all.
        Misspelt{"pres", ""}, Misspelt{std::string(41, 'a'), ""},
        Misspelt{"", ""}, Misspelt{"\xff\xfe\xfd\xfc\xfb", ""}));

TEST(SpellingOfOneLetterTest, GoesByNoSound) {
  Vocabulary vocabulary;
  Spelling spelling(Spelling::Reach::kOneLetter);
  const int citacao = vocabulary.Intern("citacao");
  spelling.Learn(citacao, "citacao");
  spelling.Finish();
  EXPECT_EQ(spelling.Correct("citasao", vocabulary), citacao);
  EXPECT_EQ(spelling.Correct("sitasao", vocabulary), kUnknownWord);
}

TEST(SoundOfTest, IsOneForWordsReadAlike) {
  const std::vector<std::pair<std::string, std::string>> alike = {
      {"casa", "caza"},          {"excecao", "esesao"}, {"nascer", "naser"},
      {"chave", "xave"},         {"queixa", "keicha"},  {"guerra", "guera"},
      {"farmacia", "pharmacia"}, {"bolsa", "bousa"},    {"campo", "canpo"},
      {"homem", "omen"},         {"olho", "olio"},      {"carro", "caro"},
  };
  for (const auto& [one, other] : alike) {
    EXPECT_EQ(SoundOf(one), SoundOf(other)) << one << ", " << other;
  }
}

TEST(SoundOfTest, DiffersForWordsReadApart) {
  const std::vector<std::pair<std::string, std::string>> apart = {
      {"casa", "capa"}, {"gato", "jato"}, {"guarda", "garda"}, {"cama", "cana"},
      {"faca", "vaca"}, {"pata", "bata"}, {"", "a"},
  };
  for (const auto& [one, other] : apart) {
    EXPECT_NE(SoundOf(one), SoundOf(other)) << one << ", " << other;
  }
}

}  // namespace
}  // namespace guiche
