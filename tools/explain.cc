// guiche explain: why a message goes where it goes, and why not elsewhere.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
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
    for (size_t i = 0; i < reading_.ranking.size() && i < kTold; ++i) {
      std::cout << "\n"
                << i + 1 << ". " << NameOf(reading_.ranking[i]) << ": "
                << Strength(reading_.ranking[i]) << "\n";
      TellClues(IdOf(reading_.ranking[i]), "   ");
    }
    TellRunnerUp();
    TellRest();
    if (!reading_.ranking.empty()) {
      std::cout << "\nOs pontos só se comparam dentro desta mensagem: vêm das "
                   "frases da política e do\nque ela aprendeu com mensagens de "
                   "exemplo.\n";
    }
  }

 private:
  static constexpr size_t kTold = 3;
  static constexpr char kPlaceKind[] = "lugar";

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
    for (const v1::Area& area : policy_.areas()) {
      if (area.id() == need.area()) {
        return absl::StrCat(need.name(), " (", area.name(), ")");
      }
    }
    return need.name();
  }

  static std::string Strength(const Topic& topic) {
    return absl::StrCat(topic.score, " pontos, ",
                        topic.decided       ? "e uma frase que basta sozinha"
                        : topic.phrases > 0 ? "com frase da política"
                                            : "sem frase da política");
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
            "o pedido é claro: ", NameOf(reading_.ranking[0]), ".",
            answer.need() == IdOf(reading_.ranking[0]) ||
                    answer.outcome() == v1::RouteAnswer::REFER
                ? ""
                : " Mas o perigo que a mensagem conta passou na frente.");
      case Reading::kUnsure:
        break;
    }
    if (answer.outcome() == v1::RouteAnswer::ROUTED) {
      return "qual dos pedidos abaixo não é certo, mas a porta é a mesma para "
             "todos.";
    }
    if (answer.outcome() == v1::RouteAnswer::HUMAN) {
      return "nenhum pedido é claro: uma pessoa lê.";
    }
    return "dúvida entre pedidos de portas diferentes: é melhor perguntar do "
           "que errar de porta.";
  }

  // The citizen's words, unless they are not to be shown.
  std::string Said(const Clue& clue) const {
    if (redact_) {
      return absl::StrCat("bytes ", clue.begin, " a ", clue.end);
    }
    return absl::StrCat("\"", text_.substr(clue.begin, clue.end - clue.begin),
                        "\"");
  }

  // A phrase as the policy writes it, without most of its alternatives.
  static std::string Shortened(absl::string_view phrase) {
    std::vector<std::string> words;
    for (const absl::string_view word : absl::StrSplit(phrase, ' ')) {
      const std::vector<std::string> choice = absl::StrSplit(word, '|');
      words.push_back(choice.size() <= 2
                          ? std::string(word)
                          : absl::StrCat(choice[0], "|", choice[1], "|…"));
    }
    return absl::StrJoin(words, " ");
  }

  // What speaks for one subject, the strongest first: each stretch once, and
  // none that lies within a stronger one of the same kind.
  void TellClues(absl::string_view id, absl::string_view indent) const {
    std::vector<Clue> clues;
    for (const Clue& clue : reading_.clues) {
      if (clue.speaks_for == id) clues.push_back(clue);
    }
    std::stable_sort(
        clues.begin(), clues.end(), [](const Clue& a, const Clue& b) {
          return a.phrase.empty() != b.phrase.empty() ? b.phrase.empty()
                                                      : a.weight > b.weight;
        });
    std::vector<Clue> told;
    for (const Clue& clue : clues) {
      const bool within =
          std::any_of(told.begin(), told.end(), [&](const Clue& other) {
            return other.phrase.empty() == clue.phrase.empty() &&
                   other.begin <= clue.begin && clue.end <= other.end;
          });
      if (within) continue;
      told.push_back(clue);
      std::cout << indent << Said(clue) << ": "
                << (clue.phrase.empty()
                        ? std::string("palavra comum em pedidos assim")
                        : absl::StrCat("frase da política, \"",
                                       Shortened(clue.phrase), "\""))
                << ", " << clue.weight << " pontos\n";
    }
  }

  void TellRunnerUp() const {
    if (reading_.ranking.size() < 2) return;
    const Topic& best = reading_.ranking[0];
    const Topic& next = reading_.ranking[1];
    std::cout << "\nPor que não " << NameOf(next) << "\n  ";
    const int lead = best.score - next.score;
    const bool same_area =
        best.need >= 0 && next.need >= 0 &&
        policy_.needs(best.need).area() == policy_.needs(next.need).area();
    const int needed = same_area ? points_.least_lead : points_.least_area_lead;
    if (best.decided && !next.decided) {
      std::cout << "Uma frase que basta sozinha fala do primeiro; do segundo, "
                   "nenhuma.\n";
      return;
    }
    if (best.decided && PrecedenceOf(best) != PrecedenceOf(next)) {
      std::cout << "Os dois têm frase que basta sozinha, e o primeiro é mais "
                   "grave.\n";
      return;
    }
    if (best.decided) {
      std::cout << "Os dois têm frase que basta sozinha, e nenhum é mais "
                   "grave: valem os pontos.\n  ";
    }
    if (reading_.decision == Reading::kDecided) {
      std::cout << "Tem " << lead << " pontos a menos; " << needed
                << " a menos já bastavam para o primeiro ganhar.\n";
    } else if (best.score < points_.least_score && !best.decided) {
      std::cout << "Nenhum ganhou: o primeiro tem " << best.score
                << " pontos, e precisava de " << points_.least_score << ".\n";
    } else {
      std::cout << "Nenhum ganhou: o primeiro tem só " << lead
                << " pontos a mais, e precisava de " << needed << " a mais.\n";
    }
  }

  v1::Precedence PrecedenceOf(const Topic& topic) const {
    if (topic.need < 0) return v1::ORDINARY;
    return std::max(v1::ORDINARY, policy_.needs(topic.need).precedence());
  }

  template <typename List>
  static void AddNames(const List& list, absl::string_view kind,
                       std::map<std::string, std::string>& names) {
    for (const auto& element : list) {
      names.try_emplace(element.id(), absl::StrCat(kind, ": ", element.name()));
    }
  }

  // Alarms, facts, places, and topics too far behind to be told.
  void TellRest() const {
    std::map<std::string, std::string> names;
    AddNames(policy_.alarms(), "sinal de alarme", names);
    AddNames(policy_.facts(), "fato", names);
    AddNames(policy_.places(), kPlaceKind, names);
    AddNames(policy_.needs(), "outro pedido", names);
    AddNames(policy_.referrals(), "trabalho de outro órgão", names);
    std::set<absl::string_view> told;
    for (size_t i = 0; i < reading_.ranking.size() && i < kTold; ++i) {
      told.insert(IdOf(reading_.ranking[i]));
    }
    bool first = true;
    for (const Clue& clue : reading_.clues) {
      if (!told.insert(clue.speaks_for).second) continue;
      if (first) std::cout << "\nO que mais a mensagem diz\n";
      first = false;
      const std::string& name = names[std::string(clue.speaks_for)];
      if (absl::StartsWith(name, kPlaceKind)) {
        std::cout << "  " << name << ", por " << Said(clue) << "\n";
        continue;
      }
      std::cout << "  " << name << "\n";
      TellClues(clue.speaks_for, "     ");
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
