// SPDX-License-Identifier: Apache-2.0
#include "ledger/execute.hpp"
#include "ledger/rules/party.hpp"
#include "proof/policy.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {

// The records that a genesis founds have no events: no committed body has made them.
void found(const Genesis& genesis, const Digest& ledger, Overlay& state) {
  Steps steps;
  const View view(state, steps);
  Changes changes(state, steps, Gains::nothing, 0);
  LedgerRecord record;
  record.parameters = genesis.parameters;
  for (const auto member : genesis.members) {
    ASSERT(begin_member(member, ledger, view, changes));
    changes.put(path::quota(names::member(ledger, member.name)), QuotaRecord{});
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
