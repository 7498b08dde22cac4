// SPDX-License-Identifier: Apache-2.0
// The first titled mount stands; every other is an alarm, or nothing. Taint is for ever.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class MountRules : public ::testing::Test {
 protected:
  // A second mount of a sensor whose key was copied: cameras makes another camera with it.
  BodyFate clone(std::string_view name, const Id& part) {
    return world_.assemble(name, device::UnitType::device, {part});
  }
  std::uint64_t alarms(const Id& device) { return world_.device(device).alarms.value; }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
};

TEST_F(MountRules, CopiedPartIsAnAlarmThatNamesBothAndChangesNothingElse) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id one = world_.camera("one", {sensor}, "city");
  const auto part = world_.part(sensor);
  const auto device = world_.device(one);
  const auto fate = world_.assemble("two", device::UnitType::device, {sensor, cell});
  EXPECT_ALARM(fate);
  EXPECT_EQ(fate.subject, "part " + platform::to_hex(sensor));
  EXPECT_EQ(fate.object, "device " + platform::to_hex(one));
  const Id two = world_.id("cameras", "two");
  EXPECT_EQ(alarms(one), 1U);
  EXPECT_EQ(alarms(two), 1U);
  EXPECT_EQ(world_.part(sensor).alarms.value, 1U);
  EXPECT_EQ(world_.device(two).children.size(), 1U);  // born without it
  EXPECT_EQ(world_.part(cell).parent, two);
  const auto after = world_.part(sensor);
  EXPECT_EQ(after.parent, one);
  EXPECT_EQ(after.state, part::State::mounted);
  EXPECT_EQ(after.grade, part::Grade::proven);
  EXPECT_EQ(after.title, part.title);
  EXPECT_EQ(world_.device(one).title, device.title);
  // An event of the things that it names, and none of their power or life.
  EXPECT_EQ(after.history.count, part.history.count + 1);
  EXPECT_EQ(after.life_tree(), part.life_tree());
  EXPECT_EQ(world_.device(one).history.count, device.history.count + 1);
  EXPECT_EQ(world_.device(one).life_tree(), device.life_tree());
  EXPECT_EQ(world_.device(two).life_tree().count, 1U);  // its birth
}

TEST_F(MountRules, AlarmStandsOnTheRootsHoweverDeepThePartIs) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  const Id one = world_.camera("one", {world_.board("outer", {board})}, "city");
  const Id other = world_.board("other", {});
  const Id two = world_.camera("two", {other}, "clinic");
  const auto fate = world_.attach("clinic", other, sensor);
  EXPECT_ALARM(fate);
  EXPECT_EQ(alarms(one), 1U);
  EXPECT_EQ(alarms(two), 1U);
  EXPECT_EQ(world_.part(board).alarms.value, 0U);
  EXPECT_EQ(world_.part(other).alarms.value, 0U);
  EXPECT_TRUE(world_.part(other).children.empty());
  EXPECT_EQ(fate.gained.size(), 3U);
}

TEST_F(MountRules, BoardThatStandsInNothingIsARootToo) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor});
  EXPECT_ALARM(world_.assemble("other", device::UnitType::board, {sensor}));
  EXPECT_EQ(world_.part(board).alarms.value, 1U);
  EXPECT_EQ(world_.part(world_.id("cameras", "other")).alarms.value, 1U);
}

TEST_F(MountRules, StrangerWithoutThePartsSignatureIsRefused) {
  const Id sensor = world_.sensor("sensor"), cell = world_.cell("cell");
  const Id one = world_.camera("one", {sensor, cell}, "city");
  const Id two = world_.camera("two", {}, "clinic");
  EXPECT_REFUSED(world_.attach_bare("clinic", two, sensor), mounted_elsewhere);
  EXPECT_REFUSED(world_.attach_bare("clinic", two, cell), mounted_elsewhere);
  EXPECT_REFUSED(world_.attach_bare("clinic", two, cell, true), mounted_elsewhere);
  EXPECT_REFUSED(world_.assemble("three", device::UnitType::device, {cell}), mounted_elsewhere);
  // Nor does the owner of both contradict itself.
  EXPECT_REFUSED(world_.attach_bare("city", world_.camera("four", {}, "city"), cell), mounted_elsewhere);
  // A signature that does not hold is no evidence, and none can come from a part without a key.
  EXPECT_REFUSED(
      world_.say(world_.key("clinic"),
                 device::Attach{two, sensor, {}, world_.mount(sensor, world_.key("sensor"), city_, two).proof, {}, {}}),
      bad_mount_proof);
  EXPECT_REFUSED(world_.say(world_.key("clinic"), device::Attach{two, cell, {}, crypto::Signature{}, {}, {}}),
                 bad_mount_proof);
  EXPECT_EQ(alarms(one), 0U);
  EXPECT_EQ(world_.part(sensor).alarms.value, 0U);
}

