// SPDX-License-Identifier: Apache-2.0
#include "ledger/execute.hpp"

#include <algorithm>

#include "ledger/rules/refusal_test_support.hpp"
#include "proof/block.hpp"
#include "proof/policy.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

model::Register model_x(std::string_view name) { return CameraWorld::model(name, thing::Class::chip); }

TestOptions with_three_city_keys() {
  TestOptions out;
  out.members[2].k = 2;
  out.members[2].further_keys = {"city-2", "city-3"};
  return out;
}

class Execution : public ::testing::Test {
 protected:
  SubmissionFate say(const platform::Buffer& submission) { return world_.block({submission}).front(); }
  std::uint64_t rows(const Id& whose) { return world_.find<QuotaRecord>(path::quota(whose))->rows; }
  ReplayRecord replay(const TestKey& key) { return world_.find<ReplayRecord>(path::replay(key.kid())).value(); }
  // The statement leaves no trace, for this reason.
  void expect_discarded(const platform::Buffer& submission, statement::Refusal why) {
    const auto before = world_.state().digest();
    const auto fate = say(submission);
    EXPECT_EQ(fate.standing, Standing::discarded);
    EXPECT_EQ(statement::text_of(fate.why.refusal).name, statement::text_of(why).name);
    EXPECT_TRUE(fate.bodies.empty());
    EXPECT_EQ(world_.state().digest(), before);
  }

  CameraWorld world_{with_three_city_keys()};
  TestKey& chips_ = world_.key("chips");
  TestKey& city_ = world_.key("city");
  TestKey& city_2_ = world_.key("city-2");
};

// Discards

TEST_F(Execution, UsedCounterLeavesNoTrace) {
  const auto bytes = world_.submission(chips_, std::vector{model_x("x")});
  EXPECT_EQ(say(bytes).standing, Standing::executed);
  expect_discarded(bytes, counter_used);
}

TEST_F(Execution, DuplicateInOneBlockIsExecutedOnce) {
  const auto bytes = world_.submission(chips_, std::vector{model_x("x")});
  const auto fates = world_.block({bytes, bytes});
  EXPECT_TRUE(fates[0].bodies[0].accepted());
  EXPECT_EQ(fates[1].standing, Standing::discarded);
}

TEST_F(Execution, StrippedApprovalsBurnNoCounter) {
  auto& next = world_.new_member_key("city-4", "city");
  const auto bare = world_.submission(city_, std::vector{world_.registration(next, city_)});
  const auto whole = world_.approved(bare, city_2_, statement::ApprovalRole::own);
  expect_discarded(bare, missing_approvals);
  EXPECT_TRUE(say(whole).bodies[0].accepted());
}

TEST_F(Execution, SaleInBetweenBurnsNoOfflineQueue) {
  const Id camera = world_.camera("camera", {}, "clinic");
  auto& key = world_.key("camera");
  const auto queued = world_.submission(key, std::vector{device::Activate{camera}});
  world_.sell(camera, "clinic", "city");
  expect_discarded(queued, key_not_active);
  world_.accepted(city_, world_.registration(key, city_, world_.device(camera).tenure.value));
  EXPECT_TRUE(say(queued).bodies[0].accepted());
}

TEST_F(Execution, WhoeverMayNotSpeakIsDiscarded) {
  world_.accepted(city_2_, key::Freeze{city_.kid()});
  expect_discarded(world_.submission(city_, std::vector{model_x("x")}), key_not_active);
  const auto late = world_.submission(chips_, std::vector{model_x("x")}, {.valid_until_ms = world_.time_ms()});
  world_.pass(1);
  expect_discarded(late, expired);
  const Id camera = world_.camera("camera", {}), cell = world_.cell("cell");
  auto& cell_key = world_.new_key("cell key", subject_of_part(cell));
  world_.accepted(world_.key("cameras"), world_.registration(cell_key, world_.key("cameras"), 1));
  ASSERT_TRUE(world_.retire("cameras", camera).accepted());
  expect_discarded(world_.submission(world_.key("camera"), std::vector{device::Activate{camera}}), key_not_active);
  world_.accepted(world_.key("cameras"), part::Scrap{cell, world_.part(cell).title});
  expect_discarded(world_.submission(cell_key, std::vector{document::Evidence{document::Type::other, {}, {}, {}, {}}}),
                   key_not_active);
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, chips_.subject().id),
                     {"cameras", "clinic", "lab", "notary"})
                  .accepted());
  expect_discarded(world_.submission(chips_, std::vector{model_x("x")}), suspended);
}

