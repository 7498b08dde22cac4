// SPDX-License-Identifier: Apache-2.0
// What runs before run(): the vector table, and a stack that is painted so that its deepest use can be read later.
#pragma once

#include <cstdint>

#include "semihosting.hpp"

namespace mikusari::device {

// The firmware's own part, called once after reset; what it returns ends the emulator.
Outcome run();

// Bytes of stack that have been written since reset, at the deepest.
std::uint32_t stack_bytes_used();

}  // namespace mikusari::device
