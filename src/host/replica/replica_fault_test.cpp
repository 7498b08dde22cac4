// SPDX-License-Identifier: Apache-2.0
// Power cuts at every change of a scenario: what was acknowledged stays, nothing is half done, and the ledger ends as
// if nothing had happened.
#include <gtest/gtest.h>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;

TEST(ReplicaFault, SurvivesACrashAtEveryChangeOfAScenario) {
  CameraWorld world;
  live(world);
  TestReplica whole(world);
  ASSERT_TRUE(whole.open());
  whole.play(world);
  const Digest expected = whole.root();
  const std::uint64_t changes = whole.disk.changes();

  std::uint64_t crashes = 0;
  for (std::uint64_t at = 1; at <= changes; ++at) {
    TestReplica node(world, at);
    node.disk.crash_at(at);
    std::size_t acknowledged = 0;
    if (node.open()) {
      for (; acknowledged < world.history().size(); ++acknowledged) {
        if (!node.order(world.history()[acknowledged])) break;
      }
    }
    node.replica.reset();
    if (!node.disk.crashed()) continue;  // the crash fell on what only closing does
    ++crashes;
    node.disk.restart();
    const auto opened = node.open();
    ASSERT_TRUE(opened.has_value()) << "crash at change " << at << ": " << opened.error().message();
    const auto reading = node.replica->read();
    for (std::size_t i = 0; i < acknowledged; ++i) {
      for (const auto& submission : world.history()[i].submissions) {
        ASSERT_TRUE(reading.fate(statement::parse(submission)->identity).has_value())
            << "crash at change " << at << " lost statement " << i;
      }
    }
    for (std::size_t i = 0; i < world.history().size(); ++i)
      ASSERT_TRUE(node.order(world.history()[i])) << "crash at change " << at;
    ASSERT_EQ(node.root(), expected) << "crash at change " << at;
  }
  EXPECT_GT(crashes, 100U);
}

TEST(ReplicaFault, StopsWritingWhenASyncFailsAndKeepsWhatWasAcknowledged) {
  CameraWorld world;
  live(world);
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  std::size_t acknowledged = 0;
  for (; acknowledged < 5; ++acknowledged) ASSERT_TRUE(node.order(world.history()[acknowledged]));
  node.disk.fail_at(node.disk.changes() + 3, Error(Code::exhausted, "the disk is full"));
  for (; acknowledged < world.history().size(); ++acknowledged) {
    if (!node.order(world.history()[acknowledged])) break;
  }
  ASSERT_LT(acknowledged, world.history().size()) << "the full disk was not noticed";
  EXPECT_FALSE(node.order(world.history()[acknowledged])) << "writing must not go on after a failed write";
  ASSERT_TRUE(node.open());
  for (std::size_t i = 0; i < acknowledged; ++i) {
    EXPECT_TRUE(
        node.replica->read().fate(statement::parse(world.history()[i].submissions.front())->identity).has_value());
  }
}

Result<consensus::Execution> execute(TestReplica& node, const CameraWorld::Ordered& ordered) {
  consensus::Block block{node.replica->next_height(), ordered.time_ms, {}};
  for (const auto& submission : ordered.submissions) block.submissions.push_back(submission);
  return node.replica->execute(block);
}

// The engine executes ahead of the disk: what fails in a flush must leave what newer blocks stand on. The changes of a
// flush are the sync of the chain, then append and sync of the signer's memory.
class FailedFlush : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FailedFlush, LeavesTheStateThatNewerBlocksStandOn) {
  CameraWorld world;
  live(world);
  TestReplica node(world), sound(world);
  ASSERT_TRUE(node.open() && sound.open());
  const auto expect_same = [&](std::size_t i) {
    const auto mine = execute(node, world.history()[i]), other = execute(sound, world.history()[i]);
    ASSERT_TRUE(mine && other);
    EXPECT_EQ(mine->position.app_hash, other->position.app_hash) << "block " << i;
  };
  expect_same(0);
  ASSERT_TRUE(node.replica->commit() && sound.replica->commit());
  node.disk.fail_at(node.disk.changes() + GetParam(), Error(Code::exhausted, "the disk is full"));
  ASSERT_FALSE(node.replica->flush().has_value());

  expect_same(1);
  ASSERT_TRUE(sound.replica->commit());
  const bool committed = node.replica->commit().has_value();
  EXPECT_EQ(committed, GetParam() != 1) << "a failed sync of the chain, and nothing else, ends its writing";
  if (committed) expect_same(2);
  ASSERT_TRUE(node.open());
  for (const auto& ordered : world.history()) ASSERT_TRUE(node.order(ordered));
  ASSERT_TRUE(sound.open());
  for (const auto& ordered : world.history()) ASSERT_TRUE(sound.order(ordered));
  EXPECT_EQ(node.root(), sound.root());
}

INSTANTIATE_TEST_SUITE_P(EachChange, FailedFlush, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace mikusari::replica
