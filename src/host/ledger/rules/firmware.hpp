// SPDX-License-Identifier: Apache-2.0
// Rules of the family `firmware`: k of the model's n release keys must sign, the statement's own signer among them.
#pragma once

#include "ledger/rules/model.hpp"
#include "statement/firmware.hpp"

namespace mikusari::ledger {

// The sequence is above every earlier release's, by at most sequence_step, so that no number ends a model. An image may
// come back in a later release. The version is 1 to 64 printable ASCII characters.
Ruling apply(const firmware::Release& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const firmware::Release& body, const Said& said, const View& view);

// The floor grows, up to the newest release that is not recalled: a device that has it can always connect.
Ruling apply(const firmware::Floor& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const firmware::Floor& body, const Said& said, const View& view);

// One release key halts a release, once; k of them recall it, or lift either.
Ruling apply(const firmware::Recall& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const firmware::Recall& body, const Said& said, const View& view);

}  // namespace mikusari::ledger
