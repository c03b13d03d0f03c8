#include "routing/phrases.h"

#include <algorithm>

#include "absl/container/fixed_array.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "policy/fold.h"

namespace guiche {
namespace {

constexpr Symbol kGapSymbol = -2;
// Of a step that a gap stands before.
constexpr Symbol kAfterGap = 1 << 30;
constexpr absl::string_view kGap = "...";

// In order. A phrase can be met from one word in several ways: the shortest is
// kept.
void Tidy(Matches& found) {
  std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) {
    if (a.first != b.first) return a.first < b.first;
    if (a.phrase != b.phrase) return a.phrase < b.phrase;
    if (a.last != b.last) return a.last < b.last;
    return a.spoken > b.spoken;  // so that no order of anything decides
  });
  const auto again = [](const Match& a, const Match& b) {
    return a.first == b.first && a.phrase == b.phrase;
  };
  found.erase(std::unique(found.begin(), found.end(), again), found.end());
}

}  // namespace

Symbol PhraseIndex::PrefixSymbol(absl::string_view prefix) {
  const Symbol next =
      kFirstPrefix + static_cast<Symbol>(prefix_symbols_.size());
  return prefix_symbols_.try_emplace(std::string(prefix), next).first->second;
}

// One symbol stands for itself.
Symbol PhraseIndex::ChoiceSymbol(std::vector<Symbol> among) {
  std::sort(among.begin(), among.end());
  among.erase(std::unique(among.begin(), among.end()), among.end());
  if (among.size() == 1) return among[0];
  const Symbol next =
      kFirstChoice + static_cast<Symbol>(choice_symbols_.size());
  return choice_symbols_.try_emplace(std::move(among), next).first->second;
}

absl::Status PhraseIndex::Add(absl::string_view text, int phrase,
                              Vocabulary& vocabulary) {
  if (text.size() > kLongestPhrase) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", text.size(), " bytes; at most ", kLongestPhrase));
  }
  // Folding turns U+2026 into three dots.
  const std::string spaced = absl::StrReplaceAll(Fold(text), {{kGap, " ... "}});
  std::vector<std::vector<Symbol>> variants(1);
  std::vector<Symbol> leaves;
  int gaps = 0;
  for (absl::string_view part :
       absl::StrSplit(spaced, absl::ByAnyChar(" \t\n"), absl::SkipEmpty())) {
    if (part == kGap) {
      if (variants[0].empty()) {
        return absl::InvalidArgumentError(
            "\"...\" at its beginning stands for nothing");
      }
      if (variants[0].back() == kGapSymbol) {
        return absl::InvalidArgumentError("two \"...\" in a row; write one");
      }
      if (++gaps > kMostPhraseGaps) {
        return absl::InvalidArgumentError(
            absl::StrCat("more than ", kMostPhraseGaps, " \"...\""));
      }
      for (auto& variant : variants) variant.push_back(kGapSymbol);
      continue;
    }
    // Single words become one symbol; an abbreviation of several words is a
    // variant of its own.
    std::vector<Symbol> singles;
    std::vector<std::vector<Symbol>> choices;
    for (absl::string_view choice : absl::StrSplit(part, '|')) {
      const size_t star = choice.find('*');
      if (choice.empty()) {
        return absl::InvalidArgumentError(absl::StrCat(
            "\"", part, "\" has an empty alternative; write \"a|b\""));
      }
      if (star != absl::string_view::npos) {
        Words words;
        SplitWords(choice, words);
        if (star + 1 != choice.size() || words.words.size() != 1 ||
            words.words[0].size < kShortestPrefix) {
          return absl::InvalidArgumentError(absl::StrCat(
              "\"", choice, "\" is no prefix; write at least ", kShortestPrefix,
              " letters and \"*\" after them, as in \"prend*\""));
        }
        singles.push_back(PrefixSymbol(words.Text(words.words[0])));
        continue;
      }
      std::vector<int> ids = vocabulary.Learn(choice);
      if (ids.size() == 1) {
        singles.push_back(ids[0]);
      } else if (!ids.empty()) {
        choices.push_back(std::move(ids));
      } else if (absl::StrContains(part, '|')) {
        return absl::InvalidArgumentError(
            absl::StrCat("\"", part, "\" has an alternative without a word"));
      }
    }
    leaves.insert(leaves.end(), singles.begin(), singles.end());
    for (const auto& choice : choices) {
      leaves.insert(leaves.end(), choice.begin(), choice.end());
    }
    if (!singles.empty()) choices.push_back({ChoiceSymbol(singles)});
    if (choices.empty()) continue;  // mere punctuation
    std::vector<std::vector<Symbol>> longer;
    for (const auto& variant : variants) {
      for (const auto& choice : choices) {
        longer.push_back(variant);
        longer.back().insert(longer.back().end(), choice.begin(), choice.end());
      }
    }
    if (longer.size() > kMostPhraseVariants) {
      return absl::InvalidArgumentError(
          absl::StrCat("stands for more than ", kMostPhraseVariants,
                       " phrases; write several with fewer \"|\""));
    }
    variants = std::move(longer);
  }
  if (variants[0].empty()) return absl::InvalidArgumentError("has no word");
  if (variants[0].back() == kGapSymbol) {
    return absl::InvalidArgumentError("\"...\" at its end stands for nothing");
  }
  std::sort(variants.begin(), variants.end());
  variants.erase(std::unique(variants.begin(), variants.end()), variants.end());
  for (const auto& variant : variants) {
    if (variant.size() > kMostPhraseWords) {
      return absl::InvalidArgumentError(
          absl::StrCat("has more than ", kMostPhraseWords, " words"));
    }
    Insert(variant, phrase);
  }
  symbols_[phrase] = std::move(leaves);
  return absl::OkStatus();
}

