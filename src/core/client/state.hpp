// SPDX-License-Identifier: Apache-2.0
// What a client remembers of a ledger between two answers, and how it judges a new checkpoint by it
// (docs/formats/client-state.md). The caller stores it; whoever can set it back can show the client an older ledger.
// Values; any thread; no heap.
#pragma once

#include "proof/log_path.hpp"
#include "proof/state.hpp"

namespace mikusari::client {

struct State {
  statement::Form form;
  Digest ledger;
  Digest policy;  // SHA-256 of the policy's bytes
  std::uint64_t policy_epoch = 0;
  std::uint64_t size = 0;  // of the newest checkpoint seen; 0 when none was
  Digest root;
  std::uint64_t time = 0;  // Unix seconds: it is at least so late
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &State::form, "version of the state's form"},
                 cbor::Field{2, "ledger", &State::ledger, "ledger id"},
                 cbor::Field{3, "policy", &State::policy, "SHA-256 of the trust policy"},
                 cbor::Field{4, "policy_epoch", &State::policy_epoch},
                 cbor::Field{5, "size", &State::size, "leaves in the newest log seen"},
                 cbor::Field{6, "root", &State::root, "its root"},
                 cbor::Field{7, "time", &State::time, "lower bound of the time now, Unix seconds"}};
};

constexpr std::size_t state_bytes_max = 512;

// `newer` for a state that a newer program wrote; `corrupt` unless the bytes are a state.
Result<State> parse_state(ByteView bytes);

// How new an answer must be. Zeros: no clock, any age.
struct Freshness {
  std::uint64_t now = 0;      // Unix seconds by the caller's clock
  std::uint64_t max_age = 0;  // seconds
};

// The state after a checkpoint that tells of the present. `consistency` is an encoded proof::Consistency from the
// remembered checkpoint to this one; it is not looked at when the sizes are equal or nothing is remembered.
// Errors: `conflict` for an older checkpoint, and for another root of the same size, which is evidence of a fork;
// `invalid` when the consistency proof is missing or of other sizes; `unauthenticated` when it does not hold;
// `unavailable` when the checkpoint is older than `freshness` allows.
Result<State> after(const State& state, const proof::VerifiedCheckpoint& checkpoint, ByteView consistency,
                    Freshness freshness);

// The state after a step to another policy by the recovery role, and how many leaves that it had seen are lost. A
// client that is behind the step's log stays where it is. `policy` is the old one. Errors: `conflict` for a step that
// goes back behind what the old policy's witnesses have cosigned, and for another log of the remembered size.
struct AfterStep {
  State state;
  std::uint64_t lost = 0;
};
Result<AfterStep> after_step(const State& state, const proof::PolicyStep& step, const proof::Policy& policy);

// As after(), for a proof of something past, which may be older than what is remembered: then `consistency` leads from
// its checkpoint to the remembered one, and the state stays as it is. Of any age.
Result<State> after_past(const State& state, const proof::VerifiedCheckpoint& checkpoint, ByteView consistency);

}  // namespace mikusari::client
