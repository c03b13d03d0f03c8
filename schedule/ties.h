// Rules that contradict each other while nothing says which of them holds.

#ifndef GUICHE_SCHEDULE_TIES_H_
#define GUICHE_SCHEDULE_TIES_H_

#include "policy/problems.h"
#include "schedule/table.h"

namespace guiche {

// Names to `problems` each pair of rules of one layer, place and publication
// that differ about some hour of some day, and each pair of weekly hours of one
// place, publication and weekday. The rules of `table` are read and in order.
// Bounded: rules that meet too often are a problem themselves.
void CheckTies(const ScheduleTable& table, Problems& problems);

}  // namespace guiche

#endif  // GUICHE_SCHEDULE_TIES_H_
