// SPDX-License-Identifier: Apache-2.0
// A thin client: a trust policy, what was seen last, and bytes from anybody; out comes a verified thing or the reason
// why not. It trusts nobody who answers. include/mikusari/client.h is this for C.
//
// The policy's bytes must outlive the verifier, and an answer's bytes what was verified of it: results are views. One
// thread at a time; no heap. What is remembered moves only when everything about an answer holds.
#pragma once

#include "client/state.hpp"
#include "proof/passport.hpp"

namespace mikusari::client {

// What comes with an answer, and what is asked of it.
struct Terms {
  ByteView consistency;  // see after() and after_past(); empty when none came
  Freshness freshness;
};

class Verifier {
 public:
  // `state` is empty at the first use. Errors: of parse_policy(); `corrupt` for the state; `forbidden` when it is of
  // another ledger; `conflict` when it was made under a policy of a later epoch, or another policy of the same.
  static Result<Verifier> open(ByteView policy, ByteView state);
  // As open(), for a policy and state that open() has accepted before.
  static Result<Verifier> reopen(ByteView policy, const State& state);

  const proof::Policy& policy() const { return policy_; }
  const State& state() const { return state_; }

  // Encoded proof::Checkpoint.
  Result<proof::VerifiedCheckpoint> update(ByteView checkpoint, const Terms& terms);
  // Encoded proof::StateAnswer; `key` from statement/path.hpp. Absence is an answer too.
  Result<proof::VerifiedState> record(ByteView answer, const Digest& key, const Terms& terms);
  // Encoded proof::ListAnswer.
  Result<proof::VerifiedList> devices(ByteView answer, std::string_view member, const Terms& terms);
  // Encoded proof::Receipt. A receipt tells of the past, so it may be older than what is remembered.
  Result<proof::VerifiedReceipt> receipt(ByteView receipt, const Terms& terms);
  // Encoded proof::Passport. It tells of the present.
  Result<proof::VerifiedPassport> passport(ByteView passport, const Terms& terms);

 private:
  Verifier(const proof::Policy& policy, const State& state) : policy_(policy), state_(state) {}

  proof::Policy policy_;
  State state_;
};

}  // namespace mikusari::client
