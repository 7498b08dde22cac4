// SPDX-License-Identifier: Apache-2.0
// Members that use what only members have - openings, votes, rows - against others, and parties that want to be
// nobody's.
#include "ledger/rules/refusal_test_support.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using proposal::Choice;
using thing::Type;

// A registrar that says more in an opening than was asked for: it would bring the party "back" at once, or force what
// the party owns out of its hands.
TEST(RegistrarsOpening, SaysWhatTheHolderOfTheKeyHasAskedFor) {
  CameraWorld world;
  auto& city = world.key("city");
  TestKey* alice = nullptr;
  const auto asked = world.opening("alice", "city", alice);
  auto& own = world.new_key("city's standby", alice->subject(), key::Purpose::standby);
  const std::vector quorum{city.subject().id};
  auto opening = asked;
  opening.recovery = party::Recovery::registrar;
  EXPECT_REFUSED(world.say(city, opening), bad_possession);
  opening = asked;
  opening.force = party::Force{{std::span(quorum)}, 1, 90 * day_ms};
  EXPECT_REFUSED(world.say(city, opening), bad_possession);
  opening = asked;
  opening.recovery = party::Recovery::standby;
  world.prove(opening, *alice, city, &own);
  opening.possession = asked.possession;  // which alice has not given for this
  EXPECT_REFUSED(world.say(city, opening), bad_possession);
  EXPECT_DONE(world.say(city, asked));
  EXPECT_EQ(world.party(alice->subject().id).keys.size(), 1U);
}

// And one that swaps the standby key that the party has chosen for its own.
TEST(RegistrarsOpening, BringsNoStandbyKeyOfItsOwn) {
  CameraWorld world;
  auto& city = world.key("city");
  TestKey* alice = nullptr;
  auto asked = world.opening("alice", "city", alice);
  auto& hers = world.new_key("standby", alice->subject(), key::Purpose::standby);
  auto& own = world.new_key("city's standby", alice->subject(), key::Purpose::standby);
  asked.recovery = party::Recovery::standby;
  world.prove(asked, *alice, city, &hers);
  auto swapped = asked;
  world.prove(swapped, *alice, city, &own);
  swapped.possession = asked.possession;
  EXPECT_REFUSED(world.say(city, swapped), bad_possession);
  EXPECT_DONE(world.say(city, asked));
}

// A party under no registrar would have rows without end, and nobody would answer for it.
TEST(PartyThatMoves, IsTakenByARegistrarThatIsThere) {
  CameraWorld world;
  world.open_party("alice", "city");
  auto& alice = world.key("alice");
  for (const auto& nobody : {TestWorld::nonce("nobody"), alice.subject().id, world.ledger()}) {
    EXPECT_FALSE(world.say(alice, party::Move{nobody}).accepted());
    EXPECT_EQ(world.party(alice.subject().id).registrar, world.handle("city"));
  }
}

// Its old registrar has begun to bring "lost" keys back: that ends, and the new one may still do it.
TEST(PartyThatMoves, TakesNoKeyOfItsOldRegistrarAlong) {
  CameraWorld world;
  auto &city = world.key("city"), &clinic = world.key("clinic");
  world.open_party("alice", "city");
  auto& alice = world.key("alice");
  party::Amend choice;
  choice.recovery = party::Recovery::registrar;
  world.accepted(alice, choice);
  const auto recover = [&](TestKey& by, std::string_view name) {
    auto& key = world.new_key(name, alice.subject());
    return world.say(by, party::Recover{alice.subject().id, key.key(), world.possession(key, by)});
  };
  ASSERT_TRUE(recover(city, "robber").accepted());
  EXPECT_DONE(world.say(alice, party::Move{clinic.subject().id}, {.approvers = {&clinic}}));
  EXPECT_EQ(world.key_record(world.key("robber").kid()).state, key::State::revoked);
  world.pass(31 * day_ms);
  EXPECT_DONE(world.say(alice, party::Amend{}));
  EXPECT_DONE(recover(clinic, "lost again"));
}

// The buyer accepts what was seen: no vote takes a part out of it between, to the seller's hands.
TEST(Vote, RejectsNoMountInWhatIsBeingHandedOver) {
  CameraWorld world;
  const Id cell = world.cell("cell");
  const Id camera = world.camera("camera", {world.board("board", {cell})}, "city");
  const std::vector<std::string> four{"chips", "cameras", "clinic", "lab"};
  ASSERT_TRUE(world.offer("city", camera, world.handle("notary")).accepted());
  EXPECT_VOIDED(decide(world, about_mount(cell), four));
  EXPECT_DONE(world.accept("notary", camera));
  EXPECT_EQ(world.part(cell).state, part::State::mounted);
  world.accepted(world.key("city"), custody::Ship{Type::device, camera, world.handle("notary"), {}, {}});
  world.accepted(world.key("notary"), custody::Receive{Type::device, camera, {}, {}, {}});
  world.accepted(world.key("notary"),
                 custody::Ship{Type::device, camera, world.handle("city"), world.device(camera).title, {}});
  EXPECT_VOIDED(decide(world, about_mount(cell), four));
  world.accepted(world.key("notary"), custody::Recall{Type::device, camera});
  EXPECT_DONE(decide(world, about_mount(cell), four));
  EXPECT_EQ(world.part(cell).owned_by(), world.handle("notary"));
}

