// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

class PartyRules : public ::testing::Test {
 protected:
  // An opening of alice by city, with these choices and not yet said.
  party::Open opening(std::string_view name, party::Recovery recovery = party::Recovery::none) {
    TestKey* key = nullptr;
    auto body = world_.opening(name, "city", key);
    body.recovery = recovery;
    world_.prove(body, *key, city_);
    return body;
  }
  // With a standby key called "<name>-standby".
  party::Open opening_with_standby(std::string_view name) {
    auto body = opening(name, party::Recovery::standby);
    auto& standby = world_.new_key(std::string(name) + "-standby", world_.key(name).subject(), key::Purpose::standby);
    world_.prove(body, world_.key(name), city_, &standby);
    return body;
  }
  TestKey& opened(const party::Open& body, std::string_view name) {
    world_.accepted(city_, body);
    return world_.key(name);
  }
  Handle handle(std::string_view name) { return world_.key(name).subject().id; }
  party::Record record(std::string_view name) { return world_.party(handle(name)); }
  // A new wallet key for the party, brought by `by`.
  BodyFate recover(TestKey& by, std::string_view party, std::string_view name) {
    auto& key = world_.new_key(name, world_.key(party).subject());
    return world_.say(by, party::Recover{handle(party), key.key(), world_.possession(key, by)});
  }
  BodyFate speaks(TestKey& key) {
    return world_.say(key, document::Evidence{document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  }
  BodyFate move(TestKey& by, const TestKey& to, std::vector<TestKey*> approvers) {
    return world_.say(by, party::Move{to.subject().id}, {.approvers = std::move(approvers)});
  }
  std::vector<list::Entry> vouched_for(const TestKey& registrar) {
    return world_.state().entries(path::list(registrar.subject().id, list::Kind::parties));
  }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
};

// Opening

TEST_F(PartyRules, RegistrarOpensAPartyThatHoldsItsKey) {
  auto body = opening("alice");
  EXPECT_REFUSED(world_.say(chips_, body), missing_role);
  EXPECT_REFUSED(world_.say(clinic_, body), bad_possession);  // under clinic the handle is another
  auto bad = body;
  bad.commitment = TestWorld::nonce("somebody else");
  EXPECT_REFUSED(world_.say(city_, bad), bad_possession);
  EXPECT_DONE(world_.say(city_, body));
  const auto alice = record("alice");
  EXPECT_EQ(alice.registrar, city_.subject().id);
  EXPECT_FALSE(alice.name.has_value());
  EXPECT_EQ(alice.k, 1U);
  EXPECT_EQ(vouched_for(city_).back().what, handle("alice"));
  EXPECT_REFUSED(world_.say(city_, body), already_registered);
  EXPECT_DONE(speaks(world_.key("alice")));
}

TEST_F(PartyRules, TakenKeyIsAnAlarmAndOpensNoParty) {
  world_.open_party("alice", "city");
  auto& key = world_.key("alice");
  const Subject alice = key.subject();
  const Handle second = names::party(world_.ledger(), city_.subject().id, key.kid(), TestWorld::nonce("second"));
  key.set_subject(subject_of_party(second));
  party::Open body;
  body.nonce = TestWorld::nonce("second");
  body.key = key.key();
  body.recovery = party::Recovery::none;
  world_.prove(body, key, city_);
  key.set_subject(alice);
  EXPECT_ALARM(world_.say(city_, body));
  EXPECT_FALSE(world_.find<party::Record>(path::party(second)).has_value());
  EXPECT_EQ(record("alice").alarms.value, 1U);
}

TEST_F(PartyRules, StandbyKeyComesWithTheChoiceOfIt) {
  auto body = opening("alice", party::Recovery::standby);
  EXPECT_REFUSED(world_.say(city_, body), malformed_body);
  auto& standby = world_.new_key("standby", world_.key("alice").subject(), key::Purpose::standby);
  body.standby = standby.key();
  EXPECT_REFUSED(world_.say(city_, body), malformed_body);
  body.recovery = party::Recovery::none;
  EXPECT_REFUSED(world_.say(city_, body), malformed_body);
  auto& alice = world_.key("alice");
  world_.prove(body, alice, city_, &standby);
  EXPECT_REFUSED(world_.say(city_, body), malformed_body);
  body.recovery = party::Recovery::standby;
  auto taken = body;
  TestKey own("alice", alice.subject(), key::Purpose::standby, crypto::Algorithm::ed25519);
  world_.prove(taken, alice, city_, &own);
  EXPECT_REFUSED(world_.say(city_, taken), key_not_for_signing);
  TestKey of_clinic("clinic", alice.subject(), key::Purpose::standby, crypto::Algorithm::ed25519);
  world_.prove(taken, alice, city_, &of_clinic);
  EXPECT_REFUSED(world_.say(city_, taken), key_taken);
  world_.prove(body, alice, city_, &standby);
  EXPECT_DONE(world_.say(city_, body));
  EXPECT_EQ(record("alice").keys.size(), 2U);
}

TEST_F(PartyRules, RegistrarOpensOnlySoManyADay) {
  TestOptions options;
  options.parameters.openings_day = 2;
  TestWorld world(options);
  auto& city = world.key("city");
  TestKey* key = nullptr;
  EXPECT_DONE(world.say(city, world.opening("a", "city", key)));
  EXPECT_DONE(world.say(city, world.opening("b", "city", key)));
  const auto third = world.opening("c", "city", key);
  EXPECT_REFUSED(world.say(city, third), over_quota);
  EXPECT_DONE(world.say(world.key("clinic"), world.opening("d", "clinic", key)));  // each its own
  world.pass(day_ms);
  EXPECT_DONE(world.say(city, third));
}

TEST_F(PartyRules, QuorumThatAnOwnerStatesFits) {
  auto& alice = opened(opening("alice"), "alice");
  const auto amend = [&](std::vector<Handle> quorum, std::uint64_t threshold, std::uint64_t wait) {
    party::Amend body;
    body.force = party::Force{{std::span<const Handle>(quorum)}, threshold, wait};
    return world_.say(alice, body);
  };
  const Handle chips = chips_.subject().id, city = city_.subject().id;
  EXPECT_REFUSED(amend({chips, city}, 0, 90 * day_ms), bad_threshold);
  EXPECT_REFUSED(amend({chips, city}, 3, 90 * day_ms), bad_threshold);
  EXPECT_REFUSED(amend({chips, chips}, 2, 90 * day_ms), bad_threshold);
  EXPECT_REFUSED(amend({chips, TestWorld::nonce("nobody")}, 2, 90 * day_ms), not_registered);
  EXPECT_REFUSED(amend({chips, city}, 2, 89 * day_ms), bad_parameter);
  EXPECT_REFUSED(amend({chips, city}, 2, 4000 * day_ms), bad_parameter);
  EXPECT_DONE(amend({chips, city}, 2, 90 * day_ms));
  auto body = opening("bob");
  const std::vector quorum{chips};
  body.force = party::Force{{std::span(quorum)}, 1, day_ms};
  world_.prove(body, world_.key("bob"), city_);
  EXPECT_REFUSED(world_.say(city_, body), bad_parameter);
}

// Suspension, moving, closing

TEST_F(PartyRules, OnlyItsRegistrarSuspendsAPartyAndExitsStay) {
  auto& alice = opened(opening("alice"), "alice");
  const Id camera = world_.camera("camera", {});
  world_.hand_over(Type::device, camera, cameras_, alice);
  EXPECT_REFUSED(world_.say(clinic_, party::Suspend{handle("alice")}), not_entitled);
  EXPECT_REFUSED(world_.say(alice, party::Suspend{handle("alice")}), not_entitled);
  EXPECT_REFUSED(world_.say(city_, party::Suspend{clinic_.subject().id}), not_entitled);
  EXPECT_REFUSED(world_.say(city_, party::Suspend{handle("alice"), false}), wrong_state);
  EXPECT_DONE(world_.say(city_, party::Suspend{handle("alice")}));
  EXPECT_REFUSED(world_.say(city_, party::Suspend{handle("alice")}), wrong_state);
  EXPECT_REFUSED(speaks(alice), suspended);
  EXPECT_REFUSED(world_.offer("cameras", world_.camera("other", {}), handle("alice")), suspended);
  EXPECT_DONE(
      world_.say(alice, ownership::Offer{Type::device, camera, chips_.subject().id, world_.device(camera).title}));
  EXPECT_DONE(world_.say(alice, ownership::Cancel{Type::device, camera}));
  EXPECT_DONE(world_.say(city_, party::Suspend{handle("alice"), false}));
  EXPECT_DONE(speaks(alice));
}

TEST_F(PartyRules, PartyMovesToARegistrarWhoTakesItAlsoWhileSuspended) {
  auto& alice = opened(opening("alice"), "alice");
  EXPECT_REFUSED(move(alice, clinic_, {}), missing_approvals);
  EXPECT_REFUSED(move(alice, clinic_, {&city_}), missing_approvals);
  EXPECT_REFUSED(move(alice, chips_, {&chips_}), missing_approvals);  // no registrar
  EXPECT_REFUSED(move(alice, city_, {&city_}), already_said);
  EXPECT_REFUSED(move(cameras_, clinic_, {&clinic_}), not_entitled);  // a member
  ASSERT_TRUE(world_.say(city_, party::Suspend{handle("alice")}).accepted());
  EXPECT_DONE(move(alice, clinic_, {&clinic_}));
  EXPECT_EQ(record("alice").registrar, clinic_.subject().id);
  EXPECT_DONE(speaks(alice));
  EXPECT_EQ(vouched_for(city_).back().change, list::Change::ended);
  EXPECT_EQ(vouched_for(clinic_).back().what, handle("alice"));
  EXPECT_REFUSED(world_.say(city_, party::Suspend{handle("alice")}), not_entitled);
}

TEST_F(PartyRules, MoveToASuspendedRegistrarIsRefused) {
  auto& alice = opened(opening("alice"), "alice");
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, clinic_.subject().id),
                     {"chips", "cameras", "lab", "notary"})
                  .accepted());
  EXPECT_REFUSED(move(alice, clinic_, {&clinic_}), missing_approvals);
}