TEST_F(MountRules, MakerReportsAPartWithoutItsSignature) {
  const Id cell = world_.cell("cell");
  const Id one = world_.camera("one", {cell}, "city");
  // The maker needs a unit of its own to say so.
  world_.accepted(chips_, CameraWorld::model("board", thing::Class::board));
  EXPECT_ALARM(world_.assemble("own", device::UnitType::board, {cell}, "chips"));
  EXPECT_EQ(alarms(one), 1U);
  EXPECT_EQ(world_.part(cell).parent, one);
  EXPECT_ALARM(world_.attach("chips", world_.id("chips", "own"), cell));
  EXPECT_EQ(alarms(one), 2U);
}

TEST_F(MountRules, SecondMountInTheSameTreeIsNoAlarm) {
  const Id sensor = world_.sensor("sensor");
  const Id board = world_.board("board", {sensor}), other = world_.board("other", {});
  const Id camera = world_.camera("camera", {board, other});
  EXPECT_REFUSED(world_.attach("cameras", other, sensor), mounted_elsewhere);
  EXPECT_REFUSED(world_.attach("cameras", camera, sensor), mounted_elsewhere);
  EXPECT_REFUSED(world_.attach("cameras", board, sensor), mounted_elsewhere);
  EXPECT_EQ(alarms(camera), 0U);
}

TEST_F(MountRules, PastTheDaysAlarmsTheBodyIsRefusedUntilTheNextDay) {
  const Id sensor = world_.sensor("sensor");
  const Id one = world_.camera("one", {sensor}, "city");
  for (int i = 0; i < 8; ++i) EXPECT_ALARM(clone("clone " + std::to_string(i), sensor));
  EXPECT_REFUSED(clone("clone 8", sensor), too_many_alarms);
  EXPECT_FALSE(world_.find<device::Record>(path::device(world_.id("cameras", "clone 8"))).has_value());
  EXPECT_EQ(alarms(one), 8U);
  world_.pass(day_ms);
  EXPECT_ALARM(clone("clone 9", sensor));
  EXPECT_EQ(alarms(one), 9U);
  EXPECT_EQ(world_.device(one).alarms_today.value, 1U);
}

TEST_F(MountRules, AlarmsBlockNoneOfTheOwnersStatements) {
  const Id sensor = world_.sensor("sensor");
  const Id one = world_.camera("one", {sensor}, "city");
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(clone("clone " + std::to_string(i), sensor).accepted());
  EXPECT_DONE(world_.say(world_.key("one"), device::Activate{one}));
  EXPECT_DONE(world_.detach("city", one, sensor, {world_.key("sensor").kid()}));
  EXPECT_DONE(world_.attach("city", one, sensor));
  EXPECT_DONE(world_.offer("city", one, world_.handle("clinic")));
  EXPECT_DONE(world_.accept("clinic", one));
  EXPECT_DONE(world_.retire("clinic", one));
}

TEST_F(MountRules, PartThatIsFreeAgainIsMountedAsAnyOther) {
  const Id sensor = world_.sensor("sensor");
  const Id one = world_.camera("one", {sensor});
  ASSERT_TRUE(clone("two", sensor).accepted());
  ASSERT_TRUE(world_.detach("cameras", one, sensor, {world_.key("sensor").kid()}).accepted());
  const Id two = world_.id("cameras", "two");
  EXPECT_DONE(world_.attach("cameras", two, sensor));
  EXPECT_EQ(world_.part(sensor).parent, two);
}

// Taint

