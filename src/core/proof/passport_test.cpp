// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proof/test_camera.hpp"

namespace mikusari::proof {
namespace {

using test::CameraScene;
using test::Octets;
using test::PassportMaker;
using test::PassportPieces;

class PassportTest : public testing::Test {
 protected:
  PassportTest() : policy_bytes(scene.ledger.policy(1)), policy(test::need(parse_policy(policy_bytes))) {}

  PassportPieces pieces() { return PassportMaker(scene.ledger, CameraScene::camera).make(); }
  std::string verdict(const PassportPieces& passport) const {
    const Octets bytes = passport.encode();
    const auto verified = verify_passport(bytes, policy);
    return verified ? "verified" : verified.error().text();
  }
  static PassportPieces::Thing& camera_of(PassportPieces& passport) { return passport.things.front(); }
  static PassportPieces::Thing& part_of(PassportPieces& passport, const Id& id) {
    return passport.thing(ThingType::part, id);
  }

  CameraScene scene;
  Octets policy_bytes;
  Policy policy;
};

constexpr auto out_of_order = "the things of the passport are not in their order";
constexpr auto too_few = "the passport does not have as many events of a thing as the ledger";
constexpr auto wrong_events = "the events of a thing are not the ones that the ledger has recorded";
constexpr auto missing_part = "a part that is mounted in the device is missing from the passport, or out of order";
constexpr auto not_in_state = "the record is not what the ledger's state has there";

TEST_F(PassportTest, HoldsForADeviceWithABoard) {
  const Octets bytes = pieces().encode();
  const auto verified = verify_passport(bytes, policy);
  ASSERT_TRUE(verified) << verified.error().message();
  // Camera, board, battery, chip; three signers; four models.
  EXPECT_EQ(verified->things, 11U);
  // Register chip, register battery, assemble board, assemble camera, activate, offer, accept, attach, detach.
  EXPECT_EQ(verified->events, 9U);
  EXPECT_EQ(verified->signatures, 8U);  // chip and battery were registered under one
  EXPECT_EQ(verified->anchor.record.height, scene.ledger.height);
}

TEST_F(PassportTest, LeavesOutPartsThatAreGone) {
  for (const auto& thing : pieces().things) EXPECT_FALSE(equal(thing.id, CameraScene::spare));
}

TEST_F(PassportTest, HoldsForADeviceWithoutParts) {
  EXPECT_EQ(verdict(PassportMaker(scene.ledger, CameraScene::second).make()), "verified");
}

TEST_F(PassportTest, MayCarryMembersAndFirmwareThatItsRecordsName) {
  const Id model = CameraScene::model("cam");
  Octets id(model.data.begin(), model.data.end());
  id.insert(id.end(), CameraScene::image.data.begin(), CameraScene::image.data.end());
  PassportMaker maker(scene.ledger, CameraScene::camera);
  maker.with(ThingType::member, as_bytes("acme"), path::member("acme"))
      .with(ThingType::member, as_bytes("bob"), path::member("bob"))
      .with(ThingType::firmware, id, path::firmware(model, CameraScene::image));
  EXPECT_EQ(verdict(maker.make()), "verified");
}

TEST_F(PassportTest, FailsWithAnyByteChanged) {
  const Octets good = pieces().encode();
  ASSERT_TRUE(verify_passport(good, policy));
  for (std::size_t i = 0; i < good.size(); ++i)
    EXPECT_FALSE(verify_passport(test::flipped(good, i), policy)) << "byte " << i;
}

TEST_F(PassportTest, FailsWhenCutOrContinued) {
  Octets bytes = pieces().encode();
  for (std::size_t i = 0; i < bytes.size(); i += 7)
    EXPECT_FALSE(verify_passport(ByteView(bytes).first(i), policy)) << i;
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(verify_passport(bytes, policy));
}

TEST_F(PassportTest, OfAnotherVersionOrSizeIsRefused) {
  auto passport = pieces();
  passport.version = 2;
  EXPECT_EQ(verdict(passport), "this passport is of a version that is not known here");
  const Octets large(passport_bytes_max + 1);
  const auto refused = verify_passport(large, policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::exhausted);
}

TEST_F(PassportTest, UnderAnotherLedgersPolicyIsForbidden) {
  CameraScene other("another ledger");
  const Octets other_policy = other.ledger.policy(1);
  const Octets bytes = pieces().encode();
  const auto refused = verify_passport(bytes, test::need(parse_policy(other_policy)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::forbidden);
}

// --- things

TEST_F(PassportTest, BeginsWithItsDevice) {
  auto passport = pieces();
  std::swap(passport.things[0], passport.things[1]);
  EXPECT_EQ(verdict(passport), "the passport does not begin with its device");
  passport = pieces();
  passport.device = CameraScene::second;
  EXPECT_EQ(verdict(passport), "the passport does not begin with its device");
  passport = pieces();
  passport.things.clear();
  EXPECT_EQ(verdict(passport), "the passport is empty");
  passport = pieces();
  passport.things.insert(passport.things.begin() + 1,
                         PassportMaker(scene.ledger, CameraScene::second).make().things[0]);
  EXPECT_EQ(verdict(passport), "the passport has a second device");
}

TEST_F(PassportTest, RefusesAnItemThatIsNotUnderTheAnchor) {
  auto passport = pieces();
  camera_of(passport).item = scene.ledger.item(path::device(CameraScene::second));
  EXPECT_EQ(verdict(passport), not_in_state);
  passport = pieces();
  camera_of(passport).item = scene.ledger.item(path::device(test::named("nothing")));
  EXPECT_NE(verdict(passport), "verified");

  // An item of yesterday, when the camera was not sold yet.
  auto yesterday = scene.ledger.item(path::device(CameraScene::camera));
  scene.put_device(CameraScene::camera, device::State::active, "carol", {CameraScene::board, CameraScene::battery});
  scene.ledger.seal();
  passport = pieces();
  camera_of(passport).item = yesterday;
  EXPECT_EQ(verdict(passport), not_in_state);
}

TEST_F(PassportTest, RefusesAThingThatIsAbsent) {
  auto passport = pieces();
  const Id ghost = test::named("ghost");
  passport.things.insert(
      passport.things.begin() + 1,
      {ThingType::part, Octets(ghost.data.begin(), ghost.data.end()), scene.ledger.item(path::part(ghost)), {}});
  EXPECT_EQ(verdict(passport), "a thing of the passport is not on the ledger");
}

TEST_F(PassportTest, RefusesAPartThatIsMissing) {
  for (const auto& id : {CameraScene::board, CameraScene::battery, CameraScene::chip}) {
    auto passport = pieces();
    std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, id); });
    EXPECT_EQ(verdict(passport), missing_part);
  }
}

