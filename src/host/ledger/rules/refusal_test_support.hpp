// SPDX-License-Identifier: Apache-2.0
// Checks of refusals, which are written down: at the end of the test program, EveryRefusalIsReached knows which codes
// the rules have given.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "ledger/test_camera.hpp"
#include "ledger/test_votes.hpp"

namespace mikusari::ledger {

inline std::set<statement::Refusal>& seen_refusals() {
  static std::set<statement::Refusal> seen;
  return seen;
}

inline ::testing::AssertionResult is_refused(const BodyFate& fate, statement::Refusal wanted) {
  seen_refusals().insert(fate.refusal);
  if (fate.refusal == wanted && fate.gained.empty() && fate.written == 0) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "was " << statement::text_of(fate.refusal).name << " (" << fate.subject
                                       << "; " << fate.object << "), not " << statement::text_of(wanted).name;
}

inline ::testing::AssertionResult is_accepted(const BodyFate& fate, statement::Outcome wanted) {
  if (!fate.accepted()) return is_refused(fate, statement::Refusal::none);
  if (fate.outcome == wanted) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "the outcome was " << cbor::name_of(fate.outcome);
}

}  // namespace mikusari::ledger

#define EXPECT_REFUSED(fate, wanted) \
  EXPECT_TRUE(::mikusari::ledger::is_refused((fate), ::mikusari::statement::Refusal::wanted))
#define EXPECT_DONE(fate) EXPECT_TRUE(::mikusari::ledger::is_accepted((fate), ::mikusari::statement::Outcome::done))
#define EXPECT_ALARM(fate) EXPECT_TRUE(::mikusari::ledger::is_accepted((fate), ::mikusari::statement::Outcome::alarm))
#define EXPECT_VOIDED(fate) EXPECT_TRUE(::mikusari::ledger::is_accepted((fate), ::mikusari::statement::Outcome::voided))
