// SPDX-License-Identifier: Apache-2.0
// How keys begin: registration and rotation.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

constexpr std::uint64_t veto_ms = 7 * day_ms;

// chips demands two of its three keys; city has one.
TestOptions with_three_keys() {
  TestOptions out;
  out.members[0].k = 2;
  out.members[0].further_keys = {"chips-2", "chips-3"};
  return out;
}

class KeyRules : public ::testing::Test {
 protected:
  key::Rotate rotation(TestKey& old, TestKey& successor, std::uint64_t tenure = 0) {
    return {successor.key(), world_.possession(successor, old, tenure)};
  }
  TestKey& key_of_device(std::string_view name, const Id& device, key::Purpose purpose = key::Purpose::wallet) {
    return world_.new_key(name, subject_of_device(device), purpose);
  }
  // Does the key sign an ordinary statement now?
  BodyFate speaks(TestKey& key) {
    return world_.say(key, document::Evidence{document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  }
  std::optional<key::Entry> entry(const Handle& party, const TestKey& key) {
    for (const auto each : world_.party(party).keys) {
      if (each.key == key.kid()) return each;
    }
    return std::nullopt;
  }

  CameraWorld world_{with_three_keys()};
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
};

// Registration

TEST_F(KeyRules, PartysNewKeyWaitsForTheVetoTime) {
  auto& second = world_.new_member_key("city-2", "city");
  const auto now = world_.time_ms();
  EXPECT_DONE(world_.say(city_, world_.registration(second, city_)));
  ASSERT_TRUE(entry(city_.subject().id, second).has_value());
  EXPECT_EQ(entry(city_.subject().id, second)->from_ms.value, now + veto_ms);
  EXPECT_REFUSED(speaks(second), key_not_active);
  world_.pass(now + veto_ms - world_.time_ms() - 1);
  EXPECT_REFUSED(speaks(second), key_not_active);
  EXPECT_DONE(speaks(second));
}

TEST_F(KeyRules, KeySpeaksFromTheBlockAfterItsRegistration) {
  const Id camera = world_.camera("camera", {});
  auto& key = key_of_device("second", camera);
  const auto statement = world_.submission(key, std::vector{device::Activate{camera}});
  const auto registration = world_.submission(cameras_, std::vector{world_.registration(key, cameras_)});
  EXPECT_EQ(world_.door(statement).error().code(), Code::unauthenticated);
  world_.block({registration});
  EXPECT_TRUE(world_.door(statement).has_value());
}

TEST_F(KeyRules, PartyRegistersItsOwnKeysOnly) {
  EXPECT_REFUSED(world_.say(clinic_, world_.registration(world_.new_member_key("x", "city"), clinic_)), not_entitled);
  const Id camera = world_.camera("camera", {}, "city");
  EXPECT_REFUSED(
      world_.say(world_.key("camera"), world_.registration(world_.new_member_key("y", "city"), world_.key("camera"))),
      not_entitled);
  auto& third = key_of_device("third", camera);
  const auto tenure = world_.device(camera).tenure.value;
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(third, cameras_, tenure)), not_owned);
  EXPECT_REFUSED(world_.say(world_.key("camera"), world_.registration(third, world_.key("camera"), tenure)), not_owned);
  EXPECT_DONE(world_.say(city_, world_.registration(third, city_, tenure)));
  EXPECT_REFUSED(world_.say(city_, world_.registration(key_of_device("of none", world_.id("city", "none")), city_)),
                 not_registered);
}

TEST_F(KeyRules, AsManyKeysMustSignAsThePartyDemands) {
  auto& next = world_.new_member_key("chips-4", "chips");
  const auto body = world_.registration(next, chips_);
  EXPECT_REFUSED(world_.say(chips_, body), missing_approvals);
  // Another party's key is none of its own.
  EXPECT_REFUSED(world_.say(chips_, body, {.approvers = {&city_}}), missing_approvals);
  // One that waits does not count yet.
  ASSERT_TRUE(world_.say(chips_, body, {.approvers = {&world_.key("chips-2")}}).accepted());
  auto& fifth = world_.new_member_key("chips-5", "chips");
  EXPECT_REFUSED(world_.say(chips_, world_.registration(fifth, chips_), {.approvers = {&next}}), missing_approvals);
  // What is registered for a thing takes one.
  const Id part = world_.cell("cell", "chips");
  EXPECT_DONE(world_.say(chips_, world_.registration(world_.new_key("k", subject_of_part(part)), chips_)));
}