TEST_F(PassportTest, RefusesPartsInAnotherOrderOrTwice) {
  auto passport = pieces();
  std::swap(passport.things[1], passport.things[2]);
  EXPECT_EQ(verdict(passport), missing_part);
  passport = pieces();
  passport.things.insert(passport.things.begin() + 2, passport.things[1]);
  EXPECT_EQ(verdict(passport), missing_part);
  passport = pieces();
  passport.things.insert(passport.things.begin() + 4, passport.things[1]);
  EXPECT_EQ(verdict(passport), "a part in the passport is not in the device");
}

TEST_F(PassportTest, RefusesAPartThatIsNotInTheDevice) {
  // The spare battery, with its whole history: it was in the camera, and is not any more.
  auto passport = pieces();
  auto maker_id = CameraScene::spare;
  PassportPieces::Thing spare{ThingType::part,
                              Octets(maker_id.data.begin(), maker_id.data.end()),
                              scene.ledger.item(path::part(maker_id)),
                              {0, 7, 8}};
  passport.things.insert(passport.things.begin() + 4, spare);
  EXPECT_EQ(verdict(passport), "a part in the passport is not in the device");
}

TEST_F(PassportTest, RefusesAPartThatSaysItIsMountedElsewhere) {
  scene.put_part(CameraScene::battery, "cell", part::State::mounted, CameraScene::second);
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a part of the passport is mounted elsewhere");
  scene.put_part(CameraScene::battery, "cell", part::State::stock);
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a part of the passport is mounted elsewhere");
}

