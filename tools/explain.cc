// guiche explain: why a message goes where it goes, and why not elsewhere.

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "routing/router.h"
#include "routing/understanding.h"
#include "tools/command.h"
#include "tools/text.h"

namespace guiche {
namespace {

struct Options {
  std::vector<std::string> words;
  std::string place;
  bool redact = false;
};

// One explanation on its way to stdout.
class Teller {
 public:
  Teller(const v1::Policy& policy, const Router& router, std::string text,
         bool redact)
      : policy_(policy),
        text_(std::move(text)),
        redact_(redact),
        points_(router.understanding().points()),
        reading_(router.understanding().Understand(text_)) {}

  void Tell(const v1::RouteAnswer& answer) const {
    PrintRoute(std::cout, WithoutEvidence(answer));
    std::cout << "\nComo a mensagem foi entendida\n  " << Decision(answer)
              << "\n";
    for (size_t i = 0; i < reading_.ranking.size() && i < 3; ++i) {
      std::cout << "\n"
                << i + 1 << ". " << NameOf(reading_.ranking[i]) << ": "
                << Strength(reading_.ranking[i]) << "\n";
      TellClues(IdOf(reading_.ranking[i]));
    }
    TellRunnerUp();
    TellRest();
  }

 private:
  static v1::RouteAnswer WithoutEvidence(v1::RouteAnswer answer) {
    answer.clear_evidence();
    return answer;
  }

  absl::string_view IdOf(const Topic& topic) const {
    return topic.need >= 0 ? policy_.needs(topic.need).id()
                           : policy_.referrals(topic.referral).id();
  }

  std::string NameOf(const Topic& topic) const {
    if (topic.need < 0) {
      return absl::StrCat(policy_.referrals(topic.referral).name(),
                          " (outro órgão)");
    }
    const v1::Need& need = policy_.needs(topic.need);
    return absl::StrCat(need.name(), " (", need.area(), ")");
  }

  static std::string Strength(const Topic& topic) {
    return topic.decided ? std::string("uma frase que basta sozinha")
                         : absl::StrCat(topic.score, " pontos, ",
                                        topic.phrases > 0 ? "com" : "sem",
                                        " frase da política");
  }

  std::string Decision(const v1::RouteAnswer& answer) const {
    switch (reading_.decision) {
      case Reading::kEmpty:
        return "só cumprimentos, ou nenhuma palavra: pergunta-se o que a "
               "pessoa quer.";
      case Reading::kNothing:
        return "nenhuma palavra fala de um pedido conhecido: uma pessoa lê.";
      case Reading::kDecided:
        return absl::StrCat(
            "decidida: ", NameOf(reading_.ranking[0]), ".",
            answer.need() == IdOf(reading_.ranking[0]) ||
                    answer.outcome() == v1::RouteAnswer::REFER
                ? ""
                : " Mas o perigo que a mensagem conta passou na frente.");
      case Reading::kUnsure:
        break;
    }
    if (answer.outcome() == v1::RouteAnswer::ROUTED) {
      return "o pedido não é certo, mas a área é, e todos os dela vão para a "
             "mesma porta.";
    }
    return "dúvida entre pedidos de portas diferentes: é melhor perguntar do "
           "que errar de porta.";
  }

  // The citizen's words, unless they are not to be shown.
  std::string Said(const Clue& clue) const {
    const std::string where =
        absl::StrCat("bytes ", clue.begin, " a ", clue.end);
    if (redact_) return where;
    return absl::StrCat("\"", text_.substr(clue.begin, clue.end - clue.begin),
                        "\" (", where, ")");
  }

  void TellClues(absl::string_view id) const {
    std::vector<Clue> clues;
    for (const Clue& clue : reading_.clues) {
      if (clue.speaks_for == id) clues.push_back(clue);
    }
    std::stable_sort(
        clues.begin(), clues.end(),
        [](const Clue& a, const Clue& b) { return a.weight > b.weight; });
    // Of several phrases met by the same words the strongest is told.
    std::set<std::pair<uint32_t, uint32_t>> told;
    for (const Clue& clue : clues) {
      if (!told.insert({clue.begin, clue.end}).second) continue;
      std::cout << "   " << Said(clue) << ": "
                << (clue.phrase.empty()
                        ? std::string("palavra que pesa no modelo")
                        : absl::StrCat("frase \"", clue.phrase, "\""))
                << ", " << clue.weight << " pontos\n";
    }
  }

