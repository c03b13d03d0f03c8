#include "routing/understanding.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/container/fixed_array.h"
#include "absl/container/inlined_vector.h"
#include "routing/catalog.h"
#include "routing/phrases.h"
#include "routing/place_in_text.h"
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

// One message on its way to a Reading. Everything here holds an ordinary
// message without memory of its own.
class Reader {
 public:
  // `reading` is filled anew.
  Reader(const UnderstandingTable& table, const Points& points,
         const Words& words, Reading& reading)
      : table_(table),
        points_(points),
        words_(words),
        reading_(reading),
        topics_(table.topics()),
        marks_(words.words.size()),
        left_out_(words.words.size()) {
    const auto clear = [](auto& list) {
      std::memset(list.data(), 0, list.size() * sizeof(list[0]));
    };
    clear(topics_);
    clear(marks_);
    clear(left_out_);
  }

  // First what the phrases say...
  void ReadPhrases() {
    Clear();
    table_.index.Find(words_, kMostMatches, matches_);
    MarkWords();
    Negate();
    Forbid();
    KeepLongest();
    CountPhrases();
    NoticeAlarmsAndFacts();
  }

  // ...then the rest.
  void ReadOn(Understanding::Tell tell) {
    RankTopics();
    NoticeLanguage();
    NoticeUrgency();
    FindPlace();
    Decide();
    if (tell == Understanding::Tell::kAll) TellClues();
  }

  // Whether a phrase speaks for a topic.
  bool PhrasesSpeak() const { return !met_topics_.empty(); }

 private:
  const Phrase& PhraseOf(const Match& match) const {
    return table_.phrases[match.phrase];
  }
  absl::string_view TextOf(const Match& match) const {
    return table_.texts[match.phrase];
  }
  int size() const { return static_cast<int>(words_.words.size()); }

  void Clear() {
    reading_.decision = Reading::kEmpty;
    reading_.ranking.clear();
    reading_.area = -1;
    reading_.options.clear();
    reading_.alarms.clear();
    reading_.urgency = 0;
    reading_.sounds_urgent = reading_.sounds_calm = false;
    reading_.facts = 0;
    reading_.place = -1;
    reading_.clues.clear();
    reading_.words = 0;
    reading_.language = "";
  }

  // What single words are good for, whatever topic they speak of.
  void MarkWords() {
    for (const Match& match : matches_) {
      const int length = match.last - match.first + 1;
      switch (PhraseOf(match).speaks) {
        case Speaks::kNegation: {
          uint8_t& ends = marks_[match.last].negation_ends;
          ends = static_cast<uint8_t>(std::max<int>(ends, length));
          break;
        }
        case Speaks::kClauseBreak:
          marks_[match.last].breaks = true;
          break;
        case Speaks::kCourtesy:
          for (int i = match.first; i <= match.last; ++i) {
            marks_[i].courtesy = true;
          }
          break;
        case Speaks::kPlaceCue: {
          uint8_t& ends = marks_[match.last].cue_ends;
          ends = static_cast<uint8_t>(std::max<int>(ends, length));
          break;
        }
        default:
          break;
      }
    }
    reading_.words = static_cast<int>(
        std::count_if(marks_.begin(), marks_.end(),
                      [](const WordMarks& word) { return !word.courtesy; }));
  }

  // Whether a negation reaches the words [first, last], from before them or
  // into them: "nao quero divorcio" is no "quero divorcio".
  bool IsNegated(int first, int last, int reach) const {
    for (int i = first; i <= last; ++i) {
      if (marks_[i].negation_ends > i - first + 1) return true;
    }
    for (int i = first - 1; i >= 0 && i >= first - reach; --i) {
      if (words_.words[i + 1].new_clause) return false;
      if (marks_[i].negation_ends > 0) return true;
      // Right after the negation such a word is none: "nao e pensao".
      if (marks_[i].breaks && (i == 0 || marks_[i - 1].negation_ends == 0)) {
        return false;
      }
    }
    return false;
  }

