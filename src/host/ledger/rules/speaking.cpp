// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/speaking.hpp"

#include <algorithm>

#include "proof/policy.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

thing::Type type_of(const Subject& subject) {
  return subject.type == SubjectType::part ? thing::Type::part : thing::Type::device;
}

std::optional<key::Entry> entry_of(const std::vector<key::Entry>& entries, const Digest& kid) {
  const auto found = std::ranges::find(entries, kid, &key::Entry::key);
  return found == entries.end() ? std::nullopt : std::optional(*found);
}

// A mounted part's birth key speaks wherever the part stands. Its other keys speak where, and while, they were
// registered for it: mounted nowhere, or under this root in this tenure.
bool stands(const View& view, const Thing& thing, const key::Entry& entry) {
  if (!thing.is_mounted()) return !entry.root;
  if (entry.birth.value) return true;
  if (!entry.root) return false;
  const auto chain = chain_from(view, thing);
  return chain.root().id == *entry.root && chain.root().common().tenure == entry.root_tenure;
}

bool is_recovery_key(const View& view, const crypto::PublicKey& key) {
  return view.known<proof::Policy>(path::policy()).recovery_keys.contains(key);
}

bool may_speak(const key::Entry& entry, std::uint64_t time_ms, Frozen frozen) {
  if (frozen == Frozen::refused) return entry.speaks_at(time_ms);
  return !entry.waits_at(time_ms) && !entry.ended_at(time_ms);
}

}  // namespace

std::vector<key::Entry> entries_of(const View& view, const Subject& subject) {
  if (subject.type == SubjectType::party) {
    const auto party = view.get<party::Record>(path::party(subject.id));
    return party ? values_of(party->keys) : std::vector<key::Entry>();
  }
  const auto thing = thing_at(view, type_of(subject), subject.id);
  return thing ? values_of(thing->common().keys) : std::vector<key::Entry>();
}

Checked<SpeakingKey> speaking_key(const View& view, const BlockContext& block, const Digest& kid, Frozen frozen) {
  TRY(const auto record, key_at(view, kid));
  const auto silent = [&] { return refuse(key_not_active, platform::to_hex(kid)); };
  if (record.purpose == key::Purpose::recovery) {
    if (record.state != key::State::active || !is_recovery_key(view, record.key)) return silent();
    return SpeakingKey{record, {kid, record.purpose, {}, {}, {}, {}, {}, {}}};
  }
  if (record.state == key::State::revoked || (record.state == key::State::frozen && frozen == Frozen::refused))
    return silent();
  const auto entry = entry_of(entries_of(view, record.subject), kid);
  if (!entry || !may_speak(*entry, block.time_ms, frozen)) return silent();
  if (record.subject.type != SubjectType::party) {
    TRY(const auto thing, thing_at(view, type_of(record.subject), record.subject.id));
    if (!thing.lives() || !stands(view, thing, *entry)) return silent();
  }
  return SpeakingKey{record, *entry};
}

Checked<Handle> answers_for(const View& view, const Subject& subject) {
  if (subject.type == SubjectType::party) return subject.id;
  TRY(const auto thing, thing_at(view, type_of(subject), subject.id));
  return chain_from(view, thing).owner();
}

Checked<> check_standing(const View& view, const Subject& subject, statement::Purpose purpose) {
  if (purpose == statement::Purpose::going_on || purpose == statement::Purpose::exit) return {};
  TRY(const Handle handle, answers_for(view, subject));
  const auto party = view.get<party::Record>(path::party(handle));
  if (party && !party->acts()) return refuse(suspended, party_named(handle));
  return {};
}

std::uint64_t own_signers(const Said& said, const party::Record& party, const std::optional<Digest>& except) {
  std::vector<Digest> signers;
  const auto add = [&](const Digest& kid) {
    const auto entry = entry_of(values_of(party.keys), kid);
    if (!entry || entry->purpose != key::Purpose::wallet || !may_speak(*entry, said.block.time_ms, Frozen::allowed))
      return;
    if (kid != except && std::ranges::find(signers, kid) == signers.end()) signers.push_back(kid);
  };
  add(said.signer);
  for (const auto& approver : said.approvers) {
    if (approver.role == statement::ApprovalRole::own) add(approver.kid);
  }
  return signers.size();
}

std::uint64_t demanded(const party::Record& party, const BlockContext& block) {
  std::uint64_t living = 0;
  for (const auto entry : party.keys) {
    if (entry.purpose == key::Purpose::wallet && !entry.waits_at(block.time_ms) && !entry.ended_at(block.time_ms))
      ++living;
  }
  return std::min(party.k, std::max<std::uint64_t>(living, 1));
}

Checked<> check_own(const Said& said, const Handle& handle, const party::Record& party) {
  if (own_signers(said, party, std::nullopt) < demanded(party, said.block))
    return refuse(missing_approvals, party_named(handle));
  return {};
}

std::optional<key::Record> speaking_wallet(const View& view, const BlockContext& block, const Thing& part) {
  for (const auto entry : part.common().keys) {
    if (entry.purpose != key::Purpose::wallet) continue;
    const auto key = speaking_key(view, block, entry.key, Frozen::refused);
    if (key) return key->record;
  }
  return std::nullopt;
}

}  // namespace mikusari::ledger
