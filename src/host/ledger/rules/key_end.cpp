// SPDX-License-Identifier: Apache-2.0
// How keys end, for a while or for ever: veto, revocation, freezing and thawing.
#include <algorithm>

#include "ledger/rules/key.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

constexpr std::uint64_t others_min = 2;  // one key alone never ends another

// The party whose key it is, when it is a party's.
struct PartyKey {
  Handle handle;
  party::Record party;
  key::Entry entry;
};
Checked<PartyKey> party_key(const View& view, const key::Record& record, const Digest& thumbprint) {
  if (record.subject.type != SubjectType::party) return refuse(wrong_state, key_named(thumbprint));
  TRY(const auto party, party_at(view, record.subject.id));
  for (const auto entry : party.keys) {
    if (entry.key == thumbprint) return PartyKey{record.subject.id, party, entry};
  }
  return refuse(wrong_state, key_named(thumbprint));
}

// `missing_approvals` unless as many other wallet keys as the party demands have signed, two at least.
Checked<> check_others(const Said& said, const View& view, const key::Record& record, const Digest& thumbprint) {
  TRY(const auto party, party_at(view, record.subject.id));
  const std::uint64_t needed = std::max(demanded(party, said.block), others_min);
  if (own_signers(said, party, thumbprint) < needed) return refuse(missing_approvals, key_named(thumbprint));
  return {};
}

// What one key may do alone, a frozen one does with another: `missing_approvals`.
Checked<> check_with_another(const Said& said, const View& view) {
  TRY(const auto signer, key_at(view, said.signer));
  if (signer.state != key::State::frozen) return {};
  TRY(const auto party, party_at(view, signer.subject.id));
  if (own_signers(said, party, said.signer) == 0) return refuse(missing_approvals, key_named(said.signer));
  return {};
}

void put_frozen(Changes& changes, key::Record record, const Digest& thumbprint, const std::optional<Digest>& by) {
  record.state = by ? key::State::frozen : key::State::active;
  record.frozen_by = by;
  changes.put(path::key(thumbprint), record);
}

// A party's key. One that is frozen while it waits ends when its wait does, unless it is thawed before: else whoever
// had stolen one key would have the word of two, and the predecessor that it should replace goes on.
Checked<> set_frozen(const View& view, Changes& changes, const BlockContext& block, const Digest& thumbprint,
                     const std::optional<Digest>& by) {
  TRY(const auto record, key_at(view, thumbprint));
  TRY(const auto party, party_at(view, record.subject.id));
  put_frozen(changes, record, thumbprint, by);
  auto entries = values_of(party.keys);
  const auto entry = std::ranges::find(entries, thumbprint, &key::Entry::key);
  ASSERT(entry != entries.end());
  entry->frozen = by.has_value();
  if (entry->waits_at(block.time_ms)) {
    entry->until_ms = by ? entry->from_ms.value : recovered_from(party, block);
    if (by) TRY(predecessor_goes_on(view, changes, block, thumbprint, record, entries));
  }
  return put_entries(view, changes, block, record.subject, living_entries(entries, block.time_ms));
}

// Frozen keys that together with others have ended the one that froze them have shown that they are the party's.
Checked<> thaw_who_ended(const View& view, Changes& changes, const Said& said, const Digest& freezer) {
  std::vector<Digest> signers{said.signer};
  for (const auto& approver : said.approvers) {
    if (approver.role == statement::ApprovalRole::own && said.is_party(approver.party)) signers.push_back(approver.kid);
  }
  for (const Digest& kid : signers) {
    TRY(const auto record, key_at(view, kid));
    if (record.state == key::State::frozen && record.frozen_by == freezer)
      TRY(set_frozen(view, changes, said.block, kid, std::nullopt));
  }
  return {};
}

// When the key would end without the recovery: when the successor that it has named speaks.
std::uint64_t own_end(const View& view, const party::Record& party, const Digest& thumbprint) {
  const auto record = view.known<key::Record>(path::key(thumbprint));
  for (const auto entry : party.keys) {
    if (entry.key == record.replaced_by) return entry.from_ms.value;
  }
  return 0;
}

}  // namespace

Checked<> end_recovery(const View& view, Changes& changes, const Said& said, const Handle& handle, key::Reason reason) {
  TRY(auto party, party_at(view, handle));
  const Digest brought = *party.recovering;
  std::vector<key::Entry> entries;
  for (auto entry : living_entries(values_of(party.keys), said.block.time_ms)) {
    if (entry.key == brought) continue;
    const bool vetoed = entry.frozen.value && entry.waits_at(said.block.time_ms);
    entry.until_ms = vetoed ? entry.from_ms.value : own_end(view, party, entry.key);
    entries.push_back(entry);
  }
  const auto before = party;
  party.keys = listed(entries);
  party.recovering.reset();
  if (!party.is_member()) party.recovery_ended = true;
  TRY(count_weight(view, changes, before, party, party_named(handle)));
  changes.put(path::party(handle), party);
  TRY(auto record, key_at(view, brought));
  record.state = key::State::revoked;
  record.reason = reason;
  changes.put(path::key(brought), record);
  tell_list(changes, record.subject, brought, list::Change::ended);
  return {};
}

