// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace mikusari {
namespace {

Bytes<2> pair(unsigned a, unsigned b) { return {{static_cast<std::byte>(a), static_cast<std::byte>(b)}}; }

TEST(Bytes, CompareLexicographicallyAsUnsigned) {
  EXPECT_LT(pair(0x7f, 0xff), pair(0x80, 0x00));
  EXPECT_LT(pair(1, 2), pair(1, 3));
  EXPECT_EQ(pair(1, 2), pair(1, 2));
  EXPECT_GT(pair(2, 0), pair(1, 0xff));
  EXPECT_EQ(Bytes<2>{}, pair(0, 0));
}

TEST(ByteView, OrdersAPrefixBeforeWhatItBegins) {
  EXPECT_TRUE(less(as_bytes("a"), as_bytes("ab")));
  EXPECT_FALSE(less(as_bytes("ab"), as_bytes("a")));
  EXPECT_TRUE(less(as_bytes("ab"), as_bytes("b")));
  EXPECT_TRUE(less({}, as_bytes("a")));
  EXPECT_FALSE(less({}, {}));
  EXPECT_TRUE(less(as_bytes("\x7f"), as_bytes("\x80")));
}

TEST(ByteView, EqualsByContent) {
  EXPECT_TRUE(equal({}, {}));
  EXPECT_TRUE(equal(as_bytes("ab"), as_bytes("ab")));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("ac")));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("abc")));
}

TEST(Bits, CountFromTheMostSignificantOfTheFirstByte) {
  const Bytes<2> value = pair(0x80, 0x01);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(bit_at(value, i), i == 0 || i == 15) << i;
}

TEST(Bytes, CopyAndViewKeepTheOrder) {
  const Bytes<3> value = Bytes<3>::copy(as_bytes("xyz"));
  EXPECT_EQ(as_text(value), "xyz");
  EXPECT_EQ(value.size(), 3U);
  EXPECT_EQ(value[2], std::byte{'z'});
}

}  // namespace
}  // namespace mikusari
