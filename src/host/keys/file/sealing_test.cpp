// SPDX-License-Identifier: Apache-2.0
#include "keys/file/sealing.hpp"

#include <gtest/gtest.h>

#include "platform/bytes.hpp"

namespace mikusari::keys::file {
namespace {

platform::Buffer unhex(std::string_view hex) { return platform::from_hex(hex).value(); }

TEST(Scrypt, AgreesWithRfc7914Section12) {
  const auto nacl = derive(as_bytes("password"), as_bytes("NaCl"), Scrypt{10, 8, 16});
  ASSERT_TRUE(nacl.has_value()) << nacl.error().message();
  EXPECT_EQ(platform::to_hex(nacl->view()),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
  const auto chloride = derive(as_bytes("pleaseletmein"), as_bytes("SodiumChloride"), Scrypt{14, 8, 1});
  ASSERT_TRUE(chloride.has_value());
  EXPECT_EQ(platform::to_hex(chloride->view()),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

TEST(Scrypt, IsBoundedInMemoryAndTimeBeforeItRuns) {
  struct Case {
    Scrypt cost;
    Code code;
  };
  for (const auto& [cost, code] :
       {Case{{9, 8, 1}, Code::invalid}, Case{{0, 8, 1}, Code::invalid}, Case{{14, 0, 1}, Code::invalid},
        Case{{14, 8, 0}, Code::invalid}, Case{{21, 1, 1}, Code::exhausted}, Case{{255, 255, 255}, Code::exhausted},
        Case{{19, 8, 1}, Code::exhausted}, Case{{18, 8, 17}, Code::exhausted}, Case{{10, 255, 255}, Code::exhausted}}) {
    const auto refused = check(cost);
    ASSERT_FALSE(refused.has_value()) << int{cost.log2_n} << " " << int{cost.r} << " " << int{cost.p};
    EXPECT_EQ(refused.error().code(), code) << int{cost.log2_n} << " " << int{cost.r} << " " << int{cost.p};
    EXPECT_FALSE(derive(as_bytes("x"), {}, cost).has_value());
  }
  for (const Scrypt& cost : {Scrypt{}, Scrypt{18, 8, 1}, Scrypt{17, 8, 1}, Scrypt{15, 8, 3}})
    EXPECT_TRUE(check(cost).has_value());
}

TEST(Hkdf, AgreesWithRfc5869AppendixA1) {
  const auto derived = derive(unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                              unhex("000102030405060708090a0b0c"), ByteView(unhex("f0f1f2f3f4f5f6f7f8f9")));
  ASSERT_TRUE(derived.has_value());
  EXPECT_EQ(platform::to_hex(derived->view().first(42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Seal, AgreesWithTheGcmSpecificationsCase16) {
  // "The Galois/Counter Mode of Operation", test case 16, cut to its first 32 bytes of text: the ciphertext is the
  // same, the tag is not and was made with python3-cryptography.
  const SealKey key(unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const auto sealed =
      seal(key, Nonce::copy(unhex("cafebabefacedbaddecaf888")), unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
           unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"));
  ASSERT_TRUE(sealed.has_value());
  EXPECT_EQ(platform::to_hex(*sealed),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "cf9bffa9bd334d8240c868342b36b506");
}

TEST(Seal, OpensOnlyWhatWasSealed) {
  const SealKey key(unhex(std::string(64, '1')));
  const Nonce nonce = Nonce::copy(unhex(std::string(24, '2')));
  const auto plain = unhex(std::string(64, '3'));
  const auto sealed = seal(key, nonce, as_bytes("about"), plain);
  ASSERT_TRUE(sealed.has_value());
  const auto opened = unseal(key, nonce, as_bytes("about"), *sealed);
  ASSERT_TRUE(opened.has_value()) << opened.error().message();
  EXPECT_TRUE(equal(opened->view(), plain));

  EXPECT_FALSE(unseal(key, nonce, as_bytes("abouT"), *sealed).has_value());
  EXPECT_FALSE(unseal(SealKey(unhex(std::string(64, '4'))), nonce, as_bytes("about"), *sealed).has_value());
  EXPECT_FALSE(unseal(key, Nonce{}, as_bytes("about"), *sealed).has_value());
  EXPECT_FALSE(unseal(key, nonce, as_bytes("about"), sealed->view().first(47)).has_value());
  for (std::size_t i = 0; i < sealed_bytes; ++i) {
    auto changed = *sealed;
    changed.data[i] ^= std::byte{1};
    const auto refused = unseal(key, nonce, as_bytes("about"), changed);
    ASSERT_FALSE(refused.has_value()) << i;
    EXPECT_EQ(refused.error().code(), Code::unauthenticated);
  }
}

}  // namespace
}  // namespace mikusari::keys::file
