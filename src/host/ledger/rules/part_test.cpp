// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class PartRules : public ::testing::Test {
 protected:
  part::Register registration(std::string_view name, const Id& model) {
    part::Register out;
    out.nonce = TestWorld::nonce(name);
    out.model = model;
    return out;
  }
  BodyFate scrap(TestKey& key, const Id& part) { return world_.say(key, part::Scrap{part, world_.part(part).title}); }
  BodyFate inspect(TestKey& key, thing::Type type, const Id& thing) {
    return world_.say(key, part::Inspect{type, thing, part::Finding::passed, {}, {}});
  }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
};

// Birth

TEST_F(PartRules, MakerRegistersPartsOfItsModels) {
  const Id sensor = world_.sensor("sensor", "chips");
  const auto record = world_.part(sensor);
  EXPECT_EQ(record.maker, chips_.subject().id);
  EXPECT_EQ(record.held_by(), chips_.subject().id);
  EXPECT_EQ(record.owned_by(), chips_.subject().id);
  EXPECT_EQ(record.state, part::State::stock);
  EXPECT_EQ(record.title, 1U);
  ASSERT_EQ(record.keys.size(), 1U);
  EXPECT_EQ((*record.keys.begin()).key, world_.key("sensor").kid());
  EXPECT_TRUE((*record.keys.begin()).birth.value);
  EXPECT_REFUSED(world_.say(city_, registration("x", world_.cell_model())), missing_role);
  EXPECT_REFUSED(world_.say(cameras_, registration("x", world_.cell_model())), wrong_model);
  EXPECT_REFUSED(world_.say(cameras_, registration("x", world_.camera_model())), wrong_model);
  EXPECT_REFUSED(world_.say(chips_, registration("x", world_.id("chips", "none"))), not_registered);
  world_.accepted(chips_, model::Withdraw{world_.cell_model()});
  EXPECT_REFUSED(world_.say(chips_, registration("x", world_.cell_model())), wrong_model);
}

TEST_F(PartRules, IdNamesOneThing) {
  const Id board = world_.board("board", {});
  world_.camera("camera", {board});
  for (const auto* name : {"board", "camera"})
    EXPECT_REFUSED(world_.say(cameras_, registration(name, world_.board_model())), already_registered);
  world_.cell("cell");
  EXPECT_REFUSED(world_.say(chips_, registration("cell", world_.cell_model())), already_registered);
}

TEST_F(PartRules, SameNonceOfAnotherMakerIsAnotherPart) {
  world_.accepted(chips_, registration("one nonce", world_.cell_model()));
  EXPECT_DONE(world_.say(cameras_, registration("one nonce", world_.board_model())));
  EXPECT_NE(world_.id("chips", "one nonce"), world_.id("cameras", "one nonce"));
}

TEST_F(PartRules, BlindedModelNeedsAClassThatIsNoDevice) {
  auto body = registration("blinded", TestWorld::nonce("blind"));
  body.blinded_class = thing::Class::device;
  EXPECT_REFUSED(world_.say(chips_, body), wrong_model);
  body.blinded_class = thing::Class::battery;
  EXPECT_DONE(world_.say(chips_, body));
}

TEST_F(PartRules, KeyComesWithItsPossession) {
  auto& key = world_.new_key("part", subject_of_part(world_.id("chips", "part")));
  auto body = registration("part", world_.sensor_model());
  body.level = key::Level::hardware;
  EXPECT_REFUSED(world_.say(chips_, body), malformed_body);  // a level of no key
  body.level.reset();
  body.key = key.key();
  EXPECT_REFUSED(world_.say(chips_, body), malformed_body);
  body.possession = crypto::Signature{};
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);
  body.possession = world_.possession(key, cameras_);
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);
  body.possession = world_.possession(key, chips_);
  body.commitment = TestWorld::nonce("private");
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);  // signed for no commitment
  body.nonce = TestWorld::nonce("another");
  body.commitment.reset();
  EXPECT_REFUSED(world_.say(chips_, body), bad_possession);
  body.nonce = TestWorld::nonce("part");
  EXPECT_DONE(world_.say(chips_, body));
}

TEST_F(PartRules, TakenKeyIsAnAlarmAndThePartIsBornWithoutIt) {
  const Id first = world_.sensor("first");
  auto& key = world_.key("first");
  key.set_subject(subject_of_part(world_.id("chips", "second")));
  const auto fate = world_.say(chips_, world_.sensor_registration("second", key));
  EXPECT_ALARM(fate);
  EXPECT_EQ(fate.subject, "part " + platform::to_hex(world_.id("chips", "second")));
  EXPECT_EQ(world_.part(first).alarms.value, 1U);
  const auto second = world_.part(world_.id("chips", "second"));
  EXPECT_TRUE(second.keys.empty());
  EXPECT_EQ(second.alarms.value, 1U);
  EXPECT_EQ(world_.key_record(key.kid()).subject, subject_of_part(first));
}

TEST_F(PartRules, ThingsRegisterNoParts) {
  world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(world_.key("camera"), registration("x", world_.cell_model())), not_entitled);
}

