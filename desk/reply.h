// The reply that a citizen reads, from the policy's own messages.

#ifndef GUICHE_DESK_REPLY_H_
#define GUICHE_DESK_REPLY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "desk/messages.h"
#include "guiche/v1/decision.pb.h"
#include "schedule/schedule.h"

namespace guiche {

// When the window changes, for the dates in the reply.
struct WindowTimes {
  absl::TimeZone zone;
  Moment next_open, next_close;
};

// Paragraphs, each a message of the policy, in this order:
//   reply_urgent     numbers to call at once, if the request is urgent
//   reply_routed, reply_refer, reply_ask or reply_human   by outcome
//   ask_place        if the place is not known and would name the unit
//   reply_open, reply_closed or reply_uncovered   of the unit's window; not
//                    where another body takes it
//   reply_on_call    who serves while the window is closed
//   reply_unconfirmed   if the hours rest on what nobody has confirmed
// Messages that the policy lacks are left out. Over kLongestReply the last
// paragraphs are left out, and candidates before them.
std::string ComposeReply(const Messages& messages, const v1::Decision& decision,
                         const WindowTimes& times, absl::string_view language);

}  // namespace guiche

#endif  // GUICHE_DESK_REPLY_H_
