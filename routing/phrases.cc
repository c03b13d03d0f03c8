#include "routing/phrases.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "policy/fold.h"

namespace guiche {
namespace {

constexpr Symbol kGapSymbol = -2;
constexpr absl::string_view kGap = "...";

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
        const Words words = SplitWords(choice);
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
  if (words.empty() || words.size() > 64) return;
  Insert(words, phrase);
  symbols_[phrase] = words;
}

int PhraseIndex::Child(int node, Symbol symbol) {
  const int next = static_cast<int>(nodes_.size());
  const uint64_t key =
      static_cast<uint64_t>(node) << 32 | static_cast<uint32_t>(symbol);
  const auto [found, added] = children_.try_emplace(key, next);
  if (added) {
    nodes_[node].edges.push_back({symbol, next});
    nodes_.emplace_back();
  }
  return found->second;
}

int PhraseIndex::GapChild(int node) {
  if (nodes_[node].gap < 0) {
    nodes_[node].gap = static_cast<int>(nodes_.size());
    nodes_.emplace_back();
  }
  return nodes_[node].gap;
}

void PhraseIndex::Insert(const std::vector<Symbol>& path, int phrase) {
  if (symbols_.size() <= static_cast<size_t>(phrase)) {
    symbols_.resize(phrase + 1);
  }
  int node = 0;
  for (const Symbol symbol : path) {
    node = symbol == kGapSymbol ? GapChild(node) : Child(node, symbol);
  }
  std::vector<int>& phrases = nodes_[node].phrases;
  if (std::find(phrases.begin(), phrases.end(), phrase) == phrases.end()) {
    phrases.push_back(phrase);
  }
}

void PhraseIndex::Finish(const Vocabulary& vocabulary) {
  words_ = vocabulary.size();
  for (const auto& [text, symbol] : prefix_symbols_) {
    prefixes_.push_back({text, symbol, -1});
  }
  std::sort(prefixes_.begin(), prefixes_.end(),
            [](const Prefix& a, const Prefix& b) { return a.text < b.text; });
  for (int i = 1; i < static_cast<int>(prefixes_.size()); ++i) {
    int parent = i - 1;
    while (parent >= 0 &&
           !absl::StartsWith(prefixes_[i].text, prefixes_[parent].text)) {
      parent = prefixes_[parent].parent;
    }
    prefixes_[i].parent = parent;
  }
  for (const auto& [among, choice] : choice_symbols_) {
    for (const Symbol symbol : among) choices_with_[symbol].push_back(choice);
  }
  for (int id = 0; id < words_; ++id) {
    word_met_by_.push_back(MetBy(id, vocabulary.Text(id)));
  }
  start_.assign(words_ + prefix_symbols_.size() + choice_symbols_.size(), -1);
  for (const Edge& edge : nodes_[0].edges) {
    start_[Dense(edge.symbol)] = edge.node;
  }
  children_.clear();
}

void PhraseIndex::PrefixesOf(absl::string_view word,
                             std::vector<Symbol>& prefixes) const {
  const auto after = std::upper_bound(
      prefixes_.begin(), prefixes_.end(), word,
      [](absl::string_view text, const Prefix& p) { return text < p.text; });
  // All prefixes of the word begin the last one not after it.
  for (int i = static_cast<int>(after - prefixes_.begin()) - 1; i >= 0;
       i = prefixes_[i].parent) {
    if (absl::StartsWith(word, prefixes_[i].text)) {
      prefixes.push_back(prefixes_[i].symbol);
    }
  }
}

std::vector<Symbol> PhraseIndex::MetBy(int id, absl::string_view word) const {
  std::vector<Symbol> met_by;
  PrefixesOf(word, met_by);
  const size_t prefixes = met_by.size();
  const auto add_choices_with = [&](Symbol symbol) {
    const auto found = choices_with_.find(symbol);
    if (found == choices_with_.end()) return;
    met_by.insert(met_by.end(), found->second.begin(), found->second.end());
  };
  for (size_t i = 0; i < prefixes; ++i) add_choices_with(met_by[i]);
  if (id != kUnknownWord) add_choices_with(id);
  std::sort(met_by.begin(), met_by.end());
  met_by.erase(std::unique(met_by.begin(), met_by.end()), met_by.end());
  return met_by;
}

size_t PhraseIndex::Dense(Symbol symbol) const {
  if (symbol < kFirstPrefix) return symbol;
  if (symbol < kFirstChoice) return words_ + (symbol - kFirstPrefix);
  return words_ + prefix_symbols_.size() + (symbol - kFirstChoice);
}

bool PhraseIndex::Meets(const Text& text, int at, Symbol symbol) {
  return symbol == text.ids[at] ||
         std::binary_search(text.met_by[at].begin(), text.met_by[at].end(),
                            symbol);
}

void PhraseIndex::Walk(int node, int next, const Match& match, const Text& text,
                       std::vector<Match>& found, size_t limit) const {
  for (const int phrase : nodes_[node].phrases) {
    // Gaps of several widths can lead to one phrase.
    bool again = false;
    for (auto other = found.rbegin();
         other != found.rend() && other->first == match.first; ++other) {
      again |= other->phrase == phrase;
    }
    if (again || found.size() >= limit) continue;
    found.push_back(match);
    found.back().phrase = phrase;
  }
  const int size = static_cast<int>(text.ids.size());
  const auto step = [&](int from, int end) {
    for (const Edge& edge : nodes_[from].edges) {
      if (!text.present[Dense(edge.symbol)]) continue;
      for (int at = next; at < end; ++at) {
        if (!Meets(text, at, edge.symbol)) continue;
        Match longer = match;
        longer.last = at;
        longer.spoken |= uint64_t{1} << (at - match.first);
        Walk(edge.node, at + 1, longer, text, found, limit);
      }
    }
  };
  step(node, std::min(size, next + 1));
  if (nodes_[node].gap >= 0) {
    int end = next;
    while (end < size && end <= next + kWidestGap && !text.new_sentence[end]) {
      ++end;
    }
    step(nodes_[node].gap, end);
  }
}

std::vector<Match> PhraseIndex::Find(const Words& words, size_t limit) const {
  Text text;
  text.present.resize(words_ + prefix_symbols_.size() + choice_symbols_.size());
  std::vector<std::vector<Symbol>> of_strangers;
  of_strangers.reserve(words.words.size());  // spans into it stay valid
  for (const Word& word : words.words) {
    text.ids.push_back(word.id);
    text.new_sentence.push_back(word.new_sentence);
    if (word.id != kUnknownWord) {
      text.met_by.push_back(word_met_by_[word.id]);
      text.present[word.id] = true;
    } else {
      of_strangers.push_back(MetBy(word.id, words.Text(word)));
      text.met_by.push_back(of_strangers.back());
    }
    for (const Symbol symbol : text.met_by.back()) {
      text.present[Dense(symbol)] = true;
    }
  }
  std::vector<Match> found;
  for (int i = 0; i < static_cast<int>(text.ids.size()); ++i) {
    const auto start = [&](Symbol symbol) {
      const int node = start_[Dense(symbol)];
      if (node >= 0) Walk(node, i + 1, {-1, i, i, 1}, text, found, limit);
    };
    if (text.ids[i] != kUnknownWord) start(text.ids[i]);
    for (const Symbol symbol : text.met_by[i]) start(symbol);
  }
  return found;
}

}  // namespace guiche
