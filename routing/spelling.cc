#include "routing/spelling.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "absl/strings/match.h"
#include "policy/edit_distance.h"

namespace guiche {
namespace {

constexpr size_t kLongestWord = Spelling::kLongestWord;

// Entries are kept by their first bits.
constexpr int kBucketBits = 15;

size_t Bucket(uint64_t hash) { return hash >> (64 - kBucketBits); }

// Hashes of a word of up to kLongestWord letters less some of them, each in
// O(1): a word is the digits of a number in a system whose base is odd and has
// no pattern.
class Traces {
 public:
  explicit Traces(absl::string_view word) : size_(word.size()) {
    for (size_t i = 0; i < size_; ++i) {
      prefix_[i + 1] =
          prefix_[i] * kBase + static_cast<unsigned char>(word[i]) + 1;
      power_[i + 1] = power_[i] * kBase;
    }
  }

  uint64_t Whole() const { return Mix(prefix_[size_]); }

  // Calls `visit` with that of the word, and of it less each one letter.
  template <typename Visit>
  void ForEachLessOne(Visit visit) const {
    visit(Whole());
    for (size_t i = 0; i < size_; ++i) {
      visit(Mix(Join(prefix_[i], i + 1, size_)));
    }
  }

  // The same, and less each two.
  template <typename Visit>
  void ForEachLessTwo(Visit visit) const {
    ForEachLessOne(visit);
    for (size_t i = 0; i < size_; ++i) {
      for (size_t j = i + 1; j < size_; ++j) {
        visit(Mix(Join(Join(prefix_[i], i + 1, j), j + 1, size_)));
      }
    }
  }

 private:
  static constexpr uint64_t kBase = 0x9E3779B97F4A7C15;

  static uint64_t Mix(uint64_t hash) {
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93;
    return hash ^ hash >> 32;
  }
  // The letters of `hash`, and [begin, end) after them.
  uint64_t Join(uint64_t hash, size_t begin, size_t end) const {
    return (hash - prefix_[begin]) * power_[end - begin] + prefix_[end];
  }

  size_t size_;
  uint64_t prefix_[kLongestWord + 1] = {0}, power_[kLongestWord + 1] = {1};
};

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
  const Traces traces(word);
  traces.ForEachLessOne([&](uint64_t trace) { one_less_.Add(trace, id); });
  if (reach_ == Reach::kOneLetter) return;
  sounds_.Add(Traces(SoundOf(word)).Whole(), id);
  if (word.size() < kLongWord) return;
  traces.ForEachLessTwo([&](uint64_t trace) { two_less_.Add(trace, id); });
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
  const Traces traces(word);
  Choice near;
  traces.ForEachLessOne([&](uint64_t trace) {
    one_less_.ForEach(trace, [&](int id) {
      if (IsOneApart(word, vocabulary.Text(id))) near.Offer(id);
    });
  });
  if (near.id != kUnknownWord || reach_ == Reach::kOneLetter) {
    return near.TheOne();
  }

  const std::string sound = SoundOf(word);
  Choice alike;
  sounds_.ForEach(Traces(sound).Whole(), [&](int id) {
    if (SoundOf(vocabulary.Text(id)) == sound) alike.Offer(id);
  });
  if (alike.id != kUnknownWord) return alike.TheOne();

  if (word.size() < kLongWord) return kUnknownWord;
  Choice farther;
  traces.ForEachLessTwo([&](uint64_t trace) {
    two_less_.ForEach(trace, [&](int id) {
      if (EditDistance(word, vocabulary.Text(id)) <= 2) farther.Offer(id);
    });
  });
  return farther.TheOne();
}

}  // namespace guiche
