// SPDX-License-Identifier: Apache-2.0
// Attacks that once worked, each as a test named after it. Their siblings stand in attack_siblings_test.cpp.
#include <algorithm>

#include "ledger/rules/refusal_test_support.hpp"
#include "merkle/log.hpp"
#include "proof/block.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using thing::Type;

part::Inspect inspection(const Id& device) { return {Type::device, device, part::Finding::observed, {}, {}}; }
ReplayRecord replay(const TestWorld& world, const TestKey& key) {
  return world.find<ReplayRecord>(path::replay(key.kid())).value();
}
device::Destroy destruction(const CameraWorld& world, const Id& device) {
  return {device, world.device(device).title, {}};
}

// attack 1: an ex-owner, still custodian, makes thousands of custody events in one statement.
TEST(Attack1, ExOwnersNoiseMovesNoTitleAndIsOnItsQuota) {
  CameraWorld world;
  world.open_party("alice", "city");
  auto &alice = world.key("alice"), &clinic = world.key("clinic");
  const Id camera = world.camera("camera", {});
  world.hand_over(Type::device, camera, world.key("cameras"), alice);
  world.sell(camera, alice, clinic);  // alice holds it still
  const auto retire = world.submission(clinic, std::vector{device::Retire{camera, world.device(camera).title}});
  const auto before = world.device(camera);
  const auto used = replay(world, clinic);
  const auto noise = world.submission(alice, std::vector<part::Inspect>(limits::bodies_max, inspection(camera)));
  const auto fates = world.block({noise}).front().bodies;
  ASSERT_TRUE(std::ranges::all_of(fates, [](const auto& fate) { return fate.accepted(); }));
  const auto after = world.device(camera);
  EXPECT_EQ(after.history.count, before.history.count + limits::bodies_max);
  EXPECT_EQ(after.life_tree(), before.life_tree());
  EXPECT_EQ(after.title, before.title);
  EXPECT_GE(replay(world, alice).bytes.value, noise.size());
  EXPECT_EQ(replay(world, clinic).bytes, used.bytes);
  // The day of a key that is no member's ends it soon.
  std::size_t more = 0;
  while (world.block({world.submission(alice, std::vector<part::Inspect>(limits::bodies_max, inspection(camera)))})
             .front()
             .standing == Standing::executed)
    ASSERT_LT(++more, 64U);
  EXPECT_DONE(world.block({retire}).front().bodies.front());
}

// attack 2: dispute a part of a retired device, detach, withdraw: the part is stock, then proven elsewhere.
TEST(Attack2, OnlyDestructionFreesThePartsOfARetiredDeviceAndAsSalvaged) {
  CameraWorld world;
  auto& city = world.key("city");
  const Id sensor = world.sensor("sensor"), cell = world.cell("cell");
  const Id board = world.board("board", {cell});
  const Id camera = world.camera("camera", {sensor, board}, "city");
  const Id other = world.camera("other", {}, "city");
  ASSERT_TRUE(world.retire("city", camera).accepted());
  EXPECT_REFUSED(world.detach("city", camera, sensor), retired_or_destroyed);
  EXPECT_REFUSED(world.detach("city", board, cell), retired_or_destroyed);
  EXPECT_ALARM(world.attach("city", other, sensor));
  EXPECT_REFUSED(world.attach("city", other, cell, true), mounted_elsewhere);
  EXPECT_REFUSED(world.attach("city", board, world.cell("fresh", "city")), retired_or_destroyed);
  EXPECT_REFUSED(world.say(city, part::Scrap{board, world.part(board).title}), mounted_elsewhere);
  EXPECT_REFUSED(world.say(city, ownership::Offer{Type::part, board, world.handle("clinic"), world.part(board).title}),
                 mounted_elsewhere);
  EXPECT_VOIDED(decide(world, about_mount(sensor), {"chips", "cameras", "clinic", "lab"}));
  EXPECT_EQ(world.part(sensor).parent, camera);
  EXPECT_TRUE(world.device(other).children.empty());
  ASSERT_TRUE(world.destroy("city", camera).accepted());
  EXPECT_TRUE(world.part(sensor).salvaged.value);
  EXPECT_REFUSED(world.attach_bare("city", other, sensor), needs_acceptance);
  ASSERT_TRUE(world.attach_bare("city", other, sensor, true).accepted());
  EXPECT_EQ(world.part(sensor).grade, part::Grade::claimed);
}

