// SPDX-License-Identifier: Apache-2.0
// The few words that the firmware says to the emulator (Arm semihosting, BKPT 0xAB). One thread; nothing allocates.
#pragma once

#include <cstdint>

namespace mikusari::device {

// Writes a zero-terminated text to the emulator's console.
void print(const char* text);
void print(std::uint32_t number);
// Ends the emulator; its exit code is 0 for `passed` and 1 for `failed`.
enum class Outcome : std::uint32_t { passed = 0x20026, failed = 0x20023 };
[[noreturn]] void stop(Outcome outcome);

}  // namespace mikusari::device
