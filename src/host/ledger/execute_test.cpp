// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/test_camera.hpp"
#include "merkle/log.hpp"
#include "proof/block.hpp"
#include "proof/policy.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using statement::Refusal;

model::Register model_named_x(std::string_view name) { return {name, model::Class::chip, {}, 0}; }

// A submission made by hand, to be wrong where sign_statement() would not be.
struct Forgery {
  std::string iss = "member:chips", sub = "model.register";
  statement::Payload payload;
  platform::Buffer body = platform::encode(model_named_x("x"));
};

class Door : public ::testing::Test {
 protected:
  Door() {
    forgery_.payload.ledger = world_.ledger();
    forgery_.payload.kind = model::Register::kind.number;
    forgery_.payload.n = 1;
  }
  platform::Buffer made(TestKey& signer) {
    const statement::SaltedBody salted{{}, forgery_.body};
    platform::Buffer out(8192);
    const auto bytes = statement::sign_statement(signer.signer(), forgery_.iss, forgery_.sub, forgery_.payload,
                                                 std::span(&salted, 1), {}, out);
    out.resize(bytes->size());
    return out;
  }
  Code code(ByteView submission) {
    const auto verdict = world_.door(submission);
    return verdict ? Code{} : verdict.error().code();
  }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  Forgery forgery_;
};

TEST_F(Door, LetsAGoodStatementIn) { EXPECT_TRUE(world_.door(made(chips_)).has_value()); }

TEST_F(Door, RefusesAnotherLedger) {
  forgery_.payload.ledger = TestWorld::id("another ledger");
  EXPECT_EQ(code(made(chips_)), Code::invalid);
}

TEST_F(Door, RefusesUnknownKinds) {
  forgery_.payload.kind = 0x7f01;
  EXPECT_EQ(code(made(chips_)), Code::invalid);
}

TEST_F(Door, RefusesMoreBodiesThanTheKindTakes) {
  const std::vector<platform::Buffer> bodies(2, platform::encode(device::Activate{}));
  EXPECT_EQ(code(world_.submission(chips_, device::Activate::kind, bodies)), Code::invalid);
}

TEST_F(Door, RefusesClaimsThatSayOtherThanKeyAndKind) {
  forgery_.iss = "member:cameras";
  EXPECT_EQ(code(made(chips_)), Code::invalid);
  forgery_.iss = "member:chips";
  forgery_.sub = "part.register";
  EXPECT_EQ(code(made(chips_)), Code::invalid);
}

TEST_F(Door, RefusesUnknownKeys) {
  EXPECT_EQ(code(made(world_.new_member_key("unknown", "chips"))), Code::unauthenticated);
}

TEST_F(Door, RefusesASignatureThatDoesNotHold) {
  auto bytes = made(chips_);
  const auto parsed = statement::parse(bytes);
  const auto at = static_cast<std::size_t>(parsed->sign1.data() - bytes.data()) + parsed->sign1.size() - 64;
  bytes[at] ^= std::byte{1};
  EXPECT_EQ(code(bytes), Code::unauthenticated);
}

TEST_F(Door, RefusesOnWhereTheKindTakesNoneAndItsLackWhereItMust) {
  forgery_.payload.on = 1;
  EXPECT_EQ(code(made(chips_)), Code::invalid);
  EXPECT_EQ(code(world_.submission(chips_, std::vector{device::Retire{}})), Code::invalid);
}

TEST_F(Door, RefusesCounterZero) {
  forgery_.payload.n = 0;
  EXPECT_EQ(code(made(chips_)), Code::invalid);
}

TEST_F(Door, RefusesApprovalsThatAreNotForThisStatement) {
  auto& city = world_.key("city");
  const auto bytes = world_.submission(chips_, std::vector{member::SetState{"lab", member::State::suspended}});
  const auto identity = statement::parse(bytes)->identity;
  const auto with = [&](const statement::Approval& approval) {
    platform::Buffer out(4096);
    out.resize(statement::add_approval(*statement::parse(bytes), approval, out)->size());
    return out;
  };
  using enum statement::ApprovalRole;
  EXPECT_TRUE(world_.door(with(*statement::approve(city.signer(), identity, member))).has_value());
  EXPECT_EQ(code(with(*statement::approve(city.signer(), TestWorld::id("other"), member))), Code::unauthenticated);
  EXPECT_EQ(code(with(*statement::approve(city.signer(), identity, witness))), Code::invalid);
  EXPECT_EQ(code(with(*statement::approve(chips_.signer(), identity, member))), Code::invalid);  // the signer's own key
  EXPECT_EQ(code(with(*statement::approve(world_.new_member_key("unknown", "city").signer(), identity, member))),
            Code::unauthenticated);
  const auto once = with(*statement::approve(city.signer(), identity, member));
  EXPECT_EQ(code(world_.approved(once, city, member)), Code::invalid);
  EXPECT_EQ(code(world_.approved(made(chips_), city, member)), Code::invalid);  // a kind that takes none
}

// Execution

class Execution : public Door {};

TEST_F(Execution, UsedCounterLeavesNoTrace) {
  const auto bytes = world_.submission(chips_, std::vector{model_named_x("x")});
  EXPECT_EQ(world_.block({bytes}).front().standing, Standing::executed);
  const auto digest = world_.state().digest();
  const auto again = world_.block({bytes}).front();
  EXPECT_EQ(again.standing, Standing::discarded);
  EXPECT_TRUE(again.bodies.empty());
  EXPECT_EQ(world_.state().digest(), digest);
}

