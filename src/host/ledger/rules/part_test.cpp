// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class PartRules : public ::testing::Test {
 protected:
  part::Register registration(std::string_view name, const Id& model) {
    return {TestWorld::id(name), model, {}, {}, {}};
  }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
};

TEST_F(PartRules, VendorRegistersPartsOfItsModels) {
  const Id sensor = world_.sensor("sensor", "chips");
  const auto record = world_.part(sensor);
  EXPECT_EQ(record.maker, "chips");
  EXPECT_EQ(record.custodian, "chips");
  EXPECT_EQ(record.state, part::State::stock);
  EXPECT_EQ(record.key, world_.key("sensor").kid());
  EXPECT_REFUSED(world_.say(cameras_, registration("x", CameraWorld::cell_model())), wrong_model);
  EXPECT_REFUSED(world_.say(cameras_, registration("x", CameraWorld::camera_model())), wrong_model);
  EXPECT_REFUSED(world_.say(chips_, registration("x", TestWorld::id("none"))), not_registered);
}

TEST_F(PartRules, IdNamesOneThing) {
  const Id cell = world_.cell("cell");
  EXPECT_REFUSED(world_.say(chips_, registration("cell", CameraWorld::cell_model())), already_registered);
  world_.camera("camera", {cell});
  EXPECT_REFUSED(world_.say(chips_, registration("camera", CameraWorld::cell_model())), already_registered);
}

TEST_F(PartRules, KeyComesWithItsPossession) {
  auto& key = world_.new_thing_key("part", SubjectType::part, TestWorld::id("part"));
  auto body = registration("part", CameraWorld::sensor_model());
  body.key = key.key();
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);
  body.possession = world_.possession(key, cameras_);
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);
  body.possession = world_.possession(key, chips_);
  world_.accepted(chips_, body);
  body.part = TestWorld::id("another");
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);
}

TEST_F(PartRules, DevicesCannotRegisterParts) {
  world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(world_.key("camera"), registration("x", CameraWorld::cell_model())), not_entitled);
}

TEST_F(PartRules, BatchOf4096UnderOneSignature) {
  std::vector<part::Register> bodies;
  for (std::size_t i = 0; i < limits::bodies_max; ++i) {
    bodies.push_back({TestWorld::id("batch " + std::to_string(i)), CameraWorld::cell_model(), {}, {}, {}});
  }
  const auto fates = world_.say_all(chips_, bodies);
  EXPECT_TRUE(std::ranges::all_of(fates, [](const auto& fate) { return fate.accepted(); }));
}

TEST_F(PartRules, CustodianScrapsAPartAndItsKeyWithIt) {
  const Id sensor = world_.sensor("sensor");
  EXPECT_REFUSED(world_.say(chips_, part::Scrap{sensor}), not_in_custody);
  EXPECT_REFUSED(world_.say(world_.key("sensor"), part::Scrap{sensor}), not_entitled);
  world_.accepted(cameras_, part::Scrap{sensor});
  EXPECT_EQ(world_.key_record(world_.key("sensor").kid()).reason, key::Reason::end_of_life);
  EXPECT_REFUSED(world_.say(cameras_, part::Scrap{sensor}), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(world_.key("sensor"), key::Revoke{world_.key("sensor").kid(), key::Reason::compromised}),
                 key_not_active);
}

TEST_F(PartRules, ScrappedPartTakesItsWaitingSuccessorAlong) {
  const Id sensor = world_.sensor("sensor");
  auto& old = world_.key("sensor");
  auto& successor = world_.new_thing_key("sensor-2", SubjectType::part, sensor);
  world_.accepted(old, key::Rotate{successor.key(), world_.possession(successor, old)});
  world_.accepted(cameras_, part::Scrap{sensor});
  EXPECT_EQ(world_.key_record(old.kid()).state, key::State::revoked);
  EXPECT_EQ(world_.key_record(successor.kid()).state, key::State::revoked);
}