TEST_F(PartyRules, PartyClosesWithEmptyHandsAndForEver) {
  auto& alice = opened(opening("alice"), "alice");
  const Id cell = world_.cell("cell");
  world_.hand_over(Type::part, cell, cameras_, alice);
  EXPECT_REFUSED(world_.say(alice, party::Close{}), not_empty);
  EXPECT_REFUSED(world_.say(cameras_, party::Close{}), not_entitled);
  world_.accepted(alice, part::Scrap{cell, world_.part(cell).title});
  EXPECT_DONE(world_.say(alice, party::Close{}));
  EXPECT_REFUSED(world_.say(alice, party::Close{}), already_said);
  EXPECT_REFUSED(speaks(alice), suspended);
  EXPECT_REFUSED(world_.say(city_, party::Suspend{handle("alice"), false}), wrong_state);
  EXPECT_DONE(move(alice, clinic_, {&clinic_}));
  EXPECT_EQ(record("alice").state, party::State::closed);
}

// Recovery

TEST_F(PartyRules, StandbyKeyBringsAPartyBackAtOnceAndEndsAllOtherKeys) {
  auto& alice = opened(opening_with_standby("alice"), "alice");
  auto& standby = world_.key("alice-standby");
  EXPECT_REFUSED(recover(city_, "alice", "by registrar"), not_recoverable);
  EXPECT_REFUSED(recover(clinic_, "alice", "by stranger"), not_entitled);
  EXPECT_REFUSED(recover(alice, "alice", "by itself"), not_entitled);
  EXPECT_REFUSED(world_.say(standby, party::Recover{clinic_.subject().id, world_.new_key("y", clinic_.subject()).key(),
                                                    world_.possession(world_.key("y"), standby)}),
                 not_entitled);
  EXPECT_DONE(recover(standby, "alice", "alice-2"));
  EXPECT_REFUSED(speaks(alice), key_not_active);
  EXPECT_DONE(speaks(world_.key("alice-2")));
  EXPECT_DONE(recover(standby, "alice", "alice-3"));  // and again
}

