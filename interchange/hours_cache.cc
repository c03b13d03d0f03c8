#include "interchange/hours_cache.h"

#include <algorithm>
#include <utility>

#include "interchange/osm.h"

namespace guiche {

HoursCache::Entry* HoursCache::Find(absl::string_view hours,
                                    absl::string_view time_zone) {
  for (Entry& entry : entries_) {
    if (entry.hours != hours || entry.time_zone != time_zone) continue;
    entry.asked = ++asked_;
    return &entry;
  }
  return nullptr;
}

absl::StatusOr<Schedule> HoursCache::Compile(absl::string_view hours,
                                             absl::string_view time_zone) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const Entry* const found = Find(hours, time_zone)) {
      return found->schedule;
    }
  }
  const absl::StatusOr<Schedule> schedule = CompileHours(hours, time_zone);
  if (!schedule.ok()) return schedule;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (most_ == 0 || Find(hours, time_zone) != nullptr) return schedule;
  Entry entry{std::string(hours), std::string(time_zone), *schedule, ++asked_};
  if (entries_.size() < most_) {
    entries_.push_back(std::move(entry));
  } else {
    *std::min_element(entries_.begin(), entries_.end(),
                      [](const Entry& a, const Entry& b) {
                        return a.asked < b.asked;
                      }) = std::move(entry);
  }
  return schedule;
}

size_t HoursCache::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

}  // namespace guiche
