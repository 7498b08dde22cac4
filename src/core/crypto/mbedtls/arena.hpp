// SPDX-License-Identifier: Apache-2.0
// mbedTLS's working memory on a device, where there is no heap: a buffer of the caller's. Device builds only, whose
// mbedTLS has MBEDTLS_MEMORY_BUFFER_ALLOC_C (tests/device/mbedtls_config.h). Verification then serves one thread.
#pragma once

#include "base/bytes.hpp"

namespace mikusari::crypto {

// One P-256 verification takes 4,352 bytes where a pointer has 8 (with a window of 2 and no table of the base point),
// less where it has 4. In a smaller arena it fails with `internal`.
constexpr std::size_t arena_bytes_min = 4608;

// Call once, before the first verification; the buffer must outlive the last.
// REQUIRES: arena.size() >= arena_bytes_min.
void use_arena(MutableByteView arena);

}  // namespace mikusari::crypto
