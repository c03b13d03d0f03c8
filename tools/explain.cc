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
#include "google/protobuf/struct.pb.h"
#include "policy/fold.h"
#include "policy/json.h"
#include "policy/problems.h"
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

// A part of a list, or all of it, as "a", "b" e "c".
std::string Listed(const std::vector<std::string>& words) {
  if (words.size() < 2) return absl::StrJoin(words, "");
  return absl::StrCat(absl::StrJoin(words.begin(), words.end() - 1, ", "),
                      " e ", words.back());
}

// The policy without what takes away: with it `reading` shows what was lost.
Understanding WithoutForbids(v1::Policy policy) {
  for (v1::Need& need : *policy.mutable_needs()) {
    for (v1::Wording& one : *need.mutable_wordings()) one.clear_forbids();
  }
  for (v1::Referral& referral : *policy.mutable_referrals()) {
    for (v1::Wording& one : *referral.mutable_wordings()) one.clear_forbids();
  }
  return *Understanding::Compile(policy);
}

Understanding WithoutNegations(v1::Policy policy) {
  policy.mutable_lexicon()->clear_negations();
  return *Understanding::Compile(policy);
}

// What forbids, as if it asked.
Understanding OnlyForbids(v1::Policy policy) {
  policy.clear_model();
  policy.clear_alarms();
  const auto turn = [](v1::Wording& wording) {
    *wording.mutable_phrases() = wording.forbids();
    wording.clear_decides();
    wording.clear_forbids();
    wording.clear_examples();
    wording.clear_urgent_examples();
    wording.clear_calm_examples();
  };
  for (v1::Need& need : *policy.mutable_needs()) {
    for (v1::Wording& wording : *need.mutable_wordings()) turn(wording);
  }
  for (v1::Referral& referral : *policy.mutable_referrals()) {
    for (v1::Wording& wording : *referral.mutable_wordings()) turn(wording);
  }
  return *Understanding::Compile(policy);
}

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
    TellList("O que decidiu", Because(answer));
    if (!reading_.ranking.empty()) {
      std::cout << "\nComo a mensagem foi entendida\n";
    }
    for (size_t i = 0; i < reading_.ranking.size() && i < kTold; ++i) {
      std::cout << (i > 0 ? "\n" : "") << i + 1 << ". "
                << NameOf(reading_.ranking[i]) << ": "
                << Strength(reading_.ranking[i]) << "\n";
      TellClues(IdOf(reading_.ranking[i]), "   ");
    }
    if (reading_.ranking.size() > 1) {
      TellList(absl::StrCat("Por que não ", NameOf(reading_.ranking[1])),
               {WhyNot(answer)});
    }
    TellList("Ficou de fora", LeftOut());
    TellRest();
    TellList("Se não é isso, o que mudar na política", Changes(answer));
    if (!reading_.ranking.empty()) {
      std::cout << "\nOs pontos só se comparam dentro desta mensagem: vêm das "
                   "frases da política e do\nque ela aprendeu com mensagens de "
                   "exemplo.\n";
    }
  }

  // The same for programs: the whole answer, and the sentences.
  std::string TellJson(const v1::RouteAnswer& answer) const {
    google::protobuf::Struct told;
    auto& fields = *told.mutable_fields();
    FromJson(ToJson(answer), *fields["answer"].mutable_struct_value())
        .IgnoreError();
    const auto add = [&](const std::string& key,
                         const std::vector<std::string>& sentences) {
      auto& list = *fields[key].mutable_list_value();
      for (const std::string& sentence : sentences) {
        list.add_values()->set_string_value(sentence);
      }
    };
    add("because", Because(answer));
    add("why_not", reading_.ranking.size() > 1
                       ? std::vector<std::string>{WhyNot(answer)}
                       : std::vector<std::string>());
    add("left_out", LeftOut());
    add("to_change", Changes(answer));
    return ToJson(told, JsonLayout::kIndented);
  }

 private:
  static constexpr size_t kTold = 3;
  static constexpr size_t kWordsNamed = 3;
  static constexpr char kPlaceKind[] = "lugar";

  static v1::RouteAnswer WithoutEvidence(v1::RouteAnswer answer) {
    answer.clear_evidence();
    return answer;
  }

  static void TellList(absl::string_view title,
                       const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    std::cout << "\n" << title << "\n";
    for (const std::string& sentence : sentences) {
      std::cout << "  " << sentence << "\n";
    }
  }

  absl::string_view IdOf(const Topic& topic) const {
    return topic.need >= 0 ? policy_.needs(topic.need).id()
                           : policy_.referrals(topic.referral).id();
  }

  std::string PathOfTopic(const Topic& topic) const {
    return PathOf(topic.need >= 0 ? "needs" : "referrals", IdOf(topic));
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

  const google::protobuf::RepeatedPtrField<v1::Wording>& WordingsOf(
      const Topic& topic) const {
    return topic.need >= 0 ? policy_.needs(topic.need).wordings()
                           : policy_.referrals(topic.referral).wordings();
  }

  // Where the policy writes a deciding phrase of a topic; empty: nowhere.
  std::string PathOfDeciding(const Topic& topic,
                             absl::string_view phrase) const {
    const auto& wordings = WordingsOf(topic);
    for (int w = 0; w < wordings.size(); ++w) {
      for (int i = 0; i < wordings[w].decides_size(); ++i) {
        if (wordings[w].decides(i) != phrase) continue;
        return absl::StrCat(PathOfTopic(topic), ".wordings[", w, "].decides[",
                            i, "]");
      }
    }
    return "";
  }

  static std::string Strength(const Topic& topic) {
    return absl::StrCat(topic.score, " pontos, ",
                        topic.decided       ? "e uma frase que basta sozinha"
                        : topic.phrases > 0 ? "com frase da política"
                                            : "sem frase da política");
  }

  // The words of a message that speak for a topic, phrases first, and the
  // strongest of each.
  std::vector<std::string> WordsFor(const Topic& topic) const {
    std::vector<std::string> words;
    for (const Clue& clue : CluesOf(IdOf(topic))) {
      const std::string said = Said(clue);
      if (words.size() == kWordsNamed) break;
      if (std::find(words.begin(), words.end(), said) == words.end()) {
        words.push_back(said);
      }
    }
    return words;
  }

  // Why the answer is what it is.
  std::vector<std::string> Because(const v1::RouteAnswer& answer) const {
    const std::vector<Topic>& ranking = reading_.ranking;
    if (reading_.decision == Reading::kEmpty) {
      return {
          "Só cumprimentos, ou nenhuma palavra: pergunta-se o que a pessoa "
          "quer."};
    }
    if (ranking.empty()) {
      return {"Nenhuma palavra fala de um pedido conhecido: uma pessoa lê."};
    }
    const Topic& best = ranking[0];
    std::vector<std::string> said;
    if (reading_.decision == Reading::kDecided)
      said.push_back(Decided(best, answer.outcome() == v1::RouteAnswer::HUMAN));
    const bool as_understood = answer.need() == IdOf(best) ||
                               answer.outcome() == v1::RouteAnswer::REFER;
    if (answer.outcome() == v1::RouteAnswer::ASK) {
      if (reading_.decision == Reading::kDecided) {
        said = {absl::StrCat(
            "Uma palavra só, e nenhuma frase da política: "
            "parece ",
            NameOf(best), ", mas é melhor perguntar do que errar de porta.")};
      } else {
        said.push_back(
            "Dúvida entre pedidos de portas diferentes: é melhor perguntar do "
            "que errar de porta.");
      }
    } else if (!as_understood && !reading_.alarms.empty() &&
               !answer.need().empty()) {
      said.push_back(absl::StrCat(
          "Mas a mensagem fala de perigo (",
          policy_.alarms(reading_.alarms[0]).name(),
          "), e perigo passa na frente: fica com o pedido desse sinal de "
          "alarme."));
    } else if (reading_.decision == Reading::kUnsure) {
      said.push_back(answer.outcome() == v1::RouteAnswer::ROUTED
                         ? "Qual dos pedidos abaixo é, não se sabe ao certo; "
                           "mas a porta é a mesma para todos."
                         : "Nenhum pedido é claro: uma pessoa lê.");
    }
    return said;
  }

  std::string Decided(const Topic& best, bool human) const {
    const std::string what = absl::StrCat(
        human ? "Uma pessoa lê: " : "O pedido é claro: ", NameOf(best), ". ");
    if (const Clue* clue = DecidingClue(best); clue != nullptr) {
      return absl::StrCat(what, Said(*clue), " basta sozinho para saber.");
    }
    const std::vector<std::string> words = WordsFor(best);
    return absl::StrCat(what, "Pelos exemplos da política ", Listed(words),
                        words.size() > 1 ? " falam disso" : " fala disso",
                        "; nenhuma frase bastou sozinha.");
  }

  // The weightiest deciding phrase that was met; null: none.
  const Clue* DecidingClue(const Topic& topic) const {
    const Clue* best = nullptr;
    for (const Clue& clue : reading_.clues) {
      if (clue.speaks_for == IdOf(topic) && !clue.phrase.empty() &&
          !PathOfDeciding(topic, clue.phrase).empty() &&
          (best == nullptr || clue.weight > best->weight)) {
        best = &clue;
      }
    }
    return best;
  }

  // The citizen's words, unless they are not to be shown.
  std::string Said(const Clue& clue) const {
    if (redact_) {
      return absl::StrCat("bytes ", clue.begin, " a ", clue.end);
    }
    return absl::StrCat("\"", text_.substr(clue.begin, clue.end - clue.begin),
                        "\"");
  }

  // A phrase as the policy writes it: of many alternatives the one that was
  // said, or, as that would be the citizen's word, the first.
  std::string Shortened(const Clue& clue) const {
    const std::string said =
        Fold(text_.substr(clue.begin, clue.end - clue.begin));
    const std::vector<std::string> spoken =
        absl::StrSplit(said, absl::ByAnyChar(" ,.;:!?\n"), absl::SkipEmpty());
    std::vector<std::string> words;
    for (const absl::string_view word : absl::StrSplit(clue.phrase, ' ')) {
      const std::vector<std::string> choice = absl::StrSplit(word, '|');
      const auto met = std::find_if(
          choice.begin(), choice.end(), [&](const std::string& one) {
            return std::find(spoken.begin(), spoken.end(), Fold(one)) !=
                   spoken.end();
          });
      if (choice.size() <= 2) {
        words.emplace_back(word);
      } else {
        words.push_back(absl::StrCat(
            redact_ || met == choice.end() ? choice[0] : *met, "|…"));
      }
    }
    return absl::StrJoin(words, " ");
  }

  // What speaks for one subject, phrases first, the strongest first: each
  // stretch once, and none that lies within a stronger one of the same kind.
  std::vector<Clue> CluesOf(absl::string_view id) const {
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
      if (!within) told.push_back(clue);
    }
    return told;
  }

  void TellClues(absl::string_view id, absl::string_view indent) const {
    for (const Clue& clue : CluesOf(id)) {
      std::cout << indent << Said(clue) << ": "
                << (clue.phrase.empty()
                        ? std::string("palavra comum em pedidos assim")
                        : absl::StrCat("frase da política, \"", Shortened(clue),
                                       "\""))
                << ", " << clue.weight << " pontos\n";
    }
  }

  std::string WhyNot(const v1::RouteAnswer& answer) const {
    const Topic& best = reading_.ranking[0];
    const Topic& next = reading_.ranking[1];
    const int lead = best.score - next.score;
    const bool same_area =
        best.need >= 0 && next.need >= 0 &&
        policy_.needs(best.need).area() == policy_.needs(next.need).area();
    const int needed = same_area ? points_.least_lead : points_.least_area_lead;
    if (best.decided && !next.decided) {
      return "Uma frase que basta sozinha fala do primeiro; do segundo, "
             "nenhuma.";
    }
    if (best.decided && PrecedenceOf(best) != PrecedenceOf(next)) {
      return "Os dois têm frase que basta sozinha, e o primeiro é mais grave.";
    }
    if (answer.outcome() == v1::RouteAnswer::ASK &&
        reading_.decision == Reading::kDecided) {
      return "Pergunta-se: pode ser um ou outro.";
    }
    if (reading_.decision == Reading::kDecided) {
      return absl::StrCat(
          best.decided ? "Os dois têm frase que basta sozinha, e nenhum é mais "
                         "grave: valem os pontos. "
                       : "",
          "Tem ", lead, " pontos a menos; ", needed,
          " a menos já bastavam para o primeiro ganhar.");
    }
    if (best.score < points_.least_score && !best.decided) {
      return absl::StrCat("Nenhum ganhou: o primeiro tem ", best.score,
                          " pontos, e precisava de ", points_.least_score, ".");
    }
    return absl::StrCat("Nenhum ganhou: o primeiro tem só ", lead,
                        " pontos a mais, e precisava de ", needed, " a mais.");
  }

  v1::Precedence PrecedenceOf(const Topic& topic) const {
    if (topic.need < 0) return v1::ORDINARY;
    return std::max(v1::ORDINARY, policy_.needs(topic.need).precedence());
  }

  // Whether a topic would be among the first by `other`, and phrases spoke for
  // it there that do not here.
  std::vector<std::pair<Topic, Clue>> LostFrom(const Reading& other) const {
    std::vector<std::pair<Topic, Clue>> lost;
    for (size_t i = 0; i < other.ranking.size() && i < kTold; ++i) {
      const Topic& topic = other.ranking[i];
      const Clue* strongest = nullptr;
      for (const Clue& clue : other.clues) {
        if (clue.speaks_for != IdOf(topic) || clue.phrase.empty()) continue;
        const bool kept = std::any_of(
            reading_.clues.begin(), reading_.clues.end(), [&](const Clue& own) {
              return own.speaks_for == clue.speaks_for &&
                     own.phrase == clue.phrase && own.begin == clue.begin;
            });
        if (!kept &&
            (strongest == nullptr || clue.weight > strongest->weight)) {
          strongest = &clue;
        }
      }
      if (strongest != nullptr) lost.emplace_back(topic, *strongest);
    }
    return lost;
  }

  // What the message names and yet does not ask for.
  std::vector<std::string> LeftOut() const {
    std::vector<std::string> told;
    const Understanding unforbidden = WithoutForbids(policy_);
    const Understanding forbids = OnlyForbids(policy_);
    const Reading forbidding = forbids.Understand(text_);
    const Reading allowed = unforbidden.Understand(text_);
    for (const auto& [topic, clue] : LostFrom(allowed)) {
      for (const Clue& by : forbidding.clues) {
        if (by.speaks_for != IdOf(topic)) continue;
        told.push_back(absl::StrCat(
            NameOf(topic), ": ", Said(clue), " falaria disso, mas ", Said(by),
            " o exclui (forbids de ", PathOfTopic(topic), ")."));
        break;
      }
    }
    const Understanding unnegated = WithoutNegations(policy_);
    const Reading affirmed = unnegated.Understand(text_);
    for (const auto& [topic, clue] : LostFrom(affirmed)) {
      told.push_back(absl::StrCat(NameOf(topic), ": ", Said(clue),
                                  " vem depois de uma negação."));
    }
    return told;
  }

  // What an author would write were the answer wrong.
  std::vector<std::string> Changes(const v1::RouteAnswer& answer) const {
    std::vector<std::string> told;
    if (reading_.decision == Reading::kEmpty) return told;
    if (!reading_.ranking.empty()) {
      const Topic& best = reading_.ranking[0];
      if (const Clue* clue = DecidingClue(best); clue != nullptr) {
        told.push_back(absl::StrCat(
            "Quem decidiu foi ", PathOfDeciding(best, clue->phrase),
            ": torne a frase mais longa, passe-a para phrases, ou escreva em "
            "forbids de ",
            PathOfTopic(best), " as palavras que a desmentem."));
      }
    }
    told.push_back(
        "O pedido é outro: escreva mensagens parecidas, nunca a de quem "
        "escreveu, em examples do pedido certo, e rode guiche train.");
    if (answer.outcome() == v1::RouteAnswer::ROUTED ||
        answer.outcome() == v1::RouteAnswer::HUMAN) {
      told.push_back(absl::StrCat(
          "O pedido está certo e a unidade não: quem a escolheu foi ",
          answer.rule(), "; escreva uma rota para este pedido e lugar."));
    }
    if (!answer.urgent()) {
      told.push_back(
          "Era urgente: escreva a frase num dos alarms, ou "
          "urgent_examples no pedido.");
    } else if (reading_.alarms.empty()) {
      told.push_back(
          "Não era urgente: escreva mensagens parecidas em "
          "calm_examples do pedido.");
    } else {
      told.push_back(absl::StrCat(
          "Não era urgente: escreva em forbids de ",
          PathOf("alarms", policy_.alarms(reading_.alarms[0]).id()),
          " as palavras que desmentem o sinal de alarme."));
    }
    return told;
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
  const Teller teller(*policy, *router, request.text(), options.redact);
  if (program.json()) {
    std::cout << teller.TellJson(*answer);
  } else {
    teller.Tell(*answer);
  }
  return kFine;
}

}  // namespace

void AddExplain(CLI::App& app, Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "explain",
      "Por que uma mensagem vai para onde vai, e por que não para outra porta");
  AddFormat(*command, program);
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
