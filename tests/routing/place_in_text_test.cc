// Places that messages name, by the policy of Mato Grosso: mistyped, by
// nickname or code, and words that look like one and are none.

#include <string>

#include "gtest/gtest.h"
#include "policy/mato_grosso.h"
#include "routing/router.h"

namespace guiche {
namespace {

struct PlaceCase {
  const char* name;
  const char* text;
  const char* place;  // empty: none is named
};
class PlaceInTextTest : public testing::TestWithParam<PlaceCase> {};

TEST_P(PlaceInTextTest, IsFoundOrNot) {
  static const Router& router =
      *new Router(Router::Compile(MatoGrosso()).value());
  v1::RouteRequest request;
  request.set_text(GetParam().text);
  const v1::RouteAnswer answer = router.Route(request).value();
  EXPECT_EQ(answer.place().empty() ? "" : answer.place_name(), GetParam().place)
      << answer.DebugString();
}

INSTANTIATE_TEST_SUITE_P(
    Mistyped, PlaceInTextTest,
    testing::ValuesIn<PlaceCase>({
        {"OneMore", "moro em sinopi, quero pensão", "Sinop"},
        {"OneLess", "sou de rondonopols e preciso de remédio", "Rondonópolis"},
        {"TwoWords", "aqui em varzea grade, meu ex não paga", "Várzea Grande"},
        {"InOne", "moro em varzeagrande", "Várzea Grande"},
        {"Apart", "moro em tangara daserra", "Tangará da Serra"},
        {"Swapped", "preso em sorirso", "Sorriso"},
        {"WithoutCedilla", "moro em caseres", "Cáceres"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Nicknames, PlaceInTextTest,
    testing::ValuesIn<PlaceCase>({
        {"Vg", "sou de vg", "Várzea Grande"},
        {"Roo", "moro em roo e quero o divórcio", "Rondonópolis"},
        {"Capital", "moro na capital", "Cuiabá"},
        {"BarraMayBeAnyOfThree", "moro em barra", ""},
        {"BarraInFull", "moro em barra do garças", "Barra do Garças"},
        {"Prison", "meu filho está preso na cadeia pública de juína", "Juína"},
        {"Court", "processo no fórum de sorriso", "Sorriso"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Codes, PlaceInTextTest,
    testing::ValuesIn<PlaceCase>({
        {"Ibge", "pensão alimentícia, município 5107909", "Sinop"},
        {"IbgeAlone", "5107909", "Sinop"},
        {"IbgeOfAnotherState", "município 3550308", ""},
        {"DddIsNoPlace", "meu número é (66) 99999-0000, quero pensão", ""},
        {"DddWord", "ddd 66, quero pensão", ""},
    }),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    NoPlaces, PlaceInTextTest,
    testing::ValuesIn<PlaceCase>({
        {"Street", "moro na rua sorriso, quero pensão", ""},
        {"Child", "quero pensão para o filho de lucas", ""},
        {"Mother", "sou filha de cláudia e preciso do divórcio", ""},
        {"Smile", "perdi o dente no sorriso dela", ""},
        {"Noble", "foi um gesto em nobre causa", ""},
        {"Ruin", "a casa está em ruina", ""},
        {"Scissors", "machucou em tesoura", ""},
        {"Surname", "falar com o doutor peixoto sobre pensão", ""},
        {"Claudio", "o carro em claudio batido", ""},
        {"Plural", "as casas em planaltos", ""},
        {"WithoutACue", "sinopi pensão divórcio", ""},
        {"House", "moro em casa alugada", ""},
    }),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace guiche
