// Whether a compiled schedule and the slow reading of its policy agree.

#ifndef GUICHE_TESTS_REFERENCE_AGREEMENT_H_
#define GUICHE_TESTS_REFERENCE_AGREEMENT_H_

#include <random>
#include <string>

#include "schedule/schedule.h"
#include "tests/reference/reference.h"

namespace guiche {

// The first disagreement at one window, or an empty text. Walks the compiled
// answers and asks the reference at the beginning and end of each, and at
// `between` other instants; along the way checks what answers say of each
// other.
std::string Disagreement(const Schedule& schedule, const Reference& reference,
                         const std::string& service, const std::string& place,
                         std::mt19937_64& random, int between = 2);

}  // namespace guiche

#endif  // GUICHE_TESTS_REFERENCE_AGREEMENT_H_
