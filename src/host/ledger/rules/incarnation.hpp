// SPDX-License-Identifier: Apache-2.0
// The rule of ledger.incarnation: other checkpoint signers, by the recovery role.
#pragma once

#include "ledger/rules/speaking.hpp"

namespace mikusari::ledger {

Ruling apply(const incarnation::Begin& body, const Said& said, const View& view, Changes& changes);
// As many different recovery keys of the policy in force as it demands.
Checked<> approved(const incarnation::Begin& body, const Said& said, const View& view);

}  // namespace mikusari::ledger
