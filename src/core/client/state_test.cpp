// SPDX-License-Identifier: Apache-2.0
#include "client/state.hpp"

#include <gtest/gtest.h>

#include "client/test_world.hpp"
#include "client/verifier.hpp"
#include "crypto/hash.hpp"
#include "proof/test_step.hpp"

namespace mikusari::client {
namespace {

using test::encoded;
using test::Octets;
using test::World;

class ClientState : public testing::Test {
 protected:
  proof::VerifiedCheckpoint checkpoint() {
    return {ledger().id, ledger().log.size(), ledger().log.root(ledger().log.size()), ledger().time_ms() / 1000, 1, 0};
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
  proof::VerifiedCheckpoint rewritten{
      ledger().id, other.scene.ledger.log.size(), other.scene.ledger.log.root(other.scene.ledger.log.size()), 0, 1, 0};
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

// --- steps to another policy

class ClientStep : public ClientState {
 protected:
  ClientStep() {
    ledger().add_recovery_key("recovery");
    ledger().recovery_threshold = 1;
  }
  // A step that goes on with the log's first `size` leaves.
  Octets step_at(std::size_t size) {
    test::StepMaker maker(ledger());
    maker.body.size = size;
    maker.body.root = ledger().log.root(size);
    return maker.make();
  }
  Verifier verifier_at(const Octets& policy) {
    auto out = test::need(Verifier::open(policy, {}));
    EXPECT_TRUE(out.update(encoded(ledger().checkpoint()), {}));
    return out;
  }
  static void expect(const Result<Verifier::Step>& verdict, Code code, std::string_view word) {
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code(), code);
    EXPECT_NE(std::string_view(verdict.error().text()).find(word), std::string_view::npos) << verdict.error().text();
  }

  Octets room = Octets(1024);
};

TEST_F(ClientStep, GoesOnWhenNothingIsLost) {
  const Octets policy = ledger().policy(1);
  auto verifier = verifier_at(policy);
  const State before = verifier.state();
  const auto step = verifier.step(step_at(ledger().log.size()), room);
  ASSERT_TRUE(step) << step.error().message();
  EXPECT_EQ(step->lost, 0U);
  EXPECT_EQ(verifier.policy().epoch, 2U);
  EXPECT_EQ(verifier.state().policy_epoch, 2U);
  EXPECT_EQ(verifier.state().policy, crypto::sha256(step->policy));
  EXPECT_EQ(verifier.state().size, before.size);
  EXPECT_EQ(verifier.state().root, before.root);
  // What is stored opens with the new policy, and no longer with the old one.
  EXPECT_TRUE(Verifier::open(step->policy, encoded(verifier.state())));
  EXPECT_EQ(Verifier::open(policy, encoded(verifier.state())).error().code(), Code::conflict);
  // The old signers' checkpoints do not hold any more.
  EXPECT_EQ(verifier.update(encoded(ledger().checkpoint()), {}).error().code(), Code::unauthenticated);
  // The same step again is no step.
  Octets other_room(1024);
  expect(verifier.step(step_at(ledger().log.size()), other_room), Code::conflict, "does not follow");
}

TEST_F(ClientStep, GoesBackToTheLogThatGoesOnAndSaysWhatIsLost) {
  const Octets policy = ledger().policy(1);
  auto verifier = verifier_at(policy);
  const std::size_t size = ledger().log.size() - 3;
  const auto step = verifier.step(step_at(size), room);
  ASSERT_TRUE(step) << step.error().message();
  EXPECT_EQ(step->lost, 3U);
  EXPECT_EQ(step->size, size);
  EXPECT_EQ(verifier.state().size, size);
  EXPECT_EQ(verifier.state().root, ledger().log.root(size));
  EXPECT_EQ(verifier.state().time, ledger().time_ms() / 1000);  // time does not go back
}

TEST_F(ClientStep, StaysWhereItIsWhenItIsBehind) {
  const Octets policy = ledger().policy(1);
  auto verifier = verifier_at(policy);
  const State before = verifier.state();
  world.retire();
  ASSERT_TRUE(verifier.step(step_at(ledger().log.size()), room));
  EXPECT_EQ(verifier.state().size, before.size);
  EXPECT_EQ(verifier.state().root, before.root);
  auto fresh = test::need(Verifier::open(policy, {}));
  ASSERT_TRUE(fresh.step(step_at(ledger().log.size()), room));
  EXPECT_EQ(fresh.state().size, 0U);
}

TEST_F(ClientStep, DoesNotGoBackBehindWhatWitnessesHaveCosigned) {
  ledger().add_witness("witness.dora");
  ledger().witness_threshold = 1;
  const Octets policy = ledger().policy(1);
  auto verifier = verifier_at(policy);
  const State before = verifier.state();
  expect(verifier.step(step_at(ledger().log.size() - 3), room), Code::conflict, "witnesses have cosigned");
  EXPECT_EQ(encoded(verifier.state()), encoded(before));
  EXPECT_EQ(verifier.policy().epoch, 1U);
  EXPECT_TRUE(verifier.step(step_at(ledger().log.size()), room));
}

TEST_F(ClientStep, TakesNoOtherLogOfTheSameSize) {
  const Octets policy = ledger().policy(1);
  auto verifier = verifier_at(policy);
  test::StepMaker maker(ledger());
  maker.body.root = test::named("fork");
  expect(verifier.step(maker.make(), room), Code::conflict, "evidence of a fork");
  EXPECT_EQ(verifier.policy().epoch, 1U);
}

TEST_F(ClientStep, NeedsRoomThatIsNotThePolicysOwn) {
  Octets policy = ledger().policy(1);
  auto verifier = verifier_at(policy);
  const Octets submission = step_at(ledger().log.size());
  Octets small(16);
  expect(verifier.step(submission, small), Code::exhausted, "");
  expect(verifier.step(submission, policy), Code::invalid, "overwrite");
  expect(verifier.step(submission, MutableByteView(policy).last(1)), Code::invalid, "overwrite");
  Octets over_it = submission;
  expect(verifier.step(over_it, over_it), Code::invalid, "overwrite");
  EXPECT_EQ(verifier.policy().epoch, 1U);
  EXPECT_TRUE(verifier.step(submission, room));
}

// A client that slept through two epochs walks them one by one.
TEST_F(ClientStep, IsTakenOneEpochAtATime) {
  const Octets policy = ledger().policy(1);
  auto verifier = test::need(Verifier::open(policy, {}));
  const Octets first = step_at(ledger().log.size());
  ledger().epoch = 2;
  test::StepMaker maker(ledger());
  maker.signers[0] = test::TestLedger::checkpoint_keys_of("log.newest", 1, {crypto::Algorithm::ed25519});
  const Octets second = maker.make();
  expect(verifier.step(second, room), Code::conflict, "does not follow");
  Octets other_room(1024);
  ASSERT_TRUE(verifier.step(first, room));
  ASSERT_TRUE(verifier.step(second, other_room));
  EXPECT_EQ((*verifier.policy().signers.begin()).name, "log.newest");
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
  Octets newer = bytes, older = bytes;
  newer[2] = std::byte{3};  // a map of seven, key 1, form
  older[2] = std::byte{1};
  EXPECT_EQ(parse_state(newer).error().code(), Code::newer);
  EXPECT_EQ(parse_state(older).error().code(), Code::corrupt);
  EXPECT_EQ(parse_state(test::with_field(bytes, 128)).error().code(), Code::newer);
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
