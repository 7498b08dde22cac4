// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/party.hpp"

#include <algorithm>

#include "statement/replay.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

Checked<> count_opening(const View& view, Changes& changes, const Said& said, const Handle& registrar) {
  auto quota = view.get<QuotaRecord>(path::quota(registrar)).value_or(QuotaRecord{});
  const std::uint64_t today = quota.day == said.block.day() ? quota.openings.value : 0;
  if (today >= parameters(view).openings_day) return refuse(over_quota, party_named(registrar));
  quota.day = said.block.day();
  quota.openings = today + 1;
  changes.put(path::quota(registrar), quota);
  return {};
}

Checked<> check_form(const party::Open& body) {
  const bool has_standby = body.standby && body.standby_possession;
  if (body.standby.has_value() != body.standby_possession.has_value()) return refuse(malformed_body);
  if (has_standby != (body.recovery == party::Recovery::standby)) return refuse(malformed_body);
  return {};
}

// The party's own record, of a party that is no member.
Checked<party::Record> own_party(const Said& said, const View& view) {
  TRY(const Handle handle, speaking_party(said, "party"));
  TRY(auto record, party_at(view, handle));
  if (record.is_member()) return refuse(not_entitled, party_named(handle), "a party that is no member");
  return record;
}

}  // namespace

void begin_lists(Changes& changes, const Handle& handle, const party::Record& record) {
  changes.begin_list(path::list(handle, list::Kind::keys));
  changes.begin_list(path::list(handle, list::Kind::devices));
  if (!record.is_member()) return;
  for (const auto kind : {list::Kind::models, list::Kind::releases, list::Kind::parties})
    changes.begin_list(path::list(handle, kind));
}

NewKey new_key(const MemberKey& key, const Handle& member) {
  return {key.key, key.purpose, subject_of_party(member), key.possession, key.level, key.activation, std::nullopt};
}

Checked<party::Record> begin_member(const NewMember& member, const Digest& ledger, const View& view, Changes& changes) {
  const Handle handle = names::member(ledger, member.name);
  party::Record record;
  record.state = party::State::active;
  record.name = member.name;
  record.weight = member.weight;
  record.k = member.k;
  record.roles = member.roles;
  record.recovery = party::Recovery::none;
  std::vector<key::Entry> entries;
  for (const auto key : member.keys) {
    const Digest thumbprint = cose::thumbprint(key.key);
    if (view.exists(path::key(thumbprint))) return refuse(key_taken, platform::to_hex(thumbprint));
    entries.push_back({thumbprint, key.purpose, {}, {}, {}, {}, {}, true});
    put_new_key(view, changes, thumbprint, new_key(key, handle));
  }
  record.keys = listed(entries);
  changes.put(path::party(handle), record);
  begin_lists(changes, handle, record);
  for (const auto& entry : entries) tell_list(changes, subject_of_party(handle), entry.key, list::Change::gained);
  return record;
}

Checked<> check_force(const View& view, const std::optional<party::Force>& force, const std::string& named) {
  if (!force) return {};
  if (force->threshold == 0 || force->threshold > force->quorum.size()) return refuse(bad_threshold, named);
  if (force->wait_ms < parameters(view).force_ms || force->wait_ms > 3650 * day_ms) return refuse(bad_parameter, named);
  std::vector<Handle> seen;
  for (const Handle party : force->quorum) {
    TRY(party_at(view, party));
    if (std::ranges::find(seen, party) != seen.end()) return refuse(bad_threshold, named);
    seen.push_back(party);
  }
  return {};
}

