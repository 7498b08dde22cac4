// SPDX-License-Identifier: Apache-2.0
// Checks of refusals, which are written down: at the end of the test program, Refusals.EveryOneIsReached knows which
// codes the rules have given.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "ledger/test_camera.hpp"

namespace mikusari::ledger {

inline std::set<statement::Refusal>& seen_refusals() {
  static std::set<statement::Refusal> seen;
  return seen;
}

inline ::testing::AssertionResult is_refused(const BodyFate& fate, statement::Refusal wanted) {
  seen_refusals().insert(fate.refusal);
  if (fate.refusal == wanted && fate.changed.empty()) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "was " << statement::text_of(fate.refusal).name << " (" << fate.subject
                                       << "; " << fate.object << "), not " << statement::text_of(wanted).name;
}

}  // namespace mikusari::ledger

#define EXPECT_REFUSED(fate, wanted) \
  EXPECT_TRUE(::mikusari::ledger::is_refused((fate), ::mikusari::statement::Refusal::wanted))
