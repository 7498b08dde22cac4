// SPDX-License-Identifier: Apache-2.0
#include "proof/state.hpp"

#include "crypto/hash.hpp"

namespace mikusari::proof {
namespace {

// Nobody has proved it. Not inlined, so that its frame does not add to the caller's.
[[gnu::noinline]] bool claims_later_policy(const Anchor& anchor, const Policy& policy) {
  const auto record = cbor::decode<BlockRecord>(anchor.record);
  return record && record->ledger == policy.ledger && record->policy_epoch > policy.epoch;
}

// Whose signers have changed is told so: that they have not signed is no forgery then. It lets nothing pass.
Result<VerifiedCheckpoint> verify_checkpoint(const Anchor& anchor, const Policy& policy) {
  auto checkpoint = verify(anchor.checkpoint, policy);
  if (!checkpoint && checkpoint.error().code() == Code::unauthenticated && claims_later_policy(anchor, policy))
    return fail(Code::conflict, later_policy);
  return checkpoint;
}

}  // namespace

Result<VerifiedAnchor> verify(const Anchor& anchor, const Policy& policy) {
  TRY(const auto& checkpoint, verify_checkpoint(anchor, policy));
  TRY(const auto& record, cbor::decode<BlockRecord>(anchor.record));
  if (record.type != LeafType::block) return fail(Code::invalid, "the block record says that it is another leaf");
  if (record.ledger != policy.ledger)
    return fail(Code::forbidden, "the block record is of another ledger than the policy");
  if (checkpoint.size == 0 || record.first_leaf > checkpoint.size - 1 ||
      checkpoint.size - 1 - record.first_leaf != record.committed) {
    return fail(Code::unauthenticated, "the block record is not the last entry of the checkpoint's log");
  }
  TRY(const Digest root,
      root_from_path(checkpoint.size - 1, checkpoint.size, merkle::leaf_hash(anchor.record), anchor.log_path));
  if (root != checkpoint.root) {
    return fail(Code::unauthenticated, "the block record is not the last entry of the checkpoint's log");
  }
  if (record.policy_epoch < policy.epoch)
    return fail(Code::conflict, "the block record is from before the trust policy in use");
  return VerifiedAnchor{record, checkpoint};
}

Result<VerifiedItem> verify(const Item& item, const Digest& key, const VerifiedAnchor& anchor) {
  if (item.depth > limits::map_levels_max) return fail(Code::invalid, "a map proof has at most 256 levels");
  merkle::MapProof proof{static_cast<std::size_t>(item.depth), item.bitmap, item.siblings, std::nullopt};
  if (item.other) proof.other = merkle::MapLeaf{item.other->key, item.other->value_hash};
  TRY(const Digest root, item.value ? merkle::root_from_presence(key, crypto::sha256(*item.value), proof)
                                    : merkle::root_from_absence(key, proof));
  if (root != anchor.record.map_root) {
    return item.value ? fail(Code::unauthenticated, "the record is not what the ledger's state has there")
                      : fail(Code::unauthenticated, "the ledger's state does not show this absence");
  }
  return VerifiedItem{key, item.value};
}

Result<VerifiedState> verify(const StateAnswer& answer, const Digest& key, const Policy& policy) {
  TRY(const auto& anchor, verify(answer.anchor, policy));
  TRY(const auto& item, verify(answer.item, key, anchor));
  return VerifiedState{anchor, item.value};
}

}  // namespace mikusari::proof