TEST_F(PartyRules, StandbyKeyOfAThiefDoesNotOutliveTheRecovery) {
  auto& alice = opened(opening_with_standby("alice"), "alice");
  // Whoever stole the wallet key registers a standby key of its own, which waits.
  auto& thiefs = world_.new_key("thief", alice.subject(), key::Purpose::standby);
  world_.accepted(alice, world_.registration(thiefs, alice));
  ASSERT_TRUE(recover(world_.key("alice-standby"), "alice", "alice-2").accepted());
  world_.pass(7 * day_ms);
  EXPECT_REFUSED(recover(thiefs, "alice", "robbed"), key_not_active);
  EXPECT_DONE(speaks(world_.key("alice-2")));
}

TEST_F(PartyRules, FullListOfKeysStopsNoRecovery) {
  auto& alice = opened(opening_with_standby("alice"), "alice");
  for (int i = 0; i < 13; ++i) {
    auto& key = world_.new_key("s" + std::to_string(i), alice.subject(), key::Purpose::standby);
    world_.accepted(alice, world_.registration(key, alice));
  }
  EXPECT_EQ(record("alice").keys.size(), 15U);
  EXPECT_DONE(recover(world_.key("alice-standby"), "alice", "alice-2"));
  EXPECT_EQ(record("alice").keys.size(), 2U);
}

