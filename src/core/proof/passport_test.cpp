// SPDX-License-Identifier: Apache-2.0
// Passports as a whole, their pages, and the things in them.
#include "proof/test_passport.hpp"

namespace mikusari::proof {
namespace {

using test::CameraScene;
using test::Octets;
using test::PassportMaker;

constexpr auto out_of_order = "the things of the passport are not in their order";
constexpr auto part_not_in_it = "a part in the passport is not in the device, or out of order";
constexpr auto not_in_state = "the record is not what the ledger's state has there";
constexpr auto elsewhere = "a part of the passport is mounted elsewhere";

TEST_F(PassportTest, HoldsForADeviceWithABoard) {
  const auto page = verified(pieces());
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_TRUE(page->complete);
  // Camera, board, battery, chip; three signers; four models.
  EXPECT_EQ(page->things, 11U);
  // Register chip, register battery, assemble board, assemble camera, activate, offer, accept, attach, detach.
  EXPECT_EQ(page->events, 9U);
  EXPECT_EQ(page->signatures, 8U);  // chip and battery were registered under one
  EXPECT_EQ(page->withheld, 0U);
  EXPECT_EQ(page->unproved_models, 0U);
  EXPECT_EQ(page->anchor.record.height, scene.ledger.height);
}

TEST_F(PassportTest, LeavesOutPartsThatAreGone) {
  for (const auto& thing : pieces().things) EXPECT_FALSE(equal(thing.id, scene.spare));
}

TEST_F(PassportTest, HoldsForADeviceWithoutParts) {
  EXPECT_EQ(verdict(PassportMaker(scene.ledger, scene.second).make()), "complete");
}

TEST_F(PassportTest, FailsWithAnyByteChanged) {
  for (const auto& good : {pieces().encode(), page(10, 12).encode()}) {
    ASSERT_TRUE(verify_passport(good, policy));
    for (std::size_t i = 0; i < good.size(); ++i)
      EXPECT_FALSE(verify_passport(test::flipped(good, i), policy)) << "byte " << i;
  }
}

TEST_F(PassportTest, FailsWhenCutOrContinued) {
  Octets bytes = pieces().encode();
  for (std::size_t i = 0; i < bytes.size(); i += 7)
    EXPECT_FALSE(verify_passport(ByteView(bytes).first(i), policy)) << i;
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(verify_passport(bytes, policy));
}

TEST_F(PassportTest, OfANewerProgramIsNewer) {
  const Octets good = pieces().encode();
  EXPECT_TRUE(verify_passport(test::with_field(good, 64), policy));
  EXPECT_EQ(verify_passport(test::with_field(good, 128), policy).error().code(), Code::newer);
  Octets newer = good;
  newer[2] = std::byte{3};  // a map of six, key 1, form
  EXPECT_EQ(verify_passport(newer, policy).error().code(), Code::newer);
}

// A record that a newer ledger has written, of each type that a passport holds.
TEST_F(PassportTest, WithANewerRecordIsNewer) {
  auto& ledger = scene.ledger;
  for (const auto& path : {path::device(scene.camera), path::part(scene.chip), path::key(test::kid(scene.bob_key)),
                           path::model(scene.model("cam"))}) {
    const Octets record = *ledger.state.find(path);
    Octets newer = record;
    newer[2] = std::byte{3};  // the head's form
    ledger.state.put(path, newer);
    ledger.seal();
    // The maker of passports reads it as it was.
    auto passport = maker();
    ledger.state.put(path, record);
    auto made = passport.make();
    ledger.state.put(path, newer);
    made.anchor = ledger.anchor();
    for (auto& thing : made.things) thing.item = ledger.item(test::need(path_of(thing.type, thing.id)));
    const auto refused = verified(made);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::newer) << refused.error().message();
    // An addition is passed over.
    Octets more = test::with_field(record, 64);
    ledger.state.put(path, more);
    ledger.seal();
    made.anchor = ledger.anchor();
    for (auto& thing : made.things) thing.item = ledger.item(test::need(path_of(thing.type, thing.id)));
    EXPECT_EQ(verdict(made), "complete");
    ledger.state.put(path, record);
    ledger.seal();
  }
}

TEST_F(PassportTest, OverOneMebibyteIsRefused) {
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

// --- pages

// Every division of the life into two pages: each holds alone, none is complete, and their runs meet.
TEST_F(PassportTest, HoldsInTwoPagesOfWhichNeitherIsComplete) {
  auto whole = pieces();
  const std::size_t bodies = scene.ledger.committed.size();
  for (std::size_t cut = 6; cut < bodies; ++cut) {
    auto newer = page(cut, bodies), older = page(0, cut);
    const std::string both = verdict(newer) + ", " + verdict(older);
    EXPECT_EQ(both, "incomplete, incomplete") << cut;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto& first = *older.things[i].run;
      const auto& second = *newer.things[i].run;
      EXPECT_EQ(first.range.first, 0U);
      EXPECT_EQ(second.range.first, first.events.size());
      EXPECT_EQ(first.events.size() + second.events.size(), whole.things[i].run->events.size());
    }
    EXPECT_EQ(newer.events.size() + older.events.size(), whole.events.size());
  }
}

TEST_F(PassportTest, HoldsWithAPageOfOneEventOrOfNone) {
  for (std::size_t number = 5; number < scene.ledger.committed.size(); ++number)
    EXPECT_EQ(verdict(page(number, number + 1)), "incomplete") << number;
  auto none = page(0, 0);
  EXPECT_TRUE(none.events.empty());
  EXPECT_EQ(verdict(none), "incomplete");
}

TEST_F(PassportTest, IsIncompleteWithoutAPart) {
  for (const auto& id : {scene.board, scene.battery, scene.chip})
    EXPECT_EQ(verdict(maker().without_part(id).make()), "incomplete");
}

// The newest page says what the device is, even when no event of the parts fits into it.
TEST_F(PassportTest, IsIncompleteWithoutAnyPart) {
  auto alone = maker();
  for (const auto& id : {scene.board, scene.battery, scene.chip}) alone.without_part(id);
  EXPECT_EQ(verdict(alone.make()), "incomplete");
}

// --- things

TEST_F(PassportTest, BeginsWithItsDevice) {
  auto passport = pieces();
  std::swap(passport.things[0], passport.things[1]);
  EXPECT_EQ(verdict(passport), "the passport does not begin with its device");
  passport = pieces();
  passport.device = scene.second;
  EXPECT_EQ(verdict(passport), "the passport does not begin with its device");
  passport = pieces();
  passport.things.clear();
  EXPECT_EQ(verdict(passport), "the passport is empty");
  passport = pieces();
  passport.things.insert(passport.things.begin() + 1, PassportMaker(scene.ledger, scene.second).make().things[0]);
  EXPECT_EQ(verdict(passport), "the passport has a second device");
}

TEST_F(PassportTest, RefusesAnItemThatIsNotUnderTheAnchor) {
  auto passport = pieces();
  camera_of(passport).item = scene.ledger.item(path::device(scene.second));
  EXPECT_EQ(verdict(passport), not_in_state);
  passport = pieces();
  camera_of(passport).item = scene.ledger.item(path::device(test::named("nothing")));
  EXPECT_EQ(verdict(passport), "the other leaf does not stand where the key would");

  // An item of yesterday, when the camera was not sold yet.
  auto yesterday = scene.ledger.item(path::device(scene.camera));
  scene.edit_device(scene.camera, [](device::Record& record) { record.owner = test::named("carol"); });
  scene.ledger.seal();
  passport = pieces();
  camera_of(passport).item = yesterday;
  EXPECT_EQ(verdict(passport), not_in_state);
}

TEST_F(PassportTest, RefusesAThingThatIsAbsent) {
  auto passport = pieces();
  const Id ghost = test::named("ghost");
  passport.things.insert(passport.things.begin() + 1, {ThingType::part,
                                                       Octets(ghost.data.begin(), ghost.data.end()),
                                                       scene.ledger.item(path::part(ghost)),
                                                       Pieces::Run{},
                                                       {},
                                                       {}});
  EXPECT_EQ(verdict(passport), "a thing of the passport is not on the ledger");
}

TEST_F(PassportTest, RefusesIdsOfAWrongLength) {
  for (std::size_t i = 0; i < 11; ++i) {
    auto passport = pieces();
    passport.things[i].id.push_back(std::byte{0});
    EXPECT_NE(verdict(passport), "complete") << i;
  }
  EXPECT_EQ(path_of(ThingType::firmware, Octets(32)).error().code(), Code::invalid);
  EXPECT_EQ(path_of(ThingType::role, Octets(71)).error().code(), Code::invalid);
  Octets role(72);
  EXPECT_TRUE(path_of(ThingType::role, role));
  role[38] = std::byte{1};  // the number of the role is 256
  EXPECT_EQ(path_of(ThingType::role, role).error().code(), Code::invalid);
}

TEST_F(PassportTest, RefusesPartsInAnotherOrderOrTwice) {
  auto passport = pieces();
  std::swap(passport.things[1], passport.things[2]);
  EXPECT_EQ(verdict(passport), part_not_in_it);
  passport = pieces();
  passport.things.insert(passport.things.begin() + 2, passport.things[1]);
  EXPECT_EQ(verdict(passport), part_not_in_it);
  passport = pieces();
  passport.things.insert(passport.things.begin() + 4, passport.things[1]);
  EXPECT_EQ(verdict(passport), part_not_in_it);
}

// A part below a board that is left out cannot be shown to be in the device.
TEST_F(PassportTest, RefusesAPartWithoutItsUnit) {
  auto passport = pieces();
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, scene.board); });
  EXPECT_EQ(verdict(passport), part_not_in_it);
}

