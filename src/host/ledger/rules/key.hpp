// SPDX-License-Identifier: Apache-2.0
// Rules of the family `key`.
//
// Who answers for a key's subject: a member for itself, with its wallet keys; the owner for a device; for a part who
// answers for the unit it stands in, or its custodian. Keys outlive a sale: the buyer sees a device's keys in the
// record that he accepts by its seq, and revokes those he does not want.
#pragma once

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

// A member for itself; a device's owner for the device; a part's maker, while the part is in the maker's stock and has
// no key. Speaks from the next block on. A part's key is a wallet key.
Verdict apply(const key::Register& body, const Said& said, const View& view, Changes& changes);

// The signing key names its successor, which speaks after the veto time; the signing key speaks until then. One
// rotation at a time.
Verdict apply(const key::Rotate& body, const Said& said, const View& view, Changes& changes);

// Before the successor speaks: by who answers for the subject; for a member's by another key of it than the one that
// rotates (who stole that one could veto for ever). The predecessor goes on as before.
Verdict apply(const key::Veto& body, const Said& said, const View& view, Changes& changes);

// By the key itself or by who answers for its subject. A successor that waits goes with its predecessor; one that is
// revoked alone leaves its predecessor as before the rotation. `vetoed` is not for revoke to say.
Verdict apply(const key::Revoke& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
