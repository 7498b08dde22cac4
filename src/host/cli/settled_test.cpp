// SPDX-License-Identifier: Apache-2.0
#include "cli/settled.hpp"

#include <gtest/gtest.h>

#include "platform/encode.hpp"
#include "proof/test_ledger.hpp"
#include "statement/part.hpp"

namespace mikusari::cli {
namespace {

using test::named;
using test::Octets;

// A ledger with blocks of statements of so many bodies, and what a node would show of them.
class SettledTest : public testing::Test {
 protected:
  SettledTest() { ledger.add_checkpoint_signer("log", 1, {crypto::Algorithm::ed25519}); }

  void commit(std::size_t bodies, const std::vector<test::Approver>& approvers = {}) {
    auto signer = test::signer_from("somebody");
    std::vector<test::SaidBody> said;
    for (std::size_t i = 0; i < bodies; ++i) {
      const Digest body = named("body" + std::to_string(++made));
      said.push_back({Octets(body.view().begin(), body.view().end()), {}});
    }
    ledger.say(signer, subject_of_party(named("acme")), part::Register::kind.number, part::Register::kind.name,
               std::move(said), approvers);
    ledger.seal();
  }
  proof::Receipt receipt(std::size_t which) {
    return test::need(cbor::decode<proof::Receipt>(ledger.keep(ledger.receipt(ledger.committed[which]))));
  }
  std::vector<Digest> leaves(std::size_t first, std::size_t last) {
    std::vector<Digest> out;
    for (std::size_t i = first; i <= last; ++i)
      out.push_back(test::need(proof::check_event(ledger.event(ledger.committed[i]))).leaf_hash);
    return out;
  }

