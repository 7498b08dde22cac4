// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class ModelRules : public ::testing::Test {
 protected:
  BodyFate register_model(std::string_view name, const std::vector<Digest>& keys, std::uint64_t threshold) {
    return world_.say(cameras_, model::Register{name, model::Class::device, {std::span(keys)}, threshold});
  }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  Digest first_ = world_.key("release-1").kid(), second_ = world_.key("release-2").kid();
};

TEST_F(ModelRules, MakerRegistersInItsOwnNameSpace) {
  EXPECT_EQ(world_.model(CameraWorld::camera_model()).vendor, "cameras");
  EXPECT_REFUSED(register_model("camera", {}, 0), already_registered);
  world_.accepted(world_.key("chips"), model::Register{"camera", model::Class::chip, {}, 0});
  EXPECT_REFUSED(world_.say(world_.key("city"), model::Register{"camera", model::Class::chip, {}, 0}), missing_role);
  EXPECT_REFUSED(register_model("", {}, 0), bad_name);
}

TEST_F(ModelRules, ThresholdFitsTheDifferentKeys) {
  EXPECT_REFUSED(register_model("x", {}, 1), bad_threshold);
  EXPECT_REFUSED(register_model("x", {first_}, 0), bad_threshold);
  EXPECT_REFUSED(register_model("x", {first_}, 2), bad_threshold);
  EXPECT_REFUSED(register_model("x", {first_, first_}, 1), bad_threshold);
  EXPECT_TRUE(register_model("x", {first_, second_}, 2).accepted());
}

TEST_F(ModelRules, ReleaseKeysAreTheVendorsActiveWalletKeys) {
  EXPECT_REFUSED(register_model("x", {TestWorld::id("none")}, 1), not_registered);
  EXPECT_REFUSED(register_model("x", {world_.key("city").kid()}, 1), not_entitled);
  auto& other = world_.new_member_key("other", "cameras");
  world_.accepted(cameras_, world_.registration(other, cameras_, key::Purpose::attestation));
  EXPECT_REFUSED(register_model("x", {other.kid()}, 1), key_not_for_signing);
  world_.accepted(cameras_, key::Revoke{first_, key::Reason::compromised});
  EXPECT_REFUSED(register_model("x", {first_}, 1), key_not_active);
}

class FirmwareRules : public ModelRules {
 protected:
  firmware::Release release(std::string_view image, std::uint64_t sequence, std::string_view version = "1.0") {
    return {CameraWorld::camera_model(), TestWorld::id(image), 4096, sequence, version};
  }
  How second_key() { return {.approvers = {&world_.key("release-2")}}; }
  TestKey& signer_ = world_.key("release-1");
};

TEST_F(FirmwareRules, TwoOfThreeKeysRelease) {
  world_.accepted(signer_, release("image", 3), second_key());
  const auto record =
      world_.find<firmware::Record>(path::firmware(CameraWorld::camera_model(), TestWorld::id("image")));
  EXPECT_EQ(record->sequence, 3u);
  EXPECT_EQ(world_.model(CameraWorld::camera_model()).latest, 3u);
}

TEST_F(FirmwareRules, OneStolenKeyReleasesNothing) {
  EXPECT_REFUSED(world_.say(signer_, release("image", 1)), missing_approvals);
  // Keys of the vendor that are no release keys do not count, nor do other members'.
  EXPECT_REFUSED(world_.say(signer_, release("image", 1), {.approvers = {&cameras_, &world_.key("city")}}),
                 missing_approvals);
  EXPECT_REFUSED(world_.say(cameras_, release("image", 1), second_key()), not_entitled);
}

TEST_F(FirmwareRules, RevokedReleaseKeyDoesNotCount) {
  world_.accepted(cameras_, key::Revoke{second_, key::Reason::compromised});
  EXPECT_REFUSED(world_.say(signer_, release("image", 1), second_key()), missing_approvals);
}

TEST_F(FirmwareRules, RotatedReleaseKeyLeavesItsPlaceToItsSuccessor) {
  auto& next = world_.new_member_key("release-1-next", "cameras");
  world_.accepted(signer_, key::Rotate{next.key(), world_.possession(next, signer_)});
  EXPECT_REFUSED(world_.say(next, release("image", 1), second_key()),
                 key_not_active);  // until the veto time has passed
  world_.pass(60'000);
  EXPECT_REFUSED(world_.say(signer_, release("image", 1), second_key()), key_not_active);
  EXPECT_REFUSED(world_.say(next, release("image", 1)), missing_approvals);
  EXPECT_TRUE(world_.say(next, release("image", 1), second_key()).accepted());
  auto& third = world_.new_member_key("release-1-third", "cameras");
  world_.accepted(next, key::Rotate{third.key(), world_.possession(third, next)});
  world_.pass(60'000);
  EXPECT_TRUE(world_.say(third, release("other", 2), second_key()).accepted());
}

TEST_F(FirmwareRules, SequenceGrowsAndAHashStandsForOneRelease) {
  EXPECT_REFUSED(world_.say(signer_, release("image", 0), second_key()), not_increasing);
  world_.accepted(signer_, release("image", 2), second_key());
  EXPECT_REFUSED(world_.say(signer_, release("other", 2), second_key()), not_increasing);
  EXPECT_REFUSED(world_.say(signer_, release("image", 3), second_key()), already_registered);
  world_.accepted(signer_, release("other", 3), second_key());
}

TEST_F(FirmwareRules, VersionIsShortPrintableAscii) {
  EXPECT_REFUSED(world_.say(signer_, release("image", 1, ""), second_key()), malformed_body);
  EXPECT_REFUSED(world_.say(signer_, release("image", 1, "1.0\n"), second_key()), malformed_body);
  EXPECT_REFUSED(world_.say(signer_,
                            release("image", 1,
                                    "\xe2\x80\xae"
                                    "1.0"),
                            second_key()),
                 malformed_body);
  EXPECT_REFUSED(world_.say(signer_, release("image", 1, std::string(65, '1')), second_key()), malformed_body);
}

TEST_F(FirmwareRules, FloorGrowsUpToTheNewestRelease) {
  world_.accepted(signer_, release("image", 5), second_key());
  const auto floor = [&](std::uint64_t sequence) {
    return world_.say(signer_, firmware::Floor{CameraWorld::camera_model(), sequence}, second_key());
  };
  EXPECT_REFUSED(world_.say(signer_, firmware::Floor{CameraWorld::camera_model(), 4}), missing_approvals);
  EXPECT_REFUSED(floor(6), not_increasing);
  EXPECT_TRUE(floor(4).accepted());
  EXPECT_REFUSED(floor(4), not_increasing);
  EXPECT_REFUSED(floor(3), not_increasing);
  EXPECT_EQ(world_.model(CameraWorld::camera_model()).floor, 4u);
}

TEST_F(FirmwareRules, ModelMustExistAndHaveReleaseKeys) {
  EXPECT_REFUSED(world_.say(signer_, firmware::Floor{TestWorld::id("none"), 1}), not_registered);
  EXPECT_REFUSED(world_.say(signer_, firmware::Release{CameraWorld::board_model(), TestWorld::id("image"), 1, 1, "1"}),
                 not_entitled);
}

}  // namespace
}  // namespace mikusari::ledger
