#include "routing/wordings.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "policy/fold.h"
#include "routing/catalog.h"
#include "routing/phrases.h"
#include "routing/words.h"

namespace guiche {
namespace {

using Choice = std::vector<std::string>;

// The words of a phrase, each with its alternatives, gaps left out.
std::vector<Choice> ChoicesOf(absl::string_view phrase) {
  const std::string bare =
      absl::StrReplaceAll(phrase, {{"...", " "}, {"\u2026", " "}, {"*", ""}});
  std::vector<Choice> choices;
  for (const absl::string_view part :
       absl::StrSplit(bare, absl::ByAnyChar(" \t\n"), absl::SkipEmpty())) {
    choices.push_back(absl::StrSplit(part, '|'));
  }
  return choices;
}

// What people write who use the phrase: each alternative once, beside the first
// of the others.
std::vector<std::string> SamplesOf(absl::string_view phrase) {
  const std::vector<Choice> choices = ChoicesOf(phrase);
  std::vector<std::string> words;
  for (const Choice& choice : choices) words.push_back(choice[0]);
  std::vector<std::string> samples = {absl::StrJoin(words, " ")};
  for (size_t i = 0; i < choices.size(); ++i) {
    for (size_t k = 1; k < choices[i].size(); ++k) {
      words[i] = choices[i][k];
      samples.push_back(absl::StrJoin(words, " "));
    }
    words[i] = choices[i][0];
  }
  return samples;
}

// What a topic forbids in one language.
class Forbids {
 public:
  explicit Forbids(const Texts& texts) : texts_(texts) {
    for (int i = 0; i < texts.size(); ++i) {
      index_.Add(texts[i], i, vocabulary_).IgnoreError();
    }
    index_.Finish(vocabulary_);
  }

  // `forbids[1] "z"` that lies within a text; empty: none.
  std::string WithinOf(absl::string_view text) const {
    if (texts_.empty()) return "";
    Words words;
    vocabulary_.Read(text, words);
    Matches found;
    index_.Find(words, 1, found);
    if (found.empty()) return "";
    return absl::StrCat("forbids[", found[0].phrase, "] \"",
                        texts_[found[0].phrase], "\"");
  }

 private:
  const Texts& texts_;
  Vocabulary vocabulary_;
  PhraseIndex index_;
};

class Checker {
 public:
  Checker(const v1::Policy& policy, const Understanding& understanding,
          bool notes, Problems& problems)
      : policy_(policy),
        understanding_(understanding),
        notes_(notes),
        problems_(problems) {}

  void Run() {
    Register("needs", policy_.needs());
    Register("referrals", policy_.referrals());
    Check("needs", policy_.needs());
    Check("referrals", policy_.referrals());
  }

 private:
  struct Phrase {
    const std::string& text;
    const std::string& topic;
    bool decides;
    v1::Precedence precedence;
  };

  static v1::Precedence PrecedenceOf(const v1::Need& need) {
    return std::max(v1::ORDINARY, need.precedence());
  }
  static v1::Precedence PrecedenceOf(const v1::Referral&) {
    return v1::ORDINARY;
  }

  template <typename List>
  void Register(absl::string_view list_name, const List& list) {
    for (const auto& topic : list) {
      Topic& known = topics_[topic.id()];
      known.path = PathOf(list_name, topic.id());
      known.precedence = PrecedenceOf(topic);
      for (const v1::Wording& wording : topic.wordings()) {
        known.decides.insert(wording.decides().begin(),
                             wording.decides().end());
      }
    }
  }

  template <typename List>
  void Check(absl::string_view list_name, const List& list) {
    for (const auto& topic : list) {
      const std::string topic_path = PathOf(list_name, topic.id());
      for (int w = 0; w < topic.wordings_size(); ++w) {
        const v1::Wording& wording = topic.wordings(w);
        const std::string path =
            absl::StrCat(topic_path, ".wordings[", w, "].");
        const Forbids forbids(wording.forbids());
        const auto check = [&](const auto& phrases, absl::string_view field,
                               bool decides) {
          for (int i = 0; i < phrases.size(); ++i) {
            CheckPhrase(absl::StrCat(path, field, "[", i, "]"),
                        {phrases[i], topic.id(), decides, PrecedenceOf(topic)},
                        forbids);
          }
        };
        if (notes_) CheckExamples(path, topic.id(), wording);
        check(wording.phrases(), "phrases", false);
        check(wording.decides(), "decides", true);
      }
    }
  }

