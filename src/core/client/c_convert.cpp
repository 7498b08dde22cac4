// SPDX-License-Identifier: Apache-2.0
#include "client/c_convert.hpp"

namespace mikusari::client {

static_assert(MIKUSARI_INVALID == static_cast<int>(Code::invalid) &&
              MIKUSARI_INTERNAL == static_cast<int>(Code::internal));
static_assert(MIKUSARI_ID_BYTES == Digest::length && MIKUSARI_STATE_BYTES_MAX == state_bytes_max);
static_assert(MIKUSARI_KEYS_MAX == limits::keys_of_device_max && MIKUSARI_CLAIMS_MAX == limits::claims_max);
static_assert(MIKUSARI_NOWHERE == Error::nowhere);
static_assert(MIKUSARI_DEVICE_DESTROYED == static_cast<int>(device::State::destroyed));
static_assert(MIKUSARI_PART_SCRAPPED == static_cast<int>(part::State::scrapped));
static_assert(MIKUSARI_GRADE_ACCEPTED == static_cast<int>(part::Grade::accepted));
static_assert(MIKUSARI_THING_FIRMWARE == static_cast<int>(proof::ThingType::firmware));

mikusari_code report(const Error& error, mikusari_error* out) {
  const auto code = static_cast<mikusari_code>(error.code());
  if (out != nullptr) *out = {code, error.text(), error.offset()};
  return code;
}

mikusari_code report_success(mikusari_error* out) {
  if (out != nullptr) *out = {MIKUSARI_OK, "", MIKUSARI_NOWHERE};
  return MIKUSARI_OK;
}

mikusari_code report_null(mikusari_error* out) {
  return report(Error(Code::invalid, "a required pointer is NULL"), out);
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

mikusari_place place_of(const proof::VerifiedAnchor& anchor) {
  return {anchor.checkpoint.size, anchor.record.height, anchor.record.time_ms, anchor.checkpoint.time};
}

mikusari_event event_of(const proof::Event& event, const proof::CheckedEvent& checked) {
  mikusari_event out{};
  copy(checked.identity, out.identity);
  copy(checked.statement.header.kid, out.signer);
  out.issuer = text_of(checked.statement.header.claims.iss);
  out.kind_name = text_of(checked.statement.header.claims.sub);
  out.kind = checked.statement.payload.kind;
  out.body = bytes_of(checked.body);
  out.index = event.index;
  out.height = event.height;
  out.time_ms = event.time_ms;
  out.disputed = event.outcome == statement::Outcome::disputed;
  return out;
}

Result<mikusari_device> device_of(ByteView bytes) {
  TRY(const auto record, cbor::decode<device::Record>(bytes));
  mikusari_device out{};
  out.state = static_cast<mikusari_device_state>(record.state);
  copy(record.model, out.model);
  out.maker = text_of(record.maker);
  out.owner = text_of(record.owner);
  out.custodian = text_of(record.custodian);
  out.offered_to = text_of(record.offered_to);
  out.in_transit_to = text_of(record.in_transit_to);
  for (const auto key : record.keys) copy(key, out.keys[out.key_count++]);
  out.part_count = record.children.size();
  out.disputes = record.disputes;
  out.transfers = record.transfers;
  out.seq = record.seq;
  out.record = bytes_of(bytes);
  return out;
}

Result<mikusari_part> part_of(ByteView bytes) {
  TRY(const auto record, cbor::decode<part::Record>(bytes));
  mikusari_part out{};
  out.state = static_cast<mikusari_part_state>(record.state);
  out.grade = record.grade ? static_cast<mikusari_grade>(*record.grade) : MIKUSARI_GRADE_NONE;
  out.has_model = record.model.has_value();
  out.has_key = record.key.has_value();
  out.has_parent = record.parent.has_value();
  if (record.model) copy(*record.model, out.model);
  if (record.key) copy(*record.key, out.key);
  if (record.parent) copy(*record.parent, out.parent);
  out.maker = text_of(record.maker);
  out.custodian = text_of(record.custodian);
  out.in_transit_to = text_of(record.in_transit_to);
  for (const auto claim : record.claims) copy(claim, out.claims[out.claim_count++]);
  out.part_count = record.children.size();
  out.seq = record.seq;
  out.record = bytes_of(bytes);
  return out;
}

}  // namespace mikusari::client
