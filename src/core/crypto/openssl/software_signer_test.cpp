// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl/software_signer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/test_vectors.hpp"

namespace mikusari::crypto {
namespace {

class SoftwareSignerOf : public testing::TestWithParam<Algorithm> {};

INSTANTIATE_TEST_SUITE_P(Algorithms, SoftwareSignerOf, testing::Values(Algorithm::esp256, Algorithm::ed25519),
                         [](const auto& parameter) { return std::string(name(parameter.param)); });

TEST_P(SoftwareSignerOf, SignsWhatVerifies) {
  auto signer = SoftwareSigner::generate(GetParam());
  ASSERT_TRUE(signer.has_value());
  ASSERT_TRUE(check(signer->public_key()).has_value());
  std::string message;
  for (int i = 0; i < 200; ++i) {
    const auto signature = signer->sign(as_bytes(message));
    ASSERT_TRUE(signature.has_value());
    ASSERT_TRUE(verify(signer->public_key(), as_bytes(message), *signature).has_value());
    ASSERT_TRUE(GetParam() != Algorithm::esp256 || is_low_s(*signature));
    message += 'x';
    ASSERT_FALSE(verify(signer->public_key(), as_bytes(message), *signature).has_value());
  }
}

TEST_P(SoftwareSignerOf, GeneratesAnotherKeyEachTime) {
  EXPECT_NE(SoftwareSigner::generate(GetParam())->public_key(), SoftwareSigner::generate(GetParam())->public_key());
}

TEST_P(SoftwareSignerOf, ComesBackFromItsExportedPrivateBytes) {
  auto first = SoftwareSigner::generate(GetParam());
  const Secret<32> exported = first->export_private();
  auto second = SoftwareSigner::from_private(GetParam(), exported.view());
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->public_key(), first->public_key());
  const auto signature = second->sign(as_bytes("message"));
  EXPECT_TRUE(verify(first->public_key(), as_bytes("message"), *signature).has_value());
}

TEST_P(SoftwareSignerOf, RefusesPrivateBytesOfAnotherLength) {
  const std::vector<std::byte> bytes(33, std::byte{1});
  EXPECT_EQ(SoftwareSigner::from_private(GetParam(), ByteView(bytes)).error().code(), Code::invalid);
  EXPECT_EQ(SoftwareSigner::from_private(GetParam(), ByteView(bytes).first(31)).error().code(), Code::invalid);
}

TEST_P(SoftwareSignerOf, IsSharedByEightThreads) {
  auto signer = SoftwareSigner::generate(GetParam());
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string message = std::to_string(t) + "," + std::to_string(i);
        const auto signature = signer->sign(as_bytes(message));
        if (signature && verify(signer->public_key(), as_bytes(message), *signature)) right.fetch_add(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right.load(), 8 * 50);
}

// RFC 6979 appendix A.2.5.
TEST(SoftwareSigner, DerivesTheP256KeyOfRfc6979) {
  const auto signer = SoftwareSigner::from_private(
      Algorithm::esp256, test::from_hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
  ASSERT_TRUE(signer.has_value());
  EXPECT_EQ(test::to_hex(signer->public_key().bytes()),
            "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
}

// RFC 8032 section 7.1, test 2.
TEST(SoftwareSigner, SignsAsRfc8032) {
  auto signer = SoftwareSigner::from_private(
      Algorithm::ed25519, test::from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  ASSERT_TRUE(signer.has_value());
  EXPECT_EQ(test::to_hex(signer->public_key().bytes()),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(test::to_hex(*signer->sign(test::from_hex("72"))),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(SoftwareSigner, RefusesP256ScalarsOutOfRange) {
  const std::string order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  for (const std::string& text : {std::string(64, '0'), order, std::string(64, 'f')}) {
    EXPECT_EQ(SoftwareSigner::from_private(Algorithm::esp256, test::from_hex(text)).error().code(), Code::invalid);
  }
  const std::string last = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
  EXPECT_TRUE(SoftwareSigner::from_private(Algorithm::esp256, test::from_hex(last)).has_value());
}

}  // namespace
}  // namespace mikusari::crypto
