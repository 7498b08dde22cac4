// SPDX-License-Identifier: Apache-2.0
// The bytes of a chain file (docs/formats/chain-file.md); pure functions. Numbers are little-endian.
//
//   segment file "<first position, 16 hex digits>.frames"
//     0  "MKSG"   4 version 1   8 ledger id (32)   40 first position (8)   48 first height (8)   56 salt (8)
//     64 CRC-32C of bytes 0..63 (4);  then frames
//   frame
//     0  "MKF1"   4 payload size (4)   8 height (8)   16 durable end (8)
//     24 CRC-32C of salt, position of the frame and bytes 0..23 (4);  28 payload
//     then CRC-32C of the checksum at 24 and the payload (4)
//
// A position counts every byte of all segments from 0: that of a byte is its segment's first position plus its offset
// in the file. The durable end is the position below which everything was synced when the frame was written: it tells
// a frame that a power cut may have torn from one that was whole and has been damaged since. Salt and position are in
// the checksum so that bytes inside a payload, which anybody may choose, are never taken for a frame.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mikusari::storage {

constexpr std::size_t segment_header_bytes = 68;
constexpr std::size_t frame_header_bytes = 28;
constexpr std::size_t frame_trailer_bytes = 4;
constexpr std::size_t frame_payload_bytes_max = 64 * 1024 * 1024;
constexpr std::string_view frame_magic = "MKF1";

struct SegmentHeader {
  Digest ledger_id{};
  std::uint64_t first_position = 0;
  std::uint64_t first_height = 0;
  std::uint64_t salt = 0;
};

Bytes<segment_header_bytes> encode(const SegmentHeader& header);
// `corrupt` with what is wrong. REQUIRES: bytes has the size of a header.
Result<SegmentHeader> decode_segment_header(ByteView bytes);

// Where a frame header stands; part of its checksum.
struct FramePlace {
  std::uint64_t salt;      // of the segment
  std::uint64_t position;  // of the frame's first byte
};

struct FrameHeader {
  std::uint32_t payload_size = 0;
  std::uint64_t height = 0;
  std::uint64_t durable_end = 0;

  std::uint64_t frame_size() const { return frame_header_bytes + std::uint64_t{payload_size} + frame_trailer_bytes; }
};

Bytes<frame_header_bytes> encode(const FrameHeader& header, const FramePlace& place);
// `corrupt` with what is wrong. REQUIRES: bytes has the size of a header.
Result<FrameHeader> decode_frame_header(ByteView bytes, const FramePlace& place);

// What stands behind the payload. REQUIRES: header_bytes has the size of a header.
Bytes<frame_trailer_bytes> frame_trailer(ByteView header_bytes, ByteView payload);

std::string segment_name(std::uint64_t first_position);
// Nothing when it is not the name of a segment.
std::optional<std::uint64_t> position_of_segment(std::string_view name);

}  // namespace mikusari::storage
