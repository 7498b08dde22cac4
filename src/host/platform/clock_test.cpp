// SPDX-License-Identifier: Apache-2.0
#include "platform/clock.hpp"

#include <gtest/gtest.h>

#include "platform/posix/clock.hpp"
#include "platform/simulated/clock.hpp"

namespace mikusari::platform {
namespace {

TEST(Clock, WritesRfc3339) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(951782400123), "2000-02-29T00:00:00.123Z");
  EXPECT_EQ(rfc3339(INT64_MAX), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(INT64_MIN), "0000-01-01T00:00:00.000Z");
}

TEST(Clock, OfTheSystemIsAfterThisWasWrittenAndTheSteadyOneNeverGoesBack) {
  const PosixClock clock;
  EXPECT_GT(clock.now_ms(), SimulatedClock::start_ms);
  std::int64_t last = clock.steady_ms();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t now = clock.steady_ms();
    EXPECT_GE(now, last);
    last = now;
  }
}

TEST(Clock, SimulatedMovesOnlyWhenToldAndSettingItLeavesTheSteadyOneAlone) {
  SimulatedClock clock;
  EXPECT_EQ(rfc3339(clock.now_ms()), "2025-01-01T00:00:00.000Z");
  clock.advance(1500);
  EXPECT_EQ(clock.now_ms(), SimulatedClock::start_ms + 1500);
  clock.set(7);
  EXPECT_EQ(clock.now_ms(), 7);
  EXPECT_EQ(clock.steady_ms(), 1500);
}

}  // namespace
}  // namespace mikusari::platform
