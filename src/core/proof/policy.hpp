// SPDX-License-Identifier: Apache-2.0
// A trust policy: whose signatures under a checkpoint count, and how many. It is what a thin client must be given by a
// way it trusts; everything else it checks. See docs/formats/policy.md.
#pragma once

#include "statement/ledger.hpp"

namespace mikusari::proof {

struct Policy {
  std::uint64_t version = 1;
  Digest ledger;
  std::uint64_t epoch = 0;
  cbor::List<CheckpointSigner, limits::signers_max> signers;
  std::uint64_t threshold = 0;  // least weight of the signers under a checkpoint
  cbor::List<crypto::PublicKey, 16> recovery_keys;
  std::uint64_t recovery_threshold = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "version", &Policy::version},
                 cbor::Field{2, "ledger", &Policy::ledger, "ledger id"},
                 cbor::Field{3, "epoch", &Policy::epoch, "grows with every change"},
                 cbor::Field{4, "signers", &Policy::signers},
                 cbor::Field{5, "threshold", &Policy::threshold, "least weight under a checkpoint"},
                 cbor::Field{6, "recovery_keys", &Policy::recovery_keys},
                 cbor::Field{7, "recovery_threshold", &Policy::recovery_threshold}};
};

// The policy that a genesis founds: epoch 1. Its views point into the genesis.
Policy policy_of(const Genesis& genesis, const Digest& ledger);

// `invalid` unless it can be met: thresholds within weights, names and keys unique.
Result<Policy> parse_policy(ByteView bytes);

}  // namespace mikusari::proof
