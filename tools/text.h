// Answers as text for people, in Portuguese.

#ifndef GUICHE_TOOLS_TEXT_H_
#define GUICHE_TOOLS_TEXT_H_

#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "guiche/v1/availability.pb.h"
#include "guiche/v1/decision.pb.h"
#include "guiche/v1/policy.pb.h"
#include "guiche/v1/routing.pb.h"

namespace guiche {

// An instant of an answer: "qua 07/01/2026 12:00", "nunca", or that it lies
// beyond the horizon.
std::string When(absl::string_view instant);

absl::string_view Word(v1::Availability::State state);
absl::string_view Word(v1::Certainty certainty);
absl::string_view Word(v1::Kind kind);
absl::string_view Word(v1::Layer layer);
absl::string_view Word(v1::RouteAnswer::Outcome outcome);
absl::string_view Word(v1::ConductRule::Ruling ruling);
absl::string_view Word(v1::Weekday weekday);  // "seg"

// "label: value", columns aligned; nothing where the value is empty.
void PrintField(std::ostream& out, absl::string_view label,
                absl::string_view value);

void PrintAvailability(std::ostream& out, const v1::Availability& answer);
void PrintRoute(std::ostream& out, const v1::RouteAnswer& answer);
void PrintOrigin(std::ostream& out, const v1::PolicyRef& policy);

// Why, with the legal source.
std::string SourceOf(const v1::Reason& reason);

}  // namespace guiche

#endif  // GUICHE_TOOLS_TEXT_H_
