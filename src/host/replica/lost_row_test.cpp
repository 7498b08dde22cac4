// SPDX-License-Identifier: Apache-2.0
// Rules on a state of which a row cannot be read: whatever kind of statement it is and whatever row, they come to an
// end, and the state says that it is not sound.
#include <gtest/gtest.h>

#include "ledger/random_test_world.hpp"
#include "replica/checked_source.hpp"

namespace mikusari::replica {
namespace {

// A state that remembers what it was asked for, and has lost one of its rows.
class LosingSource final : public CheckedSource {
 public:
  explicit LosingSource(const ledger::Source& whole, const std::optional<Digest>& lost = std::nullopt)
      : whole_(whole), lost_(lost) {}
  std::optional<ByteView> value(const Digest& key) const override {
    return is_lost(key) ? std::nullopt : whole_.value(key);
  }
  ByteView sides(const Digest& key) const override { return is_lost(key) ? ByteView() : whole_.sides(key); }
  bool exists(const Digest& key) const override { return !is_lost(key) && whole_.exists(key); }
  Result<void> demand_sound() const override { return sound_ ? Result<void>() : fail(Code::corrupt, "a row is lost"); }
  const std::set<Digest>& asked() const { return asked_; }

 private:
  bool is_lost(const Digest& key) const {
    if (whole_.exists(key)) asked_.insert(key);
    if (key != lost_) return false;
    sound_ = false;
    return true;
  }
  const ledger::Source& whole_;
  const std::optional<Digest> lost_;
  mutable std::set<Digest> asked_;
  mutable bool sound_ = true;
};

TEST(LostRow, EndsInNoAssertionWhateverTheStatement) {
  std::size_t executions = 0;
  std::set<std::uint16_t> kinds;
  for (const std::uint64_t seed : {11U, 12U, 13U, 14U}) {
    ledger::RandomWorld world(seed);
    for (int i = 0; i < 500; ++i) {
      world.pass(world.idle_ms());
      const auto bytes = world.next();
      const auto submission = *statement::parse(bytes);
      const auto block = world.next_block();
      const auto run = [&](const LosingSource& state) {
        ledger::Decoded decoded;
        if (!ledger::check_signatures(submission, block, state, world.signatures(), decoded)) return;
        ledger::Overlay changes(state);
        std::ignore = ledger::execute(submission, bytes.size(), block, state, changes, world.signatures());
        ++executions;
      };
      const LosingSource whole(world.state());
      run(whole);
      for (const auto& key : whole.asked()) {
        const LosingSource losing(world.state(), key);
        run(losing);
        EXPECT_FALSE(losing.is_sound());
      }
      if (!world.door(bytes)) continue;
      kinds.insert(submission.statement.payload.kind);
      world.block({bytes});
    }
  }
  EXPECT_GT(executions, 5000U);
  EXPECT_GT(kinds.size(), 30U);
}

}  // namespace
}  // namespace mikusari::replica
