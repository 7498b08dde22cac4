// SPDX-License-Identifier: Apache-2.0
#include "proof/receipt.hpp"

#include "crypto/hash.hpp"

namespace mikusari::proof {

namespace {

Result<Digest> leaf_of_body(const Event& event) {
  if (event.withheld) {
    if (event.body || event.salt) return fail(Code::invalid, "a withheld body stands there with its text");
    return *event.withheld;
  }
  if (!event.body || !event.salt) return fail(Code::invalid, "an event has no body");
  if (event.body->size() > limits::body_bytes_max) return fail(Code::exhausted, "a body is over 64 KiB");
  return statement::body_leaf(*event.salt, *event.body);
}

Result<std::optional<Digest>> hash_of_approvals(const Event& event) {
  if (!event.also) return event.also_hash;
  if (event.also_hash) return fail(Code::invalid, "an event has its approvals and their hash");
  TRY(const auto& approvals, statement::parse_approvals(*event.also));
  if (approvals.empty()) return fail(Code::invalid, "an event without approvals has a list of them");
  return statement::also_hash(*event.also);
}

}  // namespace

Result<CheckedEvent> check_event(const Event& event) {
  CheckedEvent out;
  TRY(out.statement, statement::parse_signed_payload(event.sign1));
  out.identity = statement::identity_of(out.statement.protected_bytes, out.statement.payload_bytes);
  out.body = event.body;
  TRY(const Digest body_leaf, leaf_of_body(event));
  TRY(const auto& also_hash, hash_of_approvals(event));
  const auto& payload = out.statement.payload;
  TRY(const Digest root, root_from_path(event.index, payload.count, body_leaf, event.bodies_path));
  if (root != payload.bodies_root)
    return fail(Code::unauthenticated, "the body is not one that the statement was signed for");
  BodyLeaf leaf;
  leaf.identity = out.identity;
  leaf.signature_hash = crypto::sha256(out.statement.signature);
  leaf.also_hash = also_hash;
  leaf.body_leaf = body_leaf;
  leaf.height = event.height;
  leaf.time_ms = event.time_ms;
  leaf.outcome = event.outcome;
  out.leaf_hash = leaf_hash(leaf);
  return out;
}

Result<VerifiedReceipt> verify(const Receipt& receipt, const Policy& policy) {
  TRY(const auto& checkpoint, verify(receipt.checkpoint, policy));
  TRY(const auto& event, check_event(receipt.event));
  if (event.statement.payload.ledger != policy.ledger)
    return fail(Code::forbidden, "the statement is for another ledger");
  TRY(const Digest root, root_from_path(receipt.leaf_index, checkpoint.size, event.leaf_hash, receipt.log_path));
  if (root != checkpoint.root) return fail(Code::unauthenticated, "the event is not in the log under this checkpoint");
  return VerifiedReceipt{event, receipt.event.height, receipt.event.time_ms, receipt.event.outcome, checkpoint};
}

}  // namespace mikusari::proof
