// SPDX-License-Identifier: Apache-2.0
#include "encoding/trimmed.hpp"

#include <gtest/gtest.h>

#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

using Four = cbor::Trimmed<4>;

Four four(std::string_view hex) { return {Bytes<4>::copy(test::unhex(hex))}; }

std::string hex_of(const Four& value) {
  std::byte buffer[8];
  return test::to_hex(cbor::encode(value, buffer).value());
}

TEST(Trimmed, LeavesOutTheZeroBytesAtTheEnd) {
  EXPECT_EQ(hex_of(four("00000000")), "40");
  EXPECT_EQ(hex_of(four("80000000")), "4180");
  EXPECT_EQ(hex_of(four("00010000")), "420001") << "those in front stay";
  EXPECT_EQ(hex_of(four("00000001")), "4400000001");
}

TEST(Trimmed, ReadsBackEveryPatternOfZeroBytes) {
  for (unsigned pattern = 0; pattern < 16; ++pattern) {
    Four value;
    for (unsigned i = 0; i < 4; ++i) value.bits.data[i] = static_cast<std::byte>((pattern >> i & 1U) * 0xa5);
    const auto bytes = test::unhex(hex_of(value));
    EXPECT_EQ(cbor::decode<Four>(bytes).value(), value) << pattern;
  }
}

TEST(Trimmed, HasOneEncoding) {
  for (const char* other : {"4100", "428000", "4400010000", "458000000001", "6180", "8180", "01"}) {
    const auto bytes = test::unhex(other);
    const auto value = cbor::decode<Four>(bytes);
    ASSERT_FALSE(value.has_value()) << other;
    EXPECT_EQ(value.error().code(), Code::invalid);
    EXPECT_EQ(value.error().offset(), 0U);
  }
}

}  // namespace
}  // namespace mikusari
