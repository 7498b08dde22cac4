// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

constexpr std::uint64_t veto_ms = 60'000;

class KeyRules : public ::testing::Test {
 protected:
  key::Rotate rotation(TestKey& old, TestKey& successor) {
    return {successor.key(), world_.possession(successor, old)};
  }
  // "city-2", a second key of the member city.
  TestKey& second_key() {
    auto& key = world_.new_member_key("city-2", "city");
    world_.accepted(city_, world_.registration(key, city_));
    return key;
  }

  CameraWorld world_;
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
};

TEST_F(KeyRules, MemberRegistersItsOwnKeysOnly) {
  auto& second = second_key();
  EXPECT_EQ(as_text(world_.key_record(second.kid()).subject.id), "city");
  EXPECT_REFUSED(world_.say(clinic_, world_.registration(world_.new_member_key("x", "city"), clinic_)), not_entitled);
}

TEST_F(KeyRules, KeySpeaksFromTheBlockAfterItsRegistration) {
  auto& second = world_.new_member_key("city-2", "city");
  const auto registration = world_.submission(city_, std::vector{world_.registration(second, city_)});
  const auto statement = world_.submission(second, std::vector{key::Revoke{second.kid(), key::Reason::unspecified}});
  EXPECT_EQ(world_.door(statement).error().code(), Code::unauthenticated);
  world_.block({registration});
  EXPECT_TRUE(world_.door(statement).has_value());
}

TEST_F(KeyRules, KeyIsRegisteredOnceForEver) {
  auto& second = second_key();
  EXPECT_REFUSED(world_.say(city_, world_.registration(second, city_)), key_taken);
  world_.accepted(city_, key::Revoke{second.kid(), key::Reason::superseded});
  EXPECT_REFUSED(world_.say(city_, world_.registration(second, city_)), key_taken);
}

TEST_F(KeyRules, PossessionIsBoundToRegistrarSubjectAndKey) {
  auto& key = world_.new_member_key("x", "city");
  EXPECT_REFUSED(world_.say(city_, world_.registration(key, clinic_)), bad_possession);
  auto registration = world_.registration(key, city_);
  registration.key = world_.new_member_key("y", "city").key();
  EXPECT_REFUSED(world_.say(city_, registration), bad_possession);
}

TEST_F(KeyRules, ImproperKeyIsRefused) {
  Bytes<32> identity{};
  identity.data[0] = std::byte{1};
  EXPECT_REFUSED(
      world_.say(city_,
                 key::Register{{crypto::Algorithm::ed25519, identity}, key::Purpose::wallet, city_.subject(), {}}),
      bad_key);
  EXPECT_REFUSED(
      world_.say(city_,
                 key::Register{{crypto::Algorithm::esp256, Bytes<64>{}}, key::Purpose::wallet, city_.subject(), {}}),
      bad_key);
}

TEST_F(KeyRules, OwnerRegistersKeysOfADeviceUpToEight) {
  const Id camera = world_.camera("camera", {}, "city");
  EXPECT_REFUSED(
      world_.say(world_.key("cameras"),
                 world_.registration(world_.new_thing_key("k", SubjectType::device, camera), world_.key("cameras"))),
      not_entitled);
  for (int i = 1; i < 8; ++i) {
    world_.accepted(
        city_, world_.registration(world_.new_thing_key("k" + std::to_string(i), SubjectType::device, camera), city_,
                                   key::Purpose::authentication));
  }
  EXPECT_EQ(world_.device(camera).keys.size(), 8u);
  auto& ninth = world_.new_thing_key("k8", SubjectType::device, camera);
  EXPECT_REFUSED(world_.say(city_, world_.registration(ninth, city_)), too_many_keys);
  world_.accepted(city_, key::Revoke{world_.key("k1").kid(), key::Reason::superseded});
  world_.accepted(city_, world_.registration(ninth, city_));
}

TEST_F(KeyRules, KeyForAThingThatIsNotThereIsRefused) {
  EXPECT_REFUSED(world_.say(city_, world_.registration(
                                       world_.new_thing_key("a", SubjectType::device, TestWorld::id("none")), city_)),
                 not_registered);
  EXPECT_REFUSED(world_.say(city_, world_.registration(
                                       world_.new_thing_key("b", SubjectType::part, TestWorld::id("none")), city_)),
                 not_registered);
  EXPECT_REFUSED(
      world_.say(city_, world_.registration(world_.new_key("c", {SubjectType::device, as_bytes("short")}), city_)),
      malformed_body);
}

TEST_F(KeyRules, OnlyWalletKeysSign) {
  const Id camera = world_.camera("camera", {});
  auto& key = world_.new_thing_key("k", SubjectType::device, camera);
  auto& cameras = world_.key("cameras");
  world_.accepted(cameras, world_.registration(key, cameras, key::Purpose::attestation));
  EXPECT_EQ(world_.door(world_.submission(key, std::vector{device::Activate{camera}})).error().code(), Code::forbidden);
}

