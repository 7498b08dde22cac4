// SPDX-License-Identifier: Apache-2.0
#include "keys/file/pack.hpp"

#include <algorithm>

#include "keys/file/format.hpp"
#include "platform/secret.hpp"

namespace mikusari::keys::file {

void append_frame(platform::Buffer& to, ByteView record) {
  ASSERT(record.size() <= record_bytes_max);
  const auto length = static_cast<unsigned>(record.size());
  for (const unsigned half : {length, ~length & 0xffffU}) {
    to.push_back(static_cast<std::byte>(half >> 8));
    to.push_back(static_cast<std::byte>(half & 0xffU));
  }
  platform::append(to, record);
}

WipedBuffer::~WipedBuffer() { platform::wipe(bytes); }

Result<bool> PackReader::only_zeros_follow() const {
  platform::Buffer window(64 * 1024);
  for (std::uint64_t at = at_; at < size_; at += window.size()) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), size_ - at));
    TRY(file_.read(at, MutableByteView(window).first(length)));
    if (std::any_of(window.begin(), window.begin() + static_cast<std::ptrdiff_t>(length),
                    [](std::byte byte) { return byte != std::byte{0}; })) {
      return false;
    }
  }
  return true;
}

Result<std::optional<PackReader::Frame>> PackReader::next() {
  const std::uint64_t left = size_ - at_;
  if (left < frame_head_bytes) return std::nullopt;
  platform::Buffer& bytes = buffer_.bytes;
  bytes.resize(frame_head_bytes + record_bytes_max);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
  TRY(file_.read(at_, MutableByteView(bytes).first(wanted)));
  const auto half = [&bytes](std::size_t i) {
    return std::to_integer<unsigned>(bytes[i]) << 8 | std::to_integer<unsigned>(bytes[i + 1]);
  };
  const unsigned length = half(0);
  if (length != (~half(2) & 0xffffU) || length > record_bytes_max) {
    TRY(const bool zeros, only_zeros_follow());
    if (zeros) return std::nullopt;
    return fail(Code::corrupt, "the length of a packed key is damaged", static_cast<std::size_t>(at_));
  }
  if (left - frame_head_bytes < length) return std::nullopt;
  const Frame frame{at_ + frame_head_bytes, ByteView(bytes).subspan(frame_head_bytes, length)};
  at_ += frame_head_bytes + length;
  return frame;
}

}  // namespace mikusari::keys::file
