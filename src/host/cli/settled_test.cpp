// SPDX-License-Identifier: Apache-2.0
#include "cli/settled.hpp"

#include <gtest/gtest.h>

#include "platform/encode.hpp"
#include "proof/test_ledger.hpp"

namespace mikusari::cli {
namespace {

using test::named;
using test::Octets;

// A ledger with blocks of statements of so many bodies, and what a node would show of them.
class SettledTest : public testing::Test {
 protected:
  SettledTest() { ledger.add_checkpoint_signer("log", 1, {crypto::Algorithm::ed25519}); }

  void commit(std::size_t bodies) {
    auto signer = test::signer_from("somebody");
    std::vector<test::SaidBody> said;
    for (std::size_t i = 0; i < bodies; ++i) {
      const Digest body = named("body" + std::to_string(++made));
      said.push_back({Octets(body.view().begin(), body.view().end()), {}});
    }
    ledger.say(signer, {SubjectType::member, as_bytes(std::string_view("acme"))}, 1, "part.register", std::move(said));
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
