// SPDX-License-Identifier: Apache-2.0
#include "replica/replica.hpp"

#include <gtest/gtest.h>

#include "ledger/test_towers.hpp"
#include "proof/passport.hpp"
#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;

class ReplicaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    live(world);
    ASSERT_TRUE(node.open());
    node.play(world);
  }
  proof::Policy policy() const { return *proof::parse_policy(node.replica->policy()); }
  std::vector<Digest> identities() const {
    std::vector<Digest> out;
    for (const auto& block : world.history()) {
      for (const auto& submission : block.submissions) out.push_back(statement::parse(submission)->identity);
    }
    return out;
  }

  CameraWorld world;
  TestReplica node{world};
  Id camera = TestWorld::id("camera");
};

TEST_F(ReplicaTest, HasTheStateThatTheRulesGive) {
  const auto reading = node.replica->read();
  for (const auto& [key, value] : world.state().rows()) {
    const auto record = reading.record(key);
    ASSERT_TRUE(record.has_value()) << record.error().message();
    EXPECT_TRUE(equal(*record, value));
  }
  EXPECT_EQ(reading.things(), world.state().rows().size());
}

TEST_F(ReplicaTest, ComesBackFromItsFramesWithTheSameRootsAndAnswers) {
  const auto before = node.replica->read().tip().record;
  const auto log_root = node.replica->read().tip().log_root;
  const auto passport = node.replica->read().passport(camera);
  ASSERT_TRUE(node.open());
  const auto reading = node.replica->read();
  EXPECT_EQ(reading.tip().record.map_root, before.map_root);
  EXPECT_EQ(reading.tip().log_root, log_root);
  EXPECT_EQ(reading.passport(camera)->size(), passport->size());
}

TEST_F(ReplicaTest, ProvesPresenceAndAbsence) {
  const auto reading = node.replica->read();
  const auto bytes = reading.state_answer(path::device(camera));
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message();
  const auto answer = cbor::decode<proof::StateAnswer>(*bytes);
  ASSERT_TRUE(answer.has_value());
  const auto verified = proof::verify(*answer, path::device(camera), policy());
  ASSERT_TRUE(verified.has_value()) << verified.error().message();
  ASSERT_TRUE(verified->value.has_value());
  EXPECT_EQ(cbor::decode<device::Record>(*verified->value)->state, device::State::retired);

  const Digest nowhere = path::device(TestWorld::id("a device that never was"));
  const auto absence = reading.state_answer(nowhere);
  ASSERT_TRUE(absence.has_value());
  const auto proven = proof::verify(*cbor::decode<proof::StateAnswer>(*absence), nowhere, policy());
  ASSERT_TRUE(proven.has_value()) << proven.error().message();
  EXPECT_FALSE(proven->value.has_value());
}

TEST_F(ReplicaTest, GivesAReceiptForEveryCommittedBodyAndNoneForARefusedOne) {
  const auto reading = node.replica->read();
  std::size_t receipts = 0, refused = 0;
  for (const auto& identity : identities()) {
    const auto fate = reading.fate(identity);
    ASSERT_TRUE(fate.has_value()) << fate.error().message();
    for (std::size_t body = 0; body < fate->bodies.size(); ++body) {
      const auto bytes = reading.receipt(identity, body);
      if (!fate->bodies[body].accepted()) {
        EXPECT_EQ(bytes.error().code(), Code::conflict);
        ++refused;
        continue;
      }
      ASSERT_TRUE(bytes.has_value()) << bytes.error().message();
      const auto verified = proof::verify(*cbor::decode<proof::Receipt>(*bytes), policy());
      ASSERT_TRUE(verified.has_value()) << verified.error().message();
      EXPECT_EQ(verified->event.identity, identity);
      EXPECT_EQ(verified->height, fate->height);
      ++receipts;
    }
  }
  EXPECT_GT(receipts, 20U);
  EXPECT_EQ(refused, 1U);
}

TEST_F(ReplicaTest, ListsAllDevicesThatAMemberHasEverOwned) {
  const auto bytes = node.replica->read().device_list("clinic");
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message();
  const auto answer = cbor::decode<proof::ListAnswer>(*bytes);
  ASSERT_TRUE(answer.has_value());
  const auto verified = proof::verify_devices(*answer, "clinic", policy());
  ASSERT_TRUE(verified.has_value()) << verified.error().message();
  ASSERT_EQ(verified->entries.size(), 2U);
  EXPECT_EQ(*verified->entries.begin(), TestWorld::id("second camera"));
  EXPECT_FALSE(proof::verify_devices(*answer, "city", policy()).has_value());

  const auto nobody = node.replica->read().device_list("notary");
  ASSERT_TRUE(nobody.has_value());
  EXPECT_TRUE(proof::verify_devices(*cbor::decode<proof::ListAnswer>(*nobody), "notary", policy()).has_value());
}

