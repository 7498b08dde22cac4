// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/keys.hpp"

#include <algorithm>

#include "statement/replay.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

NewKey recovery_key(const crypto::PublicKey& key, const Digest& ledger) {
  return {key,         key::Purpose::recovery, subject_of_party(ledger), {}, key::Level::file, key::Activation::nothing,
          std::nullopt};
}

Checked<Brought> bring(const View& view, const Said& said, const NewKey& key, std::uint64_t tenure,
                       const std::optional<Digest>& commitment, const Digest& registrar) {
  const Digest thumbprint = cose::thumbprint(key.key);
  if (!crypto::check(key.key)) return refuse(bad_key, platform::to_hex(thumbprint));
  std::byte buffer[statement::small_message_bytes_max];
  const auto message = statement::possession_bytes(
      key.key, {said.block.ledger, registrar, key.subject, key.purpose, tenure, commitment}, buffer);
  ASSERT(message.has_value());
  if (!said.signatures.verify(key.key, *message, key.possession))
    return refuse(bad_possession, platform::to_hex(thumbprint));
  const auto record = view.get<key::Record>(path::key(thumbprint));
  if (!record) return Brought{thumbprint, Brought::Found::fresh, {}};
  if (record->subject != key.subject) return Brought{thumbprint, Brought::Found::elsewhere, record->subject};
  if (record->purpose != key.purpose) return refuse(key_not_for_signing, platform::to_hex(thumbprint));
  if (record->state != key::State::active) return refuse(key_not_active, platform::to_hex(thumbprint));
  return Brought{thumbprint, Brought::Found::known, {}};
}

Checked<Digest> bring_fresh(const View& view, const Said& said, const NewKey& key, std::uint64_t tenure,
                            const std::optional<Digest>& commitment, const Digest& registrar) {
  TRY(const auto brought, bring(view, said, key, tenure, commitment, registrar));
  if (brought.found != Brought::Found::fresh) return refuse(key_taken, platform::to_hex(brought.thumbprint));
  return brought.thumbprint;
}

void put_new_key(const View& view, Changes& changes, const Digest& thumbprint, const NewKey& key,
                 const std::optional<Digest>& replaces) {
  key::Record record;
  record.state = key::State::active;
  record.key = key.key;
  record.purpose = key.purpose;
  record.subject = key.subject;
  record.level = key.level;
  record.activation = key.activation;
  record.evidence = key.evidence;
  record.replaces = replaces;
  changes.put(path::key(thumbprint), record);
  const bool signs = key.purpose == key::Purpose::wallet || key.purpose == key::Purpose::release ||
                     key.purpose == key::Purpose::standby || key.purpose == key::Purpose::recovery;
  if (signs && !view.exists(path::replay(thumbprint))) {
    ReplayRecord replay;
    replay.last = Bytes<16>::copy(thumbprint.view().first(16));
    changes.put(path::replay(thumbprint), replay);
  }
}

std::uint64_t recovered_from(const party::Record& party, const BlockContext& block) {
  for (const auto entry : party.keys) {
    if (party.recovering == entry.key && entry.waits_at(block.time_ms)) return entry.from_ms.value;
  }
  return 0;
}

std::vector<key::Entry> living_entries(const std::vector<key::Entry>& entries, std::uint64_t time_ms) {
  std::vector<key::Entry> out;
  std::ranges::copy_if(entries, std::back_inserter(out),
                       [&](const key::Entry& entry) { return !entry.ended_at(time_ms); });
  return out;
}

Checked<> put_entries(const View& view, Changes& changes, const BlockContext& block, const Subject& subject,
                      const std::vector<key::Entry>& entries) {
  if (subject.type == SubjectType::party) {
    TRY(auto party, party_at(view, subject.id));
    const std::size_t most = recovered_from(party, block) != 0 ? limits::keys_of_party_max : party::keys_at_first_max;
    if (entries.size() > most) return refuse(too_many_keys, party_named(subject.id));
    const auto before = party;
    party.keys = listed(entries);
    TRY(count_weight(view, changes, before, party, party_named(subject.id)));
    changes.put(path::party(subject.id), party);
    return {};
  }
  const auto type = subject.type == SubjectType::part ? thing::Type::part : thing::Type::device;
  TRY(auto thing, thing_at(view, type, subject.id));
  if (entries.size() > limits::keys_of_thing_max) return refuse(too_many_keys, thing.named());
  thing.common().keys = listed(entries);
  thing.put(changes);
  return {};
}

void tell_list(Changes& changes, const Subject& subject, const Digest& thumbprint, list::Change change) {
  if (subject.type == SubjectType::party)
    changes.append_to_list(path::list(subject.id, list::Kind::keys), thumbprint, change);
}

