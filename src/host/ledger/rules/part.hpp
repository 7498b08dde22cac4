// SPDX-License-Identifier: Apache-2.0
// Rules of the family `part`.
#pragma once

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

// By the vendor of the model, who then has it in custody. An id names one thing, part or device, for ever. With a key
// comes the proof that the part holds it.
Verdict apply(const part::Register& body, const Said& said, const View& view, Changes& changes);

// By the custodian: mounted nowhere, not on its way, not disputed, and nothing mounted in it (a board is emptied first,
// so that no part is lost with it). Its key is revoked with it.
Verdict apply(const part::Scrap& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
