#include "routing/evaluation.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "guiche/v1/routing.pb.h"

namespace guiche {
namespace {

constexpr char kNone[] = "none";
constexpr char kOutOfScope[] = "out_of_scope";

std::string AnsweredArea(const v1::RouteAnswer& answer) {
  if (answer.outcome() == v1::RouteAnswer::ROUTED) return answer.area();
  return answer.outcome() == v1::RouteAnswer::REFER ? kOutOfScope : kNone;
}

void Count(Share& share, bool counts, bool part) {
  share.of += counts;
  share.part += counts && part;
}

void Tally(const Judged& judged, const std::string& style,
           Evaluation& evaluation) {
  const bool right = judged.expected == judged.answered;
  const bool sent = judged.answered != kNone;
  Count(evaluation.acceptable, true, judged.acceptable);
  Count(evaluation.exact, true, right);
  Count(evaluation.wrong_doors, sent, judged.wrong_door);
  Count(evaluation.urgent, judged.urgent, judged.said_urgent);
  Count(evaluation.false_alarms, !judged.urgent, judged.said_urgent);
  Count(evaluation.out_of_scope, judged.expected == kOutOfScope,
        judged.acceptable);
  Count(evaluation.none, judged.expected == kNone, judged.acceptable);
  Count(evaluation.by_style[style], true, judged.acceptable);
  if (!judged.acceptable) {
    ++evaluation.confusion[{judged.expected, judged.answered}];
  }
}

}  // namespace

absl::StatusOr<Evaluation> Evaluate(const Router& router,
                                    absl::string_view json_lines) {
  Evaluation evaluation;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(json_lines, '\n')) {
    ++number;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    v1::LabelledMessage message;
    const auto parsed = google::protobuf::util::JsonStringToMessage(
        std::string(line), &message, options);
    if (!parsed.ok() || message.expect_area().empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number, ": is no JSON object with text and expect_area"));
    }
    v1::RouteRequest request;
    request.set_text(message.text());
    const absl::StatusOr<v1::RouteAnswer> answer = router.Route(request);
    if (!answer.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", answer.status().message()));
    }
    const std::string answered = AnsweredArea(*answer);
    Judged judged;
    judged.id = message.id();
    judged.expected = message.expect_area();
    judged.answered = answered;
    judged.need = answer->outcome() == v1::RouteAnswer::REFER
                      ? answer->referral().id()
                      : answer->need();
    judged.acceptable =
        judged.expected == answered ||
        std::find(message.also_ok().begin(), message.also_ok().end(),
                  answered) != message.also_ok().end();
    judged.wrong_door = answered != kNone && !judged.acceptable;
    judged.urgent = message.urgent();
    judged.said_urgent = answer->urgent();
    Tally(judged, message.style(), evaluation);
    evaluation.messages.push_back(std::move(judged));
  }
  return evaluation;
}

std::string FormatEvaluation(const Evaluation& evaluation) {
  std::string text;
  const auto line = [&](absl::string_view name, const Share& share) {
    absl::StrAppendFormat(&text, "%-24s %5.1f%%  %d/%d\n", name,
                          share.Percent(), share.part, share.of);
  };
  line("right or acceptable", evaluation.acceptable);
  line("right", evaluation.exact);
  line("wrong door, of sent", evaluation.wrong_doors);
  line("urgent recall", evaluation.urgent);
  line("false alarms", evaluation.false_alarms);
  line("out_of_scope recall", evaluation.out_of_scope);
  line("none recall", evaluation.none);
  absl::StrAppend(&text, "\nby style\n");
  for (const auto& [style, share] : evaluation.by_style) {
    line(absl::StrCat("  ", style), share);
  }
  absl::StrAppend(&text, "\nexpected -> answered, where not acceptable\n");
  for (const auto& [areas, count] : evaluation.confusion) {
    absl::StrAppendFormat(&text, "  %-20s %-20s %d\n", areas.first,
                          areas.second, count);
  }
  absl::StrAppend(&text, "\nnot acceptable, or urgency wrong\n");
  for (const Judged& judged : evaluation.messages) {
    if (judged.acceptable && judged.urgent == judged.said_urgent) continue;
    absl::StrAppendFormat(
        &text, "  %s %s -> %s %s%s%s\n", judged.id, judged.expected,
        judged.answered, judged.need.empty() ? "-" : judged.need,
        judged.acceptable ? ""
                          : (judged.wrong_door ? " WRONG DOOR" : " missed"),
        judged.urgent == judged.said_urgent
            ? ""
            : (judged.urgent ? " not seen urgent" : " false alarm"));
  }
  return text;
}

}  // namespace guiche
