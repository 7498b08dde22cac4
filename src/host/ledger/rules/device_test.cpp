// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"
#include "merkle/log.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class DeviceRules : public ::testing::Test {
 protected:
  BodyFate assemble(TestKey& key, const device::Assemble& body) { return world_.say(key, body); }
  BodyFate activate(std::string_view camera) {
    return world_.say(world_.key(camera), device::Activate{TestWorld::id(camera)});
  }
  BodyFate dispute(std::string_view who, const Id& part, bool withdraw = false) {
    return world_.say(world_.key(who), device::Dispute{part, withdraw});
  }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
};

// Assembly

TEST_F(DeviceRules, MakerAssemblesPartsIntoBoardsAndBoardsIntoDevices) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id board = world_.board("board", {sensor});
  const Id camera = world_.camera("camera", {board, cell});
  EXPECT_EQ(world_.part(sensor).parent, board);
  EXPECT_EQ(world_.part(sensor).grade, part::Grade::proven);
  EXPECT_EQ(world_.part(cell).grade, part::Grade::claimed);
  EXPECT_EQ(world_.part(board).parent, camera);
  const auto record = world_.device(camera);
  EXPECT_EQ(record.owner, "cameras");
  EXPECT_EQ(record.custodian, "cameras");
  EXPECT_EQ(record.state, device::State::assembled);
  EXPECT_EQ(record.children.size(), 2u);
}

TEST_F(DeviceRules, NewDeviceStandsInItsOwnersCompleteList) {
  world_.camera("one", {});
  world_.camera("two", {}, "city");
  const auto list = world_.find<list::Record>(path::list("cameras", list::Kind::devices));
  merkle::CompactRange range;
  range.append(merkle::leaf_hash(TestWorld::id("one")));
  range.append(merkle::leaf_hash(TestWorld::id("two")));
  ASSERT_EQ(list->count, 2u);
  std::size_t i = 0;
  for (const auto node : list->frontier) EXPECT_EQ(node, range.nodes()[i++]);
  EXPECT_EQ(world_.find<list::Record>(path::list("city", list::Kind::devices))->count, 1u);
}

TEST_F(DeviceRules, AssemblerIsAMakerWithAModelOfItsOwnThatFits) {
  const auto body = [&](const Id& model, device::UnitType type) {
    return device::Assemble{TestWorld::id("x"), type, model, {}, {}};
  };
  EXPECT_REFUSED(assemble(city_, body(CameraWorld::camera_model(), device::UnitType::device)), missing_role);
  EXPECT_REFUSED(assemble(world_.key("chips"), body(CameraWorld::camera_model(), device::UnitType::device)),
                 wrong_model);
  EXPECT_REFUSED(assemble(cameras_, body(CameraWorld::board_model(), device::UnitType::device)), wrong_model);
  EXPECT_REFUSED(assemble(cameras_, body(CameraWorld::camera_model(), device::UnitType::board)), wrong_model);
  EXPECT_REFUSED(assemble(cameras_, body(TestWorld::id("none"), device::UnitType::device)), not_registered);
  world_.camera("x", {});
  EXPECT_REFUSED(assemble(cameras_, body(CameraWorld::camera_model(), device::UnitType::device)), already_registered);
}

TEST_F(DeviceRules, PartsMustBeKnownInCustodyWholeAndHere) {
  const auto with = [&](const Id& part) { return world_.assemble("camera", device::UnitType::device, {part}); };
  EXPECT_REFUSED(with(TestWorld::id("none")), not_registered);
  EXPECT_REFUSED(with(world_.cell("elsewhere", "city")), not_in_custody);
  const Id moving = world_.cell("moving");
  world_.accepted(cameras_, custody::Ship{custody::Thing::part, moving, "city"});
  EXPECT_REFUSED(with(moving), in_transit);
  const Id scrapped = world_.cell("scrapped");
  world_.accepted(cameras_, part::Scrap{scrapped});
  EXPECT_REFUSED(with(scrapped), retired_or_destroyed);
  const Id twice = world_.cell("twice");
  EXPECT_REFUSED(world_.assemble("camera", device::UnitType::device, {twice, twice}), wrong_state);
  EXPECT_EQ(world_.part(twice).state, part::State::stock);
}

