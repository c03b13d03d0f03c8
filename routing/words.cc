#include "routing/words.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "absl/container/fixed_array.h"

namespace guiche {
namespace {

// Words of more bytes are compared in full.
constexpr size_t kKeyBytes = 16;

// By number: so many bytes of a word in memory.
constexpr uint64_t kFirstBytes[] = {0x0,
                                    0xFF,
                                    0xFFFF,
                                    0xFFFFFF,
                                    0xFFFFFFFF,
                                    0xFFFFFFFFFF,
                                    0xFFFFFFFFFFFF,
                                    0xFFFFFFFFFFFFFF,
                                    0xFFFFFFFFFFFFFFFF};

uint64_t Load(const char* from, size_t size) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, from, size);
  return bytes;
}

}  // namespace

// Its first 8 and next 8 bytes; of a longer word the first and the last 8.
Vocabulary::Key Vocabulary::KeyOf(absl::string_view word) {
  const size_t size = word.size();
  const char* const p = word.data();
  if (size > kKeyBytes) {
    return {Load(p, 8), Load(p + size - 8, 8),
            static_cast<uint16_t>(std::min<size_t>(size, 0xFFFF))};
  }
  return {Load(p, std::min<size_t>(size, 8)),
          size > 8 ? Load(p + 8, size - 8) : 0, static_cast<uint16_t>(size)};
}

// The same of a word of Words, past which bytes can be read.
Vocabulary::Key Vocabulary::PaddedKeyOf(absl::string_view word) {
  const size_t size = word.size();
  const char* const p = word.data();
  if (size > kKeyBytes) return KeyOf(word);
  const size_t low = std::min<size_t>(size, 8);
  return {Load(p, 8) & kFirstBytes[low],
          Load(p + 8, 8) & kFirstBytes[size - low],
          static_cast<uint16_t>(size)};
}

size_t Vocabulary::HashOf(const Key& key) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15, kOther = 0xD6E8FEB86659FD93;
  uint64_t hash = (key.low ^ key.size) * kOdd;
  hash = (hash ^ (hash >> 32) ^ key.high) * kOther;
  return static_cast<size_t>(hash >> 32);
}

// The slot of a word, or the free one where it would go.
size_t Vocabulary::SlotOf(const Key& key, absl::string_view word) const {
  const size_t mask = slots_.size() - 1;
  for (size_t i = HashOf(key) & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.id == kUnknownWord) return i;
    if (slot.low == key.low && slot.high == key.high && slot.size == key.size &&
        (key.size <= kKeyBytes || Text(slot.id) == word)) {
      return i;
    }
  }
}

int Vocabulary::Intern(absl::string_view word) {
  const Key key = KeyOf(word);
  const size_t at = SlotOf(key, word);
  if (slots_[at].id != kUnknownWord) {
    ++times_said_[slots_[at].id];
    return slots_[at].id;
  }
  const int id = size();
  times_said_.push_back(1);
  slots_[at] = {key.low, key.high, id, key.size, false};
  texts_.append(word.data(), word.size());
  begins_.push_back(static_cast<uint32_t>(texts_.size()));
  if (slots_.size() < 2 * begins_.size()) {
    std::vector<Slot> fewer(2 * slots_.size());
    std::swap(slots_, fewer);
    for (const Slot& slot : fewer) {
      if (slot.id == kUnknownWord) continue;
      const Key moved = {slot.low, slot.high, slot.size};
      slots_[SlotOf(moved, Text(slot.id))] = slot;
    }
  }
  return id;
}

int Vocabulary::Find(absl::string_view word) const {
  return slots_[SlotOf(KeyOf(word), word)].id;
}

bool Vocabulary::Abbreviate(absl::string_view written,
                            absl::string_view means) {
  Abbreviation added;
  for (auto [text, ids] :
       {std::pair(written, &added.written), std::pair(means, &added.means)}) {
    Words words;
    SplitWords(text, words);
    for (const Word& word : words.words)
      ids->push_back(Intern(words.Text(word)));
    if (ids->empty()) return false;
  }
  const int added_first = added.written[0];
  std::vector<Abbreviation>& among = abbreviations_[added_first];
  for (const Abbreviation& other : among) {
    if (other.written == added.written) return other.means == added.means;
  }
  among.push_back(std::move(added));
  std::sort(among.begin(), among.end(), [](const auto& a, const auto& b) {
    return a.written.size() > b.written.size();
  });
  const absl::string_view first = Text(added_first);
  slots_[SlotOf(KeyOf(first), first)].begins_abbreviation = true;
  return true;
}

// The abbreviation that is written from word `first` on, or null.
const Vocabulary::Abbreviation* Vocabulary::Written(
    absl::Span<const Word> words, size_t first) const {
  words.remove_prefix(first);
  const auto among = abbreviations_.find(words[0].id);
  if (among == abbreviations_.end()) return nullptr;
  for (const Abbreviation& one : among->second) {
    if (one.written.size() <= words.size() &&
        std::equal(one.written.begin(), one.written.end(), words.begin(),
                   [](int id, const Word& word) { return id == word.id; })) {
      return &one;
    }
  }
  return nullptr;
}

void Vocabulary::WriteOut(Words& words) const {
  auto& list = words.words;
  // Most mean as many words as they are.
  size_t done = 0;
  for (; done < list.size(); ++done) {
    const Abbreviation* one = Written(list, done);
    if (one == nullptr) continue;
    if (one->written.size() != 1 || one->means.size() != 1) break;
    list[done].id = one->means[0];
  }
  if (done == list.size()) return;
  const std::remove_reference_t<decltype(list)> rest(
      list.begin() + static_cast<std::ptrdiff_t>(done), list.end());
  list.resize(done);
  for (size_t i = 0; i < rest.size();) {
    const Abbreviation* one = Written(rest, i);
    Word word = rest[i];
    if (one == nullptr) {
      list.push_back(word);
      ++i;
      continue;
    }
    word.end = rest[i + one->written.size() - 1].end;
    for (const int id : one->means) {
      word.id = id;
      list.push_back(word);
      word.new_clause = word.new_sentence = false;
    }
    i += one->written.size();
  }
}

void Vocabulary::Read(absl::string_view text, Words& words) const {
  SplitWords(text, words);
  // All are on their way from memory before the first is looked at.
  const size_t size = words.words.size(), mask = slots_.size() - 1;
  absl::FixedArray<Key, 64> keys(size);
  for (size_t i = 0; i < size; ++i) {
    keys[i] = PaddedKeyOf(words.Text(words.words[i]));
    __builtin_prefetch(&slots_[HashOf(keys[i]) & mask]);
  }
  bool abbreviated = false;
  for (size_t i = 0; i < size; ++i) {
    Word& word = words.words[i];
    const Slot& slot = slots_[SlotOf(keys[i], words.Text(word))];
    word.id = slot.id;
    abbreviated |= slot.begins_abbreviation;
  }
  if (abbreviated) WriteOut(words);
}

std::vector<int> Vocabulary::Learn(absl::string_view text) {
  Words words;
  SplitWords(text, words);
  for (Word& word : words.words) word.id = Intern(words.Text(word));
  WriteOut(words);
  std::vector<int> ids;
  for (const Word& word : words.words) ids.push_back(word.id);
  return ids;
}

}  // namespace guiche
