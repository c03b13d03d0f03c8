#include "interchange/brazil.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "interchange/osm_spec.h"

namespace guiche {

bool IsInBrazil(absl::string_view time_zone) {
  constexpr absl::string_view kZones[] = {
      "America/Araguaina",   "America/Bahia",        "America/Belem",
      "America/Boa_Vista",   "America/Campo_Grande", "America/Cuiaba",
      "America/Eirunepe",    "America/Fortaleza",    "America/Maceio",
      "America/Manaus",      "America/Noronha",      "America/Porto_Acre",
      "America/Porto_Velho", "America/Recife",       "America/Rio_Branco",
      "America/Santarem",    "America/Sao_Paulo",
  };
  return std::find(std::begin(kZones), std::end(kZones), time_zone) !=
             std::end(kZones) ||
         absl::StartsWith(time_zone, "Brazil/");
}

std::vector<absl::CivilDay> NationalHolidays(int64_t first, int64_t last) {
  constexpr int kFixed[][2] = {{1, 1},   {4, 21}, {5, 1},   {9, 7},
                               {10, 12}, {11, 2}, {11, 15}, {12, 25}};
  std::vector<absl::CivilDay> days;
  for (int64_t year = first; year <= last; ++year) {
    for (const auto& [month, day] : kFixed) days.emplace_back(year, month, day);
    days.push_back(osm::Easter(year) - 2);
    if (year >= 2024) days.emplace_back(year, 11, 20);
  }
  std::sort(days.begin(), days.end());
  return days;
}

}  // namespace guiche