TEST_F(DeviceRules, PartWithAKeyMustSignForExactlyThisMount) {
  const Id sensor = world_.sensor("sensor");
  auto& key = world_.key("sensor");
  const Id unit = TestWorld::id("camera");
  const auto try_mount = [&](const device::Mount& mount) {
    const std::vector mounts{mount};
    return world_.say(
        cameras_,
        device::Assemble{
            unit, device::UnitType::device, CameraWorld::camera_model(), {std::span<const device::Mount>(mounts)}, {}});
  };
  EXPECT_REFUSED(try_mount({sensor, {}}), bad_mount_proof);
  EXPECT_REFUSED(try_mount(world_.mount(sensor, key, cameras_, TestWorld::id("another"))), bad_mount_proof);
  EXPECT_REFUSED(try_mount(world_.mount(sensor, key, city_, unit)), bad_mount_proof);
  EXPECT_REFUSED(try_mount(world_.mount(TestWorld::id("cell"), key, cameras_, unit)), not_registered);
  const auto old = world_.mount(sensor, key, cameras_, unit);
  world_.accepted(cameras_, model::Register{"other", model::Class::chip, {}, 0});
  EXPECT_REFUSED(try_mount(old), bad_mount_proof);  // the counter has moved on
  const Id cell = world_.cell("cell");
  EXPECT_REFUSED(try_mount(world_.mount(cell, key, cameras_, unit)), bad_mount_proof);  // a part without a key
}

TEST_F(DeviceRules, RevokedPartKeyProvesNothingAndTheOwnerMayAcceptThePart) {
  const Id sensor = world_.sensor("sensor");
  world_.accepted(cameras_, key::Revoke{world_.key("sensor").kid(), key::Reason::compromised});
  EXPECT_REFUSED(world_.assemble("camera", device::UnitType::device, {sensor}), key_not_active);
  const Id camera = world_.camera("camera", {});
  EXPECT_REFUSED(world_.attach("cameras", camera, sensor, true), bad_mount_proof);
  EXPECT_TRUE(world_.attach_bare("cameras", camera, sensor, true).accepted());
  EXPECT_EQ(world_.part(sensor).grade, part::Grade::accepted);
}

TEST_F(DeviceRules, RotatingPartKeyProvesWithTheOldKeyUntilTheNewOneSpeaks) {
  const Id sensor = world_.sensor("sensor");
  auto& old = world_.key("sensor");
  auto& successor = world_.new_thing_key("sensor-2", SubjectType::part, sensor);
  world_.accepted(old, key::Rotate{successor.key(), world_.possession(successor, old)});
  const Id camera = world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(cameras_, device::Attach{camera, world_.mount(sensor, successor, cameras_, camera), false}),
                 bad_mount_proof);
  EXPECT_TRUE(
      world_.say(cameras_, device::Attach{camera, world_.mount(sensor, old, cameras_, camera), false}).accepted());
  EXPECT_TRUE(world_.detach("cameras", camera, sensor).accepted());
  world_.pass(60'000);
  EXPECT_REFUSED(world_.say(cameras_, device::Attach{camera, world_.mount(sensor, old, cameras_, camera), false}),
                 bad_mount_proof);
  EXPECT_TRUE(world_.say(cameras_, device::Attach{camera, world_.mount(sensor, successor, cameras_, camera), false})
                  .accepted());
}

// Attach and detach

TEST_F(DeviceRules, OwnerOfTheDeviceChangesItsBoards) {
  const Id board = world_.board("board", {});
  const Id camera = world_.camera("camera", {board}, "city");
  const Id cell = world_.cell("cell", "city");
  const auto seq = world_.device(camera).seq;
  EXPECT_REFUSED(world_.attach("cameras", board, cell), not_entitled);
  EXPECT_TRUE(world_.attach("city", board, cell).accepted());
  EXPECT_EQ(world_.device(camera).seq, seq + 1);
  EXPECT_REFUSED(world_.detach("city", camera, cell), not_mounted_here);
  EXPECT_REFUSED(world_.detach("cameras", board, cell), not_entitled);
  EXPECT_TRUE(world_.detach("city", board, cell).accepted());
  EXPECT_EQ(world_.part(cell).state, part::State::stock);
  EXPECT_EQ(world_.part(cell).custodian, "city");
  EXPECT_REFUSED(world_.detach("city", board, cell), not_mounted_here);
  EXPECT_REFUSED(world_.detach("city", TestWorld::id("none"), cell), not_registered);
}

