// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proof/test_step.hpp"

namespace mikusari::proof {
namespace {

using test::encoded;
using test::Octets;
using test::StepMaker;

// A ledger with three recovery keys, of which two must sign, and a witness.
class PolicyStepTest : public testing::Test {
 protected:
  PolicyStepTest() {
    ledger.add_checkpoint_signer("log.acme", 1, {crypto::Algorithm::ed25519});
    ledger.add_witness("witness.dora");
    ledger.witness_threshold = 1;
    for (const std::string seed : {"r1", "r2", "r3"}) ledger.add_recovery_key(seed);
    ledger.recovery_threshold = 2;
    for (int i = 0; i < 3; ++i) ledger.seal();
    policy_bytes = ledger.policy(1);
    policy = test::need(parse_policy(policy_bytes));
  }

  Result<PolicyStep> verdict(const Octets& submission) {
    bytes = submission;
    TRY(const auto parsed, statement::parse(bytes));
    return step(policy, parsed);
  }
  void expect(const Octets& submission, Code code, std::string_view word) {
    const auto refused = verdict(submission);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), code) << refused.error().message();
    EXPECT_NE(std::string_view(refused.error().text()).find(word), std::string_view::npos) << refused.error().text();
  }

  test::TestLedger ledger;
  Octets policy_bytes, bytes;
  Policy policy;
};

TEST_F(PolicyStepTest, GivesTheNextPolicy) {
  StepMaker maker(ledger);
  maker.body.lost_size = maker.body.size + 5;
  const auto next = verdict(maker.make());
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_EQ(next->size, ledger.log.size());
  EXPECT_EQ(next->root, ledger.log.root(ledger.log.size()));
  EXPECT_EQ(next->lost_size, ledger.log.size() + 5);
  EXPECT_EQ(next->policy.epoch, 2U);
  EXPECT_EQ((*next->policy.signers.begin()).name, "log.new");
  EXPECT_EQ(next->policy.signers.size(), 1U);
  // What the step does not speak of stays.
  EXPECT_EQ(next->policy.ledger, ledger.id);
  EXPECT_EQ(next->policy.recovery_keys.size(), 3U);
  EXPECT_EQ(next->policy.recovery_threshold, 2U);
  EXPECT_EQ(next->policy.witnesses.size(), 1U);
  EXPECT_EQ(next->policy.witness_threshold, 1U);
  const Octets written = encoded(next->policy);
  EXPECT_TRUE(parse_policy(written));
}

TEST_F(PolicyStepTest, NeedsAsManyRecoveryKeysAsThePolicySays) {
  StepMaker maker(ledger);
  maker.by = {&ledger.recovery_signers[0]};
  expect(maker.make(), Code::unauthenticated, "fewer recovery keys");
  maker.by = {&ledger.recovery_signers[2], &ledger.recovery_signers[0]};
  EXPECT_TRUE(verdict(maker.make()));
  // The signer's own approval counts for nothing.
  maker.by = {&ledger.recovery_signers[0], &ledger.recovery_signers[0]};
  expect(maker.make(), Code::unauthenticated, "fewer recovery keys");
}

TEST_F(PolicyStepTest, CountsRecoveryKeysOnly) {
  auto mallory = test::signer_from("mallory");
  auto& checkpoint_key = ledger.checkpoint_keys[0].signers[0];
  StepMaker maker(ledger);
  for (auto* other : {&mallory, &checkpoint_key}) {
    maker.by = {&ledger.recovery_signers[0], other};
    expect(maker.make(), Code::unauthenticated, "fewer recovery keys");
    maker.by = {other, &ledger.recovery_signers[0], &ledger.recovery_signers[1]};
    expect(maker.make(), Code::unauthenticated, "not signed by a recovery key");
  }
  maker.by = {&ledger.recovery_signers[0], &ledger.recovery_signers[1]};
  for (const auto role : {statement::ApprovalRole::own, statement::ApprovalRole::witness}) {
    maker.role = role;
    expect(maker.make(), Code::unauthenticated, "fewer recovery keys");
  }
}

TEST_F(PolicyStepTest, WithoutRecoveryKeysThereIsNone) {
  StepMaker maker(ledger);
  const Octets made = maker.make();
  ledger.recovery_signers.clear();
  ledger.recovery_threshold = 0;
  policy_bytes = ledger.policy(1);
  policy = test::need(parse_policy(policy_bytes));
  expect(made, Code::unauthenticated, "not signed by a recovery key");
}

TEST_F(PolicyStepTest, FailsWithAnyByteChanged) {
  StepMaker maker(ledger);
  maker.by.pop_back();  // no signature more than needed
  const Octets good = maker.make();
  ASSERT_TRUE(verdict(good));
  std::size_t passed = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const unsigned mask : {0x01U, 0x40U}) passed += verdict(test::flipped(good, i, mask)) ? 1 : 0;
  }
  EXPECT_EQ(passed, 0U);
}

TEST_F(PolicyStepTest, FollowsThePolicyItIsFor) {
  StepMaker maker(ledger);
  for (const std::uint64_t epoch : {0U, 1U, 3U}) {
    maker.body.epoch = epoch;
    expect(maker.make(), Code::conflict, "does not follow");
  }
  policy.epoch = ~std::uint64_t{0};  // nothing follows the last one
  maker.body.epoch = 0;
  expect(maker.make(), Code::conflict, "does not follow");
}

