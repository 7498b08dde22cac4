// SPDX-License-Identifier: Apache-2.0
#include "node/ledger_clock.hpp"

#include <gtest/gtest.h>

#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "platform/simulated/log.hpp"

namespace mikusari::node {
namespace {

constexpr std::int64_t hour = 3600LL * 1000, day = 24 * hour, century = 36'525 * day;
constexpr std::int64_t founded = platform::SimulatedClock::start_ms;

struct LedgerClockTest : ::testing::Test {
  LedgerClock clock() { return {machine_, disk_, log_, "/signer/clock", "/clock.confirmed", founded}; }
  void confirm() { ASSERT_TRUE(confirm_clock(disk_, "/clock.confirmed", machine_.now_ms()).has_value()); }
  void a_second_passes() { machine_.advance(1000); }

  platform::SimulatedClock machine_;
  platform::SimulatedDisk disk_;
  platform::MemoryLog log_{machine_};
};

TEST_F(LedgerClockTest, IsTheMachinesWhileThatIsNear) {
  auto clock = this->clock();
  machine_.advance(day);
  EXPECT_TRUE(clock.look().has_value());
  EXPECT_EQ(clock.now_ms(), founded + day);
  EXPECT_EQ(clock.ahead_ms(), day);
  machine_.set(founded - hour);
  EXPECT_TRUE(clock.good().has_value());
  EXPECT_EQ(clock.now_ms(), founded) << "no time is signed that is before one that was";
  EXPECT_EQ(clock.ahead_ms(), 0);
}

TEST_F(LedgerClockTest, Attack11AClockACenturyAheadIsNotBelieved) {
  auto clock = this->clock();
  machine_.set(founded + century);
  const auto good = clock.good();
  ASSERT_FALSE(good.has_value());
  EXPECT_EQ(good.error().code(), Code::unavailable);
  EXPECT_NE(good.error().message().find("mikusari node confirm-clock"), std::string::npos);
  EXPECT_NE(good.error().message().find("2125-"), std::string::npos);
  EXPECT_EQ(clock.now_ms(), founded);
  // It does not creep after what it has shown itself.
  clock.saw(clock.now_ms());
  EXPECT_FALSE(clock.good().has_value());
  machine_.set(founded);
  EXPECT_TRUE(clock.good().has_value());
}

TEST_F(LedgerClockTest, GoesOnWhenTheOperatorConfirms) {
  auto clock = this->clock();
  machine_.advance(30 * day);
  EXPECT_FALSE(clock.good().has_value());
  confirm();
  a_second_passes();
  EXPECT_TRUE(clock.good().has_value());
  EXPECT_EQ(clock.now_ms(), machine_.now_ms());
  // Used up by the next record.
  clock.saw(clock.now_ms());
  EXPECT_FALSE(disk_.exists("/clock.confirmed"));
  machine_.advance(2 * day);
  EXPECT_FALSE(clock.good().has_value());
}

TEST_F(LedgerClockTest, TakesNoConfirmationForALaterClock) {
  auto clock = this->clock();
  machine_.set(founded + century);
  confirm();  // by mistake
  machine_.set(founded + 2 * day);
  a_second_passes();
  EXPECT_FALSE(clock.good().has_value());
  confirm();
  a_second_passes();
  EXPECT_TRUE(clock.good().has_value());
  machine_.set(founded + century);
  EXPECT_FALSE(clock.good().has_value());
}

TEST_F(LedgerClockTest, TakesNothingElseForAConfirmation) {
  auto clock = this->clock();
  machine_.advance(2 * day);
  for (const auto* text : {"", "yes\n", "-1\n", "99999999999999999999\n", "1735689600000 \n"}) {
    disk_.replace("/clock.confirmed", as_bytes(text));
    a_second_passes();
    EXPECT_FALSE(clock.good().has_value()) << text;
  }
}

TEST_F(LedgerClockTest, RemembersTheNewestTimeOverARestart) {
  {
    auto clock = this->clock();
    clock.saw(founded + 10 * day);
    clock.saw(founded + 9 * day);
    ASSERT_TRUE(disk_.make_directory("/signer").has_value());
    ASSERT_TRUE(clock.remember().has_value());
  }
  machine_.set(founded + 10 * day + hour);
  auto clock = this->clock();
  EXPECT_TRUE(clock.good().has_value());
  EXPECT_EQ(clock.ahead_ms(), hour);
}

TEST_F(LedgerClockTest, SaysOnceWhatHasChanged) {
  auto clock = this->clock();
  const auto lines = [&](std::string_view event) { return log_.count(event); };
  machine_.advance(2 * hour);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(clock.look().has_value());
  EXPECT_EQ(lines("clock_ahead_of_ledger"), 1u);
  machine_.advance(2 * day);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(clock.look().has_value());
  EXPECT_EQ(lines("clock_too_far_ahead"), 1u);
  clock.saw(machine_.now_ms());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(clock.look().has_value());
  EXPECT_EQ(lines("clock_near_ledger"), 1u);
}

}  // namespace
}  // namespace mikusari::node