TEST_F(PartyRules, StandbyKeyBringsNobodyBackWhoHasChosenOtherwise) {
  auto& alice = opened(opening_with_standby("alice"), "alice");
  party::Amend body;
  body.recovery = party::Recovery::none;
  world_.accepted(alice, body);
  EXPECT_REFUSED(recover(world_.key("alice-standby"), "alice", "alice-2"), not_recoverable);
}

// Else whoever stole the only key would fill the list, and nothing could bring the party back.
TEST_F(PartyRules, KeyThatIsBroughtBackHasAPlaceInTheListOfItsOwn) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  std::vector<key::Register> bodies;
  for (int i = 0; i < 15; ++i)
    bodies.push_back(world_.registration(world_.new_key("k" + std::to_string(i), alice.subject()), alice));
  const auto fates = world_.say_all(alice, bodies);
  EXPECT_DONE(fates[13]);
  EXPECT_REFUSED(fates[14], too_many_keys);
  EXPECT_DONE(recover(city_, "alice", "alice-2"));
  EXPECT_EQ(record("alice").keys.size(), 16U);
  // The full list hinders nothing that guards it.
  world_.pass(8 * day_ms);
  EXPECT_DONE(world_.say(alice, key::Freeze{world_.key("k0").kid()}));
  world_.pass(30 * day_ms);
  EXPECT_DONE(speaks(world_.key("alice-2")));
  EXPECT_REFUSED(speaks(world_.key("k1")), key_not_active);
}

TEST_F(PartyRules, RegistrarBringsAPartyBackAfterAPublicWait) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  EXPECT_REFUSED(recover(clinic_, "alice", "by stranger"), not_entitled);
  const auto before = world_.time_ms();
  EXPECT_DONE(recover(city_, "alice", "alice-2"));
  EXPECT_EQ(record("alice").recovering, world_.key("alice-2").kid());
  EXPECT_REFUSED(recover(city_, "alice", "alice-3"), still_waits);
  EXPECT_DONE(speaks(alice));
  EXPECT_REFUSED(speaks(world_.key("alice-2")), key_not_active);
  world_.pass(before + 30 * day_ms - world_.time_ms());
  EXPECT_REFUSED(speaks(alice), key_not_active);
  EXPECT_DONE(speaks(world_.key("alice-2")));
  // It is a party as any other again.
  auto& third = world_.new_key("third", alice.subject());
  auto& second = world_.key("alice-2");
  EXPECT_DONE(world_.say(second, key::Rotate{third.key(), world_.possession(third, second)}));
}

