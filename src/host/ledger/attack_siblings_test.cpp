// SPDX-License-Identifier: Apache-2.0
// What is of the same kind as the attacks of attacks_test.cpp, in other families and by other hands.
#include <algorithm>

#include "ledger/rules/refusal_test_support.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

document::Evidence about(Type type, const Id& thing) { return {document::Type::other, {}, {}, type, thing}; }
device::Alarm alarm(Type type, const Id& thing) { return {type, thing, device::Cause::other, {}, {}}; }

// attack 1, sibling: noise of other hands, and about what stands in the device.
TEST(Attack1, NoiseAboutAPartIsNoEventOfItsDevice) {
  CameraWorld world;
  const Id sensor = world.sensor("sensor");
  const Id board = world.board("board", {sensor});
  const Id camera = world.camera("camera", {board}, "city");
  const auto before = world.device(camera);
  auto& key = world.key("sensor");
  for (int i = 0; i < 20; ++i) {
    EXPECT_DONE(world.say(key, about(Type::part, sensor)));
    EXPECT_DONE(world.say(world.key("lab"), part::Inspect{Type::part, board, part::Finding::observed, {}, {}}));
  }
  EXPECT_EQ(world.device(camera).history, before.history);
  EXPECT_EQ(world.part(sensor).life_tree().count, 4U);  // born, shipped, received, mounted
  EXPECT_EQ(world.part(sensor).history.count, 24U);
}

// attack 1, sibling: a sale ends the device key's noise too, and a stranger makes none.
TEST(Attack1, OldKeysAndStrangersMakeNoNoise) {
  CameraWorld world;
  const Id camera = world.camera("camera", {});
  world.open_party("alice", "city");
  world.sell(camera, "cameras", "city");
  EXPECT_REFUSED(world.say(world.key("camera"), about(Type::device, camera)), key_not_active);
  for (auto* stranger : {&world.key("clinic"), &world.key("alice"), &world.key("chips")}) {
    EXPECT_REFUSED(world.say(*stranger, about(Type::device, camera)), not_owned);
    EXPECT_REFUSED(world.say(*stranger, alarm(Type::device, camera)), not_entitled);
    EXPECT_REFUSED(world.say(*stranger, part::Inspect{Type::device, camera, part::Finding::failed, {}, {}}),
                   not_entitled);
    EXPECT_REFUSED(world.say(*stranger, custody::Refuse{Type::device, camera}), wrong_state);
  }
}

// attack 4, sibling: nothing that others say, nor the owner's own automation, moves the title counter.
TEST(Attack4, NobodyElseAndNoAutomationMovesTheTitle) {
  CameraWorld world;
  auto &city = world.key("city"), &clinic = world.key("clinic"), &cameras = world.key("cameras");
  const Id sensor = world.sensor("sensor"), cell = world.cell("cell"), spare = world.cell("spare", "city");
  const Id board = world.board("board", {cell});
  const Id camera = world.camera("camera", {board, sensor}, "city");
  const auto title = world.device(camera).title;
  const auto retire = world.submission(city, std::vector{device::Retire{camera, title}});
  auto& key = world.key("camera");
  world.accepted(key, device::Activate{camera});
  world.accepted(key, about(Type::device, camera));
  world.accepted(key, alarm(Type::device, camera));
  auto& next = world.new_key("next", subject_of_device(camera));
  world.accepted(key, key::Rotate{next.key(), world.possession(next, key, 1)});
  world.accepted(city, key::Veto{next.kid()});
  world.accepted(city, device::Suspend{camera});
  world.accepted(city, device::Resume{camera});
  world.accepted(city, role::Grant{clinic.subject().id, Role::gate, {}, {}});
  world.accepted(clinic, alarm(Type::device, camera));
  ASSERT_TRUE(world.attach("city", board, spare).accepted());
  ASSERT_TRUE(world.detach("city", board, spare).accepted());
  world.lend(Type::device, camera, "city", "clinic");
  world.accepted(clinic, part::Inspect{Type::device, camera, part::Finding::repaired, {}, {}});
  world.accepted(clinic, custody::Ship{Type::device, camera, cameras.subject().id, {}, {}});
  world.accepted(cameras, custody::Refuse{Type::device, camera});
  world.accepted(clinic, custody::Ship{Type::device, camera, cameras.subject().id, {}, {}});
  world.accepted(cameras, custody::Receive{Type::device, camera, {}, {}, {}});
  ASSERT_TRUE(world.assemble("clone", device::UnitType::device, {sensor}).accepted());
  ASSERT_TRUE(decide(world, about_mount(cell), {"chips", "cameras", "clinic", "lab"}).accepted());
  world.accepted(world.key("lab"), part::Inspect{Type::device, camera, part::Finding::failed, {}, {}});
  EXPECT_EQ(world.device(camera).title, title);
  EXPECT_DONE(world.block({retire}).front().bodies.front());
}

