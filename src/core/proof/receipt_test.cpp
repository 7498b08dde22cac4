// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "proof/test_camera.hpp"

namespace mikusari::proof {
namespace {

using test::CameraScene;
using test::Octets;

class ReceiptTest : public testing::Test {
 protected:
  ReceiptTest() : policy_bytes(scene.ledger.policy(1)), policy(test::need(parse_policy(policy_bytes))) {}

  Result<VerifiedReceipt> verdict(ByteView bytes) const {
    TRY(const auto receipt, cbor::decode<Receipt>(bytes));
    return verify(receipt, policy);
  }

  void expect_no_byte_changed(const Octets& good) const {
    ASSERT_TRUE(verdict(good)) << verdict(good).error().message();
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const unsigned mask : {0x01U, 0x80U}) EXPECT_FALSE(verdict(test::flipped(good, i, mask))) << "byte " << i;
    }
  }
  std::string refusal(const Receipt& receipt) const {
    const auto verified = verify(receipt, policy);
    return verified ? "accepted" : verified.error().text();
  }
  // The second and the third body of one statement of three.
  const test::Committed& battery() const { return committed<part::Register>(1); }
  const test::Committed& spare() const { return committed<part::Register>(2); }
  template <class Body>
  const test::Committed& committed(std::uint64_t index) const {
    for (const auto& body : scene.ledger.committed) {
      const auto said = test::need(statement::parse_signed_payload(scene.ledger.said[body.statement].sign1));
      if (said.payload.kind == Body::kind.number && body.index == index) return body;
    }
    ASSERT(false);
    return scene.ledger.committed.front();
  }
  Receipt receipt_of(const test::Committed& body) {
    return test::need(cbor::decode<Receipt>(scene.ledger.keep(scene.ledger.receipt(body))));
  }

  CameraScene scene;
  Octets policy_bytes;
  Policy policy;
};

TEST_F(ReceiptTest, HoldsForEveryCommittedBody) {
  for (const auto& body : scene.ledger.committed) {
    const Octets bytes = scene.ledger.receipt(body);
    const auto verified = verdict(bytes);
    ASSERT_TRUE(verified) << verified.error().message();
    ASSERT_TRUE(verified->event.body);
    EXPECT_TRUE(equal(*verified->event.body, body.body));
    EXPECT_EQ(verified->height, body.height);
    EXPECT_EQ(verified->time_ms, body.time_ms);
    EXPECT_EQ(verified->checkpoint.size, scene.ledger.log.size());
  }
}

TEST_F(ReceiptTest, FailsWithAnyByteChanged) { expect_no_byte_changed(scene.ledger.receipt(battery())); }

TEST_F(ReceiptTest, DisclosesNoSibling) {
  const Octets bytes = scene.ledger.receipt(battery());
  const auto contains = [&](ByteView needle) {
    return std::search(bytes.begin(), bytes.end(), needle.begin(), needle.end()) != bytes.end();
  };
  EXPECT_TRUE(contains(battery().body));
  EXPECT_FALSE(contains(committed<part::Register>(0).body));
  EXPECT_FALSE(contains(spare().body));
}

TEST_F(ReceiptTest, OfAnotherPlaceOrBodyIsRefused) {
  const auto& body = battery();
  const auto good = test::need(cbor::decode<Receipt>(scene.ledger.keep(scene.ledger.receipt(body))));
  auto moved = good;
  moved.leaf_index = body.leaf_index + 1;
  EXPECT_FALSE(verify(moved, policy));
  auto other = good;
  other.event = scene.ledger.event(spare());
  ASSERT_FALSE(verify(other, policy));
  EXPECT_STREQ(verify(other, policy).error().text(), "the event is not in the log under this checkpoint");
  auto false_body = good;
  false_body.event.body = ByteView(spare().body);
  ASSERT_FALSE(verify(false_body, policy));
  EXPECT_STREQ(verify(false_body, policy).error().text(), "the body is not one that the statement was signed for");
}

// --- a body that is withheld

