// SPDX-License-Identifier: Apache-2.0
#include "client/state.hpp"

#include <algorithm>

namespace mikusari::client {
namespace {

constexpr auto fork = "two logs of the same size are signed: evidence of a fork, keep both checkpoints";

struct Point {
  std::uint64_t size;
  Digest root;
};

Result<void> check_continues(const Point& earlier, const Point& later, ByteView bytes) {
  if (bytes.empty()) {
    return fail(Code::invalid, "a consistency proof between this checkpoint and the remembered one is needed");
  }
  TRY(const auto& consistency, cbor::decode<proof::Consistency>(bytes));
  if (consistency.size1 != earlier.size || consistency.size2 != later.size) {
    return fail(Code::invalid, "the consistency proof is not between this checkpoint and the remembered one");
  }
  if (earlier.size == 0) return {};  // the empty log is the beginning of every other
  return proof::check_consistency(consistency, earlier.root, later.root);
}

Result<void> check_same_root(const State& state, const proof::VerifiedCheckpoint& checkpoint) {
  if (state.root == checkpoint.root) return {};
  return fail(Code::conflict, fork);
}

State moved_to(const State& state, const proof::VerifiedCheckpoint& checkpoint) {
  State out = state;
  out.size = checkpoint.size;
  out.root = checkpoint.root;
  out.time = std::max(state.time, checkpoint.time);
  return out;
}

Result<State> after_newer(const State& state, const proof::VerifiedCheckpoint& checkpoint, ByteView consistency) {
  if (state.size == checkpoint.size && state.size != 0) {
    TRY(check_same_root(state, checkpoint));
  } else if (state.size != 0) {
    TRY(check_continues({state.size, state.root}, {checkpoint.size, checkpoint.root}, consistency));
  }
  return moved_to(state, checkpoint);
}

}  // namespace

Result<State> parse_state(ByteView bytes) {
  const auto state = cbor::decode<State>(bytes);
  if (state) return *state;
  if (state.error().code() == Code::newer) return std::unexpected(state.error());
  return fail(Code::corrupt, "the client's state is not what was written", state.error().offset());
}

Result<State> after(const State& state, const proof::VerifiedCheckpoint& checkpoint, ByteView consistency,
                    Freshness freshness) {
  if (checkpoint.size < state.size) {
    return fail(Code::conflict, "older than what was already seen: somebody hides the newer state");
  }
  TRY(const State out, after_newer(state, checkpoint, consistency));
  const std::uint64_t now = std::max(freshness.now, out.time);
  if (freshness.max_age != 0 && now - checkpoint.time > freshness.max_age) {
    return fail(Code::unavailable, "the checkpoint is older than the age that is allowed: ask again, or elsewhere");
  }
  return out;
}

Result<AfterStep> after_step(const State& state, const proof::PolicyStep& step, const proof::Policy& policy) {
  if (state.size < step.size) return AfterStep{state, 0};
  if (state.size == step.size) {
    if (state.size != 0 && state.root != step.root) return fail(Code::conflict, fork);
    return AfterStep{state, 0};
  }
  if (policy.witness_threshold > 0)
    return fail(Code::conflict, "the step goes back behind a log that witnesses have cosigned");
  AfterStep out{state, state.size - step.size};
  out.state.size = step.size;
  out.state.root = step.root;
  return out;
}

Result<State> after_past(const State& state, const proof::VerifiedCheckpoint& checkpoint, ByteView consistency) {
  if (checkpoint.size >= state.size) return after_newer(state, checkpoint, consistency);
  TRY(check_continues({checkpoint.size, checkpoint.root}, {state.size, state.root}, consistency));
  return state;
}

}  // namespace mikusari::client
