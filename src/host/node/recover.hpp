// SPDX-License-Identifier: Apache-2.0
// How a node goes on whose store or signer's memory is lost: as a new incarnation, with new checkpoint keys and an
// empty memory, which the ledger's recovery keys have signed (docs/operating.md).
//
//   plan_recovery()    on the node's machine: new keys, and the plan of the incarnation, a file to be signed
//   (recovery keys)    `mikusari recovery sign`, elsewhere: the statement
//   begin_recovery()   takes the statement; the next start of the node orders it before anything else
//
// Nothing that the node has is removed. Until begin_recovery() has written the settings, the node is as it was; from
// then on it has other keys and another memory, in one step, so that an old key never signs with an empty memory.
#pragma once

#include "node/init.hpp"
#include "platform/log.hpp"

namespace mikusari::node {

struct RecoveryPlan {
  std::string path;  // of the plan: the CBOR of incarnation::Begin
  std::uint64_t epoch = 0;
  std::uint64_t size = 0;         // leaves in the log that goes on
  std::uint64_t height = 0;       // of its newest block
  std::uint64_t time_ms = 0;      // and its time
  bool store_was_lost = false;    // the ledger begins again at its genesis
  std::vector<std::string> keys;  // names of the new checkpoint keys, in the node's key store
};

// `lost_size`: leaves of a log that was signed and is lost, where that is known. Errors: `unavailable` while the node
// runs; `invalid` when the ledger has no recovery keys, or the trust policy does not name this node; what is wrong with
// store or key store. A key store that is lost is made anew.
Result<RecoveryPlan> plan_recovery(const Machine& machine, const std::string& config_path, platform::Log& log,
                                   std::optional<std::uint64_t> lost_size = {});

// Errors: `unauthenticated` when too few recovery keys have signed; `conflict` when the store has another end than the
// statement continues, or it has begun already; `invalid` when it names other keys than the node has.
Result<void> begin_recovery(const Machine& machine, const std::string& config_path, platform::Log& log,
                            ByteView statement);

}  // namespace mikusari::node
