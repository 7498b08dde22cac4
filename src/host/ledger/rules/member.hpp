// SPDX-License-Identifier: Apache-2.0
// Rules of the family `ledger`: who is a member. Members of more than half of the active weight must say so: the signer
// and the approvers with the role `member`, each member once, whichever of its keys signed.
#pragma once

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

// The name is free and the new member holds its first key. That key speaks from the next block on.
Verdict apply(const member::Admit& body, const Said& said, const View& view, Changes& changes);

// Suspends an active member or lets a suspended one act again. Refused when no weight would be left to undo it.
Verdict apply(const member::SetState& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
