// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

class OwnershipRules : public ::testing::Test {
 protected:
  BodyFate cancel(TestKey& key, const Id& unit) { return world_.say(key, ownership::Cancel{Type::device, unit}); }
  BodyFate accept(TestKey& key, const Id& unit, std::uint64_t on, const std::vector<Digest>& keep = {}) {
    return world_.say(key, ownership::Accept{Type::device, unit, on, {std::span(keep)}});
  }
  std::uint64_t title() { return world_.device(camera_).title; }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  const Id camera_ = world_.camera("camera", {}, "city");
};

TEST_F(OwnershipRules, OfferAndAcceptChangeTheOwnerAndLeaveCustody) {
  const auto before = world_.device(camera_);
  EXPECT_REFUSED(world_.offer("cameras", camera_, clinic_.subject().id), not_owned);
  EXPECT_REFUSED(world_.offer("city", camera_, city_.subject().id), wrong_state);
  EXPECT_REFUSED(world_.offer("city", camera_, TestWorld::nonce("nobody")), not_registered);
  EXPECT_REFUSED(world_.say(city_, ownership::Offer{Type::device, camera_, clinic_.subject().id, title() - 1}), stale);
  EXPECT_DONE(world_.offer("city", camera_, clinic_.subject().id));
  EXPECT_EQ(title(), before.title + 1);
  EXPECT_REFUSED(world_.offer("city", camera_, cameras_.subject().id), being_handed_over);
  EXPECT_REFUSED(accept(cameras_, camera_, title()), not_offered);
  EXPECT_REFUSED(accept(clinic_, camera_, title() - 1), stale);
  EXPECT_DONE(accept(clinic_, camera_, title()));
  const auto after = world_.device(camera_);
  EXPECT_EQ(after.owned_by(), clinic_.subject().id);
  EXPECT_EQ(after.custodian, city_.subject().id);
  EXPECT_EQ(after.title, before.title + 2);
  EXPECT_EQ(after.tenure.value, before.tenure.value + 1);
  EXPECT_TRUE(after.keys.empty());
  EXPECT_REFUSED(accept(clinic_, camera_, title()), not_offered);
  EXPECT_EQ(world_.state().entries(path::list(clinic_.subject().id, list::Kind::devices)).back().what, camera_);
}

TEST_F(OwnershipRules, BuyerKeepsWhichKeysGoOnAndNeverIdentityKeys) {
  auto& identity = world_.new_key("identity", subject_of_device(camera_), key::Purpose::identity);
  world_.accepted(city_, world_.registration(identity, city_, 1));
  auto& second = world_.new_key("second", subject_of_device(camera_));
  world_.accepted(city_, world_.registration(second, city_, 1));
  ASSERT_TRUE(world_.offer("city", camera_, clinic_.subject().id).accepted());
  const Digest kept = world_.key("camera").kid();
  EXPECT_REFUSED(accept(clinic_, camera_, title(), {kept, identity.kid()}), key_not_for_signing);
  EXPECT_REFUSED(accept(clinic_, camera_, title(), {clinic_.kid()}), not_registered);
  EXPECT_DONE(accept(clinic_, camera_, title(), {kept, kept}));
  ASSERT_EQ(world_.device(camera_).keys.size(), 1U);
  EXPECT_REFUSED(world_.say(second, device::Activate{camera_}), key_not_active);
  EXPECT_DONE(world_.say(world_.key("camera"), device::Activate{camera_}));
}

TEST_F(OwnershipRules, OwnerCancelsAtAnyTime) {
  EXPECT_REFUSED(cancel(city_, camera_), wrong_state);
  ASSERT_TRUE(world_.offer("city", camera_, clinic_.subject().id).accepted());
  const auto on = title();
  EXPECT_REFUSED(cancel(clinic_, camera_), not_owned);
  EXPECT_DONE(cancel(city_, camera_));
  EXPECT_EQ(title(), on + 1);
  EXPECT_REFUSED(accept(clinic_, camera_, on), not_offered);
  // What was accepted with an old counter is not what is offered now.
  ASSERT_TRUE(world_.offer("city", camera_, clinic_.subject().id).accepted());
  EXPECT_REFUSED(accept(clinic_, camera_, on), stale);
}

TEST_F(OwnershipRules, CancelEndsAShipmentWithTitle) {
  world_.accepted(city_, custody::Ship{Type::device, camera_, clinic_.subject().id, title(), {}});
  EXPECT_DONE(cancel(city_, camera_));
  EXPECT_FALSE(world_.device(camera_).is_offered() || world_.device(camera_).shipped_to);
  EXPECT_REFUSED(world_.say(clinic_, custody::Receive{Type::device, camera_, title(), {}, {}}), wrong_state);
}

TEST_F(OwnershipRules, PartsAndBoardsAreSoldToo) {
  const Id cell = world_.cell("cell");
  const Id board = world_.board("board", {cell});
  EXPECT_REFUSED(world_.say(cameras_, ownership::Offer{Type::part, cell, city_.subject().id, world_.part(cell).title}),
                 mounted_elsewhere);
  world_.accepted(cameras_, ownership::Offer{Type::part, board, city_.subject().id, world_.part(board).title});
  EXPECT_REFUSED(world_.detach("cameras", board, cell), being_handed_over);
  EXPECT_DONE(world_.say(city_, ownership::Accept{Type::part, board, world_.part(board).title, {}}));
  EXPECT_DONE(world_.detach("city", board, cell));
  EXPECT_EQ(world_.part(cell).owned_by(), city_.subject().id);
}

