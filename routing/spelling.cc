#include "routing/spelling.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "absl/strings/match.h"
#include "policy/edit_distance.h"

namespace guiche {
namespace {

constexpr size_t kLongestWord = 40;
constexpr size_t kNone = kLongestWord + 1;

// Entries are kept by their first bits.
constexpr int kBucketBits = 15;

size_t Bucket(uint64_t hash) { return hash >> (64 - kBucketBits); }

// FNV-1a of the word less the letters at `without` and `nor`.
uint64_t Trace(absl::string_view word, size_t without, size_t nor = kNone) {
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < word.size(); ++i) {
    if (i == without || i == nor) continue;
    hash = (hash ^ static_cast<unsigned char>(word[i])) * 1099511628211u;
  }
  return hash;
}

template <typename Visit>
void ForEachLessOne(absl::string_view word, Visit visit) {
  for (size_t i = 0; i <= word.size(); ++i) visit(Trace(word, i));
}

template <typename Visit>
void ForEachLessTwo(absl::string_view word, Visit visit) {
  for (size_t i = 0; i <= word.size(); ++i) {
    for (size_t j = i + 1; j <= word.size(); ++j) visit(Trace(word, i, j));
  }
  visit(Trace(word, kNone));
}

bool IsOneApart(absl::string_view a, absl::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  const size_t first =
      std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin();
  if (b.size() == a.size() + 1) return a.substr(first) == b.substr(first + 1);
  if (a.size() != b.size() || first == a.size()) return false;
  if (a.substr(first + 1) == b.substr(first + 1)) return true;
  return first + 1 < a.size() && a[first] == b[first + 1] &&
         a[first + 1] == b[first] && a.substr(first + 2) == b.substr(first + 2);
}

bool IsVowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}
bool IsFront(char c) { return c == 'e' || c == 'i'; }

// Candidates for one word, of which there must be one alone.
struct Choice {
  int id = kUnknownWord;
  bool several = false;

  void Offer(int other) {
    several |= id != kUnknownWord && id != other;
    id = other;
  }
  int TheOne() const { return several ? kUnknownWord : id; }
};

}  // namespace

std::string SoundOf(absl::string_view word) {
  std::string sound;
  // Letters said twice sound once.
  const auto say = [&](char c) {
    if (sound.empty() || sound.back() != c) sound += c;
  };
  for (size_t i = 0; i < word.size(); ++i) {
    const char next = i + 1 < word.size() ? word[i + 1] : '\0';
    const char after = i + 2 < word.size() ? word[i + 2] : '\0';
    const absl::string_view rest = word.substr(i);
    switch (const char c = word[i]) {
      case 'c':
        if (next == 'h') {
          say('x');
          ++i;
        } else {
          // Folding takes the cedilla; words end in "-cao", "-coes" by it.
          say(IsFront(next) || rest == "cao" || rest == "coes" ? 's' : 'k');
        }
        break;
      case 's':
      case 'x':
        if ((next == 'c' || next == 's') && IsFront(after)) ++i;
        say(c == 'x' && next != 'c' ? 'x' : 's');
        break;
      case 'z':
        say('s');
        break;
      case 'q':
        say('k');
        if (next == 'u' && IsFront(after)) ++i;
        break;
      case 'g':
        say(IsFront(next) ? 'j' : 'g');
        if (next == 'u' && IsFront(after)) ++i;
        break;
      case 'p':
        if (next == 'h') ++i;
        say(next == 'h' ? 'f' : 'p');
        break;
      case 'l':
      case 'n':
        // "filha" is said as "filia", "senhor" as "senior".
        if (next == 'h') {
          say(c);
          if (after != 'i') say('i');
          ++i;
        } else {
          say(c == 'l' && !IsVowel(next) ? 'u' : c);
        }
        break;
      case 'm':
        say(IsVowel(next) ? 'm' : 'n');
        break;
      case 'h':
        break;
      case 'e':
      case 'y':
        say('i');
        break;
      case 'o':
      case 'w':
        say('u');
        break;
      default:
        say(c);
    }
  }
  return sound;
}

// In order, and each once; sorted by bucket first, as that is less work.
void Spelling::Index::Finish() {
  from_.assign((size_t{1} << kBucketBits) + 1, 0);
  for (const auto& [hash, id] : entries_) ++from_[Bucket(hash) + 1];
  std::partial_sum(from_.begin(), from_.end(), from_.begin());
  std::vector<uint32_t> next = from_;
  std::vector<std::pair<uint64_t, int>> sorted(entries_.size());
  for (const auto& entry : entries_)
    sorted[next[Bucket(entry.first)]++] = entry;
  auto kept = sorted.begin();
  for (size_t bucket = 0; bucket + 1 < from_.size(); ++bucket) {
    const auto begin = sorted.begin() + from_[bucket];
    const auto end = sorted.begin() + from_[bucket + 1];
    from_[bucket] = static_cast<uint32_t>(kept - sorted.begin());
    std::sort(begin, end);
    kept = std::move(begin, std::unique(begin, end), kept);
  }
  from_.back() = static_cast<uint32_t>(kept - sorted.begin());
  sorted.erase(kept, sorted.end());
  entries_ = std::move(sorted);
}

template <typename Visit>
void Spelling::Index::ForEach(uint64_t hash, Visit visit) const {
  const size_t bucket = Bucket(hash);
  for (uint32_t i = from_[bucket]; i < from_[bucket + 1]; ++i) {
    if (entries_[i].first == hash) visit(entries_[i].second);
  }
}

void Spelling::Learn(int id, absl::string_view word) {
  if (word.size() < kShortestWord || word.size() > kLongestWord) return;
  ForEachLessOne(word, [&](uint64_t trace) { one_less_.Add(trace, id); });
  if (reach_ == Reach::kOneLetter) return;
  sounds_.Add(Trace(SoundOf(word), kNone), id);
  if (word.size() < kLongWord) return;
  ForEachLessTwo(word, [&](uint64_t trace) { two_less_.Add(trace, id); });
}

void Spelling::Finish() {
  one_less_.Finish();
  two_less_.Finish();
  sounds_.Finish();
}

int Spelling::Correct(absl::string_view word,
                      const Vocabulary& vocabulary) const {
  if (word.size() < kShortestWord || word.size() > kLongestWord) {
    return kUnknownWord;
  }
  Choice near;
  ForEachLessOne(word, [&](uint64_t trace) {
    one_less_.ForEach(trace, [&](int id) {
      if (IsOneApart(word, vocabulary.Text(id))) near.Offer(id);
    });
  });
  if (near.id != kUnknownWord || reach_ == Reach::kOneLetter) {
    return near.TheOne();
  }

  const std::string sound = SoundOf(word);
  Choice alike;
  sounds_.ForEach(Trace(sound, kNone), [&](int id) {
    if (SoundOf(vocabulary.Text(id)) == sound) alike.Offer(id);
  });
  if (alike.id != kUnknownWord) return alike.TheOne();

  if (word.size() < kLongWord) return kUnknownWord;
  Choice farther;
  ForEachLessTwo(word, [&](uint64_t trace) {
    two_less_.ForEach(trace, [&](int id) {
      if (EditDistance(word, vocabulary.Text(id)) <= 2) farther.Offer(id);
    });
  });
  return farther.TheOne();
}

}  // namespace guiche
