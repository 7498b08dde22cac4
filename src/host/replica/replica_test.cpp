// SPDX-License-Identifier: Apache-2.0
#include "replica/replica.hpp"

#include <gtest/gtest.h>

#include "proof/passport.hpp"
#include "replica/audit.hpp"
#include "replica/store_end.hpp"
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
  proof::Policy policy() { return node.policy(); }
  std::vector<Digest> identities() const {
    std::vector<Digest> out;
    for (const auto& block : world.history()) {
      for (const auto& submission : block.submissions) out.push_back(statement::parse(submission)->identity);
    }
    return out;
  }

  CameraWorld world;
  TestReplica node{world};
  Id camera = world.id("cameras", "camera");
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
  ASSERT_TRUE(passport.has_value()) << passport.error().message();
  ASSERT_TRUE(node.open());
  const auto reading = node.replica->read();
  EXPECT_EQ(reading.tip().record.map_root, before.map_root);
  EXPECT_EQ(reading.tip().log_root, log_root);
  EXPECT_EQ(reading.passport(camera)->bytes.size(), passport->bytes.size());
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

  const Digest nowhere = path::device(TestWorld::nonce("a device that never was"));
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

TEST_F(ReplicaTest, ProvesThatItsLogHasOnlyGrown) {
  const auto reading = node.replica->read();
  const auto& tip = reading.tip();
  for (std::uint64_t size = 1; size <= tip.log_size; ++size) EXPECT_TRUE(reading.consistency(size).has_value());
  EXPECT_EQ(reading.consistency(0).error().code(), Code::invalid);
  EXPECT_EQ(reading.consistency(tip.log_size + 1).error().code(), Code::invalid);
}

TEST_F(ReplicaTest, RefusesAtTheDoorWhatTheRulesRefuse) {
  const Id second = world.id("cameras", "second camera");
  const device::Retire retire{second, world.device(second).title};
  const auto foreign = world.submission(world.key("city"), std::vector{retire});
  const auto refused = node.replica->try_statement(foreign);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().refusal, statement::Refusal::not_owned);
  EXPECT_EQ(node.replica->admit(foreign).error().code(), statement::text_of(statement::Refusal::not_owned).code);

  const auto again = node.replica->try_statement(world.history().back().submissions.front());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().refusal, statement::Refusal::counter_used);
}

TEST_F(ReplicaTest, TakesNoStatementWithAWithheldBodyNeitherAtTheDoorNorInABlock) {
  const auto whole = world.submission(world.key("chips"), std::vector{world.cell_registration("hidden")});
  platform::Buffer buffer(whole.size());
  const auto hidden = statement::withhold(*statement::parse(whole), 0, buffer);
  ASSERT_TRUE(hidden.has_value());
  const auto refused = node.replica->try_statement(*hidden);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().refusal, statement::Refusal::withheld);
  const consensus::Block block{node.replica->next_height(), world.time_ms(), {*hidden}};
  EXPECT_EQ(node.replica->check(block).error().code(), Code::invalid);

  std::optional<Rejection> told;
  node.replica->when_published(statement::parse(*hidden)->identity, [&](const Replica::Outcome& how) {
    if (!how) told = how.error();
  });
  ASSERT_TRUE(node.order({world.time_ms(), {platform::copy(*hidden)}}));
  ASSERT_TRUE(told.has_value()) << "an engine that orders it all the same has it discarded";
  EXPECT_EQ(told->refusal, statement::Refusal::withheld);
  EXPECT_TRUE(node.replica->admit(whole)) << "its counter is unused";
}

TEST_F(ReplicaTest, TellsWaitersWhenAStatementIsPublished) {
  const auto submission = world.submission(world.key("chips"), std::vector{world.cell_registration("late")});
  const auto identity = node.replica->admit(submission);
  ASSERT_TRUE(identity.has_value()) << identity.error().message();
  int told = 0;
  const auto published = [&](const Replica::Outcome& how) { told += how.has_value() ? 1 : 100; };
  node.replica->when_published(*identity, published);
  ASSERT_TRUE(node.order({world.time_ms(), {submission}}));
  EXPECT_EQ(told, 1);
  node.replica->when_published(*identity, published);
  EXPECT_EQ(told, 2) << "what is published already is told at once";
  node.replica->when_published(TestWorld::nonce("never"),
                               [&](const Replica::Outcome& how) { told += how.has_value() ? 100 : 1; });
  node.replica.reset();
  EXPECT_EQ(told, 3) << "a node that ends lets nobody wait";
}

TEST_F(ReplicaTest, TellsWhoWaitsForADuplicateOfACommittedStatementWhenThatIsPublished) {
  const auto submission = world.submission(world.key("chips"), std::vector{world.cell_registration("twice")});
  const auto identity = statement::parse(submission)->identity;
  int told = 0;
  node.replica->when_published(identity, [&](const Replica::Outcome& how) { told += how.has_value() ? 1 : 100; });
  const auto block = [&] { return consensus::Block{node.replica->next_height(), world.time_ms(), {submission}}; };
  ASSERT_TRUE(node.replica->execute(block()).has_value());
  ASSERT_TRUE(node.replica->commit().has_value());
  ASSERT_TRUE(node.replica->execute(block()).has_value()) << "a copy, before the original is published";
  EXPECT_EQ(told, 0);
  ASSERT_TRUE(node.replica->flush().has_value());
  EXPECT_EQ(told, 1);
}

