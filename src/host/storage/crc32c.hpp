// SPDX-License-Identifier: Apache-2.0
// CRC-32C, the checksum of the chain file: Castagnoli's polynomial as in RFC 3720 section B.4 (iSCSI). Finds accidents
// of disks; against people there are hashes and signatures.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace mikusari::storage {

// Of `bytes` behind what `before` is the checksum of: crc32c(b, crc32c(a)) is that of a || b. Uses the processor's
// instruction (SSE 4.2) where there is one.
std::uint32_t crc32c(ByteView bytes, std::uint32_t before = 0);

// The same by table, on any machine.
std::uint32_t crc32c_by_table(ByteView bytes, std::uint32_t before = 0);

}  // namespace mikusari::storage
