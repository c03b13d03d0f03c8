// The texts of a policy that people read, as ICU MessageFormat.

#ifndef GUICHE_DESK_MESSAGES_H_
#define GUICHE_DESK_MESSAGES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "guiche/v1/policy.pb.h"
#include "policy/problems.h"

namespace guiche {

// What a WhatsApp message with buttons holds.
inline constexpr int kLongestReply = 1'024;  // characters

// Named arguments of a message, as text. A message may use any of
// kMessageArguments; those that are not given are empty.
using MessageArguments = std::vector<std::pair<absl::string_view, std::string>>;

// What a message may name, in order:
//   address unit place      of the unit that takes the request
//   name to                 of a referral: what it is, and whose work
//   numbers                 to call at once, "190 (Polícia Militar), 192
//   (SAMU)" question options        what to ask, and the numbered answers to
//   offer label                   why the window is closed, "Corpus Christi"
//   next_open until         dates in words
//   has_next_open           "yes" or "no"
//   url phone               of who is on call; of the service itself
//   date weekday day month hour minute   of `date_and_time`: the date in words,
//                           Monday is 1, the others two digits but for `day`
inline constexpr absl::string_view kMessageArguments[] = {
    "address", "date",    "day",   "has_next_open", "hour",
    "label",   "minute",  "month", "name",          "next_open",
    "numbers", "options", "phone", "place",         "question",
    "to",      "unit",    "until", "url",           "weekday"};

// Immutable once compiled; any number of threads may ask.
class Messages {
 public:
  // Checks and compiles `policy.messages`; adds what is wrong to `problems`.
  static Messages Compile(const v1::Policy& policy, Problems& problems);

  Messages(Messages&&);
  Messages& operator=(Messages&&);
  ~Messages();

  bool Has(absl::string_view id) const;

  // Message `id` in `language`, a BCP 47 tag, else in its primary language,
  // else in the policy's; empty where there is none.
  std::string Format(absl::string_view id, absl::string_view language,
                     const MessageArguments& arguments) const;

  // An instant on the clock of `zone` as people say it, by the message
  // `date_and_time`: "quinta-feira, 7 de janeiro, às 12h".
  std::string DateAndTime(absl::Time t, absl::TimeZone zone,
                          absl::string_view language) const;

 private:
  struct Compiled;

  Messages();

  const Compiled* Find(absl::string_view id, absl::string_view language) const;

  std::string usual_language_;
  // By id, blank, language.
  absl::flat_hash_map<std::string, std::unique_ptr<const Compiled>> messages_;
};

}  // namespace guiche

#endif  // GUICHE_DESK_MESSAGES_H_
