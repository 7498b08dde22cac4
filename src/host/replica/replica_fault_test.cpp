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

}  // namespace
}  // namespace mikusari::replica