// A ledger that some have filled, or whose limits a vote has set too low: the members vote it more room.
TEST(Vote, IsOpenedOnAFullLedgerToo) {
  TestOptions options;
  options.parameters.registrar_rows = 64;
  options.parameters.ledger_rows = 64;
  CameraWorld world(options);
  std::vector<part::Register> bodies(100, world.cell_registration(""));
  for (std::size_t i = 0; i < bodies.size(); ++i) bodies[i].nonce = TestWorld::nonce(std::to_string(i));
  EXPECT_REFUSED(world.say_all(world.key("chips"), bodies).back(), no_room);
  EXPECT_REFUSED(world.say(world.key("city"), role::Grant{world.handle("lab"), Role::gate, {}, {}}), no_room);
  auto none = options.parameters;
  none.registrar_rows = 0;
  none.reserve_rows_part = 1;
  EXPECT_DONE(decide(world, about_parameters(none), {"cameras", "city", "clinic", "lab"}));
  auto more = options.parameters;
  more.ledger_rows = more.registrar_rows = 1024;
  EXPECT_DONE(decide(world, about_parameters(more), {"chips", "cameras", "city", "clinic"}));
  EXPECT_DONE(world.say(world.key("city"), role::Grant{world.handle("lab"), Role::gate, {}, {}}));
}

// Members come, vote, and are expelled: their votes take nobody's place.
TEST(Vote, HasRoomForThoseThatHaveAWord) {
  TestOptions options;
  options.members.clear();
  for (int i = 0; i < 64; ++i) options.members.push_back({"m" + std::to_string(i), {}});
  TestWorld world(options);
  const auto members = [](int first, int count) {
    std::vector<std::string> out;
    for (int i = first; i < first + count; ++i) out.push_back("m" + std::to_string(i));
    return out;
  };
  auto& key = world.new_member_key("late", "late");
  const std::vector keys{MemberKey{key.key(), key::Purpose::wallet, key::Level::file, key::Activation::nothing,
                                   world.possession(key, world.key("m0"))}};
  proposal::Content admission;
  admission.matter = proposal::Matter::admit;
  admission.member = NewMember{"late", 1, 1, {}, {std::span(keys)}};
  ASSERT_TRUE(decide(world, admission, members(0, 43)).accepted());
  Parameters parameters;
  parameters.alarms_day = 9;
  ASSERT_TRUE(open_matter(world, "m0", "y", about_parameters(parameters)).accepted());
  const Id y = world.id("m0", "y");
  for (int i = 1; i < 64; ++i)
    ASSERT_TRUE(vote(world, "m" + std::to_string(i), y, i < 32 ? Choice::yes : Choice::no).accepted());
  EXPECT_REFUSED(vote(world, "late", y), no_longer_open);
  ASSERT_TRUE(decide(world, about_member(proposal::Matter::expel, world.handle("m63")), members(0, 48)).accepted());
  EXPECT_DONE(vote(world, "late", y));  // 33 of 64
  const auto record = world.find<proposal::Record>(path::proposal(y)).value();
  EXPECT_EQ(record.state, proposal::State::adopted);
  EXPECT_EQ(record.yes.size() + record.no.size(), 64U);
}

TEST(Vote, GivesARoleOnce) {
  CameraWorld world;
  const std::vector twice{Role::maker, Role::registrar, Role::maker};
  EXPECT_VOIDED(
      decide(world, about_roles(world.handle("lab"), {std::span(twice)}, 1), {"chips", "cameras", "city", "clinic"}));
}

// Whoever orders blocks says what time it is: no time makes a wait short.
TEST(Clock, AtItsEndMakesNoWaitShort) {
  CameraWorld world;
  auto &city = world.key("city"), &lab = world.key("lab");
  const Id cell = world.cell("cell", "city");
  const std::vector quorum{lab.subject().id};
  party::Amend force;
  force.force = party::Force{{std::span(quorum)}, 1, 90 * day_ms};
  world.accepted(city, force);
  world.pass(~std::uint64_t{0} - world.time_ms() - 3'600'000);
  auto& second = world.new_member_key("city-2", "city");
  world.accepted(city, world.registration(second, city));
  EXPECT_REFUSED(world.say(second, party::Amend{}), key_not_active);
  world.accepted(lab, ownership::Force{Type::part, cell, lab.subject().id, world.part(cell).title});
  EXPECT_REFUSED(world.say(lab, ownership::Accept{Type::part, cell, world.part(cell).title, {}}), still_waits);
}

}  // namespace
}  // namespace mikusari::ledger
