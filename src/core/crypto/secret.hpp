// SPDX-License-Identifier: Apache-2.0
// Secret bytes of a fixed length: wiped when they go out of scope or are moved from, not copyable, never printed.
// Used by one thread at a time.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"

namespace mikusari::crypto {

// Overwrites with zeros, also when the compiler can see that nobody reads the bytes afterwards.
void wipe(MutableByteView bytes);

template <std::size_t N>
class Secret {
 public:
  static constexpr std::size_t length = N;

  Secret() = default;
  // REQUIRES: from.size() == N. The source is the caller's to wipe.
  explicit Secret(ByteView from) : bytes_(Bytes<N>::copy(from)) {}
  ~Secret() { wipe(bytes_.mutable_view()); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_.mutable_view()); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_.mutable_view());
    }
    return *this;
  }

  ByteView view() const { return bytes_.view(); }
  MutableByteView mutable_view() { return bytes_.mutable_view(); }

  template <class Stream>
  friend Stream& operator<<(Stream& out, const Secret&) {
    out << "[secret]";
    return out;
  }

 private:
  Bytes<N> bytes_{};
};

}  // namespace mikusari::crypto
