// SPDX-License-Identifier: Apache-2.0
#include "replica/withholding.hpp"

#include <gtest/gtest.h>

#include "ledger/test_votes.hpp"
#include "replica/audit.hpp"
#include "replica/passport_testing.hpp"
#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;
using platform::Buffer;

// A member's node whose ledger has decided that one body of a life is to be withheld.
class Withholding : public ::testing::Test {
 protected:
  void SetUp() override {
    node.segment_bytes_max = 16 * 1024;  // some segments
    ASSERT_TRUE(node.open());
    live(world);
    // Two bodies of one statement; the second is to go.
    std::vector<document::Evidence> bodies(2);
    for (auto& body : bodies) body = {document::Type::recording, TestWorld::nonce("recording"), "video/mp4", {}, {}};
    bodies[1].content_type = text;
    bodies[1].about_type = thing::Type::device;
    bodies[1].about = second;
    for (const auto& fate : world.say_all(world.key("clinic"), bodies)) ASSERT_TRUE(fate.accepted());
    submission = world.history().back().submissions.front();
    identity = statement::parse(submission)->identity;
    world.accepted(world.key("chips"), world.cell_registration("something later"));
    node.play(world);
  }
  void decide(const Digest& statement, std::uint64_t index) {
    const auto content = ledger::about_body(statement, index);
    ASSERT_TRUE(ledger::decide(world, content, {"chips", "cameras", "city", "lab"}).accepted());
    node.play(world);
  }
  bool chain_holds(std::string_view wanted) const { return holds(node, wanted); }
  static bool holds(const TestReplica& store, std::string_view wanted) {
    return std::ranges::any_of(files_in(store.disk, {"store/chain"}), [&](const auto& file) {
      return file.first.ends_with(".frames") && as_text(file.second).find(wanted) != std::string_view::npos;
    });
  }
  void expect_withheld() {
    const auto reading = node.replica->read();
    const auto policy = node.policy();
    const auto shown = *reading.submission(identity);
    EXPECT_EQ(as_text(shown).find(text), std::string_view::npos);
    EXPECT_EQ(statement::parse(shown)->withheld, 1U);
    const auto receipt = *reading.receipt(identity, 1);
    EXPECT_EQ(as_text(receipt).find(text), std::string_view::npos);
    const auto verified = proof::verify(*cbor::decode<proof::Receipt>(receipt), policy);
    ASSERT_TRUE(verified.has_value()) << verified.error().message();
    EXPECT_FALSE(verified->event.body.has_value());
    const auto sibling = proof::verify(*cbor::decode<proof::Receipt>(*reading.receipt(identity, 0)), policy);
    EXPECT_TRUE(sibling.has_value() && sibling->event.body.has_value());
    const auto passport = gather(reading, second, policy);
    EXPECT_TRUE(passport.complete && passport.is_whole());
    EXPECT_EQ(passport.withheld, 1U);
  }
  Result<AuditReport> audit_store() {
    platform::Workers workers(1);
    return audit(node.disk, workers, {"store", world.genesis(), "signer/memory", {}});
  }

  const std::string text = "a-name-that-a-court-has-forbidden/mp4";
  CameraWorld world;
  TestReplica node{world};
  const Id second = world.id("cameras", "second camera");
  Buffer submission;
  Digest identity;
};

TEST_F(Withholding, ShowsTheLeafAsSoonAsItIsDecidedAndTakesTheTextOutAtTheNextStart) {
  EXPECT_EQ(*node.replica->read().submission(identity), submission);
  EXPECT_TRUE(withhold_noted(node.disk, "store", world.ledger()).has_value());
  EXPECT_TRUE(chain_holds(text)) << "nothing is noted";
  decide(identity, 1);
  expect_withheld();
  EXPECT_TRUE(chain_holds(text));
  const auto tip = node.replica->read().tip();

  EXPECT_EQ(withhold_noted(node.disk, "store", world.ledger()).error().code(), Code::unavailable)
      << "while a node has the store open";
  node.replica.reset();
  const auto report = withhold_noted(node.disk, "store", world.ledger());
  ASSERT_TRUE(report.has_value()) << report.error().message();
  EXPECT_EQ(report->bodies, 1U);
  EXPECT_EQ(report->segments, 1U);
  EXPECT_FALSE(chain_holds(text));
  EXPECT_EQ(withhold_noted(node.disk, "store", world.ledger())->segments, 0U);

  ASSERT_TRUE(node.open());
  EXPECT_EQ(node.replica->read().tip().log_root, tip.log_root);
  EXPECT_EQ(node.root(), tip.record.map_root);
  expect_withheld();
  EXPECT_FALSE(node.disk.exists("store/withhold"));
  world.accepted(world.key("chips"), world.cell_registration("life goes on"));
  node.play(world);
}

// A store that was copied before the text was taken out, and without the note.
TEST_F(Withholding, NotesAtEveryStartWhatTheChainStillHolds) {
  decide(identity, 1);
  node.replica.reset();
  ASSERT_TRUE(node.disk.remove("store/withhold"));
  ASSERT_TRUE(node.open());
  EXPECT_TRUE(node.disk.exists("store/withhold"));
}

