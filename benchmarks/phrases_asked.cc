#include "benchmarks/phrases_asked.h"

#include <algorithm>
#include <cstdlib>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "policy/mato_grosso.h"

namespace guiche {
namespace {

std::string Spaced(absl::string_view text) {
  Words words;
  SplitWords(text, words);
  std::string spaced = " ";
  for (const Word& word : words.words) {
    absl::StrAppend(&spaced, words.Text(word), " ");
  }
  return spaced;
}

void Sort(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

const Asked& TheAsked() {
  static const Asked& asked = *[] {
    auto* all = new Asked;
    const v1::Policy policy = MatoGrosso();
    const auto add = [&](const auto& elements) {
      for (const auto& element : elements) {
        for (const v1::Wording& wording : element.wordings()) {
          for (const auto* list : {&wording.phrases(), &wording.decides()}) {
            for (const std::string& phrase : *list) {
              if (phrase.find_first_of("|*.") == std::string::npos) {
                all->spaced_phrases.push_back(Spaced(phrase));
              }
            }
          }
          all->messages.insert(all->messages.end(), wording.examples().begin(),
                               wording.examples().end());
        }
      }
    };
    add(policy.needs());
    add(policy.referrals());
    Sort(all->spaced_phrases);
    Sort(all->messages);
    std::shuffle(all->messages.begin(), all->messages.end(), std::mt19937(1));
    all->messages.resize(std::min<size_t>(all->messages.size(), 4096));
    for (const std::string& message : all->messages) {
      all->spaced_messages.push_back(Spaced(message));
    }
    return all;
  }();
  return asked;
}

Found Sorted(Found found) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Guiche::Guiche() {
  const std::vector<std::string>& phrases = TheAsked().spaced_phrases;
  for (size_t i = 0; i < phrases.size(); ++i) {
    if (!index_.Add(phrases[i], static_cast<int>(i), vocabulary_).ok()) {
      std::abort();
    }
  }
  index_.Finish(vocabulary_);
}

void Guiche::Find(size_t message, Found& found) {
  vocabulary_.Read(TheAsked().messages[message], words_);
  index_.Find(words_, 4096, matches_);
  for (const Match& match : matches_) found.push_back(match.phrase);
}

}  // namespace guiche