TEST_F(PassportTest, RefusesAPartThatIsNotInTheDevice) {
  // The spare battery, with its whole history: it was in the camera, and is not any more.
  const auto spare = [&](auto& passport, std::size_t at) {
    passport.things.insert(passport.things.begin() + static_cast<std::ptrdiff_t>(at),
                           {ThingType::part,
                            Octets(scene.spare.data.begin(), scene.spare.data.end()),
                            scene.ledger.item(path::part(scene.spare)),
                            Pieces::Run{range_of(path::part(scene.spare), 1, 2), {7, 8}},
                            {},
                            {}});
  };
  for (const std::size_t at : {1U, 2U, 4U}) {
    auto passport = pieces();
    spare(passport, at);
    EXPECT_EQ(verdict(passport), part_not_in_it);
  }
}

TEST_F(PassportTest, RefusesAPartThatSaysItIsMountedElsewhere) {
  scene.edit_part(scene.battery, [&](part::Record& record) { record.parent = scene.second; });
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), elsewhere);
  scene.edit_part(scene.battery, [&](part::Record& record) {
    record.parent = scene.camera;
    record.state = part::State::stock;
  });
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), elsewhere);
}

TEST_F(PassportTest, EndsOnPartsThatContainEachOther) {
  scene.edit_part(scene.chip, [&](part::Record& record) { record.children = std::span(&scene.board, 1); });
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "incomplete");
  auto passport = pieces();
  passport.things.insert(passport.things.begin() + 4, passport.things[1]);
  EXPECT_EQ(verdict(passport), elsewhere);
}

