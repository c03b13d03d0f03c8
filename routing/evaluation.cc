#include "routing/evaluation.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "routing/catalog.h"
#include "routing/training.h"

namespace guiche {
namespace {

constexpr char kNone[] = "none";
constexpr char kOutOfScope[] = "out_of_scope";

// Columns of the tables.
constexpr int kNameColumn = 28;
constexpr size_t kEvidenceShown = 4;

std::string AnsweredArea(const v1::RouteAnswer& answer) {
  if (answer.outcome() == v1::RouteAnswer::ROUTED) return answer.area();
  return answer.outcome() == v1::RouteAnswer::REFER ? kOutOfScope : kNone;
}

void Count(Share& share, bool counts, bool part) {
  share.of += counts;
  share.part += counts && part;
}

Judged Judge(const v1::LabelledMessage& message,
             const v1::RouteAnswer& answer) {
  Judged judged;
  judged.id = message.id();
  judged.expected = message.expect_area();
  judged.answered = AnsweredArea(answer);
  judged.topic = answer.outcome() == v1::RouteAnswer::REFER
                     ? answer.referral().id()
                     : answer.need();
  judged.acceptable =
      judged.expected == judged.answered ||
      std::find(message.also_ok().begin(), message.also_ok().end(),
                judged.answered) != message.also_ok().end();
  judged.wrong_door = judged.answered != kNone && !judged.acceptable;
  judged.urgent = message.urgent();
  judged.said_urgent = answer.urgent();
  judged.evidence.assign(answer.evidence().begin(), answer.evidence().end());
  return judged;
}

void Tally(const Judged& judged, const std::string& style, bool urgency_known,
           Evaluation& evaluation) {
  const bool sent = judged.answered != kNone;
  Count(evaluation.acceptable, true, judged.acceptable);
  Count(evaluation.exact, true, judged.expected == judged.answered);
  Count(evaluation.wrong_doors, sent, judged.wrong_door);
  Count(evaluation.abstained, judged.expected != kNone, !sent);
  Count(evaluation.urgent, urgency_known && judged.urgent, judged.said_urgent);
  Count(evaluation.false_alarms, urgency_known && !judged.urgent,
        judged.said_urgent);
  Count(evaluation.out_of_scope, judged.expected == kOutOfScope,
        judged.acceptable);
  Count(evaluation.none, judged.expected == kNone, judged.acceptable);
  Count(evaluation.by_area[judged.answered].precision, true, judged.acceptable);
  Count(evaluation.by_area[judged.expected].recall, true, judged.acceptable);
  Count(evaluation.by_style[style], true, judged.acceptable);
  ++evaluation.confusion[{judged.expected, judged.answered}];
}

// Of messages of which `said` has none the urgency is not measured; empty: it
// is known of all.
absl::Status EvaluateInto(const Router& router,
                          const std::vector<v1::LabelledMessage>& messages,
                          const std::vector<Urgency>& said,
                          Evaluation& evaluation) {
  for (size_t i = 0; i < messages.size(); ++i) {
    const v1::LabelledMessage& message = messages[i];
    v1::RouteRequest request;
    request.set_text(message.text());
    const absl::StatusOr<v1::RouteAnswer> answer = router.Route(request);
    if (!answer.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "message \"", message.id(), "\": ", answer.status().message()));
    }
    Judged judged = Judge(message, *answer);
    Tally(judged, message.style(), said.empty() || said[i] != kUnsaid,
          evaluation);
    evaluation.messages.push_back(std::move(judged));
  }
  return absl::OkStatus();
}

// Keeps so many of each hundred examples.
void Thin(v1::Policy& policy, int percent) {
  int number = 0;
  const auto thin = [&](auto& element) {
    for (v1::Wording& wording : *element.mutable_wordings()) {
      for (Texts* examples : MutableExamplesOf(wording)) {
        examples->erase(std::remove_if(examples->begin(), examples->end(),
                                       [&](const std::string&) {
                                         return number++ * 61 % 100 >= percent;
                                       }),
                        examples->end());
      }
    }
  };
  for (v1::Need& need : *policy.mutable_needs()) thin(need);
  for (v1::Referral& one : *policy.mutable_referrals()) thin(one);
}

}  // namespace

absl::StatusOr<std::vector<v1::LabelledMessage>> ReadLabelled(
    absl::string_view json_lines) {
  std::vector<v1::LabelledMessage> messages;
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
    if (message.id().empty()) message.set_id(absl::StrCat(number));
    messages.push_back(std::move(message));
  }
  return messages;
}

absl::StatusOr<Evaluation> Evaluate(
    const Router& router, const std::vector<v1::LabelledMessage>& messages) {
  Evaluation evaluation;
  const absl::Status status = EvaluateInto(router, messages, {}, evaluation);
  if (!status.ok()) return status;
  return evaluation;
}