TEST_F(PartyRules, StandbyKeyOutlivesARecoveryThatItOvertakes) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  auto& standby = world_.new_key("standby", alice.subject(), key::Purpose::standby);
  world_.accepted(alice, world_.registration(standby, alice));
  world_.pass(8 * day_ms);
  ASSERT_TRUE(recover(city_, "alice", "by registrar").accepted());
  party::Amend choice;
  choice.recovery = party::Recovery::standby;
  world_.accepted(alice, choice);
  EXPECT_DONE(recover(standby, "alice", "alice-2"));
  world_.pass(31 * day_ms);
  EXPECT_REFUSED(speaks(world_.key("by registrar")), key_not_active);
  EXPECT_DONE(recover(standby, "alice", "alice-3"));
}

TEST_F(PartyRules, AnyKeyOfThePartyVetoesItsRegistrarAndEndsItsRight) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  ASSERT_TRUE(recover(city_, "alice", "alice-2").accepted());
  auto& second = world_.key("alice-2");
  EXPECT_REFUSED(world_.say(city_, key::Veto{second.kid()}), not_entitled);
  auto& successor = world_.new_key("successor", alice.subject());
  EXPECT_REFUSED(world_.say(alice, key::Rotate{successor.key(), world_.possession(successor, alice)}), wrong_state);
  EXPECT_DONE(world_.say(alice, key::Veto{second.kid()}));
  EXPECT_EQ(world_.key_record(second.kid()).reason, key::Reason::vetoed);
  EXPECT_REFUSED(recover(city_, "alice", "alice-3"), not_recoverable);
  world_.pass(31 * day_ms);
  EXPECT_DONE(speaks(alice));
  party::Amend renewal;
  renewal.recovery = party::Recovery::registrar;
  EXPECT_DONE(world_.say(alice, renewal));
  EXPECT_DONE(recover(city_, "alice", "alice-4"));
}

TEST_F(PartyRules, VetoOfARecoveryBringsNoKeyBackThatHadARotationBehindIt) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  auto& next = world_.new_key("next", alice.subject());
  world_.accepted(alice, key::Rotate{next.key(), world_.possession(next, alice)});
  ASSERT_TRUE(recover(city_, "alice", "alice-2").accepted());
  world_.pass(8 * day_ms);  // next has taken over
  EXPECT_REFUSED(speaks(alice), key_not_active);
  EXPECT_DONE(world_.say(next, key::Veto{world_.key("alice-2").kid()}));
  EXPECT_REFUSED(speaks(alice), key_not_active);
  EXPECT_DONE(speaks(next));
}

TEST_F(PartyRules, VetoOfARecoveryLeavesARunningRotationRunning) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  auto& next = world_.new_key("next", alice.subject());
  world_.accepted(alice, key::Rotate{next.key(), world_.possession(next, alice)});
  ASSERT_TRUE(recover(city_, "alice", "alice-2").accepted());
  EXPECT_DONE(world_.say(alice, key::Veto{world_.key("alice-2").kid()}));
  world_.pass(7 * day_ms);
  EXPECT_REFUSED(speaks(alice), key_not_active);
  EXPECT_DONE(speaks(next));
}

TEST_F(PartyRules, KeyThatIsBroughtBackIsRevokedOrVetoedAndNotFrozen) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  for (const auto* name : {"second", "third"}) {
    auto& key = world_.new_key(name, alice.subject());
    world_.accepted(alice, world_.registration(key, alice));
  }
  world_.pass(7 * day_ms);
  ASSERT_TRUE(recover(city_, "alice", "back").accepted());
  const Digest back = world_.key("back").kid();
  EXPECT_REFUSED(world_.say(alice, key::Freeze{back}), wrong_state);
  EXPECT_REFUSED(world_.say(alice, key::Revoke{back, key::Reason::compromised}), missing_approvals);
  EXPECT_DONE(world_.say(alice, key::Revoke{back, key::Reason::compromised}, {.approvers = {&world_.key("second")}}));
  world_.pass(30 * day_ms);
  for (const auto* name : {"alice", "second", "third"}) EXPECT_DONE(speaks(world_.key(name)));
  EXPECT_REFUSED(recover(city_, "alice", "again"), not_recoverable);
}

