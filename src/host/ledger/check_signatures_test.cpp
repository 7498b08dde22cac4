// SPDX-License-Identifier: Apache-2.0
// The door: what never reaches a block.
#include <gtest/gtest.h>

#include "ledger/test_camera.hpp"
#include "statement/test_pieces.hpp"

namespace mikusari::ledger {
namespace {

// A submission made by hand, to be wrong where sign_statement() would not be.
class Door : public ::testing::Test {
 protected:
  Door() {
    payload_.ledger = world_.ledger();
    payload_.kind = model::Register::kind.number;
    payload_.n = 1000;
    char buffer[80];
    iss_ = *statement::issuer_of(chips_.subject(), buffer);
  }
  platform::Buffer made(TestKey& signer) {
    const auto body = platform::encode(CameraWorld::model("x", thing::Class::chip));
    const statement::SaltedBody salted{{}, body, {}};
    platform::Buffer out(8192);
    const auto bytes = statement::sign_statement(signer.signer(), iss_, sub_, payload_, std::span(&salted, 1), {}, out);
    out.resize(bytes->size());
    return out;
  }
  Code code(ByteView submission) {
    const auto verdict = world_.door(submission);
    return verdict ? Code{} : verdict.error().code();
  }
  template <statement::Body Body>
  Code code(TestKey& signer, const Body& body, const How& how = {}) {
    return code(world_.submission(signer, std::vector{body}, how));
  }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  TestKey& city_ = world_.key("city");
  std::string iss_, sub_ = "model.register";
  statement::Payload payload_;
};

TEST_F(Door, LetsAGoodStatementIn) { EXPECT_TRUE(world_.door(made(chips_)).has_value()); }

TEST_F(Door, RefusesAnotherLedger) {
  payload_.ledger = TestWorld::nonce("another ledger");
  EXPECT_EQ(code(made(chips_)), Code::invalid);
}

TEST_F(Door, CallsAnUnknownKindNewer) {
  payload_.kind = 0x7f01;
  EXPECT_EQ(code(made(chips_)), Code::newer);
}

TEST_F(Door, RefusesMoreBodiesThanTheKindTakes) {
  statement::for_each_kind([&]<class Body>() {
    if (Body::kind.bodies_max > 64) return;
    const std::vector<platform::Buffer> bodies(Body::kind.bodies_max + 1U, platform::Buffer{std::byte{0xa0}});
    EXPECT_EQ(code(world_.submission(chips_, Body::kind, bodies)), Code::invalid) << Body::kind.name;
  });
}

TEST_F(Door, RefusesClaimsThatSayOtherThanKeyAndKind) {
  const auto good = iss_;
  for (const auto& iss :
       {std::string("party:chips"), "device" + good.substr(5), "part" + good.substr(5), std::string()}) {
    iss_ = iss;
    EXPECT_EQ(code(made(chips_)), Code::invalid) << iss;
  }
  char buffer[80];
  iss_ = *statement::issuer_of(city_.subject(), buffer);
  EXPECT_EQ(code(made(chips_)), Code::invalid);
  iss_ = good;
  sub_ = "part.register";
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

TEST_F(Door, RefusesAnAlgorithmThatIsNotTheKeys) {
  statement::Pieces pieces(crypto::Algorithm::esp256);
  pieces.payload.ledger = world_.ledger();
  pieces.header.claims = {iss_, sub_};
  pieces.header.kid = chips_.kid();  // an Ed25519 key
  EXPECT_EQ(code(pieces.submission()), Code::invalid);
}

TEST_F(Door, RefusesCounterZero) {
  payload_.n = 0;
  EXPECT_EQ(code(made(chips_)), Code::invalid);
}

TEST_F(Door, RefusesWithheldBodiesWhicheverItIs) {
  const auto bytes = world_.submission(
      chips_, std::vector{CameraWorld::model("x", thing::Class::chip), CameraWorld::model("y", thing::Class::chip)});
  ASSERT_TRUE(world_.door(bytes).has_value());
  for (const std::uint64_t index : {0U, 1U}) {
    platform::Buffer out(bytes.size() + 64);
    out.resize(statement::withhold(*statement::parse(bytes), index, out)->size());
    EXPECT_EQ(code(out), Code::invalid);
  }
}

TEST_F(Door, RefusesApprovalsThatAreNotForThisStatement) {
  using enum statement::ApprovalRole;
  auto& second = world_.new_member_key("chips-2", "chips");
  world_.accepted(chips_, world_.registration(second, chips_));
  const auto bytes = made(chips_);
  const auto identity = statement::parse(bytes)->identity;
  const auto with = [&](const statement::Approval& approval) {
    platform::Buffer out(4096);
    out.resize(statement::add_approval(*statement::parse(bytes), approval, out)->size());
    return out;
  };
  EXPECT_TRUE(world_.door(with(*statement::approve(second.signer(), identity, own))).has_value());
  // The rule counts whose key it is; the door, whether it holds.
  EXPECT_TRUE(world_.door(with(*statement::approve(city_.signer(), identity, own))).has_value());
  EXPECT_EQ(code(with(*statement::approve(second.signer(), TestWorld::nonce("other"), own))), Code::unauthenticated);
  EXPECT_EQ(code(with(*statement::approve(second.signer(), identity, witness))), Code::invalid);
  EXPECT_EQ(code(with(*statement::approve(chips_.signer(), identity, own))), Code::invalid);  // the signer's own key
  EXPECT_EQ(code(with(*statement::approve(world_.new_member_key("unknown", "city").signer(), identity, own))),
            Code::unauthenticated);
  // Another's signature under this key's name.
  auto forged = *statement::approve(city_.signer(), identity, own);
  forged.kid = second.kid();
  EXPECT_EQ(code(with(forged)), Code::unauthenticated);
}

TEST_F(Door, RefusesApprovalsOfAKindThatTakesNone) {
  const auto bytes = world_.submission(chips_, std::vector{part::Scrap{}});
  EXPECT_EQ(code(world_.approved(bytes, city_, statement::ApprovalRole::own)), Code::invalid);
}

TEST_F(Door, EachPurposeSignsItsKindsAndNoOther) {
  auto& release = world_.key("release-1");
  auto& recovery = world_.key("recovery-1");
  const Id alice = world_.open_party("alice", "city");
  auto& standby = world_.new_key("standby", subject_of_party(alice), key::Purpose::standby);
  auto& identity = world_.new_key("identity", subject_of_party(alice), key::Purpose::identity);
  for (auto* key : {&standby, &identity})
    world_.accepted(world_.key("alice"), world_.registration(*key, world_.key("alice")));
  EXPECT_EQ(code(release, CameraWorld::model("x", thing::Class::chip)), Code::forbidden);
  EXPECT_EQ(code(release, key::Revoke{release.kid(), key::Reason::compromised}), Code::forbidden);
  EXPECT_EQ(code(release, firmware::Floor{world_.camera_model(), 1}), Code{});
  EXPECT_EQ(code(world_.key("cameras"), firmware::Floor{world_.camera_model(), 1}), Code::forbidden);
  EXPECT_EQ(code(world_.key("cameras"), model::Amend{world_.camera_model(), {}, 0}), Code::forbidden);
  EXPECT_EQ(code(standby, party::Close{}), Code::forbidden);
  EXPECT_EQ(code(standby, key::Veto{standby.kid()}), Code::forbidden);
  EXPECT_EQ(code(standby, party::Recover{}), Code{});
  EXPECT_EQ(code(identity, party::Close{}), Code::forbidden);
  EXPECT_EQ(code(recovery, party::Close{}), Code::forbidden);
  EXPECT_EQ(code(recovery, proposal::Vote{}), Code::forbidden);
  EXPECT_EQ(code(recovery, incarnation::Begin{}), Code{});
  EXPECT_EQ(code(chips_, incarnation::Begin{}), Code::forbidden);
  // And approves no other.
  EXPECT_EQ(code(release, firmware::Floor{world_.camera_model(), 1}, {.approvers = {&chips_}}), Code::forbidden);
  EXPECT_EQ(code(world_.key("cameras"), party::Amend{}, {.approvers = {&release}}), Code::forbidden);
  EXPECT_EQ(code(recovery, incarnation::Begin{}, {.approvers = {&chips_}}), Code::forbidden);
}

TEST_F(Door, EndedKeysPassAndExecutionKnowsThem) {
  // What the door says must never change back, so that it can be remembered.
  auto& second = world_.new_member_key("city-2", "city");
  world_.accepted(city_, world_.registration(second, city_));
  const auto bytes = world_.submission(second, std::vector{party::Amend{}});
  EXPECT_TRUE(world_.door(bytes).has_value());
  EXPECT_EQ(world_.block({bytes}).front().standing, Standing::discarded);
}

}  // namespace
}  // namespace mikusari::ledger
