// SPDX-License-Identifier: Apache-2.0
// Assembly: how parts come into units and leave them. Alarms of mounts stand in mounts_test.cpp.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class DeviceRules : public ::testing::Test {
 protected:
  // Of no parts, by cameras.
  device::Assemble body(std::string_view name, const Id& model, device::UnitType type) {
    device::Assemble out;
    out.nonce = TestWorld::nonce(name);
    out.type = type;
    out.model = model;
    return out;
  }
  BodyFate assemble_device(const std::vector<Id>& parts) {
    return world_.assemble("device", device::UnitType::device, parts);
  }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  const Handle city_handle_ = world_.handle("city");
};

TEST_F(DeviceRules, MakerAssemblesPartsIntoBoardsAndBoardsIntoDevices) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id board = world_.board("board", {sensor});
  const Id camera = world_.camera("camera", {board, cell});
  EXPECT_EQ(world_.part(sensor).parent, board);
  EXPECT_EQ(world_.part(sensor).grade, part::Grade::proven);
  EXPECT_EQ(world_.part(cell).grade, part::Grade::claimed);
  EXPECT_EQ(world_.part(board).parent, camera);
  EXPECT_EQ(world_.part(board).levels.value, 1U);
  const auto record = world_.device(camera);
  EXPECT_EQ(record.owned_by(), world_.handle("cameras"));
  EXPECT_EQ(record.held_by(), world_.handle("cameras"));
  EXPECT_EQ(record.state, device::State::assembled);
  EXPECT_EQ(record.title, 1U);
  EXPECT_EQ(record.children.size(), 2U);
}

TEST_F(DeviceRules, WhatIsEqualIsLeftOut) {
  const Id cell = world_.cell("cell");
  EXPECT_TRUE(world_.part(cell).owner.has_value());
  const Id camera = world_.camera("camera", {cell});
  EXPECT_FALSE(world_.part(cell).owner || world_.part(cell).custodian);  // mounted: its root's
  EXPECT_FALSE(world_.device(camera).owner || world_.device(camera).custodian);
  world_.lend(thing::Type::device, camera, "cameras", "city");
  EXPECT_FALSE(world_.device(camera).owner.has_value());
  EXPECT_EQ(world_.device(camera).custodian, city_handle_);
}

TEST_F(DeviceRules, NewDeviceStandsInItsOwnersCompleteList) {
  const Id one = world_.camera("one", {}), two = world_.camera("two", {}, "city");
  const Digest key = path::list(world_.handle("cameras"), list::Kind::devices);
  const auto entries = world_.state().entries(key);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].what, one);
  EXPECT_EQ(entries[1].what, two);
  const auto of_city = world_.state().entries(path::list(city_handle_, list::Kind::devices));
  ASSERT_EQ(of_city.size(), 1U);
  EXPECT_EQ(of_city[0].what, two);
}

TEST_F(DeviceRules, AssemblerIsAMakerWithAModelOfItsOwnThatFits) {
  using enum device::UnitType;
  EXPECT_REFUSED(world_.say(city_, body("x", world_.camera_model(), device)), missing_role);
  EXPECT_REFUSED(world_.say(world_.key("chips"), body("x", world_.camera_model(), device)), wrong_model);
  EXPECT_REFUSED(world_.say(cameras_, body("x", world_.board_model(), device)), wrong_model);
  EXPECT_REFUSED(world_.say(cameras_, body("x", world_.camera_model(), board)), wrong_model);
  EXPECT_REFUSED(world_.say(world_.key("chips"), body("x", world_.cell_model(), board)), wrong_model);
  EXPECT_REFUSED(world_.say(cameras_, body("x", world_.id("cameras", "none"), device)), not_registered);
  world_.camera("x", {});
  EXPECT_REFUSED(world_.say(cameras_, body("x", world_.camera_model(), device)), already_registered);
  EXPECT_REFUSED(world_.say(world_.key("x"), body("y", world_.camera_model(), device)), not_entitled);
  world_.accepted(cameras_, model::Withdraw{world_.camera_model()});
  EXPECT_REFUSED(world_.say(cameras_, body("y", world_.camera_model(), device)), wrong_model);
}

