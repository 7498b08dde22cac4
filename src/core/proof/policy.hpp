// SPDX-License-Identifier: Apache-2.0
// A trust policy: whose signatures under a checkpoint count, and how many. It is what a thin client must be given by a
// way it trusts; everything else it checks. See docs/formats/policy.md.
#pragma once

#include "statement/ledger.hpp"
#include "statement/submission.hpp"

namespace mikusari::proof {

struct Policy {
  Form form;
  Digest ledger;
  std::uint64_t epoch = 0;
  CheckpointSigners signers;
  std::uint64_t threshold = 0;  // least weight of the signers under a checkpoint
  RecoveryKeys recovery_keys;
  std::uint64_t recovery_threshold = 0;
  LogWitnesses witnesses;
  std::uint64_t witness_threshold = 0;  // how many witnesses must have cosigned besides
  static constexpr bool closed = true;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Policy::form, "version of the policy's form"},
                 cbor::Field{2, "ledger", &Policy::ledger, "ledger id"},
                 cbor::Field{3, "epoch", &Policy::epoch, "grows with every change"},
                 cbor::Field{4, "signers", &Policy::signers},
                 cbor::Field{5, "threshold", &Policy::threshold, "least weight under a checkpoint"},
                 cbor::Field{6, "recovery_keys", &Policy::recovery_keys},
                 cbor::Field{7, "recovery_threshold", &Policy::recovery_threshold},
                 cbor::Field{8, "witnesses", &Policy::witnesses, "of the log"},
                 cbor::Field{9, "witness_threshold", &Policy::witness_threshold, "how many must have cosigned"}};
};

// The policy that a genesis founds: epoch 1. Its views point into the genesis.
Policy policy_of(const Genesis& genesis, const Digest& ledger);

// `invalid` unless it can be met: thresholds within weights, names unique, no key in two places. `newer` for one that a
// newer program made.
Result<Policy> parse_policy(ByteView bytes);

// What a step from one policy to the next says.
struct PolicyStep {
  Policy policy;           // views the old policy and the statement
  std::uint64_t size = 0;  // leaves in the log that the new signers continue
  Digest root;
  std::optional<std::uint64_t> lost_size;  // leaves of a log that was signed and is lost
};
// A step is the statement ledger.incarnation itself (statement/ledger.hpp), signed by as many of the old policy's
// recovery keys as it demands: nobody else need be asked. Errors: `unauthenticated` when signatures are missing or do
// not hold, `conflict` when it is not the step after this policy, `forbidden` for another ledger, `invalid` for the
// form.
Result<PolicyStep> step(const Policy& policy, const statement::Submission& incarnation);

}  // namespace mikusari::proof