TEST_F(KeyRules, MakerGivesAPartInItsStockOneWalletKey) {
  auto& chips = world_.key("chips");
  const Id part = world_.cell("cell", "chips");
  auto& key = world_.new_thing_key("cell-key", SubjectType::part, part);
  EXPECT_REFUSED(world_.say(chips, world_.registration(key, chips, key::Purpose::attestation)), key_not_for_signing);
  EXPECT_REFUSED(world_.say(city_, world_.registration(key, city_)), not_entitled);
  world_.accepted(chips, custody::Ship{custody::Thing::part, part, "city"});
  EXPECT_REFUSED(world_.say(chips, world_.registration(key, chips)), in_transit);
  world_.accepted(chips, custody::Ship{custody::Thing::part, part, "chips"});
  world_.accepted(chips, world_.registration(key, chips));
  EXPECT_EQ(world_.part(part).key, key.kid());
  EXPECT_REFUSED(world_.say(chips, world_.registration(world_.new_thing_key("second", SubjectType::part, part), chips)),
                 too_many_keys);
}

TEST_F(KeyRules, MakerGivesNoKeyToAPartThatLeft) {
  auto& chips = world_.key("chips");
  const Id part = world_.cell("cell", "city");
  EXPECT_REFUSED(world_.say(chips, world_.registration(world_.new_thing_key("a", SubjectType::part, part), chips)),
                 not_in_custody);
}

TEST_F(KeyRules, RotationTakesEffectAfterTheVetoTime) {
  auto& successor = world_.new_member_key("city-2", "city");
  world_.accepted(city_, rotation(city_, successor));
  EXPECT_REFUSED(world_.say(successor, key::Revoke{city_.kid(), key::Reason::superseded}), key_not_active);
  EXPECT_REFUSED(world_.say(city_, rotation(city_, world_.new_member_key("city-3", "city"))), wrong_state);
  world_.pass(veto_ms);
  EXPECT_REFUSED(world_.say(city_, key::Revoke{successor.kid(), key::Reason::compromised}), key_not_active);
  world_.accepted(successor, rotation(successor, world_.key("city-3")));
}

TEST_F(KeyRules, RotationKeepsPurposeAndSubject) {
  const Id camera = world_.camera("camera", {});
  auto& old = world_.key("camera");
  auto& successor = world_.new_thing_key("camera-2", SubjectType::device, camera);
  world_.accepted(old, rotation(old, successor));
  const auto record = world_.key_record(successor.kid());
  EXPECT_TRUE(record.subject.is(SubjectType::device, camera));
  EXPECT_EQ(record.replaces, old.kid());
  EXPECT_EQ(world_.device(camera).keys.size(), 2u);
  // When the old one has ended, the next change of the keys forgets it.
  world_.pass(veto_ms);
  world_.accepted(successor, rotation(successor, world_.new_thing_key("camera-3", SubjectType::device, camera)));
  EXPECT_FALSE(world_.device(camera).keys.contains(old.kid()));
}

TEST_F(KeyRules, OwnerVetoesTheRotationOfAStolenDeviceKey) {
  const Id camera = world_.camera("camera", {}, "city");
  auto& stolen = world_.key("camera");
  auto& thief = world_.new_thing_key("thief", SubjectType::device, camera);
  world_.accepted(stolen, rotation(stolen, thief));
  EXPECT_REFUSED(world_.say(world_.key("cameras"), key::Veto{thief.kid()}), not_entitled);
  world_.accepted(city_, key::Veto{thief.kid()});
  EXPECT_EQ(world_.key_record(thief.kid()).reason, key::Reason::vetoed);
  EXPECT_FALSE(world_.key_record(stolen.kid()).until_ms.has_value());
  EXPECT_EQ(world_.device(camera).keys.size(), 1u);
  EXPECT_REFUSED(world_.say(city_, key::Veto{thief.kid()}), wrong_state);
  world_.pass(veto_ms);
  EXPECT_REFUSED(world_.say(thief, device::Activate{camera}), key_not_active);
  world_.accepted(stolen, device::Activate{camera});
}

TEST_F(KeyRules, VetoComesBeforeTheSuccessorSpeaks) {
  auto& second = second_key();
  auto& successor = world_.new_member_key("city-3", "city");
  world_.accepted(city_, rotation(city_, successor));
  world_.pass(veto_ms);
  EXPECT_REFUSED(world_.say(second, key::Veto{successor.kid()}), veto_time_over);
}

TEST_F(KeyRules, RotatingKeyCannotVetoItsSuccessorButAnotherOfTheMemberCan) {
  auto& second = second_key();
  auto& successor = world_.new_member_key("city-3", "city");
  world_.accepted(city_, rotation(city_, successor));
  EXPECT_REFUSED(world_.say(city_, key::Veto{successor.kid()}), not_entitled);
  EXPECT_REFUSED(world_.say(second, key::Veto{second.kid()}), wrong_state);
  EXPECT_REFUSED(world_.say(second, key::Veto{TestWorld::id("none")}), not_registered);
  world_.accepted(second, key::Veto{successor.kid()});
}