TEST_F(Execution, ApprovalsOfAllBodiesAreJudgedBeforeTheFirst) {
  // The first key may end itself; to end the second takes two others.
  auto& city_3 = world_.key("city-3");
  const std::vector bodies{key::Revoke{city_.kid(), key::Reason::superseded},
                           key::Revoke{city_3.kid(), key::Reason::superseded}};
  expect_discarded(world_.submission(city_, bodies), missing_approvals);
  EXPECT_EQ(world_.key_record(city_.kid()).state, key::State::active);
  const auto fates = say(world_.submission(city_, bodies, {.approvers = {&city_2_}})).bodies;
  EXPECT_TRUE(fates[0].accepted() && fates[1].accepted());
}

TEST_F(Execution, ApprovalOfAKeyThatDoesNotSpeakCountsForNothing) {
  auto& waiting = world_.new_member_key("city-4", "city");
  world_.accepted(city_, world_.registration(waiting, city_), {.approvers = {&city_2_}});
  auto& next = world_.new_member_key("city-5", "city");
  expect_discarded(world_.submission(city_, std::vector{world_.registration(next, city_)}, {.approvers = {&waiting}}),
                   missing_approvals);
}

// Refusals

TEST_F(Execution, RefusalUsesTheCounterAndChangesNothingElse) {
  const auto before = world_.state().rows();
  const auto fate = world_.say(city_, model_x("x"), {.n = 500});
  EXPECT_REFUSED(fate, missing_role);
  auto after = world_.state().rows();
  EXPECT_EQ(replay(city_).highest, 500U);
  EXPECT_EQ(replay(city_).refused.value, 1U);
  after.erase(path::replay(city_.kid()));
  auto same = before;
  same.erase(path::replay(city_.kid()));
  EXPECT_TRUE(std::ranges::equal(
      same, after, [](const auto& a, const auto& b) { return a.first == b.first && equal(a.second, b.second); }));
}

TEST_F(Execution, StatementsMayComeOutOfOrderWithinTheWindow) {
  const auto at = [&](std::uint64_t n, std::string_view name) {
    return say(world_.submission(chips_, std::vector{model_x(name)}, {.n = n})).standing;
  };
  EXPECT_EQ(at(5000, "a"), Standing::executed);
  EXPECT_EQ(at(5000 - 1023, "b"), Standing::executed);
  EXPECT_EQ(at(5000 - 1024, "c"), Standing::discarded);
  EXPECT_EQ(at(4999, "d"), Standing::executed);
  EXPECT_EQ(at(4999, "e"), Standing::discarded);
  EXPECT_EQ(at(~0ULL, "f"), Standing::executed);
  EXPECT_EQ(at(~0ULL, "g"), Standing::discarded);
  EXPECT_EQ(at(~0ULL - 1, "h"), Standing::executed);
}

TEST_F(Execution, BodyThatDoesNotDecodeIsRefusedAlone) {
  auto addition = platform::encode(model_x("y"));
  addition.front() = static_cast<std::byte>(std::to_integer<int>(addition.front()) + 1);  // one more pair
  addition.insert(addition.end(), {std::byte{0x18}, std::byte{0x40}, std::byte{0x00}});   // 64: 0
  const std::vector<platform::Buffer> bodies{platform::encode(model_x("x")), platform::Buffer{std::byte{0xa0}},
                                             platform::Buffer{std::byte{0xff}}, addition};
  const auto fates = say(world_.submission(chips_, model::Register::kind, bodies)).bodies;
  EXPECT_DONE(fates[0]);
  for (int i = 1; i < 4; ++i) EXPECT_REFUSED(fates[i], malformed_body);  // nothing is accepted that is not understood
}

