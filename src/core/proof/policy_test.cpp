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
  std::vector<LogWitness> witnesses;
  std::vector<crypto::PublicKey> recovery;
  Policy policy;

  Octets encode() {
    for (std::size_t i = 0; i < signers.size(); ++i) signers[i].keys = std::span<const crypto::PublicKey>(keys[i]);
    policy.signers = std::span<const CheckpointSigner>(signers);
    policy.witnesses = std::span<const LogWitness>(witnesses);
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
  out.witnesses = {{"witness.c", key("c")}, {"witness.d", key("d")}};
  out.recovery = {key("r1"), key("r2")};
  out.policy.ledger = test::named("ledger");
  out.policy.epoch = 1;
  out.policy.threshold = 2;
  out.policy.recovery_threshold = 1;
  out.policy.witness_threshold = 1;
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
  EXPECT_EQ(parsed->witnesses.size(), 2U);
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
  policy = good();
  policy.policy.witness_threshold = 3;
  EXPECT_EQ(refusal(policy), "the witness threshold is more than all witnesses");
  policy.policy.witness_threshold = 0;
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
  policy = good();
  policy.witnesses[1].name = "witness.c";
  EXPECT_EQ(refusal(policy), "two witnesses have the same name or key");
  policy = good();
  policy.witnesses[1].key = key("c");
  EXPECT_EQ(refusal(policy), "a key stands twice in the policy");
}

// Whoever signs would else be its own witness.
TEST(Policy, WitnessesHaveKeysOfTheirOwn) {
  auto policy = good();
  policy.witnesses[0].key = key("b");
  EXPECT_EQ(refusal(policy), "a key stands twice in the policy");
  policy.witnesses[0] = {"log.b", key("b")};
  EXPECT_EQ(refusal(policy), "a key stands twice in the policy");
  policy = good();
  policy.witnesses[0].key = key("r1");
  EXPECT_EQ(refusal(policy), "a key stands twice in the policy");
  policy = good();
  policy.witnesses[0].key = key("c", crypto::Algorithm::esp256);
  EXPECT_EQ(refusal(policy), "a witness' key is not an Ed25519 key");
  policy = good();
  policy.witnesses[0].name = "Witness C";
  EXPECT_EQ(refusal(policy), "a witness' name has other characters than a-z 0-9 . -");
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
}

// Whatever a newer program has put into a policy may narrow whom it trusts: nothing of it is passed over.
TEST(Policy, OfANewerProgramIsNewer) {
  auto policy = good();
  const Octets bytes = policy.encode();
  for (const std::uint32_t field : {10U, 64U, 127U, 128U}) {
    const auto read = parse_policy(test::with_field(bytes, field));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), Code::newer) << field;
  }
  Octets newer = bytes, older = bytes;
  ASSERT_EQ(bytes[2], std::byte{2});  // a map of nine, key 1, form
  newer[2] = std::byte{3};
  EXPECT_EQ(parse_policy(newer).error().code(), Code::newer);
  older[2] = std::byte{1};
  EXPECT_EQ(parse_policy(older).error().code(), Code::invalid);
}

TEST(Policy, FailsWhenCutOrContinued) {
  auto policy = good();
  Octets bytes = policy.encode();
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_FALSE(parse_policy(ByteView(bytes).first(i))) << i;
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(parse_policy(bytes));
}

TEST(Policy, IsFoundedByTheGenesis) {
  const std::vector<crypto::PublicKey> keys{key("a")};
  const std::vector<CheckpointSigner> signers{{"log.a", std::span<const crypto::PublicKey>(keys), 3}};
  const std::vector<LogWitness> witnesses{{"witness.c", key("c")}};
  Genesis genesis;
  genesis.checkpoint_signers = std::span<const CheckpointSigner>(signers);
  genesis.checkpoint_threshold = 3;
  genesis.witnesses = std::span<const LogWitness>(witnesses);
  genesis.witness_threshold = 1;
  const Octets bytes = encoded(policy_of(genesis, test::named("ledger")));
  const auto policy = parse_policy(bytes);
  ASSERT_TRUE(policy) << policy.error().message();
  EXPECT_EQ(policy->epoch, 1U);
  EXPECT_EQ(policy->threshold, 3U);
  EXPECT_EQ(policy->ledger, test::named("ledger"));
  EXPECT_EQ(policy->witness_threshold, 1U);
}

}  // namespace
}  // namespace mikusari::proof
