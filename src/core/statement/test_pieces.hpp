// SPDX-License-Identifier: Apache-2.0
// For tests: a submission in pieces, each of which may be spoiled before it is signed.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

#include "cose/key.hpp"
#include "cose/sign1.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "statement/submission.hpp"

namespace mikusari::statement {

// The issuer of what is signed here: a party.
constexpr std::string_view issuer = "party:abababababababababababababababababababababababababababababababab";

using Buffer = std::vector<std::byte>;

inline crypto::SoftwareSigner signer_of(crypto::Algorithm algorithm, std::string_view name) {
  return *crypto::SoftwareSigner::from_private(algorithm, crypto::sha256(as_bytes(name)));
}

inline Buffer encoded(const std::function<void(cbor::Writer&)>& write, std::size_t size = 8192) {
  Buffer out(size);
  cbor::Writer writer{MutableByteView(out)};
  write(writer);
  const auto done = writer.finish();
  EXPECT_TRUE(done.has_value());
  out.resize(done ? done->size() : 0);
  return out;
}

inline const Buffer empty_map{std::byte{0xa0}};

// A submission in pieces, each of which a test may spoil. What is signed is signed at the end.
struct Pieces {
  crypto::SoftwareSigner signer;
  ProtectedHeader header{-9, content_type, {}, {issuer, "model.register"}};
  std::vector<Buffer> bodies{{std::byte{1}}, {std::byte{2}, std::byte{3}}};
  std::vector<Approval> approvals;
  std::set<std::size_t> withheld;  // which bodies' leaves stand in their place
  Payload payload;
  Buffer unprotected = empty_map;
  std::function<void(cbor::Writer&)> payload_writer;  // instead of `payload`
  std::function<void(cbor::Writer&)> header_writer;   // instead of `header`
  bool tagged = true, detached = false, high_s = false;
  std::size_t signature_size = 64;

  // With Ed25519 the same pieces are the same bytes each time.
  explicit Pieces(crypto::Algorithm algorithm = crypto::Algorithm::esp256) : signer(signer_of(algorithm, "signer")) {
    header.algorithm = static_cast<std::int64_t>(algorithm);
    header.kid = cose::thumbprint(signer.public_key());
    payload.kind = 0x0301;
    payload.n = 7;
    payload.count = bodies.size();
    payload.bodies_root = root();
  }

  static Salt salt(std::size_t i) {
    Salt out;
    out.data[0] = static_cast<std::byte>(i + 1);
    return out;
  }
  SaltedBody salted(std::size_t i) const {
    const SaltedBody body{salt(i), bodies[i], std::nullopt};
    return {body.salt, body.body, withheld.contains(i) ? std::optional(body_leaf(body)) : std::nullopt};
  }
  Digest root() const {
    merkle::CompactRange range;
    for (std::size_t i = 0; i < bodies.size(); ++i) range.append(body_leaf(salt(i), bodies[i]));
    return range.root();
  }
  Buffer protected_bytes() const {
    return encoded([&](cbor::Writer& out) { header_writer ? header_writer(out) : cbor::write(out, header); });
  }
  Buffer payload_bytes() const {
    return encoded([&](cbor::Writer& out) { payload_writer ? payload_writer(out) : cbor::write(out, payload); });
  }
  Buffer signature(ByteView protected_header, ByteView content) {
    std::byte buffer[2048];
    auto signature = *signer.sign(*cose::sig_structure(protected_header, {}, content, buffer));
    if (high_s) signature = negated(signature);
    Buffer out(signature.data.begin(), signature.data.end());
    out.resize(signature_size);
    return out;
  }
  // r, n - s.
  static crypto::Signature negated(crypto::Signature signature) {
    static constexpr unsigned char order[32] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                                0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                                0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
      int digit = order[i] - std::to_integer<int>(signature.data[32 + i]) - borrow;
      borrow = digit < 0 ? 1 : 0;
      signature.data[32 + i] = static_cast<std::byte>(digit + 256 * borrow);
    }
    return signature;
  }
  Buffer sign1() {
    const Buffer protected_header = protected_bytes(), content = payload_bytes(),
                 sig = signature(protected_header, content);
    return encoded([&](cbor::Writer& out) {
      if (tagged) out.tag(18);
      out.array(4);
      out.bytes(protected_header);
      out.encoded(unprotected);
      detached ? out.null() : out.bytes(content);
      out.bytes(sig);
    });
  }
  Buffer submission(std::size_t size = 65536) {
    const Buffer message = sign1();
    return encoded(
        [&](cbor::Writer& out) {
          out.array(3);
          out.encoded(message);
          out.array(bodies.size());
          for (std::size_t i = 0; i < bodies.size(); ++i) cbor::write(out, salted(i));
          cbor::write(out, Approvals(std::span<const Approval>(approvals)));
        },
        size);
  }
};

inline ::testing::AssertionResult refused(const Result<Submission>& result, Code code) {
  if (result) return ::testing::AssertionFailure() << "was accepted";
  if (result.error().code() != code) return ::testing::AssertionFailure() << result.error().message();
  return ::testing::AssertionSuccess();
}

}  // namespace mikusari::statement