// attack 3: claim a salvaged part, or one with a revoked key, in a second device, end the first claim: clean grade.
TEST(Attack3, TaintIsForEver) {
  CameraWorld world;
  const Id salvaged = world.cell("salvaged"), revoked = world.sensor("revoked");
  const Id old = world.camera("old", {salvaged}, "city");
  ASSERT_TRUE(world.retire("city", old).accepted() && world.destroy("city", old).accepted());
  world.accepted(world.key("cameras"), key::Revoke{world.key("revoked").kid(), key::Reason::compromised});
  world.hand_over(Type::part, revoked, "cameras", "city");
  const Id first = world.camera("first", {}, "city"), second = world.camera("second", {}, "city");
  for (const Id& part : {salvaged, revoked}) {
    ASSERT_TRUE(world.attach_bare("city", first, part, true).accepted());
    EXPECT_REFUSED(world.attach_bare("city", second, part, true), mounted_elsewhere);
    ASSERT_TRUE(world.detach("city", first, part).accepted());
    EXPECT_REFUSED(world.attach_bare("city", second, part), needs_acceptance);
    // Neither another owner, nor a new key, nor the maker's hands wash it.
    world.hand_over(Type::part, part, "city", "chips");
    auto& fresh = world.new_key("fresh " + platform::to_hex(part), subject_of_part(part));
    world.accepted(world.key("chips"), world.registration(fresh, world.key("chips"), world.part(part).tenure.value));
    world.hand_over(Type::part, part, "chips", "city", {fresh.kid()});
    const auto proof = world.mount(part, fresh, world.key("city"), second).proof;
    EXPECT_REFUSED(world.say(world.key("city"), device::Attach{second, part, {}, proof, {}, {}}), needs_acceptance);
    EXPECT_TRUE(world.part(part).accepted.value);
  }
  EXPECT_TRUE(world.part(salvaged).salvaged.value);
  EXPECT_TRUE(world.part(revoked).revoked.value);
}

// attack 4: a part maker toggles a dispute 2,074 times: the owner's retire and offer are always stale.
TEST(Attack4, PartMakerCannotMakeTheOwnersStatementsStale) {
  CameraWorld world;
  const Id sensor = world.sensor("sensor"), cell = world.cell("cell");
  const Id camera = world.camera("camera", {world.board("board", {cell}), sensor}, "city");
  auto& city = world.key("city");
  const auto title = world.device(camera).title;
  const auto offer =
      world.submission(city, std::vector{ownership::Offer{Type::device, camera, world.handle("clinic"), title}});
  world.accepted(world.key("chips"), CameraWorld::model("board", thing::Class::board));
  ASSERT_EQ(world.assemble("own", device::UnitType::board, {cell}, "chips").outcome, statement::Outcome::alarm);
  const Id own = world.id("chips", "own");
  for (int day = 0; day < 30; ++day) {
    for (int i = 0; i < 9; ++i) static_cast<void>(world.attach("chips", own, i % 2 == 0 ? cell : sensor));
    world.pass(day_ms);
  }
  EXPECT_EQ(world.device(camera).alarms.value, 240U);  // eight a day, for ever
  EXPECT_EQ(world.device(camera).title, title);
  EXPECT_DONE(world.block({offer}).front().bodies.front());
  EXPECT_DONE(world.say(city, device::Retire{camera, title + 1}));
}

