// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

class CustodyRules : public ::testing::Test {
 protected:
  BodyFate ship(TestKey& key, const Id& camera, const TestKey& to, std::optional<std::uint64_t> on = {}) {
    return world_.say(key, custody::Ship{Type::device, camera, to.subject().id, on, {}});
  }
  BodyFate receive(TestKey& key, const Id& camera, std::optional<std::uint64_t> on = {}) {
    return world_.say(key, custody::Receive{Type::device, camera, on, {}, {}});
  }
  BodyFate refuse_it(TestKey& key, const Id& camera) { return world_.say(key, custody::Refuse{Type::device, camera}); }
  BodyFate recall(TestKey& key, const Id& camera) { return world_.say(key, custody::Recall{Type::device, camera}); }
  std::uint64_t title() { return world_.device(camera_).title; }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  const Id camera_ = world_.camera("camera", {});
};

TEST_F(CustodyRules, BothSidesSign) {
  EXPECT_REFUSED(ship(city_, camera_, clinic_), not_in_custody);
  EXPECT_REFUSED(ship(world_.key("camera"), camera_, clinic_), not_entitled);
  EXPECT_REFUSED(ship(cameras_, camera_, cameras_), wrong_state);
  EXPECT_REFUSED(receive(city_, camera_), wrong_state);
  const auto before = world_.device(camera_);
  EXPECT_DONE(ship(cameras_, camera_, city_));
  EXPECT_REFUSED(ship(cameras_, camera_, clinic_), in_transit);
  EXPECT_REFUSED(receive(clinic_, camera_), not_entitled);
  EXPECT_REFUSED(receive(city_, camera_, title()), malformed_body);  // it does not come with title
  EXPECT_EQ(world_.device(camera_).held_by(), cameras_.subject().id);
  EXPECT_DONE(receive(city_, camera_));
  const auto after = world_.device(camera_);
  EXPECT_EQ(after.held_by(), city_.subject().id);
  EXPECT_EQ(after.owned_by(), cameras_.subject().id);
  EXPECT_EQ(after.title, before.title);
  EXPECT_EQ(after.tenure, before.tenure);
  EXPECT_EQ(after.keys.size(), before.keys.size());
  EXPECT_EQ(after.life_tree(), before.life_tree());
  EXPECT_EQ(after.history.count, before.history.count + 2);
}

TEST_F(CustodyRules, ConsigneeRefusesAndNothingHasMoved) {
  ASSERT_TRUE(ship(cameras_, camera_, city_).accepted());
  EXPECT_REFUSED(refuse_it(cameras_, camera_), not_entitled);
  EXPECT_REFUSED(refuse_it(clinic_, camera_), not_entitled);
  EXPECT_DONE(refuse_it(city_, camera_));
  EXPECT_EQ(world_.device(camera_).held_by(), cameras_.subject().id);
  EXPECT_REFUSED(refuse_it(city_, camera_), wrong_state);
  EXPECT_DONE(ship(cameras_, camera_, clinic_));
}

TEST_F(CustodyRules, OnlyTheOwnerWhoHoldsItShipsWithTitle) {
  world_.lend(Type::device, camera_, "cameras", "city");
  EXPECT_REFUSED(ship(city_, camera_, clinic_, title()), not_owned);
  EXPECT_REFUSED(ship(cameras_, camera_, clinic_, title()), not_in_custody);
  EXPECT_DONE(ship(city_, camera_, clinic_));
  EXPECT_DONE(recall(cameras_, camera_));
  EXPECT_REFUSED(ship(cameras_, camera_, clinic_, title() + 1), stale);
  EXPECT_DONE(ship(cameras_, camera_, clinic_, title()));
}

TEST_F(CustodyRules, ReceivingWithTitleMakesAnOwner) {
  const auto before = world_.device(camera_);
  ASSERT_TRUE(ship(cameras_, camera_, city_, title()).accepted());
  EXPECT_EQ(title(), before.title + 1);
  EXPECT_REFUSED(receive(city_, camera_), stale);
  EXPECT_REFUSED(receive(city_, camera_, before.title), stale);
  const std::vector not_of_the_device{city_.kid()};
  EXPECT_REFUSED(
      world_.say(city_, custody::Receive{Type::device, camera_, title(), {std::span(not_of_the_device)}, {}}),
      not_registered);
  EXPECT_DONE(receive(city_, camera_, title()));
  const auto after = world_.device(camera_);
  EXPECT_EQ(after.owned_by(), city_.subject().id);
  EXPECT_EQ(after.held_by(), city_.subject().id);
  EXPECT_EQ(after.title, before.title + 2);
  EXPECT_EQ(after.tenure.value, before.tenure.value + 1);
  EXPECT_TRUE(after.keys.empty());
  EXPECT_FALSE(after.shipped_with_title.value);
  EXPECT_EQ(after.life_tree().count, before.life_tree().count + 2);
}

