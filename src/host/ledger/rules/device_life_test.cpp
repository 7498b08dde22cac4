// SPDX-License-Identifier: Apache-2.0
// The life and end of devices.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class DeviceLife : public ::testing::Test {
 protected:
  BodyFate activate(std::string_view signer, const Id& camera) {
    return world_.say(world_.key(signer), device::Activate{camera});
  }
  BodyFate alarm(TestKey& signer, thing::Type type, const Id& thing) {
    return world_.say(signer, device::Alarm{type, thing, device::Cause::opened, {}, {}});
  }
  BodyFate destroy_with(const Id& camera, std::vector<TestKey*> witnesses) {
    return world_.say(city_, device::Destroy{camera, world_.device(camera).title, {}},
                      {.approvers = std::move(witnesses)});
  }
  // A further wallet key of a member, which speaks.
  TestKey& further_key(std::string_view name, std::string_view member) {
    auto& key = world_.new_member_key(name, member);
    world_.accepted(world_.key(member), world_.registration(key, world_.key(member)));
    world_.pass(7 * day_ms);
    return key;
  }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  TestKey& lab_ = world_.key("lab");
  TestKey& notary_ = world_.key("notary");
};

TEST_F(DeviceLife, DeviceActivatesItselfOnce) {
  const Id camera = world_.camera("camera", {});
  EXPECT_REFUSED(activate("cameras", camera), not_entitled);
  world_.camera("other", {});
  EXPECT_REFUSED(activate("other", camera), not_entitled);
  EXPECT_DONE(activate("camera", camera));
  EXPECT_EQ(world_.device(camera).state, device::State::active);
  EXPECT_REFUSED(activate("camera", camera), wrong_state);
  EXPECT_REFUSED(activate("camera", world_.id("cameras", "none")), not_registered);
}

TEST_F(DeviceLife, OwnerSuspendsAndResumesAndMovesNoTitle) {
  const Id camera = world_.camera("camera", {}, "city");
  const auto title = world_.device(camera).title;
  EXPECT_REFUSED(world_.say(cameras_, device::Suspend{camera}), not_owned);
  EXPECT_REFUSED(world_.say(world_.key("camera"), device::Suspend{camera}), not_owned);
  EXPECT_REFUSED(world_.say(city_, device::Resume{camera}), wrong_state);
  EXPECT_DONE(world_.say(city_, device::Suspend{camera}));
  EXPECT_REFUSED(world_.say(city_, device::Suspend{camera}), wrong_state);
  EXPECT_REFUSED(activate("camera", camera), wrong_state);
  EXPECT_REFUSED(world_.say(cameras_, device::Resume{camera}), not_owned);
  EXPECT_DONE(world_.say(city_, device::Resume{camera}));
  EXPECT_EQ(world_.device(camera).state, device::State::active);
  EXPECT_EQ(world_.device(camera).title, title);
}

TEST_F(DeviceLife, RetiredDeviceNeverActsAgain) {
  const Id cell = world_.cell("cell"), other = world_.cell("other", "city");
  const Id camera = world_.camera("camera", {cell}, "city");
  EXPECT_REFUSED(world_.say(cameras_, device::Retire{camera, world_.device(camera).title}), not_owned);
  EXPECT_REFUSED(world_.say(city_, device::Retire{camera, world_.device(camera).title - 1}), stale);
  ASSERT_TRUE(world_.offer("city", camera, world_.handle("clinic")).accepted());
  const auto before = world_.device(camera);
  EXPECT_DONE(world_.retire("city", camera));
  const auto record = world_.device(camera);
  EXPECT_EQ(record.state, device::State::retired);
  EXPECT_EQ(record.title, before.title + 1);
  EXPECT_TRUE(record.keys.empty());
  EXPECT_FALSE(record.is_offered());
  EXPECT_EQ(record.children.size(), 1U);
  EXPECT_REFUSED(activate("camera", camera), key_not_active);
  EXPECT_REFUSED(world_.retire("city", camera), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(city_, device::Suspend{camera}), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(city_, device::Resume{camera}), retired_or_destroyed);
  EXPECT_REFUSED(world_.offer("city", camera, world_.handle("clinic")), retired_or_destroyed);
  EXPECT_REFUSED(world_.accept("clinic", camera), retired_or_destroyed);
  EXPECT_REFUSED(world_.attach("city", camera, other), retired_or_destroyed);
  EXPECT_REFUSED(world_.detach("city", camera, cell), retired_or_destroyed);
  auto& key = world_.new_key("k", subject_of_device(camera));
  EXPECT_REFUSED(world_.say(city_, world_.registration(key, city_, record.tenure.value)), retired_or_destroyed);
}

