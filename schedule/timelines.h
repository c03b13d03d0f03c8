// From rules to timelines: the last step of compiling.

#ifndef GUICHE_SCHEDULE_TIMELINES_H_
#define GUICHE_SCHEDULE_TIMELINES_H_

#include "policy/problems.h"
#include "schedule/table.h"

namespace guiche {

// Fills what queries read (cells, patterns, segments, timelines) from the rules
// of `table`, whose services come after those they follow in `order`. Windows
// with the same rules and zone share a timeline. Adds a problem if the work
// passes the limit.
void BuildTimelines(const std::vector<int>& order, ScheduleTable& table,
                    Problems& problems);

}  // namespace guiche

#endif  // GUICHE_SCHEDULE_TIMELINES_H_