TEST_F(DeviceRules, BoardOnItsWayIsNotChanged) {
  const Id cell = world_.cell("cell");
  const Id board = world_.board("board", {cell});
  world_.accepted(cameras_, custody::Ship{custody::Thing::part, board, "city"});
  EXPECT_REFUSED(world_.detach("cameras", board, cell), in_transit);
}

TEST_F(DeviceRules, ChipHoldsNoParts) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  EXPECT_REFUSED(world_.attach("cameras", sensor, cell), wrong_model);
}

TEST_F(DeviceRules, OwnerAcceptsAnUnknownPartAndItNeverPassesForKnown) {
  const Id camera = world_.camera("camera", {}, "city");
  const Id unknown = TestWorld::id("unknown");
  EXPECT_REFUSED(world_.attach("city", camera, unknown), not_registered);
  EXPECT_REFUSED(world_.attach("city", camera, camera, true), already_registered);
  ASSERT_TRUE(world_.attach("city", camera, unknown, true).accepted());
  EXPECT_EQ(world_.part(unknown).grade, part::Grade::accepted);
  EXPECT_FALSE(world_.part(unknown).model.has_value());
  ASSERT_TRUE(world_.detach("city", camera, unknown).accepted());
  EXPECT_EQ(world_.part(unknown).state, part::State::salvaged);
  EXPECT_REFUSED(world_.attach("city", camera, unknown), wrong_state);
  ASSERT_TRUE(world_.attach("city", camera, unknown, true).accepted());
  EXPECT_REFUSED(world_.attach("city", unknown, world_.cell("cell", "city")), wrong_model);
}

TEST_F(DeviceRules, UnitHoldsAtMostSixtyFourParts) {
  const Id camera = world_.camera("camera", {});
  for (int i = 0; i < 64; ++i)
    ASSERT_TRUE(world_.attach("cameras", camera, TestWorld::id("p" + std::to_string(i)), true).accepted());
  EXPECT_REFUSED(world_.attach("cameras", camera, TestWorld::id("p64"), true), too_many_mounts);
}

TEST_F(DeviceRules, UnitsStandInEachOtherOverAtMostEightLevels) {
  std::vector<Id> boards{world_.board("b0", {})};
  for (int i = 1; i < 8; ++i) boards.push_back(world_.board("b" + std::to_string(i), {boards.back()}));
  boards.push_back(world_.board("b8", {boards.back()}));
  EXPECT_REFUSED(world_.assemble("b9", device::UnitType::board, {boards.back()}), too_deep);
  EXPECT_REFUSED(world_.assemble("camera", device::UnitType::device, {boards.back()}), too_deep);
  EXPECT_REFUSED(world_.attach("cameras", boards.front(), world_.cell("cell")), too_deep);
}

TEST_F(DeviceRules, NothingStandsInItself) {
  const Id inner = world_.board("inner", {});
  const Id outer = world_.board("outer", {inner});
  EXPECT_REFUSED(world_.attach("cameras", inner, outer), wrong_state);
  EXPECT_REFUSED(world_.attach("cameras", outer, outer), wrong_state);
  EXPECT_REFUSED(world_.attach("cameras", outer, inner), wrong_state);
}

TEST_F(DeviceRules, NewUnitDoesNotMountABoardAndWhatStandsInIt) {
  const Id cell = world_.cell("cell"), deep = world_.cell("deep");
  const Id inner = world_.board("inner", {deep});
  const Id board = world_.board("board", {cell, inner});
  for (const auto& part : {cell, inner, deep}) {
    EXPECT_REFUSED(world_.assemble("camera", device::UnitType::device, {board, part}), wrong_state);
    EXPECT_REFUSED(world_.assemble("outer", device::UnitType::board, {board, part}), wrong_state);
  }
  EXPECT_TRUE(world_.assemble("camera", device::UnitType::device, {deep, board}).accepted());
}

