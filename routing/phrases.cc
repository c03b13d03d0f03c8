#include "routing/phrases.h"

#include <algorithm>

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
  const int next = static_cast<int>(branches_.size());
  const uint64_t key =
      static_cast<uint64_t>(node) << 32 | static_cast<uint32_t>(symbol);
  const auto [found, added] = children_.try_emplace(key, next);
  if (added) {
    branches_[node].edges.push_back({symbol, next});
    branches_.emplace_back();
  }
  return found->second;
}

int PhraseIndex::GapChild(int node) {
  if (branches_[node].gap < 0) {
    branches_[node].gap = static_cast<int>(branches_.size());
    branches_.emplace_back();
  }
  return branches_[node].gap;
}

void PhraseIndex::Insert(const std::vector<Symbol>& path, int phrase) {
  if (symbols_.size() <= static_cast<size_t>(phrase)) {
    symbols_.resize(phrase + 1);
  }
  int node = 0;
  for (const Symbol symbol : path) {
    node = symbol == kGapSymbol ? GapChild(node) : Child(node, symbol);
  }
  std::vector<int>& phrases = branches_[node].phrases;
  if (std::find(phrases.begin(), phrases.end(), phrase) == phrases.end()) {
    phrases.push_back(phrase);
  }
}

void PhraseIndex::Finish(const Vocabulary& vocabulary) {
  words_ = vocabulary.size();
  const auto size = [](const auto& list) {
    return static_cast<int>(list.size());
  };
  for (const Branch& branch : branches_) {
    Node node = {branch.gap, size(edges_), 0, size(node_phrases_), 0, 0, 0};
    for (const Edge& edge : branch.edges) node.hint |= HintOf(edge.symbol);
    if (branch.gap >= 0) {
      for (const Edge& edge : branches_[branch.gap].edges) {
        node.gap_hint |= HintOf(edge.symbol);
      }
    }
    edges_.insert(edges_.end(), branch.edges.begin(), branch.edges.end());
    node_phrases_.insert(node_phrases_.end(), branch.phrases.begin(),
                         branch.phrases.end());
    node.edges_end = size(edges_);
    node.phrases_end = size(node_phrases_);
    nodes_.push_back(node);
  }
  for (const auto& [text, symbol] : prefix_symbols_) {
    Range& range = prefixes_by_byte_[static_cast<unsigned char>(text[0])];
    if (range.end == 0) range.begin = size(prefixes_);
    prefixes_.emplace_back(text, symbol);
    range.end = size(prefixes_);
  }
  for (const auto& [among, choice] : choice_symbols_) {
    for (const Symbol symbol : among) choices_with_[symbol].push_back(choice);
  }
  start_.assign(words_ + prefix_symbols_.size() + choice_symbols_.size(), -1);
  for (const Edge& edge : branches_[0].edges) {
    start_[Dense(edge.symbol)] = edge.node;
  }
  for (int id = 0; id < words_; ++id) {
    met_by_.push_back(
        AddMetBy(id, vocabulary.Text(id), symbols_met_, starts_met_));
  }
  children_.clear();
  branches_.clear();
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

PhraseIndex::MetBy PhraseIndex::AddMetBy(int id, absl::string_view word,
                                         Symbols& symbols,
                                         Nodes& starts) const {
  const size_t begin = symbols.size();
  PrefixesOf(word, symbols);
  const size_t end = symbols.size();
  const auto add_choices_with = [&](Symbol symbol) {
    const auto found = choices_with_.find(symbol);
    if (found == choices_with_.end()) return;
    symbols.insert(symbols.end(), found->second.begin(), found->second.end());
  };
  for (size_t i = begin; i < end; ++i) add_choices_with(symbols[i]);
  if (id != kUnknownWord) add_choices_with(id);
  std::sort(symbols.begin() + begin, symbols.end());
  symbols.erase(std::unique(symbols.begin() + begin, symbols.end()),
                symbols.end());

  MetBy met_by = {};
  met_by.symbols.begin = static_cast<int>(begin);
  met_by.starts.begin = static_cast<int>(starts.size());
  const auto add_start = [&](Symbol symbol) {
    if (const int node = start_[Dense(symbol)]; node >= 0) {
      starts.push_back(node);
    }
  };
  if (id != kUnknownWord) {
    add_start(id);
    met_by.hint = HintOf(id);
  }
  for (size_t i = begin; i < symbols.size(); ++i) {
    add_start(symbols[i]);
    met_by.hint |= HintOf(symbols[i]);
    met_by.fine_hint[symbols[i] >> 6 & 3] |= uint64_t{1} << (symbols[i] & 63);
  }
  met_by.symbols.end = static_cast<int>(symbols.size());
  met_by.starts.end = static_cast<int>(starts.size());
  return met_by;
}

size_t PhraseIndex::Dense(Symbol symbol) const {
  if (symbol < kFirstPrefix) return symbol;
  if (symbol < kFirstChoice) return words_ + (symbol - kFirstPrefix);
  return words_ + prefix_symbols_.size() + (symbol - kFirstChoice);
}

// One of 64 bits.
uint64_t PhraseIndex::HintOf(Symbol symbol) {
  return uint64_t{1} << (static_cast<uint32_t>(symbol) * 0x9E3779B9u >> 26);
}

bool PhraseIndex::Meets(const Step& step, Symbol symbol) {
  if (symbol < kFirstPrefix) return symbol == step.id;
  const MetBy& by = *step.met_by;
  return (by.fine_hint[symbol >> 6 & 3] >> (symbol & 63) & 1) != 0 &&
         std::binary_search(step.symbols + by.symbols.begin,
                            step.symbols + by.symbols.end, symbol);
}

// Whether a phrase ends at the node or may go on from it with the word `next`.
bool PhraseIndex::LeadsOn(const Node& node, int next, const Text& text) const {
  if (node.phrases != node.phrases_end) return true;
  if (next >= static_cast<int>(text.size())) return false;
  return ((node.hint & text[next].hint) |
          (node.gap_hint & text[next].gap_hint)) != 0;
}

void PhraseIndex::Walk(int node_number, int next, const Match& match,
                       const Text& text, Matches& found, size_t limit) const {
  const Node& node = nodes_[node_number];
  for (int i = node.phrases; i < node.phrases_end; ++i) {
    // Gaps of several widths can lead to one phrase.
    bool again = false;
    for (auto other = found.rbegin();
         other != found.rend() && other->first == match.first; ++other) {
      again |= other->phrase == node_phrases_[i];
    }
    if (again || found.size() >= limit) continue;
    found.push_back(match);
    found.back().phrase = node_phrases_[i];
  }
  const int size = static_cast<int>(text.size());
  const auto step = [&](const Node& from, int end, uint64_t hint) {
    for (int i = from.edges; i < from.edges_end; ++i) {
      const Edge edge = edges_[i];
      if ((HintOf(edge.symbol) & hint) == 0) continue;
      for (int at = next; at < end; ++at) {
        if (!Meets(text[at], edge.symbol)) continue;
        Match longer = match;
        longer.last = at;
        longer.spoken |= uint64_t{1} << (at - match.first);
        if (LeadsOn(nodes_[edge.node], at + 1, text)) {
          Walk(edge.node, at + 1, longer, text, found, limit);
        }
      }
    }
  };
  if (next == size) return;
  if ((node.hint & text[next].hint) != 0) step(node, next + 1, text[next].hint);
  if ((node.gap_hint & text[next].gap_hint) != 0) {
    int end = next;
    while (end < size && end <= next + kWidestGap && !text[end].new_sentence) {
      ++end;
    }
    step(nodes_[node.gap], end, text[next].gap_hint);
  }
}

void PhraseIndex::Find(const Words& words, size_t limit, Matches& found) const {
  found.clear();
  Text text;
  text.reserve(words.words.size());
  Symbols symbols;  // of strangers
  Nodes starts;
  absl::InlinedVector<MetBy, 32> met_by;
  for (const Word& word : words.words) {
    if (word.id != kUnknownWord) continue;
    met_by.push_back(AddMetBy(word.id, words.Text(word), symbols, starts));
  }
  const MetBy* stranger = met_by.data();
  for (const Word& word : words.words) {
    const bool known = word.id != kUnknownWord;
    const MetBy* by = known ? &met_by_[word.id] : stranger++;
    text.push_back({word.id, word.new_sentence, by,
                    known ? symbols_met_.data() : symbols.data(), by->hint, 0});
  }
  const int size = static_cast<int>(text.size());
  for (int i = 0; i < size; ++i) {
    for (int at = i; at < size && at <= i + kWidestGap; ++at) {
      text[i].gap_hint |= text[at].hint;
    }
  }
  for (int i = 0; i < size; ++i) {
    const bool known = text[i].id != kUnknownWord;
    const int* nodes = known ? starts_met_.data() : starts.data();
    const Range& range = text[i].met_by->starts;
    for (int at = range.begin; at < range.end; ++at) {
      if (LeadsOn(nodes_[nodes[at]], i + 1, text)) {
        Walk(nodes[at], i + 1, {-1, i, i, 1}, text, found, limit);
      }
    }
  }
}

}  // namespace guiche
