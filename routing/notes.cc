#include "routing/notes.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "policy/fold.h"
#include "policy/problems.h"
#include "routing/catalog.h"
#include "routing/phrases.h"
#include "routing/understanding.h"
#include "routing/words.h"

namespace guiche {
namespace {

// What no phrase needs: it is read as a space.
constexpr absl::string_view kForeignSigns = "/,;()[]{}?+^$\\\"";

// A deciding phrase is noted if it is wrong about so many examples at least,
// and about more than it is right about.
constexpr int kMostWrong = 3;

// Of the examples, in percent, in which a negation or the name of a place
// stands at most, and what forbids a topic.
constexpr int kMostCommon = 4;
constexpr int kMostForbidden = 20;

bool HasWord(absl::string_view text) {
  Words words;
  SplitWords(text, words);
  return !words.words.empty();
}

bool HasDigit(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), absl::ascii_isdigit);
}

bool IsBlank(absl::string_view text) {
  return absl::StripAsciiWhitespace(text).empty();
}

class Noter {
 public:
  Noter(const v1::Policy& policy, const Understanding& understanding,
        Problems& problems)
      : policy_(policy), understanding_(understanding), problems_(problems) {}

  void Run() {
    NoteIds();
    NoteNames();
    NoteTopics("needs", policy_.needs());
    NoteTopics("referrals", policy_.referrals());
    NoteSigns("alarms", policy_.alarms());
    NoteSigns("facts", policy_.facts());
    NoteMute("alarms", policy_.alarms());
    for (const v1::Alarm& alarm : policy_.alarms()) {
      if (alarm.precedence() != v1::PRECEDENCE_UNSPECIFIED) continue;
      problems_.Note(PathOf("alarms", alarm.id()) + ".precedence",
                     "is missing, so that it outranks nothing; write DANGER, "
                     "VIOLENCE, LIBERTY, HEALTH, DEADLINE or ORDINARY");
    }
    NoteMute("facts", policy_.facts());
    NoteDeciding();
    NoteLexicon();
    NoteDestinations();
    NoteContacts();
    NoteActs();
  }

 private:
  struct Example {
    std::string topic;  // id
    std::string path;
    const std::string& text;
  };
  struct Deciding {
    int right = 0, wrong = 0;
    std::string witness;
  };

  template <typename List>
  void NoteIdsOf(absl::string_view list_name, const List& list, bool unique) {
    for (const auto& element : list) {
      const std::string& id = element.id();
      if (id.find_first_of(" \t\"[]") != std::string::npos) {
        problems_.Note(PathOf(list_name, id) + ".id",
                       absl::StrCat("\"", id,
                                    "\" has a space, quote or bracket; write "
                                    "letters, digits, \"_\" and \"-\""));
      }
      if (!unique) continue;
      const auto [found, added] =
          subjects_.try_emplace(id, PathOf(list_name, id));
      if (added) continue;
      problems_.Note(
          PathOf(list_name, id) + ".id",
          absl::StrCat("\"", id, "\" is ", found->second,
                       " too, and evidence names both alike; rename one"));
    }
  }

  void NoteIds() {
    NoteIdsOf("areas", policy_.areas(), false);
    NoteIdsOf("needs", policy_.needs(), true);
    NoteIdsOf("referrals", policy_.referrals(), true);
    NoteIdsOf("alarms", policy_.alarms(), true);
    NoteIdsOf("facts", policy_.facts(), true);
    NoteIdsOf("units", policy_.units(), false);
    NoteIdsOf("routes", policy_.routes(), false);
    NoteIdsOf("acts", policy_.acts(), false);
  }

  template <typename List>
  void NoteNamesOf(absl::string_view list_name, const List& list) {
    for (const auto& element : list) {
      if (!IsBlank(element.name())) continue;
      problems_.Note(PathOf(list_name, element.id()) + ".name",
                     "is empty; write what people call it");
    }
  }

  void NoteNames() {
    NoteNamesOf("alarms", policy_.alarms());
    NoteNamesOf("facts", policy_.facts());
    NoteNamesOf("emergency_numbers", policy_.emergency_numbers());
    for (const v1::Place& place : policy_.places()) {
      for (int i = 0; i < place.aliases_size(); ++i) {
        if (HasWord(place.aliases(i))) continue;
        problems_.Note(
            absl::StrCat(PathOf("places", place.id()), ".aliases[", i, "]"),
            absl::StrCat("\"", place.aliases(i),
                         "\" has no word; leave it out"));
      }
    }
  }