// attack 4, sibling: a part's owner too; and a forced hand-over is ended without naming a counter.
TEST(Attack4, OwnerEndsWhatOthersOpenWithoutKnowingTheCounter) {
  CameraWorld world;
  auto &city = world.key("city"), &clinic = world.key("clinic");
  const Id cell = world.cell("cell", "city");
  const std::vector quorum{clinic.subject().id};
  party::Amend force;
  force.force = party::Force{{std::span(quorum)}, 1, 90 * day_ms};
  world.accepted(city, force);
  for (int i = 0; i < 5; ++i) {
    world.accepted(clinic, ownership::Force{Type::part, cell, clinic.subject().id, world.part(cell).title});
    EXPECT_DONE(world.say(city, ownership::Cancel{Type::part, cell}));
  }
  EXPECT_DONE(world.say(city, part::Scrap{cell, world.part(cell).title}));
}

// attack 5, sibling: parts and boards, sold by shipment or by offer.
TEST(Attack5, SaleOfABoardEndsEverythingOfTheSellersInItsTree) {
  for (const bool shipped : {true, false}) {
    CameraWorld world;
    auto &cameras = world.key("cameras"), &city = world.key("city");
    const Id sensor = world.sensor("sensor");
    const Id board = world.board("board", {sensor});
    auto& board_key = world.new_key("board key", subject_of_part(board));
    auto& second = world.new_key("second", subject_of_part(sensor));
    world.accepted(cameras, world.registration(board_key, cameras));
    world.accepted(cameras, world.registration(second, cameras, 1));
    world.accepted(cameras, role::Grant{world.handle("chips"), Role::inspector, board, {}});
    if (shipped) {
      world.hand_over(Type::part, board, "cameras", "city");
    } else {
      world.accepted(cameras, ownership::Offer{Type::part, board, world.handle("city"), world.part(board).title});
      world.accepted(city, ownership::Accept{Type::part, board, world.part(board).title, {}});
      EXPECT_DONE(world.say(city, custody::Recall{Type::part, board}));
    }
    EXPECT_REFUSED(world.say(board_key, about(Type::part, board)), key_not_active);
    EXPECT_REFUSED(world.say(second, about(Type::part, sensor)), key_not_active);
    EXPECT_REFUSED(world.say(world.key("chips"), part::Inspect{Type::part, board, part::Finding::passed, {}, {}}),
                   not_entitled);
    EXPECT_REFUSED(world.detach("cameras", board, sensor), not_owned);
    EXPECT_REFUSED(world.say(cameras, world.registration(board_key, cameras, 1)), not_owned);
    EXPECT_DONE(world.detach("city", board, sensor));
  }
}

// attack 5, sibling: the seller rotates a mounted part's birth key before the sale; the successor is the seller's.
TEST(Attack5, RotatedBirthKeyOfAMountedPartEndsWithTheSale) {
  CameraWorld world;
  const Id sensor = world.sensor("sensor");
  const Id camera = world.camera("camera", {sensor});
  auto &birth = world.key("sensor"), &next = world.new_key("next", subject_of_part(sensor));
  world.accepted(birth, key::Rotate{next.key(), world.possession(next, birth, 1)});
  world.pass(7 * day_ms);
  EXPECT_DONE(world.say(next, about(Type::part, sensor)));
  world.sell(camera, "cameras", "city");
  EXPECT_REFUSED(world.say(next, about(Type::part, sensor)), key_not_active);
  EXPECT_REFUSED(world.say(birth, about(Type::part, sensor)), key_not_active);
  // The buyer goes on with a key of its own, or none.
  auto& fresh = world.new_key("fresh", subject_of_part(sensor));
  EXPECT_DONE(world.say(world.key("city"), world.registration(fresh, world.key("city"), 1)));
  EXPECT_DONE(world.say(fresh, about(Type::part, sensor)));
}

