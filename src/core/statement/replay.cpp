// SPDX-License-Identifier: Apache-2.0
#include "statement/replay.hpp"

namespace mikusari {

bool ReplayRecord::accepts(std::uint64_t n) const {
  if (n == 0) return false;
  if (n > highest) return true;
  const std::uint64_t back = highest - n;
  return back < limits::replay_window_bits && !bit_at(window.bits, static_cast<std::size_t>(back));
}

ReplayRecord ReplayRecord::after(std::uint64_t n) const {
  ASSERT(accepts(n));
  const auto set = [](ReplayRecord& record, std::uint64_t bit) {
    record.window.bits.data[static_cast<std::size_t>(bit / 8)] |= static_cast<std::byte>(0x80 >> (bit % 8));
  };
  ReplayRecord out = *this;
  if (n <= highest) {
    set(out, highest - n);
    return out;
  }
  // The window moves up: bit i becomes bit i + shift.
  const std::uint64_t shift = n - highest;
  out.highest = n;
  out.window = {};
  for (std::uint64_t bit = 0; shift < limits::replay_window_bits && bit + shift < limits::replay_window_bits; ++bit) {
    if (bit_at(window.bits, static_cast<std::size_t>(bit))) set(out, bit + shift);
  }
  set(out, 0);
  return out;
}

}  // namespace mikusari
