// SPDX-License-Identifier: Apache-2.0
#include "merkle/map_path.hpp"

namespace mikusari::merkle {

static_assert(sizeof(Digest) == Digest::length, "siblings() are read as one run of bytes");

void MapPath::descend(const Digest& sibling) {
  ASSERT(depth_ < limits::map_levels_max);
  if (sibling != empty_subtree) {
    bitmap_[depth_ / 8] |= static_cast<std::byte>(0x80U >> (depth_ % 8));
    siblings_[siblings_.size() - ++count_] = sibling;
  }
  ++depth_;
}

MapProof MapPath::proof() const { return {depth_, bitmap(), std::as_bytes(siblings()), std::nullopt}; }

MapProof MapPath::proof(const MapLeaf& other) const {
  MapProof out = proof();
  out.other = other;
  return out;
}

}  // namespace mikusari::merkle
