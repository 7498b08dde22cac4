// SPDX-License-Identifier: Apache-2.0
// Rules of the family `role`. Who grants a role is who has the right to: a certifier for premises and tools, an owner
// for its own things. One grant stands for each (to, role, scope); only who made it changes it while it holds.
#pragma once

#include "ledger/rules/speaking.hpp"

namespace mikusari::ledger {

Ruling apply(const role::Grant& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const role::Grant& body, const Said& said, const View& view);
Ruling apply(const role::Revoke& body, const Said& said, const View& view, Changes& changes);

}  // namespace mikusari::ledger
