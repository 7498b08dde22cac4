// SPDX-License-Identifier: Apache-2.0
#include "replica/adoption.hpp"

#include <gtest/gtest.h>

#include "ledger/random_test_world.hpp"
#include "replica/memory_state.hpp"
#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

// A ledger all of whose blocks are adopted but the genesis, as if each held a withheld body.
class Adopting {
 public:
  explicit Adopting(ledger::TestWorld& world) : world_(world) {}

  Result<void> take(const storage::Frame& stored) {
    TRY(const auto frame, decode_frame(stored.payload));
    if (stored.height == 0) return found(stored, frame);
    TRY(const auto submissions, parse_submissions(frame));
    TRY(check_order(frame, &end_, world_.genesis(), world_.ledger()));
    TRY(auto adopted, adopt(frame, submissions, end_, state_, tree_, world_.signatures()));
    for (std::size_t i = 0; i < frame.rows.size(); ++i)
      adopted.staged.set_place(i, shifted(frame.places.rows[i], stored.position));
    publish(stored, frame, std::move(adopted.staged), std::move(adopted.end));
    return {};
  }
  const LedgerEnd& end() const { return end_; }

 private:
  Result<void> found(const storage::Frame& stored, const DecodedFrame& frame) {
    const auto genesis = cbor::decode<Genesis>(world_.genesis());
    TRY(auto made, Executor(world_.ledger(), tree_, world_.signatures()).found(*genesis, world_.genesis()));
    made->place_rows(stored.position);
    publish(stored, frame, *std::move(made->staged), std::move(made->end));
    return {};
  }
  void publish(const storage::Frame& stored, const DecodedFrame& frame, Staged staged, LedgerEnd end) {
    state_.apply(frame, stored.position);
    tree_.publish(std::move(staged));
    end_ = std::move(end);
  }

  ledger::TestWorld& world_;
  platform::Workers workers_{1};
  MemoryState state_;
  StateTree tree_{state_, workers_};
  LedgerEnd end_;
};

// What no rule does must not be what adoption forbids: changes without an event are bookkeeping, and nothing else.
TEST(Adoption, TakesEveryBlockThatTheRulesHaveMade) {
  for (const std::uint64_t seed : {21U, 22U, 23U, 24U}) {
    SCOPED_TRACE(seed);
    ledger::RandomWorld world(seed);
    world.live(600);
    TestReplica node(world, seed);
    ASSERT_TRUE(node.open());
    node.play(world);
    const auto tip = node.replica->read().tip();
    node.replica.reset();
    Adopting adopting(world);
    const auto scanned = storage::scan({node.disk, "store/chain", world.ledger()},
                                       [&](const storage::Frame& frame) { return adopting.take(frame); });
    ASSERT_TRUE(scanned.has_value()) << scanned.error().message();
    EXPECT_GT(scanned->frames, 200U);
    EXPECT_EQ(adopting.end().record.map_root, tip.record.map_root);
    EXPECT_EQ(adopting.end().log.root(), tip.log_root);
  }
}

}  // namespace
}  // namespace mikusari::replica
