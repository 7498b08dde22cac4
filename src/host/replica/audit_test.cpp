// SPDX-License-Identifier: Apache-2.0
#include "replica/audit.hpp"

#include <gtest/gtest.h>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;

class AuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node.open());
    node.play(world);
    expected = node.replica->read().tip().record;
    node.replica.reset();
  }
  Result<AuditReport> run() {
    platform::Workers workers(1);
    return audit(node.disk, workers, {"store", world.genesis(), "signer/memory", {}});
  }
  TestWorld world;
  TestReplica node{world};
  proof::BlockRecord expected;
};

TEST_F(AuditTest, VerifiesAWholeLedgerAndCountsIt) {
  const auto report = run();
  ASSERT_TRUE(report.has_value()) << report.error().message();
  EXPECT_EQ(report->newest.map_root, expected.map_root);
  EXPECT_EQ(report->newest.height, expected.height);
}

TEST(Audit, FindsTheSameStatementsAsWereExecuted) {
  CameraWorld world;
  live(world);
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  const auto tip = node.replica->read().tip();
  node.replica.reset();
  platform::Workers workers(1);
  std::uint64_t blocks = 0;
  const auto report =
      audit(node.disk, workers, {"store", world.genesis(), "signer/memory", [&](std::uint64_t) { ++blocks; }});
  ASSERT_TRUE(report.has_value()) << report.error().message();
  EXPECT_EQ(report->log_root, tip.log_root);
  EXPECT_EQ(report->statements, world.history().size());
  EXPECT_EQ(report->bodies_refused, 1U);
  EXPECT_EQ(blocks, tip.record.height + 1);
  EXPECT_GE(report->signatures, report->statements);
}

// The store of a ledger that has said a few things; every byte of every file in it.
TEST(Audit, FindsEveryFlippedByteOfTheChain) {
  TestWorld world;
  world.accepted(world.key("chips"), model::Register{"cell", model::Class::battery, {}, 0});
  world.accepted(world.key("chips"),
                 part::Register{TestWorld::id("battery"), model::model_id("chips", "cell"), {}, {}, {}});
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  node.replica.reset();
  platform::Workers workers(1);
  const AuditOptions options{"store", world.genesis(), "signer/memory", {}};
  ASSERT_TRUE(audit(node.disk, workers, options).has_value());
  const auto names = *node.disk.list("store/chain");
  for (const auto& name : names) {
    if (!name.ends_with(".frames")) continue;
    const auto path = platform::join("store/chain", name);
    const auto good = *node.disk.contents(path);
    for (std::size_t at = 0; at < good.size(); ++at) {
      auto bad = good;
      bad[at] ^= std::byte{0x01};
      node.disk.replace(path, bad);
      const auto report = audit(node.disk, workers, options);
      ASSERT_FALSE(report.has_value()) << "byte " << at << " of " << name << " may be flipped unseen";
      EXPECT_FALSE(report.error().message().empty());
    }
    node.disk.replace(path, good);
  }
}

TEST(Audit, FindsHistoryThatWasRewrittenWithAllChecksumsRight) {
  TestWorld honest;
  honest.accepted(honest.key("chips"), model::Register{"cell", model::Class::battery, {}, 0});
  TestWorld other;
  other.accepted(other.key("chips"), model::Register{"another", model::Class::battery, {}, 0});
  TestReplica node(honest), rewritten(other);
  ASSERT_TRUE(node.open() && rewritten.open());
  node.play(honest);
  rewritten.play(other);
  node.replica.reset();
  rewritten.replica.reset();
  const auto names = *rewritten.disk.list("store/chain");
  for (const auto& name : names) {
    const auto path = platform::join("store/chain", name);
    node.disk.replace(path, *rewritten.disk.contents(path));
  }
  platform::Workers workers(1);
  const auto report = audit(node.disk, workers, {"store", honest.genesis(), "signer/memory", {}});
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().message().find("rewritten"), std::string::npos) << report.error().message();
}

// A node whose own key went on signing after its history was replaced by a longer one.
TEST(Audit, ComparesEverythingThatTheKeyHasSigned) {
  TestWorld honest, other;
  honest.accepted(honest.key("chips"), model::Register{"cell", model::Class::battery, {}, 0});
  for (const auto* name : {"another", "third"})
    other.accepted(other.key("chips"), model::Register{name, model::Class::battery, {}, 0});
  TestReplica node(honest), rewritten(other);
  ASSERT_TRUE(node.open() && rewritten.open());
  node.play(honest);
  rewritten.play(other);
  node.replica.reset();
  rewritten.replica.reset();
  auto memory = *node.disk.contents("signer/memory");
  const auto later = *rewritten.disk.contents("signer/memory");
  ASSERT_GT(later.size(), memory.size());
  platform::append(memory, ByteView(later).subspan(memory.size()));
  rewritten.disk.replace("signer/memory", memory);
  platform::Workers workers(1);
  const auto report = audit(rewritten.disk, workers, {"store", other.genesis(), "signer/memory", {}});
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().message().find("block 1"), std::string::npos) << report.error().message();
}

TEST_F(AuditTest, FindsAFlippedByteInTheSignersMemory) {
  const auto good = *node.disk.contents("signer/memory");
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] ^= std::byte{0x10};
    node.disk.replace("signer/memory", bad);
    EXPECT_FALSE(run().has_value()) << "byte " << at << " may be flipped unseen";
    EXPECT_FALSE(node.open().has_value()) << "byte " << at;
  }
}

}  // namespace
}  // namespace mikusari::replica
