// SPDX-License-Identifier: Apache-2.0
#include "crypto/openssl/known_answers.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/openssl/ed25519_verdicts.hpp"
#include "crypto/test_vectors.hpp"

namespace mikusari::crypto {
namespace {

TEST(SelfTest, HoldsWithTheInstalledLibraries) {
  const auto result = self_test();
  EXPECT_TRUE(result.has_value()) << result.error().message();
}

TEST(SelfTest, NamesTheCaseInWhichTheLibraryDiffers) {
  for (std::size_t i = 0; i < ed25519_verdict_count(); ++i) {
    Ed25519Verdict changed = ed25519_verdict(i);
    ASSERT_TRUE(confirm(changed).has_value());
    changed.accepted = !changed.accepted;
    const auto result = confirm(changed);
    ASSERT_FALSE(result.has_value());
    ASSERT_EQ(result.error().code(), Code::internal);
    ASSERT_NE(result.error().message().find("Ed25519 verdict " + std::to_string(changed.number)), std::string::npos);
  }
  for (std::size_t i = 0; i < ed25519_point_verdict_count(); ++i) {
    Ed25519PointVerdict changed = ed25519_point_verdict(i);
    ASSERT_TRUE(confirm(changed).has_value());
    changed.registrable = !changed.registrable;
    ASSERT_EQ(confirm(changed).error().code(), Code::internal);
  }
}

TEST(Ed25519Verdicts, CoverBothAnswers) {
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < ed25519_verdict_count(); ++i) accepted += ed25519_verdict(i).accepted ? 1 : 0;
  EXPECT_GT(accepted, 0U);
  EXPECT_LT(accepted, ed25519_verdict_count());
}

// Also: a key of small order would let one signature hold for many messages, so no such case may be accepted.
TEST(Ed25519Verdicts, AreTakenOverTheInputsOfTheSuite) {
  const auto suite = test::file_text(test::vectors() / "cctv-ed25519/ed25519vectors.part.json");
  if (!suite) GTEST_SKIP() << "no vectors in " << test::vectors();
  const boost::json::value parsed = boost::json::parse(*suite);
  const auto& cases = parsed.as_array();
  ASSERT_EQ(cases.size(), ed25519_verdict_count());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Ed25519Verdict frozen = ed25519_verdict(i);
    EXPECT_EQ(cases[i].at("number").to_number<unsigned>(), frozen.number);
    EXPECT_EQ(cases[i].at("key").as_string(), test::to_hex(frozen.key.bytes()));
    EXPECT_EQ(cases[i].at("sig").as_string(), test::to_hex(frozen.signature));
    EXPECT_EQ(cases[i].at("msg").as_string(), frozen.message);
    if (!cases[i].at("flags").is_array()) continue;
    for (const auto& flag : cases[i].at("flags").as_array()) {
      if (flag == "low_order_A" || flag == "non_canonical_A") {
        EXPECT_FALSE(frozen.accepted) << frozen.number;
      }
    }
  }
}

}  // namespace
}  // namespace mikusari::crypto
