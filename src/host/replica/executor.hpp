// SPDX-License-Identifier: Apache-2.0
// Executes blocks on a version of the state, and makes of each what the chain file stores: for replicas, which order,
// and for audits, which compare.
#pragma once

#include "consensus/application.hpp"
#include "replica/recovery.hpp"

namespace mikusari::replica {

// A block that was executed and is not yet committed, or committed and not yet published.
struct Executed {
  std::vector<ledger::SubmissionFate> fates;  // of the submissions that are part of the block
  std::vector<Digest> discarded;              // identities of the others
  std::vector<ByteView> submissions;          // views of the block's
  std::size_t taken = 0;                      // of the block's submissions, from the front; discarded ones too
  Head head;                                  // the end of the ledger after the block
  std::optional<Staged> staged;               // none when nothing was executed
  std::vector<Digest> leaves;                 // that the block adds to the log
  EncodedFrame frame;

  bool empty() const { return !staged.has_value(); }
  // Tells the tree where the rows stand, now that the frame's place in the chain is known.
  void place_rows(Position frame_position);
};

class Executor {
 public:
  // Bytes of changed records and fates. With one statement's changes more, and its submissions, a block fits a frame.
  static constexpr std::size_t block_growth_max = 16 * 1024 * 1024;

  Executor(const Digest& ledger, StateTree& tree, ledger::Signatures& signatures)
      : ledger_(ledger), tree_(tree), signatures_(signatures) {}

  // Submissions that do not parse, whose signature does not hold on `state`, or whose counter was used, are discarded.
  // Stops where the block has grown to block_growth_max; the submissions behind are for the next. `state` is the state
  // of before.state. Errors: `exhausted` when the state tree is full.
  Result<std::unique_ptr<Executed>> run(const Head& before, const ledger::Source& state, const consensus::Block& block);

  // Block 0: no statement, the state that the genesis says.
  Result<std::unique_ptr<Executed>> found(const Genesis& genesis, ByteView genesis_bytes);

 private:
  Result<void> seal(Executed& executed, const Head& before, const ledger::Overlay& state);

  const Digest ledger_;
  StateTree& tree_;
  ledger::Signatures& signatures_;
};

}  // namespace mikusari::replica