TEST_F(DeviceRules, DeviceOnItsWayIsNotChanged) {
  const Id cell = world_.cell("cell"), other = world_.cell("other");
  const Id camera = world_.camera("camera", {cell});
  world_.accepted(cameras_, custody::Ship{custody::Thing::device, camera, "city"});
  EXPECT_REFUSED(world_.detach("cameras", camera, cell), in_transit);
  EXPECT_REFUSED(world_.attach("cameras", camera, other), in_transit);
  world_.accepted(city_, custody::Receive{custody::Thing::device, camera});
  EXPECT_TRUE(world_.detach("cameras", camera, cell).accepted());
}

// Disputes

TEST_F(DeviceRules, ClonedPartWithItsKeyMakesBothUnitsDisputed) {
  const Id sensor = world_.sensor("sensor");
  const Id one = world_.camera("one", {sensor}, "city");
  const auto fate = world_.assemble("two", device::UnitType::device, {sensor});
  ASSERT_TRUE(fate.accepted());
  EXPECT_EQ(fate.outcome, statement::Outcome::disputed);
  const Id two = TestWorld::id("two");
  EXPECT_EQ(world_.device(one).disputes, 1u);
  EXPECT_EQ(world_.device(two).disputes, 1u);
  const auto record = world_.part(sensor);
  EXPECT_EQ(record.state, part::State::disputed);
  EXPECT_EQ(record.claims.size(), 2u);
  EXPECT_EQ(record.parent, one);
  // One of them gives way.
  ASSERT_TRUE(world_.detach("cameras", two, sensor).accepted());
  EXPECT_EQ(world_.part(sensor).state, part::State::mounted);
  EXPECT_EQ(world_.device(one).disputes, 0u);
  EXPECT_EQ(world_.device(two).disputes, 0u);
  EXPECT_TRUE(world_.device(two).children.empty());
}

TEST_F(DeviceRules, FirstClaimGivesWayToTheSecond) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  const Id one = world_.camera("one", {board});
  const Id other = world_.board("other", {});
  const Id two = world_.camera("two", {other}, "city");
  // The city has the board's clone in its hands: the sensor's key signs there too.
  ASSERT_EQ(world_.attach("city", other, sensor).outcome, statement::Outcome::disputed);
  EXPECT_EQ(world_.device(one).disputes, 1u);
  EXPECT_EQ(world_.device(two).disputes, 1u);
  ASSERT_TRUE(world_.detach("cameras", board, sensor).accepted());
  EXPECT_EQ(world_.part(sensor).parent, other);
  EXPECT_EQ(world_.part(sensor).state, part::State::mounted);
  EXPECT_EQ(world_.part(sensor).custodian, "city");
  EXPECT_EQ(world_.device(one).disputes + world_.device(two).disputes + world_.part(board).disputes, 0u);
}

TEST_F(DeviceRules, StrangerCannotBringAPartWithoutKeyIntoDispute) {
  const Id cell = world_.cell("cell");
  const Id one = world_.camera("one", {cell}, "city");
  const auto fate = world_.assemble("two", device::UnitType::device, {cell});
  EXPECT_REFUSED(fate, not_in_custody);
  EXPECT_EQ(fate.object, "member city");
  EXPECT_EQ(world_.device(one).disputes, 0u);
  // Who answers for the first unit contradicts himself, and that is a dispute.
  const Id three = world_.camera("three", {}, "city");
  EXPECT_EQ(world_.attach("city", three, cell).outcome, statement::Outcome::disputed);
}

TEST_F(DeviceRules, PartIsClaimedByAtMostEightUnits) {
  const Id sensor = world_.sensor("sensor");
  for (int i = 0; i < 8; ++i)
    ASSERT_TRUE(world_.assemble("c" + std::to_string(i), device::UnitType::device, {sensor}).accepted());
  EXPECT_REFUSED(world_.assemble("c8", device::UnitType::device, {sensor}), too_many_claims);
  EXPECT_EQ(world_.device(TestWorld::id("c7")).disputes, 1u);
}

