// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proof/test_ledger.hpp"

namespace mikusari::proof {
namespace {

using test::encoded;
using test::Octets;

struct Editable {
  std::vector<std::vector<crypto::PublicKey>> keys;
  std::vector<CheckpointSigner> signers;
  std::vector<crypto::PublicKey> recovery;
  Policy policy;

  Octets encode() {
    for (std::size_t i = 0; i < signers.size(); ++i) signers[i].keys = std::span<const crypto::PublicKey>(keys[i]);
    policy.signers = std::span<const CheckpointSigner>(signers);
    policy.recovery_keys = std::span<const crypto::PublicKey>(recovery);
    return encoded(policy);
  }
};

crypto::PublicKey key(std::string_view seed, crypto::Algorithm algorithm = crypto::Algorithm::ed25519) {
  return test::signer_from(seed, algorithm).public_key();
}

Editable good() {
  Editable out;
  out.keys = {{key("a"), key("a", crypto::Algorithm::esp256)}, {key("b")}};
  out.signers = {{"log.a", {}, 2}, {"log.b", {}, 1}};
  out.recovery = {key("r1"), key("r2")};
  out.policy.ledger = test::named("ledger");
  out.policy.epoch = 1;
  out.policy.threshold = 2;
  out.policy.recovery_threshold = 1;
  return out;
}

std::string refusal(Editable policy) {
  const Octets bytes = policy.encode();
  const auto parsed = parse_policy(bytes);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().code(), Code::invalid);
  return parsed.error().text();
}

TEST(Policy, IsReadAsItWasWritten) {
  auto policy = good();
  const Octets bytes = policy.encode();
  const auto parsed = parse_policy(bytes);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->ledger, test::named("ledger"));
  EXPECT_EQ(parsed->signers.size(), 2U);
  EXPECT_EQ((*parsed->signers.begin()).keys.size(), 2U);
  EXPECT_EQ(parsed->threshold, 2U);
  EXPECT_EQ(encoded(*parsed), bytes);
}

TEST(Policy, ThatCannotBeMetIsRefused) {
  auto policy = good();
  policy.policy.threshold = 4;
  EXPECT_EQ(refusal(policy), "the policy's threshold is 0 or more than all signers' weight");
  policy.policy.threshold = 0;
  EXPECT_EQ(refusal(policy), "the policy's threshold is 0 or more than all signers' weight");
  policy = good();
  policy.policy.recovery_threshold = 3;
  EXPECT_EQ(refusal(policy), "the recovery threshold does not fit the recovery keys");
  policy.policy.recovery_threshold = 0;
  EXPECT_EQ(refusal(policy), "the recovery threshold does not fit the recovery keys");
  policy.recovery.clear();
  EXPECT_EQ(refusal(policy), "accepted");
}

TEST(Policy, NamesAndKeysStandOnce) {
  auto policy = good();
  policy.signers[1].name = "log.a";
  EXPECT_EQ(refusal(policy), "two checkpoint signers have the same name");
  policy = good();
  policy.keys[1] = {key("a")};
  EXPECT_EQ(refusal(policy), "a key stands twice in the policy");
  policy = good();
  policy.recovery[1] = key("b");
  EXPECT_EQ(refusal(policy), "a key stands twice in the policy");
}

TEST(Policy, SignersAreWellFormed) {
  auto policy = good();
  policy.signers[0].name = "Log A";
  EXPECT_EQ(refusal(policy), "a checkpoint signer's name has other characters than a-z 0-9 . -");
  policy = good();
  policy.keys[0].clear();
  EXPECT_EQ(refusal(policy), "a checkpoint signer has no key");
  policy = good();
  policy.signers[0].weight = 0;
  EXPECT_EQ(refusal(policy), "a checkpoint signer's weight is 0 or over a million");
  policy = good();
  policy.keys[1] = {crypto::PublicKey(crypto::Algorithm::esp256, Bytes<64>{})};
  EXPECT_NE(refusal(policy), "accepted");
  policy = good();
  policy.policy.version = 2;
  EXPECT_EQ(refusal(policy), "this trust policy is of a version that is not known here");
}

TEST(Policy, IsFoundedByTheGenesis) {
  const std::vector<crypto::PublicKey> keys{key("a")};
  const std::vector<CheckpointSigner> signers{{"log.a", std::span<const crypto::PublicKey>(keys), 3}};
  Genesis genesis;
  genesis.checkpoint_signers = std::span<const CheckpointSigner>(signers);
  genesis.checkpoint_threshold = 3;
  const Octets bytes = encoded(policy_of(genesis, test::named("ledger")));
  const auto policy = parse_policy(bytes);
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_EQ(policy->epoch, 1U);
  EXPECT_EQ(policy->threshold, 3U);
  EXPECT_EQ(policy->ledger, test::named("ledger"));
}

}  // namespace
}  // namespace mikusari::proof