// attack 5: the seller ships the sold device, the buyer can neither detach nor receive; the seller's device key still
// activates and rotates.
TEST(Attack5, SaleEndsTheSellersPowerAndRecallItsCustody) {
  CameraWorld world;
  auto &cameras = world.key("cameras"), &city = world.key("city");
  const Id cell = world.cell("cell");
  const Id camera = world.camera("camera", {cell});
  auto& key = world.key("camera");
  world.sell(camera, "cameras", "city");
  world.accepted(cameras, custody::Ship{Type::device, camera, world.handle("clinic"), {}, {}});
  EXPECT_REFUSED(world.say(cameras, custody::Ship{Type::device, camera, world.handle("clinic"), {}, {}}), in_transit);
  EXPECT_DONE(world.detach("city", camera, cell));
  EXPECT_DONE(world.say(city, custody::Recall{Type::device, camera}));
  EXPECT_EQ(world.device(camera).held_by(), world.handle("city"));
  EXPECT_REFUSED(world.say(world.key("clinic"), custody::Receive{Type::device, camera, {}, {}, {}}), wrong_state);
  auto& next = world.new_key("next", subject_of_device(camera));
  EXPECT_REFUSED(world.say(key, device::Activate{camera}), key_not_active);
  EXPECT_REFUSED(world.say(key, key::Rotate{next.key(), world.possession(next, key, 1)}), key_not_active);
  EXPECT_REFUSED(world.say(key, device::Alarm{Type::device, camera, device::Cause::other, {}, {}}), key_not_active);
  EXPECT_REFUSED(world.say(key, key::Revoke{key.kid(), key::Reason::compromised}), key_not_active);
  EXPECT_REFUSED(world.say(cameras, world.registration(key, cameras, 1)), not_owned);
}

// attack 6: a dispute stays for ever when its author is suspended; a chip maker claims chips in customers' devices with
// copied keys.
TEST(Attack6, AlarmsBlockNobodyWhoeverRaisedThem) {
  CameraWorld world;
  const Id sensor = world.sensor("sensor");
  const Id camera = world.camera("camera", {sensor}, "city");
  world.accepted(world.key("chips"), CameraWorld::model("board", thing::Class::board));
  EXPECT_ALARM(world.assemble("own", device::UnitType::board, {sensor}, "chips"));  // with the copied key
  ASSERT_TRUE(
      decide(world, about_member(proposal::Matter::expel, world.handle("chips")), {"cameras", "city", "clinic", "lab"})
          .accepted());
  EXPECT_EQ(world.part(sensor).state, part::State::mounted);
  EXPECT_DONE(world.say(world.key("camera"), device::Activate{camera}));
  EXPECT_DONE(world.detach("city", camera, sensor, {world.key("sensor").kid()}));
  EXPECT_DONE(world.attach("city", camera, sensor));
  EXPECT_EQ(world.part(sensor).grade, part::Grade::proven);
  EXPECT_DONE(world.offer("city", camera, world.handle("clinic")));
  EXPECT_DONE(world.accept("clinic", camera));
  EXPECT_DONE(world.retire("clinic", camera));
  EXPECT_DONE(world.destroy("clinic", camera));
}

// attack 9: one key makes 331,776 things in ten seconds; near 2^27 records the engine ends.
TEST(Attack9, QuotasEndWhatOneRegistrarMakesAndAFullLedgerGoesOn) {
  TestOptions options;
  options.parameters.registrar_rows = 256;
  options.parameters.ledger_rows = 400;
  CameraWorld world(options);
  const auto make = [&](std::string_view maker, const Id& model, std::string_view prefix) {
    std::vector<part::Register> bodies(300);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      bodies[i].nonce = TestWorld::nonce(std::string(prefix) + std::to_string(i));
      bodies[i].model = model;
    }
    const auto fates = world.say_all(world.key(maker), bodies);
    EXPECT_REFUSED(fates.back(), no_room);
    return std::ranges::count_if(fates, [](const auto& fate) { return fate.accepted(); });
  };
  const Id camera = world.camera("camera", {}, "city");
  EXPECT_EQ(make("chips", world.cell_model(), "a"), 240 - 2);  // a sixteenth of 256 is kept; two are its models
  // The next one meets the ledger's end: 375 rows are for what is no exit.
  EXPECT_EQ(make("cameras", world.board_model(), "b"), 375 - 240 - 2 - 3);
  EXPECT_REFUSED(world.say(world.key("city"), role::Grant{world.handle("clinic"), Role::gate, {}, {}}), no_room);
  EXPECT_DONE(world.say(world.key("camera"), device::Activate{camera}));
  world.sell(camera, "city", "clinic");
  EXPECT_DONE(world.retire("clinic", camera));
  EXPECT_DONE(world.say(world.key("chips"), part::Scrap{world.id("chips", "a0"), 1}));
}

