// SPDX-License-Identifier: Apache-2.0
#include "storage/chain_format.hpp"

#include <array>

#include "storage/crc32c.hpp"

namespace mikusari::storage {
namespace {

constexpr std::string_view segment_magic = "MKSG";
constexpr std::string_view segment_suffix = ".frames";
constexpr std::uint32_t format_version = 1;

void put(MutableByteView at, std::string_view text) { std::memcpy(at.data(), text.data(), text.size()); }

template <class Number>
void put(MutableByteView at, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) at[i] = static_cast<std::byte>(value >> (8 * i));
}

template <class Number>
Number get(ByteView at) {
  Number value = 0;
  for (std::size_t i = sizeof value; i-- > 0;) value = static_cast<Number>(value << 8) | std::to_integer<Number>(at[i]);
  return value;
}

std::uint32_t header_checksum(ByteView header_bytes, const FramePlace& place) {
  Bytes<16> before;
  put(before.mutable_view(), place.salt);
  put(before.mutable_view().subspan(8), place.position);
  return crc32c(header_bytes.first(24), crc32c(before));
}

}  // namespace

Bytes<segment_header_bytes> encode(const SegmentHeader& header) {
  Bytes<segment_header_bytes> out;
  const MutableByteView bytes = out.mutable_view();
  put(bytes, segment_magic);
  put(bytes.subspan(4), format_version);
  std::memcpy(&bytes[8], header.ledger_id.data.data(), 32);
  put(bytes.subspan(40), header.first_position);
  put(bytes.subspan(48), header.first_height);
  put(bytes.subspan(56), header.salt);
  put(bytes.subspan(64), crc32c(bytes.first(64)));
  return out;
}

Result<SegmentHeader> decode_segment_header(ByteView bytes) {
  ASSERT(bytes.size() == segment_header_bytes);
  if (as_text(bytes.first(4)) != segment_magic) return fail(Code::corrupt, "not a segment of a chain file", 0);
  if (get<std::uint32_t>(bytes.subspan(64)) != crc32c(bytes.first(64))) {
    return fail(Code::corrupt, "checksum of the segment header is wrong", 64);
  }
  if (get<std::uint32_t>(bytes.subspan(4)) != format_version) {
    return fail(Code::corrupt, "written by another version of this program", 4);
  }
  return SegmentHeader{Digest::copy(bytes.subspan(8, 32)), get<std::uint64_t>(bytes.subspan(40)),
                       get<std::uint64_t>(bytes.subspan(48)), get<std::uint64_t>(bytes.subspan(56))};
}

Bytes<frame_header_bytes> encode(const FrameHeader& header, const FramePlace& place) {
  Bytes<frame_header_bytes> out;
  const MutableByteView bytes = out.mutable_view();
  put(bytes, frame_magic);
  put(bytes.subspan(4), header.payload_size);
  put(bytes.subspan(8), header.height);
  put(bytes.subspan(16), header.durable_end);
  put(bytes.subspan(24), header_checksum(bytes, place));
  return out;
}

Result<FrameHeader> decode_frame_header(ByteView bytes, const FramePlace& place) {
  ASSERT(bytes.size() == frame_header_bytes);
  if (as_text(bytes.first(4)) != frame_magic) return fail(Code::corrupt, "no frame begins here", 0);
  if (get<std::uint32_t>(bytes.subspan(24)) != header_checksum(bytes, place)) {
    return fail(Code::corrupt, "checksum of the frame header is wrong", 24);
  }
  const FrameHeader header{get<std::uint32_t>(bytes.subspan(4)), get<std::uint64_t>(bytes.subspan(8)),
                           get<std::uint64_t>(bytes.subspan(16))};
  if (header.payload_size > frame_payload_bytes_max) return fail(Code::corrupt, "frame is larger than allowed", 4);
  if (header.durable_end > place.position) return fail(Code::corrupt, "frame claims to be older than it is", 16);
  return header;
}

Bytes<frame_trailer_bytes> frame_trailer(ByteView header_bytes, ByteView payload) {
  ASSERT(header_bytes.size() == frame_header_bytes);
  Bytes<frame_trailer_bytes> out;
  put(out.mutable_view(), crc32c(payload, crc32c(header_bytes.subspan(24))));
  return out;
}

std::string segment_name(std::uint64_t first_position) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[(first_position >> shift) & 15U];
  return out.append(segment_suffix);
}

std::optional<std::uint64_t> position_of_segment(std::string_view name) {
  if (name.size() != 16 + segment_suffix.size() || !name.ends_with(segment_suffix)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : name.substr(0, 16)) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4 | digit;
  }
  return value;
}

}  // namespace mikusari::storage
