// SPDX-License-Identifier: Apache-2.0
#include "storage/chain_format.hpp"

#include <gtest/gtest.h>

#include "platform/bytes.hpp"

namespace mikusari::storage {
namespace {

using platform::to_hex;

SegmentHeader example_segment() {
  SegmentHeader header{.first_position = 0, .first_height = 1, .salt = 0x0807060504030201};
  for (std::size_t i = 0; i < 32; ++i) header.ledger_id.data[i] = static_cast<std::byte>(0xa0 + i);
  return header;
}

constexpr FrameHeader example_frame{5, 1, 68};
constexpr FramePlace example_place{0x0807060504030201, 68};

// The worked example of docs/formats/chain-file.md, checked there by other code.
TEST(ChainFormat, WritesTheWorkedExample) {
  EXPECT_EQ(to_hex(encode(example_segment())),
            "4d4b534701000000a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
            "00000000000000000100000000000000010203040506070867dfb57d");
  const auto header = encode(example_frame, example_place);
  EXPECT_EQ(to_hex(header), "4d4b46310500000001000000000000004400000000000000bb4c1fbd");
  EXPECT_EQ(to_hex(frame_trailer(header, as_bytes("hello"))), "03c5c82e");
}

TEST(ChainFormat, HeadersComeBack) {
  const auto segment = decode_segment_header(encode(example_segment()));
  ASSERT_TRUE(segment);
  EXPECT_EQ(segment->ledger_id, example_segment().ledger_id);
  EXPECT_EQ(segment->first_position, 0U);
  EXPECT_EQ(segment->first_height, 1U);
  EXPECT_EQ(segment->salt, 0x0807060504030201U);
  const auto frame = decode_frame_header(encode(example_frame, example_place), example_place);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->payload_size, 5U);
  EXPECT_EQ(frame->height, 1U);
  EXPECT_EQ(frame->durable_end, 68U);
  EXPECT_EQ(frame->frame_size(), 37U);
}

TEST(ChainFormat, EveryFlippedBitOfAHeaderIsNoticed) {
  for (std::size_t bit = 0; bit < 8 * segment_header_bytes; ++bit) {
    auto bytes = encode(example_segment());
    bytes.data[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_FALSE(decode_segment_header(bytes)) << bit;
  }
  for (std::size_t bit = 0; bit < 8 * frame_header_bytes; ++bit) {
    auto bytes = encode(example_frame, example_place);
    bytes.data[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_FALSE(decode_frame_header(bytes, example_place)) << bit;
  }
}

TEST(ChainFormat, FrameHeaderHoldsOnlyAtItsPlace) {
  const auto bytes = encode(example_frame, example_place);
  EXPECT_FALSE(decode_frame_header(bytes, {example_place.salt, example_place.position + 1}));
  EXPECT_FALSE(decode_frame_header(bytes, {example_place.salt + 1, example_place.position}));
}

TEST(ChainFormat, RefusesFramesThatAreTooLargeOrOlderThanTheirPlace) {
  const FrameHeader large{frame_payload_bytes_max + 1, 1, 68};
  EXPECT_FALSE(decode_frame_header(encode(large, example_place), example_place));
  const FrameHeader largest{frame_payload_bytes_max, 1, 68};
  EXPECT_TRUE(decode_frame_header(encode(largest, example_place), example_place));
  const FrameHeader future{5, 1, 69};
  EXPECT_FALSE(decode_frame_header(encode(future, example_place), example_place));
}

TEST(ChainFormat, SegmentNamesSortByPositionAndComeBack) {
  EXPECT_EQ(segment_name(0), "0000000000000000.frames");
  EXPECT_EQ(segment_name(0xfedcba9876543210), "fedcba9876543210.frames");
  EXPECT_EQ(position_of_segment("fedcba9876543210.frames"), 0xfedcba9876543210U);
  for (const char* name : {"0.frames", "000000000000000G.frames", "000000000000000A.frames", "0000000000000000.frame",
                           "LOCK", "", "0000000000000000.frames.tmp"}) {
    EXPECT_EQ(position_of_segment(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace mikusari::storage
