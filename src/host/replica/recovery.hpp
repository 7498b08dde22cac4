// SPDX-License-Identifier: Apache-2.0
// Rebuilds everything that is not the chain file from its frames: the state tree, the log, the indexes. Executes
// nothing; checks that records chain and that the recorded roots are met.
#pragma once

#include <map>

#include "ledger/state.hpp"
#include "merkle/compact_range.hpp"
#include "replica/block_index.hpp"
#include "replica/fate_index.hpp"
#include "replica/log_store.hpp"
#include "replica/state_tree.hpp"
#include "storage/chain_scan.hpp"

namespace mikusari::replica {

// The end of a ledger: its newest block, its log, its state.
struct Head {
  proof::BlockRecord record;
  platform::Buffer record_bytes;
  merkle::CompactRange log;
  Version state;
};

// The state before the genesis.
class NoState final : public ledger::Source {
 public:
  std::optional<ByteView> value(const Digest&) const override { return std::nullopt; }
  bool exists(const Digest&) const override { return false; }
};

// Does the block follow `before`, as the records say? `before` is null when it must be the genesis' block.
// `corrupt` names the block and what does not fit.
Result<void> check_order(const DecodedFrame& frame, const Head* before, ByteView genesis, const Digest& ledger);

class Recovery {
 public:
  Recovery(ByteView genesis, const Digest& ledger, LogStore& log, FateIndex& fates, BlockIndex& blocks)
      : genesis_(genesis), ledger_(ledger), log_(log), fates_(fates), blocks_(blocks) {}

  // Frames in the order of their heights. `corrupt` says which block does not fit and why.
  Result<void> take(const storage::Frame& frame);
  std::uint64_t frames() const { return frames_; }
  // Builds the tree and demands the newest record's root; rebuilds the log's files where they do not fit, reading the
  // frames again from `source`.
  Result<Head> finish(StateTree& tree, const storage::ChainSource& source);

 private:
  struct NewestRow {
    Digest value_hash;
    Place place;
  };
  void index(const DecodedFrame& frame, Position position);
  Result<void> rebuild_log(const storage::ChainSource& source);

  const ByteView genesis_;
  const Digest ledger_;
  LogStore& log_;
  FateIndex& fates_;
  BlockIndex& blocks_;
  std::uint64_t frames_ = 0;
  Head head_;
  std::map<Digest, NewestRow> rows_;
};

}  // namespace mikusari::replica