TEST_F(Execution, BodySeesWhatTheBodiesBeforeItChanged) {
  const auto cell = world_.cell_registration("cell");
  const Id id = world_.id("chips", "cell");
  const auto fates = world_.block(
      {world_.submission(chips_, std::vector{cell, cell}),
       world_.submission(chips_, std::vector{custody::Ship{thing::Type::part, id, city_.subject().id, {}, {}}})});
  EXPECT_DONE(fates[0].bodies[0]);
  EXPECT_REFUSED(fates[0].bodies[1], already_registered);
  EXPECT_DONE(fates[1].bodies[0]);
  EXPECT_EQ(world_.part(id).history.count, 2U);
}

// All or none

TEST_F(Execution, AllOrNoneIsAcceptedWhole) {
  const auto fates = world_.say_all(chips_, std::vector{model_x("x"), model_x("y")}, {.atomic = true});
  EXPECT_TRUE(fates[0].accepted() && fates[1].accepted());
  EXPECT_EQ(world_.model(world_.id("chips", "y")).history.count, 1U);
}

TEST_F(Execution, RolledBackBodiesTakeNoRows) {
  const auto before = rows(chips_.subject().id), of_ledger = rows(world_.ledger());
  const auto cell = world_.cell_registration("cell");
  const auto fates =
      world_.say_all(chips_, std::vector{world_.cell_registration("other"), cell, cell}, {.atomic = true});
  EXPECT_REFUSED(fates[2], already_registered);
  EXPECT_EQ(rows(chips_.subject().id), before);
  EXPECT_EQ(rows(world_.ledger()), of_ledger);
  EXPECT_EQ(replay(chips_).refused.value, 3U);
  world_.accepted(chips_, cell);
  EXPECT_EQ(rows(chips_.subject().id), before + 1);
}

