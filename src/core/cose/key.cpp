// SPDX-License-Identifier: Apache-2.0
#include "cose/key.hpp"

#include "crypto/hash.hpp"

namespace mikusari {
namespace {

// RFC 9053 sections 7.1 and 7.2, IANA COSE registries.
constexpr std::int64_t label_kty = 1, label_crv = -1, label_x = -2, label_y = -3;
constexpr std::int64_t kty_okp = 1, kty_ec2 = 2, crv_p256 = 1, crv_ed25519 = 6;

Result<void> expect_integer(cbor::Reader& in, std::int64_t wanted, const char* what) {
  const std::size_t at = in.offset();
  TRY(const std::int64_t value, in.integer());
  if (value != wanted) return fail(Code::invalid, what, at);
  return {};
}

Result<ByteView> coordinate(cbor::Reader& in, std::int64_t label) {
  TRY(expect_integer(in, label, "COSE_Key has other members than its required ones"));
  const std::size_t at = in.offset();
  TRY(const ByteView value, in.bytes());
  if (value.size() != 32) return fail(Code::invalid, "COSE_Key coordinate is not 32 bytes", at);
  return value;
}

}  // namespace

namespace cbor {

void Codec<crypto::PublicKey>::write(Writer& out, const crypto::PublicKey& key) {
  const bool ec2 = key.algorithm() == crypto::Algorithm::esp256;
  out.map(ec2 ? 4 : 3);
  out.integer(label_kty);
  out.integer(ec2 ? kty_ec2 : kty_okp);
  out.integer(label_crv);
  out.integer(ec2 ? crv_p256 : crv_ed25519);
  out.integer(label_x);
  out.bytes(key.bytes().first(32));
  if (ec2) {
    out.integer(label_y);
    out.bytes(key.bytes().last(32));
  }
}

Result<crypto::PublicKey> Codec<crypto::PublicKey>::read(Reader& in) {
  const std::size_t at = in.offset();
  TRY(const std::size_t members, in.map());
  TRY(expect_integer(in, label_kty, "COSE_Key has no kty"));
  TRY(const std::int64_t kty, in.integer());
  if (!(kty == kty_ec2 && members == 4) && !(kty == kty_okp && members == 3)) {
    return fail(Code::invalid, "COSE_Key is neither a P-256 nor an Ed25519 key", at);
  }
  TRY(expect_integer(in, label_crv, "COSE_Key has no crv"));
  TRY(expect_integer(in, kty == kty_ec2 ? crv_p256 : crv_ed25519, "COSE_Key is neither a P-256 nor an Ed25519 key"));
  TRY(const ByteView x, coordinate(in, label_x));
  if (kty == kty_okp) return crypto::PublicKey(crypto::Algorithm::ed25519, x);
  TRY(const ByteView y, coordinate(in, label_y));
  Bytes<64> point;
  std::memcpy(point.data.data(), x.data(), 32);
  std::memcpy(point.data.data() + 32, y.data(), 32);
  return crypto::PublicKey(crypto::Algorithm::esp256, point);
}

}  // namespace cbor

Digest cose::thumbprint(const crypto::PublicKey& key) {
  std::byte buffer[key_bytes_max];
  const auto encoded = cbor::encode(key, buffer);
  ASSERT(encoded.has_value());
  return crypto::sha256(*encoded);
}

}  // namespace mikusari
