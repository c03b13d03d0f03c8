// Phrases that do not do what they are there for.

#ifndef GUICHE_ROUTING_WORDINGS_H_
#define GUICHE_ROUTING_WORDINGS_H_

#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"
#include "routing/understanding.h"

namespace guiche {

// Reads phrases of needs and referrals as if each were a whole message, once
// for each of its alternatives. Problems are those that no message meets, as
// the topic's own `forbids` lies within them, and those that decide for nobody,
// as the same words decide for another topic that is as grave:
//   needs[a].wordings[0].decides[2]: "y|z" never counts; "z" is met by
//   forbids[1] "z" too; leave one of them out
// `understanding` is that of `policy`. Some microseconds a phrase.
void CheckWordings(const v1::Policy& policy, const Understanding& understanding,
                   Problems& problems);

// Of a policy without such problems, notes about phrases of which that is true
// in part, choices that an author may have meant otherwise, as in
// "guarda|guarda compartilhada", and examples of two topics.
void NoteWordings(const v1::Policy& policy, const Understanding& understanding,
                  Problems& problems);

}  // namespace guiche

#endif  // GUICHE_ROUTING_WORDINGS_H_
