// SPDX-License-Identifier: Apache-2.0
#include "startup.hpp"

#include <cstddef>

#include "semihosting.hpp"

extern "C" {
// Set by firmware.ld.
extern std::uint32_t stack_bottom[], stack_top[], data_begin[], data_end[], data_image[], bss_begin[], bss_end[];
extern void (*const init_array_begin[])();
extern void (*const init_array_end[])();

[[noreturn]] void reset();
[[noreturn]] void fault();
[[noreturn]] void abort() noexcept;
[[noreturn]] void exit(int status) noexcept;
}

namespace mikusari::device {
namespace {

constexpr std::uint32_t paint = 0xc5c5c5c5;

}  // namespace

std::uint32_t stack_bytes_used() {
  const volatile std::uint32_t* at = stack_bottom;
  while (at < stack_top && *at == paint) ++at;
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(stack_top) - reinterpret_cast<std::uintptr_t>(at));
}

}  // namespace mikusari::device

using mikusari::device::Outcome;

void reset() {
  // Everything below this frame; the frame itself holds a handful of registers.
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - 64;
  for (volatile std::uint32_t* at = stack_bottom; reinterpret_cast<std::uintptr_t>(at) < here; ++at)
    *at = mikusari::device::paint;
  for (std::ptrdiff_t i = 0; i < data_end - data_begin; ++i) data_begin[i] = data_image[i];
  for (volatile std::uint32_t* at = bss_begin; at < bss_end; ++at) *at = 0;
  for (auto* at = init_array_begin; at < init_array_end; ++at) (*at)();
  mikusari::device::stop(mikusari::device::run());
}

void fault() {
  mikusari::device::print("FAILED: the processor raised a fault\n");
  mikusari::device::stop(Outcome::failed);
}

void abort() noexcept {
  mikusari::device::print("FAILED: abort was called\n");
  mikusari::device::stop(Outcome::failed);
}

void exit(int status) noexcept { mikusari::device::stop(status == 0 ? Outcome::passed : Outcome::failed); }

// Armv7-M Architecture Reference Manual, section B1.5.3: the stack pointer, reset, and the fifteen system exceptions.
union Vector {
  std::uint32_t* stack;
  void (*handler)();
};

extern "C" [[gnu::section(".vectors"), gnu::used]] const Vector vectors[16] = {
    {.stack = stack_top}, {.handler = reset}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}, {.handler = fault}};
