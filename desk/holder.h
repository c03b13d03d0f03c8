// The desk that a running host asks, while its policy is replaced.
//
//   DeskHolder holder(*std::move(desk));
//   holder.Get().Decide(request);                     // in any thread
//   absl::Status status = holder.Reload(policy, {});  // when the policy
//   changes

#ifndef GUICHE_DESK_HOLDER_H_
#define GUICHE_DESK_HOLDER_H_

#include <atomic>
#include <cstdint>
#include <mutex>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "desk/desk.h"

namespace guiche {

// One place for the desk in use. Any number of threads may call anything.
//
// Invariant: of the two slots the current one holds a desk, and the other one
// is empty but while Set() runs.
class DeskHolder {
 public:
  explicit DeskHolder(Desk desk);

  DeskHolder(const DeskHolder&) = delete;
  DeskHolder& operator=(const DeskHolder&) = delete;

  // The desk in use: whole, either the one before a Set() or the one after it.
  // The caller's copy keeps it as long as it is wanted; several questions that
  // must agree are put to one copy. Wait-free: three atomic increments,
  // whatever other threads do.
  Desk Get() const;

  // Puts `desk` in the place of the one in use, which is freed when the last
  // copy of it goes. Waits for other calls of Set(), and for calls of Get()
  // that are amid their increments; neither waits for questions.
  void Set(Desk desk);

  // Compiles `policy` in the calling thread and puts it in use. On an error,
  // those of Desk::Compile(), the one in use stays.
  absl::Status Reload(const v1::Policy& policy, const Desk::Options& options);

 private:
  struct Slot {
    absl::optional<Desk> desk;
    // Calls of Get() that have made their copy.
    alignas(64) mutable std::atomic<uint64_t> left{0};
  };

  // The topmost bit is the current slot; the rest counts the calls of Get()
  // that came for it.
  alignas(64) mutable std::atomic<uint64_t> current_{0};
  Slot slots_[2];
  std::mutex setting_;
};

}  // namespace guiche

#endif  // GUICHE_DESK_HOLDER_H_
