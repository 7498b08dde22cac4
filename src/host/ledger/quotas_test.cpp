// SPDX-License-Identifier: Apache-2.0
#include "ledger/quotas.hpp"

#include <algorithm>

#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

ReplayRecord replay(const TestWorld& world, const TestKey& key) {
  return world.find<ReplayRecord>(path::replay(key.kid())).value();
}
std::uint64_t rows(const TestWorld& world, const Id& whose) {
  return world.find<QuotaRecord>(path::quota(whose))->rows;
}
document::Evidence note() { return {document::Type::other, TestWorld::nonce("x"), {}, {}, {}}; }

// What a key says in a day

// Enough for what prepares a test, then used up by `use_up`.
class Days : public ::testing::Test {
 protected:
  static TestOptions small() {
    TestOptions out;
    out.parameters.member_day = {40, 1 << 20, 30};
    out.parameters.party_day = {12, 1 << 20, 8};
    out.parameters.thing_day = {6, 1 << 20, 4};
    return out;
  }
  // Says so many ordinary statements until the day takes none any more; returns how many there were that day.
  std::uint64_t use_up(TestKey& key) {
    while (world_.say(key, note()).accepted()) continue;
    return replay(world_, key).statements.value;
  }

  CameraWorld world_{small()};
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
};

TEST_F(Days, EachClassOfKeysHasItsOwnLimit) {
  world_.open_party("alice", "city");
  world_.camera("camera", {});
  EXPECT_EQ(use_up(world_.key("lab")), 40U);
  EXPECT_EQ(use_up(world_.key("alice")), 12U);
  EXPECT_EQ(use_up(world_.key("camera")), 6U);
  EXPECT_REFUSED(world_.say(world_.key("camera"), note()), over_quota);
  // Nobody used up what is another's, not even of the same owner or registrar.
  EXPECT_DONE(world_.say(cameras_, note()));
  EXPECT_DONE(world_.say(city_, note()));
}

TEST_F(Days, KeysOfOnePartyCountApart) {
  auto& second = world_.new_member_key("lab-2", "lab");
  world_.accepted(world_.key("lab"), world_.registration(second, world_.key("lab")));
  world_.pass(7 * day_ms);
  use_up(world_.key("lab"));
  EXPECT_DONE(world_.say(second, note()));
}

TEST_F(Days, CountsBeginAnewWhenTheLedgersDayDiffers) {
  use_up(city_);
  world_.pass(day_ms - world_.time_ms() % day_ms - 1);
  EXPECT_REFUSED(world_.say(city_, note()), over_quota);
  EXPECT_DONE(world_.say(city_, note()));  // the next block is of the next day
  EXPECT_EQ(replay(world_, city_).statements.value, 1U);
}

TEST_F(Days, BytesCountAsTheyAreSent) {
  const auto submission = world_.submission(city_, std::vector<document::Evidence>(100, note()));
  world_.block({submission});
  EXPECT_EQ(replay(world_, city_).bytes.value, submission.size());
  std::uint64_t sent = submission.size();
  for (;;) {
    const auto next = world_.submission(city_, std::vector<document::Evidence>(700, note()));
    const auto fate = world_.block({next}).front();
    if (sent + next.size() > 1 << 20) {
      EXPECT_EQ(fate.standing, Standing::discarded);
      break;
    }
    ASSERT_EQ(fate.standing, Standing::executed);
    sent += next.size();
  }
  EXPECT_EQ(replay(world_, city_).bytes.value, sent);
  EXPECT_DONE(world_.say(city_, note()));  // a smaller one still fits
}

TEST_F(Days, RefusedBodiesCountAndStopTheStatementAndTheDay) {
  world_.open_party("alice", "city");
  auto& alice = world_.key("alice");
  const part::Scrap nothing{TestWorld::nonce("nothing"), 1};
  EXPECT_REFUSED(world_.say(alice, nothing), not_registered);
  const auto fates = world_.say_all(alice, std::vector<part::Scrap>(12, nothing));
  for (int i = 0; i < 7; ++i) EXPECT_REFUSED(fates[i], not_registered);
  for (int i = 7; i < 12; ++i) EXPECT_REFUSED(fates[i], stopped);
  EXPECT_REFUSED(world_.say(alice, note()), over_quota);
  world_.pass(day_ms);
  EXPECT_DONE(world_.say(alice, note()));
}

TEST_F(Days, WhatPassesBeforeTheStopStands) {
  world_.open_party("alice", "city");
  auto& alice = world_.key("alice");
  std::vector<platform::Buffer> bodies(11, platform::Buffer{std::byte{0xff}});
  bodies.front() = platform::encode(note());
  bodies.back() = platform::encode(note());
  const auto fates = world_.block({world_.submission(alice, document::Evidence::kind, bodies)}).front().bodies;
  EXPECT_DONE(fates.front());
  EXPECT_REFUSED(fates[8], malformed_body);
  EXPECT_REFUSED(fates[9], stopped);
  EXPECT_REFUSED(fates[10], stopped);
}

