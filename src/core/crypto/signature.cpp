// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.hpp"

namespace mikusari::crypto {
namespace {

constexpr Bytes<32> bytes32(const std::uint8_t (&values)[32]) {
  Bytes<32> out;
  for (std::size_t i = 0; i < 32; ++i) out.data[i] = static_cast<std::byte>(values[i]);
  return out;
}

// The order n of P-256's base point, and floor(n / 2) (SP 800-186 section 3.2.1.3).
constexpr Bytes<32> order =
    bytes32({0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
             0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51});
constexpr Bytes<32> half_order =
    bytes32({0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
             0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8});

// n - s, by schoolbook subtraction. REQUIRES: s < n.
Bytes<32> order_minus(ByteView s) {
  Bytes<32> out;
  unsigned borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const unsigned minuend = std::to_integer<unsigned>(order.data[i]);
    const unsigned subtrahend = std::to_integer<unsigned>(s[i]) + borrow;
    borrow = minuend < subtrahend ? 1 : 0;
    out.data[i] = static_cast<std::byte>((minuend + (borrow << 8U) - subtrahend) & 0xffU);
  }
  return out;
}

}  // namespace

std::string_view name(Algorithm algorithm) { return algorithm == Algorithm::esp256 ? "ESP256" : "Ed25519"; }

PublicKey::PublicKey(Algorithm algorithm, ByteView bytes) : algorithm_(algorithm) {
  ASSERT(bytes.size() == size(algorithm));
  std::memcpy(bytes_.data.data(), bytes.data(), bytes.size());
}

bool is_low_s(const Signature& signature) { return !less(half_order, signature.view().last(32)); }

Signature low_s(const Signature& signature) {
  const ByteView s = signature.view().last(32);
  ASSERT(less(s, order) && !equal(s, Bytes<32>{}));
  if (is_low_s(signature)) return signature;
  Signature out = signature;
  const Bytes<32> low = order_minus(s);
  std::memcpy(out.data.data() + 32, low.data.data(), 32);
  return out;
}

}  // namespace mikusari::crypto
