// SPDX-License-Identifier: Apache-2.0
// What this process asks of the kernel for itself.
#pragma once

#include "base/result.hpp"

namespace mikusari::platform {

// No core file and no ptrace by the same user: memory holds private keys. Call first in main().
Result<void> forbid_core_dumps();

}  // namespace mikusari::platform
