// SPDX-License-Identifier: Apache-2.0
// A node whose signer's memory is lost goes on as a new incarnation, under a new key.
#include <gtest/gtest.h>

#include "proof/policy.hpp"
#include "replica/audit.hpp"
#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using platform::Buffer;

class Incarnation : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node.open());
    live(world);
    node.play(world);
    old_policy = platform::copy(*node.replica->policy());
    tip = node.replica->read().tip();
    node.replica.reset();
  }
  incarnation::Begin begin(std::string_view key_name, std::uint64_t epoch = 2) {
    keys.push_back(TestReplica::signer(key_name).public_key());
    signers.push_back({"checkpoint", {std::span<const crypto::PublicKey>(&keys.back(), 1)}, 1});
    incarnation::Begin out;
    out.epoch = epoch;
    out.signers = {std::span<const CheckpointSigner>(&signers.back(), 1)};
    out.threshold = 1;
    out.size = tip.log_size;
    out.root = tip.log_root;
    return out;
  }
  Buffer said(const incarnation::Begin& body, bool by_two = true) {
    ledger::How how;
    if (by_two) how.approvers = {&world.key("recovery-2")};
    return world.submission(world.key("recovery-1"), std::vector{body}, how);
  }
  void expect_refused(Code code, const char* word) {
    const auto opened = node.open();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code(), code) << opened.error().message();
    EXPECT_NE(opened.error().message().find(word), std::string::npos) << opened.error().message();
  }
  bool verifies(const proof::Policy& policy) {
    const auto reading = node.replica->read();
    return proof::verify(*cbor::decode<proof::Checkpoint>(reading.tip().checkpoint), policy).has_value();
  }

  CameraWorld world;
  TestReplica node{world};
  Buffer old_policy;
  Tip tip;
  std::deque<crypto::PublicKey> keys;
  std::deque<CheckpointSigner> signers;
};

TEST_F(Incarnation, BeginsWithTheBlockThatNamesTheNewKey) {
  node.sign_as("new key");
  expect_refused(Code::forbidden, "does not name");
  node.sign_as("new key", said(begin("new key")));
  ASSERT_TRUE(node.open());
  const auto policy = node.policy();
  EXPECT_EQ(policy.epoch, 2U);
  EXPECT_EQ(node.replica->read().tip().record.policy_epoch, 2U);
  EXPECT_EQ(node.replica->read().tip().record.height, tip.record.height + 1);
  EXPECT_TRUE(verifies(policy));
  const auto before = *proof::parse_policy(old_policy);
  EXPECT_FALSE(verifies(before));

  const auto bytes = *node.replica->read().policy_step(2);
  const auto step = proof::step(before, *statement::parse(bytes));
  ASSERT_TRUE(step.has_value()) << step.error().message();
  EXPECT_TRUE(verifies(step->policy));
  EXPECT_EQ(step->size, tip.log_size);
  EXPECT_EQ(node.replica->read().policy_step(1).error().code(), Code::not_found);
  EXPECT_EQ(node.replica->read().policy_step(3).error().code(), Code::not_found);

  const auto memory = Checkpointer::recall(node.disk, "signer/new key", world.ledger());
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->size(), 1U) << "it begins with the incarnation";
  EXPECT_EQ(memory->front().block, tip.block + 1);
}

TEST_F(Incarnation, GoesOnAndComesBackWithoutBeingSaidAgain) {
  const auto step = said(begin("new key"));
  node.sign_as("new key", step);
  ASSERT_TRUE(node.open());
  const auto later = world.submission(world.key("chips"), std::vector{world.cell_registration("later")});
  ASSERT_TRUE(node.order({world.time_ms(), {later}}));
  ASSERT_TRUE(node.open()) << "the incarnation is still in its options";
  node.sign_as("new key");
  ASSERT_TRUE(node.open());
  EXPECT_EQ(node.replica->read().tip().record.policy_epoch, 2U);
  EXPECT_TRUE(node.replica->read().policy_step(2).has_value());
  EXPECT_TRUE(verifies(node.policy()));
  node.replica.reset();
  platform::Workers workers(1);
  const auto report = audit(node.disk, workers, {"store", world.genesis(), "signer/new key", {}});
  ASSERT_TRUE(report.has_value()) << report.error().message();
  EXPECT_EQ(report->newest.policy_epoch, 2U);
}

// An operator who submits the statement instead of beginning with it; or who has the recovery keys and means harm.
TEST_F(Incarnation, IsNotTakenByARunningNodeThatItWouldEnd) {
  const auto step = said(begin("new key"));
  ASSERT_TRUE(node.open());
  const auto refused = node.replica->try_statement(step);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().error.code(), Code::forbidden);
  EXPECT_NE(refused.error().error.message().find("begin-recovery"), std::string::npos);
  const auto same = node.replica->try_statement(said(begin("checkpoint")));
  EXPECT_TRUE(same.has_value()) << "one that leaves this node its keys is a statement as any other";
}

