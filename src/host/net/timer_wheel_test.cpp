// SPDX-License-Identifier: Apache-2.0
#include "net/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <random>

namespace mikusari::net {
namespace {

TEST(TimerWheel, ReturnsEntriesOnceTheirDeadlineHasPassed) {
  TimerWheel wheel(10, 1'000'000);
  TimerWheel::Entry soon, late;
  wheel.set(soon, 1'000'035);
  wheel.set(late, 1'000'200);
  EXPECT_TRUE(wheel.advance(1'000'035).empty());
  EXPECT_EQ(wheel.advance(1'000'049), (std::vector<TimerWheel::Entry*>{&soon}));
  EXPECT_FALSE(soon.linked());
  EXPECT_EQ(wheel.advance(1'000'300), (std::vector<TimerWheel::Entry*>{&late}));
  EXPECT_TRUE(wheel.advance(2'000'000).empty());
}

TEST(TimerWheel, MovesADeadlineForwardAndLooksAgainWhenItMovedBack) {
  TimerWheel wheel(10, 0);
  TimerWheel::Entry entry;
  wheel.set(entry, 1000);
  wheel.set(entry, 100);
  EXPECT_EQ(wheel.advance(120).size(), 1u);
  wheel.set(entry, 200);
  wheel.set(entry, 1000);  // stays where it is: cheap
  EXPECT_EQ(wheel.advance(220).size(), 1u);
}

TEST(TimerWheel, ForgetsEntriesThatDie) {
  TimerWheel wheel(10, 0);
  {
    TimerWheel::Entry entry;
    wheel.set(entry, 50);
  }
  EXPECT_TRUE(wheel.advance(1000).empty());
}

TEST(TimerWheel, NeverReturnsAnEntryTooLate) {
  std::mt19937 random(7);
  TimerWheel wheel(10, 0);
  std::vector<std::unique_ptr<TimerWheel::Entry>> entries;
  std::vector<std::int64_t> deadlines;
  for (int i = 0; i < 200; ++i) {
    entries.push_back(std::make_unique<TimerWheel::Entry>());
    deadlines.push_back(random() % 20'000);  // some further away than a turn of the wheel
    wheel.set(*entries.back(), deadlines.back());
  }
  std::size_t done = 0;
  for (std::int64_t now = 0; now < 25'000; now += random() % 300) {
    for (TimerWheel::Entry* entry : wheel.advance(now)) {
      const auto at = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.get() == entry; });
      const std::int64_t deadline = deadlines[at - entries.begin()];
      if (deadline <= now)
        ++done;
      else
        wheel.set(*entry, deadline);
    }
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (!entries[i]->linked()) {
        EXPECT_LE(deadlines[i], now);
      } else {
        EXPECT_GT(deadlines[i], now - 20);
      }
  }
  EXPECT_EQ(done, 200u);
}

}  // namespace
}  // namespace mikusari::net
