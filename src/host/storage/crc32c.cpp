// SPDX-License-Identifier: Apache-2.0
#include "storage/crc32c.hpp"

#include <array>

namespace mikusari::storage {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? (value >> 1) ^ 0x82f63b78U : value >> 1;
    table[i] = value;
  }
  return table;
}

constexpr auto table = make_table();

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t crc32c_by_instruction(ByteView bytes, std::uint32_t before) {
  std::uint64_t state = ~before;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    state = __builtin_ia32_crc32di(state, word);
  }
  auto rest = static_cast<std::uint32_t>(state);
  for (const std::byte byte : bytes) rest = __builtin_ia32_crc32qi(rest, std::to_integer<unsigned char>(byte));
  return ~rest;
}
#endif

using Function = std::uint32_t (*)(ByteView, std::uint32_t);

Function choose() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return crc32c_by_instruction;
#endif
  return crc32c_by_table;
}

}  // namespace

std::uint32_t crc32c_by_table(ByteView bytes, std::uint32_t before) {
  std::uint32_t state = ~before;
  for (const std::byte byte : bytes)
    state = (state >> 8) ^ table[(state ^ std::to_integer<std::uint32_t>(byte)) & 255U];
  return ~state;
}

std::uint32_t crc32c(ByteView bytes, std::uint32_t before) {
  static const Function function = choose();
  return function(bytes, before);
}

}  // namespace mikusari::storage
