// SPDX-License-Identifier: Apache-2.0
// Rules of the family `ownership`. A living thing that is mounted nowhere has one owner, who can always offer it,
// cancel an offer, and end one that others have forced; a thing has one open hand-over.
#pragma once

#include "ledger/rules/things.hpp"
#include "statement/ownership.hpp"

namespace mikusari::ledger {

// By the owner, naming the title counter, to another party.
Ruling apply(const ownership::Offer& body, const Said& said, const View& view, Changes& changes);
// By the party that it is offered to, naming the title counter as the offer left it. Custody stays where it is.
Ruling apply(const ownership::Accept& body, const Said& said, const View& view, Changes& changes);
Ruling apply(const ownership::Cancel& body, const Said& said, const View& view, Changes& changes);
// The quorum that the owner's record states; the wait that it states must pass before `to` may accept.
Ruling apply(const ownership::Force& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const ownership::Force& body, const Said& said, const View& view);

}  // namespace mikusari::ledger