TEST_F(ReplicaTest, TellsWhoWaitsWhyAStatementWasDiscarded) {
  auto& chips = world.key("chips");
  const auto first = world.submission(chips, std::vector{world.cell_registration("one")});
  const auto second = world.submission(chips, std::vector{world.cell_registration("two")}, {.n = chips.next_n() - 1});
  const auto late =
      world.submission(chips, std::vector{world.cell_registration("three")}, {.valid_until_ms = world.time_ms() - 1});
  std::vector<statement::Refusal> why;
  for (const auto& submission : {second, late}) {
    node.replica->when_published(statement::parse(submission)->identity, [&](const Replica::Outcome& how) {
      ASSERT_FALSE(how.has_value());
      why.push_back(how.error().refusal);
    });
  }
  ASSERT_TRUE(node.order({world.time_ms(), {first, second, late}}));
  EXPECT_EQ(why, (std::vector{statement::Refusal::counter_used, statement::Refusal::expired}));
  EXPECT_EQ(node.replica->counters().discarded, 2U);
}

TEST_F(ReplicaTest, TakesBlocksWhoseHeightsHaveGaps) {
  const auto first = world.submission(world.key("chips"), std::vector{world.cell_registration("one")});
  const auto second = world.submission(world.key("chips"), std::vector{world.cell_registration("two")});
  const std::uint64_t height = node.replica->next_height() + 7;
  ASSERT_TRUE(node.order({world.time_ms(), {first}}, height));
  EXPECT_FALSE(node.order({world.time_ms(), {second}}, height)) << "it is not above";
  ASSERT_TRUE(node.order({world.time_ms(), {second}}, height + 1000));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(node.replica->read().tip().record.height, height + 1000);
    EXPECT_EQ(node.replica->read().fate(statement::parse(first)->identity)->height, height);
    EXPECT_TRUE(node.replica->read().receipt(statement::parse(second)->identity, 0).has_value());
    EXPECT_EQ(node.replica->next_height(), height + 1001);
    ASSERT_TRUE(node.open());
  }
  node.replica.reset();
  platform::Workers workers(1);
  const auto report = audit(node.disk, workers, {"store", world.genesis(), "signer/memory", {}});
  ASSERT_TRUE(report.has_value()) << report.error().message();
  EXPECT_EQ(report->newest.height, height + 1000);
}

// What a record says of the rows must be what anybody can compute from the state before and after.
TEST_F(ReplicaTest, RecordsWhichRowsABlockHasChanged) {
  const auto before = world.state().rows();
  world.accepted(world.key("chips"), world.cell_registration("one more"));
  node.play(world);
  std::vector<std::byte> prefixes;
  for (const auto& [key, value] : world.state().rows()) {
    const auto found = before.find(key);
    if (found == before.end() || !equal(found->second, value)) platform::append(prefixes, key.view().first(8));
  }
  EXPECT_GT(prefixes.size(), 8U);
  EXPECT_EQ(node.replica->read().tip().record.changed, crypto::sha256(prefixes));
}

TEST(Replica, LeavesForTheNextBlockWhatWouldMakeThisOneLargerThanTheLedgerAllows) {
  ledger::TestOptions options;
  options.parameters.statement_growth = options.parameters.block_growth = 1024 * 1024;
  CameraWorld world(options);
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  const auto many = [&](const std::string& name) {
    std::vector<part::Register> bodies;
    for (int i = 0; i < 2000; ++i) bodies.push_back(world.cell_registration(name + std::to_string(i)));
    return world.submission(world.key("chips"), bodies);
  };
  const auto first = many("first "), second = many("second "), third = many("third ");
  const auto execution = node.replica->execute({node.replica->next_height(), world.time_ms(), {first, second, third}});
  ASSERT_TRUE(execution.has_value());
  EXPECT_EQ(execution->taken, 2U) << "the second passes the bound, and nothing stands behind it";
  ASSERT_TRUE(node.replica->commit() && node.replica->flush());
  EXPECT_TRUE(node.replica->read().fate(statement::parse(second)->identity).has_value());
  EXPECT_FALSE(node.replica->read().fate(statement::parse(third)->identity).has_value());
  ASSERT_TRUE(node.order({world.time_ms(), {third}}));
  EXPECT_TRUE(node.replica->read().fate(statement::parse(third)->identity).has_value());
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
    world.accepted(world.key("chips"), CameraWorld::model("cell", thing::Class::battery));
    node.play(world);
  }
  TestWorld world;
  TestReplica node{world};
};

TEST_F(RestoredStore, ThatIsOlderThanWhatWasSignedIsRefused) {
  const auto files = copy_of(node);
  ASSERT_TRUE(node.open());
  world.accepted(world.key("chips"), CameraWorld::model("later", thing::Class::battery));
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
    other.accepted(other.key("chips"), CameraWorld::model(name, thing::Class::battery));
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

// The log's files are cut when they are opened: under a node that is writing them, that would be its log.
TEST_F(ReplicaTest, TouchesNothingOfAStoreThatSomebodyHolds) {
  node.replica.reset();
  const auto held = node.disk.lock("store");
  ASSERT_TRUE(held.has_value());
  const auto level = *node.disk.contents("store/log/level-01");
  node.disk.replace("store/log/level-01", platform::Buffer(level.size() + 320, std::byte{7}));
  const auto before = files_in(node.disk, {"store/chain", "store/log"});
  EXPECT_EQ(node.open().error().code(), Code::unavailable);
  platform::Workers workers(1);
  platform::SimulatedRandom random(1);
  platform::MemoryLog log(node.clock);
  const Options options{"store", "signer/memory", world.genesis(), "checkpoint"};
  EXPECT_EQ(end_of_store({node.disk, node.clock, random, workers, log}, options).error().code(), Code::unavailable);
  EXPECT_EQ(files_in(node.disk, {"store/chain", "store/log"}), before);
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