TEST_F(DeviceRules, BlindedModelShowsItsClassOnly) {
  const auto salt = TestWorld::nonce("salt");
  const Id blinded = names::blinded(salt.view().first(16), world_.camera_model());
  auto camera = body("x", blinded, device::UnitType::device);
  EXPECT_REFUSED(world_.say(cameras_, camera), not_registered);
  camera.blinded_class = thing::Class::board;
  EXPECT_REFUSED(world_.say(cameras_, camera), wrong_model);
  camera.blinded_class = thing::Class::device;
  EXPECT_DONE(world_.say(cameras_, camera));
  EXPECT_EQ(world_.device(world_.id("cameras", "x")).model, blinded);
  auto board = body("y", blinded, device::UnitType::board);
  board.blinded_class = thing::Class::device;
  EXPECT_REFUSED(world_.say(cameras_, board), wrong_model);
  board.blinded_class = thing::Class::module;
  EXPECT_DONE(world_.say(cameras_, board));
  EXPECT_DONE(world_.attach("cameras", world_.id("cameras", "y"), world_.cell("cell")));
}

TEST_F(DeviceRules, PartsMustBeKnownOwnedHeldAndFree) {
  EXPECT_REFUSED(assemble_device({world_.id("chips", "none")}), not_registered);
  EXPECT_REFUSED(assemble_device({world_.cell("of city", "city")}), not_owned);
  const Id lent = world_.cell("lent");
  world_.lend(thing::Type::part, lent, "cameras", "city");
  EXPECT_REFUSED(assemble_device({lent}), not_in_custody);
  const Id borrowed = world_.cell("borrowed", "city");
  world_.lend(thing::Type::part, borrowed, "city", "cameras");
  EXPECT_REFUSED(assemble_device({borrowed}), not_owned);
  const Id offered = world_.cell("offered");
  world_.accepted(cameras_, ownership::Offer{thing::Type::part, offered, city_handle_, world_.part(offered).title});
  EXPECT_REFUSED(assemble_device({offered}), being_handed_over);
  const Id sold = world_.cell("sold");
  world_.accepted(cameras_, custody::Ship{thing::Type::part, sold, city_handle_, world_.part(sold).title, {}});
  EXPECT_REFUSED(assemble_device({sold}), being_handed_over);
  const Id scrapped = world_.cell("scrapped");
  world_.accepted(cameras_, part::Scrap{scrapped, world_.part(scrapped).title});
  EXPECT_REFUSED(assemble_device({scrapped}), retired_or_destroyed);
  EXPECT_FALSE(world_.find<device::Record>(path::device(world_.id("cameras", "device"))).has_value());
}

TEST_F(DeviceRules, MountingEndsThePartsShipment) {
  const Id moving = world_.cell("moving");
  world_.accepted(cameras_, custody::Ship{thing::Type::part, moving, city_handle_, {}, {}});
  EXPECT_DONE(assemble_device({moving}));
  EXPECT_FALSE(world_.part(moving).shipped_to.has_value());
  EXPECT_REFUSED(world_.say(city_, custody::Receive{thing::Type::part, moving, {}, {}, {}}), mounted_elsewhere);
}

TEST_F(DeviceRules, PartStandsOnceInAUnitHoweverOftenTheBodyNamesIt) {
  const Id cell = world_.cell("cell"), deep = world_.cell("deep");
  EXPECT_REFUSED(assemble_device({cell, cell}), mounted_elsewhere);
  EXPECT_EQ(world_.part(cell).state, part::State::stock);
  const Id inner = world_.board("inner", {deep});
  const Id board = world_.board("board", {cell, inner});
  for (const auto& part : {cell, inner, deep}) {
    EXPECT_REFUSED(assemble_device({board, part}), mounted_elsewhere);
    EXPECT_REFUSED(world_.assemble("outer", device::UnitType::board, {board, part}), mounted_elsewhere);
  }
  EXPECT_EQ(world_.part(board).state, part::State::stock);
}