TEST_F(PassportTest, TakesADisputedPartOfEitherClaimant) {
  const Id camera = CameraScene::camera, second = CameraScene::second, battery = CameraScene::battery;
  scene.put_part(battery, "cell", part::State::disputed, camera, {}, {camera, second});
  scene.put_device(second, device::State::assembled, "acme", {battery}, 1);
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "verified");
  EXPECT_EQ(verdict(PassportMaker(scene.ledger, second).make()), "verified");
  // A third unit that the part does not name.
  scene.put_part(battery, "cell", part::State::disputed, camera, {}, {camera, CameraScene::board});
  scene.ledger.seal();
  EXPECT_EQ(verdict(PassportMaker(scene.ledger, second).make()), "a part of the passport is mounted elsewhere");
}

TEST_F(PassportTest, TakesAPartOnceThatTwoOfItsUnitsClaim) {
  const Id camera = CameraScene::camera, board = CameraScene::board, battery = CameraScene::battery,
           chip = CameraScene::chip;
  scene.put_part(battery, "cell", part::State::disputed, camera, {}, {camera, board});
  scene.put_part(board, "mainboard", part::State::mounted, camera, {chip, battery});
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "verified");
  scene.put_part(battery, "cell", part::State::mounted, camera);
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a part of the passport is mounted elsewhere");
}

TEST_F(PassportTest, EndsOnPartsThatContainEachOther) {
  scene.put_part(CameraScene::chip, "soc", part::State::mounted, CameraScene::board, {CameraScene::board});
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a part of the passport is mounted elsewhere");
}

// --- events

TEST_F(PassportTest, RefusesAnEventThatIsLeftOut) {
  auto passport = pieces();
  camera_of(passport).events.erase(camera_of(passport).events.begin() + 2);
  EXPECT_EQ(verdict(passport), too_few);
  // Left out, and another in its place.
  passport = pieces();
  camera_of(passport).events[0] = 0;
  EXPECT_EQ(verdict(passport), wrong_events);
}

TEST_F(PassportTest, RefusesAnEventListedForAnotherThing) {
  auto passport = pieces();
  std::swap(part_of(passport, CameraScene::chip).events, part_of(passport, CameraScene::battery).events);
  EXPECT_EQ(verdict(passport), wrong_events);
}

TEST_F(PassportTest, RefusesAnEventListedTwiceOrOutOfOrder) {
  auto passport = pieces();
  auto& events = camera_of(passport).events;
  events[1] = events[0];
  EXPECT_EQ(verdict(passport), "the events of a thing are not in their order");
  passport = pieces();
  std::swap(camera_of(passport).events[0], camera_of(passport).events[1]);
  EXPECT_EQ(verdict(passport), "the events of a thing are not in their order");
  passport = pieces();
  camera_of(passport).events.back() = passport.events.size();
  EXPECT_EQ(verdict(passport), "a thing names an event that is not in the passport");
}

TEST_F(PassportTest, RefusesRepeatedEventsAndStatements) {
  auto passport = pieces();
  passport.events.insert(passport.events.begin() + 3, passport.events[3]);
  EXPECT_EQ(verdict(passport), "the events of the passport are not in their order");
  passport = pieces();
  passport.statements.push_back(passport.statements[0]);
  EXPECT_EQ(verdict(passport), "a statement of the passport has no event");
  passport = pieces();
  passport.events.push_back(passport.events[0]);
  EXPECT_EQ(verdict(passport), "the events of the passport are not in their order");
  passport = pieces();
  passport.events[0].statement = 100;
  EXPECT_EQ(verdict(passport), "the events of the passport are not in their order");
  passport = pieces();
  passport.statements.pop_back();
  EXPECT_EQ(verdict(passport), "a statement of the passport has no event");
}