// attack 5, sibling: a rotation that waits at the sale is vetoed by the new owner.
TEST(Attack5, BirthKeysRotationByTheSellerIsVetoedByTheBuyer) {
  CameraWorld world;
  const Id sensor = world.sensor("sensor");
  const Id camera = world.camera("camera", {sensor});
  world.sell(camera, "cameras", "city");
  auto &birth = world.key("sensor"), &next = world.new_key("next", subject_of_part(sensor));
  world.accepted(birth, key::Rotate{next.key(), world.possession(next, birth, 1)});  // the seller has a copy
  EXPECT_REFUSED(world.say(world.key("cameras"), key::Veto{next.kid()}), not_owned);
  EXPECT_DONE(world.say(world.key("city"), key::Veto{next.kid()}));
  EXPECT_FALSE(world.part(sensor).revoked.value);
  EXPECT_DONE(world.say(world.key("city"), key::Revoke{birth.kid(), key::Reason::compromised}));
  EXPECT_REFUSED(world.say(birth, about(Type::part, sensor)), key_not_active);
}

// attack 6, sibling: alarms that fill a victim's day hide the next ones from the count, and block nothing.
TEST(Attack6, AlarmsThatFillAVictimsDayBlockNothingOfTheVictims) {
  CameraWorld world;
  auto& city = world.key("city");
  const Id sensor = world.sensor("sensor"), spare = world.cell("spare", "city");
  const Id camera = world.camera("camera", {sensor}, "city");
  world.accepted(world.key("chips"), CameraWorld::model("board", thing::Class::board));
  ASSERT_TRUE(world.assemble("own", device::UnitType::board, {sensor}, "chips").accepted());
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(world.attach("chips", world.id("chips", "own"), sensor).accepted());
  EXPECT_REFUSED(world.say(city, alarm(Type::device, camera)), too_many_alarms);
  EXPECT_REFUSED(world.assemble("clone", device::UnitType::device, {sensor}), too_many_alarms);
  EXPECT_FALSE(world.find<device::Record>(path::device(world.id("cameras", "clone"))).has_value());
  EXPECT_DONE(world.say(world.key("camera"), device::Activate{camera}));
  EXPECT_DONE(world.attach("city", camera, spare));
  EXPECT_DONE(world.detach("city", camera, sensor));
  EXPECT_DONE(world.say(city, world.registration(world.new_key("k", subject_of_device(camera)), city, 1)));
  EXPECT_DONE(world.say(city, document::Evidence{document::Type::alarm, {}, {}, Type::device, camera}));
  EXPECT_DONE(world.offer("city", camera, world.handle("clinic")));
  EXPECT_DONE(world.accept("clinic", camera));
  EXPECT_DONE(world.retire("clinic", camera));
  world.pass(day_ms);
  EXPECT_ALARM(world.say(world.key("clinic"), alarm(Type::device, camera)));
}

// attack 6, sibling: votes and other members against nested boards.
TEST(Attack6, VoteOnANestedBoardMovesNoTitleAndLeavesTheOwnerAllExits) {
  CameraWorld world;
  const Id cell = world.cell("cell");
  const Id inner = world.board("inner", {cell});
  const Id camera = world.camera("camera", {world.board("outer", {inner})}, "city");
  const auto title = world.device(camera).title;
  EXPECT_DONE(decide(world, about_mount(inner), {"chips", "cameras", "clinic", "lab"}));
  EXPECT_EQ(world.device(camera).title, title);
  EXPECT_EQ(world.part(inner).owned_by(), world.handle("city"));
  EXPECT_TRUE(world.part(inner).salvaged.value);
  EXPECT_EQ(world.part(cell).parent, inner);
  EXPECT_DONE(world.detach("city", inner, cell));
  EXPECT_TRUE(world.part(cell).salvaged.value);  // it left a salvaged unit
  EXPECT_DONE(world.say(world.key("city"), part::Scrap{inner, world.part(inner).title}));
  EXPECT_DONE(world.retire("city", camera));
}