absl::StatusOr<Evaluation> CrossValidate(const v1::Policy& policy, int folds,
                                         int percent) {
  v1::Model points = policy.model();
  if (!policy.has_model()) {
    absl::StatusOr<v1::Model> trained = Train(policy);
    if (!trained.ok()) return trained.status();
    points = *std::move(trained);
  }
  points.clear_classes();
  Evaluation evaluation;
  for (Fold& fold : FoldsOf(policy, folds)) {
    Thin(fold.rest, percent);
    *fold.rest.mutable_model() = FitWeights(fold.rest);
    fold.rest.mutable_model()->MergeFrom(points);
    const absl::StatusOr<Router> router = Router::Compile(fold.rest);
    if (!router.ok()) return router.status();
    const absl::Status status =
        EvaluateInto(*router, fold.held_out, fold.said, evaluation);
    if (!status.ok()) return status;
  }
  return evaluation;
}

std::string FormatEvaluation(const Evaluation& evaluation) {
  std::string text;
  const auto line = [&](absl::string_view name, const Share& share) {
    absl::StrAppend(
        &text, name,
        std::string(name.size() < kNameColumn ? kNameColumn - name.size() : 1,
                    ' '),
        absl::StrFormat("%5.1f%%  %d/%d\n", share.Percent(), share.part,
                        share.of));
  };
  line("certas ou aceitas", evaluation.acceptable);
  line("certas", evaluation.exact);
  line("porta errada", evaluation.wrong_doors);
  line("sem resposta", evaluation.abstained);
  if (evaluation.urgent.of > 0) {
    line("urgentes vistas", evaluation.urgent);
    line("alarmes falsos", evaluation.false_alarms);
  }
  line("de outro vistas", evaluation.out_of_scope);
  line("sem pedido vistas", evaluation.none);

  absl::StrAppend(&text,
                  "\npor area             precisao          cobertura\n");
  for (const auto& [area, of] : evaluation.by_area) {
    absl::StrAppendFormat(&text, "  %-18s %5.1f%% %-9s %5.1f%% %s\n", area,
                          of.precision.Percent(),
                          absl::StrCat(of.precision.part, "/", of.precision.of),
                          of.recall.Percent(),
                          absl::StrCat(of.recall.part, "/", of.recall.of));
  }
  absl::StrAppend(&text, "\npor estilo\n");
  for (const auto& [style, share] : evaluation.by_style) {
    line(absl::StrCat("  ", style.empty() ? "-" : style), share);
  }

  // Areas as columns, by number.
  std::set<std::string> areas;
  for (const auto& [pair, count] : evaluation.confusion) {
    areas.insert({pair.first, pair.second});
  }
  absl::StrAppend(&text, "\nesperada (linha) e respondida (coluna)\n",
                  std::string(24, ' '));
  for (size_t i = 1; i <= areas.size(); ++i) {
    absl::StrAppendFormat(&text, "%5d", i);
  }
  int number = 0;
  for (const std::string& expected : areas) {
    absl::StrAppendFormat(&text, "\n%3d %-20s", ++number, expected);
    for (const std::string& answered : areas) {
      const auto found = evaluation.confusion.find({expected, answered});
      absl::StrAppendFormat(&text, "%5s",
                            found == evaluation.confusion.end()
                                ? "."
                                : absl::StrCat(found->second));
    }
  }
  absl::StrAppend(&text, "\n");
  return text;
}

std::string FormatErrors(const Evaluation& evaluation) {
  std::string text;
  for (const Judged& judged : evaluation.messages) {
    if (judged.acceptable && judged.urgent == judged.said_urgent) continue;
    absl::StrAppend(&text, judged.id, " ", judged.expected, " -> ",
                    judged.answered);
    if (!judged.topic.empty()) absl::StrAppend(&text, " (", judged.topic, ")");
    if (!judged.acceptable) {
      absl::StrAppend(&text,
                      judged.wrong_door ? " porta errada" : " sem resposta");
    }
    if (judged.urgent != judged.said_urgent) {
      absl::StrAppend(&text,
                      judged.urgent ? " urgente nao vista" : " alarme falso");
    }
    std::vector<v1::Evidence> evidence = judged.evidence;
    std::stable_sort(evidence.begin(), evidence.end(),
                     [](const v1::Evidence& a, const v1::Evidence& b) {
                       return a.weight() > b.weight();
                     });
    if (evidence.size() > kEvidenceShown) evidence.resize(kEvidenceShown);
    for (const v1::Evidence& one : evidence) {
      absl::StrAppend(&text, "\n    ", one.speaks_for(), " ", one.weight(),
                      ": ", one.phrase().empty() ? "palavra" : one.phrase(),
                      " [", one.begin(), ", ", one.end(), ")");
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace guiche
