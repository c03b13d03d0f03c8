#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "policy/problems.h"
#include "routing/catalog.h"
#include "routing/understanding.h"
#include "routing/understanding_table.h"

namespace guiche {
namespace {

// Words that end what a negation reaches, if the policy names none.
constexpr absl::string_view kClauseBreaks[] = {"mas", "e", "porem", "so"};

constexpr size_t kLongestExample = 4'000;  // bytes

// Floor of log2(n / d), at least 0.
int Halvings(int n, int d) {
  int halvings = 0;
  while (d > 0 && n / d >= 2) {
    n /= 2;
    ++halvings;
  }
  return halvings;
}

bool IsNumber(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

class Compiler {
 public:
  Compiler(const v1::Policy& policy, UnderstandingTable& table,
           Problems& problems)
      : policy_(policy), table_(table), problems_(problems) {}

  void Run() {
    table_.languages.push_back(policy_.language().empty() ? "pt-BR"
                                                          : policy_.language());
    Lexicon();  // first: phrases are written out by its abbreviations
    const int needs = policy_.needs_size();
    for (int i = 0; i < needs; ++i) {
      Wordings("needs", policy_.needs(i), Speaks::kTopic, i);
    }
    for (int i = 0; i < policy_.referrals_size(); ++i) {
      Wordings("referrals", policy_.referrals(i), Speaks::kTopic, needs + i);
    }
    for (int i = 0; i < policy_.alarms_size(); ++i) {
      Wordings("alarms", policy_.alarms(i), Speaks::kAlarm, i);
    }
    for (int i = 0; i < policy_.facts_size(); ++i) {
      Wordings("facts", policy_.facts(i), Speaks::kFact, i);
    }
    if (table_.phrases.size() > kMostPhrases) {
      problems_.Add("needs", absl::StrCat(table_.phrases.size(),
                                          " phrases in all wordings; at most ",
                                          kMostPhrases));
    }
    PlaceNames();
    table_.model = LinearModel(policy_.model(), *table_.catalog,
                               table_.vocabulary, problems_);
    table_.index.Finish(table_.vocabulary);
    Weigh();
    RankTopics();
    TellLanguages();
    LearnSpelling();
  }

 private:
  void Lexicon() {
    const v1::Lexicon& lexicon = policy_.lexicon();
    for (int i = 0; i < lexicon.abbreviations_size(); ++i) {
      const v1::Abbreviation& one = lexicon.abbreviations(i);
      if (table_.vocabulary.Abbreviate(one.written(), one.means())) continue;
      problems_.Add(absl::StrCat("lexicon.abbreviations[", i, "]"),
                    absl::StrCat("\"", one.written(), "\" for \"", one.means(),
                                 "\" lacks words, or has another meaning"));
    }
    Phrases("lexicon.negations", lexicon.negations(), Speaks::kNegation);
    Phrases("lexicon.courtesies", lexicon.courtesies(), Speaks::kCourtesy);
    Phrases("lexicon.place_cues", lexicon.place_cues(), Speaks::kPlaceCue);
    for (const absl::string_view word : kClauseBreaks) {
      Add("", word, {Speaks::kClauseBreak, PhraseRole::kEvidence, -1});
    }
  }

  void Add(const std::string& path, absl::string_view text, Phrase phrase,
           int language = 0) {
    table_.texts.emplace_back(text);
    const absl::Status added = table_.index.Add(
        text, static_cast<int>(table_.phrases.size()), table_.vocabulary);
    table_.phrases.push_back(phrase);
    if (added.ok()) {
      Hear(language,
           table_.index.SymbolsOf(static_cast<int>(table_.phrases.size()) - 1));
      return;
    }
    problems_.Add(path, absl::StrCat("\"", Shown(text, kLongestPhrase),
                                     "\": ", added.message()));
  }

  template <typename List>
  void Phrases(const std::string& path, const List& list, Speaks speaks,
               PhraseRole role = PhraseRole::kEvidence, int subject = -1,
               int language = 0) {
    for (int i = 0; i < list.size(); ++i) {
      Add(absl::StrCat(path, "[", i, "]"), list[i], {speaks, role, subject},
          language);
    }
  }

  template <typename Element>
  void Wordings(absl::string_view list, const Element& element, Speaks speaks,
                int subject) {
    for (int i = 0; i < element.wordings_size(); ++i) {
      const v1::Wording& wording = element.wordings(i);
      const std::string path =
          absl::StrCat(PathOf(list, element.id()), ".wordings[", i, "]");
      const int language = Language(wording.language());
      Phrases(path + ".phrases", wording.phrases(), speaks,
              PhraseRole::kEvidence, subject, language);
      Phrases(path + ".decides", wording.decides(), speaks,
              PhraseRole::kDecides, subject, language);
      Phrases(path + ".forbids", wording.forbids(), speaks,
              PhraseRole::kForbids, subject, language);
      if (speaks != Speaks::kTopic) continue;
      Examples(path + ".examples", wording.examples(), language);
      Examples(path + ".urgent_examples", wording.urgent_examples(), language);
      Examples(path + ".calm_examples", wording.calm_examples(), language);
    }
  }

  // Words of examples are words, not misspellings.
  void Examples(const std::string& path, const Texts& texts, int language) {
    for (int i = 0; i < texts.size(); ++i) {
      const std::string at = absl::StrCat(path, "[", i, "]");
      if (texts[i].size() > kLongestExample) {
        problems_.Add(at, absl::StrCat("has ", texts[i].size(),
                                       " bytes; at most ", kLongestExample));
      } else if (absl::StripAsciiWhitespace(texts[i]).empty()) {
        problems_.Add(at, "is empty; write what people write");
      } else {
        Hear(language, table_.vocabulary.Learn(texts[i]));
      }
    }
  }

  // Words are said in a language; prefixes are none.
  void Hear(int language, const std::vector<int>& words) {
    if (heard_.size() <= static_cast<size_t>(language)) {
      heard_.resize(language + 1);
    }
    Heard& heard = heard_[language];
    for (const int word : words) {
      if (word >= table_.vocabulary.size()) continue;
      if (heard.times.size() <= static_cast<size_t>(word)) {
        heard.times.resize(table_.vocabulary.size());
      }
      ++heard.times[word];
      ++heard.all;
    }
  }

  // A word tells of the policy's language unless another says it ten times
  // as often, of what is said in either.
  void TellLanguages() {
    constexpr double kAsOften = 10;
    const auto share = [&](size_t language, int word) {
      const Heard& heard = heard_[language];
      return static_cast<size_t>(word) < heard.times.size()
                 ? static_cast<double>(heard.times[word]) / heard.all
                 : 0.0;
    };
    for (int word = 0; word < table_.vocabulary.size(); ++word) {
      int tells_of = -1;
      double most = 0;
      for (size_t language = 0; language < heard_.size(); ++language) {
        const double weight =
            share(language, word) * (language == 0 ? kAsOften : 1);
        if (weight > most) {
          most = weight;
          tells_of = static_cast<int>(language);
        }
      }
      table_.word_language.push_back(tells_of);
    }
  }

  int Language(const std::string& tag) {
    if (tag.empty()) return 0;
    std::vector<std::string>& known = table_.languages;
    const auto found = std::find(known.begin(), known.end(), tag);
    if (found == known.end()) known.push_back(tag);
    return static_cast<int>(std::find(known.begin(), known.end(), tag) -
                            known.begin());
  }

  void PlaceNames() {
    const Places& places = table_.catalog->places;
    absl::flat_hash_set<std::string> seen;
    for (int i = 1; i < places.size(); ++i) {
      std::vector<std::string> names = places[i].names;
      if (IsNumber(places[i].id)) names.push_back(places[i].id);  // IBGE's
      for (const std::string& name : names) {
        if (!seen.insert(name).second) continue;
        const absl::StatusOr<int> meant = places.Find(name);
        if (!meant.ok()) continue;
        const int phrase = static_cast<int>(table_.phrases.size());
        table_.index.AddWords(table_.vocabulary.Learn(name), phrase);
        table_.texts.push_back(name);
        table_.phrases.push_back(
            {Speaks::kPlace, PhraseRole::kEvidence, *meant});
        if (IsNumber(name)) continue;
        const std::string joined = absl::StrReplaceAll(name, {{" ", ""}});
        const int word = table_.vocabulary.Intern(joined);
        if (!table_.joined_places.try_emplace(word, phrase).second) continue;
        table_.index.AddWords({word}, phrase);
        table_.place_spelling.Learn(word, joined);
      }
    }
    table_.place_spelling.Finish();
  }

  // The words that phrases are made of.
  void LearnSpelling() {
    for (int i = 0; i < table_.index.phrases(); ++i) {
      if (table_.phrases[i].speaks > Speaks::kFact) continue;
      for (const Symbol symbol : table_.index.SymbolsOf(i)) {
        if (symbol >= kFirstPrefix) continue;
        table_.spelling.Learn(symbol, table_.vocabulary.Text(symbol));
      }
    }
    table_.spelling.Finish();
  }

  void RankTopics() {
    const int topics = table_.topics();
    std::vector<int>& in_order = table_.topic_by_rank;
    in_order.resize(topics);
    std::iota(in_order.begin(), in_order.end(), 0);
    std::stable_sort(in_order.begin(), in_order.end(), [&](int a, int b) {
      return table_.TopicId(a) < table_.TopicId(b);
    });
    table_.topic_rank.resize(topics);
    for (int i = 0; i < topics; ++i) table_.topic_rank[in_order[i]] = i;
    for (int topic = 0; topic < topics; ++topic) {
      table_.topic_precedence.push_back(
          table_.IsNeed(topic) ? table_.catalog->PrecedenceOf(topic)
                               : v1::ORDINARY);
    }
  }

  // Rare words weigh more: by the number of topics that speak each.
  void Weigh() {
    absl::flat_hash_map<Symbol, std::vector<int>> words_of_prefix;
    Symbols met;
    for (int id = 0; id < table_.vocabulary.size(); ++id) {
      met.clear();
      table_.index.PrefixesOf(table_.vocabulary.Text(id), met);
      for (const Symbol symbol : met) words_of_prefix[symbol].push_back(id);
    }
    absl::flat_hash_map<Symbol, int> topics_with;
    std::vector<absl::flat_hash_set<Symbol>> symbols(table_.topics());
    for (int i = 0; i < static_cast<int>(table_.phrases.size()); ++i) {
      const Phrase& phrase = table_.phrases[i];
      if (phrase.speaks != Speaks::kTopic ||
          phrase.role == PhraseRole::kForbids || i >= table_.index.phrases()) {
        continue;
      }
      for (const Symbol symbol : table_.index.SymbolsOf(i)) {
        symbols[phrase.subject].insert(symbol);
        if (symbol < kFirstPrefix) continue;
        for (const int id : words_of_prefix[symbol]) {
          symbols[phrase.subject].insert(id);
        }
      }
    }
    for (const auto& of_topic : symbols) {
      for (const Symbol symbol : of_topic) ++topics_with[symbol];
    }
    const auto weight = [&](Symbol symbol) {
      const auto found = topics_with.find(symbol);
      const int speakers = found == topics_with.end() ? 1 : found->second;
      return kWordWeight + kRarityWeight * Halvings(table_.topics(), speakers);
    };
    for (int id = 0; id < table_.vocabulary.size(); ++id) {
      table_.word_weight.push_back(weight(id));
    }
    for (const auto& [symbol, words] : words_of_prefix) {
      table_.prefix_weight[symbol] = weight(symbol);
    }
    for (const auto& of_topic : symbols) {
      for (const Symbol symbol : of_topic) {
        if (symbol >= kFirstPrefix)
          table_.prefix_weight[symbol] = weight(symbol);
      }
    }
  }

  // How often each word was said in a language, and all words together.
  struct Heard {
    std::vector<int> times;
    int64_t all = 0;
  };

  const v1::Policy& policy_;
  UnderstandingTable& table_;
  Problems& problems_;
  std::vector<Heard> heard_;  // by language
};

}  // namespace

absl::StatusOr<Understanding> Understanding::Compile(const v1::Policy& policy) {
  Problems problems;
  auto catalog =
      std::make_shared<const Catalog>(Catalog::Compile(policy, problems));
  Understanding compiled = Compile(policy, std::move(catalog), problems);
  if (!problems.ok()) return problems.ToStatus();
  return compiled;
}

Understanding Understanding::Compile(const v1::Policy& policy,
                                     std::shared_ptr<const Catalog> catalog,
                                     Problems& problems) {
  auto table = std::make_shared<UnderstandingTable>();
  table->catalog = std::move(catalog);
  Compiler(policy, *table, problems).Run();
  Points points;
  if (policy.has_model()) points = PointsOf(policy.model());
  return Understanding(std::move(table), points);
}

}  // namespace guiche
