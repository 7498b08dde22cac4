// SPDX-License-Identifier: Apache-2.0
// Bytes of rows that change on the disk under a running node: whoever reads such a row finds it out, nothing is
// committed on it, and no proof is made of it.
#include <gtest/gtest.h>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;

class RowDamage : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node.open());
    live(world);
    node.play(world);
    good = *node.disk.contents(segment);
  }
  Place place_of(const Digest& key) {
    const auto leaf = node.replica->read().candidate(key);
    EXPECT_TRUE(leaf.has_value() && leaf->has_value());
    return (*leaf)->place();
  }
  // Bytes of the chain are others now; the node that runs does not know.
  void flip(std::uint64_t position, std::size_t count = 1) {
    auto bad = good;
    for (std::size_t i = 0; i < count; ++i) bad[static_cast<std::size_t>(position) + i] ^= std::byte{0x01};
    node.disk.replace(segment, bad);
  }
  void heal() { node.disk.replace(segment, good); }
  void expect_names(const Error& error, const Digest& key, const Place& place) {
    EXPECT_EQ(error.code(), Code::corrupt) << error.message();
    EXPECT_NE(error.message().find(platform::to_hex(key)), std::string::npos) << error.message();
    EXPECT_NE(error.message().find(std::to_string(place.position)), std::string::npos) << error.message();
  }
  consensus::Block block_of(const platform::Buffer& submission) {
    return {node.replica->next_height(), world.time_ms(), {submission}};
  }

  CameraWorld world;
  TestReplica node{world};
  const std::string segment = platform::join("store/chain", storage::segment_name(0));
  platform::Buffer good;
  const Id second = world.id("cameras", "second camera");
  const Digest row = path::device(second);
  ledger::TestKey* opened_key = nullptr;
};

// Attack 7: whose it is, on the disk, under a running node; somebody else's retire committed and verified.
TEST_F(RowDamage, Attack7FiveBytesOfARowAreChangedAndNothingIsCommittedOnThem) {
  const device::Retire body{second, world.device(second).title};
  const auto retire = world.submission(world.key("clinic"), std::vector{body});
  const Place place = place_of(row);
  const auto stored = ByteView(good).subspan(static_cast<std::size_t>(place.position), place.length);
  const auto owner = world.handle("clinic");
  const auto at = as_text(stored).find(as_text(owner.view()));
  ASSERT_NE(at, std::string_view::npos);
  flip(place.position + at, 5);

  const auto executed = node.replica->execute(block_of(retire));
  ASSERT_FALSE(executed.has_value());
  expect_names(executed.error(), row, place);
  EXPECT_FALSE(node.replica->commit().has_value());
  EXPECT_EQ(node.replica->read().state_answer(row).error().code(), Code::corrupt);
  EXPECT_EQ(node.replica->try_statement(retire).error().error.code(), Code::corrupt);

  heal();
  EXPECT_EQ(node.replica->execute(block_of(retire)).error().code(), Code::corrupt) << "a node that saw it stops";
  EXPECT_EQ(node.replica->check(block_of(retire)).error().code(), Code::corrupt);
  EXPECT_EQ(node.replica->beat().error().code(), Code::corrupt);
  EXPECT_EQ(node.replica->health().error().code(), Code::corrupt);
  ASSERT_TRUE(node.open());
  EXPECT_TRUE(node.order({world.time_ms(), {retire}}));
}

// Changed bytes in the log's files, and in rows and statements that are under no root any more.
TEST_F(RowDamage, MakesNoReceiptAndNoPassportOfAnythingThatWasChanged) {
  const Id camera = world.id("cameras", "camera");
  const auto identity = statement::parse(world.history().back().submissions.front())->identity;
  const auto receipt = *node.replica->read().receipt(identity, 0);
  const auto passport = node.replica->read().passport(camera)->bytes;
  std::size_t found = 0;
  for (std::size_t at = storage::segment_header_bytes; at < good.size(); at += 11) {
    flip(at);
    const auto reading = node.replica->read();
    for (const auto& answer : {reading.receipt(identity, 0), reading.state_answer(path::device(camera))}) {
      if (!answer) {
        EXPECT_EQ(answer.error().code(), Code::corrupt) << "byte " << at << ": " << answer.error().message();
        ++found;
      }
    }
    const auto submission = reading.submission(identity);
    if (submission) {
      EXPECT_EQ(*submission, world.history().back().submissions.front()) << "byte " << at;
    } else {
      EXPECT_EQ(submission.error().code(), Code::corrupt) << submission.error().message();
    }
    const auto again = reading.receipt(identity, 0);
    EXPECT_EQ(again.value_or(receipt), receipt) << "byte " << at;
    const auto page = reading.passport(camera);
    if (page) {
      // What is left out is context that nothing needs; what is shown, verifies.
      EXPECT_TRUE(proof::verify_passport(page->bytes, node.policy()).has_value()) << "byte " << at;
    } else {
      EXPECT_EQ(page.error().code(), Code::corrupt) << "byte " << at << ": " << page.error().message();
      ++found;
    }
  }
  EXPECT_GT(found, 300U);
  heal();
  const std::string leaves = "store/log/level-00";
  auto bad = *node.disk.contents(leaves);
  for (auto& byte : bad) byte ^= std::byte{0x80};
  node.disk.replace(leaves, bad);
  EXPECT_EQ(node.replica->read().receipt(identity, 0).error().code(), Code::corrupt);
  EXPECT_EQ(node.replica->read().consistency(3).error().code(), Code::corrupt);
  EXPECT_EQ(node.replica->read().passport(camera)->bytes, passport) << "needs none of them";
}