  test::TestLedger ledger{"test ledger"};
  std::size_t made = 0;
};

TEST_F(SettledTest, FindsEveryBodyBetweenTwoReceiptsInALogOfAnySize) {
  for (std::size_t before = 0; before < 5; ++before) {
    const std::size_t bodies = 1 + 3 * before, first = ledger.committed.size();
    commit(bodies);
    for (std::size_t last = first; last < first + bodies; ++last) {
      const auto between = check_between(receipt(first), receipt(last), leaves(first, last));
      EXPECT_TRUE(between) << first << " to " << last << " of " << ledger.log.size();
    }
  }
}

TEST_F(SettledTest, TakesReceiptsUnderDifferentCheckpoints) {
  commit(3);
  commit(6);
  const auto first = receipt(3);
  commit(9);
  EXPECT_TRUE(check_between(first, receipt(8), leaves(3, 8)));
}

// What was committed of a statement, as a node would tell it, and the receipts that it would give.
class LeavesTest : public SettledTest {
 protected:
  // Whether the fate, with these outcomes, is what the log says of the newest statement.
  bool agrees(const std::vector<statement::Outcome>& outcomes, ByteView submission_bytes) {
    std::vector<BodyFate> bodies;
    for (const auto outcome : outcomes)
      bodies.push_back({bodies.size(), Standing::committed, outcome, {}, {}, {}, {}, {}});
    const Fate fate{named("unused"), ledger.height, {std::span<const BodyFate>(bodies)}};
    const std::size_t last = ledger.committed.size() - 1, first = last + 1 - outcomes.size();
    ProvenReceipt proven;
    proven.bytes = platform::copy(ledger.receipt(ledger.committed[first]));
    proven.receipt = test::need(cbor::decode<proof::Receipt>(proven.bytes));
    const auto policy = ledger.policy(1);
    proven.verified = test::need(proof::verify(proven.receipt, test::need(proof::parse_policy(policy))));
    const auto submission = test::need(statement::parse(submission_bytes));
    return check_between(proven.receipt, receipt(last), leaves_of(submission, fate, proven)).has_value();
  }
  Octets newest() const { return ledger.said.back().submission; }
};

using enum statement::Outcome;

TEST_F(LeavesTest, AreThoseOfTheLogWithApprovalsAndWithoutBodies) {
  auto other = test::signer_from("other"), third = test::signer_from("third");
  commit(3, {{&other, statement::ApprovalRole::own}});
  EXPECT_TRUE(agrees({done, done, done}, newest()));
  // Sent again with one approval more, and with a body withheld, it is the same statement.
  Octets buffer(limits::submission_bytes_max), less(limits::submission_bytes_max);
  const auto approval =
      test::need(statement::approve(third, ledger.said.back().identity, statement::ApprovalRole::own));
  const auto submission = newest();
  const auto more = test::need(statement::add_approval(test::need(statement::parse(submission)), approval, buffer));
  EXPECT_TRUE(agrees({done, done, done}, more));
  EXPECT_TRUE(agrees({done, done, done}, test::need(statement::withhold(test::need(statement::parse(more)), 1, less))));
}

TEST_F(LeavesTest, DifferWhenAnAlarmIsCalledDone) {
  commit(3);
  EXPECT_TRUE(agrees({done, done, done}, newest()));
  EXPECT_FALSE(agrees({done, alarm, done}, newest()));
  EXPECT_FALSE(agrees({done, done, alarm}, newest()));
  EXPECT_FALSE(agrees({alarm, done, done}, newest()));
  EXPECT_FALSE(agrees({done, voided, done}, newest()));
}

TEST_F(SettledTest, RefusesAnotherLeafAnywhere) {
  commit(2);
  commit(7);
  commit(1);
  for (std::size_t wrong = 0; wrong < 7; ++wrong) {
    auto claimed = leaves(2, 8);
    claimed[wrong] = named("another");
    const auto between = check_between(receipt(2), receipt(8), claimed);
    ASSERT_FALSE(between) << wrong;
    EXPECT_EQ(between.error().code(), Code::unauthenticated);
  }
}

TEST_F(SettledTest, RefusesABodyMoreOrLess) {
  commit(7);
  auto claimed = leaves(0, 6);
  claimed.erase(claimed.begin() + 3);
  EXPECT_FALSE(check_between(receipt(0), receipt(6), claimed));
  claimed = leaves(0, 6);
  claimed.insert(claimed.begin() + 3, named("another"));
  EXPECT_FALSE(check_between(receipt(0), receipt(6), claimed));
  EXPECT_FALSE(check_between(receipt(6), receipt(0), leaves(0, 6)));
}

class FateForm : public testing::Test {
 protected:
  static BodyFate committed(std::uint64_t index) {
    return {index, Standing::committed, statement::Outcome::done, {}, {}, {}, {}, {}};
  }
  static BodyFate refused(std::uint64_t index) {
    return {index, Standing::refused, {}, statement::Refusal::wrong_state, {}, {}, {}, {}};
  }
  static Result<void> verdict(const std::vector<BodyFate>& bodies, std::uint64_t count) {
    return check_form({named("statement"), 3, {std::span<const BodyFate>(bodies)}}, named("statement"), count);
  }
};

TEST_F(FateForm, IsOfTheStatementBodyForBody) {
  EXPECT_TRUE(verdict({committed(0), refused(1), committed(2)}, 3));
  EXPECT_FALSE(verdict({committed(0), refused(1)}, 3));
  EXPECT_FALSE(verdict({}, 3));
  EXPECT_FALSE(verdict({committed(0), committed(1)}, 1));
  EXPECT_FALSE(verdict({committed(0), committed(0)}, 2));
  EXPECT_FALSE(verdict({committed(1), committed(0)}, 2));
  EXPECT_FALSE(check_form({named("another"), 3, {}}, named("statement"), 0));
}

TEST_F(FateForm, DoesNotContradictItself) {
  auto body = committed(0);
  body.outcome.reset();
  EXPECT_FALSE(verdict({body}, 1));
  body = committed(0);
  body.refusal = statement::Refusal::wrong_state;
  EXPECT_FALSE(verdict({body}, 1));
  body = refused(0);
  body.refusal.reset();
  EXPECT_FALSE(verdict({body}, 1));
}

}  // namespace
}  // namespace mikusari::cli
