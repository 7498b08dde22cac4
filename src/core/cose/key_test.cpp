// SPDX-License-Identifier: Apache-2.0
#include "cose/key.hpp"

#include <gtest/gtest.h>

#include "encoding/test_support.hpp"

namespace mikusari::cose {
namespace {

using test::Octets;

// The example of RFC 9679 section 6: required members only, deterministic, and the SHA-256 that the RFC prints.
constexpr auto rfc9679_key =
    "a40102200121582065eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d"
    "2258201e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";
constexpr auto rfc9679_thumbprint = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec";

Result<crypto::PublicKey> read(ByteView bytes) { return cbor::decode<crypto::PublicKey>(bytes); }

Octets written(const crypto::PublicKey& key) {
  Octets buffer(key_bytes_max);
  const auto bytes = cbor::encode(key, buffer);
  EXPECT_TRUE(bytes);
  return Octets(bytes->begin(), bytes->end());
}

TEST(CoseKey, ThumbprintIsThatOfRfc9679) {
  const auto key = read(test::unhex(rfc9679_key));
  ASSERT_TRUE(key) << key.error().message();
  EXPECT_EQ(test::to_hex(thumbprint(*key)), rfc9679_thumbprint);
  EXPECT_EQ(test::to_hex(written(*key)), rfc9679_key);
}

TEST(CoseKey, Ed25519IsReadAsItWasWritten) {
  const crypto::PublicKey key(crypto::Algorithm::ed25519,
                              test::unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  const Octets bytes = written(key);
  EXPECT_EQ(test::to_hex(bytes),
            "a3010120062158"
            "20d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(*read(bytes), key);
}

TEST(CoseKey, HasTheSizesThatTheFormatStates) {
  EXPECT_EQ(written(crypto::PublicKey(crypto::Algorithm::esp256, Octets(64))).size(), 75U);
  EXPECT_EQ(written(crypto::PublicKey(crypto::Algorithm::ed25519, Octets(32))).size(), 40U);
}

TEST(CoseKey, RefusesOtherForms) {
  const std::string good = rfc9679_key;
  const auto refused = [](std::string hex) { return !read(test::unhex(hex)).has_value(); };
  const std::string x = good.substr(12, 70), y = good.substr(82);
  ASSERT_EQ("a40102200121" + x + y, good);
  EXPECT_TRUE(refused("a501020242abcd200121" + x + y));  // a kid
  EXPECT_TRUE(refused("a40102200221" + x + y));          // P-384
  EXPECT_TRUE(refused("a30102200121" + x));              // no y
  EXPECT_TRUE(refused("a40102200121" + x + "22f5"));     // compressed: y is a boolean
  EXPECT_TRUE(refused("a30101200421" + x));              // X25519
  EXPECT_TRUE(refused("a40101200621" + x + y));          // Ed25519 with y
  EXPECT_TRUE(refused("a30103200621" + x));              // RSA
  EXPECT_TRUE(refused(good + "00"));
  EXPECT_TRUE(refused("a40102200121581f" + x.substr(6) + y));  // 31 bytes
  for (std::size_t i = 0; i < good.size(); i += 2) EXPECT_TRUE(refused(good.substr(0, i))) << i;
}

}  // namespace
}  // namespace mikusari::cose
