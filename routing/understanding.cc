#include "routing/understanding.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "routing/catalog.h"
#include "routing/phrases.h"
#include "routing/understanding_table.h"
#include "routing/words.h"

namespace guiche {
namespace {

// A negation turns around what begins at most so many words after it...
constexpr int kNegationReach = 3;
// ...and an alarm only if it stands right before it: "nao aguento mais, vou me
// matar" is one.
constexpr int kAlarmNegationReach = 1;

// What has fewer points than that is not worth a question.
constexpr int kLeastCandidate = 250;

// So many matches of a text count. A message has some dozens.
constexpr size_t kMostMatches = 4096;
constexpr size_t kMostClues = 100;

// The words of the model are told of the best topics, the weightiest of each.
constexpr size_t kTopicsExplained = 2;
constexpr size_t kWordsExplained = 4;
constexpr int kLeastWordPoints = 15;

}  // namespace

absl::string_view UnderstandingTable::IdOf(const Phrase& phrase) const {
  switch (phrase.speaks) {
    case Speaks::kTopic:
      return TopicId(phrase.subject);
    case Speaks::kAlarm:
      return catalog->policy.alarms(phrase.subject).id();
    case Speaks::kFact:
      return catalog->policy.facts(phrase.subject).id();
    case Speaks::kPlace:
      return catalog->places[phrase.subject].id;
    default:
      return "";
  }
}

namespace {

// Whether all words of `part` are words of `whole`, and more are.
bool LiesWithin(const Match& part, const Match& whole) {
  if (part.first < whole.first || part.last > whole.last) return false;
  const uint64_t words = part.spoken << (part.first - whole.first);
  return (words & ~whole.spoken) == 0 && words != whole.spoken;
}

// One message on its way to a Reading.
class Reader {
 public:
  Reader(const UnderstandingTable& table, const Points& points, Words words)
      : table_(table), points_(points), words_(std::move(words)) {}

  Reading Read() {
    matches_ = table_.index.Find(words_, kMostMatches);
    MarkWords();
    Negate();
    Forbid();
    KeepLongest();
    ScoreTopics();
    NoticeAlarmsAndFacts();
    NoticeUrgency();
    FindPlace();
    Decide();
    TellClues();
    return std::move(reading_);
  }

 private:
  const Phrase& PhraseOf(const Match& match) const {
    return table_.phrases[match.phrase];
  }
  int size() const { return static_cast<int>(words_.words.size()); }

  // What single words are good for, whatever topic they speak of.
  void MarkWords() {
    const size_t size = words_.words.size();
    negation_ends_.assign(size, 0);
    breaks_.assign(size, 0);
    courtesy_.assign(size, 0);
    left_out_.assign(size, 0);
    cue_ends_.assign(size, 0);
    for (const Match& match : matches_) {
      const int length = match.last - match.first + 1;
      switch (PhraseOf(match).speaks) {
        case Speaks::kNegation:
          negation_ends_[match.last] =
              std::max<int>(negation_ends_[match.last], length);
          break;
        case Speaks::kClauseBreak:
          breaks_[match.last] = 1;
          break;
        case Speaks::kCourtesy:
          for (int i = match.first; i <= match.last; ++i) courtesy_[i] = 1;
          break;
        case Speaks::kPlaceCue:
          cue_ends_[match.last] = std::max<int>(cue_ends_[match.last], length);
          break;
        default:
          break;
      }
    }
    reading_.words =
        static_cast<int>(std::count(courtesy_.begin(), courtesy_.end(), 0));
  }

  // Whether a negation reaches the word `first`.
  bool IsNegated(int first, int reach) const {
    for (int i = first - 1; i >= 0 && i >= first - reach; --i) {
      if (words_.words[i + 1].new_clause) return false;
      if (negation_ends_[i] > 0) return true;
      // Right after the negation such a word is none: "nao e pensao".
      if (breaks_[i] && (i == 0 || negation_ends_[i - 1] == 0)) return false;
    }
    return false;
  }