TEST_F(DeviceRules, PartWithAKeyMustSignForExactlyThisMount) {
  const Id sensor = world_.sensor("sensor");
  auto& key = world_.key("sensor");
  const Id unit = world_.id("cameras", "device");
  const auto try_mount = [&](const device::Mount& mount) {
    const std::vector mounts{mount};
    auto camera = body("device", world_.camera_model(), device::UnitType::device);
    camera.mounts = {std::span<const device::Mount>(mounts)};
    return world_.say(cameras_, camera);
  };
  EXPECT_REFUSED(try_mount({sensor, {}}), bad_mount_proof);
  EXPECT_REFUSED(try_mount(world_.mount(sensor, key, cameras_, world_.id("cameras", "another"))), bad_mount_proof);
  EXPECT_REFUSED(try_mount(world_.mount(sensor, key, city_, unit)), bad_mount_proof);
  auto other_part = world_.mount(world_.id("chips", "other"), key, cameras_, unit);
  other_part.part = sensor;
  EXPECT_REFUSED(try_mount(other_part), bad_mount_proof);
  const auto old = world_.mount(sensor, key, cameras_, unit);
  world_.accepted(cameras_, CameraWorld::model("other", thing::Class::chip));
  EXPECT_REFUSED(try_mount(old), bad_mount_proof);  // the counter has moved on
  const Id cell = world_.cell("cell");
  EXPECT_REFUSED(try_mount(world_.mount(cell, key, cameras_, unit)), bad_mount_proof);  // a part without a key
  EXPECT_DONE(try_mount(world_.mount(sensor, key, cameras_, unit)));
}

TEST_F(DeviceRules, RotatingPartKeyProvesWithTheOldKeyUntilTheNewOneSpeaks) {
  const Id sensor = world_.sensor("sensor");
  auto& old = world_.key("sensor");
  auto& successor = world_.new_key("sensor-2", subject_of_part(sensor));
  world_.accepted(old, key::Rotate{successor.key(), world_.possession(successor, old, 1)});
  const Id camera = world_.camera("camera", {});
  const auto attach = [&](TestKey& by) {
    return world_.say(cameras_,
                      device::Attach{camera, sensor, {}, world_.mount(sensor, by, cameras_, camera).proof, {}, {}});
  };
  EXPECT_REFUSED(attach(successor), bad_mount_proof);
  EXPECT_DONE(attach(old));
  EXPECT_DONE(world_.detach("cameras", camera, sensor, {old.kid(), successor.kid()}));
  world_.pass(7 * day_ms);
  EXPECT_REFUSED(attach(old), bad_mount_proof);
  EXPECT_DONE(attach(successor));
}

// Attach and detach

TEST_F(DeviceRules, OwnerOfTheRootChangesItsBoardsWhoeverHoldsIt) {
  const Id board = world_.board("board", {});
  const Id camera = world_.camera("camera", {board}, "city");
  world_.lend(thing::Type::device, camera, "city", "clinic");
  const Id cell = world_.cell("cell", "city");
  EXPECT_REFUSED(world_.attach("cameras", board, cell), not_owned);
  EXPECT_REFUSED(world_.attach("clinic", board, cell), not_owned);
  EXPECT_DONE(world_.attach("city", board, cell));
  EXPECT_REFUSED(world_.detach("city", camera, cell), not_mounted_here);
  EXPECT_REFUSED(world_.detach("cameras", board, cell), not_owned);
  EXPECT_REFUSED(world_.detach("clinic", board, cell), not_owned);
  EXPECT_DONE(world_.detach("city", board, cell));
  EXPECT_EQ(world_.part(cell).state, part::State::stock);
  EXPECT_EQ(world_.part(cell).owned_by(), city_handle_);
  EXPECT_EQ(world_.part(cell).held_by(), city_handle_);
  EXPECT_REFUSED(world_.detach("city", board, cell), not_mounted_here);
  EXPECT_REFUSED(world_.detach("city", world_.id("city", "none"), cell), not_registered);
}