// attack 10: 1 MiB of 441 bodies refused late: seconds in order while others wait.
class Attack10 : public ::testing::Test {
 protected:
  // A body that takes 21 parts, each proved by its key, and fails at the last: no bytes of it are cheap.
  Attack10() {
    auto& cameras = world_.key("cameras");
    world_.accepted(cameras, CameraWorld::model("chip", thing::Class::chip));
    unit_ = world_.id("cameras", "unit");
    n_ = cameras.next_n() + 1000;
    for (int i = 0; i < 21; ++i) add_part("part " + std::to_string(i));
    mounts_.back().proof = mounts_.front().proof;
    body_.nonce = TestWorld::nonce("unit");
    body_.type = device::UnitType::device;
    body_.model = world_.camera_model();
    body_.mounts = {std::span<const device::Mount>(mounts_)};
  }
  void add_part(const std::string& name) {
    auto& cameras = world_.key("cameras");
    const Id part = world_.id("cameras", name);
    auto& key = world_.new_key(name, subject_of_part(part));
    part::Register body;
    body.nonce = TestWorld::nonce(name);
    body.model = world_.id("cameras", "chip");
    body.key = key.key();
    body.possession = world_.possession(key, cameras);
    world_.accepted(cameras, body);
    std::byte buffer[statement::small_message_bytes_max];
    mounts_.push_back({part, *key.signer().sign(*statement::mount_bytes(key.key(), world_.ledger(), cameras.kid(),
                                                                        unit_, part, n_, buffer))});
  }
  // Executed on a state that is thrown away.
  SubmissionFate execute_bodies(std::size_t count, bool atomic = false) {
    const auto submission = world_.submission(world_.key("cameras"), std::vector<device::Assemble>(count, body_),
                                              {.atomic = atomic, .n = n_});
    EXPECT_LE(submission.size(), limits::submission_bytes_max);
    bytes_ = submission.size();
    Overlay overlay(world_.state());
    return execute(*statement::parse(submission), submission.size(), world_.next_block(), world_.state(), overlay,
                   world_.signatures());
  }
  std::uint64_t refused_steps() { return world_.find<LedgerRecord>(path::ledger())->parameters.refused_steps; }

  CameraWorld world_;
  Id unit_;
  std::uint64_t n_ = 0;
  std::vector<device::Mount> mounts_;
  device::Assemble body_;
  std::size_t bytes_ = 0;
};

TEST_F(Attack10, RefusedBodiesCostAtMostTheChargeAndOneBody) {
  const auto one = execute_bodies(1);
  EXPECT_REFUSED(one.bodies[0], bad_mount_proof);
  EXPECT_GT(one.steps, 21U * 16);
  const auto all = execute_bodies(441);
  EXPECT_GT(bytes_, 950U * 1024);
  EXPECT_REFUSED(all.bodies.front(), bad_mount_proof);
  EXPECT_REFUSED(all.bodies.back(), stopped);
  EXPECT_LE(all.steps, refused_steps() + one.steps);
  EXPECT_GT(all.steps, refused_steps());  // it was used up
}

TEST_F(Attack10, AllOrNothingCostsNoMore) {
  const auto one = execute_bodies(1);
  EXPECT_LE(execute_bodies(441, true).steps, one.steps);  // the first refusal ends it
}

// attack 13: another approver is written into a frame; stripped approvals burn n.
TEST(Attack13, LeafCommitsToWhoApprovedAndStrippingLeavesNoTrace) {
  CameraWorld world;
  auto &city = world.key("city"), &lab = world.key("lab"), &notary = world.key("notary");
  const Id camera = world.camera("camera", {}, "city");
  ASSERT_TRUE(world.retire("city", camera).accepted());
  const auto bare = world.submission(city, std::vector{destruction(world, camera)});
  const auto witnessed = world.approved(world.approved(bare, lab, statement::ApprovalRole::witness), notary,
                                        statement::ApprovalRole::witness);
  const auto digest = world.state().digest();
  for (const auto& stripped : {bare, world.approved(bare, lab, statement::ApprovalRole::witness)}) {
    const auto fate = world.block({stripped}).front();
    EXPECT_EQ(fate.standing, Standing::discarded);
    EXPECT_EQ(fate.why.refusal, missing_approvals);
    EXPECT_EQ(world.state().digest(), digest);
  }
  const auto more = world.approved(witnessed, world.key("chips"), statement::ApprovalRole::witness);
  const auto context = world.next_block();
  const auto parsed = *statement::parse(witnessed);
  const auto fate = world.block({witnessed}).front().bodies.front();
  ASSERT_TRUE(fate.accepted());
  proof::BodyLeaf leaf{{},
                       {},
                       parsed.identity,
                       crypto::sha256(parsed.statement.signature),
                       statement::also_hash(parsed.also),
                       statement::body_leaf(*parsed.bodies.begin()),
                       context.height,
                       context.time_ms,
                       statement::Outcome::done};
  leaf.type = proof::LeafType::body;
  EXPECT_EQ(fate.leaf_hash, proof::leaf_hash(leaf));
  leaf.also_hash = statement::also_hash(statement::parse(more)->also);
  EXPECT_NE(fate.leaf_hash, proof::leaf_hash(leaf));
  leaf.also_hash.reset();
  EXPECT_NE(fate.leaf_hash, proof::leaf_hash(leaf));
}