TEST_F(PassportTest, RefusesAnEventThatConcernsNoThingInIt) {
  // The second camera's assembly stands under the same statement as the first's.
  auto passport = pieces();
  const auto& body = scene.ledger.committed[5];
  const auto event = scene.ledger.event(body);
  const auto at = std::find_if(passport.events.begin(), passport.events.end(),
                               [&](const auto& each) { return each.height > body.height; });
  const auto index = static_cast<std::uint64_t>(at - passport.events.begin());
  passport.events.insert(at, {passport.events[index - 1].statement, event.index, event.salt, event.body,
                              event.bodies_path, event.height, event.time_ms, event.outcome});
  for (auto& thing : passport.things) {
    for (auto& each : thing.events) each += each >= index ? 1 : 0;
  }
  EXPECT_EQ(verdict(passport), "an event of the passport concerns neither the device nor a part");
}

TEST_F(PassportTest, RefusesABodyOrTimeThatIsNotTheEventsOwn) {
  auto passport = pieces();
  passport.events[0].body = passport.events[1].body;
  EXPECT_EQ(verdict(passport), "the body is not one that the statement was signed for");
  passport = pieces();
  passport.events[0].time_ms -= 1;
  EXPECT_EQ(verdict(passport), wrong_events);
  passport = pieces();
  passport.events[4].outcome = statement::Outcome::disputed;
  EXPECT_EQ(verdict(passport), wrong_events);
}

TEST_F(PassportTest, RefusesHistoryOfAThingThatHasNone) {
  auto passport = pieces();
  passport.thing(ThingType::model, CameraScene::model("cam")).events = {0};
  EXPECT_EQ(verdict(passport), "only the device and its parts have events in a passport");
}

// --- signatures, keys and what else is there

TEST_F(PassportTest, RefusesAStatementWhoseSignersKeyIsMissing) {
  auto passport = pieces();
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, CameraScene::kid(scene.bob_key)); });
  EXPECT_EQ(verdict(passport), "the key of a signer is missing from the passport");
}

TEST_F(PassportTest, RefusesAKeyRecordThatIsForAnotherKey) {
  // A ledger whose record under one thumbprint holds another key.
  key::Record record;
  record.state = key::State::active;
  record.key = scene.acme_key.public_key();
  record.purpose = key::Purpose::wallet;
  record.subject = CameraScene::member("bob");
  scene.ledger.put(path::key(CameraScene::kid(scene.bob_key)), record);
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a record in the passport is not the thing's own");
}

TEST_F(PassportTest, RefusesASignatureThatDoesNotHold) {
  // The ledger has taken a statement with a signature that is not the signer's: its leaf and the chain agree with it.
  auto mallory = test::signer_from("mallory");
  auto& ledger = scene.ledger;
  ledger.say<device::Retire>(
      mallory, CameraScene::member("bob"),
      {{test::encoded(device::Retire{CameraScene::camera}), {path::device(CameraScene::camera)}}});
  Octets forged = ledger.sign1s.back();
  const auto kid = CameraScene::kid(mallory), bob = CameraScene::kid(scene.bob_key);
  const auto at = std::search(forged.begin(), forged.end(), kid.data.begin(), kid.data.end());
  ASSERT_NE(at, forged.end());
  std::copy(bob.data.begin(), bob.data.end(), at);
  ledger.sign1s.back() = forged;
  ledger.seal();
  EXPECT_EQ(verdict(pieces()), "the Ed25519 signature does not hold");
}

