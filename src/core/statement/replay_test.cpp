// SPDX-License-Identifier: Apache-2.0
#include "statement/replay.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

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

TEST(Replay, EncodesInAFixedFrame) {
  std::byte buffer[256];
  const auto record = ReplayRecord{}.after(77).after(3);
  const auto bytes = cbor::encode(record, buffer);
  ASSERT_TRUE(bytes.has_value());
  const auto again = cbor::decode<ReplayRecord>(*bytes);
  EXPECT_EQ(again->highest, 77u);
  EXPECT_EQ(again->window, record.window);
}

}  // namespace
}  // namespace mikusari
