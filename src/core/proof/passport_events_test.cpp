// SPDX-License-Identifier: Apache-2.0
// The events in a passport, and the signatures under them.
#include "proof/test_passport.hpp"

namespace mikusari::proof {
namespace {

using test::Octets;
using test::PassportMaker;

constexpr auto wrong_events = "the events of a thing are not the ones that the ledger has recorded";
constexpr auto not_in_order = "the events of the passport are not in their order";
constexpr auto of_a_thing_not_in_order = "the events of a thing are not in their order";
constexpr auto no_concern = "an event of the passport concerns neither the device nor a part";
constexpr auto wrong_end = "a range does not end where its tree does";

TEST_F(PassportTest, RefusesARunWithAHole) {
  auto passport = pieces();
  auto& run = *camera_of(passport).run;
  const auto left_out = run.events.begin() + 2;
  run.events.erase(left_out);
  EXPECT_EQ(verdict(passport), wrong_end);
  run.range = range_of(path::device(scene.camera), 0, run.events.size());
  EXPECT_EQ(verdict(passport), wrong_events);
  // Left out, and another in its place.
  passport = pieces();
  camera_of(passport).run->events[0] = 0;
  EXPECT_EQ(verdict(passport), wrong_events);
}

// A run may be shorter than the history, when it says so; the events of others keep theirs.
TEST_F(PassportTest, IsIncompleteWhenARunIsShorter) {
  for (const bool at_the_end : {false, true}) {
    auto passport = pieces();
    auto& run = *part_of(passport, scene.chip).run;
    ASSERT_EQ(run.events.size(), 2U);
    run.events.erase(at_the_end ? run.events.end() - 1 : run.events.begin());
    EXPECT_NE(verdict(passport), "complete");
    run.range = range_of(path::part(scene.chip), at_the_end ? 0 : 1, 1);
    // Its assembly is the board's too; its registration is nobody else's.
    EXPECT_EQ(verdict(passport), at_the_end ? "incomplete" : no_concern);
  }
}

TEST_F(PassportTest, RefusesARunThatStandsElsewhere) {
  auto passport = page(10, 12);
  auto& run = *camera_of(passport).run;
  ASSERT_GT(run.range.first, 0U);
  const auto first = static_cast<std::size_t>(run.range.first);
  run.range = range_of(path::device(scene.camera), first - 1, run.events.size());
  EXPECT_EQ(verdict(passport), wrong_events);
  // What comes behind is left out, as if the life had ended there.
  passport = page(0, 10);
  camera_of(passport).run->range.after = {};
  EXPECT_EQ(verdict(passport), wrong_end);
}

// Numbers that no tree has must not stop the program.
TEST_F(PassportTest, RefusesARunWithNumbersThatNoTreeHas) {
  const std::vector<Digest> digests(64, test::named("made up"));
  for (const unsigned bit : {60U, 61U, 62U, 63U}) {
    auto passport = pieces();
    auto& range = camera_of(passport).run->range;
    range.first = std::uint64_t{1} << bit;
    range.before = std::span<const Digest>(digests).first(1);
    const auto refused = verified(passport);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::invalid);
    range.first = ~std::uint64_t{0};
    range.before = std::span<const Digest>(digests);
    EXPECT_FALSE(verified(passport));
  }
}

TEST_F(PassportTest, RefusesAnEventListedForAnotherThing) {
  auto passport = pieces();
  std::swap(part_of(passport, scene.chip).run, part_of(passport, scene.battery).run);
  EXPECT_EQ(verdict(passport), wrong_events);
}

TEST_F(PassportTest, RefusesAnEventListedTwiceOrOutOfOrder) {
  auto passport = pieces();
  auto& events = camera_of(passport).run->events;
  events[1] = events[0];
  EXPECT_EQ(verdict(passport), of_a_thing_not_in_order);
  passport = pieces();
  std::swap(camera_of(passport).run->events[0], camera_of(passport).run->events[1]);
  EXPECT_EQ(verdict(passport), of_a_thing_not_in_order);
  for (const std::uint64_t past : {std::uint64_t{9}, ~std::uint64_t{0}}) {
    passport = pieces();
    ASSERT_EQ(passport.events.size(), 9U);
    camera_of(passport).run->events.back() = past;
    EXPECT_EQ(verdict(passport), "a thing names an event that is not in the passport");
  }
}

TEST_F(PassportTest, RefusesRepeatedEventsAndStatements) {
  auto passport = pieces();
  passport.events.insert(passport.events.begin() + 3, passport.events[3]);
  EXPECT_EQ(verdict(passport), not_in_order);
  passport = pieces();
  passport.statements.push_back(passport.statements[0]);
  EXPECT_EQ(verdict(passport), "a statement of the passport has no event");
  passport = pieces();
  passport.events.push_back(passport.events[0]);
  EXPECT_EQ(verdict(passport), not_in_order);
  passport = pieces();
  passport.events[0].statement = 100;
  EXPECT_EQ(verdict(passport), not_in_order);
  passport = pieces();
  passport.statements.pop_back();
  EXPECT_EQ(verdict(passport), "a statement of the passport has no event");
  passport = page(0, 0);
  passport.statements = pieces().statements;
  EXPECT_EQ(verdict(passport), "a statement of the passport has no event");
}

TEST_F(PassportTest, RefusesAnEventThatConcernsNoThingInIt) {
  // The second camera's assembly stands under the same statement as the first's.
  auto passport = pieces();
  std::size_t number = 0;
  while (scene.ledger.committed[number].touched != std::vector{path::device(scene.second)}) ++number;
  const auto& body = scene.ledger.committed[number];
  const auto event = scene.ledger.event(body);
  const auto at = std::find_if(passport.events.begin(), passport.events.end(),
                               [&](const auto& each) { return each.height > body.height; });
  const auto index = static_cast<std::uint64_t>(at - passport.events.begin());
  passport.events.insert(at, {passport.events[index - 1].statement,
                              event.index,
                              event.salt,
                              event.body,
                              {},
                              event.bodies_path,
                              event.height,
                              event.time_ms,
                              event.outcome});
  for (auto& thing : passport.things) {
    if (!thing.run) continue;
    for (auto& each : thing.run->events) each += each >= index ? 1 : 0;
  }
  EXPECT_EQ(verdict(passport), no_concern);
}

TEST_F(PassportTest, RefusesABodyOrTimeThatIsNotTheEventsOwn) {
  auto passport = pieces();
  passport.events[0].body = passport.events[1].body;
  EXPECT_EQ(verdict(passport), "the body is not one that the statement was signed for");
  passport = pieces();
  passport.events[0].time_ms -= 1;
  EXPECT_EQ(verdict(passport), wrong_events);
  passport = pieces();
  passport.events[4].outcome = statement::Outcome::alarm;
  EXPECT_EQ(verdict(passport), wrong_events);
}

// attack 3 in a file: an alarm that is left out, or shown as an ordinary event.
TEST_F(PassportTest, ShowsAlarmsAsAlarms) {
  auto attach = test::SaidBody{
      test::encoded(device::Alarm{thing::Type::device, scene.camera, device::Cause::copied, scene.second, {}}),
      {path::device(scene.camera)},
      statement::Outcome::alarm};
  scene.ledger.say<device::Alarm>(scene.acme_key, scene.acme_subject(), {attach});
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "complete");
  auto passport = pieces();
  EXPECT_EQ(passport.events.back().outcome, statement::Outcome::alarm);
  passport.events.back().outcome = statement::Outcome::done;
  EXPECT_EQ(verdict(passport), wrong_events);
  EXPECT_EQ(verdict(page(0, scene.ledger.committed.size() - 1)), "incomplete");
}

