// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

Subject subject_of_member(std::string_view name) { return {SubjectType::member, as_bytes(name)}; }
Subject subject_of_part(const Id& id) { return {SubjectType::part, id}; }
Subject subject_of_device(const Id& id) { return {SubjectType::device, id}; }

Checked<Digest> check_new_key(const View& view, const Said& said, const crypto::PublicKey& key,
                              const crypto::Signature& possession, const Subject& subject) {
  const Digest thumbprint = cose::thumbprint(key);
  if (!crypto::check(key)) return refuse(bad_key, platform::to_hex(thumbprint));
  std::byte buffer[statement::small_message_bytes_max];
  const auto message = statement::possession_bytes(key, said.block.ledger, said.signer, subject, buffer);
  ASSERT(message.has_value());
  if (!said.signatures.verify(key, *message, possession)) return refuse(bad_possession, platform::to_hex(thumbprint));
  if (view.exists(path::key(thumbprint))) return refuse(key_taken, platform::to_hex(thumbprint));
  return thumbprint;
}

void put_new_key(Changes& changes, const Digest& thumbprint, const crypto::PublicKey& key, key::Purpose purpose,
                 const Subject& subject) {
  key::Record record;
  record.state = key::State::active;
  record.key = key;
  record.purpose = purpose;
  record.subject = subject;
  changes.put(path::key(thumbprint), record);
}

bool waits(const key::Record& record, std::uint64_t time_ms) {
  return record.state == key::State::active && record.from_ms && time_ms < *record.from_ms;
}

namespace {

void put_revoked(Changes& changes, key::Record record, const Digest& thumbprint, key::Reason reason) {
  record.state = key::State::revoked;
  record.reason = reason;
  changes.put(path::key(thumbprint), record);
}

}  // namespace

void revoke(const View& view, Changes& changes, const Digest& thumbprint, key::Reason reason, std::uint64_t time_ms) {
  const auto record = view.get<key::Record>(path::key(thumbprint));
  ASSERT(record.has_value());
  if (record->state == key::State::revoked) return;
  put_revoked(changes, *record, thumbprint, reason);
  if (!record->replaced_by) return;
  const auto successor = view.get<key::Record>(path::key(*record->replaced_by));
  ASSERT(successor.has_value());
  if (waits(*successor, time_ms)) put_revoked(changes, *successor, *record->replaced_by, reason);
}

void revoke_successor(const View& view, Changes& changes, const key::Record& successor, const Digest& thumbprint,
                      key::Reason reason) {
  put_revoked(changes, successor, thumbprint, reason);
  auto predecessor = view.get<key::Record>(path::key(*successor.replaces));
  ASSERT(predecessor.has_value());
  if (predecessor->state == key::State::revoked) return;
  predecessor->until_ms.reset();
  predecessor->replaced_by.reset();
  changes.put(path::key(*successor.replaces), *predecessor);
}

std::vector<Digest> living_keys(const View& view, const device::Record& device, std::uint64_t time_ms) {
  std::vector<Digest> out;
  for (const Digest thumbprint : device.keys) {
    const auto record = view.get<key::Record>(path::key(thumbprint));
    ASSERT(record.has_value());
    if (record->state == key::State::active && (!record->until_ms || time_ms < *record->until_ms))
      out.push_back(thumbprint);
  }
  return out;
}

void forget_ended_keys(const View& view, Changes& changes, const Id& device, std::uint64_t time_ms) {
  auto record = view.get<device::Record>(path::device(device));
  ASSERT(record.has_value());
  const auto keys = living_keys(view, *record, time_ms);
  record->keys = listed(keys);
  changes.put(path::device(device), *record);
}

std::optional<key::Record> speaking_key(const View& view, const part::Record& part, std::uint64_t time_ms) {
  if (!part.key) return std::nullopt;
  auto record = view.get<key::Record>(path::key(*part.key));
  ASSERT(record.has_value());
  if (waits(*record, time_ms)) record = view.get<key::Record>(path::key(*record->replaces));
  ASSERT(record.has_value());
  return record->speaks_at(time_ms) ? record : std::nullopt;
}

void revoke_key_of_part(const View& view, Changes& changes, const part::Record& part, std::uint64_t time_ms) {
  if (!part.key) return;
  const auto record = view.get<key::Record>(path::key(*part.key));
  ASSERT(record.has_value());
  // The predecessor takes the waiting successor with it.
  revoke(view, changes, waits(*record, time_ms) ? *record->replaces : *part.key, key::Reason::end_of_life, time_ms);
}

}  // namespace mikusari::ledger
