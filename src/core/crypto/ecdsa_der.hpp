// SPDX-License-Identifier: Apache-2.0
// An ECDSA signature's two forms: r || s (64 bytes) and the DER ECDSA-Sig-Value of RFC 3279 section 2.2.3, which
// libraries and X.509 speak. Nothing here allocates; any thread.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signature.hpp"

namespace mikusari::crypto {

// SEQUENCE { INTEGER r, INTEGER s }: two of at most 33 bytes, each with a two byte head, and the outer head.
struct EcdsaDer {
  static constexpr std::size_t size_max = 72;
  Bytes<size_max> bytes{};
  std::size_t size = 0;
  ByteView view() const { return bytes.view().first(size); }
};

EcdsaDer to_der(const Signature& signature);

// `invalid` unless the bytes are exactly one DER encoding: minimal lengths, minimal non-negative integers of at most
// 256 bits, nothing behind. The offset in the error is where reading stopped.
Result<Signature> from_der(ByteView der);

}  // namespace mikusari::crypto
