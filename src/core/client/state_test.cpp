// SPDX-License-Identifier: Apache-2.0
#include "client/state.hpp"

#include <gtest/gtest.h>

#include "client/test_world.hpp"
#include "client/verifier.hpp"

namespace mikusari::client {
namespace {

using test::CameraScene;
using test::encoded;
using test::Octets;
using test::World;

class ClientState : public testing::Test {
 protected:
  proof::VerifiedCheckpoint checkpoint() {
    return {ledger().id, ledger().log.size(), ledger().log.root(ledger().log.size()), ledger().time_ms() / 1000, 1};
  }
  test::TestLedger& ledger() { return world.scene.ledger; }
  State seen() { return test::need(after(State{}, checkpoint(), {}, {})); }
  static void expect(const Result<State>& verdict, Code code, std::string_view word) {
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code(), code);
    EXPECT_NE(std::string_view(verdict.error().text()).find(word), std::string_view::npos) << verdict.error().text();
  }

  World world;
};

TEST_F(ClientState, RemembersTheFirstCheckpoint) {
  const State state = seen();
  EXPECT_EQ(state.size, ledger().log.size());
  EXPECT_EQ(state.root, ledger().log.root(ledger().log.size()));
  EXPECT_EQ(state.time, ledger().time_ms() / 1000);
}

TEST_F(ClientState, MovesForwardOnlyByAConsistencyProof) {
  const State before = seen();
  world.retire();
  expect(after(before, checkpoint(), {}, {}), Code::invalid, "is needed");
  const Octets proof = ledger().consistency(before.size);
  const auto moved = after(before, checkpoint(), proof, {});
  ASSERT_TRUE(moved) << moved.error().message();
  EXPECT_EQ(moved->size, ledger().log.size());
  for (std::size_t i = 0; i < proof.size(); ++i)
    EXPECT_FALSE(after(before, checkpoint(), test::flipped(proof, i), {})) << i;
  expect(after(before, checkpoint(), ledger().consistency(before.size - 1), {}), Code::invalid, "not between");
}

TEST_F(ClientState, RefusesAnOlderCheckpoint) {
  const auto old = checkpoint();
  const Octets proof = ledger().consistency(old.size);
  world.retire();
  expect(after(seen(), old, {}, {}), Code::conflict, "somebody hides the newer state");
  expect(after(seen(), old, ledger().consistency(old.size), {}), Code::conflict, "somebody hides the newer state");
}

TEST_F(ClientState, RefusesAnotherRootOfTheSameSize) {
  auto fork = checkpoint();
  fork.root = test::named("fork");
  expect(after(seen(), fork, {}, {}), Code::conflict, "evidence of a fork");
  expect(after_past(seen(), fork, {}), Code::conflict, "evidence of a fork");
}

TEST_F(ClientState, RefusesARewrittenHistory) {
  const State before = seen();
  World other("another history");
  other.retire();
  proof::VerifiedCheckpoint rewritten{ledger().id, other.scene.ledger.log.size(),
                                      other.scene.ledger.log.root(other.scene.ledger.log.size()), 0, 1};
  expect(after(before, rewritten, other.scene.ledger.consistency(before.size), {}), Code::unauthenticated,
         "history was rewritten");
}

TEST_F(ClientState, TimeOnlyMovesForward) {
  const State before = seen();
  auto earlier = checkpoint();
  earlier.time -= 100;
  EXPECT_EQ(test::need(after(before, earlier, {}, {})).time, before.time);
  auto later = checkpoint();
  later.time += 100;  // the same log, signed again on a heartbeat
  EXPECT_EQ(test::need(after(before, later, {}, {})).time, before.time + 100);
}

TEST_F(ClientState, AsksForFreshness) {
  const auto now = ledger().time_ms() / 1000 + 60;
  EXPECT_TRUE(after(State{}, checkpoint(), {}, {now, 60}));
  expect(after(State{}, checkpoint(), {}, {now, 59}), Code::unavailable, "older than the age");
  EXPECT_TRUE(after(State{}, checkpoint(), {}, {now, 0}));
  // Without a clock: by what was seen already.
  State seen_later = seen();
  seen_later.time += 60;
  EXPECT_TRUE(after(seen_later, checkpoint(), {}, {0, 60}));
  expect(after(seen_later, checkpoint(), {}, {0, 59}), Code::unavailable, "older than the age");
  // A clock that lags behind what was seen does not make anything fresher.
  expect(after(seen_later, checkpoint(), {}, {1, 59}), Code::unavailable, "older than the age");
}

TEST_F(ClientState, TakesAPastCheckpointThatTheRememberedOneContinues) {
  const auto old = checkpoint();
  world.retire();
  const State state = seen();
  expect(after_past(state, old, {}), Code::invalid, "is needed");
  const auto kept = after_past(state, old, ledger().consistency(old.size));
  ASSERT_TRUE(kept) << kept.error().message();
  EXPECT_EQ(encoded(*kept), encoded(state));
  auto forked = old;
  forked.root = test::named("fork");
  expect(after_past(state, forked, ledger().consistency(old.size)), Code::unauthenticated, "history was rewritten");
}

TEST_F(ClientState, IsSmallAndReadBackExactly) {
  State state = seen();
  state.policy_epoch = state.size = state.time = ~std::uint64_t{0};
  const Octets bytes = encoded(state);
  EXPECT_LE(bytes.size(), 160U);
  EXPECT_EQ(encoded(test::need(parse_state(bytes))), bytes);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto cut = parse_state(ByteView(bytes).first(i));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code(), Code::corrupt);
  }
  state.version = 2;
  EXPECT_EQ(parse_state(encoded(state)).error().code(), Code::corrupt);
}

TEST_F(ClientState, StaysWithItsLedgerAndPolicy) {
  const auto open = [](const Octets& policy, const Octets& state) { return Verifier::open(policy, state); };
  auto first = test::need(open(world.policy, {}));
  const Octets state = encoded(first.state());
  EXPECT_TRUE(open(world.policy, state));
  World other("another ledger");
  EXPECT_EQ(open(other.policy, state).error().code(), Code::forbidden);

  // Another policy of the same epoch is refused, one of a later epoch replaces it, and there is no way back.
  ledger().add_checkpoint_signer("log.second", 1, {crypto::Algorithm::esp256});
  EXPECT_EQ(open(ledger().policy(2), state).error().code(), Code::conflict);
  const Octets next = ledger().policy(2, 2);
  const auto moved = open(next, state);
  ASSERT_TRUE(moved) << moved.error().message();
  const auto back = open(world.policy, encoded(moved->state()));
  ASSERT_FALSE(back);
  EXPECT_STREQ(back.error().text(), "a policy of a later epoch was used before");
}

}  // namespace
}  // namespace mikusari::client