TEST_F(OwnershipRules, SuspendedPartySellsAndDoesNotBuy) {
  ASSERT_TRUE(world_.offer("city", camera_, clinic_.subject().id).accepted());
  const std::vector<std::string> voters{"chips", "cameras", "lab", "notary"};
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, clinic_.subject().id), voters).accepted());
  EXPECT_REFUSED(accept(clinic_, camera_, title()), suspended);
  EXPECT_DONE(cancel(city_, camera_));
  EXPECT_REFUSED(world_.offer("city", camera_, clinic_.subject().id), suspended);
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, city_.subject().id), voters).accepted());
  EXPECT_DONE(world_.offer("city", camera_, cameras_.subject().id));
  EXPECT_DONE(accept(cameras_, camera_, title()));
}

// Forced hand-over

class ForcedHandOver : public OwnershipRules {
 protected:
  static constexpr std::uint64_t wait_ms = 100 * day_ms;
  void SetUp() override {
    const std::vector quorum{cameras_.subject().id, clinic_.subject().id, world_.handle("notary")};
    party::Amend body;
    body.force = party::Force{{std::span(quorum)}, 2, wait_ms};
    world_.accepted(city_, body);
  }
  BodyFate force(TestKey& by, std::vector<TestKey*> approvers, const TestKey& to) {
    return world_.say(by, ownership::Force{Type::device, camera_, to.subject().id, title()},
                      {.approvers = std::move(approvers)});
  }
};

TEST_F(ForcedHandOver, TakesTheQuorumThatTheOwnerHasStated) {
  auto& chips = world_.key("chips");
  EXPECT_REFUSED(force(cameras_, {}, chips), missing_approvals);
  EXPECT_REFUSED(force(chips, {&cameras_}, chips), missing_approvals);
  EXPECT_REFUSED(force(cameras_, {&chips, &world_.key("lab")}, chips), missing_approvals);
  EXPECT_REFUSED(world_.say(cameras_, ownership::Force{Type::device, camera_, chips.subject().id, title() + 1},
                            {.approvers = {&clinic_}}),
                 stale);
  EXPECT_DONE(force(cameras_, {&clinic_}, chips));
  EXPECT_REFUSED(force(cameras_, {&clinic_}, chips), being_handed_over);
}

TEST_F(ForcedHandOver, GoesToWhoReceives) {
  EXPECT_REFUSED(world_.say(cameras_, ownership::Force{Type::device, camera_, TestWorld::nonce("nobody"), title()},
                            {.approvers = {&clinic_}}),
                 not_registered);
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, world_.handle("chips")),
                     {"city", "cameras", "lab", "notary"})
                  .accepted());
  EXPECT_REFUSED(force(cameras_, {&clinic_}, world_.key("chips")), suspended);
}

TEST_F(ForcedHandOver, WithoutASignerOfTheQuorumApproversAreEnough) {
  EXPECT_DONE(force(world_.key("chips"), {&cameras_, &clinic_}, world_.key("chips")));
}

TEST_F(ForcedHandOver, WaitsAndIsEndedByTheOwner) {
  auto& chips = world_.key("chips");
  const auto now = world_.time_ms();
  ASSERT_TRUE(force(cameras_, {&clinic_}, chips).accepted());
  EXPECT_EQ(world_.device(camera_).offer_from_ms.value, now + wait_ms);
  EXPECT_REFUSED(accept(chips, camera_, title()), still_waits);
  EXPECT_DONE(cancel(city_, camera_));
  world_.pass(wait_ms);
  EXPECT_REFUSED(accept(chips, camera_, title()), not_offered);
  ASSERT_TRUE(force(cameras_, {&clinic_}, chips).accepted());
  world_.pass(wait_ms);
  EXPECT_DONE(accept(chips, camera_, title()));
  EXPECT_EQ(world_.device(camera_).owned_by(), chips.subject().id);
}

TEST_F(ForcedHandOver, OwnerRetiresWhatOthersForce) {
  ASSERT_TRUE(force(cameras_, {&clinic_}, world_.key("chips")).accepted());
  EXPECT_DONE(world_.retire("city", camera_));
}

TEST_F(ForcedHandOver, AnOfferOfTheOwnersOwnWaitsForNothing) {
  ASSERT_TRUE(force(cameras_, {&clinic_}, world_.key("chips")).accepted());
  ASSERT_TRUE(cancel(city_, camera_).accepted());
  ASSERT_TRUE(world_.offer("city", camera_, clinic_.subject().id).accepted());
  EXPECT_DONE(accept(clinic_, camera_, title()));
}

TEST_F(ForcedHandOver, EndsWithTheTenureOfWhoStatedIt) {
  world_.sell(camera_, "city", "clinic");
  EXPECT_REFUSED(force(cameras_, {&clinic_}, world_.key("chips")), not_entitled);
}

TEST_F(ForcedHandOver, SuspendedPartiesOfTheQuorumDoNotCount) {
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, clinic_.subject().id),
                     {"chips", "cameras", "lab", "notary"})
                  .accepted());
  EXPECT_REFUSED(force(cameras_, {&clinic_}, world_.key("chips")), missing_approvals);
  EXPECT_DONE(force(cameras_, {&world_.key("notary")}, world_.key("chips")));
}

TEST_F(OwnershipRules, NobodyForcesWhatItsOwnerHasStatedNothingFor) {
  EXPECT_REFUSED(world_.say(cameras_, ownership::Force{Type::device, camera_, cameras_.subject().id, title()}),
                 not_entitled);
  EXPECT_REFUSED(world_.say(cameras_, ownership::Force{Type::device, camera_, cameras_.subject().id, title()},
                            {.approvers = {&clinic_, &world_.key("lab")}}),
                 not_entitled);
}

}  // namespace
}  // namespace mikusari::ledger