  void Negate() {
    std::vector<Match> kept;
    absl::flat_hash_set<int> affirmed;
    for (const Match& match : matches_) {
      const Speaks speaks = PhraseOf(match).speaks;
      const bool alarm = speaks == Speaks::kAlarm;
      if (speaks > Speaks::kFact) {
        if (speaks == Speaks::kPlace) kept.push_back(match);
        continue;
      }
      if (!IsNegated(match.first,
                     alarm ? kAlarmNegationReach : kNegationReach)) {
        kept.push_back(match);
        if (speaks == Speaks::kTopic) affirmed.insert(PhraseOf(match).subject);
        continue;
      }
      if (speaks == Speaks::kTopic &&
          PhraseOf(match).role != PhraseRole::kForbids) {
        excluded_.insert(PhraseOf(match).subject);
        for (int i = match.first; i <= match.last; ++i) left_out_[i] = 1;
      }
      // "nao e X nao, e Y": the second one belongs to X.
      const int next = match.last + 1;
      if (!alarm && next < size() && !words_.words[next].new_clause) {
        negation_ends_[next] = 0;
      }
    }
    matches_ = std::move(kept);
    for (const int topic : affirmed) excluded_.erase(topic);
  }

  // Drops what is forbidden, and the phrases that forbade it.
  void Forbid() {
    absl::flat_hash_set<std::pair<int, int>> forbidden;
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      if (phrase.role == PhraseRole::kForbids) {
        forbidden.emplace(static_cast<int>(phrase.speaks), phrase.subject);
        if (phrase.speaks == Speaks::kTopic) excluded_.insert(phrase.subject);
      }
    }
    if (forbidden.empty()) return;
    matches_.erase(
        std::remove_if(matches_.begin(), matches_.end(),
                       [&](const Match& match) {
                         const Phrase& phrase = PhraseOf(match);
                         return forbidden.contains(
                             {static_cast<int>(phrase.speaks), phrase.subject});
                       }),
        matches_.end());
  }

  // Of topics, and of places, what lies within a longer phrase is not said.
  void KeepLongest() {
    std::vector<Match> kept;
    size_t window = 0;  // matches before it cannot hold the present one
    for (size_t i = 0; i < matches_.size(); ++i) {
      const Match& match = matches_[i];
      const Speaks speaks = PhraseOf(match).speaks;
      while (matches_[window].first + 64 <= match.first) ++window;
      bool within = false;
      if (speaks == Speaks::kTopic || speaks == Speaks::kPlace) {
        for (size_t j = window; j < matches_.size() && !within; ++j) {
          if (matches_[j].first > match.first) break;
          within = PhraseOf(matches_[j]).speaks == speaks &&
                   LiesWithin(match, matches_[j]);
        }
      }
      if (!within) kept.push_back(match);
    }
    matches_ = std::move(kept);
  }

  int WeightOf(const Match& match) const {
    int weight = 0;
    std::vector<Symbol> symbols;
    for (int i = match.first; i <= match.last; ++i) {
      if ((match.spoken >> (i - match.first) & 1) == 0) continue;
      const Word& word = words_.words[i];
      if (word.id != kUnknownWord) {
        weight += table_.word_weight[word.id];
        continue;
      }
      symbols.clear();
      table_.index.PrefixesOf(words_.Text(word), symbols);
      int best = kWordWeight;
      for (const Symbol symbol : symbols) {
        const auto found = table_.prefix_weight.find(symbol);
        if (found != table_.prefix_weight.end()) {
          best = std::max(best, found->second);
        }
      }
      weight += best;
    }
    return weight;
  }

  v1::Precedence Precedence(const Topic& topic) const {
    return topic.need < 0 ? v1::ORDINARY
                          : table_.catalog->PrecedenceOf(topic.need);
  }