TEST_F(KeyRules, PossessionBindsRegistrarSubjectPurposeTenureAndCommitment) {
  auto& key = world_.new_member_key("x", "city");
  const auto good = world_.registration(key, city_);
  auto bad = good;
  bad.possession = world_.possession(key, clinic_);
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  bad.possession = world_.possession(key, city_, 1);
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  bad.possession = world_.possession(key, city_, 0, TestWorld::nonce("somebody"));
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  bad = good;
  bad.purpose = key::Purpose::authentication;
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  bad = good;
  bad.key = world_.new_member_key("y", "city").key();
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  const Id camera = world_.camera("camera", {}, "city");
  key.set_subject(subject_of_device(camera));
  bad = good;
  bad.possession = world_.possession(key, city_);
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  EXPECT_DONE(world_.say(city_, good));
}

TEST_F(KeyRules, ImproperKeyIsRefused) {
  Bytes<32> identity{};
  identity.data[0] = std::byte{1};
  for (const auto& improper : {crypto::PublicKey(crypto::Algorithm::ed25519, identity),
                               crypto::PublicKey(crypto::Algorithm::esp256, Bytes<64>{})}) {
    auto body = world_.registration(world_.new_member_key("k" + std::to_string(world_.time_ms()), "city"), city_);
    body.key = improper;
    EXPECT_REFUSED(world_.say(city_, body), bad_key);
  }
}

TEST_F(KeyRules, SomePurposesAreGivenInOtherWaysOrToOthers) {
  const auto with = [&](TestKey& key) { return world_.say(city_, world_.registration(key, city_, 1)); };
  const Id camera = world_.camera("camera", {}, "city");
  EXPECT_REFUSED(with(world_.new_key("a", city_.subject(), key::Purpose::recovery)), key_not_for_signing);
  EXPECT_REFUSED(with(world_.new_key("b", city_.subject(), key::Purpose::attestation)), key_not_for_signing);
  EXPECT_REFUSED(with(key_of_device("c", camera, key::Purpose::release)), key_not_for_signing);
  EXPECT_REFUSED(with(key_of_device("d", camera, key::Purpose::standby)), key_not_for_signing);
  EXPECT_REFUSED(with(key_of_device("e", camera, key::Purpose::recovery)), key_not_for_signing);
  EXPECT_DONE(with(key_of_device("f", camera, key::Purpose::attestation)));
  EXPECT_DONE(with(key_of_device("g", camera, key::Purpose::identity)));
}

TEST_F(KeyRules, KeyOfAnotherSubjectIsAnAlarmOnBothAndGivesTheSecondNothing) {
  const Id one = world_.camera("one", {}, "city"), two = world_.camera("two", {}, "clinic");
  auto& copied = world_.key("one");
  copied.set_subject(subject_of_device(two));
  const auto rows = world_.state().rows().size();
  const auto fate = world_.say(clinic_, world_.registration(copied, clinic_, 1));
  EXPECT_ALARM(fate);
  EXPECT_EQ(world_.device(one).alarms.value, 1U);
  EXPECT_EQ(world_.device(two).alarms.value, 1U);
  EXPECT_EQ(world_.device(two).keys.size(), 1U);
  EXPECT_EQ(world_.key_record(copied.kid()).subject, subject_of_device(one));
  EXPECT_EQ(world_.device(one).history.count, world_.device(one).life_tree().count + 1);
  EXPECT_EQ(world_.state().rows().size(), rows);
  // Whoever does not hold the key learns nothing of it.
  auto probe = world_.registration(copied, clinic_, 1);
  probe.possession = {};
  EXPECT_REFUSED(world_.say(clinic_, probe), bad_possession);
}

TEST_F(KeyRules, PartyWhoseKeyTurnsUpElsewhereIsNamedToo) {
  const Id camera = world_.camera("camera", {}, "clinic");
  city_.set_subject(subject_of_device(camera));
  const auto body = world_.registration(city_, clinic_, 1);
  city_.set_subject(subject_of_party(world_.handle("city")));
  EXPECT_ALARM(world_.say(clinic_, body));
  EXPECT_EQ(world_.member("city").alarms.value, 1U);
  EXPECT_EQ(world_.device(camera).alarms.value, 1U);
  EXPECT_DONE(speaks(city_));
}

TEST_F(KeyRules, KeyIsListedOnceWithOnePurposeForEver) {
  auto& second = world_.new_member_key("city-2", "city");
  world_.accepted(city_, world_.registration(second, city_));
  EXPECT_REFUSED(world_.say(city_, world_.registration(second, city_)), already_registered);
  auto& other_purpose = world_.new_key("city-2 again", city_.subject(), key::Purpose::authentication);
  const Id camera = world_.camera("camera", {}, "city");
  const auto kid = world_.key("camera").kid();
  EXPECT_EQ(world_.key_record(kid).purpose, key::Purpose::wallet);
  EXPECT_DONE(world_.say(city_, world_.registration(other_purpose, city_)));
  world_.accepted(city_, key::Revoke{kid, key::Reason::superseded});
  EXPECT_REFUSED(world_.say(city_, world_.registration(world_.key("camera"), city_, 1)), key_not_active);
  EXPECT_EQ(world_.device(camera).keys.size(), 0U);
}