  // Of one message two topics can learn only that it is not clear.
  void CheckExamples(const std::string& path, const std::string& topic,
                     const v1::Wording& wording) {
    constexpr absl::string_view kFields[] = {"examples", "urgent_examples",
                                             "calm_examples"};
    for (int field = 0; field < 3; ++field) {
      const Texts& texts = *ExamplesOf(wording)[field];
      for (int i = 0; i < texts.size(); ++i) {
        const std::string at = absl::StrCat(path, kFields[field], "[", i, "]");
        const auto [found, added] =
            examples_.try_emplace(Fold(texts[i]), topic, at);
        if (added || found->second.first == topic) continue;
        problems_.Note(
            at, absl::StrCat("\"", texts[i], "\" is ", found->second.second,
                             " too, of another topic"));
      }
    }
  }

  void CheckPhrase(const std::string& path, const Phrase& phrase,
                   const Forbids& forbids) {
    if (notes_) CheckChoices(path, phrase);
    const std::vector<std::string> samples = SamplesOf(phrase.text);
    size_t forbidden = 0, taken = 0;
    std::string shadow, taker;
    for (const std::string& sample : samples) {
      const std::string by = forbids.WithinOf(sample);
      if (!by.empty()) {
        ++forbidden;
        shadow = absl::StrCat("\"", sample, "\" is met by ", by, " too");
        continue;
      }
      const std::string other =
          phrase.decides ? TakenBy(phrase, sample) : std::string();
      if (!other.empty()) {
        ++taken;
        taker = absl::StrCat("\"", sample, "\" decides for ", other, " too");
      } else if (!notes_) {
        return;  // it does what it is there for
      }
    }
    const std::string quoted = absl::StrCat("\"", phrase.text, "\"");
    if (notes_) {
      if (forbidden > 0) {
        problems_.Note(
            path, absl::StrCat(quoted, " does not always count; ", shadow));
      }
      if (taken > 0) {
        problems_.Note(
            path, absl::StrCat(quoted, " does not always decide; ", taker));
      }
    } else if (taken == 0) {
      problems_.Add(path, absl::StrCat(quoted, " never counts; ", shadow,
                                       "; leave one of them out"));
    } else {
      problems_.Add(path, absl::StrCat(quoted, " decides nothing; ", taker,
                                       "; leave it to one of them, or make it "
                                       "longer"));
    }
  }

  // "guarda|guarda compartilhada" is "guarda" once and "compartilhada" behind.
  void CheckChoices(const std::string& path, const Phrase& phrase) {
    for (Choice choice : ChoicesOf(phrase.text)) {
      std::sort(choice.begin(), choice.end());
      const auto twice = std::adjacent_find(choice.begin(), choice.end());
      if (twice == choice.end()) continue;
      problems_.Note(
          path, absl::StrCat("\"", phrase.text, "\" has \"", *twice,
                             "\" twice in one choice; \"|\" stands between "
                             "single words: for other words write another "
                             "phrase"));
    }
  }

  // `needs[b] by "z"`: another topic, as grave, for which the same words
  // decide.
  std::string TakenBy(const Phrase& phrase, absl::string_view sample) {
    understanding_.Understand(sample, reading_);
    for (const Clue& clue : reading_.clues) {
      if (clue.speaks_for == phrase.topic || clue.begin > 0 ||
          clue.end < sample.size()) {
        continue;
      }
      const auto other = topics_.find(clue.speaks_for);
      if (other != topics_.end() &&
          other->second.precedence >= phrase.precedence &&
          other->second.decides.contains(clue.phrase)) {
        return absl::StrCat(other->second.path, " by \"", clue.phrase, "\"");
      }
    }
    return "";
  }

  struct Topic {
    std::string path;
    v1::Precedence precedence;
    absl::flat_hash_set<std::string> decides;
  };

  const v1::Policy& policy_;
  const Understanding& understanding_;
  const bool notes_;
  Problems& problems_;
  Reading reading_;
  absl::flat_hash_map<std::string, Topic> topics_;
  // Folded: the topic they teach, and their path.
  absl::flat_hash_map<std::string, std::pair<std::string, std::string>>
      examples_;
};

}  // namespace

void CheckWordings(const v1::Policy& policy, const Understanding& understanding,
                   Problems& problems) {
  Checker(policy, understanding, /*notes=*/false, problems).Run();
}

void NoteWordings(const v1::Policy& policy, const Understanding& understanding,
                  Problems& problems) {
  Checker(policy, understanding, /*notes=*/true, problems).Run();
}

}  // namespace guiche
