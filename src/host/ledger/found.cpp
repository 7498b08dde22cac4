// SPDX-License-Identifier: Apache-2.0
#include "ledger/execute.hpp"
#include "ledger/rules/keys.hpp"
#include "proof/policy.hpp"

namespace mikusari::ledger {

// The records that a genesis founds have seq 0 and an empty events head: no committed body has made them.
void found(const Genesis& genesis, const Digest& ledger, Overlay& state) {
  Changes changes(state);
  Parameters parameters;
  parameters.rotation_veto_ms = genesis.rotation_veto_ms;
  for (const auto member : genesis.members) {
    member::Record record;
    record.state = member::State::active;
    record.name = member.name;
    record.roles = member.roles;
    record.weight = member.weight;
    parameters.active_weight += member.weight;
    changes.put(path::member(member.name), record);
    for (const auto key : member.keys) {
      put_new_key(changes, cose::thumbprint(key), key, key::Purpose::wallet, subject_of_member(member.name));
    }
  }
  changes.put(path::parameters(), parameters);
  changes.put(path::policy(), proof::policy_of(genesis, ledger));
}

}  // namespace mikusari::ledger
