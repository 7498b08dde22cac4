// SPDX-License-Identifier: Apache-2.0
// What this process asks of the kernel for itself.
#pragma once

#include "base/result.hpp"

namespace mikusari::platform {

// Descriptors 0 to 2 that are closed are opened on /dev/null. Else the next file that is opened gets one of them, and
// what is printed goes into it. Call before anything is opened.
Result<void> hold_standard_descriptors();

// No core file and no ptrace by the same user: memory holds private keys. Call first in main().
Result<void> forbid_core_dumps();

}  // namespace mikusari::platform