TEST_F(DeviceLife, RetiringEndsAShipmentWithTitleAndLeavesOneWithout) {
  const Id sold = world_.camera("sold", {}), lent = world_.camera("lent", {});
  world_.accepted(cameras_, custody::Ship{thing::Type::device, sold, city_.subject().id, 1, {}});
  world_.accepted(cameras_, custody::Ship{thing::Type::device, lent, city_.subject().id, {}, {}});
  ASSERT_TRUE(world_.retire("cameras", sold).accepted() && world_.retire("cameras", lent).accepted());
  EXPECT_FALSE(world_.device(sold).shipped_to.has_value());
  EXPECT_REFUSED(world_.say(city_, custody::Receive{thing::Type::device, sold, world_.device(sold).title, {}, {}}),
                 wrong_state);
  EXPECT_DONE(world_.say(city_, custody::Receive{thing::Type::device, lent, {}, {}, {}}));
  EXPECT_EQ(world_.device(lent).owned_by(), cameras_.subject().id);
}

TEST_F(DeviceLife, DestructionTakesTwoWitnessesOfDifferentRegistrars) {
  const Id camera = world_.camera("camera", {}, "city");
  auto& lab_2 = further_key("lab-2", "lab");
  EXPECT_REFUSED(destroy_with(camera, {&lab_, &notary_}), wrong_state);
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  EXPECT_REFUSED(destroy_with(camera, {}), missing_approvals);
  EXPECT_REFUSED(destroy_with(camera, {&lab_}), missing_approvals);
  EXPECT_REFUSED(destroy_with(camera, {&lab_, &world_.key("chips")}), missing_approvals);  // has no such role
  EXPECT_REFUSED(destroy_with(camera, {&lab_, &lab_2}), missing_approvals);
  const How witnessed{.approvers = {&lab_, &notary_}};
  EXPECT_REFUSED(world_.say(city_, device::Destroy{camera, 1, {}}, witnessed), stale);
  EXPECT_REFUSED(world_.say(clinic_, device::Destroy{camera, world_.device(camera).title, {}}, witnessed), not_owned);
  EXPECT_DONE(destroy_with(camera, {&lab_, &notary_}));
  EXPECT_REFUSED(destroy_with(camera, {&lab_, &notary_}), retired_or_destroyed);
}

TEST_F(DeviceLife, WhoHasAnInterestIsNoWitness) {
  // cameras made it, city owns it, clinic holds it, chips shall receive it: each has the role now.
  for (const auto* name : {"cameras", "city", "clinic", "chips"}) {
    const std::vector roles{Role::witness, Role::maker, Role::registrar};
    ASSERT_TRUE(
        decide(world_, about_roles(world_.handle(name), {std::span(roles)}, 1), {"chips", "cameras", "city", "clinic"})
            .accepted());
  }
  const Id camera = world_.camera("camera", {}, "city");
  world_.lend(thing::Type::device, camera, "city", "clinic");
  world_.accepted(clinic_, custody::Ship{thing::Type::device, camera, world_.handle("chips"), {}, {}});
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  auto& city_2 = further_key("city-2", "city");
  for (auto* witness : {&cameras_, &city_2, &clinic_, &world_.key("chips")})
    EXPECT_REFUSED(destroy_with(camera, {&lab_, witness}), missing_approvals);
  EXPECT_DONE(destroy_with(camera, {&lab_, &notary_}));
}

TEST_F(DeviceLife, RegistrarOfTheOwnerHasItsInterest) {
  const std::vector roles{Role::witness, Role::registrar};
  ASSERT_TRUE(
      decide(world_, about_roles(world_.handle("city"), {std::span(roles)}, 1), {"chips", "cameras", "city", "clinic"})
          .accepted());
  world_.open_party("alice", "city");
  auto& alice = world_.key("alice");
  const Id camera = world_.camera("camera", {});
  world_.hand_over(thing::Type::device, camera, cameras_, alice);
  world_.accepted(alice, device::Retire{camera, world_.device(camera).title});
  const auto destroy = [&](std::vector<TestKey*> witnesses) {
    return world_.say(alice, device::Destroy{camera, world_.device(camera).title, {}},
                      {.approvers = std::move(witnesses)});
  };
  EXPECT_REFUSED(destroy({&lab_, &city_}), missing_approvals);
  EXPECT_DONE(destroy({&lab_, &notary_}));
}

TEST_F(DeviceLife, SuspendedWitnessDoesNotCount) {
  const Id camera = world_.camera("camera", {}, "city");
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, world_.handle("notary")),
                     {"chips", "cameras", "city", "clinic"})
                  .accepted());
  EXPECT_REFUSED(destroy_with(camera, {&lab_, &notary_}), missing_approvals);
}

