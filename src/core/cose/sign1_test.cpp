// SPDX-License-Identifier: Apache-2.0
#include "cose/sign1.hpp"

#include <gtest/gtest.h>

#include "crypto/openssl/software_signer.hpp"
#include "encoding/test_support.hpp"

namespace mikusari::cose {
namespace {

using crypto::Algorithm;
using test::Octets;

crypto::SoftwareSigner signer(Algorithm algorithm) {
  auto made = crypto::SoftwareSigner::from_private(algorithm, Octets(32, std::byte{0x17}));
  EXPECT_TRUE(made);
  return *std::move(made);
}

// A message over "hello" with this protected header.
Octets message(crypto::SoftwareSigner& by, std::string_view header_hex, std::optional<ByteView> payload,
               ByteView aad = {}, std::string_view unprotected_hex = "a0") {
  const Octets header = test::unhex(header_hex), unprotected = test::unhex(unprotected_hex);
  Octets buffer(1024), out(1024);
  const auto signature = by.sign(*sig_structure(header, aad, as_bytes("hello"), buffer));
  cbor::Writer writer(out);
  write_sign1(writer, {header, unprotected, payload, *signature});
  const auto bytes = writer.finish();
  EXPECT_TRUE(bytes);
  return Octets(bytes->begin(), bytes->end());
}

Result<Verified> verdict(ByteView bytes, const crypto::PublicKey& key, ByteView aad = {},
                         std::optional<ByteView> detached = {}) {
  static Octets scratch(1024);
  TRY(const auto parsed, parse_sign1(bytes, Tag::required));
  return verify(parsed, key, aad, detached, scratch);
}

TEST(Sign1, RoundTripsWithEitherNumberOfAnAlgorithm) {
  auto p256 = signer(Algorithm::esp256);
  auto ed25519 = signer(Algorithm::ed25519);
  for (const auto header : {"a10128", "a10126"}) {
    EXPECT_TRUE(verdict(message(p256, header, as_bytes("hello")), p256.public_key())) << header;
    const auto misfit = verdict(message(ed25519, header, as_bytes("hello")), ed25519.public_key());
    ASSERT_FALSE(misfit);
    EXPECT_EQ(misfit.error().code(), Code::invalid);
  }
  for (const auto header : {"a10132", "a10127"}) {
    const Octets bytes = message(ed25519, header, as_bytes("hello"));
    const auto verified = verdict(bytes, ed25519.public_key());
    ASSERT_TRUE(verified) << verified.error().message();
    EXPECT_EQ(as_text(verified->payload), "hello");
  }
}

TEST(Sign1, FailsWithAnyByteChanged) {
  auto by = signer(Algorithm::ed25519);
  const Octets good = message(by, "a10132", as_bytes("hello"));
  ASSERT_TRUE(verdict(good, by.public_key()));
  for (std::size_t i = 0; i < good.size(); ++i) {
    Octets bad = good;
    bad[i] ^= std::byte{1};
    EXPECT_FALSE(verdict(bad, by.public_key())) << "byte " << i;
  }
}

TEST(Sign1, DetachedPayloadIsGivenExactlyWhenItIsMissing) {
  auto by = signer(Algorithm::ed25519);
  const Octets detached = message(by, "a10132", std::nullopt), attached = message(by, "a10132", as_bytes("hello"));
  EXPECT_TRUE(verdict(detached, by.public_key(), {}, as_bytes("hello")));
  EXPECT_FALSE(verdict(detached, by.public_key(), {}, as_bytes("hallo")));
  EXPECT_FALSE(verdict(detached, by.public_key()));
  EXPECT_FALSE(verdict(attached, by.public_key(), {}, as_bytes("hello")));
}

TEST(Sign1, ExternalDataIsSigned) {
  auto by = signer(Algorithm::ed25519);
  const Octets bytes = message(by, "a10132", as_bytes("hello"), as_bytes("context"));
  EXPECT_TRUE(verdict(bytes, by.public_key(), as_bytes("context")));
  EXPECT_FALSE(verdict(bytes, by.public_key()));
}

TEST(Sign1, RefusesCriticalHeadersThatAreNotUnderstood) {
  auto by = signer(Algorithm::ed25519);
  // {1: -19, 2: [99], 99: 0}
  const auto refused = verdict(message(by,
                                       "a30132028118631863"
                                       "00",
                                       as_bytes("hello")),
                               by.public_key());
  ASSERT_FALSE(refused);
  EXPECT_STREQ(refused.error().text(), "COSE_Sign1 has a critical header that is not understood");
  EXPECT_FALSE(verdict(message(by, "a10132", as_bytes("hello"), {},
                               "a10281"
                               "04"),
                       by.public_key()));
}

TEST(Sign1, TakesTheAlgorithmFromEitherHeaderButNotFromBoth) {
  auto by = signer(Algorithm::ed25519);
  for (const auto header : {"", "a0"}) {
    const auto verified = verdict(message(by, header, as_bytes("hello"), {}, "a10132"), by.public_key());
    EXPECT_TRUE(verified) << verified.error().message();
  }
  EXPECT_FALSE(verdict(message(by, "a10132", as_bytes("hello"), {}, "a10132"), by.public_key()));
  EXPECT_FALSE(verdict(message(by, "a0", as_bytes("hello"), {}, "a10128"), by.public_key()));  // not the key's
  EXPECT_FALSE(verdict(message(by, "a0", as_bytes("hello")), by.public_key()));
}

// RFC 9052 section 4.4: no protected attributes are signed as a zero-length byte string, however they were sent.
TEST(Sign1, SignsAnEmptyProtectedMapAsNothing) {
  std::byte one[64], other[64];
  const auto map = test::unhex("a0");
  EXPECT_TRUE(equal(*sig_structure(map, {}, as_bytes("x"), one), *sig_structure({}, {}, as_bytes("x"), other)));
}

TEST(Sign1, RefusesTheWrongForm) {
  auto by = signer(Algorithm::ed25519);
  const Octets good = message(by, "a10132", as_bytes("hello"));
  const ByteView untagged = ByteView(good).subspan(1);
  EXPECT_FALSE(parse_sign1(untagged, Tag::required));
  EXPECT_TRUE(parse_sign1(untagged, Tag::optional));
  EXPECT_TRUE(parse_sign1(good, Tag::optional));
  for (std::size_t i = 0; i < good.size(); ++i) EXPECT_FALSE(parse_sign1(ByteView(good).first(i), Tag::required)) << i;
  Octets longer = good;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(parse_sign1(longer, Tag::required));
  EXPECT_FALSE(parse_sign1(test::unhex("d28340a040"), Tag::required));      // three members
  EXPECT_FALSE(parse_sign1(test::unhex("d28440a0400040"), Tag::required));  // payload and more
  EXPECT_FALSE(parse_sign1(test::unhex("d28440804040"), Tag::required));    // unprotected header is an array
  EXPECT_FALSE(parse_sign1(test::unhex("d2844180a04040"), Tag::required));  // protected header is an array
  EXPECT_FALSE(parse_sign1(test::unhex("d28443a10126a0"
                                       "4040"
                                       "00"),
                           Tag::required));
  EXPECT_FALSE(parse_sign1(test::unhex("d28445a20126"
                                       "0126"
                                       "a04040"),
                           Tag::required));  // a label twice
}

TEST(Sign1, RefusesAScratchThatIsTooSmall) {
  auto by = signer(Algorithm::ed25519);
  const Octets bytes = message(by, "a10132", as_bytes("hello"));
  const auto parsed = parse_sign1(bytes, Tag::required);
  std::byte scratch[8];
  const auto refused = verify(*parsed, by.public_key(), {}, std::nullopt, scratch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::exhausted);
}

TEST(Sign1, SignatureOfAnotherLengthDoesNotHold) {
  auto by = signer(Algorithm::ed25519);
  const Octets bytes = message(by, "a10132", as_bytes("hello"));
  auto parsed = *parse_sign1(bytes, Tag::required);
  parsed.signature = parsed.signature.first(63);
  std::byte scratch[256];
  const auto refused = verify(parsed, by.public_key(), {}, std::nullopt, scratch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::unauthenticated);
}

}  // namespace
}  // namespace mikusari::cose