TEST_F(ReceiptTest, OfAWithheldBodyHoldsWithoutIt) {
  test::Committed hidden = battery();
  hidden.withheld = true;
  const Octets bytes = scene.ledger.receipt(hidden);
  const auto verified = verdict(bytes);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_FALSE(verified->event.body);
  EXPECT_EQ(verified->time_ms, hidden.time_ms);
  EXPECT_EQ(verified->event.statement.header.kid, test::kid(scene.acme_key));
  EXPECT_EQ(std::search(bytes.begin(), bytes.end(), hidden.body.begin(), hidden.body.end()), bytes.end());
  EXPECT_EQ(std::search(bytes.begin(), bytes.end(), hidden.salt.data.begin(), hidden.salt.data.end()), bytes.end());
  expect_no_byte_changed(bytes);
}

TEST_F(ReceiptTest, ShowsABodyOrItsLeafAndNotBothOrHalves) {
  const auto good = receipt_of(battery());
  const Digest leaf = statement::body_leaf(battery().salt, battery().body);
  auto bad = good;
  bad.event.withheld = leaf;
  EXPECT_EQ(refusal(bad), "a withheld body stands there with its text");
  bad.event.body.reset();
  EXPECT_EQ(refusal(bad), "a withheld body stands there with its text");
  bad.event.salt.reset();
  EXPECT_EQ(refusal(bad), "accepted");
  bad.event.withheld = statement::body_leaf(spare().salt, spare().body);
  EXPECT_EQ(refusal(bad), "the body is not one that the statement was signed for");
  bad.event.withheld.reset();
  EXPECT_EQ(refusal(bad), "an event has no body");
  bad = good;
  bad.event.salt.reset();
  EXPECT_EQ(refusal(bad), "an event has no body");
  const Octets large(limits::body_bytes_max + 1);
  bad = good;
  bad.event.body = ByteView(large);
  EXPECT_EQ(verify(bad, policy).error().code(), Code::exhausted);
}

// --- approvals

class ApprovedReceipt : public ReceiptTest {
 protected:
  ApprovedReceipt() { scene.destroy(); }
  const test::Committed& destroyed() const { return scene.ledger.committed.back(); }
  // The approvals of the statement, edited.
  Octets also(const std::function<void(std::vector<statement::Approval>&)>& change) {
    std::vector<statement::Approval> all;
    for (const auto approval : test::need(statement::parse_approvals(scene.ledger.said[destroyed().statement].also)))
      all.push_back(approval);
    change(all);
    return test::encoded(statement::Approvals(std::span<const statement::Approval>(all)));
  }
};

TEST_F(ApprovedReceipt, HoldsWithThemOrWithTheirHash) {
  auto receipt = receipt_of(destroyed());
  ASSERT_TRUE(receipt.event.also);
  EXPECT_EQ(refusal(receipt), "accepted");
  receipt.event.also_hash = crypto::sha256(*receipt.event.also);
  EXPECT_EQ(refusal(receipt), "an event has its approvals and their hash");
  receipt.event.also.reset();
  EXPECT_EQ(refusal(receipt), "accepted");
  expect_no_byte_changed(scene.ledger.receipt(destroyed()));
  expect_no_byte_changed(test::encoded(receipt));
}

constexpr auto not_in_the_log = "the event is not in the log under this checkpoint";

// attack 13: another approver written in, or the approvals stripped.
TEST_F(ApprovedReceipt, DoesNotHoldWithOtherApprovals) {
  auto receipt = receipt_of(destroyed());
  receipt.event.also.reset();
  EXPECT_EQ(refusal(receipt), not_in_the_log);
  receipt.event.also_hash = test::named("others");
  EXPECT_EQ(refusal(receipt), not_in_the_log);
  receipt.event.also_hash.reset();
  auto mallory = test::signer_from("mallory");
  const auto identity = scene.ledger.said[destroyed().statement].identity;
  const auto other = test::need(statement::approve(mallory, identity, statement::ApprovalRole::witness));
  const auto sorted = [](std::vector<statement::Approval>& all) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.kid < b.kid; });
  };
  for (const Octets& bytes :
       {also([&](auto& all) { all.pop_back(); }), also([&](auto& all) { all.back() = other, sorted(all); }),
        also([&](auto& all) { all.push_back(other), sorted(all); })}) {
    receipt.event.also = ByteView(bytes);
    EXPECT_EQ(refusal(receipt), not_in_the_log);
  }
}

