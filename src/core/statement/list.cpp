// SPDX-License-Identifier: Apache-2.0
#include "statement/list.hpp"

#include "merkle/log.hpp"

namespace mikusari::list {

Digest leaf_hash(const Entry& entry) {
  std::byte buffer[64];
  const auto encoded = cbor::encode(entry, buffer);
  ASSERT(encoded.has_value());
  return merkle::leaf_hash(*encoded);
}

}  // namespace mikusari::list
