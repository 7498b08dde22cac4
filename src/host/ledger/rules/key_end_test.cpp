// SPDX-License-Identifier: Apache-2.0
// How keys end, for a while or for ever: veto, revocation, freezing and thawing.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

constexpr std::uint64_t veto_ms = 7 * day_ms;

// chips demands two of four keys, lab three of three; city has two keys and clinic one.
TestOptions with_keys() {
  TestOptions out;
  out.members[0].k = 2;
  out.members[0].further_keys = {"chips-2", "chips-3", "chips-4"};
  out.members[2].further_keys = {"city-2"};
  out.members[4].k = 3;
  out.members[4].further_keys = {"lab-2", "lab-3"};
  return out;
}

class KeyEnds : public ::testing::Test {
 protected:
  BodyFate veto(TestKey& by, const TestKey& key, std::vector<TestKey*> approvers = {}) {
    return world_.say(by, key::Veto{key.kid()}, {.approvers = std::move(approvers)});
  }
  BodyFate revoke(TestKey& by, const TestKey& key, std::vector<TestKey*> approvers = {},
                  key::Reason reason = key::Reason::compromised) {
    return world_.say(by, key::Revoke{key.kid(), reason}, {.approvers = std::move(approvers)});
  }
  BodyFate freeze(TestKey& by, const TestKey& key) { return world_.say(by, key::Freeze{key.kid()}); }
  BodyFate thaw(TestKey& by, const TestKey& key, std::vector<TestKey*> approvers = {}) {
    return world_.say(by, key::Thaw{key.kid()}, {.approvers = std::move(approvers)});
  }
  BodyFate speaks(TestKey& key) {
    return world_.say(key, document::Evidence{document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  }
  TestKey& rotated(TestKey& old, std::string_view name, std::uint64_t tenure = 0) {
    auto& key = world_.new_key(name, old.subject());
    world_.accepted(old, key::Rotate{key.key(), world_.possession(key, old, tenure)});
    return key;
  }
  key::State state(const TestKey& key) { return world_.key_record(key.kid()).state; }

  CameraWorld world_{with_keys()};
  TestKey& chips_ = world_.key("chips");
  TestKey& chips_2_ = world_.key("chips-2");
  TestKey& chips_3_ = world_.key("chips-3");
  TestKey& chips_4_ = world_.key("chips-4");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& city_2_ = world_.key("city-2");
  TestKey& clinic_ = world_.key("clinic");
};

// Veto

TEST_F(KeyEnds, AnyOtherKeyOfThePartyVetoesASuccessorButItsPredecessor) {
  auto& next = rotated(city_, "next");
  EXPECT_REFUSED(veto(city_, next), not_entitled);  // whoever stole it would veto for ever
  EXPECT_REFUSED(veto(clinic_, next), not_entitled);
  EXPECT_DONE(veto(city_2_, next));
  EXPECT_EQ(state(next), key::State::frozen);
  EXPECT_EQ(world_.key_record(next.kid()).frozen_by, city_2_.kid());
  EXPECT_REFUSED(veto(city_2_, next), wrong_state);
  world_.pass(veto_ms);
  EXPECT_REFUSED(speaks(next), key_not_active);
}

TEST_F(KeyEnds, VetoComesInTime) {
  auto& next = rotated(city_, "next");
  world_.pass(veto_ms);
  EXPECT_REFUSED(veto(city_2_, next), veto_time_over);
  EXPECT_REFUSED(veto(city_2_, clinic_), veto_time_over);
  EXPECT_REFUSED(world_.say(city_2_, key::Veto{TestWorld::nonce("no key")}), not_registered);
}

TEST_F(KeyEnds, FrozenKeyVetoesAndDoesNothingElse) {
  ASSERT_TRUE(freeze(city_, city_2_).accepted());
  EXPECT_REFUSED(speaks(city_2_), key_not_active);
  EXPECT_REFUSED(freeze(city_2_, city_), key_not_active);
  auto& third = world_.new_member_key("city-3", "city");
  world_.accepted(city_, world_.registration(third, city_));
  EXPECT_DONE(veto(city_2_, third));
}

TEST_F(KeyEnds, OwnerVetoesTheSuccessorOfAThingsKeyAndTheOldKeyGoesOn) {
  const Id camera = world_.camera("camera", {}, "city");
  auto& old = world_.key("camera");
  auto& next = rotated(old, "next", 1);
  EXPECT_REFUSED(veto(cameras_, next), not_owned);
  EXPECT_DONE(veto(city_, next));
  EXPECT_EQ(state(next), key::State::revoked);
  EXPECT_EQ(world_.key_record(next.kid()).reason, key::Reason::vetoed);
  EXPECT_REFUSED(veto(city_, next), wrong_state);
  world_.pass(veto_ms);
  EXPECT_DONE(world_.say(old, device::Activate{camera}));
  auto& again = world_.new_key("again", old.subject());
  EXPECT_DONE(world_.say(old, key::Rotate{again.key(), world_.possession(again, old, 1)}));
}

TEST_F(KeyEnds, VetoTaintsNoPart) {
  const Id sensor = world_.sensor("sensor");
  auto& next = rotated(world_.key("sensor"), "next", 1);  // by whoever has copied the key
  EXPECT_DONE(veto(cameras_, next));
  EXPECT_FALSE(world_.part(sensor).revoked.value);
  EXPECT_DONE(revoke(cameras_, world_.key("sensor")));
  EXPECT_TRUE(world_.part(sensor).revoked.value);
}

// Revocation

TEST_F(KeyEnds, ThingsKeyIsRevokedByItsOwnerOrByItself) {
  const Id one = world_.camera("one", {}, "city"), two = world_.camera("two", {}, "city");
  for (auto* stranger : {&cameras_, &clinic_, &world_.key("two")})
    EXPECT_REFUSED(revoke(*stranger, world_.key("one")), not_owned);
  EXPECT_REFUSED(revoke(city_, world_.key("one"), {}, key::Reason::vetoed), malformed_body);
  EXPECT_DONE(revoke(city_, world_.key("one")));
  EXPECT_REFUSED(revoke(city_, world_.key("one")), wrong_state);
  EXPECT_REFUSED(world_.say(world_.key("one"), device::Activate{one}), key_not_active);
  EXPECT_DONE(revoke(world_.key("two"), world_.key("two")));
  EXPECT_TRUE(world_.device(two).keys.empty());
  EXPECT_REFUSED(revoke(city_, world_.key("recovery-1")), key_not_for_signing);
}

TEST_F(KeyEnds, PartysKeyIsRevokedByAsManyOthersAsItDemandsTwoAtLeast) {
  EXPECT_REFUSED(revoke(chips_, chips_4_), missing_approvals);
  EXPECT_REFUSED(revoke(chips_, chips_4_, {&chips_4_}), missing_approvals);  // it is not another
  EXPECT_REFUSED(revoke(chips_, chips_4_, {&cameras_}), missing_approvals);
  EXPECT_DONE(revoke(chips_, chips_4_, {&chips_2_}));
  // The city demands one, and one key alone ends no other.
  EXPECT_REFUSED(revoke(city_, city_2_), missing_approvals);
  // Three are demanded, and there are two others.
  EXPECT_REFUSED(revoke(world_.key("lab"), world_.key("lab-3"), {&world_.key("lab-2")}), missing_approvals);
  EXPECT_REFUSED(revoke(clinic_, chips_3_), not_owned);
}

TEST_F(KeyEnds, KeyEndsItselfAlone) {
  EXPECT_DONE(revoke(city_2_, city_2_));
  EXPECT_REFUSED(speaks(city_2_), key_not_active);
  const auto entries = world_.state().entries(path::list(city_.subject().id, list::Kind::keys));
  EXPECT_EQ(entries.back().what, city_2_.kid());
  EXPECT_EQ(entries.back().change, list::Change::ended);
}

TEST_F(KeyEnds, KDoesNotExceedTheLiving) {
  auto &lab = world_.key("lab"), &lab_2 = world_.key("lab-2"), &lab_3 = world_.key("lab-3");
  ASSERT_TRUE(revoke(lab_3, lab_3).accepted());
  auto& next = world_.new_member_key("lab-4", "lab");
  EXPECT_REFUSED(world_.say(lab, world_.registration(next, lab)), missing_approvals);
  EXPECT_DONE(world_.say(lab, world_.registration(next, lab), {.approvers = {&lab_2}}));
}

TEST_F(KeyEnds, RevocationTakesAWaitingSuccessorAlong) {
  auto& next = rotated(chips_4_, "next");
  EXPECT_DONE(revoke(chips_, chips_4_, {&chips_2_}));
  EXPECT_EQ(state(next), key::State::revoked);
  const auto entries = world_.state().entries(path::list(chips_.subject().id, list::Kind::keys));
  EXPECT_EQ(entries.back().what, next.kid());
  EXPECT_EQ(entries.back().change, list::Change::ended);
  for (const auto entry : world_.member("chips").keys) EXPECT_NE(entry.key, next.kid());
}

TEST_F(KeyEnds, PredecessorGoesOnWhenTheSuccessorIsRevokedInTime) {
  auto& next = rotated(chips_4_, "next");
  EXPECT_DONE(revoke(chips_, next, {&chips_2_}));
  world_.pass(veto_ms);
  EXPECT_DONE(speaks(chips_4_));
  EXPECT_FALSE(world_.key_record(chips_4_.kid()).replaced_by.has_value());
}

TEST_F(KeyEnds, SuccessorThatSpeaksOutlivesItsPredecessor) {
  auto& next = rotated(chips_4_, "next");
  world_.pass(veto_ms);
  EXPECT_REFUSED(speaks(chips_4_), key_not_active);
  EXPECT_DONE(revoke(chips_, chips_4_, {&chips_2_}));
  EXPECT_DONE(speaks(next));
}

TEST_F(KeyEnds, RevokingTheSuccessorLaterDoesNotBringThePredecessorBack) {
  auto& next = rotated(chips_4_, "next");
  world_.pass(veto_ms);
  EXPECT_DONE(revoke(chips_, next, {&chips_2_}));
  EXPECT_REFUSED(speaks(chips_4_), key_not_active);
}

TEST_F(KeyEnds, LastWeightedKeyOfALedgerCannotGo) {
  TestOptions options;
  options.members = {{"one", {Role::maker}}, {"two", {}, 0}};
  TestWorld world(options);
  auto &one = world.key("one"), &two = world.key("two");
  EXPECT_REFUSED(world.say(one, key::Revoke{one.kid(), key::Reason::compromised}), would_orphan_ledger);
  EXPECT_DONE(world.say(two, key::Revoke{two.kid(), key::Reason::compromised}));
  EXPECT_EQ(world.find<LedgerRecord>(path::ledger())->voting_weight, 1U);
}

TEST_F(KeyEnds, MemberWithoutALivingKeyVotesNoMore) {
  ASSERT_TRUE(revoke(clinic_, clinic_).accepted());
  const auto record = world_.find<LedgerRecord>(path::ledger());
  EXPECT_EQ(record->voting_weight, 5U);
  EXPECT_EQ(record->total_weight, 6U);
}

// Freezing

TEST_F(KeyEnds, AnyOtherKeyOfThePartyFreezesAlone) {
  EXPECT_REFUSED(freeze(city_, city_), wrong_state);
  EXPECT_REFUSED(freeze(clinic_, city_), not_entitled);
  world_.camera("camera", {}, "city");
  EXPECT_REFUSED(freeze(city_, world_.key("camera")), wrong_state);
  EXPECT_DONE(freeze(city_2_, city_));
  EXPECT_REFUSED(freeze(city_2_, city_), wrong_state);
  EXPECT_REFUSED(speaks(city_), key_not_active);
  EXPECT_REFUSED(world_.say(city_, world_.registration(world_.new_member_key("x", "city"), city_)), key_not_active);
}

TEST_F(KeyEnds, FrozenKeysStillCountAndTogetherEndTheOneThatFrozeThem) {
  ASSERT_TRUE(freeze(chips_4_, chips_).accepted());
  ASSERT_TRUE(freeze(chips_4_, chips_2_).accepted());
  ASSERT_TRUE(freeze(chips_4_, chips_3_).accepted());
  EXPECT_REFUSED(world_.say(chips_4_, world_.registration(world_.new_member_key("x", "chips"), chips_4_)),
                 missing_approvals);
  EXPECT_REFUSED(revoke(chips_, chips_4_), missing_approvals);
  EXPECT_DONE(revoke(chips_, chips_4_, {&chips_2_}));
  // Those that have ended it speak again; the third is thawed by them.
  EXPECT_DONE(speaks(chips_));
  EXPECT_DONE(speaks(chips_2_));
  EXPECT_REFUSED(speaks(chips_3_), key_not_active);
  EXPECT_DONE(thaw(chips_, chips_3_, {&chips_2_}));
  EXPECT_DONE(speaks(chips_3_));
}

TEST_F(KeyEnds, FrozenKeyEndsNoKeyOfAThingAlone) {
  world_.camera("camera", {}, "city");
  ASSERT_TRUE(freeze(city_, city_2_).accepted());
  EXPECT_REFUSED(revoke(city_2_, world_.key("camera")), missing_approvals);
  EXPECT_REFUSED(revoke(city_2_, world_.key("camera"), {&clinic_}), missing_approvals);
  EXPECT_DONE(revoke(city_2_, world_.key("camera"), {&city_}));
}

TEST_F(KeyEnds, PredecessorCannotFreezeTheSuccessorThatWaits) {
  // Whoever stole the key would freeze every successor of it, and the party's only key would end.
  auto& next = rotated(clinic_, "next");
  EXPECT_REFUSED(freeze(clinic_, next), not_entitled);
  world_.pass(veto_ms);
  EXPECT_DONE(speaks(next));
}

// Thawing

TEST_F(KeyEnds, OthersThawAndTheOneThatFrozeIsFrozen) {
  EXPECT_REFUSED(thaw(chips_, chips_4_, {&chips_2_}), wrong_state);
  ASSERT_TRUE(freeze(chips_3_, chips_4_).accepted());
  EXPECT_REFUSED(thaw(chips_, chips_4_), missing_approvals);
  EXPECT_REFUSED(thaw(chips_4_, chips_4_, {&chips_}), missing_approvals);
  EXPECT_REFUSED(thaw(clinic_, chips_4_), not_entitled);
  EXPECT_DONE(thaw(chips_, chips_4_, {&chips_2_}));
  EXPECT_DONE(speaks(chips_4_));
  EXPECT_REFUSED(speaks(chips_3_), key_not_active);
  EXPECT_EQ(world_.key_record(chips_3_.kid()).frozen_by, chips_4_.kid());
}

TEST_F(KeyEnds, ThawOverridesAVeto) {
  auto& next = rotated(chips_4_, "next");
  ASSERT_TRUE(veto(chips_3_, next).accepted());
  EXPECT_DONE(thaw(chips_, next, {&chips_2_}));
  EXPECT_EQ(state(chips_3_), key::State::frozen);
  world_.pass(veto_ms);
  EXPECT_DONE(speaks(next));
}

TEST_F(KeyEnds, LastVotingKeyDoesNotEndWhileTheOthersAreFrozen) {
  TestOptions options;
  options.members = {{"one", {Role::maker}, 1, 1, {"one-2"}}};
  TestWorld world(options);
  auto &one = world.key("one"), &two = world.key("one-2");
  EXPECT_DONE(world.say(one, key::Freeze{two.kid()}));
  EXPECT_REFUSED(world.say(one, key::Revoke{one.kid(), key::Reason::compromised}), would_orphan_ledger);
}

TEST_F(KeyEnds, SuspendedPartyStillGuardsItsKeys) {
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, chips_.subject().id),
                     {"cameras", "city", "clinic", "notary"})
                  .accepted());
  auto& next = rotated(chips_3_, "next");
  EXPECT_DONE(veto(chips_4_, next));
  EXPECT_DONE(freeze(chips_, chips_4_));
  EXPECT_DONE(thaw(chips_2_, chips_4_, {&chips_3_}));
  EXPECT_DONE(revoke(chips_2_, chips_, {&chips_3_}));
}

}  // namespace
}  // namespace mikusari::ledger