// attack 14: X is attached as unknown before X's maker registers it.
TEST(Attack14, NobodyBeginsAThingUnderAnothersId) {
  CameraWorld world;
  auto& city = world.key("city");
  const Id camera = world.camera("camera", {}, "city");
  const Id battery = world.id("chips", "battery");
  EXPECT_REFUSED(world.attach("city", camera, battery, true), not_registered);
  // The maker's nonce, seen on its way, gives another id in other hands.
  EXPECT_DONE(world.say(city, device::Attach{camera, {}, TestWorld::nonce("battery"), {}, true, {}}));
  EXPECT_FALSE(world.find<part::Record>(path::part(battery)).has_value());
  EXPECT_DONE(world.say(world.key("chips"), world.cell_registration("battery")));
  EXPECT_EQ(world.part(battery).maker, world.handle("chips"));
  EXPECT_FALSE(world.part(battery).accepted.value);
}

// attack 15: a thief's further keys of a member stay unseen.
TEST(Attack15, ListOfKeysShowsEveryFurtherKey) {
  CameraWorld world;
  auto& city = world.key("city");
  const Digest list = path::list(world.handle("city"), list::Kind::keys);
  auto &wallet = world.new_member_key("thief-1", "city"), &next = world.new_member_key("thief-2", "city");
  auto& packer = world.new_key("thief-3", city.subject(), key::Purpose::packer);
  world.accepted(city, world.registration(wallet, city));
  world.accepted(city, world.registration(packer, city));
  world.accepted(city, key::Rotate{next.key(), world.possession(next, city)});
  const auto entries = world.state().entries(list);
  std::vector<Digest> seen;
  merkle::CompactRange range;
  for (const auto& entry : entries) {
    seen.push_back(entry.what);
    range.append(list::leaf_hash(entry));
  }
  EXPECT_EQ(seen, (std::vector{city.kid(), wallet.kid(), packer.kid(), next.kid()}));
  // With one left out the root is another.
  const auto record = world.find<list::Record>(list).value();
  EXPECT_EQ(record.tree.count, entries.size());
  EXPECT_EQ(record.tree.root, range.root());
  merkle::CompactRange less;
  for (std::size_t i = 0; i + 1 < entries.size(); ++i) less.append(list::leaf_hash(entries[i]));
  EXPECT_NE(record.tree.root, less.root());
}

// attack 17: firmware sequence 2^64-1 ends a model.
TEST(Attack17, NoSequenceNumberEndsAModel) {
  CameraWorld world;
  auto &one = world.key("release-1"), &two = world.key("release-2");
  const Id model = world.camera_model();
  const std::vector images{firmware::Image{TestWorld::nonce("image"), 1}};
  const auto release = [&](std::uint64_t sequence) {
    return world.say(one, firmware::Release{model, sequence, "1", {std::span(images)}, {}, {}}, {.approvers = {&two}});
  };
  EXPECT_REFUSED(release(~0ULL), step_too_large);
  EXPECT_DONE(release(1024));
  EXPECT_REFUSED(release(~0ULL), step_too_large);
  EXPECT_REFUSED(world.say(one, firmware::Floor{model, ~0ULL}, {.approvers = {&two}}), not_increasing);
  EXPECT_DONE(release(1025));
  // One bad release is recalled, and stolen keys are replaced under the old threshold.
  EXPECT_DONE(world.say(one, firmware::Recall{model, 1025, firmware::Action::recall}, {.approvers = {&two}}));
  EXPECT_EQ(world.model(model).available.value, 1024U);
  const std::vector keys{two.kid()};
  EXPECT_DONE(world.say(two, model::Amend{model, {std::span(keys)}, 1}, {.approvers = {&world.key("release-3")}}));
  EXPECT_REFUSED(release(1026), missing_approvals);
}