  template <typename List>
  void NoteTopics(absl::string_view list_name, const List& list) {
    NoteSigns(list_name, list);
    for (const auto& topic : list) {
      const std::string path = PathOf(list_name, topic.id());
      bool speaks = false;
      absl::flat_hash_map<std::string, std::string> seen;  // folded: path
      for (int w = 0; w < topic.wordings_size(); ++w) {
        const v1::Wording& wording = topic.wordings(w);
        speaks |= wording.phrases_size() + wording.decides_size() > 0;
        constexpr absl::string_view kFields[] = {"examples", "urgent_examples",
                                                 "calm_examples"};
        for (int field = 0; field < 3; ++field) {
          const Texts& texts = *ExamplesOf(wording)[field];
          speaks |= !texts.empty();
          for (int i = 0; i < texts.size(); ++i) {
            const std::string at = absl::StrCat(path, ".wordings[", w, "].",
                                                kFields[field], "[", i, "]");
            examples_.push_back({topic.id(), at, texts[i]});
            // An example may be told to be urgent besides, or calm, not both.
            if (field > 0) NoteTwice(at, texts[i], seen);
          }
        }
      }
      if (speaks) continue;
      problems_.Note(path + ".wordings",
                     "has neither phrase nor example, so that no message leads "
                     "to it; write phrases");
    }
  }

  void NoteTwice(const std::string& at, const std::string& text,
                 absl::flat_hash_map<std::string, std::string>& seen) {
    const auto [found, added] = seen.try_emplace(Fold(text), at);
    if (added) return;
    problems_.Note(at, absl::StrCat("\"", text, "\" is ", found->second,
                                    " already; leave one of them out"));
  }

  // Alarms and facts learn from nothing.
  template <typename List>
  void NoteMute(absl::string_view list_name, const List& list) {
    for (const auto& element : list) {
      for (int w = 0; w < element.wordings_size(); ++w) {
        const v1::Wording& wording = element.wordings(w);
        const std::string at =
            absl::StrCat(PathOf(list_name, element.id()), ".wordings[", w, "]");
        for (const Texts* texts : ExamplesOf(wording)) {
          if (texts->empty()) continue;
          problems_.Note(at, absl::StrCat("has the example \"", (*texts)[0],
                                          "\", which only needs and referrals "
                                          "learn from; write phrases"));
        }
        if (wording.phrases().empty() && wording.decides().empty()) {
          problems_.Note(at, "has no phrase, so that no message meets it");
        }
        PhraseIndex forbids;
        Vocabulary vocabulary;
        for (int i = 0; i < wording.forbids_size(); ++i) {
          forbids.Add(wording.forbids(i), i, vocabulary).IgnoreError();
        }
        forbids.Finish(vocabulary);
        NoteForbidden(at + ".phrases", wording.phrases(), wording, forbids,
                      vocabulary);
        NoteForbidden(at + ".decides", wording.decides(), wording, forbids,
                      vocabulary);
      }
    }
  }

  // Of phrases without alternatives, which is what can be read off them.
  void NoteForbidden(const std::string& path, const Texts& phrases,
                     const v1::Wording& wording, const PhraseIndex& forbids,
                     const Vocabulary& vocabulary) {
    if (wording.forbids().empty()) return;
    for (int i = 0; i < phrases.size(); ++i) {
      if (absl::StrContains(phrases[i], "|")) continue;
      Words words;
      vocabulary.Read(phrases[i], words);
      Matches found;
      forbids.Find(words, 1, found);
      if (found.empty()) continue;
      problems_.Note(absl::StrCat(path, "[", i, "]"),
                     absl::StrCat("\"", phrases[i],
                                  "\" never counts; it is met by forbids[",
                                  found[0].phrase, "] \"",
                                  wording.forbids(found[0].phrase),
                                  "\" too; leave one of them out"));
    }
  }

  template <typename List>
  void NoteSigns(absl::string_view list_name, const List& list) {
    for (const auto& element : list) {
      for (int w = 0; w < element.wordings_size(); ++w) {
        const v1::Wording& wording = element.wordings(w);
        const std::string at = absl::StrCat(PathOf(list_name, element.id()),
                                            ".wordings[", w, "].");
        NotePhrases(at + "phrases", wording.phrases());
        NotePhrases(at + "decides", wording.decides());
        NotePhrases(at + "forbids", wording.forbids());
      }
    }
  }

