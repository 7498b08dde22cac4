// SPDX-License-Identifier: Apache-2.0
// How a home follows the ledger from one trust policy to the next.
#pragma once

#include "cli/session.hpp"

namespace mikusari::cli {

// Takes as many steps from the home's trust policy as the node has, each signed by the recovery keys of the policy
// before it. A step that does not hold ends it with the error; the steps before it stay taken.
Result<void> follow_policy(Session& session);

}  // namespace mikusari::cli
