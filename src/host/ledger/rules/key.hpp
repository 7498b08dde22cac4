// SPDX-License-Identifier: Apache-2.0
// Rules of the family `key`: keys guard each other.
//
// A party demands that k of its wallet keys sign what touches its power. A new key of a party waits for the veto time,
// in which any other key of it, alone, can freeze it; then it never counts, unless it is thawed in time. One key alone
// can freeze another and do nothing more; to revoke or thaw takes as many other keys as the party demands, two at
// least. Thawing freezes the key that froze, unless it takes its own word back; who revokes the key that froze it
// speaks again. A thing's keys are its owner's affair: they speak at once, and the owner revokes them; a device's key
// ends itself too.
#pragma once

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

// By a party for itself; by the owner of a thing, while it is not being handed over. A key that speaks for another
// subject is a copied one: an alarm on both, and nothing is registered. A key of the same subject that fell silent is
// listed again.
Ruling apply(const key::Register& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const key::Register& body, const Said& said, const View& view);

// The signing wallet key names its successor, which speaks after the veto time; the signing key speaks until then. One
// rotation at a time.
Ruling apply(const key::Rotate& body, const Said& said, const View& view, Changes& changes);

// Against a key that still waits. A thing's: by its owner, for ever. A party's: by any other wallet key of it than the
// predecessor, which freezes it. A key that a registrar brings back: by any other key; the registrar's right ends. One
// that a vote brings back: by as many keys as the party demands.
Ruling apply(const key::Veto& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const key::Veto& body, const Said& said, const View& view);

Ruling apply(const key::Revoke& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const key::Revoke& body, const Said& said, const View& view);

Ruling apply(const key::Freeze& body, const Said& said, const View& view, Changes& changes);

Ruling apply(const key::Thaw& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const key::Thaw& body, const Said& said, const View& view);

}  // namespace mikusari::ledger