void PhraseIndex::AddWords(const std::vector<int>& words, int phrase) {
  if (words.empty() || words.size() > kMostMatchWords) return;
  Insert(words, phrase);
  symbols_[phrase] = words;
}

void PhraseIndex::Insert(const std::vector<Symbol>& symbols, int phrase) {
  if (symbols_.size() <= static_cast<size_t>(phrase)) {
    symbols_.resize(phrase + 1);
  }
  Path path = {static_cast<int>(steps_.size()), phrase, 0, false};
  Symbol gap = 0;
  for (const Symbol symbol : symbols) {
    if (symbol == kGapSymbol) {
      gap = kAfterGap;
      path.gaps = true;
      continue;
    }
    steps_.push_back(symbol | gap);
    ++path.size;
    gap = 0;
  }
  paths_.push_back(path);
}

void PhraseIndex::Finish(const Vocabulary& vocabulary) {
  words_ = vocabulary.size();
  const auto size = [](const auto& list) {
    return static_cast<int>(list.size());
  };
  for (const auto& [text, symbol] : prefix_symbols_) {
    Range& range = prefixes_by_byte_[static_cast<unsigned char>(text[0])];
    if (range.end == 0) range.begin = size(prefixes_);
    prefixes_.emplace_back(text, symbol);
    range.end = size(prefixes_);
  }
  for (const auto& [among, choice] : choice_symbols_) {
    for (const Symbol symbol : among) choices_with_[symbol].push_back(choice);
  }
  anchors_at_.resize(words_ + prefix_symbols_.size() + choice_symbols_.size());
  std::vector<int> said(anchors_at_.size());
  for (int id = 0; id < words_; ++id) {
    MetBy met_by = {};
    met_by.symbols.begin = size(symbols_met_);
    Symbols symbols;
    PrefixesOf(vocabulary.Text(id), symbols);
    for (int i = size(symbols) - 1; i >= 0; --i) {
      AddChoicesWith(symbols[i], symbols);
    }
    AddChoicesWith(id, symbols);
    std::sort(symbols.begin(), symbols.end());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
    said[id] = vocabulary.TimesSaid(id);
    Hint(id, met_by);
    for (const Symbol symbol : symbols) {
      Hint(symbol, met_by);
      said[Dense(symbol)] += said[id];
    }
    symbols_met_.insert(symbols_met_.end(), symbols.begin(), symbols.end());
    met_by.symbols.end = size(symbols_met_);
    met_by_.push_back(met_by);
  }
  for (const Path& path : paths_) {
    const Anchor anchor = AnchorOf(path, said);
    anchors_at_[Dense(steps_[path.steps + anchor.before])].push_back(anchor);
  }
  for (int id = 0; id < words_; ++id) {
    MetBy& met_by = met_by_[id];
    met_by.anchors.begin = size(anchors_met_);
    const auto add = [&](Symbol symbol) {
      const std::vector<Anchor>& here = anchors_at_[Dense(symbol)];
      anchors_met_.insert(anchors_met_.end(), here.begin(), here.end());
    };
    add(id);
    for (int i = met_by.symbols.begin; i < met_by.symbols.end; ++i) {
      add(symbols_met_[i]);
    }
    met_by.anchors.end = size(anchors_met_);
  }
}

