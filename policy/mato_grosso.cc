#include "policy/mato_grosso.h"

#include "absl/strings/string_view.h"
#include "policy/mato_grosso_bytes.h"

namespace guiche {

v1::Policy MatoGrosso() {
  const absl::string_view bytes = MatoGrossoBytes();
  v1::Policy policy;
  // The build made these bytes from the sources, and tests compile them.
  policy.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return policy;
}

}  // namespace guiche
