// SPDX-License-Identifier: Apache-2.0
// A registrar that wants to hold, rob or link a party that it has opened, with every power that it has. What it can do
// by design - stop the party from receiving - leaves the party all its exits.
#include <functional>

#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

// city has opened alice, who owns a camera with a cell in it, a spare cell, and the camera's key.
class HostileRegistrar : public ::testing::Test {
 protected:
  explicit HostileRegistrar(const TestOptions& options = {}) : world_(options) {
    world_.open_party("bob", "clinic");
    TestKey* key = nullptr;
    opening_ = world_.opening("alice", "city", key);
    world_.accepted(city_, opening_);
    spare_ = world_.cell("spare");
    camera_ = world_.camera("camera", {world_.cell("cell")});
    world_.hand_over(Type::part, spare_, cameras_, alice());
    world_.hand_over(Type::device, camera_, cameras_, alice(), {world_.key("camera").kid()});
  }

  TestKey& alice() { return world_.key("alice"); }
  TestKey& bob() { return world_.key("bob"); }
  Handle handle() { return alice().subject().id; }
  std::uint64_t title(Type type, const Id& id) const { return world_.title(type, id); }
  ownership::Offer offer(Type type, const Id& id, const TestKey& to) const {
    return {type, id, to.subject().id, title(type, id)};
  }
  BodyFate suspend(bool suspended = true) { return world_.say(city_, party::Suspend{handle(), suspended}); }
  BodyFate move_to_clinic(std::vector<TestKey*> approvers) {
    return world_.say(alice(), party::Move{clinic_.subject().id}, {.approvers = std::move(approvers)});
  }
  BodyFate recover(std::string_view name) {
    auto& key = world_.new_key(name, alice().subject());
    return world_.say(city_, party::Recover{handle(), key.key(), world_.possession(key, city_)});
  }
  // The rows of alice, of what she owns and of their keys.
  std::vector<platform::Buffer> hers() {
    std::vector<platform::Buffer> out;
    for (const Digest& row :
         {path::party(handle()), path::device(camera_), path::part(spare_), path::part(world_.id("chips", "cell")),
          path::key(alice().kid()), path::key(world_.key("camera").kid()), path::replay(alice().kid()),
          path::list(handle(), list::Kind::keys), path::list(handle(), list::Kind::devices)})
      out.push_back(platform::copy(world_.state().value(row).value_or(ByteView())));
    return out;
  }

  CameraWorld world_;
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  TestKey& cameras_ = world_.key("cameras");
  party::Open opening_;
  Id spare_, camera_;
};

TEST_F(HostileRegistrar, HasNoSayOverThePartysKeys) {
  auto& own = world_.new_key("city's own", alice().subject());
  EXPECT_REFUSED(world_.say(city_, world_.registration(own, city_)), not_entitled);
  auto& as_standby = world_.new_key("city's standby", alice().subject(), key::Purpose::standby);
  EXPECT_REFUSED(world_.say(city_, world_.registration(as_standby, city_)), not_entitled);
  auto& as_things = world_.new_key("city's in the camera", subject_of_device(camera_));
  EXPECT_REFUSED(world_.say(city_, world_.registration(as_things, city_, world_.device(camera_).tenure.value)),
                 not_owned);
  for (const Digest& kid : {alice().kid(), world_.key("camera").kid()}) {
    EXPECT_REFUSED(world_.say(city_, key::Revoke{kid, key::Reason::compromised}), not_owned);
    EXPECT_REFUSED(world_.say(city_, key::Veto{kid}), veto_time_over);
  }
  EXPECT_REFUSED(world_.say(city_, key::Freeze{alice().kid()}), not_entitled);
  EXPECT_REFUSED(world_.say(city_, key::Thaw{alice().kid()}), not_entitled);
  // A key that waits is vetoed by its own side alone.
  auto& next = world_.new_key("next", alice().subject());
  world_.accepted(alice(), key::Rotate{next.key(), world_.possession(next, alice())});
  const auto waiting = hers();
  EXPECT_REFUSED(world_.say(city_, key::Veto{next.kid()}), not_entitled);
  EXPECT_EQ(hers(), waiting);
  EXPECT_REFUSED(recover("city's recovery"), not_recoverable);
  EXPECT_EQ(hers(), waiting);
}

