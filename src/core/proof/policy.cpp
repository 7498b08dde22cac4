// SPDX-License-Identifier: Apache-2.0
#include "proof/policy.hpp"

#include "proof/checkpoint.hpp"

namespace mikusari::proof {
namespace {

std::size_t signers_with_key(const Policy& policy, const crypto::PublicKey& wanted) {
  std::size_t count = 0;
  for (const auto signer : policy.signers) {
    for (const auto key : signer.keys) count += key == wanted ? 1 : 0;
  }
  return count;
}

std::size_t recoverers_with_key(const Policy& policy, const crypto::PublicKey& wanted) {
  std::size_t count = 0;
  for (const auto key : policy.recovery_keys) count += key == wanted ? 1 : 0;
  return count;
}

// Key ids are short: who could choose a key with another signer's id could have every checkpoint refused.
std::size_t keys_with_id(const Policy& policy, const KeyId& wanted) {
  std::size_t count = 0;
  for (const auto signer : policy.signers) {
    for (const auto key : signer.keys) count += key_id(signer.name, key) == wanted ? 1 : 0;
  }
  return count;
}

std::size_t signers_named(const Policy& policy, std::string_view name) {
  std::size_t count = 0;
  for (const auto signer : policy.signers) count += signer.name == name ? 1 : 0;
  return count;
}

Result<void> check_key(const Policy& policy, const crypto::PublicKey& key) {
  if (crypto::offers(key.algorithm())) TRY(crypto::check(key));
  if (signers_with_key(policy, key) + recoverers_with_key(policy, key) != 1) {
    return fail(Code::invalid, "a key stands twice in the policy");
  }
  return {};
}

// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<void> check_signer(const Policy& policy, const CheckpointSigner& signer) {
  if (!is_name(signer.name))
    return fail(Code::invalid, "a checkpoint signer's name has other characters than a-z 0-9 . -");
  if (signers_named(policy, signer.name) != 1) return fail(Code::invalid, "two checkpoint signers have the same name");
  if (signer.keys.empty()) return fail(Code::invalid, "a checkpoint signer has no key");
  if (signer.weight == 0 || signer.weight > weight_max) {
    return fail(Code::invalid, "a checkpoint signer's weight is 0 or over a million");
  }
  for (const auto key : signer.keys) {
    TRY(check_key(policy, key));
    if (keys_with_id(policy, key_id(signer.name, key)) != 1)
      return fail(Code::invalid, "two signers' keys have the same key id");
  }
  return {};
}

[[gnu::noinline]] Result<void> check_recovery(const Policy& policy) {
  for (const auto key : policy.recovery_keys) TRY(check_key(policy, key));
  if (policy.recovery_threshold > policy.recovery_keys.size() ||
      (policy.recovery_threshold == 0) != policy.recovery_keys.empty()) {
    return fail(Code::invalid, "the recovery threshold does not fit the recovery keys");
  }
  return {};
}

}  // namespace

Policy policy_of(const Genesis& genesis, const Digest& ledger) {
  Policy out;
  out.ledger = ledger;
  out.epoch = 1;
  out.signers = genesis.checkpoint_signers;
  out.threshold = genesis.checkpoint_threshold;
  out.recovery_keys = genesis.recovery_keys;
  out.recovery_threshold = genesis.recovery_threshold;
  return out;
}

Result<Policy> parse_policy(ByteView bytes) {
  TRY(const auto policy, cbor::decode<Policy>(bytes));
  if (policy.version != 1) return fail(Code::invalid, "this trust policy is of a version that is not known here");
  std::uint64_t weight = 0;
  for (const auto signer : policy.signers) {
    TRY(check_signer(policy, signer));
    weight += signer.weight;
  }
  if (policy.threshold == 0 || policy.threshold > weight) {
    return fail(Code::invalid, "the policy's threshold is 0 or more than all signers' weight");
  }
  TRY(check_recovery(policy));
  return policy;
}

}  // namespace mikusari::proof