  void Negate() {
    size_t kept = 0;
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      const bool alarm = phrase.speaks == Speaks::kAlarm;
      if (phrase.speaks > Speaks::kFact) {
        if (phrase.speaks == Speaks::kPlace) matches_[kept++] = match;
        continue;
      }
      if (!IsNegated(match.first, match.last,
                     alarm ? kAlarmNegationReach : kNegationReach)) {
        matches_[kept++] = match;
        if (phrase.speaks == Speaks::kTopic) {
          topics_[phrase.subject].affirmed = true;
        }
        continue;
      }
      if (phrase.speaks == Speaks::kTopic &&
          phrase.role != PhraseRole::kForbids) {
        topics_[phrase.subject].denied = true;
        for (int i = match.first; i <= match.last; ++i) left_out_[i] = 1;
      }
      // "nao e X nao, e Y": the second one belongs to X.
      const int next = match.last + 1;
      if (!alarm && next < size() && !words_.words[next].new_clause) {
        marks_[next].negation_ends = 0;
      }
    }
    matches_.resize(kept);
  }

  // Drops what is forbidden, and the phrases that forbade it.
  void Forbid() {
    absl::InlinedVector<std::pair<Speaks, int>, 64> forbidden;
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      if (phrase.role != PhraseRole::kForbids) continue;
      if (phrase.speaks == Speaks::kTopic) {
        TopicScore& topic = topics_[phrase.subject];
        if (topic.forbidden) continue;
        topic.forbidden = true;
      }
      forbidden.emplace_back(phrase.speaks, phrase.subject);
    }
    if (forbidden.empty()) return;
    std::sort(forbidden.begin(), forbidden.end());
    const auto is_forbidden = [&](const Match& match) {
      const Phrase& phrase = PhraseOf(match);
      return std::binary_search(forbidden.begin(), forbidden.end(),
                                std::pair(phrase.speaks, phrase.subject));
    };
    matches_.erase(
        std::remove_if(matches_.begin(), matches_.end(), is_forbidden),
        matches_.end());
  }

  // Of topics, and of places, what lies within a longer phrase is not said.
  void KeepLongest() {
    absl::InlinedVector<uint8_t, 128> within(matches_.size(), 0);
    size_t window = 0;  // matches before it cannot hold the present one
    size_t group = 0;   // where those with the first word of this one end
    int reach = -1;     // the last word of any before there
    for (size_t i = 0; i < matches_.size(); ++i) {
      const Match& match = matches_[i];
      const Speaks speaks = PhraseOf(match).speaks;
      while (matches_[window].first + kMostMatchWords <= match.first) ++window;
      for (; group < matches_.size() && matches_[group].first <= match.first;
           ++group) {
        reach = std::max(reach, matches_[group].last);
      }
      if (speaks != Speaks::kTopic && speaks != Speaks::kPlace) continue;
      for (size_t j = window; j < group && reach >= match.last; ++j) {
        if (matches_[j].last >= match.last && LiesWithin(match, matches_[j]) &&
            PhraseOf(matches_[j]).speaks == speaks) {
          within[i] = 1;
          break;
        }
      }
    }
    size_t kept = 0;
    for (size_t i = 0; i < matches_.size(); ++i) {
      if (!within[i]) matches_[kept++] = matches_[i];
    }
    matches_.resize(kept);
  }

  int WeightOf(const Match& match) const {
    int weight = 0;
    for (int i = match.first; i <= match.last; ++i) {
      if ((match.spoken >> (i - match.first) & 1) == 0) continue;
      const Word& word = words_.words[i];
      weight += word.id != kUnknownWord ? table_.word_weight[word.id]
                                        : WeightOfStranger(word);
    }
    return weight;
  }

  // Met by a prefix.
  int WeightOfStranger(const Word& word) const {
    Symbols symbols;
    table_.index.PrefixesOf(words_.Text(word), symbols);
    int best = kWordWeight;
    for (const Symbol symbol : symbols) {
      const auto found = table_.prefix_weight.find(symbol);
      if (found != table_.prefix_weight.end()) {
        best = std::max(best, found->second);
      }
    }
    return best;
  }

  v1::Precedence Precedence(const Topic& topic) const {
    return topic.need < 0 ? v1::ORDINARY
                          : table_.catalog->PrecedenceOf(topic.need);
  }

  // What the phrases say of topics, each counted once.
  void CountPhrases() {
    absl::InlinedVector<uint64_t, 128> counted(table_.phrases.size() / 64 + 1,
                                               0);
    for (const Match& match : matches_) {
      const Phrase& phrase = PhraseOf(match);
      if (phrase.speaks != Speaks::kTopic) continue;
      uint64_t& word = counted[match.phrase >> 6];
      const uint64_t bit = uint64_t{1} << (match.phrase & 63);
      if ((word & bit) != 0) continue;
      word |= bit;
      const int weight = WeightOf(match);
      TopicScore& topic = topics_[phrase.subject];
      if (topic.phrases == 0) met_topics_.push_back(phrase.subject);
      topic.phrases += weight;
      topic.decided |= phrase.role == PhraseRole::kDecides;
    }
    for (const int number : met_topics_) {
      topics_[number].score = topics_[number].phrases * points_.phrase / 100;
    }
  }

  // The policy's language, unless a third of the words known and at least two
  // tell of another, or all of them do: half the words are said in both.
  void NoticeLanguage() {
    absl::InlinedVector<int, 8> words(table_.languages.size(), 0);
    int known = 0;
    for (const Word& word : words_.words) {
      if (word.id == kUnknownWord || table_.word_language[word.id] < 0)
        continue;
      ++known;
      ++words[table_.word_language[word.id]];
    }
    if (known == 0) return;
    const auto most = std::max_element(words.begin() + 1, words.end());
    const bool foreign = most != words.end() && 3 * *most >= known &&
                         (*most >= 2 || *most == known);
    reading_.language = table_.languages[foreign ? most - words.begin() : 0];
  }

  // Best first. A deciding phrase counts ahead of everything, then, among those
  // decided, precedence, then the score.
  void RankTopics() {
    if (!table_.model.empty() && reading_.words > 0) AddModel();
    // The order in one number, the topic's rank last.
    absl::InlinedVector<uint64_t, 64> keys;
    for (const int number : met_topics_) {
      const TopicScore& topic = topics_[number];
      uint64_t key = static_cast<uint64_t>(INT32_MAX - topic.score) << 16 |
                     static_cast<uint64_t>(table_.topic_rank[number]);
      if (topic.decided) {
        key |= static_cast<uint64_t>(v1::Precedence_MAX -
                                     table_.topic_precedence[number])
               << 48;
      } else {
        key |= uint64_t{1} << 63;
      }
      keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    for (size_t i = 0; i < keys.size(); ++i) {
      met_topics_[i] = table_.topic_by_rank[keys[i] & 0xFFFF];
    }
    for (const int number : met_topics_) {
      const TopicScore& score = topics_[number];
      if (!table_.IsNeed(number)) {
        const int referral = table_.Referral(number);
        if (table_.catalog->policy.referrals(referral).optional()) {
          if (score.phrases > 0) reading_.options.push_back(referral);
          continue;
        }
      }
      Topic topic;
      (table_.IsNeed(number) ? topic.need : topic.referral) =
          table_.IsNeed(number) ? number : table_.Referral(number);
      topic.score = score.score;
      topic.phrases = score.phrases;
      topic.decided = score.decided;
      reading_.ranking.push_back(topic);
    }
  }

  // Where one topic alone is decided, the model has nothing to say.
  void AddModel() {
    const auto decided =
        std::count_if(met_topics_.begin(), met_topics_.end(),
                      [&](int number) { return topics_[number].decided; });
    if (decided == 1) return;
    table_.model.Weigh(words_, left_out_, sums_);
    const auto is_out = [](const TopicScore& topic) {
      return topic.forbidden || (topic.denied && !topic.affirmed);
    };
    for (const int number : met_topics_) {
      TopicScore& topic = topics_[number];
      if (!is_out(topic)) topic.score += table_.model.PointsOf(sums_, number);
    }
    table_.model.ForEachTopic(sums_, kLeastCandidate,
                              [&](int number, int points) {
                                TopicScore& topic = topics_[number];
                                if (topic.phrases > 0 || is_out(topic)) return;
                                topic.score = points;
                                met_topics_.push_back(number);
                              });
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
    reading_.sounds_calm =
        reading_.urgency + kUrgentNeed < points_.least_urgent;
  }

  void FindPlace() {
    reading_.place = FindPlaceInText(table_, words_, marks_, matches_,
                                     reading_.words, named_);
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

  // Words that are all strange are mistyped, or mere letters: those must reach
  // half as much again.
  bool HasKnownWord() const {
    for (int i = 0; i < size(); ++i) {
      if (words_.words[i].id != kUnknownWord && !marks_[i].courtesy) {
        return true;
      }
    }
    return false;
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
    if (best.phrases == 0 && 2 * best.score < 3 * points_.least_score &&
        !HasKnownWord()) {
      return;
    }
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
    absl::InlinedVector<std::pair<int, int>, 64> words;  // points, word
    for (int i = 0; i < size(); ++i) {
      if (left_out_[i]) continue;
      const int points = table_.model.PointsOfWord(
          sums_, words_, words_.words[i], NumberOf(topic));
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
                                words_.words[match.last].end, TextOf(match),
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
    const auto before = [](const Clue& a, const Clue& b) {
      if (a.begin != b.begin) return a.begin < b.begin;
      if (a.end != b.end) return a.end < b.end;
      if (a.speaks_for != b.speaks_for) return a.speaks_for < b.speaks_for;
      return a.phrase < b.phrase;
    };
    if (clues.size() > kMostClues) {
      std::sort(clues.begin(), clues.end(), [&](const Clue& a, const Clue& b) {
        return a.weight != b.weight ? a.weight > b.weight : before(a, b);
      });
      clues.resize(kMostClues);
    }
    std::sort(clues.begin(), clues.end(), before);
  }

  struct TopicScore {
    int score, phrases;
    bool decided, denied, affirmed, forbidden;
  };

  const UnderstandingTable& table_;
  const Points& points_;
  const Words& words_;
  Reading& reading_;
  LinearModel::Sums sums_;
  Matches matches_;
  NamedPlaces named_;
  absl::FixedArray<TopicScore, 192> topics_;
  absl::InlinedVector<int, 64> met_topics_;  // those with a score
  absl::FixedArray<WordMarks, 64> marks_;    // by word
  absl::FixedArray<uint8_t, 64> left_out_;   // of the model: words denied
};

// Corrects the words that the policy knows nothing of; false if there are none.
bool CorrectSpelling(const UnderstandingTable& table, Words& words) {
  bool corrected = false;
  Symbols symbols;
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
  Reading reading;
  Understand(text, reading);
  return reading;
}

void Understanding::Understand(absl::string_view text, Reading& reading,
                               Tell tell) const {
  Words words;
  table_->vocabulary.Read(text, words);
  {
    Reader reader(*table_, points_, words, reading);
    reader.ReadPhrases();
    reader.ReadOn(tell);
  }
  // A correction is a guess: it is believed where it makes a phrase decide, or
  // tells of an alarm.
  if (reading.decision == Reading::kDecided) return;
  if (!CorrectSpelling(*table_, words)) return;
  Reading corrected;
  Reader reader(*table_, points_, words, corrected);
  reader.ReadPhrases();
  const bool alarms = corrected.alarms.size() > reading.alarms.size();
  if (!alarms && !reader.PhrasesSpeak()) return;
  reader.ReadOn(tell);
  if (alarms || (corrected.decision == Reading::kDecided &&
                 corrected.ranking[0].phrases > 0)) {
    reading = std::move(corrected);
  }
}

}  // namespace guiche