  absl::string_view IdOf(const Topic& topic) const {
    return topic.need < 0
               ? table_.catalog->policy.referrals(topic.referral).id()
               : table_.catalog->policy.needs(topic.need).id();
  }

  // Less is better. A deciding phrase counts ahead of everything, then, among
  // those decided, precedence, then the score.
  std::tuple<bool, int, int> Rank(const Topic& topic) const {
    return {!topic.decided, topic.decided ? -Precedence(topic) : 0,
            -topic.score};
  }

  void ScoreTopics() {
    absl::flat_hash_map<int, Topic> topics;
    absl::flat_hash_set<int> counted;  // each phrase counts once
    std::vector<int> by_language(table_.languages.size());
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      if (phrase.speaks != Speaks::kTopic) continue;
      if (!counted.insert(match.phrase).second) continue;
      const int weight = WeightOf(match);
      by_language[phrase.language] += weight;
      Topic& topic = topics[phrase.subject];
      topic.phrases += weight;
      topic.decided |= phrase.role == PhraseRole::kDecides;
    }
    for (auto& [number, topic] : topics) {
      topic.score = topic.phrases * points_.phrase / 100;
    }
    if (!table_.model.empty() && reading_.words > 0) AddModel(topics);
    for (auto& [number, topic] : topics) {
      if (table_.IsNeed(number)) {
        topic.need = number;
      } else {
        topic.referral = table_.Referral(number);
      }
    }
    std::vector<Topic> ranked;
    for (const auto& [number, topic] : topics) ranked.push_back(topic);
    std::sort(
        ranked.begin(), ranked.end(), [&](const Topic& a, const Topic& b) {
          return Rank(a) != Rank(b) ? Rank(a) < Rank(b) : IdOf(a) < IdOf(b);
        });
    for (const Topic& topic : ranked) {
      if (topic.referral >= 0 &&
          table_.catalog->policy.referrals(topic.referral).optional()) {
        if (topic.phrases > 0) reading_.options.push_back(topic.referral);
      } else {
        reading_.ranking.push_back(topic);
      }
    }
    const auto most = std::max_element(by_language.begin(), by_language.end());
    if (*most > 0) {
      reading_.language = table_.languages[most - by_language.begin()];
    }
  }

  // Where one topic alone is decided, the model has nothing to say.
  void AddModel(absl::flat_hash_map<int, Topic>& topics) {
    const auto decided =
        std::count_if(topics.begin(), topics.end(),
                      [](const auto& one) { return one.second.decided; });
    if (decided == 1) return;
    table_.model.Weigh(words_, left_out_, sums_);
    for (int number = 0; number < table_.topics(); ++number) {
      if (excluded_.contains(number)) continue;
      const int points = table_.model.PointsOf(sums_, number);
      const auto found = topics.find(number);
      if (found != topics.end()) {
        found->second.score += points;
      } else if (points >= kLeastCandidate) {
        topics[number].score = points;
      }
    }
  }

