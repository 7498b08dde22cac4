// SPDX-License-Identifier: Apache-2.0
// A file read front to back in large pieces, so that small frames do not cost a system call each. One thread.
#pragma once

#include "platform/file.hpp"

namespace mikusari::storage {

class FileWindow {
 public:
  // The file must outlive the window; what is appended to it later is not seen.
  explicit FileWindow(const platform::File& file) : file_(file), size_(file.size()) {}

  std::uint64_t size() const { return size_; }
  // Exactly these bytes; valid until the next call. REQUIRES: offset + count <= size().
  Result<ByteView> at(std::uint64_t offset, std::uint64_t count);
  // At least `count` bytes, and as many more as are at hand.
  Result<ByteView> from(std::uint64_t offset, std::uint64_t count);

 private:
  const platform::File& file_;
  const std::uint64_t size_;
  std::uint64_t begin_ = 0;
  platform::Buffer buffer_;
};

}  // namespace mikusari::storage
