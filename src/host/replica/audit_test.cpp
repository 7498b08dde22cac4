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
  world.accepted(world.key("chips"), CameraWorld::model("cell", thing::Class::battery));
  part::Register battery;
  battery.nonce = TestWorld::nonce("battery");
  battery.model = world.id("chips", "cell");
  world.accepted(world.key("chips"), battery);
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

// Attack 13: the approval of another key that might have approved, written into a frame with all checksums right.
TEST(Audit, Attack13FindsAnotherApproverInAFrame) {
  CameraWorld world;
  const firmware::Image image{TestWorld::nonce("image"), 100};
  firmware::Release release;
  release.model = world.camera_model();
  release.sequence = 1;
  release.version = "1.0";
  release.images = {std::span(&image, 1)};
  auto& signer = world.key("release-1");
  const auto bare = world.submission(signer, std::vector{release});
  const auto said = world.approved(bare, world.key("release-2"), statement::ApprovalRole::release);
  const auto forged = world.approved(bare, world.key("release-3"), statement::ApprovalRole::release);
  ASSERT_EQ(said.size(), forged.size());
  ASSERT_TRUE(world.block({said}).front().bodies.front().accepted());
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  node.replica.reset();
  platform::Workers workers(1);
  const AuditOptions options{"store", world.genesis(), "signer/memory", {}};
  ASSERT_TRUE(audit(node.disk, workers, options).has_value());

  const auto found = find_frame(node.disk, world.ledger(), [&](const DecodedFrame& frame) {
    return !frame.fates.empty() && equal(frame.submissions.front(), said);
  });
  const auto frame = decode_frame(found.payload);
  const auto at = frame->submissions.front().data() - found.payload.data();
  auto payload = found.payload;
  std::ranges::copy(forged, payload.begin() + at);
  replace_payload(node.disk, world.ledger(), found.position, payload);
  const auto report = audit(node.disk, workers, options);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code(), Code::corrupt);
  EXPECT_EQ(node.open().error().code(), Code::corrupt) << "nor does a node start on it";
}

// Two ledgers of one genesis and one key, whose histories part at block 1; the other's is longer.
class AuditOfAFork : public ::testing::Test {
 protected:
  AuditOfAFork() {
    honest_.accepted(honest_.key("chips"), CameraWorld::model("cell", thing::Class::battery));
    for (const auto* name : {"another", "third"})
      other_.accepted(other_.key("chips"), CameraWorld::model(name, thing::Class::battery));
    for (const auto& [node, world] : {std::pair(&node_, &honest_), std::pair(&fork_, &other_)}) {
      EXPECT_TRUE(node->open());
      node->play(*world);
      node->replica.reset();
    }
  }
  void expect_corrupt(TestReplica& node, const char* word) {
    platform::Workers workers(1);
    const auto report = audit(node.disk, workers, {"store", honest_.genesis(), memory_, {}});
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code(), Code::corrupt);
    EXPECT_NE(report.error().message().find(word), std::string::npos) << report.error().message();
  }
  static constexpr const char* memory_ = "signer/memory";
  TestWorld honest_, other_;
  TestReplica node_{honest_}, fork_{other_};
};

TEST_F(AuditOfAFork, FindsHistoryThatWasRewrittenWithAllChecksumsRight) {
  const auto names = *fork_.disk.list("store/chain");
  for (const auto& name : names) {
    const auto path = platform::join("store/chain", name);
    node_.disk.replace(path, *fork_.disk.contents(path));
  }
  expect_corrupt(node_, "rewritten");
}

// A node whose own key went on signing after its history was replaced by a longer one.
TEST_F(AuditOfAFork, ComparesEverythingThatTheKeyHasSigned) {
  auto memory = *node_.disk.contents(memory_);
  const auto later = *fork_.disk.contents(memory_);
  ASSERT_GT(later.size(), memory.size());
  platform::append(memory, ByteView(later).subspan(memory.size()));
  fork_.disk.replace(memory_, memory);
  expect_corrupt(fork_, "block 1");
}

TEST_F(AuditOfAFork, DoesNotTakeAnEmptyMemoryForOneOfAStoreWithBlocks) {
  node_.disk.replace(memory_, {});
  expect_corrupt(node_, "memory is empty");
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
