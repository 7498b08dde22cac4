// SPDX-License-Identifier: Apache-2.0
#include "crypto/mbedtls/arena.hpp"

#include <mbedtls/platform.h>

#ifdef MBEDTLS_MEMORY_BUFFER_ALLOC_C

#include <mbedtls/memory_buffer_alloc.h>

#include "base/result.hpp"

namespace mikusari::crypto {

void use_arena(MutableByteView arena) {
  ASSERT(arena.size() >= arena_bytes_min);
  mbedtls_memory_buffer_alloc_init(reinterpret_cast<unsigned char*>(arena.data()), arena.size());
}

}  // namespace mikusari::crypto

#endif
