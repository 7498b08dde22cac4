// SPDX-License-Identifier: Apache-2.0
// A thief of one key: of a party that has others, of the part that it was copied from. One key alone ends no other, and
// keeps nobody from what is theirs.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

// city has three keys, of which the third is stolen; clinic has two, of which the second is; each demands one.
class ThiefOfOneKey : public ::testing::Test {
 protected:
  static TestOptions with_keys() {
    TestOptions out;
    out.members[2].further_keys = {"city-2", "stolen"};
    out.members[3].further_keys = {"clinic-stolen"};
    return out;
  }
  BodyFate revoke(TestKey& by, const TestKey& key, std::vector<TestKey*> approvers = {}) {
    return world_.say(by, key::Revoke{key.kid(), key::Reason::compromised}, {.approvers = std::move(approvers)});
  }
  BodyFate thaw(TestKey& by, const TestKey& key, std::vector<TestKey*> approvers = {}) {
    return world_.say(by, key::Thaw{key.kid()}, {.approvers = std::move(approvers)});
  }
  BodyFate speaks(TestKey& key) {
    return world_.say(key, document::Evidence{document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  }
  TestKey& registered(TestKey& by, std::string_view name, std::string_view member) {
    auto& key = world_.new_member_key(name, member);
    world_.accepted(by, world_.registration(key, by));
    return key;
  }
  bool lists(std::string_view member, const TestKey& key) {
    for (const auto entry : world_.member(member).keys) {
      if (entry.key == key.kid()) return true;
    }
    return false;
  }

  CameraWorld world_{with_keys()};
  TestKey& city_ = world_.key("city");
  TestKey& city_2_ = world_.key("city-2");
  TestKey& stolen_ = world_.key("stolen");
  TestKey& clinic_ = world_.key("clinic");
  TestKey& clinic_stolen_ = world_.key("clinic-stolen");
};

// It registers a key of its own, which is vetoed; when the wait is over, it would have the word of two.
TEST_F(ThiefOfOneKey, GetsNoSecondWordByAKeyThatWasVetoed) {
  auto& second = registered(clinic_stolen_, "thief's", "clinic");
  EXPECT_DONE(world_.say(clinic_, key::Veto{second.kid()}));
  EXPECT_DONE(world_.say(clinic_, key::Freeze{clinic_stolen_.kid()}));
  world_.pass(8 * day_ms);
  EXPECT_REFUSED(revoke(clinic_stolen_, clinic_, {&second}), missing_approvals);
  EXPECT_REFUSED(thaw(clinic_stolen_, second, {&clinic_}), wrong_state);
  EXPECT_DONE(speaks(clinic_));
  // The owner's list is not filled for ever either.
  registered(clinic_, "clinic-3", "clinic");
  EXPECT_FALSE(lists("clinic", second));
}

TEST_F(ThiefOfOneKey, GetsNoSecondWordByASuccessorThatWasVetoed) {
  auto& next = world_.new_member_key("thief's", "clinic");
  world_.accepted(clinic_stolen_, key::Rotate{next.key(), world_.possession(next, clinic_stolen_)});
  EXPECT_DONE(world_.say(clinic_, key::Freeze{next.kid()}));
  EXPECT_DONE(world_.say(clinic_, key::Freeze{clinic_stolen_.kid()}));
  world_.pass(8 * day_ms);
  EXPECT_REFUSED(revoke(clinic_stolen_, clinic_, {&next}), missing_approvals);
  EXPECT_REFUSED(speaks(next), key_not_active);
}

// A recovery that is vetoed brings no vetoed key back.
TEST_F(ThiefOfOneKey, GetsNoVetoedKeyBackByEndingARecovery) {
  world_.open_party("alice", "city");
  auto& alice = world_.key("alice");
  party::Amend choice;
  choice.recovery = party::Recovery::registrar;
  world_.accepted(alice, choice);
  auto& second = world_.new_key("alice-2", alice.subject());
  world_.accepted(alice, world_.registration(second, alice));
  world_.pass(8 * day_ms);
  auto& thiefs = world_.new_key("thief's", alice.subject());
  world_.accepted(alice, world_.registration(thiefs, alice));  // alice's first key is stolen
  EXPECT_DONE(world_.say(second, key::Veto{thiefs.kid()}));
  auto& back = world_.new_key("back", alice.subject());
  world_.accepted(city_, party::Recover{alice.subject().id, back.key(), world_.possession(back, city_)});
  EXPECT_DONE(world_.say(alice, key::Veto{back.kid()}));
  world_.pass(8 * day_ms);
  EXPECT_REFUSED(revoke(alice, second, {&thiefs}), missing_approvals);
  EXPECT_DONE(speaks(second));
}

// It freezes all others in one statement, before anybody sees it.
TEST_F(ThiefOfOneKey, FreezesTheOthersAndIsEndedByThem) {
  const auto fates = world_.say_all(stolen_, std::vector{key::Freeze{city_.kid()}, key::Freeze{city_2_.kid()}});
  ASSERT_TRUE(fates[0].accepted() && fates[1].accepted());
  EXPECT_DONE(revoke(city_, stolen_, {&city_2_}));
  EXPECT_DONE(speaks(city_));
  EXPECT_DONE(speaks(city_2_));
  EXPECT_FALSE(world_.key_record(city_.kid()).frozen_by.has_value());
}

TEST_F(ThiefOfOneKey, WhoDidNotHelpToEndItStaysFrozen) {
  auto& fourth = registered(city_, "city-4", "city");
  world_.pass(8 * day_ms);
  ASSERT_TRUE(world_.say(stolen_, key::Freeze{fourth.kid()}).accepted());
  ASSERT_TRUE(world_.say(city_2_, key::Freeze{city_.kid()}).accepted());
  EXPECT_DONE(revoke(city_, stolen_, {&city_2_}));
  EXPECT_REFUSED(speaks(fourth), key_not_active);
  EXPECT_REFUSED(speaks(city_), key_not_active);  // another froze it
}

// It demands so many keys that the others are too few to end it.
TEST_F(ThiefOfOneKey, RaisesNothingThatItCannotMeet) {
  party::Amend all;
  all.k = 3;
  EXPECT_REFUSED(world_.say(stolen_, all), missing_approvals);
  EXPECT_DONE(revoke(city_, stolen_, {&city_2_}));
}

// Frozen, it still vetoes; that would end the key that was to be replaced.
TEST_F(ThiefOfOneKey, VetoesARotationAndThePredecessorGoesOn) {
  ASSERT_TRUE(world_.say(clinic_, key::Freeze{clinic_stolen_.kid()}).accepted());
  for (int i = 0; i < 3; ++i) {
    auto& next = world_.new_member_key("clinic next " + std::to_string(i), "clinic");
    EXPECT_DONE(world_.say(clinic_, key::Rotate{next.key(), world_.possession(next, clinic_)}));
    EXPECT_DONE(world_.say(clinic_stolen_, key::Veto{next.kid()}));
    world_.pass(8 * day_ms);
    EXPECT_DONE(speaks(clinic_));
  }
}

// A freeze that was a mistake is taken back by the key that said it, with another.
TEST_F(ThiefOfOneKey, IsNotWhoTakesItsOwnFreezeBack) {
  ASSERT_TRUE(world_.say(city_, key::Freeze{city_2_.kid()}).accepted());
  EXPECT_DONE(thaw(city_, city_2_, {&stolen_}));
  EXPECT_DONE(speaks(city_));
  EXPECT_DONE(speaks(city_2_));
}

TEST_F(ThiefOfOneKey, KeepsNoPartyFromComingBackByItsStandbyKey) {
  TestKey* alice = nullptr;
  auto opening = world_.opening("alice", "city", alice);
  auto& standby = world_.new_key("standby", alice->subject(), key::Purpose::standby);
  opening.recovery = party::Recovery::standby;
  world_.prove(opening, *alice, city_, &standby);
  world_.accepted(city_, opening);
  EXPECT_REFUSED(world_.say(*alice, key::Freeze{standby.kid()}), key_not_for_signing);
  auto& fresh = world_.new_key("fresh", alice->subject());
  EXPECT_DONE(world_.say(standby, party::Recover{alice->subject().id, fresh.key(), world_.possession(fresh, standby)}));
  EXPECT_REFUSED(speaks(*alice), key_not_active);
  EXPECT_DONE(speaks(fresh));
}

// The maker of a chip has kept a copy of its key.
TEST_F(ThiefOfOneKey, MarksNoPartWithACopyOfItsKey) {
  const Id sensor = world_.sensor("sensor");
  const Id camera = world_.camera("camera", {sensor}, "city");
  auto& copy = world_.key("sensor");
  EXPECT_REFUSED(revoke(copy, copy), not_owned);
  EXPECT_FALSE(world_.part(sensor).revoked.value);
  auto& next = world_.new_key("next", copy.subject());
  world_.accepted(copy, key::Rotate{next.key(), world_.possession(next, copy, world_.part(sensor).tenure.value)});
  EXPECT_DONE(world_.say(city_, key::Veto{next.kid()}));
  EXPECT_FALSE(world_.part(sensor).revoked.value);
  EXPECT_DONE(revoke(city_, copy));
  EXPECT_TRUE(world_.part(sensor).revoked.value);
  EXPECT_EQ(world_.device(camera).title, 3U);
}

}  // namespace
}  // namespace mikusari::ledger