// attack 6, sibling: suspended, expelled and closed parties keep nobody from what is theirs.
TEST(Attack6, WhoFallsHoldsNothingBack) {
  CameraWorld world;
  auto& city = world.key("city");
  world.open_party("alice", "clinic");
  auto& alice = world.key("alice");
  const Id lent = world.camera("lent", {}, "city"), shipped = world.camera("shipped", {}, "city"),
           offered = world.camera("offered", {}, "city");
  world.accepted(city, custody::Ship{Type::device, lent, alice.subject().id, {}, {}});
  world.accepted(alice, custody::Receive{Type::device, lent, {}, {}, {}});
  world.accepted(city, custody::Ship{Type::device, shipped, alice.subject().id, world.device(shipped).title, {}});
  ASSERT_TRUE(world.offer("city", offered, alice.subject().id).accepted());
  world.accepted(alice, party::Close{});
  EXPECT_REFUSED(world.say(alice, custody::Receive{Type::device, shipped, world.device(shipped).title, {}, {}}),
                 suspended);
  EXPECT_REFUSED(world.say(alice, ownership::Accept{Type::device, offered, world.device(offered).title, {}}),
                 suspended);
  EXPECT_DONE(world.say(city, custody::Recall{Type::device, lent}));
  EXPECT_DONE(world.say(city, custody::Recall{Type::device, shipped}));
  EXPECT_DONE(world.say(city, ownership::Cancel{Type::device, offered}));
  EXPECT_REFUSED(world.offer("city", offered, alice.subject().id), suspended);
  EXPECT_REFUSED(world.say(city, custody::Ship{Type::device, lent, alice.subject().id, {}, {}}), suspended);
}

// attack 6, sibling: a party that closes may still end what it owns.
TEST(Attack6, ClosedPartyDestroysWhatItHadRetired) {
  CameraWorld world;
  world.open_party("alice", "city");
  auto& alice = world.key("alice");
  const Id cell = world.cell("cell");
  const Id camera = world.camera("camera", {cell});
  world.hand_over(Type::device, camera, world.key("cameras"), alice);
  world.accepted(alice, device::Retire{camera, world.device(camera).title});
  world.accepted(alice, party::Close{});
  const How witnessed{.approvers = {&world.key("lab"), &world.key("notary")}};
  EXPECT_DONE(world.say(alice, device::Destroy{camera, world.device(camera).title, {}}, witnessed));
  EXPECT_EQ(world.party(alice.subject().id).things.value, 1U);
  EXPECT_DONE(world.say(alice, part::Scrap{cell, world.part(cell).title}));
  EXPECT_EQ(world.party(alice.subject().id).things.value, 0U);
}

// attack 9, sibling: parties, keys and grants are rows too; proposals are few, and open to who has no room.
TEST(Attack9, WhateverMakesRowsIsCharged) {
  TestOptions options;
  options.parameters.registrar_rows = 64;
  CameraWorld world(options);
  auto& city = world.key("city");
  TestKey* key = nullptr;
  std::size_t opened = 0;
  while (world.say(city, world.opening("p" + std::to_string(opened), "city", key)).accepted()) ++opened;
  EXPECT_EQ(opened, 12U);  // of five rows each, in 60
  EXPECT_REFUSED(world.say(city, world.registration(world.new_member_key("more", "city"), city)), no_room);
  EXPECT_REFUSED(world.say(city, role::Grant{world.handle("clinic"), Role::gate, {}, {}}), no_room);
  EXPECT_DONE(open_matter(world, "city", "x", about_member(proposal::Matter::suspend, world.handle("lab"))));
  // Its parties' rows are its own; those of other registrars are not touched.
  EXPECT_REFUSED(world.say(world.key("p0"), role::Grant{world.handle("clinic"), Role::gate, {}, {}}), no_room);
  EXPECT_DONE(world.say(world.key("clinic"), role::Grant{world.handle("city"), Role::gate, {}, {}}));
}

