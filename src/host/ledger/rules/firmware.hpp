// SPDX-License-Identifier: Apache-2.0
// Rules of the family `firmware`: k of the model's n release keys must sign, the statement's own signer among them.
// Each key counts once, and only while it speaks.
#pragma once

#include "ledger/rules/common.hpp"
#include "statement/firmware.hpp"

namespace mikusari::ledger {

// The sequence is above every earlier release's; an image's hash stands for one release of a model for ever. The
// version is 1 to 64 printable ASCII characters: it is shown to people, so nothing in it may turn the text around.
Verdict apply(const firmware::Release& body, const Said& said, const View& view, Changes& changes);

// The floor grows, up to the newest release: a device that has it can always connect.
Verdict apply(const firmware::Floor& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