  void NotePhrases(const std::string& path, const Texts& phrases) {
    absl::flat_hash_map<std::string, std::string> seen;
    for (int i = 0; i < phrases.size(); ++i) {
      const std::string at = absl::StrCat(path, "[", i, "]");
      NoteTwice(at, phrases[i], seen);
      const size_t sign = phrases[i].find_first_of(
          std::string(kForeignSigns.data(), kForeignSigns.size()));
      if (sign != std::string::npos) {
        problems_.Note(
            at, absl::StrCat("\"", phrases[i], "\" has \"",
                             absl::string_view(phrases[i]).substr(sign, 1),
                             "\", which is read as a space; write \"a|b\" for "
                             "either word, \"...\" for words between"));
      }
      for (const absl::string_view part : absl::StrSplit(phrases[i], ' ')) {
        if (part != ".." && part != ".") continue;
        problems_.Note(at, absl::StrCat("\"", phrases[i], "\" has \"", part,
                                        "\", which stands for nothing; write "
                                        "\"...\" for words between"));
      }
    }
  }

  // The topic that a deciding phrase put first; empty: none.
  absl::string_view Decided(const Reading& reading) const {
    if (reading.ranking.empty() || !reading.ranking[0].decided) return "";
    const Topic& best = reading.ranking[0];
    return best.need >= 0 ? policy_.needs(best.need).id()
                          : policy_.referrals(best.referral).id();
  }

  // What deciding phrases say of the policy's own examples.
  void NoteDeciding() {
    absl::flat_hash_map<std::pair<std::string, std::string>, Deciding> judged;
    Reading reading;
    for (const Example& example : examples_) {
      understanding_.Understand(example.text, reading);
      for (const Clue& clue : reading.clues) {
        if (clue.phrase.empty()) continue;
        const bool right = clue.speaks_for == example.topic;
        if (!right && clue.speaks_for != Decided(reading)) continue;
        Deciding& one =
            judged[{std::string(clue.speaks_for), std::string(clue.phrase)}];
        ++(right ? one.right : one.wrong);
        if (one.wrong == 1 && !right) one.witness = example.path;
      }
    }
    const auto note = [&](absl::string_view list_name, const auto& list) {
      for (const auto& topic : list) {
        for (int w = 0; w < topic.wordings_size(); ++w) {
          const Texts& decides = topic.wordings(w).decides();
          for (int i = 0; i < decides.size(); ++i) {
            const auto found = judged.find({topic.id(), decides[i]});
            if (found == judged.end()) continue;
            const Deciding& one = found->second;
            if (one.wrong < kMostWrong || one.wrong <= one.right) continue;
            problems_.Note(
                absl::StrCat(PathOf(list_name, topic.id()), ".wordings[", w,
                             "].decides[", i, "]"),
                absl::StrCat("\"", decides[i], "\" decides for ", one.wrong,
                             " examples of other topics, as ", one.witness,
                             ", and for ", one.right,
                             " of its own; make it longer, or write it in "
                             "phrases"));
          }
        }
      }
    };
    note("needs", policy_.needs());
    note("referrals", policy_.referrals());
  }

  void NoteLexicon() {
    const v1::Lexicon& lexicon = policy_.lexicon();
    NotePhrases("lexicon.negations", lexicon.negations());
    NotePhrases("lexicon.courtesies", lexicon.courtesies());
    NotePhrases("lexicon.place_cues", lexicon.place_cues());
    for (int i = 0; i < lexicon.abbreviations_size(); ++i) {
      const v1::Abbreviation& one = lexicon.abbreviations(i);
      if (Fold(one.written()) != Fold(one.means())) continue;
      problems_.Note(
          absl::StrCat("lexicon.abbreviations[", i, "]"),
          absl::StrCat("\"", one.written(), "\" means itself; leave it out"));
    }
    NoteCommon();
    absl::flat_hash_map<std::string, int> courtesies;
    for (int i = 0; i < lexicon.courtesies_size(); ++i) {
      courtesies[Fold(lexicon.courtesies(i))] = i;
    }
    absl::flat_hash_set<std::string> human;  // areas, which courtesies may ask
    for (const v1::Area& area : policy_.areas()) {
      if (area.human()) human.insert(area.id());
    }
    for (const v1::Need& need : policy_.needs()) {
      if (human.contains(need.area())) continue;
      for (const v1::Wording& wording : need.wordings()) {
        for (const Texts* phrases : {&wording.phrases(), &wording.decides()}) {
          for (const std::string& phrase : *phrases) {
            const auto found = courtesies.find(Fold(phrase));
            if (found == courtesies.end()) continue;
            problems_.Note(
                absl::StrCat("lexicon.courtesies[", found->second, "]"),
                absl::StrCat("\"", phrase, "\" is a phrase of ",
                             PathOf("needs", need.id()),
                             " too; a courtesy asks for nothing"));
          }
        }
      }
    }
  }

  struct Common {
    std::string path;
    const std::string& text;
    int most;  // percent
  };