  void NoticeAlarmsAndFacts() {
    const Catalog& catalog = *table_.catalog;
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      if (phrase.speaks == Speaks::kFact) {
        reading_.facts |= FactSet{1} << phrase.subject;
      } else if (phrase.speaks == Speaks::kAlarm) {
        reading_.facts |= catalog.alarm_facts[phrase.subject];
        reading_.alarms.push_back(phrase.subject);
      }
    }
    const auto rank = [&](int alarm) {
      return std::make_pair(
          -catalog.policy.alarms(alarm).precedence(),
          absl::string_view(catalog.policy.alarms(alarm).id()));
    };
    std::vector<int>& alarms = reading_.alarms;
    std::sort(alarms.begin(), alarms.end(),
              [&](int a, int b) { return rank(a) < rank(b); });
    alarms.erase(std::unique(alarms.begin(), alarms.end()), alarms.end());
  }

  void NoticeUrgency() {
    if (table_.model.empty() || reading_.words == 0) return;
    reading_.urgency = sums_.features > 0
                           ? table_.model.UrgencyOf(sums_)
                           : table_.model.UrgencyOf(words_, left_out_);
    reading_.sounds_urgent = reading_.urgency >= points_.least_urgent;
  }

  // How surely the words name a place, 0 if they may mean something else.
  // "Vera" and "Campo Verde" need company, "Lucas do Rio Verde" needs none.
  int PlaceCertainty(const Match& match) const {
    const int length = match.last - match.first + 1;
    if (match.first > 0 && cue_ends_[match.first - 1] > 0) {
      return 2 + cue_ends_[match.first - 1];
    }
    if (length >= 3 || reading_.words == length) return 2;
    const bool own_clause =
        (match.first == 0 || words_.words[match.first].new_clause) &&
        (match.last + 1 == size() || words_.words[match.last + 1].new_clause);
    return length == 2 && own_clause ? 1 : 0;
  }

  // The place most surely named; of two named as surely, neither, unless one
  // lies in the other.
  void FindPlace() {
    const Places& places = table_.catalog->places;
    int best = 0;
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      if (phrase.speaks != Speaks::kPlace) continue;
      const int certainty = PlaceCertainty(match);
      if (certainty == 0) continue;
      named_.push_back(match);
      if (certainty > best) {
        best = certainty;
        reading_.place = phrase.subject;
      } else if (certainty == best && reading_.place >= 0 &&
                 !places.In(reading_.place, phrase.subject)) {
        reading_.place =
            places.In(phrase.subject, reading_.place) ? phrase.subject : -1;
      }
    }
  }

  // Whether `next` is too close behind `best` to tell them apart.
  bool Close(const Topic& best, const Topic& next, int lead) const {
    if (best.decided != next.decided) return false;
    if (best.decided && Precedence(best) != Precedence(next)) return false;
    return best.score - next.score < lead;
  }

  int LeadOver(const Topic& best, const Topic& next) const {
    return AreaOf(best) == AreaOf(next) ? points_.least_lead
                                        : points_.least_area_lead;
  }

  int AreaOf(const Topic& topic) const {
    return topic.need < 0 ? -1 : table_.catalog->need_area[topic.need];
  }

  // The area whose best need leads those of all others; referrals stand
  // against it as one. -1: none does.
  int LeadingArea() const {
    const Topic& best = reading_.ranking[0];
    for (const Topic& topic : reading_.ranking) {
      if (AreaOf(topic) != AreaOf(best)) {
        return Close(best, topic, points_.least_area_lead) ? -1 : AreaOf(best);
      }
    }
    return AreaOf(best);
  }

  void Decide() {
    if (reading_.ranking.empty()) {
      reading_.decision =
          reading_.words > 0 ? Reading::kNothing : Reading::kEmpty;
      return;
    }
    const Topic& best = reading_.ranking[0];
    reading_.decision = Reading::kUnsure;
    if (!best.decided && best.score < points_.least_score) return;
    const Topic* next =
        reading_.ranking.size() > 1 ? &reading_.ranking[1] : nullptr;
    if (next == nullptr || !Close(best, *next, LeadOver(best, *next))) {
      reading_.decision = Reading::kDecided;
    } else {
      reading_.area = LeadingArea();
    }
  }

  int NumberOf(const Topic& topic) const {
    return topic.need >= 0
               ? topic.need
               : table_.catalog->policy.needs_size() + topic.referral;
  }

  // The words that by the model speak most for a topic.
  void TellWords(const Topic& topic) {
    if (sums_.features == 0) return;
    std::vector<std::pair<int, int>> words;  // points, word
    for (int i = 0; i < size(); ++i) {
      if (left_out_[i]) continue;
      const Word& word = words_.words[i];
      const absl::string_view text = word.id == kUnknownWord
                                         ? words_.Text(word)
                                         : table_.vocabulary.Text(word.id);
      const int points =
          table_.model.PointsOfWord(sums_, word, text, NumberOf(topic));
      if (points >= kLeastWordPoints) words.emplace_back(-points, i);
    }
    std::sort(words.begin(), words.end());
    if (words.size() > kWordsExplained) words.resize(kWordsExplained);
    for (const auto& [points, i] : words) {
      reading_.clues.push_back({words_.words[i].begin, words_.words[i].end, "",
                                table_.TopicId(NumberOf(topic)), -points});
    }
  }

  void TellClues() {
    const auto tell = [&](const Match& match) {
      const Phrase& phrase = PhraseOf(match);
      reading_.clues.push_back({words_.words[match.first].begin,
                                words_.words[match.last].end, phrase.text,
                                table_.IdOf(phrase),
                                WeightOf(match) * points_.phrase / 100});
    };
    for (const Match& match : matches_) {
      if (PhraseOf(match).speaks != Speaks::kPlace) tell(match);
    }
    for (const Match& match : named_) tell(match);
    for (size_t i = 0; i < reading_.ranking.size() && i < kTopicsExplained;
         ++i) {
      TellWords(reading_.ranking[i]);
    }
    // In full, so that the order of the policy's elements shows nowhere.
    std::vector<Clue>& clues = reading_.clues;
    const auto place = [](const Clue& clue) {
      return std::make_tuple(clue.begin, clue.end, clue.speaks_for,
                             clue.phrase);
    };
    if (clues.size() > kMostClues) {
      std::sort(clues.begin(), clues.end(), [&](const Clue& a, const Clue& b) {
        return a.weight != b.weight ? a.weight > b.weight : place(a) < place(b);
      });
      clues.resize(kMostClues);
    }
    std::sort(clues.begin(), clues.end(), [&](const Clue& a, const Clue& b) {
      return place(a) < place(b);
    });
  }

  const UnderstandingTable& table_;
  const Points& points_;
  Words words_;
  LinearModel::Sums sums_;
  std::vector<Match> matches_;
  std::vector<Match> named_;           // places
  absl::flat_hash_set<int> excluded_;  // topics denied or forbidden
  // By word: how many words long a negation or cue is that ends there, whether
  // it ends what a negation reaches, whether it belongs to a courtesy.
  std::vector<uint8_t> negation_ends_, cue_ends_, breaks_, courtesy_;
  std::vector<uint8_t> left_out_;  // of the model: words denied
  Reading reading_;
};