TEST_F(KeyRules, PurposeOfAKnownKeyDoesNotChange) {
  const Id camera = world_.camera("camera", {});
  const auto& wallet = world_.key("camera");
  // The same private key, brought for another purpose.
  TestKey same("camera", wallet.subject(), key::Purpose::authentication, crypto::Algorithm::ed25519);
  ASSERT_EQ(same.kid(), wallet.kid());
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(same, cameras_)), key_not_for_signing);
  EXPECT_EQ(world_.device(camera).keys.size(), 1U);
}

TEST_F(KeyRules, NewOwnerConfirmsAKeyWithFreshPossession) {
  const Id camera = world_.camera("camera", {});
  auto& key = world_.key("camera");
  const auto old = world_.registration(key, city_, 0);
  world_.sell(camera, "cameras", "city");
  EXPECT_REFUSED(world_.say(key, device::Activate{camera}), key_not_active);
  EXPECT_REFUSED(world_.say(city_, old), bad_possession);
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(key, cameras_, 1)), not_owned);
  EXPECT_DONE(world_.say(city_, world_.registration(key, city_, 1)));
  EXPECT_DONE(world_.say(key, device::Activate{camera}));
}

TEST_F(KeyRules, PartyAndThingListOnlySoManyKeys) {
  const Id camera = world_.camera("camera", {});
  std::vector<key::Register> bodies;
  for (int i = 0; i < 8; ++i)
    bodies.push_back(world_.registration(key_of_device("k" + std::to_string(i), camera), cameras_));
  auto fates = world_.say_all(cameras_, bodies);
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(fates[i].accepted());
  EXPECT_REFUSED(fates[7], too_many_keys);
  bodies.clear();
  for (int i = 0; i < 16; ++i)
    bodies.push_back(world_.registration(world_.new_member_key("city " + std::to_string(i), "city"), city_));
  fates = world_.say_all(city_, bodies);
  for (int i = 0; i < 14; ++i) EXPECT_TRUE(fates[i].accepted());
  EXPECT_REFUSED(fates[14], too_many_keys);  // the last place is for a key that is brought back
  EXPECT_FALSE(world_.find<key::Record>(path::key(world_.key("city 14").kid())).has_value());
}

TEST_F(KeyRules, WhatIsBeingHandedOverOrHasEndedGetsNoKey) {
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {cell});
  ASSERT_TRUE(world_.offer("cameras", camera, city_.subject().id).accepted());
  auto& of_device = key_of_device("a", camera);
  auto& of_part = world_.new_key("b", subject_of_part(cell));
  const auto tenure = world_.part(cell).tenure.value;
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(of_device, cameras_)), being_handed_over);
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(of_part, cameras_, tenure)), being_handed_over);
  EXPECT_REFUSED(world_.say(world_.key("camera"), rotation(world_.key("camera"), of_device)), being_handed_over);
  EXPECT_DONE(world_.say(cameras_, key::Revoke{world_.key("camera").kid(), key::Reason::compromised}));
  ASSERT_TRUE(world_.retire("cameras", camera).accepted());
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(of_device, cameras_)), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(cameras_, world_.registration(of_part, cameras_, tenure)), retired_or_destroyed);
}

TEST_F(KeyRules, KeyOfAMountedPartSpeaksUnderThisRootInThisTenure) {
  const Id cell = world_.cell("cell"), sensor = world_.sensor("sensor");
  const Id camera = world_.camera("camera", {cell, sensor});
  auto& key = world_.new_key("cell key", subject_of_part(cell));
  world_.accepted(cameras_, world_.registration(key, cameras_, world_.part(cell).tenure.value));
  EXPECT_DONE(speaks(key));
  world_.sell(camera, "cameras", "city");
  EXPECT_REFUSED(speaks(key), key_not_active);
  EXPECT_DONE(speaks(world_.key("sensor")));  // a birth key goes on
  EXPECT_DONE(world_.say(city_, world_.registration(key, city_, world_.part(cell).tenure.value)));
  EXPECT_DONE(speaks(key));
  ASSERT_TRUE(world_.detach("city", camera, cell, {key.kid()}).accepted());
  EXPECT_REFUSED(speaks(key), key_not_active);
}

