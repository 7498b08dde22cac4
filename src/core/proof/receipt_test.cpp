// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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

  CameraScene scene;
  Octets policy_bytes;
  Policy policy;
};

TEST_F(ReceiptTest, HoldsForEveryCommittedBody) {
  for (const auto& body : scene.ledger.committed) {
    const Octets bytes = scene.ledger.receipt(body);
    const auto verified = verdict(bytes);
    ASSERT_TRUE(verified) << verified.error().message();
    EXPECT_TRUE(equal(verified->event.body, body.body));
    EXPECT_EQ(verified->height, body.height);
    EXPECT_EQ(verified->time_ms, body.time_ms);
    EXPECT_EQ(verified->checkpoint.size, scene.ledger.log.size());
  }
}

TEST_F(ReceiptTest, FailsWithAnyByteChanged) {
  const Octets good = scene.ledger.receipt(scene.ledger.committed[1]);  // one of three bodies: every path has steps
  ASSERT_TRUE(verdict(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const unsigned mask : {0x01U, 0x80U}) EXPECT_FALSE(verdict(test::flipped(good, i, mask))) << "byte " << i;
  }
}

TEST_F(ReceiptTest, DisclosesNoSibling) {
  const Octets bytes = scene.ledger.receipt(scene.ledger.committed[1]);
  const auto contains = [&](ByteView needle) {
    return std::search(bytes.begin(), bytes.end(), needle.begin(), needle.end()) != bytes.end();
  };
  EXPECT_TRUE(contains(scene.ledger.committed[1].body));
  EXPECT_FALSE(contains(scene.ledger.committed[0].body));
  EXPECT_FALSE(contains(scene.ledger.committed[2].body));
}

TEST_F(ReceiptTest, OfAnotherPlaceOrBodyIsRefused) {
  const auto& body = scene.ledger.committed[1];
  const auto good = test::need(cbor::decode<Receipt>(scene.ledger.keep(scene.ledger.receipt(body))));
  auto moved = good;
  moved.leaf_index = body.leaf_index + 1;
  EXPECT_FALSE(verify(moved, policy));
  auto other = good;
  other.event = scene.ledger.event(scene.ledger.committed[2]);
  ASSERT_FALSE(verify(other, policy));
  EXPECT_STREQ(verify(other, policy).error().text(), "the event is not in the log under this checkpoint");
  auto false_body = good;
  false_body.event.body = scene.ledger.committed[0].body;
  ASSERT_FALSE(verify(false_body, policy));
  EXPECT_STREQ(verify(false_body, policy).error().text(), "the body is not one that the statement was signed for");
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
  const Octets sign1 = other.ledger.sign1s[foreign.statement];
  ledger.sign1s.push_back(sign1);
  foreign.statement = ledger.sign1s.size() - 1;
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
  Octets expected = test::unhex("835820");
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
      const Consistency proof{first, second, std::span<const Digest>(path)};
      EXPECT_TRUE(check_consistency(proof, log.root(first), log.root(second)));
      EXPECT_FALSE(check_consistency(proof, log.root(first), test::named("rewritten")));
      EXPECT_FALSE(check_consistency(proof, test::named("rewritten"), log.root(second)));
    }
  }
}

}  // namespace
}  // namespace mikusari::proof
