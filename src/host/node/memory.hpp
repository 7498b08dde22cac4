// SPDX-License-Identifier: Apache-2.0
// How much memory this process uses, as the kernel counts it. Any thread.
#pragma once

#include <cstdint>

namespace mikusari::node {

// What is resident now, in bytes (proc(5), statm); 0 when the kernel does not say.
std::uint64_t resident_bytes();

}  // namespace mikusari::node
