// SPDX-License-Identifier: Apache-2.0
#include "proof/receipt.hpp"

#include "crypto/hash.hpp"

namespace mikusari::proof {

Result<CheckedEvent> check_event(const Event& event) {
  CheckedEvent out;
  TRY(out.statement, statement::parse_signed_payload(event.sign1));
  if (event.body.size() > limits::body_bytes_max) return fail(Code::exhausted, "a body is over 64 KiB");
  out.identity = statement::identity_of(out.statement.protected_bytes, out.statement.payload_bytes);
  out.body = event.body;
  const Digest body_leaf = statement::body_leaf(event.salt, event.body);
  const auto& payload = out.statement.payload;
  TRY(const Digest root, root_from_path(event.index, payload.count, body_leaf, event.bodies_path));
  if (root != payload.bodies_root)
    return fail(Code::unauthenticated, "the body is not one that the statement was signed for");
  out.leaf_hash = leaf_hash(BodyLeaf{out.identity, crypto::sha256(out.statement.signature), body_leaf, event.height,
                                     event.time_ms, event.outcome});
  return out;
}

Result<VerifiedReceipt> verify(const Receipt& receipt, const Policy& policy) {
  TRY(const auto checkpoint, verify(receipt.checkpoint, policy));
  TRY(const auto event, check_event(receipt.event));
  if (event.statement.payload.ledger != policy.ledger)
    return fail(Code::forbidden, "the statement is for another ledger");
  TRY(const Digest root, root_from_path(receipt.leaf_index, checkpoint.size, event.leaf_hash, receipt.log_path));
  if (root != checkpoint.root) return fail(Code::unauthenticated, "the event is not in the log under this checkpoint");
  return VerifiedReceipt{event, receipt.event.height, receipt.event.time_ms, receipt.event.outcome, checkpoint};
}

}  // namespace mikusari::proof