Ruling apply(const party::Open& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle registrar, check_role(view, said, Role::registrar));
  TRY(check_form(body));
  const Digest first = cose::thumbprint(body.key);
  const Handle handle = names::party(said.block.ledger, registrar, first, body.nonce);
  if (view.exists(path::party(handle))) return refuse(already_registered, party_named(handle));
  TRY(check_force(view, body.force, party_named(handle)));
  TRY(count_opening(view, changes, said, registrar));
  const NewKey key{body.key,        key::Purpose::wallet, subject_of_party(handle),
                   body.possession, key::Level::file,     key::Activation::nothing,
                   std::nullopt};
  const Digest asked = party::asked(body);
  TRY(const auto brought, bring(view, said, key, 0, asked, said.signer));
  if (brought.found != Brought::Found::fresh) {
    TRY(raise_alarm(view, changes, said.block, brought.other));
    return Ruling::alarm(key_named(brought.thumbprint), party_named(handle));
  }
  party::Record record;
  record.state = party::State::active;
  record.registrar = registrar;
  record.commitment = body.commitment;
  record.recovery = body.recovery;
  record.force = body.force;
  std::vector<key::Entry> entries{{brought.thumbprint, key::Purpose::wallet, {}, {}, {}, {}, {}, true}};
  put_new_key(view, changes, brought.thumbprint, key);
  begin_lists(changes, handle, record);
  tell_list(changes, key.subject, brought.thumbprint, list::Change::gained);
  if (body.standby) {
    const NewKey standby{*body.standby,    key::Purpose::standby,    key.subject, *body.standby_possession,
                         key::Level::file, key::Activation::nothing, std::nullopt};
    TRY(const Digest thumbprint, bring_fresh(view, said, standby, 0, asked, said.signer));
    entries.push_back({thumbprint, key::Purpose::standby, {}, {}, {}, {}, {}, true});
    put_new_key(view, changes, thumbprint, standby);
    tell_list(changes, key.subject, thumbprint, list::Change::gained);
  }
  record.keys = listed(entries);
  changes.put(path::party(handle), record);
  changes.append_to_list(path::list(registrar, list::Kind::parties), handle, list::Change::gained);
  return Ruling::done();
}

Ruling apply(const party::Suspend& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto record, party_at(view, body.party));
  if (!record.registrar || !said.is_party(*record.registrar))
    return refuse(not_entitled, party_named(body.party), "its registrar");
  const auto from = body.suspended ? party::State::active : party::State::suspended;
  if (record.state != from) return refuse(wrong_state, party_named(body.party));
  if (body.suspended) TRY(check_role(view, said, Role::registrar));
  record.state = body.suspended ? party::State::suspended : party::State::active;
  changes.put(path::party(body.party), record);
  return Ruling::done();
}

Checked<> approved(const party::Move& body, const Said& said, const View& view) {
  TRY(const auto registrar, party_at(view, body.registrar));
  for (const auto& approver : said.approvers) {
    const bool is = approver.role == statement::ApprovalRole::registrar && approver.party == body.registrar;
    if (is && registrar.acts() && registrar.roles.contains(Role::registrar)) return {};
  }
  return refuse(missing_approvals, party_named(body.registrar));
}

Ruling apply(const party::Move& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto record, own_party(said, view));
  const Handle handle = *said.party();
  TRY(party_at(view, body.registrar));
  if (record.registrar == body.registrar) return refuse(already_said, party_named(handle));
  // Else a key that the old registrar brings back would take over one day.
  if (recovered_from(record, said.block) != 0) {
    TRY(end_recovery(view, changes, said, handle, key::Reason::vetoed));
    TRY(record, party_at(view, handle));
    record.recovery_ended = false;
  }
  changes.append_to_list(path::list(*record.registrar, list::Kind::parties), handle, list::Change::ended);
  changes.append_to_list(path::list(body.registrar, list::Kind::parties), handle, list::Change::gained);
  record.registrar = body.registrar;
  // A registrar that suspended it has no say any more. What it closed itself stays closed.
  if (record.state == party::State::suspended) record.state = party::State::active;
  changes.put(path::party(handle), record);
  return Ruling::done();
}

Checked<> approved(const party::Close&, const Said& said, const View& view) {
  TRY(const auto record, own_party(said, view));
  return check_own(said, *said.party(), record);
}

Ruling apply(const party::Close&, const Said& said, const View& view, Changes& changes) {
  TRY(auto record, own_party(said, view));
  const auto named = party_named(*said.party());
  if (record.state == party::State::closed) return refuse(already_said, named);
  if (record.things.value != 0)
    return refuse(not_empty, named, "it owns " + std::to_string(record.things.value) + " things");
  record.state = party::State::closed;
  changes.put(path::party(*said.party()), record);
  return Ruling::done();
}

