// SPDX-License-Identifier: Apache-2.0
#include "client/verifier.hpp"

#include "crypto/hash.hpp"

namespace mikusari::client {
namespace {

Result<void> check_policy_of(const State& state, const proof::Policy& policy, const Digest& digest) {
  if (state.ledger != policy.ledger)
    return fail(Code::forbidden, "the client's state is of another ledger than the policy");
  if (state.policy == digest || state.policy_epoch < policy.epoch) return {};
  return state.policy_epoch == policy.epoch
             ? fail(Code::conflict,
                    "another policy of the same epoch was used before: one of the two is not the ledger's")
             : fail(Code::conflict, "a policy of a later epoch was used before");
}

}  // namespace

Result<Verifier> Verifier::open(ByteView policy_bytes, ByteView state_bytes) {
  TRY(const auto policy, proof::parse_policy(policy_bytes));
  const Digest digest = crypto::sha256(policy_bytes);
  State state;
  if (!state_bytes.empty()) {
    TRY(state, parse_state(state_bytes));
    TRY(check_policy_of(state, policy, digest));
  }
  state.ledger = policy.ledger;
  state.policy = digest;
  state.policy_epoch = policy.epoch;
  return Verifier(policy, state);
}

Result<Verifier> Verifier::reopen(ByteView policy_bytes, const State& state) {
  if (crypto::sha256(policy_bytes) != state.policy)
    return fail(Code::corrupt, "the policy's bytes have changed since the client was opened");
  TRY(const auto policy, cbor::decode<proof::Policy>(policy_bytes));
  return Verifier(policy, state);
}

Result<proof::VerifiedCheckpoint> Verifier::update(ByteView bytes, const Terms& terms) {
  TRY(const auto checkpoint, cbor::decode<proof::Checkpoint>(bytes));
  TRY(const auto verified, proof::verify(checkpoint, policy_));
  TRY(state_, after(state_, verified, terms.consistency, terms.freshness));
  return verified;
}

Result<proof::VerifiedState> Verifier::record(ByteView bytes, const Digest& key, const Terms& terms) {
  TRY(const auto answer, cbor::decode<proof::StateAnswer>(bytes));
  TRY(const auto verified, proof::verify(answer, key, policy_));
  TRY(state_, after(state_, verified.anchor.checkpoint, terms.consistency, terms.freshness));
  return verified;
}

Result<proof::VerifiedList> Verifier::devices(ByteView bytes, std::string_view member, const Terms& terms) {
  TRY(const auto answer, cbor::decode<proof::ListAnswer>(bytes));
  TRY(const auto verified, proof::verify_devices(answer, member, policy_));
  TRY(state_, after(state_, verified.anchor.checkpoint, terms.consistency, terms.freshness));
  return verified;
}

Result<proof::VerifiedReceipt> Verifier::receipt(ByteView bytes, const Terms& terms) {
  TRY(const auto receipt, cbor::decode<proof::Receipt>(bytes));
  TRY(const auto verified, proof::verify(receipt, policy_));
  TRY(state_, after_past(state_, verified.checkpoint, terms.consistency));
  return verified;
}

Result<proof::VerifiedPassport> Verifier::passport(ByteView bytes, const Terms& terms) {
  TRY(const auto verified, proof::verify_passport(bytes, policy_));
  TRY(state_, after(state_, verified.anchor.checkpoint, terms.consistency, terms.freshness));
  return verified;
}

}  // namespace mikusari::client
