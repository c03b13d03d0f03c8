// What is odd in a policy and yet no error.

#ifndef GUICHE_ROUTING_NOTES_H_
#define GUICHE_ROUTING_NOTES_H_

#include "guiche/v1/policy.pb.h"

namespace guiche {

class Problems;       // policy/problems.h
class Understanding;  // routing/understanding.h

// Adds notes on a policy that compiles, of which `understanding` is: signs in
// phrases that an author of regular expressions would write, what is there
// twice, what nobody reaches or reads, deciding phrases that the policy's own
// examples contradict, contacts that nobody can use. Reads every example once.
void NotePolicy(const v1::Policy& policy, const Understanding& understanding,
                Problems& problems);

}  // namespace guiche

#endif  // GUICHE_ROUTING_NOTES_H_