TEST_F(Incarnation, LeavesTheOldKeyWithNothingToSign) {
  node.sign_as("new key", said(begin("new key")));
  ASSERT_TRUE(node.open());
  node.replica.reset();
  const auto memory = *node.disk.contents("signer/memory");
  node.disk.replace("signer/checkpoint", memory);
  node.sign_as("checkpoint");
  expect_refused(Code::forbidden, "does not name");
}

TEST_F(Incarnation, IsRefusedWhenItContinuesAnotherLogNamesAnotherKeyOrIsNotSignedByEnough) {
  auto body = begin("new key");
  body.size -= 1;
  node.sign_as("new key", said(body));
  expect_refused(Code::conflict, "another log");
  body = begin("new key");
  body.root = {};
  node.sign_as("new key", said(body));
  expect_refused(Code::conflict, "another log");
  node.sign_as("new key", said(begin("somebody else's key")));
  expect_refused(Code::forbidden, "does not name");
  node.sign_as("new key", said(begin("new key", 3)));
  expect_refused(statement::text_of(statement::Refusal::stale).code, "refused");
  node.sign_as("new key", said(begin("new key"), false));
  expect_refused(statement::text_of(statement::Refusal::missing_approvals).code, "discarded");
  node.sign_as("new key", world.submission(world.key("chips"), std::vector{world.cell_registration("no step")}));
  expect_refused(Code::invalid, "another statement");
  node.sign_as("checkpoint");
  node.disk.replace("signer/checkpoint", *node.disk.contents("signer/memory"));
  ASSERT_TRUE(node.open()) << "nothing of that has changed the store";
  EXPECT_EQ(node.replica->read().tip().log_root, tip.log_root);
}

// A key that has signed, and whose memory is lost, never signs again: not even when it is new.
TEST_F(Incarnation, DoesNotExcuseALostMemoryOfTheNewKey) {
  node.sign_as("new key", said(begin("new key")));
  ASSERT_TRUE(node.open());
  const auto later = world.submission(world.key("chips"), std::vector{world.cell_registration("later")});
  ASSERT_TRUE(node.order({world.time_ms(), {later}}));
  node.replica.reset();
  node.disk.replace("signer/new key", {});
  expect_refused(Code::corrupt, "memory is empty");
}

TEST_F(Incarnation, NamingAnOldKeyAgainDoesNotGiveItsMemoryBack) {
  node.sign_as("new key", said(begin("new key")));
  ASSERT_TRUE(node.open());
  tip = node.replica->read().tip();
  node.replica.reset();
  node.sign_as("checkpoint", said(begin("checkpoint", 3)));
  node.disk.replace("signer/checkpoint", {});
  expect_refused(Code::corrupt, "memory is empty");
}

// A hand-over to another machine: the running node orders the step and has nothing more to say.
TEST_F(Incarnation, OfAnotherKeyEndsARunningNode) {
  ASSERT_TRUE(node.open());
  const auto step = said(begin("new key"));
  const auto ended = node.order({world.time_ms(), {step}});
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::forbidden);
  EXPECT_EQ(node.replica->read().tip().log_root, tip.log_root) << "published under a key that does not count";
  const auto later = world.submission(world.key("chips"), std::vector{world.cell_registration("later")});
  EXPECT_EQ(node.order({world.time_ms(), {later}}).error().code(), Code::forbidden) << "nor builds on it";
  node.sign_as("new key");
  ASSERT_TRUE(node.open());
  EXPECT_TRUE(verifies(node.policy()));
  EXPECT_TRUE(node.order({world.time_ms(), {later}}));
}

TEST_F(Incarnation, SurvivesACrashAtEveryChangeOfItsBeginning) {
  const auto step = said(begin("new key"));
  const auto files = files_in(node.disk, {"store/chain", "store/log"});
  std::optional<Digest> root;
  std::uint64_t crashes = 0;
  for (std::uint64_t at = 1;; ++at) {
    TestReplica copy(world, at);
    for (const auto& [path, bytes] : files) copy.disk.replace(path, bytes);
    copy.sign_as("new key", step);
    ASSERT_TRUE(Checkpointer::found(copy.disk, "signer/new key"));
    copy.disk.crash_at(copy.disk.changes() + at);
    const bool opened = copy.open().has_value();
    copy.replica.reset();
    const bool crashed = copy.disk.crashed();
    ASSERT_TRUE(opened || crashed);
    if (!crashed) break;
    ++crashes;
    copy.disk.restart();
    const auto again = copy.open();
    ASSERT_TRUE(again.has_value()) << "crash at change " << at << ": " << again.error().message();
    EXPECT_EQ(copy.replica->read().tip().record.policy_epoch, 2U);
    EXPECT_EQ(copy.root(), root.value_or(copy.root()));
    root = copy.root();
  }
  EXPECT_GT(crashes, 8U);
}

}  // namespace
}  // namespace mikusari::replica
