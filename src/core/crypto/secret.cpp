// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

namespace mikusari::crypto {

void wipe(MutableByteView bytes) {
  volatile std::byte* at = bytes.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) at[i] = std::byte{0};
}

}  // namespace mikusari::crypto
