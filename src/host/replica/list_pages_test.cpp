// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;

class ListPages : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(node.open()); }
  // One page, verified; fails the test unless it is.
  std::vector<list::Entry> page(const Handle& party, list::Kind kind, std::uint64_t first, std::uint64_t most) {
    std::vector<list::Entry> out;
    const auto bytes = node.replica->read().list_page(party, kind, first, most);
    EXPECT_TRUE(bytes.has_value()) << bytes.error().message();
    if (!bytes) return out;
    EXPECT_LE(bytes->size(), 1024U * 1024U);
    const auto decoded = cbor::decode<proof::ListPage>(*bytes);
    EXPECT_TRUE(decoded.has_value());
    const auto verified = proof::verify(*decoded, party, kind, node.policy());
    EXPECT_TRUE(verified.has_value()) << verified.error().message();
    if (!verified) return out;
    EXPECT_EQ(verified->first, first);
    count = verified->count;
    for (const auto entry : verified->entries) out.push_back(entry);
    return out;
  }
  std::vector<list::Entry> expected(const Handle& party, list::Kind kind) const {
    return world.state().entries(path::list(party, kind));
  }
  CameraWorld world;
  TestReplica node{world};
  std::uint64_t count = 0;  // of the list that page() showed
};

TEST_F(ListPages, HaveAllDevicesThatAPartyHasEverOwned) {
  live(world);
  node.play(world);
  const Handle clinic = world.handle("clinic");
  const auto devices = page(clinic, list::Kind::devices, 0, 256);
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[0].what, world.id("cameras", "second camera"));
  EXPECT_EQ(devices[1].what, world.id("cameras", "camera"));
  EXPECT_EQ(devices, expected(clinic, list::Kind::devices));
  const auto bytes = node.replica->read().list_page(clinic, list::Kind::devices, 0, 256);
  EXPECT_FALSE(
      proof::verify(*cbor::decode<proof::ListPage>(*bytes), world.handle("city"), list::Kind::devices, node.policy()))
      << "it is another party's list";
}

TEST_F(ListPages, ProveThatAListIsEmptyOrDoesNotExist) {
  node.play(world);
  EXPECT_TRUE(page(world.handle("notary"), list::Kind::devices, 0, 256).empty());
  EXPECT_EQ(count, 0U);
  const Handle nobody = TestWorld::nonce("nobody");
  EXPECT_TRUE(page(nobody, list::Kind::keys, 0, 256).empty());
  EXPECT_EQ(node.replica->read().list_page(nobody, list::Kind::keys, 1, 256).error().code(), Code::invalid);
}

TEST_F(ListPages, RefuseWhatNoPageCanBe) {
  node.play(world);
  const auto reading = node.replica->read();
  const Handle chips = world.handle("chips");
  const std::uint64_t models = expected(chips, list::Kind::models).size();
  EXPECT_EQ(reading.list_page(chips, list::Kind::models, models + 1, 1).error().code(), Code::invalid);
  EXPECT_EQ(reading.list_page(chips, list::Kind::models, 0, 0).error().code(), Code::invalid);
  EXPECT_EQ(reading.list_page(chips, list::Kind::models, 0, Reading::list_entries_max + 1).error().code(),
            Code::invalid);
  EXPECT_TRUE(reading.list_page(chips, list::Kind::models, models, 1).has_value()) << "behind the last one: none";
}

// A list of more entries than are walked without an index, some of them one to a block and some many.
TEST_F(ListPages, StartAnywhereInALongListAndAfterAStart) {
  auto& chips = world.key("chips");
  std::size_t made = 0;
  const auto add = [&](std::size_t entries) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < entries; ++i) names.push_back("model " + std::to_string(made++));
    std::vector<model::Register> bodies;
    for (const auto& name : names) bodies.push_back(CameraWorld::model(name, thing::Class::chip));
    ASSERT_TRUE(world.say_all(chips, bodies).back().accepted());
  };
  for (std::size_t i = 0; i < 300; ++i) add(1);
  for (std::size_t i = 0; i < 5; ++i) add(64);
  for (std::size_t i = 0; i < 30; ++i) add(1 + i % 7);
  node.play(world);
  const Handle party = world.handle("chips");
  const auto all = expected(party, list::Kind::models);
  ASSERT_GT(all.size(), 3 * ListIndex::step - 100);
  for (int starts = 0; starts < 2; ++starts) {
    std::vector<list::Entry> gathered;
    while (gathered.size() < all.size()) {
      const auto part = page(party, list::Kind::models, gathered.size(), 100);
      ASSERT_FALSE(part.empty());
      gathered.insert(gathered.end(), part.begin(), part.end());
    }
    EXPECT_EQ(gathered, all);
    for (const std::uint64_t first : {0U, 1U, 127U, 128U, 255U, 256U, 257U, 300U, 511U, 512U, 600U}) {
      for (const std::uint64_t most : {1U, 2U, 63U}) {
        const auto part = page(party, list::Kind::models, first, most);
        ASSERT_EQ(part.size(), most) << first;
        EXPECT_TRUE(std::ranges::equal(part, std::span(all).subspan(first, most))) << first;
      }
    }
    ASSERT_TRUE(node.open());
  }
}

TEST_F(ListPages, SayThatAKeyHasEnded) {
  const Handle somebody = world.open_party("somebody", "city");
  auto& key = world.key("somebody");
  world.accepted(key, key::Revoke{key.kid(), key::Reason::compromised});
  node.play(world);
  const auto keys = page(somebody, list::Kind::keys, 0, 256);
  EXPECT_EQ(keys, expected(somebody, list::Kind::keys));
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[1].what, key.kid());
  EXPECT_EQ(keys[1].change, list::Change::ended);
}

}  // namespace
}  // namespace mikusari::replica
