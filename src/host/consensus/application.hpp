// SPDX-License-Identifier: Apache-2.0
// What an engine drives: the replicated state machine, seen from consensus.
//
// An engine orders submissions into blocks; an application executes them. The same application runs under the embedded
// engine (solo/) and, later, under CometBFT. For each height, in order: execute once or more, then commit. flush()
// makes all that was committed durable and publishes it; it may run beside the execution of the next block.
// admit() and durable() may be called from any thread; the others from the engine's.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "platform/bytes.hpp"
#include "statement/ledger.hpp"

namespace mikusari::consensus {

// Ordered submissions. The views must live until the block is committed.
struct Block {
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;  // Unix time; the application takes the previous block's when this is earlier
  std::vector<ByteView> submissions;
};

// How far a ledger goes. Height 0 is the genesis.
struct Position {
  std::uint64_t height = 0;
  Digest app_hash;  // root of the log
};

// What became of a block.
struct Execution {
  Position position;
  // How many of its submissions, from the front, there was room for; at least one. The rest belongs into the next
  // block.
  std::size_t taken = 0;
};

class Application {
 public:
  virtual ~Application() = default;

  // What would survive a crash now; an engine replays what lies above it.
  virtual Position durable() const = 0;

  // The door: form, limits, signatures on the newest state, and a trial execution. Returns the statement's identity.
  // Errors say why the statement cannot be accepted: as for statement::parse and ledger::check_signatures; the class of
  // the reason why the rules would discard it; or of the first refusal when a trial execution refuses every body.
  virtual Result<Digest> admit(ByteView submission) = 0;

  // The least height that the next block may have: one above what was committed last. There may be gaps.
  virtual std::uint64_t next_height() const = 0;

  // How many of the pending submissions, from the front, fit into a block of `bytes_max`; at least one.
  virtual std::size_t select(std::span<const platform::Buffer> pending, std::size_t bytes_max) const = 0;

  // Framing and signatures on the state before the block: what every validator must agree on before it votes. Errors
  // say what is wrong with the block, but for those that is_own_failure() tells.
  virtual Result<void> check(const Block& block) = 0;

  // On an overlay; may be repeated, with another block too, until commit(). Says the position after the block: a block
  // that commits nothing appends nothing and has the old one.
  virtual Result<Execution> execute(const Block& block) = 0;
  // Appends what was executed last, not yet synced.
  virtual Result<void> commit() = 0;
  // Syncs all that is committed, signs its checkpoint, publishes it and moves durable() up.
  virtual Result<void> flush() = 0;
};

// Whether an error says that the application itself cannot go on, and not what is wrong with what it was given: its
// store is damaged or does not answer. The node must stop.
inline bool is_own_failure(const Error& error) {
  return error.code() == Code::corrupt || error.code() == Code::internal || error.code() == Code::unavailable;
}

}  // namespace mikusari::consensus
