// SPDX-License-Identifier: Apache-2.0
// Rules of the family `ownership`. The old owner's rights end with the block of the accept: every rule looks at the
// record's owner. Custody is apart: it moves only when both sides sign for it, because who owns a thing and who holds
// it are two facts, and a sale must not claim that something was handed over.
#pragma once

#include "ledger/rules/common.hpp"
#include "statement/ownership.hpp"

namespace mikusari::ledger {

// By the owner, naming the record's seq, to another active member. One offer at a time: cancel comes first.
Verdict apply(const ownership::Offer& body, const Said& said, const View& view, Changes& changes);

// By the member that it is offered to, naming the record's seq: exactly the device that was seen, with its keys and
// parts.
Verdict apply(const ownership::Accept& body, const Said& said, const View& view, Changes& changes);

// By the owner.
Verdict apply(const ownership::Cancel& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
