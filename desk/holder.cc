#include "desk/holder.h"

#include <thread>
#include <utility>

namespace guiche {
namespace {

constexpr int kSlotBit = 63;
constexpr uint64_t kCount = (uint64_t{1} << kSlotBit) - 1;

}  // namespace

DeskHolder::DeskHolder(Desk desk) { slots_[0].desk.emplace(std::move(desk)); }

Desk DeskHolder::Get() const {
  const uint64_t came = current_.fetch_add(1, std::memory_order_acquire);
  const Slot& slot = slots_[came >> kSlotBit];
  Desk desk = *slot.desk;
  slot.left.fetch_add(1, std::memory_order_release);
  return desk;
}

void DeskHolder::Set(Desk desk) {
  const std::lock_guard<std::mutex> lock(setting_);
  const uint64_t now = current_.load(std::memory_order_relaxed) >> kSlotBit;
  slots_[1 - now].desk.emplace(std::move(desk));
  const uint64_t came =
      current_.exchange((1 - now) << kSlotBit, std::memory_order_acq_rel);
  // From here on nobody comes for the old one; those who came soon leave.
  Slot& old = slots_[now];
  while (old.left.load(std::memory_order_acquire) != (came & kCount)) {
    std::this_thread::yield();
  }
  old.desk.reset();
  old.left.store(0, std::memory_order_relaxed);
}

absl::Status DeskHolder::Reload(const v1::Policy& policy,
                                const Desk::Options& options) {
  absl::StatusOr<Desk> desk = Desk::Compile(policy, options);
  if (!desk.ok()) return desk.status();
  Set(*std::move(desk));
  return absl::OkStatus();
}

}  // namespace guiche
