// Hours in OSM's syntax that are asked about again and again, compiled once.

#ifndef GUICHE_INTERCHANGE_HOURS_CACHE_H_
#define GUICHE_INTERCHANGE_HOURS_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "schedule/schedule.h"

namespace guiche {

// The schedules of the hours last compiled, for whoever asks about the same
// ones again. Any number of threads may share one: finding a schedule takes a
// lock for a look at each, and none is held while one is compiled. A schedule
// takes some 0.5 MB, more where few days are alike.
class HoursCache {
 public:
  // Keeps at most `most` schedules; beyond them the one longest unasked goes.
  explicit HoursCache(size_t most) : most_(most) {}

  // As CompileHours(). Errors are not kept.
  absl::StatusOr<Schedule> Compile(absl::string_view hours,
                                   absl::string_view time_zone);

  size_t size() const;

 private:
  struct Entry {
    std::string hours, time_zone;
    Schedule schedule;
    uint64_t asked;
  };
  Entry* Find(absl::string_view hours, absl::string_view time_zone);

  const size_t most_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  uint64_t asked_ = 0;
};

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_HOURS_CACHE_H_