TEST_F(Execution, DuplicateInOneBlockIsExecutedOnce) {
  const auto bytes = world_.submission(chips_, std::vector{model_named_x("x")});
  const auto fates = world_.block({bytes, bytes});
  EXPECT_TRUE(fates[0].bodies[0].accepted());
  EXPECT_EQ(fates[1].standing, Standing::discarded);
}

TEST_F(Execution, RefusalUsesTheCounterAndChangesNothingElse) {
  const auto before = world_.state().rows();
  const auto fate = world_.say(world_.key("city"), model_named_x("x"), {.n = 500});
  EXPECT_EQ(fate.refusal, Refusal::missing_role);
  auto after = world_.state().rows();
  const auto key = path::replay(world_.key("city").kid());
  EXPECT_EQ(cbor::decode<ReplayRecord>(after.at(key))->highest, 500u);
  after.erase(key);
  EXPECT_TRUE(std::ranges::equal(
      before, after, [](const auto& a, const auto& b) { return a.first == b.first && equal(a.second, b.second); }));
}

TEST_F(Execution, StatementsMayComeOutOfOrderWithinTheWindow) {
  const auto at = [&](std::uint64_t n, std::string_view name) {
    return world_.block({world_.submission(chips_, std::vector{model_named_x(name)}, {.n = n})}).front().standing;
  };
  EXPECT_EQ(at(5000, "a"), Standing::executed);
  EXPECT_EQ(at(5000 - 1023, "b"), Standing::executed);
  EXPECT_EQ(at(5000 - 1024, "c"), Standing::discarded);
  EXPECT_EQ(at(4999, "d"), Standing::executed);
  EXPECT_EQ(at(4999, "e"), Standing::discarded);
}

TEST_F(Execution, BodyThatDoesNotDecodeIsRefusedAlone) {
  const std::vector<platform::Buffer> bodies{platform::encode(model_named_x("x")), platform::Buffer{std::byte{0xa0}},
                                             platform::Buffer{std::byte{0xff}}};
  const auto fates = world_.block({world_.submission(chips_, model::Register::kind, bodies)}).front().bodies;
  EXPECT_TRUE(fates[0].accepted());
  EXPECT_EQ(fates[1].refusal, Refusal::malformed_body);
  EXPECT_EQ(fates[2].refusal, Refusal::malformed_body);
}

TEST_F(Execution, AtomicStatementIsAcceptedWhole) {
  const auto fates = world_.say_all(chips_, std::vector{model_named_x("x"), model_named_x("y")}, {.atomic = true});
  EXPECT_TRUE(fates[0].accepted() && fates[1].accepted());
  EXPECT_EQ(world_.model(model::model_id("chips", "y")).seq, 1u);
}

TEST_F(Execution, BodySeesWhatTheBodiesBeforeItChanged) {
  const Id part = TestWorld::id("part");
  const auto registers =
      world_.submission(chips_, std::vector{part::Register{part, CameraWorld::cell_model(), {}, {}, {}}});
  const auto ships = world_.submission(chips_, std::vector{custody::Ship{custody::Thing::part, part, "city"}});
  const auto fates = world_.block({registers, ships});
  EXPECT_TRUE(fates[1].bodies[0].accepted());
  EXPECT_EQ(world_.part(part).seq, 2u);
}

TEST_F(Execution, LeafAndHeadAreWhatTheFormatsSay) {
  const auto context = world_.next_block();
  const auto bytes = world_.submission(chips_, std::vector{model_named_x("x")});
  const auto parsed = *statement::parse(bytes);
  const auto fate = world_.block({bytes}).front();
  const auto salted = *parsed.bodies.begin();
  const proof::BodyLeaf leaf{parsed.identity,
                             crypto::sha256(parsed.statement.signature),
                             statement::body_leaf(salted.salt, salted.body),
                             context.height,
                             context.time_ms,
                             statement::Outcome::done};
  EXPECT_EQ(fate.bodies[0].leaf_hash, merkle::leaf_hash(platform::encode(leaf)));
  const auto record = world_.model(model::model_id("chips", "x"));
  EXPECT_EQ(record.events_head,
            crypto::sha256({ByteView(std::array{std::byte{2}}), Digest{}, fate.bodies[0].leaf_hash}));
  EXPECT_EQ(record.changed, context.height);
  EXPECT_EQ(fate.bodies[0].changed, std::vector{path::model(model::model_id("chips", "x"))});
}

TEST_F(Execution, GenesisFoundsMembersKeysParametersAndPolicy) {
  TestWorld world;
  EXPECT_EQ(world.state().rows().size(), 6u + 6u + 2u);
  EXPECT_EQ(world.member("chips").seq, 0u);
  EXPECT_EQ(world.find<Parameters>(path::parameters())->active_weight, 6u);
  EXPECT_EQ(world.find<proof::Policy>(path::policy())->threshold, 1u);
}

TEST_F(Execution, EachAlgorithmSigns) {
  for (const auto algorithm : {crypto::Algorithm::ed25519, crypto::Algorithm::esp256}) {
    CameraWorld world({.algorithm = algorithm});
    const Id camera = world.camera("camera", {world.sensor("sensor")}, "city");
    world.accepted(world.key("camera"), device::Activate{camera});
  }
}

}  // namespace
}  // namespace mikusari::ledger
