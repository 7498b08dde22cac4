// SPDX-License-Identifier: Apache-2.0
#include "ledger/execute.hpp"
#include "ledger/rules/party.hpp"
#include "proof/policy.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

void found_member(const NewMember& member, const Digest& ledger, const View& view, Changes& changes) {
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
    entries.push_back({thumbprint, key.purpose, {}, {}, {}, {}, {}, true});
    put_new_key(
        view, changes, thumbprint,
        {key.key, key.purpose, subject_of_party(handle), key.possession, key.level, key.activation, std::nullopt});
  }
  record.keys = listed(entries);
  changes.put(path::party(handle), record);
  begin_lists(changes, handle, record);
  for (const auto& entry : entries) tell_list(changes, subject_of_party(handle), entry.key, list::Change::gained);
  changes.put(path::quota(handle), QuotaRecord{});
}

}  // namespace

// The records that a genesis founds have no events: no committed body has made them.
void found(const Genesis& genesis, const Digest& ledger, Overlay& state) {
  Steps steps;
  const View view(state, steps);
  Changes changes(state, steps, Gains::nothing, 0);
  LedgerRecord record;
  record.parameters = genesis.parameters;
  for (const auto member : genesis.members) {
    found_member(member, ledger, view, changes);
    record.total_weight += member.weight;
    record.voting_weight += member.weight;
  }
  for (const auto key : genesis.recovery_keys) {
    put_new_key(view, changes, cose::thumbprint(key), recovery_key(key, ledger));
  }
  changes.put(path::ledger(), record);
  changes.put(path::policy(), proof::policy_of(genesis, ledger));
  changes.put(path::quota(ledger), QuotaRecord{});
}

}  // namespace mikusari::ledger