TEST_F(ReplicaTest, ProvesThatItsLogHasOnlyGrown) {
  const auto reading = node.replica->read();
  const auto& tip = reading.tip();
  for (std::uint64_t size = 1; size <= tip.log_size; ++size) EXPECT_TRUE(reading.consistency(size).has_value());
  EXPECT_EQ(reading.consistency(0).error().code(), Code::invalid);
  EXPECT_EQ(reading.consistency(tip.log_size + 1).error().code(), Code::invalid);
}

TEST_F(ReplicaTest, WritesAPassportThatVerifies) {
  const auto bytes = node.replica->read().passport(camera);
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message();
  const auto passport = cbor::decode<proof::Passport>(*bytes);
  ASSERT_TRUE(passport.has_value()) << passport.error().message();
  const auto verified = proof::verify(*passport, policy());
  ASSERT_TRUE(verified.has_value()) << verified.error().message();
  EXPECT_GE(verified->events, 8U);
  EXPECT_EQ(node.replica->read().passport(TestWorld::id("nothing")).error().code(), Code::not_found);
}

TEST_F(ReplicaTest, RefusesAtTheDoorWhatTheRulesRefuse) {
  const Id second = TestWorld::id("second camera");
  const auto foreign =
      world.submission(world.key("city"), std::vector{device::Retire{second}}, {.on = world.device(second).seq});
  EXPECT_EQ(node.replica->admit(foreign).error().code(), Code::forbidden);
  const auto refused = node.replica->try_statement(foreign);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().refusal, statement::Refusal::not_entitled);
  EXPECT_EQ(refused.error().object, "member clinic");

  const auto again = world.history().back().submissions.front();
  EXPECT_EQ(node.replica->admit(again).error().code(), Code::conflict) << "its counter is used";
}

TEST_F(ReplicaTest, TellsWaitersWhenAStatementIsPublished) {
  const auto submission = world.submission(
      world.key("chips"), std::vector{part::Register{TestWorld::id("late"), CameraWorld::cell_model(), {}, {}, {}}});
  const auto identity = node.replica->admit(submission);
  ASSERT_TRUE(identity.has_value()) << identity.error().message();
  int told = 0;
  node.replica->when_published(*identity, [&](const Result<void>& how) { told += how.has_value() ? 1 : 100; });
  ASSERT_TRUE(node.order({world.time_ms(), {submission}}));
  EXPECT_EQ(told, 1);
  node.replica->when_published(*identity, [&](const Result<void>& how) { told += how.has_value() ? 1 : 100; });
  EXPECT_EQ(told, 2) << "what is published already is told at once";
  node.replica->when_published(TestWorld::id("never"),
                               [&](const Result<void>& how) { told += how.has_value() ? 100 : 1; });
  node.replica.reset();
  EXPECT_EQ(told, 3) << "a node that ends lets nobody wait";
}

TEST_F(ReplicaTest, TellsWhoWaitsForADuplicateOfACommittedStatementWhenThatIsPublished) {
  const auto submission = world.submission(
      world.key("chips"), std::vector{part::Register{TestWorld::id("twice"), CameraWorld::cell_model(), {}, {}, {}}});
  const auto identity = statement::parse(submission)->identity;
  int told = 0;
  node.replica->when_published(identity, [&](const Result<void>& how) { told += how.has_value() ? 1 : 100; });
  const auto block = [&] { return consensus::Block{node.replica->next_height(), world.time_ms(), {submission}}; };
  ASSERT_TRUE(node.replica->execute(block()).has_value());
  ASSERT_TRUE(node.replica->commit().has_value());
  ASSERT_TRUE(node.replica->execute(block()).has_value()) << "a copy, before the original is published";
  EXPECT_EQ(told, 0);
  ASSERT_TRUE(node.replica->flush().has_value());
  EXPECT_EQ(told, 1);
}

TEST(Replica, LeavesForTheNextBlockWhatWouldMakeThisOneTooLarge) {
  ledger::TowerWorld world;
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  const auto first = world.attach_to_all(), second = world.attach_to_all();
  const auto execution = node.replica->execute({node.replica->next_height(), world.time_ms(), {first, second}});
  ASSERT_TRUE(execution.has_value());
  EXPECT_EQ(execution->taken, 1U);
  ASSERT_TRUE(node.replica->commit() && node.replica->flush());
  EXPECT_TRUE(node.replica->read().fate(statement::parse(first)->identity).has_value());
  EXPECT_FALSE(node.replica->read().fate(statement::parse(second)->identity).has_value());
  ASSERT_TRUE(node.order({world.time_ms(), {second}}));
  EXPECT_TRUE(node.replica->read().fate(statement::parse(second)->identity).has_value());
}