TEST_F(DeviceRules, UnitThatSeveralClaimIsNotChangedUntilThatIsSettled) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  const Id one = world_.camera("one", {board});
  const Id two = world_.camera("two", {});
  ASSERT_EQ(world_.attach("cameras", two, board).outcome, statement::Outcome::disputed);
  EXPECT_REFUSED(world_.detach("cameras", board, sensor), already_disputed);
  EXPECT_REFUSED(world_.attach("cameras", board, world_.cell("cell")), already_disputed);
  ASSERT_TRUE(world_.detach("cameras", one, board).accepted());
  EXPECT_TRUE(world_.detach("cameras", board, sensor).accepted());
}

TEST_F(DeviceRules, BoardCarriesItsDisputesAlong) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  ASSERT_TRUE(world_.assemble("other", device::UnitType::board, {sensor}).accepted());
  const Id camera = world_.camera("camera", {board});
  EXPECT_EQ(world_.device(camera).disputes, 1u);
  ASSERT_TRUE(world_.detach("cameras", camera, board).accepted());
  EXPECT_EQ(world_.device(camera).disputes, 0u);
  EXPECT_EQ(world_.part(board).disputes, 1u);
}

TEST_F(DeviceRules, OnePartClaimedTwiceInOneDeviceCountsForEachUnit) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  const Id camera = world_.camera("camera", {board});
  ASSERT_EQ(world_.attach("cameras", camera, sensor).outcome, statement::Outcome::disputed);
  EXPECT_EQ(world_.device(camera).disputes, 2u);
  ASSERT_TRUE(world_.detach("cameras", board, sensor).accepted());
  EXPECT_EQ(world_.device(camera).disputes, 0u);
  EXPECT_EQ(world_.part(sensor).parent, camera);
}

TEST_F(DeviceRules, DisputesInABoardGoWithItToTheUnitThatIsLeft) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  const Id one = world_.camera("one", {board}), two = world_.camera("two", {});
  ASSERT_TRUE(world_.assemble("other", device::UnitType::board, {sensor}).accepted());
  ASSERT_EQ(world_.attach("cameras", two, board).outcome, statement::Outcome::disputed);
  EXPECT_EQ(world_.device(one).disputes, 2u);
  EXPECT_EQ(world_.device(two).disputes, 1u);
  ASSERT_TRUE(world_.detach("cameras", one, board).accepted());
  EXPECT_EQ(world_.device(one).disputes, 0u);
  EXPECT_EQ(world_.device(two).disputes, 1u);
}

TEST_F(DeviceRules, DisputeOfAMemberOutlivesThatOfTheUnits) {
  const Id sensor = world_.sensor("sensor");
  const Id one = world_.camera("one", {sensor});
  ASSERT_TRUE(dispute("chips", sensor).accepted());
  const Id two = world_.camera("two", {sensor});
  ASSERT_TRUE(world_.detach("cameras", two, sensor).accepted());
  EXPECT_EQ(world_.part(sensor).state, part::State::disputed);
  EXPECT_EQ(world_.device(one).disputes, 1u);
  ASSERT_TRUE(dispute("chips", sensor, true).accepted());
  EXPECT_EQ(world_.part(sensor).state, part::State::mounted);
}

TEST_F(DeviceRules, MakerDisputesAPartAndTakesTheDisputeBack) {
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {cell}, "city");
  EXPECT_REFUSED(dispute("clinic", cell), not_entitled);
  EXPECT_EQ(dispute("chips", cell).outcome, statement::Outcome::disputed);
  EXPECT_EQ(world_.device(camera).disputes, 1u);
  EXPECT_REFUSED(dispute("city", cell), already_disputed);
  EXPECT_REFUSED(dispute("city", cell, true), not_entitled);
  EXPECT_TRUE(dispute("chips", cell, true).accepted());
  EXPECT_EQ(world_.part(cell).state, part::State::mounted);
  EXPECT_EQ(world_.device(camera).disputes, 0u);
  EXPECT_REFUSED(dispute("chips", cell, true), wrong_state);
}

