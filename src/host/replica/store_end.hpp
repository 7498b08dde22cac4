// SPDX-License-Identifier: Apache-2.0
// Where a stopped store ends: its log, and the trust policy in force. For whoever makes a new incarnation of its node,
// which has no key that this policy names and so cannot open the store as a replica.
#pragma once

#include "replica/replica.hpp"

namespace mikusari::replica {

struct StoreEnd {
  std::uint64_t height = 0;
  std::uint64_t time_ms = 0;  // of the newest block
  std::uint64_t log_size = 0;
  Digest log_root;
  PolicyBytes policy;
  bool founded = false;  // there was no store: it was founded anew from the genesis
};

// Reads all frames as Replica::open() does, and founds the ledger's store when there is none; a torn tail is dropped.
// Of the options, the signer's name and memory are not looked at. Errors as for Replica::open(); `unavailable` while a
// node has the store open.
Result<StoreEnd> end_of_store(const Environment& environment, const Options& options);

}  // namespace mikusari::replica