TEST_F(DeviceRules, DetachingMovesThePartsTitleAndTenure) {
  const Id sensor = world_.sensor("sensor");
  const Id camera = world_.camera("camera", {sensor});
  const auto before = world_.part(sensor);
  const Digest key = world_.key("sensor").kid();
  EXPECT_REFUSED(world_.detach("cameras", camera, sensor, {world_.key("camera").kid()}), not_registered);
  ASSERT_TRUE(world_.detach("cameras", camera, sensor, {key}).accepted());
  EXPECT_EQ(world_.part(sensor).title, before.title + 1);
  EXPECT_EQ(world_.part(sensor).tenure.value, before.tenure.value + 1);
  EXPECT_EQ(world_.part(sensor).keys.size(), 1U);
  ASSERT_TRUE(world_.attach("cameras", camera, sensor).accepted());
  ASSERT_TRUE(world_.detach("cameras", camera, sensor).accepted());
  EXPECT_TRUE(world_.part(sensor).keys.empty());
}

TEST_F(DeviceRules, TreeThatIsBeingHandedOverIsFrozen) {
  const Id cell = world_.cell("cell"), other = world_.cell("other");
  const Id board = world_.board("board", {cell});
  const Id camera = world_.camera("camera", {board});
  const auto frozen = [&] {
    EXPECT_REFUSED(world_.attach("cameras", board, other), being_handed_over);
    EXPECT_REFUSED(world_.attach("cameras", camera, other), being_handed_over);
    EXPECT_REFUSED(world_.detach("cameras", board, cell), being_handed_over);
    EXPECT_REFUSED(world_.detach("cameras", camera, board), being_handed_over);
  };
  ASSERT_TRUE(world_.offer("cameras", camera, city_handle_).accepted());
  frozen();
  world_.accepted(cameras_, ownership::Cancel{thing::Type::device, camera});
  world_.accepted(cameras_, custody::Ship{thing::Type::device, camera, city_handle_, world_.device(camera).title, {}});
  frozen();
  world_.accepted(cameras_, custody::Recall{thing::Type::device, camera});
  world_.accepted(cameras_, custody::Ship{thing::Type::device, camera, city_handle_, {}, {}});
  EXPECT_DONE(world_.detach("cameras", board, cell));  // custody alone freezes nothing
}

TEST_F(DeviceRules, OnlyBoardsModulesAndDevicesHoldParts) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  EXPECT_REFUSED(world_.attach("cameras", sensor, cell), wrong_model);
  part::Register chip;
  chip.nonce = TestWorld::nonce("blinded chip");
  chip.model = TestWorld::nonce("some model");
  chip.blinded_class = thing::Class::chip;
  world_.accepted(cameras_, chip);
  EXPECT_REFUSED(world_.attach("cameras", world_.id("cameras", "blinded chip"), cell), wrong_model);
}

TEST_F(DeviceRules, OwnerAcceptsAnUnknownPartUnderAnIdOfItsOwn) {
  const Id camera = world_.camera("camera", {}, "city");
  const auto nonce = TestWorld::nonce("unknown");
  const Id unknown = world_.id("city", "unknown");
  EXPECT_REFUSED(world_.attach("city", camera, unknown, true), not_registered);
  EXPECT_REFUSED(world_.say(city_, device::Attach{camera, {}, nonce, {}, false, {}}), malformed_body);
  EXPECT_REFUSED(world_.say(city_, device::Attach{camera, unknown, nonce, {}, true, {}}), malformed_body);
  EXPECT_REFUSED(world_.say(city_, device::Attach{camera, {}, {}, {}, true, {}}), malformed_body);
  EXPECT_REFUSED(world_.say(city_, device::Attach{camera, {}, nonce, crypto::Signature{}, true, {}}), malformed_body);
  ASSERT_TRUE(world_.say(city_, device::Attach{camera, {}, nonce, {}, true, {}}).accepted());
  const auto record = world_.part(unknown);
  EXPECT_TRUE(record.accepted.value);
  EXPECT_FALSE(record.model || record.maker);
  EXPECT_EQ(record.grade, part::Grade::claimed);
  EXPECT_REFUSED(world_.say(city_, device::Attach{camera, {}, nonce, {}, true, {}}), already_registered);
  EXPECT_REFUSED(world_.attach("city", unknown, world_.cell("cell", "city")), wrong_model);
  ASSERT_TRUE(world_.detach("city", camera, unknown).accepted());
  EXPECT_REFUSED(world_.attach("city", camera, unknown), needs_acceptance);
  EXPECT_DONE(world_.attach("city", camera, unknown, true));
}

