// SPDX-License-Identifier: Apache-2.0
#include "storage/crc32c.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "platform/simulated/random.hpp"

namespace mikusari::storage {
namespace {

std::vector<std::byte> counted(std::size_t size, int first, int step) {
  std::vector<std::byte> out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(first + static_cast<int>(i) * step);
  return out;
}

// RFC 3720 section B.4, and the check value of the CRC catalogue.
TEST(Crc32c, AgreesWithPublishedValues) {
  for (const auto function : {crc32c, crc32c_by_table}) {
    EXPECT_EQ(function(as_bytes("123456789"), 0), 0xE3069283U);
    EXPECT_EQ(function({}, 0), 0U);
    EXPECT_EQ(function(counted(32, 0, 0), 0), 0x8A9136AAU);
    EXPECT_EQ(function(counted(32, 0xff, 0), 0), 0x62A8AB43U);
    EXPECT_EQ(function(counted(32, 0, 1), 0), 0x46DD794EU);
    EXPECT_EQ(function(counted(32, 31, -1), 0), 0x113FDB5CU);
  }
}

TEST(Crc32c, InstructionAndTableAgreeOnEveryLengthAlignmentAndStart) {
  platform::SimulatedRandom random(1);
  std::vector<std::byte> bytes(300);
  random.fill(bytes);
  for (std::size_t begin = 0; begin < 9; ++begin) {
    for (std::size_t size = 0; size + begin <= bytes.size(); ++size) {
      const ByteView part = ByteView(bytes).subspan(begin, size);
      ASSERT_EQ(crc32c(part, 0x12345678), crc32c_by_table(part, 0x12345678)) << begin << " " << size;
    }
  }
}

TEST(Crc32c, GoesOnFromWhatCameBefore) {
  const ByteView all = as_bytes("123456789");
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), 0xE3069283U);
  }
}

}  // namespace
}  // namespace mikusari::storage
