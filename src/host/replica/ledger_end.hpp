// SPDX-License-Identifier: Apache-2.0
// The end of a ledger: its newest block, its log, its state, and whose signatures count after it.
#pragma once

#include <memory>

#include "merkle/compact_range.hpp"
#include "platform/bytes.hpp"
#include "proof/block.hpp"
#include "proof/policy.hpp"
#include "replica/state_tree.hpp"

namespace mikusari::replica {

// A trust policy in its encoded form, shared by who reads it: the state's record at path::policy().
using PolicyBytes = std::shared_ptr<const platform::Buffer>;

struct LedgerEnd {
  std::uint64_t block = 0;  // number of the newest block: the genesis is 0, the next one 1, whatever their heights
  proof::BlockRecord record;
  platform::Buffer record_bytes;
  merkle::CompactRange log;
  Version state;
  PolicyBytes policy;
  std::uint64_t withheld = 0;  // bodies that the ledger has decided to withhold, since the node was started
};

// Its policy. REQUIRES: it has one.
proof::Policy policy_of(const LedgerEnd& end);

}  // namespace mikusari::replica
