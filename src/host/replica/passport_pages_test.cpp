// SPDX-License-Identifier: Apache-2.0
#include "replica/passport_pages.hpp"

#include <gtest/gtest.h>

#include "ledger/random_test_world.hpp"
#include "ledger/test_votes.hpp"
#include "replica/passport_testing.hpp"
#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;
using proof::ThingType;

class PassportPagesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node.open());
    live(world);
    node.play(world);
  }
  GatheredPassport gathered(const Id& device, std::uint64_t since_ms = 0) {
    const auto policy = node.policy();
    return gather(node.replica->read(), device, policy, since_ms);
  }
  // Many events of the camera, `count` of them in one statement.
  void inspect(std::string_view who, thing::Type type, const Id& thing, std::size_t count) {
    std::vector<part::Inspect> bodies(count, {type, thing, part::Finding::passed, TestWorld::nonce("report"), {}});
    for (const auto& fate : world.say_all(world.key(who), bodies)) ASSERT_TRUE(fate.accepted());
  }
  CameraWorld world;
  TestReplica node{world};
  Id camera = world.id("cameras", "camera");
};

TEST_F(PassportPagesTest, HaveAnOrdinaryLifeOnOnePage) {
  const auto passport = gathered(camera);
  EXPECT_EQ(passport.pages, 1U);
  EXPECT_TRUE(passport.complete);
  EXPECT_TRUE(passport.is_whole());
  EXPECT_EQ(passport.things.size(), 4U) << "camera, board, battery, sensor";
  EXPECT_TRUE(passport.has(ThingType::key, world.key("camera").kid())) << "keys of the device";
  for (const auto* party : {"chips", "cameras", "city", "clinic"})
    EXPECT_TRUE(passport.has(ThingType::party, world.handle(party))) << party;
  EXPECT_EQ(passport.texts, (std::set<std::string>{"sensor", "cell", "board", "camera"}));
  EXPECT_EQ(node.replica->read().passport(TestWorld::nonce("nothing")).error().code(), Code::not_found);
  EXPECT_EQ(node.replica->read().passport(camera, {.page = 1}).error().code(), Code::not_found);
}

TEST_F(PassportPagesTest, ShowTheKeysOfApproversAndTheFirmwareOfTheModel) {
  const firmware::Image image{TestWorld::nonce("image"), 100};
  firmware::Release release;
  release.model = world.camera_model();
  release.sequence = 3;
  release.version = "3.0";
  release.images = {std::span(&image, 1)};
  world.accepted(world.key("release-1"), release, {.approvers = {&world.key("release-2")}});
  ASSERT_TRUE(world.destroy("clinic", camera).accepted());
  node.play(world);
  const auto passport = gathered(camera);
  EXPECT_TRUE(passport.is_whole());
  for (const auto* witness : {"lab", "notary"})
    EXPECT_TRUE(passport.has(ThingType::key, world.key(witness).kid())) << witness;
  EXPECT_TRUE(passport.texts.contains("3.0"));
}

TEST_F(PassportPagesTest, ShowTheCertificatesOfPlacesAndToolsThatAreNamed) {
  const Id place = TestWorld::nonce("workshop"), tool = TestWorld::nonce("tester");
  for (const Id& scope : {place, tool})
    world.accepted(world.key("notary"), role::Grant{world.handle("clinic"), Role::premises, scope, {}});
  const Id second = world.id("cameras", "second camera");
  world.accepted(world.key("clinic"),
                 part::Inspect{thing::Type::device, second, part::Finding::repaired, {}, thing::At{place, tool}});
  node.play(world);
  const auto passport = gathered(second);
  EXPECT_TRUE(passport.is_whole());
  std::size_t roles = 0;
  for (const auto& [type, id] : passport.others) roles += type == ThingType::role ? 1 : 0;
  EXPECT_EQ(roles, 2U);
}

TEST_F(PassportPagesTest, LeaveOutEventsBeforeATimeAndShowThatTheyDo) {
  const auto whole = gathered(camera);
  const std::uint64_t since = world.time_ms() - 3000;  // the last blocks: sold and retired
  const auto recent = gathered(camera, since);
  EXPECT_EQ(recent.pages, 1U);
  EXPECT_FALSE(recent.complete);
  EXPECT_FALSE(recent.is_whole());
  EXPECT_EQ(recent.things.at(camera).count, whole.things.at(camera).count);
  EXPECT_EQ(recent.things.at(camera).events.size(), 3U);
  EXPECT_EQ(recent.things.size(), whole.things.size()) << "what there is now is shown whole";
  EXPECT_TRUE(gathered(camera, 1).is_whole());
}

