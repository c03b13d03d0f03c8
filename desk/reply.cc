#include "desk/reply.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace guiche {
namespace {

// Characters of valid UTF-8.
int Length(absl::string_view text) {
  int length = 0;
  for (const char c : text) length += (c & 0xC0) != 0x80;
  return length;
}

std::string NumbersOf(const v1::RouteAnswer& route) {
  std::vector<std::string> numbers;
  for (const v1::EmergencyCall& call : route.emergency()) {
    numbers.push_back(
        call.number().empty()
            ? absl::StrCat(call.name(), ": ", call.url())
            : absl::StrCat(call.number(), " (", call.name(), ")"));
  }
  return absl::StrJoin(numbers, ", ");
}

// "1. pedir pensão alimentícia", a line each.
std::string OptionsOf(const v1::RouteAnswer& route, int most) {
  std::string lines;
  for (int i = 0; i < route.candidates_size() && i < most; ++i) {
    absl::StrAppend(&lines, i == 0 ? "" : "\n", i + 1, ". ",
                    route.candidates(i).name());
  }
  return lines;
}

absl::string_view OutcomeMessage(v1::RouteAnswer::Outcome outcome) {
  switch (outcome) {
    case v1::RouteAnswer::ROUTED:
      return "reply_routed";
    case v1::RouteAnswer::REFER:
      return "reply_refer";
    case v1::RouteAnswer::ASK:
      return "reply_ask";
    default:
      return "reply_human";
  }
}

absl::string_view StateMessage(v1::Availability::State state) {
  switch (state) {
    case v1::Availability::OPEN:
      return "reply_open";
    case v1::Availability::CLOSED:
      return "reply_closed";
    default:
      return "reply_uncovered";
  }
}

// The first contact that has a link, and the first that has a phone.
std::pair<std::string, std::string> ReachOf(
    const google::protobuf::RepeatedPtrField<v1::Contact>& contacts) {
  std::pair<std::string, std::string> reach;
  for (const v1::Contact& contact : contacts) {
    if (reach.first.empty()) reach.first = contact.url();
    if (reach.second.empty()) reach.second = contact.printed();
  }
  return reach;
}

}  // namespace

std::string ComposeReply(const Messages& messages, const v1::Decision& decision,
                         const WindowTimes& times, absl::string_view language) {
  const v1::RouteAnswer& route = decision.route();
  const v1::Availability& window = decision.availability();
  const auto date = [&](const Moment& moment) {
    return moment.kind == Moment::kAt
               ? messages.DateAndTime(moment.at(), times.zone, language)
               : std::string();
  };
  const auto [url, phone] = ReachOf(window.on_call().contacts());
  MessageArguments arguments = {
      {"address", route.unit().address()},
      {"has_next_open", times.next_open.kind == Moment::kAt ? "yes" : "no"},
      {"label", window.reason().label()},
      {"name", route.referral().name()},
      {"next_open", date(times.next_open)},
      {"numbers", NumbersOf(route)},
      {"options", OptionsOf(route, route.candidates_size())},
      {"phone", phone},
      {"place", route.place_name()},
      {"question", route.question()},
      {"to", absl::StrJoin(route.referral().to(), "; ")},
      {"unit", route.unit().name()},
      {"until", date(times.next_close)},
      {"url", url},
  };

  std::vector<absl::string_view> ids;
  if (route.urgent() && route.emergency_size() > 0) {
    ids.push_back("reply_urgent");
  }
  ids.push_back(OutcomeMessage(route.outcome()));
  if (route.ask_place()) ids.push_back("ask_place");
  if (route.outcome() != v1::RouteAnswer::REFER) {
    ids.push_back(StateMessage(window.state()));
    if (window.state() == v1::Availability::CLOSED &&
        !window.on_call().service().empty()) {
      ids.push_back("reply_on_call");
    }
    if (window.certainty() == v1::UNCONFIRMED) {
      ids.push_back("reply_unconfirmed");
    }
  }

  const auto compose = [&] {
    std::vector<std::string> paragraphs;
    for (const absl::string_view id : ids) {
      std::string paragraph = messages.Format(id, language, arguments);
      if (!paragraph.empty()) paragraphs.push_back(std::move(paragraph));
    }
    return absl::StrJoin(paragraphs, "\n\n");
  };
  std::string reply = compose();
  for (int most = route.candidates_size() - 1;
       Length(reply) > kLongestReply && most > 0; --most) {
    for (auto& [name, value] : arguments) {
      if (name == "options") value = OptionsOf(route, most);
    }
    reply = compose();
  }
  while (Length(reply) > kLongestReply && ids.size() > 1) {
    ids.pop_back();
    reply = compose();
  }
  return Length(reply) > kLongestReply ? "" : reply;
}

}  // namespace guiche
