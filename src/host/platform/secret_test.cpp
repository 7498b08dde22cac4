// SPDX-License-Identifier: Apache-2.0
#include "platform/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "platform/log.hpp"
#include "platform/posix/random.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::platform {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_constructible_v<Field, std::string_view, const Secret&>, "secrets cannot be logged");
static_assert(!std::is_constructible_v<Field, std::string_view, ByteView>);

TEST(Secret, PrintsNothingOfItself) {
  std::ostringstream out;
  out << Secret::copy(as_bytes("hunter2"));
  EXPECT_EQ(out.str(), "[secret]");
}

TEST(Secret, TakesABufferAndWipesIt) {
  Buffer buffer = copy(as_bytes("hunter2"));
  const Secret secret = Secret::take(std::move(buffer));
  EXPECT_EQ(as_text(secret.reveal()), "hunter2");
  EXPECT_EQ(buffer, Buffer(7)) << "all zeros";
}

TEST(Secret, MovesAndLeavesNothingBehind) {
  Secret a = Secret::copy(as_bytes("one"));
  Secret b = std::move(a);
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(as_text(b.reveal()), "one");
  Secret c = Secret::copy(as_bytes("two"));
  c = std::move(b);
  EXPECT_EQ(as_text(c.reveal()), "one");
  EXPECT_TRUE(b.empty());
}

TEST(Secret, WipeOverwritesEveryByte) {
  Buffer buffer(100, std::byte{0xaa});
  wipe(buffer);
  EXPECT_EQ(buffer, Buffer(100));
  wipe({});
}

TEST(Secret, ComparesByValue) {
  const Secret secret = Secret::copy(as_bytes("abc"));
  EXPECT_TRUE(secret == secret.clone());
  EXPECT_FALSE(secret == Secret::copy(as_bytes("abd")));
  EXPECT_FALSE(secret == Secret::copy(as_bytes("ab")));
  EXPECT_TRUE(Secret() == Secret());
}

TEST(Random, GivesDifferentBytesEveryTimeAndFillsAll) {
  PosixRandom random;
  EXPECT_NE(platform::random<32>(random), platform::random<32>(random));
  // In 64 tries of 3 bytes, one that is left at zero every time would not be filled.
  Bytes<3> seen;
  for (int i = 0; i < 64; ++i) {
    const auto bytes = platform::random<3>(random);
    for (std::size_t k = 0; k < 3; ++k) seen.data[k] |= bytes[k];
  }
  for (const std::byte byte : seen.data) EXPECT_NE(byte, std::byte{0});
  EXPECT_FALSE(Secret::random(random, 32) == Secret::random(random, 32));
}

TEST(Random, SimulatedRepeatsUnderItsSeed) {
  SimulatedRandom a(7);
  SimulatedRandom b(7);
  SimulatedRandom c(8);
  const auto first = platform::random<16>(a);
  EXPECT_EQ(first, platform::random<16>(b));
  EXPECT_NE(first, platform::random<16>(c));
  EXPECT_NE(first, platform::random<16>(a));
  for (int i = 0; i < 100; ++i) EXPECT_LT(a.below(3), 3U);
}

}  // namespace
}  // namespace mikusari::platform
