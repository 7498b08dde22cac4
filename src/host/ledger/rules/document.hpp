// SPDX-License-Identifier: Apache-2.0
// Rules of the family `document`: the receipt is the proof, and nothing else is written, unless the document is about a
// thing of the signer's own.
#pragma once

#include "ledger/rules/things.hpp"
#include "statement/document.hpp"

namespace mikusari::ledger {

// By any party, part or device; audits and test reports by laboratories and certifiers. About a thing: by its root's
// owner, or the thing itself.
Ruling apply(const document::Evidence& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
