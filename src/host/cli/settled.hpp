// SPDX-License-Identifier: Apache-2.0
// What became of a statement, believed only as far as it is proven. One thread.
//
// A fate is a node's word. That bodies were committed is proven by the receipts of the first and the last of them: the
// log before the first, and then the statement's own leaves, must be the log before the last. So two receipts prove
// every body and every outcome of a statement, however many there are. That a body was refused is proven by nothing:
// it stays the node's word, and the same submission may be sent again.
#pragma once

#include "cli/remote.hpp"
#include "proof/receipt.hpp"
#include "statement/fate.hpp"

namespace mikusari::cli {

using statement::BodyFate;
using statement::Fate;
using statement::Standing;

// The fate's views live in the bytes.
struct Settled {
  platform::Buffer bytes;
  Fate fate;
};
std::uint64_t refused_in(const Fate& fate);

// Asks for the receipts and verifies them. Errors: `unauthenticated` when the fate is not of this submission, body for
// body, or what it says was committed is not proven; `unavailable` and `exhausted` when the node cannot be asked now.
Result<std::unique_ptr<Settled>> settle(Session& session, Remote& remote, ByteView submission, ByteView fate);

// The receipt of one body, verified, and the one that was asked for.
struct ProvenReceipt {
  platform::Buffer bytes;
  proof::Receipt receipt;
  proof::VerifiedReceipt verified;
};
Result<std::unique_ptr<ProvenReceipt>> receipt_of(Remote& remote, const Digest& identity, std::uint64_t index);

// That the fate is of the statement with this identity and number of bodies. `unauthenticated` otherwise.
Result<void> check_form(const Fate& fate, const Digest& identity, std::uint64_t bodies);

// The leaves that the accepted bodies of the submission have in the log, if they stand where the receipt of the first
// of them stands, and came out as the fate says. Signature and approvals are those that were committed: the same
// statement may have been sent with others. REQUIRES: the receipt was verified, and is of this statement; check_form().
std::vector<Digest> leaves_of(const statement::Submission& submission, const Fate& fate, const ProvenReceipt& first);

// That `leaves`, and nothing else, stand in the log from the first receipt's leaf to the last's. REQUIRES: both
// receipts were verified, and leaves is not empty. `unauthenticated` otherwise.
Result<void> check_between(const proof::Receipt& first, const proof::Receipt& last, std::span<const Digest> leaves);

}  // namespace mikusari::cli