TEST_F(ReplicaTest, DiscardsADuplicateWithoutATrace) {
  const auto before = node.replica->read().tip();
  ASSERT_TRUE(node.order(world.history().back()));
  EXPECT_EQ(node.replica->read().tip().record.height, before.record.height);
  EXPECT_EQ(node.replica->read().tip().log_root, before.log_root);
}

// A store put back from a copy, with and without the memory of what was signed since.
class RestoredStore : public ::testing::Test {
 protected:
  using Files = std::vector<std::pair<std::string, platform::Buffer>>;
  static Files copy_of(TestReplica& node) {
    node.replica.reset();
    Files out;
    for (const auto* directory : {"store/chain", "store/log"}) {
      const auto names = *node.disk.list(directory);
      for (const auto& name : names) {
        const auto path = platform::join(directory, name);
        out.emplace_back(path, *node.disk.contents(path));
      }
    }
    return out;
  }
  static void put_back(TestReplica& node, const Files& files) {
    node.replica.reset();
    for (const auto* directory : {"store/chain", "store/log"}) {
      const auto names = *node.disk.list(directory);
      for (const auto& name : names) ASSERT_TRUE(node.disk.remove(platform::join(directory, name)));
    }
    for (const auto& [path, bytes] : files) node.disk.replace(path, bytes);
  }
  void expect_corrupt(const char* word) {
    const auto opened = node.open();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code(), Code::corrupt);
    EXPECT_NE(opened.error().message().find(word), std::string::npos) << opened.error().message();
  }
  void SetUp() override {
    ASSERT_TRUE(node.open());
    world.accepted(world.key("chips"), model::Register{"cell", model::Class::battery, {}, 0});
    node.play(world);
  }
  TestWorld world;
  TestReplica node{world};
};

TEST_F(RestoredStore, ThatIsOlderThanWhatWasSignedIsRefused) {
  const auto files = copy_of(node);
  ASSERT_TRUE(node.open());
  world.accepted(world.key("chips"), model::Register{"later", model::Class::battery, {}, 0});
  node.play(world);
  put_back(node, files);
  expect_corrupt("acknowledged later frames");
}

TEST_F(RestoredStore, WithoutTheSignersMemoryIsRefused) {
  const auto files = copy_of(node);
  const auto memory = *node.disk.contents("signer/memory");
  ASSERT_TRUE(node.disk.remove("signer/memory"));
  expect_corrupt("memory is missing");
  node.disk.replace("signer/memory", {});
  expect_corrupt("memory is empty");
  put_back(node, {});
  ASSERT_TRUE(node.disk.remove("signer/memory"));
  expect_corrupt("memory is missing");  // a disk that is not mounted founds no second ledger
  put_back(node, files);
  node.disk.replace("signer/memory", memory);
  EXPECT_TRUE(node.open());
}

TEST_F(RestoredStore, OfAnotherHistoryIsRefusedHoweverLong) {
  TestWorld other;
  for (const auto* name : {"another", "third", "fourth"})
    other.accepted(other.key("chips"), model::Register{name, model::Class::battery, {}, 0});
  TestReplica fork(other);
  ASSERT_TRUE(fork.open());
  fork.play(other);
  put_back(node, copy_of(fork));
  expect_corrupt("another");
}

TEST_F(ReplicaTest, RebuildsTheLogsFilesWhenTheyAreLost) {
  const auto root = node.replica->read().tip().log_root;
  node.replica.reset();
  const auto names = *node.disk.list("store/log");
  for (const auto& name : names) ASSERT_TRUE(node.disk.remove(platform::join("store/log", name)));
  ASSERT_TRUE(node.open());
  EXPECT_EQ(node.replica->read().tip().log_root, root);
  EXPECT_TRUE(node.replica->read().consistency(1).has_value());
}

TEST_F(ReplicaTest, GivesTheSameRootsWithManyThreads) {
  TestReplica many(world, 2, 4);
  ASSERT_TRUE(many.open());
  many.play(world);
  EXPECT_EQ(many.root(), node.root());
  EXPECT_EQ(many.replica->read().tip().log_root, node.replica->read().tip().log_root);
}

}  // namespace
}  // namespace mikusari::replica
