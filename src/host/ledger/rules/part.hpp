// SPDX-License-Identifier: Apache-2.0
// Rules of the family `part`.
#pragma once

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

// The model of a thing that is born: of this maker, not withdrawn, of a class that fits; or blinded, of a class that
// fits. `wrong_model`.
Checked<> check_model(const View& view, const Handle& maker, const Id& model,
                      const std::optional<thing::Class>& blinded_class, bool (*fits)(thing::Class));

// By a maker, of a model of its own that is no device. A key that is taken is an alarm on its subject and the part,
// which is then born without it.
Ruling apply(const part::Register& body, const Said& said, const View& view, Changes& changes);
// By who holds the thing or its root; by an inspector whom its owner has named; by a laboratory.
Ruling apply(const part::Inspect& body, const Said& said, const View& view, Changes& changes);
// By the owner: mounted nowhere, holding no parts, not being handed over.
Ruling apply(const part::Scrap& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
