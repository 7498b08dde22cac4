// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4). The implementation is chosen when linking: crypto/openssl on a host, crypto/mbedtls on a
// device. All functions may be called from any thread; none fails, none allocates.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>

#include "base/bytes.hpp"

namespace mikusari::crypto {

Digest sha256(ByteView message);
// The hash of the parts as if they were one message.
Digest sha256(std::initializer_list<ByteView> parts);

// A message that arrives in pieces. Not copyable; used by one thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(ByteView piece);
  // The digest of everything so far; the object starts afresh.
  Digest finish();

 private:
  alignas(std::max_align_t) std::byte state_[128];
};

// The face for hashing many tree nodes at once: out[i] = SHA-256(prefix || left[i] || right[i]), 65 bytes in.
// REQUIRES: left, right and out have the same size; out may alias left or right element by element.
void sha256_nodes(std::byte prefix, std::span<const Digest> left, std::span<const Digest> right, std::span<Digest> out);

}  // namespace mikusari::crypto
