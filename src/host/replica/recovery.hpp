// SPDX-License-Identifier: Apache-2.0
// Rebuilds everything that is not the chain file from its frames: the state tree, the log, the indexes. Executes
// nothing; checks that records chain and that the recorded roots are met.
#pragma once

#include <map>

#include "replica/indexes.hpp"
#include "replica/ledger_end.hpp"
#include "replica/log_store.hpp"
#include "replica/withholding.hpp"
#include "storage/chain_scan.hpp"

namespace mikusari::replica {

// Does the block follow `before`, as the records say? `before` is null when it must be the genesis' block.
// `corrupt` says what does not fit.
Result<void> check_order(const DecodedFrame& frame, const LedgerEnd* before, ByteView genesis, const Digest& ledger);
// That the rows are the ones whose change the record tells. `corrupt` when they are not.
Result<void> check_changed(const DecodedFrame& frame);

// `conflict` for a genesis of the ledger's first form; else as cbor::decode and mikusari::check.
Result<Genesis> read_genesis(ByteView bytes);

class Recovery {
 public:
  Recovery(ByteView genesis, const Digest& ledger, LogStore& log, Indexes& indexes)
      : genesis_(genesis), ledger_(ledger), log_(log), indexes_(indexes) {}

  // Frames in the order of their heights. `corrupt` says which block does not fit and why.
  Result<void> take(const storage::Frame& frame);
  std::uint64_t frames() const { return frames_; }
  // Builds the tree and demands the newest record's root; rebuilds the log's files where they do not fit, reading the
  // frames again from `source`.
  Result<LedgerEnd> finish(StateTree& tree, const storage::ChainSource& source);

  // Every trust policy that was ever in force, oldest first, and the number of the block with which it began.
  struct PolicyBegun {
    std::uint64_t block;
    PolicyBytes policy;
  };
  const std::vector<PolicyBegun>& policies() const { return policies_; }
  // Every body that the ledger has decided to withhold.
  const std::vector<WithheldBody>& withheld() const { return withheld_; }

 private:
  struct NewestRow {
    Digest value_hash;
    Place place;
  };
  Result<void> index(const DecodedFrame& frame, std::span<const statement::Submission> submissions, Position position);
  Result<void> rebuild_log(const storage::ChainSource& source);

  const ByteView genesis_;
  const Digest ledger_;
  LogStore& log_;
  Indexes& indexes_;
  std::uint64_t frames_ = 0;
  LedgerEnd end_;
  std::map<Digest, NewestRow> rows_;
  std::vector<PolicyBegun> policies_;
  std::vector<WithheldBody> withheld_;
};

}  // namespace mikusari::replica