  template <typename List, typename Add>
  static void AddForbids(absl::string_view list_name, const List& list,
                         Add add) {
    for (const auto& element : list) {
      for (int w = 0; w < element.wordings_size(); ++w) {
        const Texts& forbids = element.wordings(w).forbids();
        for (int i = 0; i < forbids.size(); ++i) {
          add(absl::StrCat(PathOf(list_name, element.id()), ".wordings[", w,
                           "].forbids[", i, "]"),
              forbids[i], kMostForbidden);
        }
      }
    }
  }

  // Negations, names of places and what forbids that stand everywhere.
  void NoteCommon() {
    PhraseIndex index;
    Vocabulary vocabulary;
    std::vector<Common> known;
    const auto add = [&](const std::string& path, const std::string& text,
                         int most) {
      if (index.Add(text, static_cast<int>(known.size()), vocabulary).ok()) {
        known.push_back({path, text, most});
      }
    };
    AddForbids("needs", policy_.needs(), add);
    AddForbids("referrals", policy_.referrals(), add);
    AddForbids("alarms", policy_.alarms(), add);
    for (int i = 0; i < policy_.lexicon().negations_size(); ++i) {
      add(absl::StrCat("lexicon.negations[", i, "]"),
          policy_.lexicon().negations(i), kMostCommon);
    }
    for (const v1::Place& place : policy_.places()) {
      for (int i = 0; i < place.aliases_size(); ++i) {
        if (!HasWord(place.aliases(i))) continue;
        add(absl::StrCat(PathOf("places", place.id()), ".aliases[", i, "]"),
            place.aliases(i), kMostCommon);
      }
    }
    index.Finish(vocabulary);
    std::vector<int> met(known.size()), last(known.size(), -1);
    Words words;
    Matches found;
    for (size_t e = 0; e < examples_.size(); ++e) {
      vocabulary.Read(examples_[e].text, words);
      index.Find(words, 1'000, found);
      for (const Match& match : found) {
        if (last[match.phrase] == static_cast<int>(e)) continue;
        last[match.phrase] = static_cast<int>(e);
        ++met[match.phrase];
      }
    }
    for (size_t i = 0; i < known.size(); ++i) {
      if (met[i] < kMostWrong ||
          met[i] * 100 <= known[i].most * static_cast<int>(examples_.size())) {
        continue;
      }
      problems_.Note(
          known[i].path,
          absl::StrCat("\"", known[i].text, "\" stands in ", met[i], " of ",
                       examples_.size(), " examples; make it longer"));
    }
  }

  template <typename Ids>
  void NoteRepeated(const std::string& path, const Ids& ids) {
    absl::flat_hash_set<absl::string_view> seen;
    for (int i = 0; i < ids.size(); ++i) {
      if (seen.insert(ids[i]).second) continue;
      problems_.Note(
          absl::StrCat(path, "[", i, "]"),
          absl::StrCat("\"", ids[i], "\" is there already; leave it out"));
    }
  }

  void NoteDestinations() {
    absl::flat_hash_set<std::string> named = {policy_.default_unit()};
    bool by_place = false;
    for (const v1::Route& route : policy_.routes()) {
      named.insert(route.unit());
      by_place |= route.unit_of_place();
      const std::string path = PathOf("routes", route.id());
      NoteRepeated(path + ".needs", route.needs());
      NoteRepeated(path + ".areas", route.areas());
      NoteRepeated(path + ".places", route.places());
      NoteRepeated(path + ".facts", route.facts());
    }
    absl::flat_hash_set<std::string> served;
    for (const v1::Unit& unit : policy_.units()) {
      served.insert(unit.serves().begin(), unit.serves().end());
      if (named.contains(unit.id()) || (by_place && unit.serves_size() > 0) ||
          !unit.note().empty()) {
        continue;
      }
      problems_.Note(PathOf("units", unit.id()),
                     "takes no request; name it in a route, or the places that "
                     "it serves, or say in its note why");
    }
    if (by_place) NoteUnserved(served);
    absl::flat_hash_set<std::string> used;
    for (const v1::Need& need : policy_.needs()) used.insert(need.area());
    for (const v1::Area& area : policy_.areas()) {
      if (used.contains(area.id())) continue;
      problems_.Note(PathOf("areas", area.id()),
                     "has no need, so that no message leads to it; write one");
    }
  }

  // Places left out among others of their kind that have a unit.
  void NoteUnserved(const absl::flat_hash_set<std::string>& served) {
    absl::flat_hash_map<std::pair<std::string, int>, std::string> siblings;
    for (const v1::Place& place : policy_.places()) {
      if (served.contains(place.id())) {
        siblings[{place.parent(), place.kind()}] = place.id();
      }
    }
    for (const v1::Place& place : policy_.places()) {
      const auto found = siblings.find({place.parent(), place.kind()});
      if (found == siblings.end() || served.contains(place.id()) ||
          served.contains(place.parent()) || !place.note().empty()) {
        continue;
      }
      problems_.Note(
          PathOf("places", place.id()),
          absl::StrCat(
              "is served by no unit, as \"", found->second,
              "\" is: its requests go to default_unit \"",
              policy_.default_unit(),
              "\"; add it to a unit's serves, or say in its note why"));
    }
  }

  void NoteUrl(const std::string& path, const std::string& url) {
    if (url.empty() || absl::StartsWith(url, "https://") ||
        absl::StartsWith(url, "http://")) {
      return;
    }
    problems_.Note(path, absl::StrCat("\"", url,
                                      "\" is no address; write it from "
                                      "https:// on"));
  }

  template <typename List>
  void NoteContactsOf(absl::string_view list_name, const List& list) {
    for (const auto& element : list) {
      for (int i = 0; i < element.contacts_size(); ++i) {
        const v1::Contact& contact = element.contacts(i);
        const std::string path =
            absl::StrCat(PathOf(list_name, element.id()), ".contacts[", i, "]");
        if (contact.phone().empty() && contact.printed().empty() &&
            contact.url().empty() && contact.email().empty() &&
            contact.label().empty()) {
          problems_.Note(path,
                         "has no way to reach anybody; write phone, "
                         "printed, url or email");
        }
        if (!contact.printed().empty() && !HasDigit(contact.printed())) {
          problems_.Note(path + ".printed",
                         absl::StrCat("\"", contact.printed(),
                                      "\" has no digit; write a number"));
        }
        if (!contact.phone().empty() &&
            (contact.phone()[0] != '+' ||
             contact.phone().find_first_not_of("0123456789", 1) !=
                 std::string::npos)) {
          problems_.Note(path + ".phone",
                         absl::StrCat("\"", contact.phone(),
                                      "\" is no number in full; write one such "
                                      "as \"+5565999634454\""));
        }
        if (!contact.email().empty() &&
            !absl::StrContains(contact.email(), "@")) {
          problems_.Note(path + ".email", absl::StrCat("\"", contact.email(),
                                                       "\" has no \"@\""));
        }
        NoteUrl(path + ".url", contact.url());
      }
    }
  }

  void NoteContacts() {
    NoteContactsOf("units", policy_.units());
    NoteContactsOf("referrals", policy_.referrals());
    for (const v1::Referral& one : policy_.referrals()) {
      for (int i = 0; i < one.to_size(); ++i) {
        if (!IsBlank(one.to(i))) continue;
        problems_.Note(
            absl::StrCat(PathOf("referrals", one.id()), ".to[", i, "]"),
            "is empty; name the body whose work it is");
      }
    }
    for (const v1::EmergencyNumber& one : policy_.emergency_numbers()) {
      const std::string path = PathOf("emergency_numbers", one.id());
      NoteUrl(path + ".url", one.url());
      if (one.number().find_first_not_of("0123456789*# ()+-") ==
          std::string::npos) {
        continue;
      }
      problems_.Note(path + ".number",
                     absl::StrCat("\"", one.number(),
                                  "\" cannot be dialled; write its digits"));
    }
  }

  void NoteActs() {
    for (const v1::Act& act : policy_.acts()) {
      const std::string path = PathOf("acts", act.id());
      if (IsBlank(act.title())) {
        problems_.Note(path + ".title", "is empty; write how it is cited");
      }
      NoteUrl(path + ".url", act.url());
      // Dates are equally long, so that their order is that of their texts.
      if (!policy_.covers_until().empty() &&
          act.published_on() > policy_.covers_until()) {
        problems_.Note(
            path + ".published_on",
            absl::StrCat("\"", act.published_on(),
                         "\" is after covers_until \"", policy_.covers_until(),
                         "\"; is the year right?"));
      }
    }
    if (policy_.services_size() > 0 && policy_.calendar_size() == 0) {
      problems_.Note("calendar",
                     "is empty, so that no day is a holiday; write them, or "
                     "add the file that has them");
    }
  }

  const v1::Policy& policy_;
  const Understanding& understanding_;
  Problems& problems_;
  std::vector<Example> examples_;
  absl::flat_hash_map<std::string, std::string> subjects_;  // id: path
};

}  // namespace

void NotePolicy(const v1::Policy& policy, const Understanding& understanding,
                Problems& problems) {
  Noter(policy, understanding, problems).Run();
}

}  // namespace guiche