// attack 13, sibling: whatever approvals a kind takes, without them it leaves no trace and burns no counter.
class Stripped : public ::testing::Test {
 protected:
  template <statement::Body Body>
  void expect(TestKey& signer, const Body& body, const std::vector<TestKey*>& approvers) {
    SCOPED_TRACE(Body::kind.name);
    const auto bare = world_.submission(signer, std::vector{body});
    auto whole = bare;
    for (auto* each : approvers) whole = world_.approved(whole, *each, *statement::role_of(Body::kind.signers));
    const auto digest = world_.state().digest();
    const auto fate = world_.block({bare}).front();
    EXPECT_EQ(fate.why.refusal, missing_approvals);
    EXPECT_EQ(world_.state().digest(), digest);
    EXPECT_DONE(world_.block({whole}).front().bodies.front());
  }
  static TestOptions demanding() {
    TestOptions out;
    out.members[2].k = 2;
    out.members[2].further_keys = {"city-2", "city-3"};
    return out;
  }

  CameraWorld world_{demanding()};
};

TEST_F(Stripped, ApprovalsBurnNoCounterOfAnyKind) {
  auto &city = world_.key("city"), &city_2 = world_.key("city-2"), &city_3 = world_.key("city-3");
  auto &one = world_.key("release-1"), &two = world_.key("release-2");
  auto& next = world_.new_member_key("next", "city");
  expect(city, world_.registration(next, city), {&city_2});
  expect(city, role::Grant{world_.handle("clinic"), Role::gate, {}, {}}, {&city_2});
  const auto matter = about_member(proposal::Matter::suspend, world_.handle("lab"));
  expect(city, proposal::Open{TestWorld::nonce("x"), matter, {}}, {&city_2});
  ASSERT_TRUE(open_matter(world_, "clinic", "y", matter).accepted());
  expect(city, proposal::Vote{world_.id("clinic", "y"), proposal::Choice::no, {}}, {&city_3});
  expect(city, party::Amend{}, {&city_2});
  const std::vector images{firmware::Image{TestWorld::nonce("image"), 1}};
  expect(one, firmware::Release{world_.camera_model(), 1, "1", {std::span(images)}, {}, {}}, {&two});
  expect(one, firmware::Floor{world_.camera_model(), 1}, {&two});
  expect(one, firmware::Recall{world_.camera_model(), 1, firmware::Action::recall}, {&two});
  const std::vector keys{one.kid()};
  expect(one, model::Amend{world_.camera_model(), {std::span(keys)}, 1}, {&two});
  expect(city, key::Revoke{city_3.kid(), key::Reason::compromised}, {&city_2});
  world_.pass(7 * day_ms);  // next speaks
  world_.accepted(city_2, key::Freeze{next.kid()});
  auto& fourth = world_.new_member_key("fourth", "city");
  world_.accepted(city, world_.registration(fourth, city), {.approvers = {&city_2}});
  expect(city, key::Thaw{next.kid()}, {&city_2});
}

TEST_F(Stripped, ApprovalsOfOthersBurnNoCounterEither) {
  auto &clinic = world_.key("clinic"), &lab = world_.key("lab");
  world_.open_party("alice", "city");
  expect(world_.key("alice"), party::Move{clinic.subject().id}, {&clinic});
  const std::vector quorum{clinic.subject().id, lab.subject().id};
  party::Amend force;
  force.force = party::Force{{std::span(quorum)}, 2, 90 * day_ms};
  world_.accepted(world_.key("cameras"), force);
  const Id camera = world_.camera("camera", {});
  expect(clinic, ownership::Force{Type::device, camera, clinic.subject().id, world_.device(camera).title}, {&lab});
  auto key = world_.new_key("next signer", {}).key();
  const CheckpointSigner signer{"next", {std::span<const crypto::PublicKey>(&key, 1)}, 1};
  incarnation::Begin begin;
  begin.epoch = 2;
  begin.signers = {std::span<const CheckpointSigner>(&signer, 1)};
  begin.threshold = 1;
  expect(world_.key("recovery-1"), begin, {&world_.key("recovery-3")});
}

