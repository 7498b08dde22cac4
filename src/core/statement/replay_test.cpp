// SPDX-License-Identifier: Apache-2.0
#include "statement/replay.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

// The window as anybody would write it first: all numbers that were ever used.
class NaiveWindow {
 public:
  bool accepts(std::uint64_t n) const {
    if (n == 0 || used_.contains(n)) return false;
    return used_.empty() || n > *used_.rbegin() || *used_.rbegin() - n < limits::replay_window_bits;
  }
  void use(std::uint64_t n) { used_.insert(n); }
  std::uint64_t highest() const { return used_.empty() ? 0 : *used_.rbegin(); }

 private:
  std::set<std::uint64_t> used_;
};

TEST(Replay, AgreesWithTheSetOfAllUsedNumbers) {
  const char* given = std::getenv("MIKUSARI_SEED");
  const std::uint64_t seed = given == nullptr ? std::random_device{}() : std::strtoull(given, nullptr, 10);
  std::printf("MIKUSARI_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20; ++round) {
    ReplayRecord record;
    NaiveWindow naive;
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t back = random() % 1200;
      const std::uint64_t ahead = random() % 50 == 0 ? random() % 3000 : random() % 4;
      const std::uint64_t n =
          random() % 2 == 0 ? naive.highest() + ahead : naive.highest() - std::min(back, naive.highest());
      ASSERT_EQ(record.accepts(n), naive.accepts(n)) << "n " << n << " highest " << naive.highest();
      if (!record.accepts(n)) continue;
      record = record.after(n);
      naive.use(n);
      ASSERT_EQ(record.highest, naive.highest());
    }
  }
}

TEST(Replay, ZeroIsNeverUsable) {
  EXPECT_FALSE(ReplayRecord{}.accepts(0));
  EXPECT_FALSE(ReplayRecord{}.after(5).accepts(0));
}

TEST(Replay, FirstNumberMayBeAnyAndTheEdgesHold) {
  constexpr std::uint64_t top = ~std::uint64_t{0};
  const auto record = ReplayRecord{}.after(top);
  EXPECT_FALSE(record.accepts(top));
  EXPECT_TRUE(record.accepts(top - 1023));
  EXPECT_FALSE(record.accepts(top - 1024));
  EXPECT_TRUE(record.after(top - 1023).accepts(top - 1022));
  EXPECT_FALSE(record.after(top - 1023).accepts(top - 1023));
}

TEST(Replay, MovesNothingButItsCounters) {
  ReplayRecord record;
  record.day = 20'000;
  record.bytes = 77;
  record.exits = 3;
  record.last.data[0] = std::byte{9};
  const auto after = record.after(5);
  EXPECT_EQ(after.day, record.day);
  EXPECT_EQ(after.bytes, record.bytes);
  EXPECT_EQ(after.exits, record.exits);
  EXPECT_EQ(after.last, record.last);
}

std::string hex_of(const ReplayWindow& window) { return test::to_hex(window.trimmed()); }

TEST(ReplayWindow, IsAsShortAsItsBitsAllow) {
  EXPECT_EQ(hex_of({}), "");
  EXPECT_EQ(hex_of(ReplayRecord{}.after(1).window), "80");
  EXPECT_EQ(hex_of(ReplayRecord{}.after(1).after(2).window), "c0");
  EXPECT_EQ(hex_of(ReplayRecord{}.after(1).after(9).window), "8080");
  EXPECT_EQ(hex_of(ReplayRecord{}.after(1).after(1024).window).size(), 2 * 128U) << "the whole window";
  EXPECT_EQ(hex_of(ReplayRecord{}.after(1).after(1025).window), "80") << "what fell out of it";
}

TEST(ReplayWindow, ReadsBackWhateverItIs) {
  std::mt19937_64 random(5);
  ReplayRecord record;
  for (int i = 0; i < 500; ++i) {
    const std::uint64_t n = record.highest + random() % 300 - std::min<std::uint64_t>(random() % 250, record.highest);
    if (record.accepts(n)) record = record.after(n);
    std::byte buffer[512];
    const auto whole = cbor::decode<ReplayRecord>(cbor::encode(record, buffer).value());
    ASSERT_EQ(whole->highest, record.highest);
    ASSERT_EQ(whole->window, record.window);
  }
}

}  // namespace
}  // namespace mikusari
