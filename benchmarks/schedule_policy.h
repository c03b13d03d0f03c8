// A calendar of the size of Mato Grosso's, in any number of years and places.

#ifndef GUICHE_BENCHMARKS_SCHEDULE_POLICY_H_
#define GUICHE_BENCHMARKS_SCHEDULE_POLICY_H_

#include "guiche/v1/policy.pb.h"

namespace guiche {

// From 2022 on for `years`: a state of `comarcas`, each with two municipalities
// and a holiday of its own; twenty statewide days off, half days, recesses; an
// online service and the plantão that complements it.
v1::Policy CalendarPolicy(int years, int comarcas);

}  // namespace guiche

#endif  // GUICHE_BENCHMARKS_SCHEDULE_POLICY_H_