TEST_F(DeviceRules, DisputeOfAMemberIsNotWashedOffByTakingThePartOut) {
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {cell}, "city");
  ASSERT_TRUE(dispute("chips", cell).accepted());
  ASSERT_TRUE(world_.detach("city", camera, cell).accepted());
  EXPECT_EQ(world_.part(cell).state, part::State::disputed);
  EXPECT_EQ(world_.device(camera).disputes, 0u);
  EXPECT_REFUSED(world_.attach("city", camera, cell), already_disputed);
  EXPECT_REFUSED(world_.say(city_, part::Scrap{cell}), already_disputed);
  ASSERT_EQ(world_.attach("city", camera, cell, true).outcome, statement::Outcome::disputed);
  EXPECT_EQ(world_.device(camera).disputes, 1u);
  ASSERT_TRUE(world_.detach("city", camera, cell).accepted());
  ASSERT_TRUE(dispute("chips", cell, true).accepted());
  EXPECT_EQ(world_.part(cell).state, part::State::salvaged);  // it had been accepted
}

TEST_F(DeviceRules, StockIsNotDisputed) { EXPECT_REFUSED(dispute("chips", world_.cell("cell")), wrong_state); }

// Life and end

TEST_F(DeviceRules, DeviceActivatesItselfOnce) {
  const Id camera = world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(cameras_, device::Activate{camera}), not_entitled);
  world_.camera("other", {});
  EXPECT_REFUSED(world_.say(world_.key("other"), device::Activate{camera}), not_entitled);
  EXPECT_TRUE(activate("camera").accepted());
  EXPECT_REFUSED(activate("camera"), wrong_state);
}

TEST_F(DeviceRules, DeviceWithADisputedPartDoesNotActivate) {
  const Id sensor = world_.sensor("sensor");
  world_.camera("one", {sensor});
  const Id two = world_.camera("two", {sensor});
  EXPECT_REFUSED(activate("two"), already_disputed);
  ASSERT_TRUE(world_.detach("cameras", two, sensor).accepted());
  EXPECT_TRUE(activate("two").accepted());
}

TEST_F(DeviceRules, RetiredDeviceNeverActsAgain) {
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {cell}, "city");
  EXPECT_REFUSED(world_.say(cameras_, device::Retire{camera}, world_.on(camera)), not_entitled);
  EXPECT_REFUSED(world_.say(city_, device::Retire{camera}, {.on = world_.device(camera).seq - 1}), stale);
  world_.accepted(city_, ownership::Offer{camera, "clinic"}, world_.on(camera));
  world_.retire(camera);
  const auto record = world_.device(camera);
  EXPECT_EQ(record.state, device::State::retired);
  EXPECT_TRUE(record.keys.empty());
  EXPECT_FALSE(record.offered_to.has_value());
  EXPECT_EQ(world_.key_record(world_.key("camera").kid()).reason, key::Reason::end_of_life);
  EXPECT_REFUSED(activate("camera"), key_not_active);
  EXPECT_REFUSED(world_.say(city_, device::Retire{camera}, world_.on(camera)), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(city_, ownership::Offer{camera, "clinic"}, world_.on(camera)), retired_or_destroyed);
  EXPECT_REFUSED(world_.attach("city", camera, world_.cell("other", "city")), retired_or_destroyed);
  EXPECT_REFUSED(world_.detach("city", camera, cell), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(city_, world_.registration(world_.new_thing_key("k", SubjectType::device, camera), city_)),
                 retired_or_destroyed);
}

TEST_F(DeviceRules, RetiredDeviceMayWithdrawAClaim) {
  const Id sensor = world_.sensor("sensor");
  const Id one = world_.camera("one", {sensor});
  const Id two = world_.camera("two", {sensor}, "city");
  world_.retire(one);
  ASSERT_TRUE(world_.detach("cameras", one, sensor).accepted());
  EXPECT_EQ(world_.part(sensor).parent, two);
  EXPECT_EQ(world_.device(two).disputes, 0u);
}