TEST_F(PartyRules, FallenRegistrarOpensSuspendsAndRecoversNoMore) {
  auto& alice = opened(opening("alice", party::Recovery::registrar), "alice");
  const auto next = opening("bob");
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::suspend, city_.subject().id), {"chips", "cameras", "lab", "notary"})
          .accepted());
  EXPECT_REFUSED(world_.say(city_, next), suspended);
  EXPECT_REFUSED(world_.say(city_, party::Suspend{handle("alice")}), suspended);
  EXPECT_REFUSED(recover(city_, "alice", "alice-2"), suspended);
  EXPECT_DONE(speaks(alice));
  EXPECT_DONE(move(alice, clinic_, {&clinic_}));
}

TEST_F(PartyRules, MemberThatIsNoRegistrarAnyMoreHasNoSayOverItsParties) {
  opened(opening("alice", party::Recovery::registrar), "alice");
  ASSERT_TRUE(decide(world_, about_roles(city_.subject().id, {}, 1), {"chips", "cameras", "lab", "notary"}).accepted());
  EXPECT_REFUSED(world_.say(city_, party::Suspend{handle("alice")}), missing_role);
  EXPECT_REFUSED(recover(city_, "alice", "alice-2"), missing_role);
}

TEST_F(PartyRules, RecoveryWorksWhileThePartyIsSuspended) {
  opened(opening("alice", party::Recovery::registrar), "alice");
  opened(opening_with_standby("bob"), "bob");
  for (const auto* name : {"alice", "bob"}) ASSERT_TRUE(world_.say(city_, party::Suspend{handle(name)}).accepted());
  EXPECT_DONE(recover(city_, "alice", "alice-2"));
  EXPECT_DONE(recover(world_.key("bob-standby"), "bob", "bob-2"));
  EXPECT_EQ(record("bob").state, party::State::suspended);
}

TEST_F(PartyRules, RecoveredKeyIsFreshAndItsOwn) {
  opened(opening("alice", party::Recovery::registrar), "alice");
  const auto bring = [&](TestKey& key, const TestKey& possession_for) {
    return world_.say(city_, party::Recover{handle("alice"), key.key(), world_.possession(key, possession_for)});
  };
  auto& fresh = world_.new_key("fresh", world_.key("alice").subject());
  EXPECT_REFUSED(bring(fresh, clinic_), bad_possession);
  EXPECT_REFUSED(bring(world_.key("alice"), city_), key_taken);
  EXPECT_DONE(bring(fresh, city_));
}

// Amending

TEST_F(PartyRules, PartyAmendsWhatGuardsItWithAsManyKeysAsItDemands) {
  auto& alice = opened(opening("alice"), "alice");
  const auto amend_k = [&](std::uint64_t k, std::vector<TestKey*> approvers = {}) {
    party::Amend body;
    body.k = k;
    return world_.say(alice, body, {.approvers = std::move(approvers)});
  };
  EXPECT_REFUSED(amend_k(0), bad_threshold);
  EXPECT_REFUSED(amend_k(2), bad_threshold);
  auto& second = world_.new_key("second", alice.subject());
  world_.accepted(alice, world_.registration(second, alice));
  world_.pass(7 * day_ms);
  EXPECT_REFUSED(amend_k(2), missing_approvals);  // so many show that they are there
  EXPECT_DONE(amend_k(2, {&second}));
  EXPECT_REFUSED(amend_k(1), missing_approvals);
  EXPECT_REFUSED(world_.say(alice, party::Close{}), missing_approvals);
  EXPECT_DONE(amend_k(1, {&second}));
  party::Amend body;
  body.recovery = party::Recovery::standby;
  EXPECT_REFUSED(world_.say(alice, body), wrong_state);  // it has no such key
  const Id camera = world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(world_.key("camera"), party::Amend{}), not_entitled);
  EXPECT_EQ(world_.device(camera).title, 1U);
}

}  // namespace
}  // namespace mikusari::ledger
