// SPDX-License-Identifier: Apache-2.0
// The contract of signature.hpp; built once for each implementation.
#include "crypto/signature.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/test_vectors.hpp"

namespace mikusari::crypto {
namespace {

struct Example {
  PublicKey key;
  std::string_view message;
  Signature signature;
};

Example example(Algorithm algorithm, std::string_view key, std::string_view message, std::string_view signature) {
  return {PublicKey(algorithm, test::from_hex(key)), message, Signature::copy(test::from_hex(signature))};
}

// RFC 6979 appendix A.2.5.
Example rfc6979_sample() {
  return example(Algorithm::esp256,
                 "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                 "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
                 "sample",
                 "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                 "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
}

// Wycheproof ecdsa_secp256r1_sha256_p1363_test.json, case 1.
Example wycheproof_1() {
  return example(Algorithm::esp256,
                 "2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838"
                 "c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e",
                 "123400",
                 "2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18"
                 "4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76");
}

// RFC 8032 section 7.1, test 2.
Example rfc8032() {
  return example(Algorithm::ed25519, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
                 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

std::vector<Example> offered_examples() {
  std::vector<Example> out{rfc6979_sample(), wycheproof_1()};
  if (offers(Algorithm::ed25519)) out.push_back(rfc8032());
  return out;
}

Result<void> verify(const Example& example) {
  return crypto::verify(example.key, as_bytes(example.message), example.signature);
}

TEST(Verify, AcceptsKnownSignatures) {
  ASSERT_TRUE(offers(Algorithm::esp256));
  for (const Example& example : offered_examples()) {
    EXPECT_TRUE(verify(example).has_value()) << example.message;
    EXPECT_TRUE(check(example.key).has_value()) << example.message;
  }
}

TEST(Verify, RefusesAnAlgorithmThatThisBuildDoesNotOffer) {
  if (offers(Algorithm::ed25519)) GTEST_SKIP() << "this build offers every algorithm";
  const Example example = rfc8032();
  EXPECT_EQ(verify(example).error().code(), Code::invalid);
  EXPECT_EQ(check(example.key).error().code(), Code::invalid);
}

TEST(Verify, RefusesEveryFlippedBitOfTheSignature) {
  for (const Example& example : offered_examples()) {
    for (std::size_t bit = 0; bit < 512; ++bit) {
      Example changed = example;
      changed.signature.data[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      const auto result = verify(changed);
      ASSERT_FALSE(result.has_value()) << example.message << ", bit " << bit;
      ASSERT_EQ(result.error().code(), Code::unauthenticated);
    }
  }
}

TEST(Verify, RefusesAnotherMessageAndAnotherKey) {
  Example changed = rfc6979_sample();
  changed.message = "samples";
  EXPECT_EQ(verify(changed).error().code(), Code::unauthenticated);
  changed = rfc6979_sample();
  changed.key = wycheproof_1().key;
  EXPECT_EQ(verify(changed).error().code(), Code::unauthenticated);
  EXPECT_TRUE(verify(rfc6979_sample()).has_value()) << "one key leaves no trace in the next verification";
}

TEST(Verify, RefusesAPointThatIsNotOnTheCurve) {
  Example changed = rfc6979_sample();
  std::vector<std::byte> bytes(changed.key.bytes().begin(), changed.key.bytes().end());
  bytes[63] ^= std::byte{1};
  changed.key = PublicKey(Algorithm::esp256, bytes);
  EXPECT_EQ(check(changed.key).error().code(), Code::invalid);
  EXPECT_EQ(verify(changed).error().code(), Code::invalid);
  EXPECT_EQ(verify(changed).error().code(), Code::invalid) << "also the second time";
  EXPECT_TRUE(verify(rfc6979_sample()).has_value());
  EXPECT_EQ(check(PublicKey()).error().code(), Code::invalid) << "x = y = 0";
}

TEST(Verify, RefusesCoordinatesNotBelowTheFieldsPrime) {
  // x = 0 has a point on P-256 with this y (its square is b); x = p names the same point once more.
  const std::string y = "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4";
  const std::string p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  EXPECT_TRUE(check(PublicKey(Algorithm::esp256, test::from_hex(std::string(64, '0') + y))).has_value());
  EXPECT_EQ(check(PublicKey(Algorithm::esp256, test::from_hex(p + y))).error().code(), Code::invalid);
}

TEST(Verify, RefusesZeroAndOversizedScalars) {
  const std::string order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  const std::string zero(64, '0');
  const std::string full(64, 'f');
  const Example good = rfc6979_sample();
  const std::string r = test::to_hex(good.signature.view().first(32));
  const std::string s = test::to_hex(good.signature.view().last(32));
  for (const std::string& text : {zero + s, r + zero, zero + zero, order + s, r + order, order + order, full + full}) {
    Example changed = good;
    changed.signature = Signature::copy(test::from_hex(text));
    EXPECT_EQ(verify(changed).error().code(), Code::unauthenticated) << text;
  }
}

TEST(Verify, ServesEightThreads) {
  const std::vector<Example> examples = offered_examples();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 60; ++i) {
        Example each = examples[(t + i) % examples.size()];
        const bool change = i % 3 == 0;
        if (change) each.signature.data[i] ^= std::byte{4};
        if (verify(each).has_value() != change) right.fetch_add(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right.load(), 8 * 60);
}

TEST(Check, RefusesEd25519KeysThatAreNoKeys) {
  if (!offers(Algorithm::ed25519)) GTEST_SKIP() << "this build has no Ed25519";
  const std::string identity = "01" + std::string(62, '0');
  const std::string not_a_point = "02" + std::string(62, '0');
  const std::string not_canonical = "ee" + std::string(60, 'f') + "7f";
  for (const std::string& text : {identity, not_a_point, not_canonical}) {
    EXPECT_EQ(check(PublicKey(Algorithm::ed25519, test::from_hex(text))).error().code(), Code::invalid) << text;
  }
}

TEST(LowS, TurnsTheHighFormIntoTheLowOneAndKeepsTheLow) {
  Example each = rfc6979_sample();
  EXPECT_FALSE(is_low_s(each.signature));
  each.signature = low_s(each.signature);
  EXPECT_TRUE(is_low_s(each.signature));
  EXPECT_EQ(test::to_hex(each.signature),
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9");
  EXPECT_TRUE(verify(each).has_value());
  EXPECT_EQ(low_s(each.signature), each.signature);
}

TEST(LowS, DrawsTheLineAtHalfTheOrder) {
  const std::string r(64, '1');
  const Signature half =
      Signature::copy(test::from_hex(r + "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8"));
  const Signature above =
      Signature::copy(test::from_hex(r + "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9"));
  EXPECT_TRUE(is_low_s(half));
  EXPECT_FALSE(is_low_s(above));
  EXPECT_EQ(low_s(above), half);
  const Signature last =
      Signature::copy(test::from_hex(r + "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"));
  EXPECT_EQ(low_s(last), Signature::copy(test::from_hex(r + std::string(63, '0') + "1")));
}

}  // namespace
}  // namespace mikusari::crypto
