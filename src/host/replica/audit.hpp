// SPDX-License-Identifier: Apache-2.0
// Re-verifies a stopped store from its genesis on, believing nothing that is stored: every signature is checked, every
// statement executed again, and every frame must be, byte for byte, what that gives. A block that holds a withheld body
// is adopted instead (adoption.hpp), and the state at the end must say that the body is to be withheld. Changes
// nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/file.hpp"
#include "platform/parallel.hpp"
#include "proof/block.hpp"

namespace mikusari::replica {

struct AuditOptions {
  std::string directory;  // of the store: what Options::directory was
  platform::Buffer genesis;
  std::optional<std::string> signer_memory_path;
  std::function<void(std::uint64_t height)> progress;  // after each block; may be empty
};

struct AuditReport {
  Digest ledger;
  proof::BlockRecord newest;
  std::uint64_t statements = 0, bodies_committed = 0, bodies_refused = 0, signatures = 0, things = 0;
  std::uint64_t adopted_blocks = 0, bodies_withheld = 0;
  std::uint64_t log_size = 0;
  Digest log_root;
  std::uint64_t chain_bytes = 0;
  std::optional<std::string> torn_tail;  // what a power cut left behind the last frame, in words
};

// Errors: `corrupt` names the block and what is wrong with it; `not_found` when there is no store; `invalid` genesis.
Result<AuditReport> audit(platform::Files& files, platform::Workers& workers, const AuditOptions& options);

}  // namespace mikusari::replica
