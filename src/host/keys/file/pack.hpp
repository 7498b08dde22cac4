// SPDX-License-Identifier: Apache-2.0
// A pack: many keys' records in one append-only file, for a production line that makes them by the thousand.
//
//   pack  = *frame
//   frame = length (2 bytes, big-endian), its complement (2 bytes), record (format.hpp)
//
// A file that ends inside a frame, or in nothing but zeros, was cut by a crash before the last sync: what is before it
// is whole. The complement keeps a damaged length from looking like such an end, which would drop keys behind it.
#pragma once

#include <optional>

#include "platform/file.hpp"

namespace mikusari::keys::file {

constexpr std::size_t frame_head_bytes = 4;

// Bytes that may hold private keys. Reserve before filling: growing leaves copies behind.
struct WipedBuffer {
  platform::Buffer bytes;
  WipedBuffer() = default;
  ~WipedBuffer();
  WipedBuffer(const WipedBuffer&) = delete;
  WipedBuffer& operator=(const WipedBuffer&) = delete;
};

// REQUIRES: record.size() <= record_bytes_max.
void append_frame(platform::Buffer& to, ByteView record);

class PackReader {
 public:
  // The file must outlive the reader.
  explicit PackReader(const platform::File& file) : file_(file), size_(file.size()) {}

  struct Frame {
    std::uint64_t offset;  // of the record, behind the frame's head
    ByteView record;       // until the next call of next()
  };
  // Nothing at the end of the whole frames. `corrupt`, with the offset, for a frame that no crash could have left.
  Result<std::optional<Frame>> next();
  // Where the whole frames read so far end.
  std::uint64_t end() const { return at_; }
  bool torn() const { return at_ != size_; }

 private:
  Result<bool> only_zeros_follow() const;

  const platform::File& file_;
  const std::uint64_t size_;
  std::uint64_t at_ = 0;
  WipedBuffer buffer_;
};

}  // namespace mikusari::keys::file
