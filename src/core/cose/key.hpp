// SPDX-License-Identifier: Apache-2.0
// Public keys as COSE_Key (RFC 9052 section 7, RFC 9053 section 7), and their thumbprints (RFC 9679).
//
// A key has one encoding: the required members only, deterministic, P-256 points uncompressed:
//   P-256    { 1: 2, -1: 1, -2: x (32), -3: y (32) }      75 bytes
//   Ed25519  { 1: 1, -1: 6, -2: x (32) }                  40 bytes
#pragma once

#include "crypto/signature.hpp"
#include "encoding/field.hpp"

namespace mikusari::cose {

constexpr std::size_t key_bytes_max = 80;

// SHA-256 of the COSE_Key (RFC 9679 section 3). It is the kid of everything that the key signs.
Digest thumbprint(const crypto::PublicKey& key);

}  // namespace mikusari::cose

namespace mikusari::cbor {

template <>
struct Codec<crypto::PublicKey> {
  static void write(Writer& out, const crypto::PublicKey& key);
  // Refuses other curves, further members and compressed points. Does not check that the point is on the curve.
  static Result<crypto::PublicKey> read(Reader& in);
};

}  // namespace mikusari::cbor