namespace {

// The key that the party's registrar, or a vote, brings back, while it waits.
bool is_brought_back(const PartyKey& key, const BlockContext& block) {
  return key.party.recovering == key.entry.key && recovered_from(key.party, block) != 0;
}

bool waits(const View& view, const Said& said, const key::Record& record, const Digest& thumbprint) {
  for (const auto& entry : entries_of(view, record.subject)) {
    if (entry.key == thumbprint) return entry.waits_at(said.block.time_ms);
  }
  return false;
}

Ruling veto_of_party(const key::Veto& body, const Said& said, const View& view, Changes& changes,
                     const key::Record& record) {
  TRY(const auto key, party_key(view, record, body.key));
  if (!said.is_party(key.handle)) return refuse(not_entitled, key_named(body.key), party_named(key.handle));
  if (is_brought_back(key, said.block)) {
    TRY(end_recovery(view, changes, said, key.handle, key::Reason::vetoed));
    return Ruling::done();
  }
  // Whoever stole a key could veto its owner's rotation for ever.
  if (said.signer == body.key || record.replaces == said.signer)
    return refuse(not_entitled, key_named(body.key), "another key of " + party_named(key.handle));
  if (key.entry.frozen.value) return refuse(wrong_state, key_named(body.key));
  TRY(set_frozen(view, changes, said.block, body.key, said.signer));
  return Ruling::done();
}

}  // namespace

Checked<> approved(const key::Veto& body, const Said& said, const View& view) {
  TRY(const auto record, key_at(view, body.key));
  if (record.subject.type != SubjectType::party || !said.is_party(record.subject.id)) return {};
  TRY(const auto party, party_at(view, record.subject.id));
  if (party.is_member() && party.recovering == body.key) return check_own(said, record.subject.id, party);
  return {};
}

Ruling apply(const key::Veto& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto record, key_at(view, body.key));
  if (record.state == key::State::revoked) return refuse(wrong_state, key_named(body.key));
  if (!waits(view, said, record, body.key)) return refuse(veto_time_over, platform::to_hex(body.key));
  if (record.subject.type == SubjectType::party) return veto_of_party(body, said, view, changes, record);
  TRY(const Handle owner, answers_for(view, record.subject));
  TRY(check_owner(said, owner, key_named(body.key)));
  TRY(revoke(view, changes, said.block, body.key, key::Reason::vetoed));
  return Ruling::done();
}

Checked<> approved(const key::Revoke& body, const Said& said, const View& view) {
  TRY(const auto record, key_at(view, body.key));
  if (body.key == said.signer) return {};
  if (record.subject.type != SubjectType::party) return check_with_another(said, view);
  if (!said.is_party(record.subject.id)) return {};  // the rule refuses it
  return check_others(said, view, record, body.key);
}

Ruling apply(const key::Revoke& body, const Said& said, const View& view, Changes& changes) {
  if (body.reason == key::Reason::vetoed) return refuse(malformed_body);
  TRY(const auto record, key_at(view, body.key));
  if (record.purpose == key::Purpose::recovery) return refuse(key_not_for_signing, platform::to_hex(body.key));
  // Whoever has copied a part's key could mark the part for ever: its owner alone ends it.
  if (body.key != said.signer || record.subject.type == SubjectType::part) {
    TRY(const Handle owner, answers_for(view, record.subject));
    TRY(check_owner(said, owner, key_named(body.key)));
  }
  if (record.state == key::State::revoked) return refuse(wrong_state, key_named(body.key));
  if (const auto key = party_key(view, record, body.key); key && is_brought_back(*key, said.block)) {
    TRY(end_recovery(view, changes, said, key->handle, body.reason));
    return Ruling::done();
  }
  TRY(revoke(view, changes, said.block, body.key, body.reason));
  if (body.key != said.signer && record.subject.type == SubjectType::party)
    TRY(thaw_who_ended(view, changes, said, body.key));
  return Ruling::done();
}

Ruling apply(const key::Freeze& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto record, key_at(view, body.key));
  TRY(const auto key, party_key(view, record, body.key));
  if (!said.is_party(key.handle)) return refuse(not_entitled, key_named(body.key), party_named(key.handle));
  if (said.signer == body.key || record.state != key::State::active) return refuse(wrong_state, key_named(body.key));
  // It is vetoed, not frozen: the older keys would end for a key that is silent.
  if (is_brought_back(key, said.block)) return refuse(wrong_state, key_named(body.key));
  // Whoever stole a wallet key would keep the party from coming back. What a stolen standby key does, party.amend ends.
  if (record.purpose == key::Purpose::standby && !key.entry.waits_at(said.block.time_ms))
    return refuse(key_not_for_signing, platform::to_hex(body.key));
  // As in a veto: the thief of a party's only key could end every successor of it.
  if (record.replaces == said.signer)
    return refuse(not_entitled, key_named(body.key), "another key of " + party_named(key.handle));
  TRY(set_frozen(view, changes, said.block, body.key, said.signer));
  return Ruling::done();
}

Checked<> approved(const key::Thaw& body, const Said& said, const View& view) {
  TRY(const auto record, key_at(view, body.key));
  if (record.subject.type != SubjectType::party || !said.is_party(record.subject.id)) return {};
  return check_others(said, view, record, body.key);
}

Ruling apply(const key::Thaw& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto record, key_at(view, body.key));
  TRY(const auto key, party_key(view, record, body.key));
  if (!said.is_party(key.handle)) return refuse(not_entitled, key_named(body.key), party_named(key.handle));
  if (record.state != key::State::frozen || key.entry.ended_at(said.block.time_ms))
    return refuse(wrong_state, key_named(body.key));
  const auto freezer = record.frozen_by;
  TRY(set_frozen(view, changes, said.block, body.key, std::nullopt));
  if (freezer) {
    const auto by = view.get<key::Record>(path::key(*freezer));
    // Unless it takes its own word back.
    const bool agrees = freezer == said.signer || std::ranges::any_of(said.approvers, [&](const Approver& approver) {
                          return approver.kid == *freezer;
                        });
    if (by && !agrees && by->state == key::State::active && party_key(view, *by, *freezer))
      TRY(set_frozen(view, changes, said.block, *freezer, body.key));
  }
  return Ruling::done();
}

}  // namespace mikusari::ledger
