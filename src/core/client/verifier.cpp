// SPDX-License-Identifier: Apache-2.0
#include "client/verifier.hpp"

#include <cstdint>

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

bool overlap(ByteView a, ByteView b) {
  const auto at = [](ByteView bytes) { return reinterpret_cast<std::uintptr_t>(bytes.data()); };
  return at(a) < at(b) + b.size() && at(b) < at(a) + a.size();
}

// Not inlined: a submission with its reader is large on a small stack.
[[gnu::noinline]] Result<proof::PolicyStep> step_from(const proof::Policy& policy, ByteView submission) {
  TRY(const auto& parsed, statement::parse(submission));
  return proof::step(policy, parsed);
}

}  // namespace

Result<Verifier> Verifier::open(ByteView policy_bytes, ByteView state_bytes) {
  TRY(const auto& policy, proof::parse_policy(policy_bytes));
  const Digest digest = crypto::sha256(policy_bytes);
  State state;
  if (!state_bytes.empty()) {
    TRY(state, parse_state(state_bytes));
    TRY(check_policy_of(state, policy, digest));
  }
  state.ledger = policy.ledger;
  state.policy = digest;
  state.policy_epoch = policy.epoch;
  return Verifier(policy, policy_bytes, state);
}

Result<Verifier> Verifier::reopen(ByteView policy_bytes, const State& state) {
  if (crypto::sha256(policy_bytes) != state.policy)
    return fail(Code::corrupt, "the policy's bytes have changed since the client was opened");
  TRY(const auto& policy, cbor::decode<proof::Policy>(policy_bytes));
  return Verifier(policy, policy_bytes, state);
}

Result<proof::VerifiedCheckpoint> Verifier::update(ByteView bytes, const Terms& terms) {
  TRY(const auto& checkpoint, cbor::decode<proof::Checkpoint>(bytes));
  TRY(const auto& verified, proof::verify(checkpoint, policy_));
  TRY(state_, after(state_, verified, terms.consistency, terms.freshness));
  return verified;
}

Result<proof::VerifiedState> Verifier::record(ByteView bytes, const Digest& key, const Terms& terms) {
  TRY(const auto& answer, cbor::decode<proof::StateAnswer>(bytes));
  TRY(const auto& verified, proof::verify(answer, key, policy_));
  TRY(state_, after(state_, verified.anchor.checkpoint, terms.consistency, terms.freshness));
  return verified;
}

Result<proof::VerifiedListPage> Verifier::list(ByteView bytes, const Handle& party, list::Kind kind,
                                               const Terms& terms) {
  TRY(const auto& page, cbor::decode<proof::ListPage>(bytes));
  TRY(const auto& verified, proof::verify(page, party, kind, policy_));
  TRY(state_, after(state_, verified.anchor.checkpoint, terms.consistency, terms.freshness));
  return verified;
}

Result<proof::VerifiedReceipt> Verifier::receipt(ByteView bytes, const Terms& terms) {
  TRY(const auto& receipt, cbor::decode<proof::Receipt>(bytes));
  TRY(const auto& verified, proof::verify(receipt, policy_));
  TRY(state_, after_past(state_, verified.checkpoint, terms.consistency));
  return verified;
}

Result<proof::VerifiedPage> Verifier::passport(ByteView bytes, const Terms& terms) {
  TRY(const auto& verified, proof::verify_passport(bytes, policy_));
  TRY(state_, after(state_, verified.anchor.checkpoint, terms.consistency, terms.freshness));
  return verified;
}

Result<Verifier::Step> Verifier::step(ByteView bytes, MutableByteView out) {
  // Both are read while the new policy is written.
  if (overlap(policy_bytes_, out) || overlap(bytes, out))
    return fail(Code::invalid, "the new policy would overwrite the one in use, or the step");
  TRY(const auto& step, step_from(policy_, bytes));
  TRY(const auto& after, after_step(state_, step, policy_));
  TRY(const ByteView written, cbor::encode(step.policy, out));
  TRY(policy_, cbor::decode<proof::Policy>(written));
  policy_bytes_ = written;
  state_ = after.state;
  state_.policy = crypto::sha256(written);
  state_.policy_epoch = policy_.epoch;
  return Step{written, policy_.epoch, step.size, step.lost_size, after.lost};
}

}  // namespace mikusari::client
