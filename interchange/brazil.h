// What PH means in Brazil, where nobody says.

#ifndef GUICHE_INTERCHANGE_BRAZIL_H_
#define GUICHE_INTERCHANGE_BRAZIL_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace guiche {

// Whether an IANA zone is one of Brazil's, older names of them included.
bool IsInBrazil(absl::string_view time_zone);

// The national holidays of the years [first, last], sorted, by the laws of
// today: Leis 662/1949, 6.802/1980, 10.607/2002 and 14.759/2023 (November 20,
// from 2024 on), and Good Friday, which no federal law declares and every
// federal calendar names. Those of states and municipalities are not among
// them, nor are days that are optional, such as Carnival.
std::vector<absl::CivilDay> NationalHolidays(int64_t first, int64_t last);

}  // namespace guiche

#endif  // GUICHE_INTERCHANGE_BRAZIL_H_
