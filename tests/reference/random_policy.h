// Policies made at random, and the smallest part of one that fails.

#ifndef GUICHE_TESTS_REFERENCE_RANDOM_POLICY_H_
#define GUICHE_TESTS_REFERENCE_RANDOM_POLICY_H_

#include <functional>
#include <random>

#include "guiche/v1/policy.pb.h"

namespace guiche {

// A policy of some months, places and services, which may contradict itself.
v1::Policy RandomPolicy(std::mt19937_64& random);

// `policy` less all that can be left out of it while it `fails`.
v1::Policy Shrunk(v1::Policy policy,
                  const std::function<bool(const v1::Policy&)>& fails);

}  // namespace guiche

#endif  // GUICHE_TESTS_REFERENCE_RANDOM_POLICY_H_
