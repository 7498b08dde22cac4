// SPDX-License-Identifier: Apache-2.0
// Rules of the family `model`.
#pragma once

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

// By a maker, in its own name space. Release keys are wallet keys of the vendor that speak now, each once; the
// threshold is at least 1 with keys, and 0 without: then there will be no firmware.
Verdict apply(const model::Register& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