// attack 14, sibling: models, units, proposals and parties begin under ids of their own too.
TEST(Attack14, NonceInOtherHandsIsAnotherId) {
  CameraWorld world;
  auto &chips = world.key("chips"), &cameras = world.key("cameras");
  world.accepted(cameras, CameraWorld::model("secret", thing::Class::device));  // seen on its way
  EXPECT_DONE(world.say(chips, CameraWorld::model("secret", thing::Class::device)));
  EXPECT_EQ(world.model(world.id("cameras", "secret")).vendor, cameras.subject().id);
  EXPECT_EQ(world.model(world.id("chips", "secret")).vendor, chips.subject().id);
  const auto matter = about_member(proposal::Matter::suspend, world.handle("lab"));
  ASSERT_TRUE(open_matter(world, "clinic", "secret", matter).accepted());
  EXPECT_DONE(open_matter(world, "city", "secret", matter));
  // An opening under another registrar is for another handle, and its key has not signed for that.
  TestKey* alice = nullptr;
  const auto opening = world.opening("alice", "city", alice);
  EXPECT_REFUSED(world.say(world.key("clinic"), opening), bad_possession);
  EXPECT_DONE(world.say(world.key("city"), opening));
}

// attack 15, sibling: a key that a vote or a registrar brings back stands in the list from that block on.
TEST(Attack15, KeysThatAreBroughtBackAreListedWhileTheyWait) {
  CameraWorld world;
  auto& chips = world.key("chips");
  auto& key = world.new_member_key("by vote", "city");
  const std::vector keys{MemberKey{key.key(), key::Purpose::wallet, key::Level::file, key::Activation::nothing,
                                   world.possession(key, chips)}};
  proposal::Content content;
  content.matter = proposal::Matter::recover;
  content.member = NewMember{"city", 0, 1, {}, {std::span(keys)}};
  ASSERT_TRUE(decide(world, content, {"chips", "cameras", "clinic", "lab"}).accepted());
  const auto entries = world.state().entries(path::list(world.handle("city"), list::Kind::keys));
  EXPECT_EQ(entries.back().what, key.kid());
  EXPECT_EQ(entries.back().change, list::Change::gained);
}

// attack 17, sibling: other numbers that only grow.
TEST(Attack17, NoEpochAndNoCounterIsJumpedOver) {
  CameraWorld world;
  auto key = world.new_key("next signer", {}).key();
  const CheckpointSigner signer{"next", {std::span<const crypto::PublicKey>(&key, 1)}, 1};
  incarnation::Begin begin;
  begin.epoch = ~0ULL;
  begin.signers = {std::span<const CheckpointSigner>(&signer, 1)};
  begin.threshold = 1;
  EXPECT_REFUSED(world.say(world.key("recovery-1"), begin, {.approvers = {&world.key("recovery-2")}}), stale);
  const Id camera = world.camera("camera", {});
  EXPECT_REFUSED(world.say(world.key("cameras"), device::Retire{camera, ~0ULL}), stale);
  // Who uses the last counter of a key has 1,023 below it, and the key's successor begins anew.
  auto& city = world.key("city");
  auto& next = world.new_member_key("next", "city");
  world.accepted(city, party::Amend{}, {.n = ~0ULL});
  EXPECT_DONE(world.say(city, key::Rotate{next.key(), world.possession(next, city)}, {.n = ~0ULL - 1023}));
  world.pass(7 * day_ms);
  EXPECT_DONE(world.say(next, party::Amend{}));
}