TEST_F(DeviceLife, DestroyedDeviceLeavesATombstoneAndSalvagedParts) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id board = world_.board("board", {sensor});
  const Id camera = world_.camera("camera", {board, cell}, "city");
  world_.lend(thing::Type::device, camera, "city", "clinic");
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  const auto before = world_.device(camera);
  ASSERT_TRUE(world_.destroy("city", camera).accepted());
  const auto tombstone = world_.device(camera);
  EXPECT_EQ(tombstone.state, device::State::destroyed);
  EXPECT_TRUE(tombstone.children.empty() && tombstone.keys.empty());
  EXPECT_FALSE(tombstone.shipped_to || tombstone.offered_to || tombstone.commitment || tombstone.custodian);
  EXPECT_EQ(tombstone.model, before.model);
  EXPECT_EQ(tombstone.maker, before.maker);
  EXPECT_EQ(tombstone.owned_by(), city_.subject().id);
  EXPECT_EQ(tombstone.title, before.title + 1);
  EXPECT_EQ(tombstone.tenure, before.tenure);
  EXPECT_EQ(tombstone.history.count, before.history.count + 1);
  for (const auto& part : {board, cell}) {
    EXPECT_TRUE(world_.part(part).salvaged.value);
    EXPECT_EQ(world_.part(part).state, part::State::stock);
    EXPECT_EQ(world_.part(part).owned_by(), city_.subject().id);
    EXPECT_EQ(world_.part(part).held_by(), city_.subject().id);
  }
  EXPECT_EQ(world_.part(sensor).parent, board);
  EXPECT_REFUSED(world_.detach("city", camera, cell), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(clinic_, custody::Ship{thing::Type::device, camera, city_.subject().id, {}, {}}),
                 retired_or_destroyed);
  EXPECT_REFUSED(world_.say(city_, custody::Recall{thing::Type::device, camera}), retired_or_destroyed);
}

// Alarms

TEST_F(DeviceLife, AlarmIsByTheDeviceItsOwnerOrAGateOfTheOwner) {
  const Id camera = world_.camera("camera", {}, "city");
  world_.camera("other", {}, "city");
  world_.lend(thing::Type::device, camera, "city", "clinic");
  EXPECT_ALARM(alarm(world_.key("camera"), thing::Type::device, camera));
  EXPECT_ALARM(alarm(city_, thing::Type::device, camera));
  for (auto* stranger : {&cameras_, &clinic_, &lab_, &world_.key("other")})
    EXPECT_REFUSED(alarm(*stranger, thing::Type::device, camera), not_entitled);
  world_.accepted(city_, role::Grant{clinic_.subject().id, Role::gate, {}, {}});
  EXPECT_ALARM(alarm(clinic_, thing::Type::device, camera));
  EXPECT_EQ(world_.device(camera).alarms.value, 3U);
  // The gate was the old owner's.
  world_.sell(camera, "city", "chips");
  EXPECT_REFUSED(alarm(clinic_, thing::Type::device, camera), not_entitled);
  EXPECT_REFUSED(alarm(city_, thing::Type::device, camera), not_entitled);
}

TEST_F(DeviceLife, AlarmAboutAPartIsByItselfOrByWhatItStandsIn) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id board = world_.board("board", {sensor, cell});
  world_.camera("camera", {board});
  world_.camera("other", {});
  EXPECT_ALARM(alarm(world_.key("sensor"), thing::Type::part, sensor));
  EXPECT_ALARM(alarm(world_.key("camera"), thing::Type::part, cell));
  EXPECT_REFUSED(alarm(world_.key("sensor"), thing::Type::part, cell), not_entitled);
  EXPECT_REFUSED(alarm(world_.key("sensor"), thing::Type::part, board), not_entitled);
  EXPECT_REFUSED(alarm(world_.key("other"), thing::Type::part, cell), not_entitled);
  EXPECT_EQ(world_.part(cell).alarms.value, 1U);
  EXPECT_EQ(world_.part(cell).history.count, world_.part(cell).life_tree().count + 1);
}

TEST_F(DeviceLife, SuspendedPartyRaisesNoNewAlarms) {
  const Id camera = world_.camera("camera", {}, "city");
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::suspend, city_.subject().id), {"chips", "cameras", "lab", "notary"})
          .accepted());
  EXPECT_REFUSED(alarm(city_, thing::Type::device, camera), suspended);
  EXPECT_REFUSED(alarm(world_.key("camera"), thing::Type::device, camera), suspended);
  EXPECT_DONE(world_.say(city_, device::Suspend{camera}));
  EXPECT_DONE(world_.retire("city", camera));
  EXPECT_DONE(destroy_with(camera, {&lab_, &notary_}));
}

}  // namespace
}  // namespace mikusari::ledger
