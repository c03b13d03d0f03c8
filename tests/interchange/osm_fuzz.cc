// Any bytes are opening hours or an error; and hours that are read give every
// day stretches that are in order, apart and within it.

#include <cstdint>
#include <cstdlib>

#include "interchange/osm_spec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<guiche::osm::Spec> spec = guiche::osm::Spec::Parse(
      absl::string_view(reinterpret_cast<const char*>(data), size));
  if (!spec.ok()) return 0;
  const guiche::osm::Holidays holidays = {{absl::CivilDay(2026, 12, 25)}, {}};
  for (const int year : {1970, 2000, 2026, 2100}) {
    for (const int day : {1, 2, 29, 31, 60, 365}) {
      int last = 0;
      for (const guiche::osm::Stretch& stretch :
           spec->On(absl::CivilDay(year, 1, day), holidays)) {
        if (stretch.from < last || stretch.to <= stretch.from ||
            stretch.to > guiche::osm::kDay ||
            stretch.state == guiche::osm::State::kClosed) {
          std::abort();
        }
        last = stretch.to;
      }
    }
  }
  return 0;
}