// attack 19, sibling: neither can whom it is shipped or offered to, before it is theirs.
TEST(Attack19, ConsigneeAndOffereeOnlyTakeOrLeave) {
  CameraWorld world;
  auto& clinic = world.key("clinic");
  const Id cell = world.cell("cell");
  for (const bool shipped : {true, false}) {
    const Id camera = world.camera(shipped ? "shipped" : "offered", {}, "city");
    if (shipped) {
      world.accepted(world.key("city"),
                     custody::Ship{Type::device, camera, clinic.subject().id, world.device(camera).title, {}});
    } else {
      ASSERT_TRUE(world.offer("city", camera, clinic.subject().id).accepted());
    }
    EXPECT_REFUSED(world.retire("clinic", camera), not_owned);
    EXPECT_REFUSED(world.offer("clinic", camera, world.handle("chips")), not_owned);
    EXPECT_REFUSED(world.say(clinic, ownership::Cancel{Type::device, camera}), not_owned);
    EXPECT_REFUSED(world.say(clinic, custody::Recall{Type::device, camera}), not_owned);
    EXPECT_REFUSED(world.say(clinic, custody::Ship{Type::device, camera, world.handle("chips"), {}, {}}),
                   not_in_custody);
    EXPECT_REFUSED(world.attach("clinic", camera, cell), not_owned);
    EXPECT_REFUSED(world.say(clinic, part::Inspect{Type::device, camera, part::Finding::failed, {}, {}}), not_entitled);
    EXPECT_REFUSED(world.say(clinic, alarm(Type::device, camera)), not_entitled);
  }
}

// attack 20, sibling: what a key signs for one thing is worth nothing for another.
TEST(Attack20, SmallSignaturesAreNotTakenForEachOther) {
  CameraWorld world;
  auto& cameras = world.key("cameras");
  const Id sensor = world.sensor("sensor"), camera = world.camera("camera", {});
  auto& key = world.key("sensor");
  const auto mount = world.mount(sensor, key, cameras, camera);
  auto registration = world.registration(key, cameras, world.part(sensor).tenure.value);
  EXPECT_REFUSED(world.say(cameras, device::Attach{camera, sensor, {}, registration.possession, {}, {}}),
                 bad_mount_proof);
  registration.possession = *mount.proof;
  EXPECT_REFUSED(world.say(cameras, registration), bad_possession);
  // An approval of one statement is none of another, though they say the same.
  TestOptions demanding;
  demanding.members[2].k = 2;
  demanding.members[2].further_keys = {"city-2"};
  CameraWorld other(demanding);
  auto &city = other.key("city"), &city_2 = other.key("city-2");
  const role::Grant grant{other.handle("clinic"), Role::gate, {}, {}};
  const auto first = other.submission(city, std::vector{grant}, {.approvers = {&city_2}});
  const auto second = other.submission(city, std::vector{grant});
  const auto parsed = *statement::parse(first);
  platform::Buffer out(second.size() + 512);
  const auto stolen = statement::add_approval(*statement::parse(second), *parsed.approvals.begin(), out);
  ASSERT_TRUE(stolen.has_value());
  EXPECT_EQ(other.door(*stolen).error().code(), Code::unauthenticated);
}

// Blinded models, sibling of attacks 2 and 3: a blinded part is bound by class, owner and taint as any other.
TEST(BlindedModels, ChangeNothingOfWhoseAPartIsAndWhatTaintsIt) {
  CameraWorld world;
  part::Register blinded;
  blinded.nonce = TestWorld::nonce("blinded");
  blinded.model = TestWorld::nonce("hidden");
  blinded.blinded_class = thing::Class::module;
  world.accepted(world.key("cameras"), blinded);
  const Id module = world.id("cameras", "blinded"), cell = world.cell("cell");
  ASSERT_TRUE(world.attach("cameras", module, cell).accepted());
  const Id camera = world.camera("camera", {module}, "city");
  EXPECT_REFUSED(world.detach("cameras", module, cell), not_owned);
  ASSERT_TRUE(world.retire("city", camera).accepted() && world.destroy("city", camera).accepted());
  EXPECT_TRUE(world.part(module).salvaged.value);
  ASSERT_TRUE(world.detach("city", module, cell).accepted());
  EXPECT_TRUE(world.part(cell).salvaged.value);
  const Id next = world.camera("next", {}, "city");
  EXPECT_REFUSED(world.attach("city", next, module), needs_acceptance);
}

}  // namespace
}  // namespace mikusari::ledger