namespace {

void put_revoked(Changes& changes, key::Record record, const Digest& thumbprint, key::Reason reason) {
  record.state = key::State::revoked;
  record.reason = reason;
  changes.put(path::key(thumbprint), record);
}

// A part whose key was revoked says so for ever. One that was vetoed has never spoken: else whoever had copied a key
// could taint the part by naming a successor.
void mark_part(const View& view, Changes& changes, const Subject& subject, key::Reason reason) {
  if (subject.type != SubjectType::part || reason == key::Reason::vetoed) return;
  auto part = view.known<part::Record>(path::part(subject.id));
  part.revoked = true;
  changes.put(path::part(subject.id), part);
}

}  // namespace

Checked<bool> predecessor_goes_on(const View& view, Changes& changes, const BlockContext& block,
                                  const Digest& successor, const key::Record& record,
                                  std::vector<key::Entry>& entries) {
  if (!record.replaces) return false;
  const auto predecessor = std::ranges::find(entries, *record.replaces, &key::Entry::key);
  if (predecessor == entries.end() || predecessor->ended_at(block.time_ms)) return false;
  auto old = view.known<key::Record>(path::key(*record.replaces));
  if (old.replaced_by != successor) return false;
  predecessor->until_ms = 0;
  if (record.subject.type == SubjectType::party) {
    TRY(const auto party, party_at(view, record.subject.id));
    predecessor->until_ms = recovered_from(party, block);
  }
  old.replaced_by.reset();
  changes.put(path::key(*record.replaces), old);
  return true;
}

Checked<> revoke(const View& view, Changes& changes, const BlockContext& block, const Digest& thumbprint,
                 key::Reason reason) {
  TRY(const auto record, key_at(view, thumbprint));
  if (record.state == key::State::revoked) return {};
  auto entries = entries_of(view, record.subject);
  const auto ends = [&](const Digest& kid) {
    return std::erase_if(entries, [&](const key::Entry& entry) { return entry.key == kid; }) != 0;
  };
  put_revoked(changes, record, thumbprint, reason);
  bool changed = ends(thumbprint);
  if (changed) tell_list(changes, record.subject, thumbprint, list::Change::ended);
  if (record.replaced_by) {
    const auto successor = view.known<key::Record>(path::key(*record.replaced_by));
    const auto waiting = std::ranges::find(entries, *record.replaced_by, &key::Entry::key);
    // Whoever had stolen the predecessor could have named the successor.
    if (waiting != entries.end() && waiting->waits_at(block.time_ms)) {
      put_revoked(changes, successor, *record.replaced_by, reason);
      changed = ends(*record.replaced_by) || changed;
      tell_list(changes, record.subject, *record.replaced_by, list::Change::ended);
    }
  }
  TRY(const bool goes_on, predecessor_goes_on(view, changes, block, thumbprint, record, entries));
  if (changed || goes_on)
    TRY(put_entries(view, changes, block, record.subject, living_entries(entries, block.time_ms)));
  mark_part(view, changes, record.subject, reason);
  return {};
}

namespace {

bool votes(const party::Record& record) {
  if (!record.is_member() || record.state != party::State::active) return false;
  for (const auto entry : record.keys) {
    if (entry.purpose == key::Purpose::wallet && !entry.frozen.value) return true;
  }
  return false;
}

bool counts(const party::Record& record) {
  return record.is_member() && record.state != party::State::expelled && record.state != party::State::closed;
}

std::uint64_t voting_of(const party::Record& record) { return votes(record) ? record.weight.value : 0; }

}  // namespace

std::uint64_t weight_in_total(const party::Record& record) { return counts(record) ? record.weight.value : 0; }

Checked<> count_weight(const View& view, Changes& changes, const party::Record& before, const party::Record& after,
                       const std::string& named) {
  if (weight_in_total(before) == weight_in_total(after) && voting_of(before) == voting_of(after)) return {};
  auto ledger = ledger_record(view);
  ledger.total_weight = ledger.total_weight - weight_in_total(before) + weight_in_total(after);
  ledger.voting_weight = ledger.voting_weight - voting_of(before) + voting_of(after);
  if (ledger.voting_weight == 0) return refuse(would_orphan_ledger, named);
  changes.put(path::ledger(), ledger);
  return {};
}

void count_new_weight(const View& view, Changes& changes, const party::Record& record) {
  auto ledger = ledger_record(view);
  ledger.total_weight += weight_in_total(record);
  ledger.voting_weight += voting_of(record);
  changes.put(path::ledger(), ledger);
}

}  // namespace mikusari::ledger