TEST_F(PassportTest, HasRunsOfTheDeviceAndItsPartsOnly) {
  constexpr auto refused = "the device and its parts, and nothing else, have events in a passport";
  auto passport = pieces();
  model_of(passport, scene.model("cam")).run = Pieces::Run{};
  EXPECT_EQ(verdict(passport), refused);
  passport = pieces();
  part_of(passport, scene.chip).run.reset();
  EXPECT_EQ(verdict(passport), refused);
}

// --- withheld bodies

TEST_F(PassportTest, CountsEventsWhoseTextIsWithheld) {
  scene.ledger.committed.back().withheld = true;
  const auto page = verified(pieces());
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_TRUE(page->complete);
  EXPECT_EQ(page->withheld, 1U);
  EXPECT_EQ(page->events, 9U);
  auto passport = pieces();
  passport.events.back().withheld->data[0] ^= std::byte{1};
  EXPECT_EQ(verdict(passport), "the body is not one that the statement was signed for");
  passport = pieces();
  passport.events.back().withheld.reset();
  EXPECT_EQ(verdict(passport), "an event has no body");
}

// --- signatures and keys

TEST_F(PassportTest, RefusesAStatementWhoseSignersKeyIsMissing) {
  auto passport = pieces();
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, test::kid(scene.bob_key)); });
  EXPECT_EQ(verdict(passport), "the key of a signer is missing from the passport");
  EXPECT_EQ(verified(passport).error().code(), Code::not_found);
}

TEST_F(PassportTest, RefusesAKeyRecordThatIsForAnotherKey) {
  // A ledger whose record under one thumbprint holds another key.
  scene.ledger.edit<key::Record>(path::key(test::kid(scene.bob_key)),
                                 [&](key::Record& record) { record.key = scene.acme_key.public_key(); });
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a record in the passport is not the thing's own");
}