// The reserve of exits

TEST_F(Days, ExitsGoOnWhenTheDayIsUsedUpAndNothingElseDoes) {
  std::vector<Id> cameras;
  for (int i = 0; i < 3; ++i) cameras.push_back(world_.camera("c" + std::to_string(i), {}, "city"));
  const Id offered = world_.camera("offered", {});
  world_.pass(day_ms);
  ASSERT_TRUE(world_.offer("cameras", offered, city_.subject().id).accepted());
  use_up(city_);
  EXPECT_DONE(world_.retire("city", cameras[0]));
  EXPECT_DONE(world_.say(city_, device::Suspend{cameras[1]}));
  EXPECT_DONE(world_.accept("city", offered));  // what is offered is taken
  EXPECT_DONE(world_.say(city_, key::Revoke{world_.key("c2").kid(), key::Reason::compromised}));
  EXPECT_REFUSED(world_.say(city_, device::Resume{cameras[1]}), over_quota);
  EXPECT_REFUSED(world_.offer("city", cameras[2], cameras_.subject().id), over_quota);  // it goes on tomorrow
  EXPECT_EQ(replay(world_, city_).exits.value, 4U);
  EXPECT_EQ(replay(world_, city_).statements.value, 40U);
}

TEST_F(Days, ReserveOfADayIsSixtyFourStatementsOrItsBytes) {
  world_.camera("camera", {}, "city");
  world_.pass(day_ms);
  use_up(city_);
  const part::Scrap nothing{TestWorld::nonce("nothing"), 1};
  const auto large = world_.submission(city_, std::vector<part::Scrap>(2000, nothing));
  EXPECT_EQ(world_.block({large}).front().why.refusal, over_quota);  // 64 KiB are the reserve
  for (int i = 0; i < 64; ++i) EXPECT_REFUSED(world_.say(city_, nothing), not_registered);
  EXPECT_REFUSED(world_.say(city_, nothing), over_quota);
  EXPECT_EQ(replay(world_, city_).refused.value, 0U);  // the day's refused bodies are not the reserve's
}

TEST_F(Days, ExitsUseTheDayFirst) {
  const Id camera = world_.camera("camera", {}, "city");
  world_.pass(day_ms);
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  EXPECT_EQ(replay(world_, city_).statements.value, 1U);
  EXPECT_EQ(replay(world_, city_).exits.value, 0U);
}

TEST_F(Days, StrangersRefusedExitsAreBoundedByTheStepsToo) {
  TestOptions options = small();
  options.parameters.refused_steps = 64;
  CameraWorld world(options);
  auto& city = world.key("city");
  while (world.say(city, note()).accepted()) continue;
  const auto fates = world.say_all(city, std::vector<part::Scrap>(600, {TestWorld::nonce("nothing"), 1}));
  EXPECT_REFUSED(fates.front(), not_registered);
  EXPECT_REFUSED(fates.back(), stopped);
}

// Rows

class RowQuotas : public ::testing::Test {
 protected:
  // The registrars' limit is `rows`, of which a sixteenth is for exits.
  static TestOptions limited(std::uint64_t registrar, std::uint64_t ledger) {
    TestOptions out;
    out.parameters.registrar_rows = registrar;
    out.parameters.ledger_rows = ledger;
    return out;
  }
};

TEST_F(RowQuotas, NewRowsAreChargedToTheRegistrarOfWhoMakesThem) {
  CameraWorld world;
  const Id city = world.handle("city"), clinic = world.handle("clinic");
  EXPECT_EQ(rows(world, city), 0U);
  world.open_party("alice", "city");
  EXPECT_EQ(rows(world, city), 5U);  // party, two lists, key, counters
  auto& alice = world.key("alice");
  world.accepted(alice, world.registration(world.new_key("second", alice.subject()), alice));
  EXPECT_EQ(rows(world, city), 7U);
  world.accepted(alice, party::Move{clinic}, {.approvers = {&world.key("clinic")}});
  world.accepted(alice, role::Grant{city, Role::gate, {}, {}});
  EXPECT_EQ(rows(world, city), 7U);  // what it made stays
  EXPECT_EQ(rows(world, clinic), 1U);
  // A device's rows are its owner's registrar's.
  const Id camera = world.camera("camera", {});
  world.sell(camera, world.key("cameras"), alice, {world.key("camera").kid()});
  auto& next = world.new_key("next", subject_of_device(camera));
  world.accepted(world.key("camera"), key::Rotate{next.key(), world.possession(next, world.key("camera"), 1)});
  EXPECT_EQ(rows(world, clinic), 3U);
  EXPECT_EQ(rows(world, world.ledger()), 4U + 7U + 3U + 3U);  // four models, the city's, clinic's, and the camera
}

