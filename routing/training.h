// Learning, from the wordings of a policy, the linear model that it carries.
//
//   absl::StatusOr<v1::Model> model = Train(policy);
//   if (model.ok()) *policy.mutable_model() = *model;
//
// In integers and in a fixed order: the same wordings make the same model, byte
// for byte, on every machine.

#ifndef GUICHE_ROUTING_TRAINING_H_
#define GUICHE_ROUTING_TRAINING_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "guiche/v1/policy.pb.h"
#include "guiche/v1/routing.pb.h"
#include "routing/catalog.h"

namespace guiche {

// How many parts the examples are cut into, each held out in turn.
inline constexpr int kFolds = 5;

// The weights that phrases and examples of needs and referrals teach, and the
// points that do best on examples held out of training. Reads no model that
// `policy` may have. Some seconds for some thousand texts. kInvalidArgument as
// Understanding::Compile().
absl::StatusOr<v1::Model> Train(const v1::Policy& policy);

// The weights alone, of a policy that compiles; all points are 0.
v1::Model FitWeights(const v1::Policy& policy);

// What Train() reads of a policy, and the model that it has: of one that is
// still as Train() made it, from these wordings, Model::trained_from.
uint64_t TrainingDigest(const v1::Policy& policy);

// Examples held out of a policy, as messages to measure it with. `expect_area`
// of a referral is "out_of_scope", of an area that a person takes "none"; those
// of an urgent need are urgent, unless they are told to be calm.
struct Fold {
  v1::Policy rest;
  std::vector<v1::LabelledMessage> held_out;
  std::vector<Urgency> said;  // of each; unsaid, the need tells
};

// Every example of a need or referral is held out of exactly one fold.
std::vector<Fold> FoldsOf(const v1::Policy& policy, int folds);

}  // namespace guiche

#endif  // GUICHE_ROUTING_TRAINING_H_
