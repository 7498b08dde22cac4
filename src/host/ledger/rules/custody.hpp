// SPDX-License-Identifier: Apache-2.0
// Rules of the family `custody`: both sides sign, so that nothing is pushed on anybody and nothing disappears between.
//
// While a thing is on its way its custodian is still the one who shipped it. A mounted part goes where its root goes. A
// retired device can still be shipped, without title, to who destroys it; a destroyed one and a scrapped part cannot.
// What custodians say moves no title counter: an owner's statement never becomes stale by it.
#pragma once

#include "ledger/rules/things.hpp"
#include "statement/custody.hpp"

namespace mikusari::ledger {

// By the custodian to another party; with title by the owner who holds the thing.
Ruling apply(const custody::Ship& body, const Said& said, const View& view, Changes& changes);
// By whom it was shipped to.
Ruling apply(const custody::Receive& body, const Said& said, const View& view, Changes& changes);
Ruling apply(const custody::Refuse& body, const Said& said, const View& view, Changes& changes);
// By the owner, whoever holds it and whatever is under way.
Ruling apply(const custody::Recall& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
