// SPDX-License-Identifier: Apache-2.0
// The passport of 12 parts and 30 events, on a ledger of any size.
#pragma once

#include "load/ceilings.hpp"
#include "support/makers.hpp"

namespace mikusari::bench {

// Prints its bytes, and the time of its verification beside that of its signatures alone.
Result<void> measure_passport(test::Makers& world, const test::ChildNode& node, const Ceilings& ceilings);

}  // namespace mikusari::bench