TEST_F(CustodyRules, ThingHasOneOpenHandOver) {
  ASSERT_TRUE(ship(cameras_, camera_, city_, title()).accepted());
  EXPECT_REFUSED(world_.offer("cameras", camera_, clinic_.subject().id), being_handed_over);
  ASSERT_TRUE(recall(cameras_, camera_).accepted());
  ASSERT_TRUE(world_.offer("cameras", camera_, clinic_.subject().id).accepted());
  EXPECT_REFUSED(ship(cameras_, camera_, city_, title()), being_handed_over);
  EXPECT_DONE(ship(cameras_, camera_, city_));  // custody goes its own way
  EXPECT_DONE(world_.accept("clinic", camera_));
  // Whoever held it holds it; the shipment of the old owner's has ended.
  EXPECT_EQ(world_.device(camera_).held_by(), cameras_.subject().id);
  EXPECT_REFUSED(receive(city_, camera_), wrong_state);
}

TEST_F(CustodyRules, RefusingATitleMakesNoStatementOfTheOwnersStale) {
  ASSERT_TRUE(ship(cameras_, camera_, city_, title()).accepted());
  const auto on = title();
  ASSERT_TRUE(refuse_it(city_, camera_).accepted());
  EXPECT_FALSE(world_.device(camera_).is_offered());
  EXPECT_DONE(world_.say(cameras_, device::Retire{camera_, on}));
}

TEST_F(CustodyRules, RefusedTitleIsNotReceivedLater) {
  ASSERT_TRUE(ship(cameras_, camera_, city_, title()).accepted());
  const auto on = title();
  ASSERT_TRUE(refuse_it(city_, camera_).accepted());
  EXPECT_REFUSED(receive(city_, camera_, on), wrong_state);
  ASSERT_TRUE(ship(cameras_, camera_, city_, title()).accepted());
  EXPECT_REFUSED(receive(city_, camera_, on), stale);
}

TEST_F(CustodyRules, OwnerRecallsWhoeverHoldsItAndWhateverIsUnderWay) {
  world_.lend(Type::device, camera_, "cameras", "city");
  ASSERT_TRUE(ship(city_, camera_, clinic_).accepted());
  EXPECT_REFUSED(recall(city_, camera_), not_owned);
  EXPECT_REFUSED(recall(clinic_, camera_), not_owned);
  const auto before = world_.device(camera_);
  EXPECT_DONE(recall(cameras_, camera_));
  EXPECT_EQ(world_.device(camera_).held_by(), cameras_.subject().id);
  EXPECT_FALSE(world_.device(camera_).shipped_to.has_value());
  EXPECT_EQ(title(), before.title);
  EXPECT_REFUSED(receive(clinic_, camera_), wrong_state);
  EXPECT_REFUSED(recall(cameras_, camera_), wrong_state);
}

TEST_F(CustodyRules, MountedPartGoesWhereItsRootGoes) {
  const Id cell = world_.cell("cell");
  world_.camera("other", {cell});
  EXPECT_REFUSED(world_.say(cameras_, custody::Ship{Type::part, cell, city_.subject().id, {}, {}}), mounted_elsewhere);
  EXPECT_REFUSED(world_.say(cameras_, custody::Recall{Type::part, cell}), mounted_elsewhere);
  EXPECT_REFUSED(world_.say(cameras_, custody::Refuse{Type::part, cell}), mounted_elsewhere);
}

TEST_F(CustodyRules, RetiredDeviceIsShippedWithoutTitleOnly) {
  ASSERT_TRUE(world_.retire("cameras", camera_).accepted());
  EXPECT_REFUSED(ship(cameras_, camera_, city_, title()), retired_or_destroyed);
  EXPECT_DONE(ship(cameras_, camera_, city_));
  EXPECT_DONE(receive(city_, camera_));
  EXPECT_DONE(recall(cameras_, camera_));
}

TEST_F(CustodyRules, NothingIsShippedToWhoDoesNotReceive) {
  ASSERT_TRUE(ship(cameras_, camera_, clinic_).accepted());
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, clinic_.subject().id),
                     {"chips", "cameras", "lab", "notary"})
                  .accepted());
  EXPECT_REFUSED(receive(clinic_, camera_), suspended);
  EXPECT_DONE(refuse_it(clinic_, camera_));
  EXPECT_REFUSED(ship(cameras_, camera_, clinic_), suspended);
  EXPECT_REFUSED(ship(cameras_, camera_, clinic_, title()), suspended);
  EXPECT_REFUSED(world_.say(cameras_, custody::Ship{Type::device, camera_, TestWorld::nonce("nobody"), {}, {}}),
                 not_registered);
}

TEST_F(CustodyRules, SuspendedCustodianKeepsNobodyFromItsThing) {
  world_.lend(Type::device, camera_, "cameras", "clinic");
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, clinic_.subject().id),
                     {"chips", "cameras", "lab", "notary"})
                  .accepted());
  EXPECT_REFUSED(ship(clinic_, camera_, city_), suspended);
  EXPECT_DONE(recall(cameras_, camera_));
}

}  // namespace
}  // namespace mikusari::ledger