// Its own key, and the claim that it speaks for the party.
TEST_F(HostileRegistrar, DoesNotSpeakInThePartysName) {
  const auto before = hers();
  const Subject own = city_.subject();
  city_.set_subject(alice().subject());
  EXPECT_FALSE(world_.door(world_.submission(city_, std::vector{offer(Type::device, camera_, bob())})));
  EXPECT_FALSE(world_.door(world_.submission(city_, std::vector{party::Close{}})));
  EXPECT_FALSE(world_.door(world_.submission(city_, std::vector{party::Move{clinic_.subject().id}})));
  EXPECT_FALSE(world_.door(world_.submission(city_, std::vector{party::Amend{1, {}, {}}})));
  city_.set_subject(own);
  EXPECT_EQ(hers(), before);
}

TEST_F(HostileRegistrar, TakesSellsAndEndsNothingOfTheParty) {
  const auto before = hers();
  const Id cell = world_.id("chips", "cell");
  const How witnessed{.approvers = {&world_.key("lab"), &world_.key("notary")}};
  for (const auto& [type, id] : {std::pair{Type::device, camera_}, std::pair{Type::part, spare_}}) {
    EXPECT_REFUSED(world_.say(city_, offer(type, id, city_)), not_owned);
    EXPECT_REFUSED(world_.say(city_, ownership::Accept{type, id, title(type, id), {}}), not_offered);
    EXPECT_REFUSED(world_.say(city_, ownership::Cancel{type, id}), not_owned);
    EXPECT_REFUSED(world_.say(city_, ownership::Force{type, id, city_.subject().id, title(type, id)}), not_entitled);
    EXPECT_REFUSED(world_.say(city_, custody::Ship{type, id, city_.subject().id, title(type, id), {}}), not_in_custody);
    EXPECT_REFUSED(world_.say(city_, custody::Ship{type, id, city_.subject().id, {}, {}}), not_in_custody);
    EXPECT_REFUSED(world_.say(city_, custody::Receive{type, id, {}, {}, {}}), wrong_state);
    EXPECT_REFUSED(world_.say(city_, custody::Refuse{type, id}), wrong_state);
    EXPECT_REFUSED(world_.say(city_, custody::Recall{type, id}), not_owned);
    EXPECT_REFUSED(world_.say(city_, device::Alarm{type, id, device::Cause::other, {}, {}}), not_entitled);
    EXPECT_REFUSED(world_.say(city_, document::Evidence{document::Type::other, {}, {}, type, id}), not_owned);
  }
  EXPECT_REFUSED(world_.say(city_, device::Suspend{camera_}), not_owned);
  EXPECT_REFUSED(world_.say(city_, device::Retire{camera_, title(Type::device, camera_)}), not_owned);
  EXPECT_REFUSED(world_.say(city_, device::Destroy{camera_, title(Type::device, camera_), {}}, witnessed), not_owned);
  EXPECT_REFUSED(world_.say(city_, device::Detach{camera_, cell, {}, {}}), not_owned);
  EXPECT_REFUSED(world_.say(city_, device::Attach{camera_, world_.cell("city's", "city"), {}, {}, {}, {}}), not_owned);
  EXPECT_REFUSED(world_.say(city_, part::Scrap{spare_, title(Type::part, spare_)}), not_owned);
  EXPECT_REFUSED(world_.say(city_, party::Close{}), not_entitled);
  EXPECT_EQ(hers(), before);
}