Checked<> bring_back(const View& view, const Said& said, Changes& changes, const Handle& handle, const NewKey& key,
                     std::uint64_t from_ms) {
  TRY(auto record, party_at(view, handle));
  const bool at_once = from_ms == 0;
  if (const auto from = recovered_from(record, said.block); !at_once && from != 0)
    return refuse(still_waits, key_named(*record.recovering), std::to_string(from));
  const Digest thumbprint = cose::thumbprint(key.key);
  if (view.exists(path::key(thumbprint))) return refuse(key_taken, platform::to_hex(thumbprint));
  std::vector<key::Entry> entries;
  for (auto entry : living_entries(values_of(record.keys), said.block.time_ms)) {
    if (at_once && entry.key != said.signer) {
      tell_list(changes, key.subject, entry.key, list::Change::ended);
      continue;
    }
    entry.until_ms = at_once ? 0 : entry.until_ms.is_zero() ? from_ms : std::min(entry.until_ms.value, from_ms);
    entries.push_back(entry);
  }
  entries.push_back({thumbprint, key.purpose, {}, from_ms, {}, {}, {}, {}});
  if (entries.size() > limits::keys_of_party_max) return refuse(too_many_keys, party_named(handle));
  const auto before = record;
  record.keys = listed(entries);
  record.recovering = at_once ? std::nullopt : std::optional(thumbprint);
  TRY(count_weight(view, changes, before, record, party_named(handle)));
  changes.put(path::party(handle), record);
  put_new_key(view, changes, thumbprint, key);
  tell_list(changes, key.subject, thumbprint, list::Change::gained);
  return {};
}

Ruling apply(const party::Recover& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto record, party_at(view, body.party));
  const auto named = party_named(body.party);
  const NewKey key{body.key,        key::Purpose::wallet, subject_of_party(body.party),
                   body.possession, key::Level::file,     key::Activation::nothing,
                   std::nullopt};
  TRY(bring_fresh(view, said, key, 0, record.commitment, said.signer));
  if (said.purpose == key::Purpose::standby) {
    if (!said.is_party(body.party)) return refuse(not_entitled, named, named);
    if (record.recovery != party::Recovery::standby) return refuse(not_recoverable, named);
    TRY(bring_back(view, said, changes, body.party, key, 0));
    return Ruling::done();
  }
  if (!record.registrar || !said.is_party(*record.registrar)) return refuse(not_entitled, named, "its registrar");
  if (record.recovery != party::Recovery::registrar || record.recovery_ended.value)
    return refuse(not_recoverable, named);
  TRY(acting_party(view, *record.registrar));
  TRY(check_role(view, said, Role::registrar));
  TRY(bring_back(view, said, changes, body.party, key, after(said.block.time_ms, parameters(view).recovery_ms)));
  return Ruling::done();
}

namespace {

std::uint64_t wallets(const party::Record& record) {
  std::uint64_t out = 0;
  for (const auto entry : record.keys) out += entry.purpose == key::Purpose::wallet ? 1 : 0;
  return out;
}

}  // namespace

// Who demands more keys shows so many: else whoever stole one could demand more than the others are.
Checked<> approved(const party::Amend& body, const Said& said, const View& view) {
  TRY(const Handle handle, speaking_party(said, "party"));
  TRY(const auto record, party_at(view, handle));
  const std::uint64_t shown = std::min(body.k.value_or(0), wallets(record));
  if (own_signers(said, record, std::nullopt) < std::max(demanded(record, said.block), shown))
    return refuse(missing_approvals, party_named(handle));
  return {};
}

Ruling apply(const party::Amend& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle handle, speaking_party(said, "party"));
  TRY(auto record, party_at(view, handle));
  const auto named = party_named(handle);
  if (body.k) {
    if (*body.k == 0 || *body.k > wallets(record)) return refuse(bad_threshold, named);
    record.k = *body.k;
  }
  if (body.recovery) {
    const auto keys = values_of(record.keys);
    const bool has_standby =
        std::ranges::any_of(keys, [](const key::Entry& entry) { return entry.purpose == key::Purpose::standby; });
    if (*body.recovery == party::Recovery::standby && !has_standby) return refuse(wrong_state, named);
    record.recovery = *body.recovery;
    record.recovery_ended = false;
  }
  if (body.force) {
    TRY(check_force(view, body.force, named));
    record.force = body.force;
  }
  changes.put(path::party(handle), record);
  return Ruling::done();
}

}  // namespace mikusari::ledger