TEST_F(PartRules, BatchOf4096UnderOneSignature) {
  std::vector<part::Register> bodies;
  for (std::size_t i = 0; i < limits::bodies_max; ++i)
    bodies.push_back(registration("batch " + std::to_string(i), world_.cell_model()));
  const auto fates = world_.say_all(chips_, bodies);
  EXPECT_TRUE(std::ranges::all_of(fates, [](const auto& fate) { return fate.accepted(); }));
}

// Inspection

TEST_F(PartRules, CustodianInspectsAndSoDoesWhoTheOwnerOrAVoteHasNamed) {
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {cell}, "city");
  world_.lend(thing::Type::device, camera, "city", "clinic");
  EXPECT_DONE(inspect(clinic_, thing::Type::device, camera));
  EXPECT_DONE(inspect(clinic_, thing::Type::part, cell));  // who holds the root holds what stands in it
  EXPECT_REFUSED(inspect(city_, thing::Type::device, camera), not_entitled);
  EXPECT_REFUSED(inspect(cameras_, thing::Type::part, cell), not_entitled);
  EXPECT_REFUSED(inspect(world_.key("camera"), thing::Type::device, camera), not_entitled);
  EXPECT_DONE(inspect(world_.key("lab"), thing::Type::part, cell));
  world_.accepted(city_, role::Grant{cameras_.subject().id, Role::inspector, camera, {}});
  EXPECT_DONE(inspect(cameras_, thing::Type::device, camera));
  EXPECT_DONE(inspect(cameras_, thing::Type::part, cell));
  world_.sell(camera, "city", "chips");
  EXPECT_REFUSED(inspect(cameras_, thing::Type::device, camera), not_entitled);
  EXPECT_REFUSED(inspect(cameras_, thing::Type::part, cell), not_entitled);
}

TEST_F(PartRules, InspectionIsAnEventAndMovesNothing) {
  const Id cell = world_.cell("cell");
  const auto before = world_.part(cell);
  ASSERT_TRUE(inspect(cameras_, thing::Type::part, cell).accepted());
  const auto after = world_.part(cell);
  EXPECT_EQ(after.history.count, before.history.count + 1);
  EXPECT_EQ(after.life_tree(), before.life_tree());
  EXPECT_EQ(after.title, before.title);
}

// End

TEST_F(PartRules, OwnerScrapsAPartWhoeverHoldsIt) {
  const Id sensor = world_.sensor("sensor");
  world_.lend(thing::Type::part, sensor, "cameras", "city");
  EXPECT_REFUSED(scrap(city_, sensor), not_owned);
  EXPECT_REFUSED(scrap(chips_, sensor), not_owned);
  EXPECT_REFUSED(scrap(world_.key("sensor"), sensor), not_owned);
  EXPECT_REFUSED(world_.say(cameras_, part::Scrap{sensor, world_.part(sensor).title + 1}), stale);
  EXPECT_DONE(scrap(cameras_, sensor));
  EXPECT_TRUE(world_.part(sensor).keys.empty());
  EXPECT_REFUSED(scrap(cameras_, sensor), retired_or_destroyed);
  EXPECT_REFUSED(world_.say(world_.key("sensor"), key::Revoke{world_.key("sensor").kid(), key::Reason::compromised}),
                 key_not_active);
  EXPECT_REFUSED(world_.say(city_, custody::Ship{thing::Type::part, sensor, clinic_.subject().id, {}, {}}),
                 retired_or_destroyed);
}

TEST_F(PartRules, OnlyWhatIsFreeAndEmptyIsScrapped) {
  const Id cell = world_.cell("cell");
  const Id board = world_.board("board", {cell});
  EXPECT_REFUSED(scrap(cameras_, board), not_empty);
  EXPECT_REFUSED(scrap(cameras_, cell), mounted_elsewhere);
  ASSERT_TRUE(world_.detach("cameras", board, cell).accepted());
  world_.accepted(cameras_, ownership::Offer{thing::Type::part, board, city_.subject().id, world_.part(board).title});
  EXPECT_REFUSED(scrap(cameras_, board), being_handed_over);
  world_.accepted(cameras_, ownership::Cancel{thing::Type::part, board});
  world_.accepted(cameras_, custody::Ship{thing::Type::part, board, city_.subject().id, {}, {}});
  EXPECT_DONE(scrap(cameras_, board));  // on its way: the owner's all the same
  EXPECT_REFUSED(world_.say(city_, custody::Receive{thing::Type::part, board, {}, {}, {}}), retired_or_destroyed);
}

TEST_F(PartRules, SuspendedOwnerStillScraps) {
  const Id cell = world_.cell("cell", "city");
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::suspend, city_.subject().id), {"chips", "cameras", "lab", "notary"})
          .accepted());
  EXPECT_REFUSED(inspect(city_, thing::Type::part, cell), suspended);
  EXPECT_DONE(scrap(city_, cell));
}

TEST_F(PartRules, SuspendedMakerRegistersNothing) {
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::suspend, chips_.subject().id), {"city", "cameras", "lab", "notary"})
          .accepted());
  EXPECT_REFUSED(world_.say(chips_, registration("x", world_.cell_model())), suspended);
}

}  // namespace
}  // namespace mikusari::ledger