TEST_F(HostileRegistrar, VouchesOnceForAKey) {
  const auto before = hers();
  EXPECT_REFUSED(world_.say(city_, opening_), already_registered);
  auto again = opening_;
  again.nonce = TestWorld::nonce("a second party for the same key");
  EXPECT_REFUSED(world_.say(city_, again), bad_possession);
  // With a key of its own, and the party's commitment or without it, it makes a stranger.
  TestKey* key = nullptr;
  EXPECT_REFUSED(world_.say(clinic_, opening_), bad_possession);
  auto other = world_.opening("a stranger", "city", key);
  other.nonce = opening_.nonce;
  other.possession = opening_.possession;
  EXPECT_REFUSED(world_.say(city_, other), bad_possession);
  EXPECT_EQ(hers(), before);
  EXPECT_EQ(world_.party(handle()).alarms.value, 0U);
}

// What it can do: the party receives nothing more. Everything that is the party's leaves all the same.
TEST_F(HostileRegistrar, SuspensionLeavesEveryExit) {
  const Id offered = world_.camera("offered", {}), sold = world_.camera("sold", {}), old = world_.camera("old", {}),
           lent = world_.camera("lent", {});
  for (const Id& each : {sold, old, lent}) world_.hand_over(Type::device, each, cameras_, alice());
  world_.accepted(alice(), custody::Ship{Type::device, lent, clinic_.subject().id, {}, {}});
  world_.accepted(clinic_, custody::Receive{Type::device, lent, {}, {}, {}});
  ASSERT_TRUE(world_.offer("cameras", offered, handle()).accepted());
  world_.accepted(alice(), offer(Type::device, camera_, bob()));
  auto& next = world_.new_key("next", alice().subject());
  ASSERT_TRUE(suspend().accepted());

  EXPECT_REFUSED(world_.accept("alice", offered), suspended);
  EXPECT_DONE(world_.say(cameras_, ownership::Cancel{Type::device, offered}));
  EXPECT_DONE(world_.say(bob(), ownership::Accept{Type::device, camera_, title(Type::device, camera_), {}}));
  EXPECT_DONE(world_.say(alice(), offer(Type::device, sold, bob())));
  EXPECT_DONE(world_.say(bob(), ownership::Accept{Type::device, sold, title(Type::device, sold), {}}));
  EXPECT_DONE(world_.say(alice(), custody::Recall{Type::device, lent}));
  // It hands over by offers: what it would ship is not among the exits.
  EXPECT_REFUSED(
      world_.say(alice(), custody::Ship{Type::device, lent, bob().subject().id, title(Type::device, lent), {}}),
      suspended);
  EXPECT_DONE(world_.say(alice(), offer(Type::device, lent, bob())));
  EXPECT_DONE(world_.say(alice(), ownership::Cancel{Type::device, lent}));
  world_.sell(lent, alice(), bob());
  EXPECT_DONE(world_.say(alice(), device::Retire{old, title(Type::device, old)}));
  EXPECT_DONE(world_.say(alice(), device::Destroy{old, title(Type::device, old), {}},
                         {.approvers = {&world_.key("lab"), &world_.key("notary")}}));
  EXPECT_DONE(world_.say(alice(), part::Scrap{spare_, title(Type::part, spare_)}));
  EXPECT_DONE(world_.say(alice(), key::Rotate{next.key(), world_.possession(next, alice())}));
  EXPECT_EQ(world_.party(handle()).things.value, 0U);
  EXPECT_DONE(world_.say(alice(), party::Close{}));
}