TEST_F(KeyRules, KeyOfAFreePartIsSilentWhileItIsMounted) {
  const Id cell = world_.cell("cell");
  auto& key = world_.new_key("cell key", subject_of_part(cell));
  world_.accepted(cameras_, world_.registration(key, cameras_, world_.part(cell).tenure.value));
  const Id camera = world_.camera("camera", {});
  ASSERT_TRUE(
      world_.say(cameras_, device::Attach{camera, cell, {}, world_.mount(cell, key, cameras_, camera).proof, {}, {}})
          .accepted());
  EXPECT_REFUSED(speaks(key), key_not_active);
}

TEST_F(KeyRules, SuspendedPartyRegistersNoKeyAndStillRotates) {
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, city_.subject().id),
                     {"cameras", "clinic", "lab", "notary"})
                  .accepted());
  auto& second = world_.new_member_key("city-2", "city");
  EXPECT_REFUSED(world_.say(city_, world_.registration(second, city_)), suspended);
  EXPECT_DONE(world_.say(city_, rotation(city_, second)));
}

// Rotation

TEST_F(KeyRules, SuccessorTakesOverWhenTheVetoTimeHasPassed) {
  auto& second = world_.new_member_key("city-2", "city");
  EXPECT_REFUSED(world_.say(city_, rotation(clinic_, second)), bad_possession);
  const auto now = world_.time_ms();
  EXPECT_DONE(world_.say(city_, rotation(city_, second)));
  EXPECT_EQ(world_.key_record(city_.kid()).replaced_by, second.kid());
  EXPECT_EQ(world_.key_record(second.kid()).replaces, city_.kid());
  EXPECT_EQ(entry(city_.subject().id, city_)->until_ms.value, now + veto_ms);
  EXPECT_DONE(speaks(city_));
  EXPECT_REFUSED(speaks(second), key_not_active);
  world_.pass(veto_ms);
  EXPECT_REFUSED(speaks(city_), key_not_active);
  EXPECT_DONE(speaks(second));
}

TEST_F(KeyRules, OneRotationAtATimeAndOnlyToAFreshKey) {
  auto& second = world_.new_member_key("city-2", "city");
  EXPECT_REFUSED(world_.say(city_, rotation(city_, city_)), key_taken);
  const auto& clinic = clinic_.subject();
  clinic_.set_subject(city_.subject());
  const auto to_clinics = rotation(city_, clinic_);
  clinic_.set_subject(subject_of_party(world_.handle("clinic")));
  EXPECT_ALARM(world_.say(city_, to_clinics));
  EXPECT_EQ(world_.party(clinic.id).alarms.value, 1U);
  EXPECT_EQ(world_.member("city").alarms.value, 1U);
  world_.accepted(city_, rotation(city_, second));
  EXPECT_REFUSED(world_.say(city_, rotation(city_, world_.new_member_key("city-3", "city"))), wrong_state);
  world_.pass(veto_ms);
  EXPECT_DONE(world_.say(second, rotation(second, world_.key("city-3"))));
}

TEST_F(KeyRules, RotationKeepsPurposeLevelAndActivation) {
  const Id camera = world_.camera("camera", {});
  auto& first = key_of_device("first", camera);
  auto body = world_.registration(first, cameras_);
  body.level = key::Level::hardware;
  body.activation = key::Activation::pin;
  body.evidence = TestWorld::nonce("evidence");
  world_.accepted(cameras_, body);
  auto& next = key_of_device("next", camera);
  world_.accepted(first, rotation(first, next));
  const auto record = world_.key_record(next.kid());
  EXPECT_EQ(record.level, key::Level::hardware);
  EXPECT_EQ(record.activation, key::Activation::pin);
  EXPECT_EQ(record.evidence, body.evidence);
  EXPECT_FALSE(record.level_proved.value);
}

TEST_F(KeyRules, ListTellsEachGain) {
  auto& second = world_.new_member_key("city-2", "city");
  world_.accepted(city_, rotation(city_, second));
  const auto entries = world_.state().entries(path::list(city_.subject().id, list::Kind::keys));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].what, city_.kid());
  EXPECT_EQ(entries[1].what, second.kid());
  EXPECT_EQ(entries[1].change, list::Change::gained);
}

TEST_F(KeyRules, PartInARetiredDeviceRotatesNoKey) {
  const Id sensor = world_.sensor("sensor");
  const Id camera = world_.camera("camera", {sensor});
  ASSERT_TRUE(world_.retire("cameras", camera).accepted());
  auto& next = world_.new_key("next", subject_of_part(sensor));
  EXPECT_REFUSED(world_.say(world_.key("sensor"), rotation(world_.key("sensor"), next, 1)), retired_or_destroyed);
}

}  // namespace
}  // namespace mikusari::ledger