TEST_F(Withholding, DoesNothingForABodyOfAKindThatStaysReadable) {
  Digest sale;
  for (const auto& ordered : world.history()) {
    const auto parsed = statement::parse(ordered.submissions.front());
    if (parsed->statement.payload.kind == ownership::Offer::kind.number) sale = parsed->identity;
  }
  decide(sale, 0);
  EXPECT_EQ(statement::parse(*node.replica->read().submission(sale))->withheld, 0U);
  node.replica.reset();
  EXPECT_EQ(withhold_noted(node.disk, "store", world.ledger())->bodies, 0U);
  EXPECT_EQ(audit_store()->adopted_blocks, 0U);
}

TEST_F(Withholding, DoesNothingForAStatementThatIsNotThere) {
  decide(TestWorld::nonce("no such statement"), 3);
  decide(identity, 77);
  node.replica.reset();
  EXPECT_EQ(withhold_noted(node.disk, "store", world.ledger())->bodies, 0U);
  EXPECT_TRUE(node.open());
}

TEST_F(Withholding, LeavesAWholeStoreWheneverThePowerGoes) {
  decide(identity, 1);
  const auto tip = node.replica->read().tip();
  node.replica.reset();
  const auto files = files_in(node.disk, {"store", "store/chain", "store/log", "signer"});
  std::uint64_t crashes = 0;
  for (std::uint64_t at = 1;; ++at) {
    TestReplica copy(world, at);
    for (const auto& [path, bytes] : files) copy.disk.replace(path, bytes);
    copy.disk.crash_at(copy.disk.changes() + at);
    const auto report = withhold_noted(copy.disk, "store", world.ledger());
    const bool crashed = copy.disk.crashed();
    ASSERT_EQ(report.has_value(), !crashed) << "crash at change " << at;
    if (!crashed) break;
    ++crashes;
    copy.disk.restart();
    ASSERT_TRUE(copy.open()) << "crash at change " << at;
    ASSERT_EQ(copy.replica->read().tip().log_root, tip.log_root);
    copy.replica.reset();
    ASSERT_TRUE(withhold_noted(copy.disk, "store", world.ledger())) << "crash at change " << at;
    EXPECT_FALSE(holds(copy, text)) << "crash at change " << at;
    ASSERT_TRUE(copy.open()) << "crash at change " << at;
  }
  EXPECT_GT(crashes, 5U);
}

// ---- The audit of adopted blocks

class AdoptedBlock : public Withholding {
 protected:
  void SetUp() override {
    Withholding::SetUp();
    decide(identity, 1);
    node.replica.reset();
    ASSERT_TRUE(withhold_noted(node.disk, "store", world.ledger()).has_value());
  }
  void replace(std::uint64_t position, ByteView payload) {
    replace_payload(node.disk, world.ledger(), position, payload);
  }
};

TEST_F(AdoptedBlock, IsCountedByTheAudit) {
  const auto report = audit_store();
  ASSERT_TRUE(report.has_value()) << report.error().message();
  EXPECT_EQ(report->adopted_blocks, 1U);
  EXPECT_EQ(report->bodies_withheld, 1U);
  EXPECT_EQ(report->statements, world.history().size());
}

// With the checksum right, so that only the audit can see it. Fillers are zeros and mean nothing.
TEST_F(AdoptedBlock, HasNoByteThatCanBeChangedUnseen) {
  const auto found = find_frame(node.disk, world.ledger(), [&](const DecodedFrame& frame) {
    return !frame.fates.empty() && frame.fates.front().identity == identity;
  });
  const Buffer& payload = found.payload;
  const auto decoded = decode_frame(payload);
  const Place stored = decoded->places.submissions.front();
  const std::size_t filler_begin = static_cast<std::size_t>(decoded->submissions.front().data() - payload.data()) +
                                   decoded->submissions.front().size();
  const std::size_t filler_end = static_cast<std::size_t>(stored.position + stored.length);
  for (std::size_t at = 0; at < payload.size(); ++at) {
    if (at >= filler_begin && at < filler_end) continue;
    auto bad = payload;
    bad[at] ^= std::byte{0x01};
    replace(found.position, bad);
    const auto report = audit_store();
    ASSERT_FALSE(report.has_value()) << "byte " << at << " of " << payload.size();
  }
  replace(found.position, payload);
  EXPECT_TRUE(audit_store().has_value());
}

// Somebody takes a text out that nobody has decided to withhold.
TEST_F(AdoptedBlock, IsRefusedWhenNoLaterStateSaysThatItsBodyIsWithheld) {
  const auto found = find_frame(node.disk, world.ledger(), [&](const DecodedFrame& frame) {
    return !frame.fates.empty() &&
           statement::parse(frame.submissions.front())->statement.payload.kind == custody::Ship::kind.number;
  });
  const auto frame = *decode_frame(found.payload);
  const Place place = frame.places.submissions.front();
  const auto parsed = *statement::parse(frame.submissions.front());
  const auto bytes = encode_stored(without_bodies(parsed, std::vector<bool>(parsed.bodies.size(), true)), place.length);
  ASSERT_TRUE(bytes.has_value());
  auto payload = found.payload;
  std::ranges::copy(*bytes, payload.begin() + static_cast<std::ptrdiff_t>(place.position));
  replace(found.position, payload);
  const auto report = audit_store();
  ASSERT_FALSE(report.has_value());
  EXPECT_NE(report.error().message().find("not decided to withhold"), std::string::npos) << report.error().message();
}

}  // namespace
}  // namespace mikusari::replica