TEST_F(PassportTest, RefusesAnIssuerThatIsNotTheKeysSubject) {
  scene.ledger.say<device::Retire>(
      scene.bob_key, CameraScene::member("acme"),
      {{test::encoded(device::Retire{CameraScene::camera}), {path::device(CameraScene::camera)}}});
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a statement names another issuer than its key's");
}

TEST_F(PassportTest, KeepsTheHistoryOfRevokedKeys) {
  scene.put_key(scene.camera_key, {SubjectType::device, CameraScene::camera}, key::State::revoked);
  scene.put_device(CameraScene::camera, device::State::destroyed, "bob", {});
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "verified");
}

TEST_F(PassportTest, RefusesWhatNothingRefersTo) {
  const auto refused = "the passport has a key, model, member or firmware that nothing in it refers to";
  auto carol = test::signer_from("carol");
  scene.put_key(carol, CameraScene::member("carol"));
  scene.put_model("unrelated", model::Class::chip);
  scene.ledger.put(path::member("carol"), member::Record{Head{}, member::State::active, "carol", {}, 1});
  scene.ledger.seal();
  const Digest key = CameraScene::kid(carol), model = CameraScene::model("unrelated");
  EXPECT_EQ(verdict(PassportMaker(scene.ledger, CameraScene::camera).with(ThingType::key, key, path::key(key)).make()),
            refused);
  EXPECT_EQ(
      verdict(
          PassportMaker(scene.ledger, CameraScene::camera).with(ThingType::model, model, path::model(model)).make()),
      refused);
  EXPECT_EQ(verdict(PassportMaker(scene.ledger, CameraScene::camera)
                        .with(ThingType::member, as_bytes("carol"), path::member("carol"))
                        .make()),
            refused);
}

TEST_F(PassportTest, RefusesModelsThatAreMissingUnsortedOrTwice) {
  auto passport = pieces();
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, CameraScene::model("soc")); });
  EXPECT_EQ(verdict(passport), "the model of the device or of a part is missing from the passport");
  passport = pieces();
  std::swap(passport.things[passport.things.size() - 1], passport.things[passport.things.size() - 2]);
  EXPECT_EQ(verdict(passport), out_of_order);
  passport = pieces();
  passport.things.push_back(passport.things.back());
  EXPECT_EQ(verdict(passport), out_of_order);
  passport = pieces();
  std::rotate(passport.things.begin() + 4, passport.things.begin() + 8, passport.things.end());
  EXPECT_EQ(verdict(passport), out_of_order);
}

TEST_F(PassportTest, OfTwelvePartsAndThirtyEventsStaysUnder64kB) {
  std::vector<Id> parts{CameraScene::board, CameraScene::battery};
  std::vector<test::SaidBody> bodies;
  for (int i = 0; i < 9; ++i) {
    parts.push_back(test::named("extra part " + std::to_string(i)));
    scene.put_part(parts.back(), "cell", part::State::mounted, CameraScene::camera);
    bodies.push_back(CameraScene::registered(parts.back(), "cell"));
  }
  scene.ledger.say<part::Register>(scene.acme_key, CameraScene::member("acme"), bodies);
  scene.put_device(CameraScene::camera, device::State::active, "bob", parts);
  for (int i = 0; i < 12; ++i) {
    scene.ledger.say<device::Dispute>(scene.acme_key, CameraScene::member("acme"),
                                      {{test::encoded(device::Dispute{parts[2]}), {path::part(parts[2])}}});
  }
  scene.ledger.seal();
  const Octets bytes = pieces().encode();
  const auto verified = verify_passport(bytes, policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->events, 30U);
  RecordProperty("bytes", static_cast<int>(bytes.size()));
  EXPECT_LT(bytes.size(), 40U * 1024);  // with 20 levels more of map and log: 20 things x 20 x 32 bytes
}

}  // namespace
}  // namespace mikusari::proof
