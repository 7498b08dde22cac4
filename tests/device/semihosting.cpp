// SPDX-License-Identifier: Apache-2.0
#include "semihosting.hpp"

namespace mikusari::device {
namespace {

// "Semihosting for AArch32 and AArch64", release 2.0, sections 6.7 and 6.20.
constexpr std::uint32_t sys_write0 = 0x04;
constexpr std::uint32_t sys_exit = 0x18;

void call(std::uint32_t operation, std::uint32_t argument) {
  register std::uint32_t r0 asm("r0") = operation;
  register std::uint32_t r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

}  // namespace

void print(const char* text) { call(sys_write0, reinterpret_cast<std::uint32_t>(text)); }

void print(std::uint32_t number) {
  char digits[11];
  char* at = digits + sizeof digits - 1;
  *at = '\0';
  do {
    *--at = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  print(at);
}

void stop(Outcome outcome) {
  call(sys_exit, static_cast<std::uint32_t>(outcome));
  for (;;) asm volatile("wfi");
}

}  // namespace mikusari::device
