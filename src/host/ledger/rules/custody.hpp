// SPDX-License-Identifier: Apache-2.0
// Rules of the family `custody`: both sides sign, so that nothing is pushed on anybody and nothing disappears between.
//
// While a thing is on its way its custodian is still the one who shipped it. Shipping it to oneself takes it back.
// A part that is mounted goes where its unit goes and is not shipped alone. A retired device can still be shipped (to
// who destroys it); a destroyed one and a scrapped part cannot.
#pragma once

#include "ledger/rules/common.hpp"
#include "statement/custody.hpp"

namespace mikusari::ledger {

// By the custodian, to an active member.
Verdict apply(const custody::Ship& body, const Said& said, const View& view, Changes& changes);

// By the member that it was shipped to.
Verdict apply(const custody::Receive& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