// Attack 1: an ex-owner who still holds the device floods it with events. Its passport is written all the same, and the
// last page has its birth.
TEST_F(PassportPagesTest, HoldAFloodOfEventsOnFurtherPages) {
  const Id second = world.id("cameras", "second camera");
  for (int i = 0; i < 3; ++i) inspect("clinic", thing::Type::device, second, 2000);
  inspect("clinic", thing::Type::part, world.id("chips", "other battery"), 700);
  for (int i = 0; i < 40; ++i) inspect("clinic", thing::Type::device, second, 1);
  node.play(world);
  const auto passport = gathered(second);
  EXPECT_GE(passport.pages, 3U);
  EXPECT_FALSE(passport.complete);
  EXPECT_TRUE(passport.is_whole());
  EXPECT_GT(passport.things.at(second).count, 6000U);

  ASSERT_TRUE(node.open()) << "and after a start";
  EXPECT_TRUE(gathered(second).is_whole());
}

TEST_F(PassportPagesTest, AreTheSameWhetherAskedForInOrderOrNot) {
  const Id second = world.id("cameras", "second camera");
  for (int i = 0; i < 2; ++i) inspect("clinic", thing::Type::device, second, 4000);
  node.play(world);
  const auto reading = node.replica->read();
  std::vector<platform::Buffer> in_order;
  PassportPages pages(reading, second, 0);
  for (bool more = true; more;) {
    auto page = pages.page(in_order.size());
    ASSERT_TRUE(page.has_value());
    more = page->more;
    in_order.push_back(std::move(page->bytes));
  }
  ASSERT_GE(in_order.size(), 3U);
  for (std::size_t i = in_order.size(); i-- > 0;) {
    EXPECT_EQ(pages.page(i)->bytes, in_order[i]);
    EXPECT_EQ(reading.passport(second, {.page = i})->bytes, in_order[i]);
  }
  EXPECT_EQ(pages.page(in_order.size()).error().code(), Code::not_found);
}

// Small bodies out of large submissions: a page ends by what had to be read for it.
TEST_F(PassportPagesTest, EndWhenManyLargeSubmissionsWereRead) {
  const Id second = world.id("cameras", "second camera");
  std::vector<platform::Buffer> large(16, platform::Buffer(63 * 1024));
  for (std::size_t i = 0; i < 40; ++i) {
    auto bodies = large;
    bodies.front() = platform::encode(part::Inspect{thing::Type::device, second, part::Finding::passed, {}, {}});
    const auto fate = world.block({world.submission(world.key("clinic"), part::Inspect::kind, bodies)}).front();
    ASSERT_TRUE(fate.bodies.front().accepted());
    ASSERT_FALSE(fate.bodies.back().accepted());
  }
  node.play(world);
  const auto passport = gathered(second);
  EXPECT_EQ(passport.pages, 2U);
  EXPECT_TRUE(passport.is_whole());
}

TEST(PassportPages, HoldDevicesOfMorePartsThanAPageTakes) {
  CameraWorld world;
  constexpr std::size_t boards = 15, pins = 60;
  std::vector<part::Register> bodies;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < boards * pins; ++i) names.push_back("pin " + std::to_string(i));
  for (const auto& name : names) {
    bodies.push_back(world.cell_registration(name));
    bodies.back().model = world.board_model();
  }
  ASSERT_TRUE(world.say_all(world.key("cameras"), bodies).back().accepted());
  std::vector<Id> units;
  for (std::size_t i = 0; i < boards; ++i) {
    std::vector<Id> parts;
    for (std::size_t j = 0; j < pins; ++j) parts.push_back(world.id("cameras", names[i * pins + j]));
    units.push_back(world.board("board " + std::to_string(i), parts));
  }
  const Id device = world.camera("large camera", units);
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  const auto policy = node.policy();
  const auto passport = gather(node.replica->read(), device, policy);
  EXPECT_GE(passport.pages, 2U);
  EXPECT_TRUE(passport.is_whole());
  EXPECT_EQ(passport.things.size(), 1 + boards + boards * pins);
}

TEST(PassportPages, AreWholeForEveryDeviceOfARandomWorld) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    ledger::RandomWorld world(seed);
    world.live(500);
    TestReplica node(world, seed);
    ASSERT_TRUE(node.open());
    node.play(world);
    const auto policy = node.policy();
    std::size_t devices = 0;
    for (const auto& device : world.devices()) {
      if (!world.device_of(device)) continue;
      ++devices;
      const auto passport = gather(node.replica->read(), device, policy);
      EXPECT_TRUE(passport.complete && passport.is_whole()) << platform::to_hex(device);
    }
    EXPECT_GT(devices, 3U);
  }
}

}  // namespace
}  // namespace mikusari::replica