TEST_F(PassportTest, RefusesASignatureThatDoesNotHold) {
  // The ledger has taken a statement with a signature that is not the signer's: its leaf and the trees agree with it.
  auto mallory = test::signer_from("mallory");
  auto& ledger = scene.ledger;
  ledger.say<device::Retire>(mallory, scene.bob_subject(),
                             {{test::encoded(device::Retire{scene.camera, 3}), {path::device(scene.camera)}}});
  Octets& forged = ledger.said.back().sign1;
  const auto kid = test::kid(mallory), bob = test::kid(scene.bob_key);
  const auto at = std::search(forged.begin(), forged.end(), kid.data.begin(), kid.data.end());
  ASSERT_NE(at, forged.end());
  std::copy(bob.data.begin(), bob.data.end(), at);
  ledger.seal();
  auto passport = maker().events(0, ledger.committed.size() - 1).make();
  // The forged statement cannot be parsed by the maker's way: add it by hand.
  const auto event = ledger.event(ledger.committed.back());
  passport.statements.push_back({event.sign1, {}, {}});
  passport.events.push_back({passport.statements.size() - 1,
                             event.index,
                             event.salt,
                             event.body,
                             {},
                             event.bodies_path,
                             event.height,
                             event.time_ms,
                             event.outcome});
  auto& run = *camera_of(passport).run;
  run.events.push_back(passport.events.size() - 1);
  run.range = range_of(path::device(scene.camera), 0, run.events.size());
  EXPECT_EQ(verdict(passport), "the Ed25519 signature does not hold");
}

TEST_F(PassportTest, RefusesAnIssuerThatIsNotTheKeysSubject) {
  scene.ledger.say<device::Retire>(scene.bob_key, scene.acme_subject(),
                                   {{test::encoded(device::Retire{scene.camera, 3}), {path::device(scene.camera)}}});
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "a statement names another issuer than its key's");
}

TEST_F(PassportTest, RefusesAStatementForAnotherLedger) {
  test::CameraScene other("another ledger");
  auto foreign = other.ledger.committed.back();
  foreign.touched = {path::device(scene.camera)};
  scene.ledger.take(other.ledger.said[foreign.statement], foreign);
  scene.ledger.seal();
  const auto refused = verified(pieces());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::forbidden);
}

TEST_F(PassportTest, KeepsTheHistoryOfRevokedKeys) {
  scene.ledger.edit<key::Record>(path::key(test::kid(scene.camera_key)), [](key::Record& record) {
    record.state = key::State::revoked;
    record.reason = key::Reason::end_of_life;
  });
  scene.edit_device(scene.camera, [](device::Record& record) {
    record.state = device::State::retired;
    record.keys = {};
  });
  scene.ledger.seal();
  EXPECT_EQ(verdict(pieces()), "complete");
}

// --- approvals: a camera that was destroyed before two witnesses

class ApprovedPassport : public PassportTest {
 protected:
  ApprovedPassport() { scene.destroy(); }
};

TEST_F(ApprovedPassport, HoldsWithTheSignaturesOfTheWitnesses) {
  const auto page = verified(pieces());
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_TRUE(page->complete);
  EXPECT_EQ(page->signatures, 8U + 2U);  // of the camera's own statements, and of two witnesses
}

TEST_F(ApprovedPassport, HoldsWithTheHashOfTheApprovals) {
  auto passport = pieces();
  passport.statements.back().also_hash = crypto::sha256(*passport.statements.back().also);
  EXPECT_EQ(verdict(passport), "an event has its approvals and their hash");
  passport.statements.back().also.reset();
  // The witnesses' keys are not needed then, and so must not be there.
  EXPECT_NE(verdict(passport), "complete");
  std::erase_if(passport.things, [&](const auto& thing) {
    return equal(thing.id, test::kid(scene.first_witness)) || equal(thing.id, test::kid(scene.second_witness));
  });
  EXPECT_EQ(verdict(passport), "complete");
}

TEST_F(ApprovedPassport, DoesNotHoldWithoutThem) {
  auto passport = pieces();
  passport.statements.back().also.reset();
  EXPECT_EQ(verdict(passport), wrong_events);
}

TEST_F(ApprovedPassport, NeedsTheKeyOfEveryApprover) {
  auto passport = pieces();
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, test::kid(scene.second_witness)); });
  EXPECT_EQ(verdict(passport), "the key of a signer is missing from the passport");
}

// The ledger has taken an approval that does not hold.
TEST_F(ApprovedPassport, RefusesAnApprovalThatDoesNotHold) {
  auto& ledger = scene.ledger;
  const Octets body = test::encoded(device::Destroy{scene.camera, 5, {}});
  ledger.say<device::Destroy>(scene.bob_key, scene.bob_subject(), {{body, {path::device(scene.camera)}}},
                              {{&scene.first_witness, statement::ApprovalRole::witness}});
  ledger.said.back().also.back() ^= std::byte{1};  // the last byte of the signature
  ledger.seal();
  EXPECT_EQ(verdict(pieces()), "the Ed25519 signature does not hold");
}

}  // namespace
}  // namespace mikusari::proof
