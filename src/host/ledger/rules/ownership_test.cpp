// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class OwnershipRules : public ::testing::Test {
 protected:
  BodyFate offer(TestKey& key, std::string_view to) {
    return world_.say(key, ownership::Offer{camera_, to}, world_.on(camera_));
  }
  BodyFate accept(TestKey& key) { return world_.say(key, ownership::Accept{camera_}, world_.on(camera_)); }
  BodyFate cancel(TestKey& key) { return world_.say(key, ownership::Cancel{camera_}); }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  Id cell_ = world_.cell("cell");
  Id camera_ = world_.camera("camera", {world_.board("board", {cell_})});
};

TEST_F(OwnershipRules, SaleNeedsBothSides) {
  EXPECT_REFUSED(offer(city_, "city"), not_entitled);
  EXPECT_REFUSED(accept(city_), not_offered);
  ASSERT_TRUE(offer(cameras_, "city").accepted());
  EXPECT_REFUSED(accept(clinic_), not_offered);
  ASSERT_TRUE(accept(city_).accepted());
  const auto record = world_.device(camera_);
  EXPECT_EQ(record.owner, "city");
  EXPECT_EQ(record.transfers, 1u);
  EXPECT_EQ(record.custodian, "cameras");  // custody is shipped and received apart
  EXPECT_REFUSED(accept(city_), not_offered);
}

TEST_F(OwnershipRules, OldOwnersRightsEndWithTheSale) {
  world_.sell(camera_, "cameras", "city");
  EXPECT_REFUSED(offer(cameras_, "clinic"), not_entitled);
  EXPECT_REFUSED(world_.say(cameras_, device::Retire{camera_}, world_.on(camera_)), not_entitled);
  EXPECT_REFUSED(world_.detach("cameras", TestWorld::id("board"), cell_), not_entitled);
  EXPECT_REFUSED(world_.say(cameras_, key::Revoke{world_.key("camera").kid(), key::Reason::compromised}), not_entitled);
  auto& key = world_.new_thing_key("k", SubjectType::device, camera_);
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(key, cameras_)), not_entitled);
}

TEST_F(OwnershipRules, BuyerAcceptsExactlyTheDeviceThatWasSeen) {
  ASSERT_TRUE(offer(cameras_, "city").accepted());
  const How seen = world_.on(camera_);
  // The seller takes a part out of a board deep inside, or adds a key that it keeps.
  ASSERT_TRUE(world_.detach("cameras", TestWorld::id("board"), cell_).accepted());
  EXPECT_REFUSED(world_.say(city_, ownership::Accept{camera_}, seen), stale);
  const How again = world_.on(camera_);
  world_.accepted(cameras_, world_.registration(world_.new_thing_key("kept", SubjectType::device, camera_), cameras_));
  EXPECT_REFUSED(world_.say(city_, ownership::Accept{camera_}, again), stale);
  EXPECT_TRUE(accept(city_).accepted());
}

TEST_F(OwnershipRules, OneOfferAtATimeUntilItIsCancelled) {
  EXPECT_REFUSED(cancel(cameras_), wrong_state);
  EXPECT_REFUSED(offer(cameras_, "cameras"), wrong_state);
  EXPECT_REFUSED(offer(cameras_, "nobody"), not_registered);
  EXPECT_REFUSED(world_.say(cameras_, ownership::Offer{camera_, "city"}, {.on = 0}), stale);
  ASSERT_TRUE(offer(cameras_, "city").accepted());
  EXPECT_REFUSED(offer(cameras_, "clinic"), wrong_state);
  EXPECT_REFUSED(cancel(city_), not_entitled);
  ASSERT_TRUE(cancel(cameras_).accepted());
  EXPECT_REFUSED(accept(city_), not_offered);
  ASSERT_TRUE(offer(cameras_, "clinic").accepted());
}

TEST_F(OwnershipRules, UnknownAndRetiredDevicesAreNotSold) {
  EXPECT_REFUSED(world_.say(cameras_, ownership::Cancel{TestWorld::id("none")}), not_registered);
  ASSERT_TRUE(offer(cameras_, "city").accepted());
  world_.retire(camera_);
  EXPECT_REFUSED(accept(city_), retired_or_destroyed);
  EXPECT_REFUSED(cancel(cameras_), retired_or_destroyed);
}

}  // namespace
}  // namespace mikusari::ledger