TEST_F(MountRules, PartWhoseKeyWasRevokedNeedsAcceptanceForEver) {
  const Id sensor = world_.sensor("sensor"), camera = world_.camera("camera", {});
  world_.accepted(cameras_, key::Revoke{world_.key("sensor").kid(), key::Reason::compromised});
  EXPECT_TRUE(world_.part(sensor).revoked.value);
  EXPECT_REFUSED(world_.assemble("two", device::UnitType::device, {sensor}), needs_acceptance);
  EXPECT_REFUSED(world_.attach_bare("cameras", camera, sensor), needs_acceptance);
  EXPECT_REFUSED(world_.attach("cameras", camera, sensor, true), bad_mount_proof);
  EXPECT_DONE(world_.attach_bare("cameras", camera, sensor, true));
  EXPECT_TRUE(world_.part(sensor).accepted.value);
  EXPECT_EQ(world_.part(sensor).grade, part::Grade::claimed);
  // Another key does not wash it.
  ASSERT_TRUE(world_.detach("cameras", camera, sensor).accepted());
  auto& fresh = world_.new_key("fresh", subject_of_part(sensor));
  world_.accepted(cameras_, world_.registration(fresh, cameras_, world_.part(sensor).tenure.value));
  EXPECT_REFUSED(
      world_.say(cameras_,
                 device::Attach{camera, sensor, {}, world_.mount(sensor, fresh, cameras_, camera).proof, {}, {}}),
      needs_acceptance);
}

TEST_F(MountRules, WhatLeavesASalvagedOrAcceptedUnitAtAnyDepthIsSalvaged) {
  const Id deep = world_.cell("deep"), cell = world_.cell("cell");
  const Id inner = world_.board("inner", {deep});
  const Id board = world_.board("board", {inner, cell});
  const Id camera = world_.camera("camera", {board}, "city");
  ASSERT_TRUE(world_.retire("city", camera).accepted() && world_.destroy("city", camera).accepted());
  EXPECT_TRUE(world_.part(board).salvaged.value);
  EXPECT_FALSE(world_.part(inner).salvaged.value);
  const Id next = world_.camera("next", {}, "city");
  EXPECT_REFUSED(world_.attach("city", next, board), needs_acceptance);
  ASSERT_TRUE(world_.attach("city", next, board, true).accepted());
  ASSERT_TRUE(world_.detach("city", inner, deep).accepted());
  EXPECT_TRUE(world_.part(deep).salvaged.value);
  ASSERT_TRUE(world_.detach("city", board, inner).accepted());
  EXPECT_TRUE(world_.part(inner).salvaged.value);
  // A clean part that was put into it comes out salvaged too.
  const Id clean = world_.cell("clean", "city");
  ASSERT_TRUE(world_.attach("city", board, clean).accepted());
  ASSERT_TRUE(world_.detach("city", board, clean).accepted());
  EXPECT_TRUE(world_.part(clean).salvaged.value);
}

TEST_F(MountRules, CleanBoardInACleanDeviceLeavesItsPartsClean) {
  const Id cell = world_.cell("cell");
  const Id board = world_.board("board", {cell});
  const Id camera = world_.camera("camera", {board});
  ASSERT_TRUE(world_.detach("cameras", board, cell).accepted());
  ASSERT_TRUE(world_.detach("cameras", camera, board).accepted());
  EXPECT_FALSE(world_.part(cell).salvaged.value || world_.part(board).salvaged.value);
}

TEST_F(MountRules, PartyThatIsNoMemberCountsWhatItOwnsThroughMounts) {
  const Handle alice = world_.open_party("alice", "city");
  auto& key = world_.key("alice");
  const Id cell = world_.cell("cell"), camera = world_.camera("camera", {});
  world_.hand_over(thing::Type::part, cell, cameras_, key);
  world_.sell(camera, cameras_, key);
  EXPECT_EQ(world_.party(alice).things.value, 2U);
  EXPECT_DONE(world_.say(key, device::Attach{camera, cell, {}, {}, {}, {}}));
  EXPECT_EQ(world_.party(alice).things.value, 1U);
  world_.accepted(key, device::Attach{camera, {}, TestWorld::nonce("unknown"), {}, true, {}});
  EXPECT_EQ(world_.party(alice).things.value, 1U);
  world_.accepted(key, device::Detach{camera, cell, {}, {}});
  EXPECT_EQ(world_.party(alice).things.value, 2U);
  world_.accepted(key, part::Scrap{cell, world_.part(cell).title});
  world_.accepted(key, device::Retire{camera, world_.device(camera).title});
  EXPECT_EQ(world_.party(alice).things.value, 0U);
}

}  // namespace
}  // namespace mikusari::ledger