TEST_F(KeyRules, RevokedKeyNeverSpeaksAgain) {
  auto& second = second_key();
  world_.accepted(second, key::Revoke{second.kid(), key::Reason::compromised});
  EXPECT_REFUSED(world_.say(second, key::Revoke{city_.kid(), key::Reason::compromised}), key_not_active);
  EXPECT_REFUSED(world_.say(city_, key::Revoke{second.kid(), key::Reason::compromised}), wrong_state);
}

TEST_F(KeyRules, RevocationStopsLaterStatementsOfTheSameBlock) {
  auto& second = second_key();
  const auto revoke = world_.submission(city_, std::vector{key::Revoke{second.kid(), key::Reason::compromised}});
  const auto act = world_.submission(second, std::vector{key::Revoke{city_.kid(), key::Reason::compromised}});
  const auto fates = world_.block({revoke, act});
  EXPECT_TRUE(fates[0].bodies[0].accepted());
  EXPECT_REFUSED(fates[1].bodies[0], key_not_active);
}

TEST_F(KeyRules, RevokingAKeyRevokesTheSuccessorThatWaits) {
  auto& second = second_key();
  auto& thief = world_.new_member_key("thief", "city");
  world_.accepted(city_, rotation(city_, thief));
  world_.accepted(second, key::Revoke{city_.kid(), key::Reason::compromised});
  EXPECT_EQ(world_.key_record(thief.kid()).state, key::State::revoked);
  world_.pass(veto_ms);
  EXPECT_REFUSED(world_.say(thief, key::Revoke{second.kid(), key::Reason::compromised}), key_not_active);
}

TEST_F(KeyRules, RevokingASuccessorThatWaitsLetsItsPredecessorGoOn) {
  auto& successor = world_.new_member_key("city-2", "city");
  world_.accepted(city_, rotation(city_, successor));
  world_.accepted(city_, key::Revoke{successor.kid(), key::Reason::unspecified});
  world_.pass(veto_ms);
  world_.accepted(city_, rotation(city_, world_.new_member_key("city-3", "city")));
}

TEST_F(KeyRules, StrangersRevokeNothing) {
  EXPECT_REFUSED(world_.say(clinic_, key::Revoke{city_.kid(), key::Reason::compromised}), not_entitled);
  EXPECT_REFUSED(world_.say(clinic_, key::Revoke{TestWorld::id("none"), key::Reason::compromised}), not_registered);
  EXPECT_REFUSED(world_.say(city_, key::Revoke{city_.kid(), key::Reason::vetoed}), malformed_body);
}

TEST_F(KeyRules, OwnerRevokesAPartsKeyAndVetoesItsRotation) {
  const Id sensor = world_.sensor("sensor");
  const Id camera = world_.camera("camera", {sensor}, "city");
  auto& part_key = world_.key("sensor");
  auto& thief = world_.new_thing_key("thief", SubjectType::part, sensor);
  world_.accepted(part_key, rotation(part_key, thief));
  EXPECT_EQ(world_.part(sensor).key, thief.kid());
  EXPECT_REFUSED(world_.say(world_.key("cameras"), key::Veto{thief.kid()}), not_entitled);
  world_.accepted(city_, key::Veto{thief.kid()});
  EXPECT_EQ(world_.part(sensor).key, part_key.kid());
  EXPECT_REFUSED(world_.say(world_.key("chips"), key::Revoke{part_key.kid(), key::Reason::compromised}), not_entitled);
  world_.accepted(city_, key::Revoke{part_key.kid(), key::Reason::compromised});
  EXPECT_EQ(world_.device(camera).children.size(), 1u);
}

TEST_F(KeyRules, RevokingAKeyThatEndedLongAgoLeavesTheTombstoneAsItIs) {
  const Id camera = world_.camera("camera", {}, "city");
  auto& old = world_.key("camera");
  auto& successor = world_.new_thing_key("camera-2", SubjectType::device, camera);
  world_.accepted(old, rotation(old, successor));
  world_.pass(veto_ms);
  world_.accepted(successor, rotation(successor, world_.new_thing_key("camera-3", SubjectType::device, camera)));
  world_.retire(camera);
  ASSERT_TRUE(world_.destroy(camera).accepted());
  const auto seq = world_.device(camera).seq;
  world_.accepted(city_, key::Revoke{old.kid(), key::Reason::compromised});
  EXPECT_EQ(world_.device(camera).seq, seq);
}

TEST_F(KeyRules, DeviceRevokesItsOwnKeyOnly) {
  world_.camera("camera", {});
  auto& key = world_.key("camera");
  EXPECT_REFUSED(world_.say(key, key::Revoke{city_.kid(), key::Reason::compromised}), not_entitled);
  world_.accepted(key, key::Revoke{key.kid(), key::Reason::compromised});
  EXPECT_TRUE(world_.device(TestWorld::id("camera")).keys.empty());
}

}  // namespace
}  // namespace mikusari::ledger