TEST_F(PolicyStepTest, OfAnotherLedgerIsForbidden) {
  test::TestLedger other("another ledger");
  for (const std::string seed : {"r1", "r2"}) other.add_recovery_key(seed);  // the same keys
  other.seal();
  expect(StepMaker(other).make(), Code::forbidden, "another ledger");
}

TEST_F(PolicyStepTest, IsAnIncarnationAndNothingElse) {
  StepMaker maker(ledger);
  maker.kind = statement::find_kind(0x0110)->number;
  expect(maker.make(), Code::invalid, "no step");
  maker = StepMaker(ledger);
  maker.count = 2;
  expect(maker.make(), Code::invalid, "no step");
  const Octets made = StepMaker(ledger).make();
  Octets buffer(made.size());
  const auto withheld = test::need(statement::withhold(test::need(statement::parse(made)), 0, buffer));
  expect(Octets(withheld.begin(), withheld.end()), Code::invalid, "no step");
}

TEST_F(PolicyStepTest, GivesNoPolicyThatCannotBeMet) {
  StepMaker maker(ledger);
  maker.body.threshold = 2;
  expect(maker.make(), Code::invalid, "threshold");
  maker.body.threshold = 0;
  expect(maker.make(), Code::invalid, "threshold");
  maker = StepMaker(ledger);
  maker.signers.clear();
  expect(maker.make(), Code::invalid, "threshold");
  // A recovery key is no checkpoint key, and the watcher does not sign.
  maker = StepMaker(ledger);
  maker.signers[0].keys = {ledger.recovery_signers[0].public_key()};
  expect(maker.make(), Code::invalid, "twice");
  maker.signers[0].keys = {ledger.witnesses[0].keys[0]};
  expect(maker.make(), Code::invalid, "twice");
}

TEST_F(PolicyStepTest, LosesOnlyWhatIsBehindTheLogItContinues) {
  StepMaker maker(ledger);
  maker.body.lost_size = maker.body.size;
  expect(maker.make(), Code::invalid, "lost");
  maker.body.lost_size = 0;
  expect(maker.make(), Code::invalid, "lost");
}

// The new signers' checkpoints hold under the new policy, and the old ones' no longer do.
TEST_F(PolicyStepTest, ChangesWhoseCheckpointsHold) {
  StepMaker maker(ledger);
  const auto next = test::need(verdict(maker.make()));
  const auto old = ledger.checkpoint();
  EXPECT_TRUE(verify(old, policy));
  EXPECT_EQ(verify(old, next.policy).error().code(), Code::unauthenticated);
  ledger.checkpoint_keys = std::move(maker.signers);
  EXPECT_TRUE(verify(ledger.checkpoint(), next.policy));
  EXPECT_EQ(verify(ledger.checkpoint(), policy).error().code(), Code::unauthenticated);
}

// Whose checkpoint signers are gone is told of the step, instead of a forgery. Nobody has proved it, so nothing passes.
TEST_F(PolicyStepTest, IsAskedForWhenOthersSignForALaterEpoch) {
  StepMaker maker(ledger);
  const auto next = test::need(verdict(maker.make()));
  const auto old_keys = std::move(ledger.checkpoint_keys);
  ledger.checkpoint_keys = std::move(maker.signers);
  ledger.epoch = 2;
  ledger.seal();
  const auto refused = verify(ledger.anchor(), policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::conflict);
  EXPECT_EQ(refused.error().text(), later_policy);
  EXPECT_TRUE(verify(ledger.anchor(), next.policy));
  // Of its own epoch, of another ledger, or with what is no record, it is as before.
  auto anchor = ledger.anchor();
  auto record = test::need(cbor::decode<BlockRecord>(anchor.record));
  const auto code_with = [&] {
    anchor.record = ledger.keep(test::encoded(record));
    return verify(anchor, policy).error().code();
  };
  EXPECT_EQ(code_with(), Code::conflict);
  record.policy_epoch = 1;
  EXPECT_EQ(code_with(), Code::unauthenticated);
  record.policy_epoch = 2;
  record.ledger = test::named("another ledger");
  EXPECT_EQ(code_with(), Code::unauthenticated);
  anchor.record = ByteView(anchor.record).first(8);
  EXPECT_EQ(verify(anchor, policy).error().code(), Code::unauthenticated);
}

// Who has just been given a later policy cannot be shown what was before it.
TEST_F(PolicyStepTest, LeavesBehindWhatWasBeforeIt) {
  policy.epoch = 2;
  const auto refused = verify(ledger.anchor(), policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::conflict);
  EXPECT_STREQ(refused.error().text(), "the block record is from before the trust policy in use");
  ledger.epoch = 2;
  ledger.seal();
  EXPECT_TRUE(verify(ledger.anchor(), policy));
  // That the ledger goes by a later policy stands in the record.
  policy.epoch = 1;
  EXPECT_EQ(test::need(verify(ledger.anchor(), policy)).record.policy_epoch, 2U);
}

}  // namespace
}  // namespace mikusari::proof