TEST_F(PassportTest, RefusesThingsUnsortedOrTwice) {
  auto passport = pieces();
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
  std::vector<Id> parts{scene.board, scene.battery};
  std::vector<test::SaidBody> bodies;
  for (int i = 0; i < 9; ++i) {
    const std::string name = "extra part " + std::to_string(i);
    parts.push_back(scene.id(name));
    scene.put_part(parts.back(), "cell", [&](part::Record& record) {
      record.state = part::State::mounted;
      record.parent = scene.camera;
      record.grade = part::Grade::claimed;
    });
    bodies.push_back(scene.registered(name, "cell"));
  }
  scene.ledger.say<part::Register>(scene.acme_key, scene.acme_subject(), bodies);
  scene.put_device(scene.camera, device::State::active, scene.bob, parts);
  for (int i = 0; i < 12; ++i) {
    const part::Inspect body{thing::Type::part, parts[2], part::Finding::passed, {}, {}};
    scene.ledger.say<part::Inspect>(scene.bob_key, scene.bob_subject(),
                                    {{test::encoded(body), {path::part(parts[2])}}});
  }
  scene.ledger.seal();
  const Octets bytes = pieces().encode();
  const auto page = verify_passport(bytes, policy);
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_TRUE(page->complete);
  EXPECT_EQ(page->events, 30U);
  RecordProperty("bytes", static_cast<int>(bytes.size()));
  EXPECT_LT(bytes.size(), 40U * 1024);  // with 20 levels more of map and log: 20 things x 20 x 32 bytes
}

}  // namespace
}  // namespace mikusari::proof