TEST_F(ApprovedReceipt, HasItsApprovalsInTheirOneForm) {
  auto receipt = receipt_of(destroyed());
  const auto reversed = also([](auto& all) { std::swap(all[0], all[1]); });
  receipt.event.also = ByteView(reversed);
  EXPECT_EQ(refusal(receipt), "the approvals do not ascend by role and key, each once");
  auto without = receipt_of(battery());
  const auto empty = also([](auto& all) { all.clear(); });
  without.event.also = ByteView(empty);
  EXPECT_EQ(refusal(without), "an event without approvals has a list of them");
  without.event.also = battery().body;
  EXPECT_FALSE(verify(without, policy));
}

TEST_F(ReceiptTest, OfANewerProgramIsNewer) {
  const Octets good = scene.ledger.receipt(battery());
  EXPECT_TRUE(verdict(test::with_field(good, 64)));
  EXPECT_EQ(verdict(test::with_field(good, 128)).error().code(), Code::newer);
  Octets newer = good;
  newer[2] = std::byte{3};  // a map of five, key 1, form
  EXPECT_EQ(verdict(newer).error().code(), Code::newer);
  // An outcome that is not known here.
  const auto outcome = test::encoded(receipt_of(battery()).event);
  Octets event = outcome;
  event.back() = std::byte{9};
  EXPECT_EQ(cbor::decode<Event>(event).error().code(), Code::newer);
}

TEST_F(ReceiptTest, UnderAnotherLedgersPolicyIsForbidden) {
  CameraScene other("another ledger");
  const Octets bytes = scene.ledger.receipt(scene.ledger.committed[0]);
  const Octets other_policy = other.ledger.policy(1);
  const auto refused = verify(test::need(cbor::decode<Receipt>(bytes)), test::need(parse_policy(other_policy)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::forbidden);
}

// A ledger that took in a statement made for another: its receipt shows nothing.
TEST_F(ReceiptTest, OfAStatementForAnotherLedgerIsForbidden) {
  CameraScene other("another ledger");
  test::TestLedger& ledger = scene.ledger;
  auto foreign = other.ledger.committed[0];
  foreign.leaf_index = ledger.log.size();
  const test::Said said = other.ledger.said[foreign.statement];
  ledger.said.push_back(said);
  foreign.statement = ledger.said.size() - 1;
  ledger.log.append(test::need(check_event(ledger.event(foreign))).leaf_hash);
  const auto refused = verdict(ledger.receipt(foreign));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::forbidden);
}

TEST(Block, RefusedLeavesDifferInEveryPart) {
  const Digest identity = test::named("statement");
  const Digest leaf = refused_leaf(identity, 1, statement::Refusal::stale);
  EXPECT_NE(leaf, refused_leaf(test::named("other"), 1, statement::Refusal::stale));
  EXPECT_NE(leaf, refused_leaf(identity, 2, statement::Refusal::stale));
  EXPECT_NE(leaf, refused_leaf(identity, 1, statement::Refusal::expired));
  Octets expected = test::unhex("84025820");
  expected.insert(expected.end(), identity.data.begin(), identity.data.end());
  expected.push_back(std::byte{1});
  expected.push_back(std::byte{5});
  EXPECT_EQ(leaf, merkle::leaf_hash(expected));
}

TEST(Block, RecordWithTheLargestNumbersFitsItsBound) {
  BlockRecord record;
  record.height = record.time_ms = record.first_leaf = record.committed = record.policy_epoch = ~std::uint64_t{0};
  EXPECT_EQ(leaf_hash(record), merkle::leaf_hash(test::encoded(record)));
  EXPECT_LE(test::encoded(record).size(), block_record_bytes_max);
}

TEST(Consistency, HoldsBetweenAnyTwoSizes) {
  test::NaiveLog log;
  for (int i = 0; i < 20; ++i) log.append(test::named(std::to_string(i)));
  for (std::size_t first = 1; first <= 20; ++first) {
    for (std::size_t second = first; second <= 20; ++second) {
      const auto path = log.consistency(first, second);
      const Consistency proof{{}, first, second, std::span<const Digest>(path)};
      EXPECT_TRUE(check_consistency(proof, log.root(first), log.root(second)));
      EXPECT_FALSE(check_consistency(proof, log.root(first), test::named("rewritten")));
      EXPECT_FALSE(check_consistency(proof, test::named("rewritten"), log.root(second)));
    }
  }
}

}  // namespace
}  // namespace mikusari::proof
