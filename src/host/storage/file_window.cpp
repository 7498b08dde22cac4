// SPDX-License-Identifier: Apache-2.0
#include "storage/file_window.hpp"

#include <algorithm>

namespace mikusari::storage {
namespace {

constexpr std::uint64_t piece_bytes = 1024 * 1024;

}  // namespace

Result<ByteView> FileWindow::from(std::uint64_t offset, std::uint64_t count) {
  ASSERT(offset <= size_ && count <= size_ - offset);
  if (offset < begin_ || offset + count > begin_ + buffer_.size()) {
    const std::uint64_t wanted = std::min(std::max(count, piece_bytes), size_ - offset);
    buffer_.resize(static_cast<std::size_t>(wanted));
    begin_ = offset;
    if (auto filled = file_.read(offset, buffer_); !filled) {
      buffer_.clear();
      return std::unexpected(std::move(filled).error());
    }
  }
  return ByteView(buffer_).subspan(static_cast<std::size_t>(offset - begin_));
}

Result<ByteView> FileWindow::at(std::uint64_t offset, std::uint64_t count) {
  TRY(const ByteView bytes, from(offset, count));
  return bytes.first(static_cast<std::size_t>(count));
}

}  // namespace mikusari::storage