TEST_F(HostileRegistrar, CannotKeepAPartyThatLeaves) {
  ASSERT_TRUE(suspend().accepted());
  EXPECT_REFUSED(move_to_clinic({}), missing_approvals);
  EXPECT_REFUSED(move_to_clinic({&city_}), missing_approvals);
  EXPECT_DONE(move_to_clinic({&clinic_}));
  const auto before = hers();
  EXPECT_REFUSED(suspend(), not_entitled);
  EXPECT_REFUSED(suspend(false), not_entitled);
  EXPECT_REFUSED(recover("city's recovery"), not_entitled);
  EXPECT_REFUSED(world_.say(city_, party::Move{clinic_.subject().id}, {.approvers = {&clinic_}}), not_entitled);
  EXPECT_EQ(hers(), before);
  EXPECT_EQ(world_.party(handle()).registrar, clinic_.subject().id);
  // And it receives again.
  world_.sell(world_.camera("another", {}), cameras_, alice());
}

// The party let its registrar bring back its keys; the registrar begins that, suspends the party, and waits.
TEST_F(HostileRegistrar, RobsNobodyWhoLeavesByARecovery) {
  party::Amend choice;
  choice.recovery = party::Recovery::registrar;
  world_.accepted(alice(), choice);
  ASSERT_TRUE(recover("robber").accepted());
  ASSERT_TRUE(suspend().accepted());
  auto& robber = world_.key("robber");
  EXPECT_REFUSED(world_.say(robber, offer(Type::device, camera_, city_)), key_not_active);
  world_.pass(29 * day_ms);
  EXPECT_REFUSED(world_.say(robber, offer(Type::device, camera_, city_)), key_not_active);
  // Whoever leaves takes nothing along that the old registrar has begun.
  EXPECT_DONE(move_to_clinic({&clinic_}));
  EXPECT_EQ(world_.key_record(robber.kid()).reason, key::Reason::vetoed);
  world_.pass(2 * day_ms);
  EXPECT_REFUSED(world_.say(robber, offer(Type::device, camera_, city_)), key_not_active);
  EXPECT_REFUSED(recover("again"), not_entitled);
  EXPECT_DONE(world_.say(alice(), offer(Type::device, camera_, bob())));
}

TEST_F(HostileRegistrar, VetoesWhileItIsSuspended) {
  party::Amend choice;
  choice.recovery = party::Recovery::registrar;
  world_.accepted(alice(), choice);
  ASSERT_TRUE(suspend().accepted());
  ASSERT_TRUE(recover("robber").accepted());
  EXPECT_DONE(world_.say(alice(), key::Veto{world_.key("robber").kid()}));
  EXPECT_REFUSED(recover("again"), not_recoverable);
}

// It makes rows until it may make no more, so that its parties could not do anything either.
class HostileRegistrarWithoutRows : public HostileRegistrar {
 protected:
  static TestOptions few() {
    TestOptions out;
    out.parameters.registrar_rows = 64;
    return out;
  }
  HostileRegistrarWithoutRows() : HostileRegistrar(few()) {}
};

TEST_F(HostileRegistrarWithoutRows, ShutsNobodyIn) {
  for (int i = 0; i < 100; ++i) {
    TestKey* key = nullptr;
    world_.say(city_, world_.opening("filler " + std::to_string(i), "city", key));
  }
  TestKey* key = nullptr;
  EXPECT_REFUSED(world_.say(city_, world_.opening("one more", "city", key)), no_room);
  EXPECT_DONE(world_.say(alice(), offer(Type::device, camera_, bob())));
  EXPECT_DONE(world_.say(bob(), ownership::Accept{Type::device, camera_, title(Type::device, camera_), {}}));
  EXPECT_DONE(world_.say(alice(), offer(Type::part, spare_, bob())));
  EXPECT_DONE(world_.say(alice(), ownership::Cancel{Type::part, spare_}));
  auto& next = world_.new_key("next", alice().subject());
  EXPECT_DONE(move_to_clinic({&clinic_}));
  // What it makes from now on is on its new registrar's rows.
  EXPECT_DONE(world_.say(alice(), key::Rotate{next.key(), world_.possession(next, alice())}));
  EXPECT_DONE(world_.say(alice(), part::Scrap{spare_, title(Type::part, spare_)}));
}

}  // namespace
}  // namespace mikusari::ledger