// attack 19: a carrier scraps what it carries.
TEST(Attack19, CarrierEndsAndChangesNothingOfWhatItCarries) {
  CameraWorld world;
  auto& clinic = world.key("clinic");
  const Id part = world.cell("part", "city"), cell = world.cell("cell"), own = world.cell("own", "clinic");
  const Id camera = world.camera("camera", {cell}, "city");
  world.lend(Type::part, part, "city", "clinic");
  world.lend(Type::device, camera, "city", "clinic");
  const auto on = [&] { return world.device(camera).title; };
  EXPECT_REFUSED(world.say(clinic, part::Scrap{part, world.part(part).title}), not_owned);
  EXPECT_REFUSED(world.retire("clinic", camera), not_owned);
  EXPECT_REFUSED(world.say(clinic, device::Suspend{camera}), not_owned);
  EXPECT_REFUSED(world.say(clinic, device::Resume{camera}), not_owned);
  EXPECT_REFUSED(world.attach("clinic", camera, own), not_owned);
  EXPECT_REFUSED(world.attach("clinic", camera, part), not_owned);
  EXPECT_REFUSED(world.detach("clinic", camera, cell), not_owned);
  EXPECT_REFUSED(world.offer("clinic", camera, world.handle("chips")), not_owned);
  EXPECT_REFUSED(world.say(clinic, custody::Ship{Type::device, camera, world.handle("chips"), on(), {}}), not_owned);
  EXPECT_REFUSED(world.say(clinic, custody::Recall{Type::device, camera}), not_owned);
  EXPECT_REFUSED(world.say(clinic, ownership::Cancel{Type::device, camera}), not_owned);
  EXPECT_REFUSED(world.say(clinic, key::Revoke{world.key("camera").kid(), key::Reason::compromised}), not_owned);
  auto& key = world.new_key("k", subject_of_device(camera));
  EXPECT_REFUSED(world.say(clinic, world.registration(key, clinic, 1)), not_owned);
  EXPECT_REFUSED(world.say(clinic, role::Grant{world.handle("chips"), Role::inspector, camera, {}}), not_owned);
  EXPECT_REFUSED(world.say(clinic, document::Evidence{document::Type::other, {}, {}, Type::device, camera}), not_owned);
  ASSERT_TRUE(world.retire("city", camera).accepted());
  EXPECT_REFUSED(
      world.say(clinic, destruction(world, camera), {.approvers = {&world.key("lab"), &world.key("notary")}}),
      not_owned);
}

// attack 20: a possession proof serves another purpose.
TEST(Attack20, PossessionServesOnePurpose) {
  CameraWorld world;
  auto& city = world.key("city");
  const Id camera = world.camera("camera", {}, "city");
  for (const Subject& subject : {city.subject(), subject_of_device(camera)}) {
    const std::uint64_t tenure = subject.type == SubjectType::party ? 0 : 1;
    auto& key = world.new_key("key of " + platform::to_hex(subject.id), subject, key::Purpose::identity);
    const auto good = world.registration(key, city, tenure);
    for (const auto each : names_of(key::Purpose{})) {
      if (each.value == key::Purpose::identity) continue;
      auto bad = good;
      bad.purpose = each.value;
      EXPECT_FALSE(world.say(city, bad).accepted()) << each.name;
    }
    auto wallet = good;
    wallet.purpose = key::Purpose::wallet;
    EXPECT_REFUSED(world.say(city, wallet), bad_possession);
    EXPECT_DONE(world.say(city, good));
    EXPECT_EQ(world.key_record(key.kid()).purpose, key::Purpose::identity);
  }
}

}  // namespace
}  // namespace mikusari::ledger