TEST_F(RowQuotas, RegistrarAtItsLimitMakesNoMoreAndOthersGoOn) {
  CameraWorld world(limited(32, 1 << 20));
  auto& chips = world.key("chips");
  std::vector<part::Register> bodies;
  for (int i = 0; i < 40; ++i) bodies.push_back(world.cell_registration(std::to_string(i)));
  const auto fates = world.say_all(chips, bodies);
  // Two models stand already; two of 32 rows are for exits.
  for (int i = 0; i < 28; ++i) EXPECT_DONE(fates[i]);
  for (int i = 28; i < 40; ++i) EXPECT_REFUSED(fates[i], no_room);
  EXPECT_EQ(rows(world, chips.subject().id), 30U);
  EXPECT_DONE(world.say(world.key("cameras"), CameraWorld::model("other", thing::Class::chip)));
  // What needs no row goes on.
  EXPECT_DONE(world.say(chips, part::Inspect{Type::part, world.id("chips", "0"), part::Finding::passed, {}, {}}));
  EXPECT_DONE(world.say(chips, part::Scrap{world.id("chips", "0"), 1}));
}

TEST_F(RowQuotas, ReserveOfRowsIsForExits) {
  CameraWorld world(limited(16, 1 << 20));
  auto& city = world.key("city");
  TestKey* key = nullptr;
  auto alice = world.opening("alice", "city", key);
  alice.recovery = party::Recovery::registrar;
  world.prove(alice, *key, city);
  world.accepted(city, alice);
  world.open_party("bob", "city");
  world.open_party("carol", "city");
  EXPECT_REFUSED(world.say(city, world.opening("dan", "city", key)), no_room);
  EXPECT_EQ(rows(world, city.subject().id), 15U);
  // A recovery makes two rows, and one is left.
  auto& back = world.new_key("back", world.key("alice").subject());
  const party::Recover recover{back.subject().id, back.key(), world.possession(back, city)};
  EXPECT_REFUSED(world.say(city, recover), no_room);
  CameraWorld roomier(limited(17, 1 << 20));
  auto same = roomier.opening("alice", "city", key);
  same.recovery = party::Recovery::registrar;
  roomier.prove(same, *key, roomier.key("city"));
  roomier.accepted(roomier.key("city"), same);
  roomier.open_party("bob", "city");
  roomier.open_party("carol", "city");
  auto& again = roomier.new_key("back", roomier.key("alice").subject());
  EXPECT_DONE(roomier.say(roomier.key("city"), party::Recover{again.subject().id, again.key(),
                                                              roomier.possession(again, roomier.key("city"))}));
}

TEST_F(RowQuotas, RefusedBodiesTakeNoRows) {
  TestOptions options;
  options.parameters.statement_growth = 64 * 1024;
  options.parameters.block_growth = 128 * 1024;
  CameraWorld world(options);
  auto& chips = world.key("chips");
  const auto before = rows(world, chips.subject().id);
  std::vector<part::Register> bodies;
  for (int i = 0; i < 400; ++i) bodies.push_back(world.cell_registration(std::to_string(i)));
  const auto fates = world.say_all(chips, bodies);
  const auto made = std::ranges::count_if(fates, [](const auto& fate) { return fate.accepted(); });
  EXPECT_REFUSED(fates.back(), too_many_changes);
  EXPECT_EQ(rows(world, chips.subject().id), before + static_cast<std::uint64_t>(made));
  EXPECT_EQ(rows(world, world.ledger()), 4U + static_cast<std::uint64_t>(made));
}

TEST_F(RowQuotas, FullLedgerRefusesAndGoesOn) {
  CameraWorld world(limited(1 << 20, 64));
  const Id camera = world.camera("camera", {}, "city");
  auto& chips = world.key("chips");
  int made = 0;
  while (world.say(chips, world.cell_registration(std::to_string(made))).accepted()) ++made;
  EXPECT_REFUSED(world.say(chips, world.cell_registration("one more")), no_room);
  EXPECT_EQ(rows(world, world.ledger()), 60U);  // four of 64 are for exits
  EXPECT_REFUSED(world.say(world.key("cameras"), CameraWorld::model("more", thing::Class::chip)), no_room);
  EXPECT_DONE(world.say(world.key("camera"), device::Activate{camera}));
  world.sell(camera, "city", "clinic");
  EXPECT_DONE(world.retire("clinic", camera));
  EXPECT_DONE(world.destroy("clinic", camera));
}

}  // namespace
}  // namespace mikusari::ledger
