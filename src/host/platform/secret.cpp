// SPDX-License-Identifier: Apache-2.0
#include "platform/secret.hpp"

#include <cstring>
#include <ostream>
#include <utility>

namespace mikusari::platform {

void wipe(MutableByteView bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  // Volatile keeps the compiler from leaving the loop early.
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(difference | std::to_integer<unsigned char>(a[i] ^ b[i]));
  }
  return difference == 0;
}

Secret::Secret(std::size_t size) : bytes_(std::make_unique<std::byte[]>(size)), size_(size) {}

Secret Secret::copy(ByteView bytes) {
  Secret out(bytes.size());
  if (!bytes.empty()) std::memcpy(out.bytes_.get(), bytes.data(), bytes.size());
  return out;
}

Secret Secret::take(Buffer&& bytes) {
  Secret out = copy(bytes);
  wipe(bytes);
  return out;
}

Secret Secret::random(Random& from, std::size_t size) {
  Secret out(size);
  from.fill(out.mutable_reveal());
  return out;
}

Secret::~Secret() { wipe(mutable_reveal()); }

Secret::Secret(Secret&& from) noexcept : bytes_(std::move(from.bytes_)), size_(std::exchange(from.size_, 0)) {}

Secret& Secret::operator=(Secret&& from) noexcept {
  if (this != &from) {
    wipe(mutable_reveal());
    bytes_ = std::move(from.bytes_);
    size_ = std::exchange(from.size_, 0);
  }
  return *this;
}

std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "[secret]"; }

}  // namespace mikusari::platform
