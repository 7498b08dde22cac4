// SPDX-License-Identifier: Apache-2.0
#include "proof/policy.hpp"

#include "cose/key.hpp"
#include "proof/checkpoint.hpp"

namespace mikusari::proof {
namespace {

constexpr auto same_key_id = "two keys of the policy have the same key id";

std::size_t signers_with_key(const Policy& policy, const crypto::PublicKey& wanted) {
  std::size_t count = 0;
  for (const auto signer : policy.signers) {
    for (const auto key : signer.keys) count += key == wanted ? 1 : 0;
  }
  return count;
}

std::size_t witnesses_with_key(const Policy& policy, const crypto::PublicKey& wanted) {
  std::size_t count = 0;
  for (const auto witness : policy.witnesses) count += witness.key == wanted ? 1 : 0;
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
  for (const auto witness : policy.witnesses) count += key_id(witness.name, witness.key) == wanted ? 1 : 0;
  return count;
}

std::size_t signers_named(const Policy& policy, std::string_view name) {
  std::size_t count = 0;
  for (const auto signer : policy.signers) count += signer.name == name ? 1 : 0;
  return count;
}

Result<void> check_key(const Policy& policy, const crypto::PublicKey& key) {
  if (crypto::offers(key.algorithm())) TRY(crypto::check(key));
  if (signers_with_key(policy, key) + recoverers_with_key(policy, key) + witnesses_with_key(policy, key) != 1)
    return fail(Code::invalid, "a key stands twice in the policy");
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
    if (keys_with_id(policy, key_id(signer.name, key)) != 1) return fail(Code::invalid, same_key_id);
  }
  return {};
}

// That they are well formed, check_witnesses() says.
[[gnu::noinline]] Result<void> check_witness_keys(const Policy& policy) {
  for (const auto witness : policy.witnesses) {
    TRY(check_key(policy, witness.key));
    if (keys_with_id(policy, key_id(witness.name, witness.key)) != 1) return fail(Code::invalid, same_key_id);
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
  out.witnesses = genesis.witnesses;
  out.witness_threshold = genesis.witness_threshold;
  return out;
}

namespace {

// Not inlined, so that its frame does not add to the caller's: lists are walked with readers of 400 bytes on a device.
[[gnu::noinline]] Result<void> check_whole(const Policy& policy) {
  std::uint64_t weight = 0;
  for (const auto signer : policy.signers) {
    TRY(check_signer(policy, signer));
    weight += signer.weight;
  }
  if (policy.threshold == 0 || policy.threshold > weight) {
    return fail(Code::invalid, "the policy's threshold is 0 or more than all signers' weight");
  }
  TRY(check_recovery(policy));
  TRY(check_witness_keys(policy));
  return check_witnesses(policy.witnesses, policy.witness_threshold);
}

// The recovery key with this thumbprint.
std::optional<crypto::PublicKey> recovery_key(const Policy& policy, const Digest& kid) {
  for (const auto key : policy.recovery_keys) {
    if (cose::thumbprint(key) == kid) return key;
  }
  return std::nullopt;
}

[[gnu::noinline]] Result<std::uint64_t> count_recoverers(const Policy& policy, const statement::Submission& said) {
  const auto signer = recovery_key(policy, said.statement.header.kid);
  if (!signer) return fail(Code::unauthenticated, "the step is not signed by a recovery key of the policy");
  TRY(statement::verify(said, *signer));
  std::uint64_t count = 1;
  for (const auto approval : said.approvals) {
    const auto key = recovery_key(policy, approval.kid);
    if (!key || approval.role != statement::ApprovalRole::recovery || approval.kid == said.statement.header.kid)
      continue;
    TRY(statement::verify_approval(approval, said.identity, *key));
    ++count;  // approvals ascend by key: none counts twice
  }
  return count;
}

}  // namespace

Result<Policy> parse_policy(ByteView bytes) {
  TRY(const auto& policy, cbor::decode<Policy>(bytes));
  TRY(check_whole(policy));
  return policy;
}

Result<PolicyStep> step(const Policy& policy, const statement::Submission& said) {
  const auto& payload = said.statement.payload;
  if (payload.ledger != policy.ledger) return fail(Code::forbidden, "the step is for another ledger than the policy");
  if (payload.kind != incarnation::Begin::kind.number || said.bodies.size() != 1 || said.withheld != 0)
    return fail(Code::invalid, "this statement is no step from one policy to the next");
  TRY(const std::uint64_t count, count_recoverers(policy, said));
  if (policy.recovery_threshold == 0 || count < policy.recovery_threshold)
    return fail(Code::unauthenticated, "the step is signed by fewer recovery keys than the policy demands");
  const statement::SaltedBody salted = *said.bodies.begin();
  TRY(const auto& body, cbor::decode<incarnation::Begin>(salted.body));
  if (body.epoch == 0 || body.epoch != policy.epoch + 1)
    return fail(Code::conflict, "the step does not follow this policy's epoch");
  if (body.lost_size && *body.lost_size <= body.size)
    return fail(Code::invalid, "the step says that a log is lost which it continues");
  PolicyStep out{policy, body.size, body.root, body.lost_size};
  out.policy.epoch = body.epoch;
  out.policy.signers = body.signers;
  out.policy.threshold = body.threshold;
  TRY(check_whole(out.policy));
  return out;
}

}  // namespace mikusari::proof
