// The default policy: Defensoria Pública do Estado de Mato Grosso, as written
// in policy/mato_grosso/*.textproto and embedded when the library is built.

#ifndef GUICHE_POLICY_MATO_GROSSO_H_
#define GUICHE_POLICY_MATO_GROSSO_H_

#include "guiche/v1/policy.pb.h"

namespace guiche {

// A fresh copy, parsed from the embedded bytes: milliseconds.
v1::Policy MatoGrosso();

}  // namespace guiche

#endif  // GUICHE_POLICY_MATO_GROSSO_H_