PhraseIndex::Anchor PhraseIndex::AnchorOf(const Path& path,
                                          const std::vector<int>& said) const {
  const Symbol* const steps = &steps_[path.steps];
  const auto said_at = [&](int i) { return said[Dense(steps[i])]; };
  const auto after_gap = [&](int i) { return (steps[i] & kAfterGap) != 0; };
  int rarest = 0;
  for (int i = 1; i < path.size; ++i) {
    if (said_at(i) < said_at(rarest)) rarest = i;
  }
  Anchor anchor = {path, 0, 0, static_cast<uint8_t>(rarest), 0, steps[rarest]};
  for (int i = 1; i <= rarest; ++i) {
    if (after_gap(i)) anchor.gap_words += kWidestGap;
  }
  // Of its neighbors the rarer one, but rather one that is right beside it.
  const auto cost = [&](int i, bool gap) {
    return int64_t{said_at(i)} * (gap ? 1 + kWidestGap : 1);
  };
  int64_t least = 0;
  if (rarest > 0) {
    const bool gap = after_gap(rarest);
    least = cost(rarest - 1, gap);
    anchor.beside = steps[rarest - 1];
    anchor.from = static_cast<int8_t>(gap ? -1 - kWidestGap : -1);
    anchor.to = -1;
  }
  if (rarest + 1 < path.size) {
    const bool gap = after_gap(rarest + 1);
    if (rarest == 0 || cost(rarest + 1, gap) < least) {
      anchor.beside = steps[rarest + 1];
      anchor.from = 1;
      anchor.to = static_cast<int8_t>(gap ? 1 + kWidestGap : 1);
    }
  }
  anchor.beside &= ~kAfterGap;
  return anchor;
}

void PhraseIndex::PrefixesOf(absl::string_view word, Symbols& prefixes) const {
  if (word.empty()) return;
  const Range& range = prefixes_by_byte_[static_cast<unsigned char>(word[0])];
  for (int i = range.begin; i < range.end; ++i) {
    if (absl::StartsWith(word, prefixes_[i].first)) {
      prefixes.push_back(prefixes_[i].second);
    }
  }
}

template <typename List>
void PhraseIndex::AddChoicesWith(Symbol symbol, List& symbols) const {
  const auto found = choices_with_.find(symbol);
  if (found == choices_with_.end()) return;
  symbols.insert(symbols.end(), found->second.begin(), found->second.end());
}

// Adds what meets a word that is not of the vocabulary to `symbols`.
PhraseIndex::MetBy PhraseIndex::MeetStranger(absl::string_view word,
                                             Symbols& symbols) const {
  MetBy met_by = {};
  met_by.symbols.begin = static_cast<int>(symbols.size());
  PrefixesOf(word, symbols);
  const size_t prefixes_end = symbols.size();
  for (size_t i = met_by.symbols.begin; i < prefixes_end; ++i) {
    AddChoicesWith(Symbol{symbols[i]}, symbols);
  }
  const auto begin = symbols.begin() + met_by.symbols.begin;
  std::sort(begin, symbols.end());
  symbols.erase(std::unique(begin, symbols.end()), symbols.end());
  met_by.symbols.end = static_cast<int>(symbols.size());
  for (int i = met_by.symbols.begin; i < met_by.symbols.end; ++i) {
    Hint(symbols[i], met_by);
  }
  return met_by;
}

size_t PhraseIndex::Dense(Symbol symbol) const {
  symbol &= ~kAfterGap;
  if (symbol < kFirstPrefix) return symbol;
  if (symbol < kFirstChoice) return words_ + (symbol - kFirstPrefix);
  return words_ + prefix_symbols_.size() + (symbol - kFirstChoice);
}

void PhraseIndex::Hint(Symbol symbol, MetBy& met_by) {
  met_by.hint[symbol >> 6 & 3] |= uint64_t{1} << (symbol & 63);
}

bool PhraseIndex::Meets(const Step& step, Symbol symbol) {
  if (symbol < kFirstPrefix) return symbol == step.id;
  const MetBy& by = *step.met_by;
  return MayMeet(by, symbol) &&
         std::binary_search(step.symbols + by.symbols.begin,
                            step.symbols + by.symbols.end, symbol);
}