// Corrects the words that the policy knows nothing of; false if there are none.
bool CorrectSpelling(const UnderstandingTable& table, Words& words) {
  bool corrected = false;
  std::vector<Symbol> symbols;
  for (Word& word : words.words) {
    if (word.id != kUnknownWord) continue;
    symbols.clear();
    table.index.PrefixesOf(words.Text(word), symbols);
    if (!symbols.empty()) continue;
    word.id = table.spelling.Correct(words.Text(word), table.vocabulary);
    corrected |= word.id != kUnknownWord;
  }
  return corrected;
}

}  // namespace

Points PointsOf(const v1::Model& model) {
  return {model.phrase_points(), model.least_score(), model.least_lead(),
          model.least_area_lead(), model.least_urgent()};
}

Understanding::Understanding(std::shared_ptr<const UnderstandingTable> table,
                             Points points)
    : table_(std::move(table)), points_(points) {}

Reading Understanding::Understand(absl::string_view text) const {
  Words words = table_->vocabulary.Read(text);
  Reading reading = Reader(*table_, points_, words).Read();
  // A correction is a guess: it is believed where it makes a phrase decide.
  if (reading.decision == Reading::kDecided) return reading;
  if (!CorrectSpelling(*table_, words)) return reading;
  Reading corrected = Reader(*table_, points_, std::move(words)).Read();
  const bool decided = corrected.decision == Reading::kDecided &&
                       corrected.ranking[0].phrases > 0;
  return decided || corrected.alarms.size() > reading.alarms.size() ? corrected
                                                                    : reading;
}

}  // namespace guiche
