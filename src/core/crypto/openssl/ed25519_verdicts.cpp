// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl/ed25519_verdicts.hpp"

#include <iterator>

#include "encoding/text.hpp"

namespace mikusari::crypto {
namespace {

struct FrozenPoint {
  const char* hex;
  bool registrable;
};

struct FrozenCase {
  std::uint16_t number;
  std::uint8_t key, r, s, message_number;
  bool accepted;
};

#include "crypto/openssl/ed25519_verdicts.inc"

Bytes<32> from_hex(const char* hex) {
  Bytes<32> out;
  ASSERT(text::from_hex(hex, out.mutable_view()).has_value());
  return out;
}

PublicKey key_of(const FrozenPoint& point) { return PublicKey(Algorithm::ed25519, from_hex(point.hex)); }

}  // namespace

std::size_t ed25519_verdict_count() { return std::size(frozen_cases); }

Ed25519Verdict ed25519_verdict(std::size_t i) {
  ASSERT(i < std::size(frozen_cases));
  const FrozenCase& frozen = frozen_cases[i];
  Ed25519Verdict out;
  out.number = frozen.number;
  out.key = key_of(frozen_points[frozen.key]);
  out.message = "ed25519vectors";
  if (frozen.message_number != 0) out.message += " " + std::to_string(frozen.message_number);
  const Bytes<32> r = from_hex(frozen_points[frozen.r].hex);
  const Bytes<32> s = from_hex(frozen_scalars[frozen.s]);
  std::memcpy(out.signature.data.data(), r.data.data(), 32);
  std::memcpy(out.signature.data.data() + 32, s.data.data(), 32);
  out.accepted = frozen.accepted;
  return out;
}

Result<void> confirm(const Ed25519Verdict& verdict) {
  const bool accepted = verify(verdict.key, as_bytes(verdict.message), verdict.signature).has_value();
  if (accepted == verdict.accepted) return {};
  const Error error(Code::internal, accepted ? "libsodium accepts what the ledger's rule refuses"
                                             : "libsodium refuses what the ledger's rule accepts");
  return std::unexpected(error.with_context("Ed25519 verdict " + std::to_string(verdict.number)));
}

std::size_t ed25519_point_verdict_count() { return std::size(frozen_points); }

Ed25519PointVerdict ed25519_point_verdict(std::size_t i) {
  ASSERT(i < std::size(frozen_points));
  return {key_of(frozen_points[i]), frozen_points[i].registrable};
}

Result<void> confirm(const Ed25519PointVerdict& verdict) {
  if (check(verdict.key).has_value() == verdict.registrable) return {};
  return fail(Code::internal, "libsodium judges an Ed25519 key otherwise than the ledger's rule");
}

}  // namespace mikusari::crypto