TEST_F(DeviceRules, DestructionTakesTwoWitnessesWhoAreNotTheOwner) {
  const Id camera = world_.camera("camera", {}, "city");
  auto& lab = world_.key("lab");
  auto& notary = world_.key("notary");
  const auto destroy = [&](std::vector<TestKey*> approvers) {
    return world_.say(city_, device::Destroy{camera, {}},
                      {.on = world_.device(camera).seq, .approvers = std::move(approvers)});
  };
  EXPECT_REFUSED(destroy({&lab, &notary}), wrong_state);
  world_.retire(camera);
  EXPECT_REFUSED(destroy({}), missing_approvals);
  EXPECT_REFUSED(destroy({&lab}), missing_approvals);
  EXPECT_REFUSED(destroy({&lab, &cameras_}), missing_approvals);  // has no such role
  auto& second = world_.new_member_key("lab-2", "lab");
  world_.accepted(lab, world_.registration(second, lab));
  EXPECT_REFUSED(destroy({&lab, &second}), missing_approvals);
  EXPECT_REFUSED(world_.say(city_, device::Destroy{camera, {}}, {.on = 1, .approvers = {&lab, &notary}}), stale);
  EXPECT_REFUSED(world_.say(cameras_, device::Destroy{camera, {}},
                            {.on = world_.device(camera).seq, .approvers = {&lab, &notary}}),
                 not_entitled);
  EXPECT_TRUE(destroy({&lab, &notary}).accepted());
  EXPECT_REFUSED(destroy({&lab, &notary}), retired_or_destroyed);
}

TEST_F(DeviceRules, OwnerIsNoWitnessOfItsOwnDestruction) {
  const Id camera = world_.camera("camera", {}, "lab");
  world_.retire(camera);
  auto& lab = world_.key("lab");
  auto& second = world_.new_member_key("lab-2", "lab");
  world_.accepted(lab, world_.registration(second, lab));
  const How how{.on = world_.device(camera).seq, .approvers = {&second, &world_.key("notary")}};
  EXPECT_REFUSED(world_.say(lab, device::Destroy{camera, {}}, how), missing_approvals);
}

TEST_F(DeviceRules, DestroyedDeviceLeavesATombstoneAndSalvagedParts) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id board = world_.board("board", {sensor});
  const Id camera = world_.camera("camera", {board, cell}, "city");
  world_.retire(camera);
  ASSERT_TRUE(world_.destroy(camera).accepted());
  EXPECT_TRUE(world_.device(camera).children.empty());
  EXPECT_EQ(world_.part(cell).state, part::State::salvaged);
  EXPECT_EQ(world_.part(cell).custodian, "city");
  EXPECT_EQ(world_.part(board).state, part::State::salvaged);
  EXPECT_REFUSED(world_.detach("city", camera, cell), retired_or_destroyed);

  const Id next = world_.camera("next", {}, "city");
  EXPECT_REFUSED(world_.attach("city", next, cell), wrong_state);
  EXPECT_TRUE(world_.attach("city", next, cell, true).accepted());
  EXPECT_EQ(world_.part(cell).grade, part::Grade::accepted);
  // What comes out of a salvaged board is salvaged too, and nothing new goes into it.
  EXPECT_REFUSED(world_.attach("city", board, world_.cell("fresh", "city")), wrong_state);
  ASSERT_TRUE(world_.detach("city", board, sensor).accepted());
  EXPECT_EQ(world_.part(sensor).state, part::State::salvaged);
}

TEST_F(DeviceRules, DestroyedDeviceWithdrawsItsClaims) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id one = world_.camera("one", {sensor, cell});
  const Id two = world_.camera("two", {sensor}, "city");
  ASSERT_TRUE(dispute("chips", cell).accepted());
  world_.retire(one);
  ASSERT_TRUE(world_.destroy(one).accepted());
  EXPECT_EQ(world_.part(sensor).parent, two);
  EXPECT_EQ(world_.part(sensor).state, part::State::mounted);
  EXPECT_EQ(world_.device(two).disputes, 0u);
  EXPECT_EQ(world_.part(cell).state, part::State::disputed);
  ASSERT_TRUE(dispute("chips", cell, true).accepted());
  EXPECT_EQ(world_.part(cell).state, part::State::salvaged);
}

}  // namespace
}  // namespace mikusari::ledger