TEST_F(Execution, AllOrNoneIsNotStoppedByWhatMayBeRefusedADay) {
  world_.open_party("alice", "clinic");
  const std::vector<document::Evidence> bodies(100, {document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  const auto fates = world_.say_all(world_.key("alice"), bodies, {.atomic = true});  // may have 64 refused
  EXPECT_TRUE(std::ranges::all_of(fates, [](const auto& fate) { return fate.accepted(); }));
  EXPECT_EQ(replay(world_.key("alice")).refused.value, 0U);
}

// What it writes

TEST_F(Execution, LeafAndHeadAreWhatTheFormatsSay) {
  const auto context = world_.next_block();
  const auto bytes = world_.submission(chips_, std::vector{model_x("x")});
  const auto parsed = *statement::parse(bytes);
  const auto fate = say(bytes);
  proof::BodyLeaf leaf;
  leaf.identity = parsed.identity;
  leaf.signature_hash = crypto::sha256(parsed.statement.signature);
  leaf.body_leaf = statement::body_leaf(*parsed.bodies.begin());
  leaf.height = context.height;
  leaf.time_ms = context.time_ms;
  leaf.outcome = statement::Outcome::done;
  EXPECT_EQ(fate.bodies[0].leaf_hash, merkle::leaf_hash(platform::encode(leaf)));
  const auto record = world_.model(world_.id("chips", "x"));
  EXPECT_EQ(record.history.count, 1U);
  EXPECT_EQ(record.history.root, fate.bodies[0].leaf_hash);
  EXPECT_EQ(record.changed, context.height);
  EXPECT_EQ(fate.bodies[0].gained, std::vector{path::model(world_.id("chips", "x"))});
  EXPECT_EQ(fate.identity, parsed.identity);
}

TEST_F(Execution, LeafCommitsToTheApprovals) {
  auto& next = world_.new_member_key("city-4", "city");
  const auto bare = world_.submission(city_, std::vector{world_.registration(next, city_)});
  const auto approved = world_.approved(bare, city_2_, statement::ApprovalRole::own);
  const auto by_both = world_.approved(approved, world_.key("city-3"), statement::ApprovalRole::own);
  // The same statement with other approvers, on the same state.
  const auto leaf_of = [&](const platform::Buffer& submission) {
    Overlay overlay(world_.state());
    const auto parsed = *statement::parse(submission);
    const auto fate =
        execute(parsed, submission.size(), world_.next_block(), world_.state(), overlay, world_.signatures());
    EXPECT_TRUE(fate.bodies[0].accepted());
    proof::BodyLeaf leaf;
    leaf.identity = parsed.identity;
    leaf.signature_hash = crypto::sha256(parsed.statement.signature);
    leaf.also_hash = crypto::sha256(parsed.also);
    leaf.body_leaf = statement::body_leaf(*parsed.bodies.begin());
    leaf.height = world_.next_block().height;
    leaf.time_ms = world_.next_block().time_ms;
    leaf.outcome = statement::Outcome::done;
    EXPECT_EQ(fate.bodies[0].leaf_hash, proof::leaf_hash(leaf));
    return fate.bodies[0].leaf_hash;
  };
  EXPECT_NE(leaf_of(approved), leaf_of(by_both));
  EXPECT_EQ(statement::parse(approved)->identity, statement::parse(by_both)->identity);
}

TEST_F(Execution, EachBodyHasALeafOfItsOwn) {
  const auto fates = world_.say_all(chips_, std::vector{model_x("x"), model_x("y")});
  EXPECT_NE(fates[0].leaf_hash, fates[1].leaf_hash);
  EXPECT_EQ(world_.model(world_.id("chips", "y")).history.root, fates[1].leaf_hash);
}

TEST_F(Execution, CountersHoldTheNewestIdentity) {
  const auto bytes = world_.submission(chips_, std::vector{model_x("x")});
  world_.block({bytes});
  const auto half = Bytes<16>::copy(statement::parse(bytes)->identity.view().first(16));
  EXPECT_EQ(replay(chips_).last, half);
  EXPECT_EQ(world_.find<QuotaRecord>(path::quota(chips_.subject().id))->last, half);
}

TEST_F(Execution, GenesisFoundsMembersKeysParametersAndPolicyWithoutEvents) {
  TestWorld world;
  // A member: itself, five lists, what it has used; a key: itself and its counters; of the ledger: state, policy,
  // quota.
  EXPECT_EQ(world.state().rows().size(), 6U * 7 + 12U * 2 + 3);
  EXPECT_EQ(world.member("chips").history, Tree{});
  EXPECT_EQ(world.find<LedgerRecord>(path::ledger())->total_weight, 6U);
  EXPECT_EQ(world.find<LedgerRecord>(path::ledger())->voting_weight, 6U);
  EXPECT_EQ(world.find<proof::Policy>(path::policy())->threshold, 1U);
  EXPECT_EQ(world.state().entries(path::list(world.handle("cameras"), list::Kind::keys)).size(), 4U);
}

TEST_F(Execution, EachAlgorithmSigns) {
  for (const auto algorithm : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    TestOptions options;
    options.algorithm = algorithm;
    CameraWorld world(options);
    const Id camera = world.camera("camera", {world.sensor("sensor")}, "city");
    world.accepted(world.key("camera"), device::Activate{camera});
  }
}

TEST_F(Execution, SameStatementsGiveTheSameStateAndFates) {
  const auto play = [](CameraWorld& world) {
    const Id camera = world.camera("camera", {world.sensor("sensor"), world.cell("cell")}, "city");
    world.retire("city", camera);
    world.assemble("clone", device::UnitType::device, {world.id("chips", "sensor")});
    return world.state().digest();
  };
  CameraWorld one, two;
  EXPECT_EQ(play(one), play(two));
}

}  // namespace
}  // namespace mikusari::ledger