TEST_F(RowDamage, MakesNoPageOfAListWhoseRowsWereChanged) {
  const Handle city = world.handle("city");
  const Place place = place_of(path::list(city, list::Kind::devices));
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < place.length; ++i) {
    flip(place.position + i);
    const auto page = node.replica->read().list_page(city, list::Kind::devices, 0, 256);
    if (page) {
      EXPECT_TRUE(proof::verify(*cbor::decode<proof::ListPage>(*page), city, list::Kind::devices, node.policy()));
    } else {
      EXPECT_EQ(page.error().code(), Code::corrupt) << page.error().message();
      ++found;
    }
  }
  EXPECT_GT(found, 100U);
}

// The same store, opened without a replica: so that it can be executed on again and again.
class DamagedExecution : public RowDamage {
 protected:
  void SetUp() override {
    RowDamage::SetUp();
    node.replica.reset();
    log = *LogStore::open(node.disk, "store/log");
    Recovery recovery(world.genesis(), world.ledger(), *log, indexes);
    const storage::ChainSource source{node.disk, "store/chain", world.ledger()};
    chain = *storage::ChainFile::open(source, {random, messages},
                                      [&](const storage::Frame& frame) { return recovery.take(frame); });
    reader = std::make_unique<ChainReader>(*chain, damage);
    tree = std::make_unique<StateTree>(*reader, workers);
    end = *recovery.finish(*tree, source);
  }
  Result<platform::Buffer> execute(const platform::Buffer& submission) {
    const TreeSource state([&](const Digest& key) { return tree->candidate(end.state, key); }, *reader);
    TRY(const auto made, Executor(world.ledger(), *tree, world.signatures())
                             .run(end, state, {end.record.height + 1, world.time_ms(), {submission}}));
    return made->frame.bytes;
  }
  platform::SimulatedRandom random{1};
  platform::MemoryLog messages{node.clock};
  platform::Workers workers{1};
  Damage damage;
  Indexes indexes;
  std::unique_ptr<LogStore> log;
  std::unique_ptr<storage::ChainFile> chain;
  std::unique_ptr<ChainReader> reader;
  std::unique_ptr<StateTree> tree;
  LedgerEnd end;
};

// Whatever byte it is, of whatever row that the statement needs: signer's key, party, thing, list, counters, quotas,
// parameters, with the compact ranges beside them. Never an assertion, and never another block.
TEST_F(DamagedExecution, FindsEveryByteOfEveryRowThatMatters) {
  auto& clinic = world.key("clinic");
  auto& city = world.key("city");
  const std::uint64_t title = world.device(second).title;
  const auto offer =
      world.submission(clinic, std::vector{ownership::Offer{thing::Type::device, second, world.handle("city"), title}});
  party::Open open = world.opening("somebody", "city", opened_key);
  const auto opening = world.submission(city, std::vector{open});
  const device::Activate active{world.id("cameras", "camera")};
  const auto activation = world.submission(world.key("camera"), std::vector{active});
  for (const auto& submission : {offer, opening, activation}) {
    const auto expected = execute(submission);
    ASSERT_TRUE(expected.has_value()) << expected.error().message();
    std::size_t found = 0, harmless = 0;
    for (const auto& [key, value] : world.state().rows()) {
      const auto leaf = tree->candidate(end.state, key);
      ASSERT_TRUE(leaf.has_value() && leaf->has_value());
      const Place place = (*leaf)->place();
      bool is_read = false;
      for (std::uint64_t i = 0; i < place.length; ++i) {
        if (i == 8 && !is_read) break;  // a row whose key may be anything is not read
        flip(place.position + i);
        const auto made = execute(submission);
        if (made) {
          ASSERT_EQ(*made, *expected) << "byte " << i << " of row " << platform::to_hex(key);
          ++harmless;
        } else {
          ASSERT_EQ(made.error().code(), Code::corrupt) << made.error().message();
          is_read = true;
          ++found;
        }
      }
      heal();
    }
    EXPECT_GT(found, 500U);
    EXPECT_GT(harmless, 0U);
  }
}

// Of another statement than was asked for, though it is one; and a fate that is another's.
TEST_F(RowDamage, StopsAtAStatementAndAtAFateThatStandInTheWrongPlace) {
  for (const auto which : {&FatePlace::submission, &FatePlace::fate}) {
    std::map<std::uint32_t, Place> seen;
    std::optional<Digest> found;
    for (const auto& block : world.history()) {
      const auto identity = statement::parse(block.submissions.front())->identity;
      const auto place = node.replica->read().archive().indexes.fates.find(identity).value().*which;
      const auto [same, is_new] = seen.emplace(place.length, place);
      if (is_new || found) continue;
      auto bad = good;
      std::copy_n(good.begin() + static_cast<std::ptrdiff_t>(same->second.position), place.length,
                  bad.begin() + static_cast<std::ptrdiff_t>(place.position));
      node.disk.replace(segment, bad);
      found = identity;
    }
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(node.replica->read().receipt(*found, 0).error().code(), Code::corrupt);
    EXPECT_FALSE(node.replica->health().has_value()) << "a node that saw it stops";
    heal();
    ASSERT_TRUE(node.open());
    good = *node.disk.contents(segment);
  }
}

}  // namespace
}  // namespace mikusari::replica
