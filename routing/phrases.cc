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

uint64_t EdgeKey(int node, Symbol symbol) {
  return static_cast<uint64_t>(node) << 32 | static_cast<uint32_t>(symbol);
}

}  // namespace

Symbol PhraseIndex::PrefixSymbol(absl::string_view prefix) {
  const Symbol next =
      kFirstPrefix + static_cast<Symbol>(prefix_symbols_.size());
  return prefix_symbols_.try_emplace(std::string(prefix), next).first->second;
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
        choices.push_back({PrefixSymbol(words.Text(words.words[0]))});
        continue;
      }
      std::vector<int> ids = vocabulary.Learn(choice);
      if (!ids.empty()) {
        choices.push_back(std::move(ids));
      } else if (absl::StrContains(part, '|')) {
        return absl::InvalidArgumentError(
            absl::StrCat("\"", part, "\" has an alternative without a word"));
      }
    }
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
  return absl::OkStatus();
}

void PhraseIndex::AddWords(const std::vector<int>& words, int phrase) {
  if (!words.empty() && words.size() <= 64) Insert(words, phrase);
}

int PhraseIndex::Child(int node, Symbol symbol) {
  const int next = static_cast<int>(nodes_.size());
  const auto [found, added] = edges_.try_emplace(EdgeKey(node, symbol), next);
  if (added) nodes_.emplace_back();
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
  if (symbols_.size() <= static_cast<size_t>(phrase))
    symbols_.resize(phrase + 1);
  int node = 0;
  for (const Symbol symbol : path) {
    if (symbol == kGapSymbol) {
      node = GapChild(node);
    } else {
      node = Child(node, symbol);
      symbols_[phrase].push_back(symbol);
    }
  }
  std::vector<int>& phrases = nodes_[node].phrases;
  if (std::find(phrases.begin(), phrases.end(), phrase) == phrases.end()) {
    phrases.push_back(phrase);
  }
}

void PhraseIndex::Finish(const Vocabulary& vocabulary) {
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
  for (auto& symbols : symbols_) {
    std::sort(symbols.begin(), symbols.end());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  }
  std::vector<std::vector<Symbol>> meets;
  for (int id = 0; id < vocabulary.size(); ++id) {
    meets.emplace_back();
    SymbolsMeeting(id, vocabulary.Text(id), meets.back());
  }
  meets_word_ = std::move(meets);
}

void PhraseIndex::SymbolsMeeting(int id, absl::string_view text,
                                 std::vector<Symbol>& symbols) const {
  if (id >= 0 && id < static_cast<int>(meets_word_.size())) {
    symbols.insert(symbols.end(), meets_word_[id].begin(),
                   meets_word_[id].end());
    return;
  }
  if (id >= 0) symbols.push_back(id);
  const auto after = std::upper_bound(
      prefixes_.begin(), prefixes_.end(), text,
      [](absl::string_view word, const Prefix& p) { return word < p.text; });
  // All prefixes of the word begin the last one not after it.
  for (int i = static_cast<int>(after - prefixes_.begin()) - 1; i >= 0;
       i = prefixes_[i].parent) {
    if (absl::StartsWith(text, prefixes_[i].text)) {
      symbols.push_back(prefixes_[i].symbol);
    }
  }
}

void PhraseIndex::Walk(int node, int next, Match match,
                       const std::vector<absl::Span<const Symbol>>& symbols,
                       std::vector<Match>& found, size_t limit) const {
  for (const int phrase : nodes_[node].phrases) {
    // Gaps of several widths can lead to one phrase.
    bool again = false;
    for (auto other = found.rbegin();
         other != found.rend() && other->first == match.first; ++other) {
      again |= other->phrase == phrase;
    }
    if (again || found.size() >= limit) continue;
    match.phrase = phrase;
    found.push_back(match);
  }
  const int size = static_cast<int>(symbols.size());
  const auto step = [&](int from, int at) {
    for (const Symbol symbol : symbols[at]) {
      const auto edge = edges_.find(EdgeKey(from, symbol));
      if (edge == edges_.end()) continue;
      Match longer = match;
      longer.last = at;
      longer.spoken |= uint64_t{1} << (at - match.first);
      Walk(edge->second, at + 1, longer, symbols, found, limit);
    }
  };
  if (next < size) step(node, next);
  if (nodes_[node].gap < 0) return;
  const int end = std::min(size, next + kWidestGap + 1);
  for (int at = next; at < end; ++at) step(nodes_[node].gap, at);
}

std::vector<Match> PhraseIndex::Find(const Words& words, size_t limit) const {
  // The symbols of words that the vocabulary lacks, in one buffer.
  std::vector<Symbol> buffer;
  std::vector<std::pair<size_t, size_t>> ranges;  // in `buffer`
  for (const Word& word : words.words) {
    const size_t begin = buffer.size();
    if (word.id == kUnknownWord) {
      SymbolsMeeting(kUnknownWord, words.Text(word), buffer);
    }
    ranges.emplace_back(begin, buffer.size() - begin);
  }
  std::vector<absl::Span<const Symbol>> symbols;
  symbols.reserve(words.words.size());
  for (size_t i = 0; i < words.words.size(); ++i) {
    const int id = words.words[i].id;
    if (id == kUnknownWord) {
      symbols.push_back(absl::MakeConstSpan(buffer).subspan(ranges[i].first,
                                                            ranges[i].second));
    } else {
      symbols.push_back(meets_word_[id]);
    }
  }
  std::vector<Match> found;
  for (int i = 0; i < static_cast<int>(symbols.size()); ++i) {
    Walk(0, i, {-1, i, i - 1, 0}, symbols, found, limit);
  }
  return found;
}

}  // namespace guiche
