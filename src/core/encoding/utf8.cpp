// SPDX-License-Identifier: Apache-2.0
#include "encoding/utf8.hpp"

namespace mikusari {
namespace {

struct Lead {
  std::size_t following;
  std::uint32_t bits, least;
};

// RFC 3629 section 4. `following` 0 with least 1 marks a byte that cannot start a character.
Lead lead_of(std::uint32_t byte) {
  if ((byte & 0xe0) == 0xc0) return {1, byte & 0x1f, 0x80};
  if ((byte & 0xf0) == 0xe0) return {2, byte & 0x0f, 0x800};
  if ((byte & 0xf8) == 0xf0) return {3, byte & 0x07, 0x10000};
  return {0, 0, 1};
}

}  // namespace

bool is_utf8(ByteView text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = std::to_integer<std::uint32_t>(text[i]);
    if (byte < 0x80) {
      ++i;
      continue;
    }
    const Lead lead = lead_of(byte);
    if (lead.following == 0 || text.size() - i <= lead.following) return false;
    std::uint32_t point = lead.bits;
    for (std::size_t k = 1; k <= lead.following; ++k) {
      const auto next = std::to_integer<std::uint32_t>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = point << 6 | (next & 0x3f);
    }
    if (point < lead.least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    i += lead.following + 1;
  }
  return true;
}

}  // namespace mikusari
