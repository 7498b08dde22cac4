// SPDX-License-Identifier: Apache-2.0
// Executes blocks on a version of the state, and makes of each what the chain file stores: for replicas, which order,
// and for audits, which compare.
#pragma once

#include "consensus/application.hpp"
#include "replica/checked_source.hpp"
#include "replica/frame.hpp"
#include "replica/ledger_end.hpp"
#include "replica/rejection.hpp"

namespace mikusari::replica {

// A statement that is no part of the block that it was ordered in.
struct Discarded {
  Digest identity;
  Rejection why;
};

// A block that was executed and is not yet committed, or committed and not yet published.
struct Executed {
  std::vector<statement::Submission> statements;  // that are part of the block; views of the block's bytes
  std::vector<ledger::SubmissionFate> fates;      // of each
  std::vector<Discarded> discarded;
  std::size_t taken = 0;         // of the block's submissions, from the front; discarded ones too
  LedgerEnd end;                 // the end of the ledger after the block
  std::optional<Staged> staged;  // none when nothing was executed
  std::vector<Digest> leaves;    // that the block adds to the log
  struct GrownList {
    Place row;  // in the frame
    Digest key;
    platform::Buffer record;
    std::uint64_t entries;  // that it gained
  };
  std::vector<GrownList> lists;
  EncodedFrame frame;

  bool empty() const { return !staged.has_value(); }
  // Tells the tree where the rows stand, now that the frame's place in the chain is known.
  void place_rows(Position frame_position);
};

class Executor {
 public:
  Executor(const Digest& ledger, StateTree& tree, ledger::Signatures& signatures)
      : ledger_(ledger), tree_(tree), signatures_(signatures) {}

  // Submissions that do not parse are passed over; those that hold a withheld body, whose signature does not hold on
  // `state`, or that the rules discard, are discarded. Stops where the block has grown to what the ledger's parameters
  // allow (block_growth); the submissions behind are for the next. `state` is the state of before.state. Errors:
  // `exhausted` when the state tree is full; what is wrong with a state that is not sound.
  Result<std::unique_ptr<Executed>> run(const LedgerEnd& before, const CheckedSource& state,
                                        const consensus::Block& block);

  // Block 0: no statement, the state that the genesis says.
  Result<std::unique_ptr<Executed>> found(const Genesis& genesis, ByteView genesis_bytes);

 private:
  struct ChangedRows {
    std::vector<Change> changes;   // for the tree
    std::vector<ChangedRow> rows;  // for the frame
  };
  Result<ChangedRows> changed_rows(const LedgerEnd& before, const CheckedSource& state,
                                   const ledger::Overlay& changed) const;
  Result<void> seal(Executed& executed, const LedgerEnd& before, const CheckedSource& state,
                    const ledger::Overlay& changed, std::span<const ByteView> submissions);

  const Digest ledger_;
  StateTree& tree_;
  ledger::Signatures& signatures_;
};

}  // namespace mikusari::replica