  void TellRunnerUp() const {
    if (reading_.ranking.size() < 2) return;
    const Topic& best = reading_.ranking[0];
    const Topic& next = reading_.ranking[1];
    std::cout << "\nPor que o segundo não ganhou\n  ";
    const int lead = best.score - next.score;
    const bool same_area =
        best.need >= 0 && next.need >= 0 &&
        policy_.needs(best.need).area() == policy_.needs(next.need).area();
    const int needed = same_area ? points_.least_lead : points_.least_area_lead;
    if (best.decided && !next.decided) {
      std::cout << "Uma frase que basta sozinha fala do primeiro; do segundo, "
                   "nenhuma.\n";
    } else if (best.decided && PrecedenceOf(best) != PrecedenceOf(next)) {
      std::cout << "Os dois têm frase que basta, e o primeiro é mais grave.\n";
    } else if (reading_.decision == Reading::kDecided) {
      std::cout << "Tem " << lead << " pontos a menos, e bastam " << needed
                << " para o primeiro ganhar.\n";
    } else if (best.score < points_.least_score && !best.decided) {
      std::cout << "Ninguém ganhou: o primeiro tem " << best.score
                << " pontos, e precisava de " << points_.least_score << ".\n";
    } else {
      std::cout << "Ninguém ganhou: a vantagem do primeiro é de " << lead
                << " pontos, e precisava de " << needed << ".\n";
    }
  }

  v1::Precedence PrecedenceOf(const Topic& topic) const {
    if (topic.need < 0) return v1::ORDINARY;
    return std::max(v1::ORDINARY, policy_.needs(topic.need).precedence());
  }

  // Alarms, facts and places.
  void TellRest() const {
    bool first = true;
    for (const Clue& clue : reading_.clues) {
      const bool topic = std::any_of(
          reading_.ranking.begin(), reading_.ranking.end(),
          [&](const Topic& one) { return IdOf(one) == clue.speaks_for; });
      if (topic) continue;
      if (first) std::cout << "\nO que mais a mensagem diz\n";
      first = false;
      std::cout << "  " << Said(clue) << ": \"" << clue.phrase << "\", fala de "
                << clue.speaks_for << "\n";
    }
  }

  const v1::Policy& policy_;
  const std::string text_;
  const bool redact_;
  const Points points_;
  const Reading reading_;
};

int Explain(const Program& program, const Options& options) {
  const auto policy = ReadPolicy(program);
  if (!policy.ok()) return Fail(policy.status());
  const auto router = Router::Compile(*policy);
  if (!router.ok()) return Fail(router.status());
  v1::RouteRequest request;
  request.set_text(absl::StrJoin(options.words, " "));
  if (request.text() == "-") {
    const auto whole = ReadWhole("-");
    if (!whole.ok()) return Fail(whole.status());
    request.set_text(*whole);
  }
  request.set_place(options.place);
  const auto answer = router->Route(request);
  if (!answer.ok()) return Fail(answer.status());
  Teller(*policy, *router, request.text(), options.redact).Tell(*answer);
  return kFine;
}

}  // namespace

void AddExplain(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "explain",
      "Por que uma mensagem vai para onde vai, e por que não para outra porta");
  command
      ->add_option("--place", options->place,
                   "Município, código do IBGE, \"comarca:Sinop\" ou o id")
      ->type_name("LUGAR");
  command->add_flag("--redact", options->redact,
                    "Nunca mostra as palavras de quem escreveu");
  command
      ->add_option("mensagem", options->words,
                   "O que a pessoa escreveu; \"-\" é stdin")
      ->required()
      ->type_name("TEXTO");
  command->callback(
      [&program, options] { program.exit_code = Explain(program, *options); });
}

}  // namespace guiche