// Whether the steps [step, end) are met from word `next` on; adds them to
// `match` if so.
bool PhraseIndex::FollowGaps(int step, int end, int next, const Text& text,
                             Match& match) const {
  if (step == end) return true;
  const Symbol symbol = steps_[step] & ~kAfterGap;
  const int widest = symbol != steps_[step] ? kWidestGap : 0;
  const int size = static_cast<int>(text.size());
  const Match before = match;
  for (int at = next; at < size && at <= next + widest; ++at) {
    if (widest > 0 && text[at].new_sentence) break;
    if (!Meets(text[at], symbol)) continue;
    match.last = at;
    match.spoken |= uint64_t{1} << (at - match.first);
    if (FollowGaps(step + 1, end, at + 1, text, match)) return true;
    match = before;
  }
  return false;
}

// Whether `path` is met from word `first` on; `match` says how.
bool PhraseIndex::Follow(const Path& path, int first, const Text& text,
                         Match& match) const {
  match = {path.phrase, first, first, 0};
  if (path.gaps) {
    return FollowGaps(path.steps, path.steps + path.size, first, text, match);
  }
  if (first + path.size > static_cast<int>(text.size())) return false;
  const Symbol* const steps = &steps_[path.steps];
  for (int i = 0; i < path.size; ++i) {
    if (!Meets(text[first + i], steps[i])) return false;
  }
  match.last = first + path.size - 1;
  match.spoken = ~uint64_t{0} >> (64 - path.size);
  return true;
}

void PhraseIndex::Find(const Words& words, size_t limit, Matches& found) const {
  found.clear();
  // Nothing meets what stands before the text and after it.
  constexpr int kMargin = 1 + kWidestGap;
  static constexpr MetBy kMetByNothing = {};
  const int size = static_cast<int>(words.words.size());
  Symbols symbols;  // of strangers
  absl::InlinedVector<MetBy, 8> strangers;
  for (const Word& word : words.words) {
    if (word.id != kUnknownWord) continue;
    strangers.push_back(MeetStranger(words.Text(word), symbols));
  }
  const MetBy* stranger = strangers.data();
  absl::FixedArray<Step, 64 + 2 * kMargin> steps(size + 2 * kMargin);
  const Text text(&steps[kMargin], size);
  for (int i = -kMargin; i < 0; ++i) {
    steps[kMargin + i] = steps[2 * kMargin + size + i] = {
        kUnknownWord, true, &kMetByNothing, nullptr};
  }
  for (int i = 0; i < size; ++i) {
    const Word& word = words.words[i];
    Step& step = steps[kMargin + i];
    if (word.id != kUnknownWord) {
      step = {word.id, word.new_sentence, &met_by_[word.id],
              symbols_met_.data()};
      __builtin_prefetch(anchors_met_.data() + step.met_by->anchors.begin);
    } else {
      step = {word.id, word.new_sentence, stranger++, symbols.data()};
    }
  }
  // Where the step beside may be met, all of a path is compared. Without a
  // branch that cannot be foreseen, so some are gathered first.
  struct Candidate {
    const Anchor* anchor;
    int at;
  };
  constexpr int kMost = 128;
  Candidate candidates[kMost];
  int count = 0;
  const auto compare = [&] {
    for (int number = 0; number < count; ++number) {
      const Anchor& anchor = *candidates[number].anchor;
      const int last_first = candidates[number].at - anchor.before;
      for (int first = std::max(0, last_first - anchor.gap_words);
           first <= last_first; ++first) {
        Match match;
        if (Follow(anchor.path, first, text, match)) found.push_back(match);
      }
    }
    count = 0;
  };
  const auto gather = [&](int i, const Anchor* anchor, const Anchor* end) {
    const Step* const step = &steps[kMargin + i];
    for (; anchor != end; ++anchor) {
      bool may_meet = false;
      for (int at{anchor->from}; at <= anchor->to; ++at) {
        may_meet |= MayMeet(*step[at].met_by, anchor->beside);
      }
      candidates[count] = {anchor, i};
      count += may_meet;
      if (count == kMost) compare();
    }
  };
  int end = size;
  for (int i = 0; i < end; ++i) {
    const Step& step = text[i];
    const Range& range = step.met_by->anchors;
    gather(i, anchors_met_.data() + range.begin,
           anchors_met_.data() + range.end);
    if (step.id == kUnknownWord) {
      const Range& met = step.met_by->symbols;
      for (int number = met.begin; number < met.end; ++number) {
        const auto& here = anchors_at_[Dense(step.symbols[number])];
        gather(i, here.data(), here.data() + here.size());
      }
    }
    if (end == size && found.size() / 2 >= limit) {
      Tidy(found);
      // What else begins up to here has its anchor within 64 words.
      if (found.size() >= limit) end = std::min(size, i + kMostMatchWords);
    }
  }
  compare();
  Tidy(found);
  if (found.size() > limit) found.resize(limit);
}

}  // namespace guiche
