// SPDX-License-Identifier: Apache-2.0
// Signatures over P-256 with SHA-256 (ECDSA, FIPS 186-5) and Ed25519 (RFC 8032), as COSE names them.
//
// A signature is 64 bytes: r || s, big-endian (RFC 9053 section 2.1), or R || S (RFC 8032 section 5.1.6).
// Ed25519's verdict is libsodium's on every host; frozen, and checked by self_test().
// The functions may be called from any thread; on a device (crypto/mbedtls) from one thread at a time.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mikusari::crypto {

// COSE algorithm numbers, fully specified (RFC 9864 section 2): the number alone fixes curve and hash.
enum class Algorithm : std::int8_t { esp256 = -9, ed25519 = -19 };

std::string_view name(Algorithm algorithm);  // "ESP256", "Ed25519"

// Whether the linked implementation can verify with it. Where it cannot, verify() and check() answer `invalid`.
bool offers(Algorithm algorithm);

using Signature = Bytes<64>;

// esp256: x || y (64 bytes, big-endian). ed25519: 32 bytes (RFC 8032 section 5.1.5).
class PublicKey {
 public:
  // REQUIRES: bytes.size() == size(algorithm). Does not look at the bytes: check() and verify() do.
  PublicKey(Algorithm algorithm, ByteView bytes);
  PublicKey() = default;

  static constexpr std::size_t size(Algorithm algorithm) { return algorithm == Algorithm::esp256 ? 64 : 32; }
  Algorithm algorithm() const { return algorithm_; }
  ByteView bytes() const { return bytes_.view().first(size(algorithm_)); }
  friend bool operator==(const PublicKey&, const PublicKey&) = default;

 private:
  Bytes<64> bytes_{};
  Algorithm algorithm_ = Algorithm::esp256;
};

// Both forms of an ECDSA signature are accepted: low S is the ledger's rule, not the curve's.
// Errors: `unauthenticated` when the signature does not hold (for Ed25519 also when the key is no key, since libsodium
// gives one verdict on both), `invalid` when a P-256 key is not a point on the curve, `internal` when memory ran out.
Result<void> verify(const PublicKey& key, ByteView message, const Signature& signature);

// Whether a key may be registered. `invalid` unless it is on the curve with both coordinates below p (P-256), or the
// canonical encoding of a point other than the identity in the subgroup of prime order (Ed25519). The second is
// stricter than verify(), which accepts some keys of mixed order as libsodium does; no honest signer makes such a key.
Result<void> check(const PublicKey& key);

// P-256 only: s <= n/2, so that a signature has one form (the other is r, n - s).
bool is_low_s(const Signature& signature);
// The same signature with low s. REQUIRES: 0 < s < n.
Signature low_s(const Signature& signature);

// Something that holds a private key: a file, a PKCS#11 token, a TPM. Implementations say whether threads may share
// one.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  // A signature over the message (not over its digest); esp256 signatures are low-S.
  // Errors: `unavailable` when the device does not answer, `forbidden` when it refuses.
  virtual Result<Signature> sign(ByteView message) = 0;
};

}  // namespace mikusari::crypto
