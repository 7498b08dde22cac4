// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace mikusari::node {

// Memory of this process that is in use now, in bytes, as the kernel counts it; 0 when it does not say. Any thread.
std::uint64_t resident_bytes();

}  // namespace mikusari::node
