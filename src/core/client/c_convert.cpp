// SPDX-License-Identifier: Apache-2.0
#include "client/c_convert.hpp"

namespace mikusari::client {

static_assert(MIKUSARI_INVALID == static_cast<int>(Code::invalid) && MIKUSARI_NEWER == static_cast<int>(Code::newer));
static_assert(MIKUSARI_ID_BYTES == Digest::length && MIKUSARI_STATE_BYTES_MAX == state_bytes_max);
static_assert(MIKUSARI_NOWHERE == Error::nowhere);
static_assert(MIKUSARI_OUTCOME_VOIDED == static_cast<int>(statement::Outcome::voided));

mikusari_code report(const Error& error, mikusari_error* out) {
  const bool later = error.text() == proof::later_policy;
  const auto code = later ? MIKUSARI_LATER_POLICY : static_cast<mikusari_code>(error.code());
  if (out != nullptr) *out = {code, error.text(), error.offset()};
  return code;
}

mikusari_code report(const Result<void>& verdict, mikusari_error* out) {
  if (!verdict) return report(verdict.error(), out);
  if (out != nullptr) *out = {MIKUSARI_OK, "", MIKUSARI_NOWHERE};
  return MIKUSARI_OK;
}

mikusari_code report_null(mikusari_error* out) {
  return report(Error(Code::invalid, "a required pointer is NULL"), out);
}

Result<void> check_there(mikusari_bytes bytes) {
  if (bytes.data == nullptr && bytes.size != 0) return fail(Code::invalid, "bytes of some size are at NULL");
  return {};
}

Result<Verifier> open(const mikusari_client& client) {
  State state;
  state.ledger = digest_of(client.ledger);
  state.policy = digest_of(client.policy_digest);
  state.policy_epoch = client.policy_epoch;
  state.size = client.size;
  state.root = digest_of(client.root);
  state.time = client.time;
  return Verifier::reopen(view(client.policy), state);
}

void keep(const State& state, mikusari_client& client) {
  copy(state.ledger, client.ledger);
  copy(state.policy, client.policy_digest);
  client.policy_epoch = state.policy_epoch;
  client.size = state.size;
  copy(state.root, client.root);
  client.time = state.time;
}

Terms terms_of(const mikusari_client& client, mikusari_bytes consistency) {
  return {view(consistency), {client.now, client.max_age}};
}

Result<Answered> record_of(mikusari_client& client, mikusari_answer answer, const Digest& path) {
  if (answer.bytes.data == nullptr) return fail(Code::invalid, "a required answer is missing");
  TRY(check_there(answer.consistency));
  TRY(auto verifier, open(client));
  TRY(const auto& verified, verifier.record(view(answer.bytes), path, terms_of(client, answer.consistency)));
  keep(verifier.state(), client);
  return Answered{place_of(verified.anchor), verified.value};
}

mikusari_place place_of(const proof::VerifiedAnchor& anchor) {
  return {anchor.checkpoint.size, anchor.record.height, anchor.record.time_ms, anchor.checkpoint.time,
          anchor.record.policy_epoch};
}

void fill(const proof::Event& event, const proof::CheckedEvent& checked, mikusari_event& out) {
  copy(checked.identity, out.identity);
  copy(checked.statement.header.kid, out.signer);
  out.issuer = text_of(checked.statement.header.claims.iss);
  out.kind_name = text_of(checked.statement.header.claims.sub);
  out.kind = checked.statement.payload.kind;
  out.withheld = !checked.body.has_value();
  if (checked.body) out.body = bytes_of(*checked.body);
  out.index = event.index;
  out.height = event.height;
  out.time_ms = event.time_ms;
  out.outcome = static_cast<mikusari_outcome>(event.outcome);
}

}  // namespace mikusari::client