TEST_F(PartRules, MountedMovingOrFullPartsAreNotScrapped) {
  const Id cell = world_.cell("cell");
  const Id board = world_.board("board", {cell});
  EXPECT_REFUSED(world_.say(cameras_, part::Scrap{cell}), wrong_state);
  EXPECT_REFUSED(world_.say(cameras_, part::Scrap{board}), wrong_state);
  EXPECT_TRUE(world_.detach("cameras", board, cell).accepted());
  world_.accepted(cameras_, custody::Ship{custody::Thing::part, cell, "city"});
  EXPECT_REFUSED(world_.say(cameras_, part::Scrap{cell}), in_transit);
  world_.accepted(cameras_, part::Scrap{board});
}

class CustodyRules : public PartRules {
 protected:
  BodyFate ship(TestKey& key, const Id& part, std::string_view to) {
    return world_.say(key, custody::Ship{custody::Thing::part, part, to});
  }
  BodyFate receive(TestKey& key, const Id& part) {
    return world_.say(key, custody::Receive{custody::Thing::part, part});
  }
  TestKey& city_ = world_.key("city");
};

TEST_F(CustodyRules, BothSidesSign) {
  const Id cell = world_.cell("cell");
  EXPECT_REFUSED(ship(city_, cell, "city"), not_in_custody);
  EXPECT_REFUSED(receive(city_, cell), wrong_state);
  ASSERT_TRUE(ship(cameras_, cell, "city").accepted());
  EXPECT_EQ(world_.part(cell).custodian, "cameras");
  EXPECT_REFUSED(receive(chips_, cell), not_entitled);
  EXPECT_REFUSED(ship(cameras_, cell, "clinic"), in_transit);
  ASSERT_TRUE(receive(city_, cell).accepted());
  EXPECT_EQ(world_.part(cell).custodian, "city");
  EXPECT_REFUSED(ship(cameras_, cell, "clinic"), not_in_custody);
}

TEST_F(CustodyRules, ShipperTakesAThingBackByShippingItToItself) {
  const Id cell = world_.cell("cell");
  EXPECT_REFUSED(ship(cameras_, cell, "cameras"), wrong_state);
  ASSERT_TRUE(ship(cameras_, cell, "city").accepted());
  ASSERT_TRUE(ship(cameras_, cell, "cameras").accepted());
  EXPECT_REFUSED(receive(city_, cell), wrong_state);
}

TEST_F(CustodyRules, ReceiverIsAnActiveMember) {
  const Id cell = world_.cell("cell");
  EXPECT_REFUSED(ship(cameras_, cell, "nobody"), not_registered);
  world_.accepted(chips_, member::SetState{"clinic", member::State::suspended},
                  {.approvers = {&cameras_, &city_, &world_.key("lab")}});
  EXPECT_REFUSED(ship(cameras_, cell, "clinic"), wrong_state);
}

TEST_F(CustodyRules, MountedAndScrappedPartsAreNotShipped) {
  const Id cell = world_.cell("cell"), scrapped = world_.cell("scrapped");
  world_.board("board", {cell});
  EXPECT_REFUSED(ship(cameras_, cell, "city"), wrong_state);
  world_.accepted(cameras_, part::Scrap{scrapped});
  EXPECT_REFUSED(ship(cameras_, scrapped, "city"), retired_or_destroyed);
  EXPECT_REFUSED(receive(city_, TestWorld::id("none")), not_registered);
}

TEST_F(CustodyRules, DeviceIsShippedByItsCustodianUntilItIsDestroyed) {
  const Id camera = world_.camera("camera", {}, "city");
  const custody::Ship ship_it{custody::Thing::device, camera, "clinic"};
  EXPECT_REFUSED(world_.say(cameras_, ship_it), not_in_custody);
  world_.retire(camera);
  world_.accepted(city_, ship_it);
  world_.accepted(world_.key("clinic"), custody::Receive{custody::Thing::device, camera});
  EXPECT_EQ(world_.device(camera).custodian, "clinic");
  EXPECT_EQ(world_.device(camera).owner, "city");
  ASSERT_TRUE(world_.destroy(camera).accepted());
  EXPECT_REFUSED(world_.say(world_.key("clinic"), custody::Ship{custody::Thing::device, camera, "city"}),
                 retired_or_destroyed);
}

TEST_F(CustodyRules, ThingsCannotShip) {
  const Id camera = world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(world_.key("camera"), custody::Ship{custody::Thing::device, camera, "city"}), not_entitled);
}

}  // namespace
}  // namespace mikusari::ledger
