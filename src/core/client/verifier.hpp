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
  // Encoded proof::ListPage.
  Result<proof::VerifiedListPage> list(ByteView page, const Handle& party, list::Kind kind, const Terms& terms);
  // Encoded proof::Receipt. A receipt tells of the past, so it may be older than what is remembered.
  Result<proof::VerifiedReceipt> receipt(ByteView receipt, const Terms& terms);
  // Encoded proof::PassportPage. It tells of the present.
  Result<proof::VerifiedPage> passport(ByteView page, const Terms& terms);

  // A step to the next trust policy: the submission of a ledger.incarnation. The new policy is written into `out`,
  // which must then outlive the verifier; it is the one in use from then on. Errors: of proof::step() and after_step();
  // `exhausted` when `out` is too small, `invalid` when it lies over the policy in use or the submission.
  struct Step {
    ByteView policy;
    std::uint64_t epoch = 0;
    std::uint64_t size = 0;                  // leaves in the log that goes on
    std::optional<std::uint64_t> lost_size;  // of a log that was signed and is lost, as the recovery keys say
    std::uint64_t lost = 0;                  // leaves that were seen here and are lost
  };
  Result<Step> step(ByteView submission, MutableByteView out);

 private:
  Verifier(const proof::Policy& policy, ByteView policy_bytes, const State& state)
      : policy_(policy), policy_bytes_(policy_bytes), state_(state) {}

  proof::Policy policy_;
  ByteView policy_bytes_;
  State state_;
};

}  // namespace mikusari::client
