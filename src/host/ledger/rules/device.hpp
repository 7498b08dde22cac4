// SPDX-License-Identifier: Apache-2.0
// Rules of the family `device`: how units are made of parts, live and end. What a mount needs stands in mounts.hpp.
#pragma once

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

// By a maker, of a model of its own: device, or board and module. Each part is in its custody, or its key says that it
// is in this unit. The assembler owns and holds the new device, or holds the new board.
Verdict apply(const device::Assemble& body, const Said& said, const View& view, Changes& changes);

// By who answers for the unit. A part that is unknown, salvaged, in dispute with no unit left, or whose key was
// revoked, comes in with accept_unknown and is graded `accepted`.
Verdict apply(const device::Attach& body, const Said& said, const View& view, Changes& changes);

// By who answers for the unit: a mounted part goes to his stock; of a disputed part the unit's claim is withdrawn, and
// when one claim is left and no member disputes it, the part is mounted there. A retired device keeps its parts until
// it is destroyed, but may withdraw a claim.
Verdict apply(const device::Detach& body, const Said& said, const View& view, Changes& changes);

// By the part's maker, or who answers for the unit that it is mounted in. The part stays disputed, also when it is
// taken out, until the same member withdraws the dispute.
Verdict apply(const device::Dispute& body, const Said& said, const View& view, Changes& changes);

// By the device's own wallet key. Refused while a part in it is disputed: it would come to life as a copy.
Verdict apply(const device::Activate& body, const Said& said, const View& view, Changes& changes);

// By the owner, naming the record's seq: its keys are revoked, an offer ends.
Verdict apply(const device::Retire& body, const Said& said, const View& view, Changes& changes);

// By the owner of a retired device, naming the record's seq, with witnesses of two other members who have that role. A
// tombstone is left; the parts are salvaged and in the owner's custody, its claims to disputed ones withdrawn.
Verdict apply(const device::Destroy& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