TEST_F(DeviceRules, AcceptingACleanPartLeavesItClean) {
  const Id camera = world_.camera("camera", {}), cell = world_.cell("cell");
  ASSERT_TRUE(world_.attach("cameras", camera, cell, true).accepted());
  EXPECT_FALSE(world_.part(cell).accepted.value);
}

TEST_F(DeviceRules, UnitHoldsAtMostSixtyFourParts) {
  const Id camera = world_.camera("camera", {});
  std::vector<device::Attach> bodies;
  for (int i = 0; i < 65; ++i) bodies.push_back({camera, {}, TestWorld::nonce("p" + std::to_string(i)), {}, true, {}});
  const auto fates = world_.say_all(cameras_, bodies);
  for (int i = 0; i < 64; ++i) EXPECT_TRUE(fates[i].accepted());
  EXPECT_REFUSED(fates[64], too_many_mounts);
  EXPECT_EQ(world_.device(camera).children.size(), 64U);
}

TEST_F(DeviceRules, UnitsStandInEachOtherOverAtMostEightLevels) {
  std::vector<Id> boards{world_.board("b0", {})};
  for (int i = 1; i < 9; ++i) boards.push_back(world_.board("b" + std::to_string(i), {boards.back()}));
  EXPECT_EQ(world_.part(boards.back()).levels.value, 8U);
  EXPECT_REFUSED(world_.assemble("b9", device::UnitType::board, {boards.back()}), too_deep);
  EXPECT_REFUSED(assemble_device({boards.back()}), too_deep);
  EXPECT_REFUSED(world_.attach("cameras", boards.front(), world_.cell("cell")), too_deep);
  EXPECT_DONE(world_.attach("cameras", boards[1], world_.cell("beside")));
}

TEST_F(DeviceRules, UnitsAboveLearnHowDeepTheyAre) {
  const Id low = world_.board("low", {});
  const Id middle = world_.board("middle", {low});
  const Id high = world_.board("high", {middle});
  const auto before = world_.part(high);
  const Id inner = world_.board("inner", {world_.cell("cell")});
  ASSERT_TRUE(world_.attach("cameras", low, inner).accepted());
  EXPECT_EQ(world_.part(low).levels.value, 2U);
  EXPECT_EQ(world_.part(middle).levels.value, 3U);
  EXPECT_EQ(world_.part(high).levels.value, 4U);
  EXPECT_EQ(world_.part(high).history, before.history);  // no event of theirs
  EXPECT_EQ(world_.part(middle).history.count, 2U);      // born, mounted
}

TEST_F(DeviceRules, NothingStandsInItself) {
  const Id inner = world_.board("inner", {});
  const Id outer = world_.board("outer", {inner});
  EXPECT_REFUSED(world_.attach("cameras", inner, outer), wrong_state);
  EXPECT_REFUSED(world_.attach("cameras", outer, outer), wrong_state);
  EXPECT_REFUSED(world_.attach("cameras", outer, inner), mounted_elsewhere);
}

TEST_F(DeviceRules, SuspendedOwnerDetachesAndMountsNothing) {
  const Id cell = world_.cell("cell", "city"), other = world_.cell("other", "city");
  const Id camera = world_.camera("camera", {}, "city");
  ASSERT_TRUE(world_.attach("city", camera, cell).accepted());
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::suspend, city_handle_), {"chips", "cameras", "lab", "notary"})
          .accepted());
  EXPECT_REFUSED(world_.attach("city", camera, other), suspended);
  EXPECT_DONE(world_.detach("city", camera, cell));
}

}  // namespace
}  // namespace mikusari::ledger
