// SPDX-License-Identifier: Apache-2.0
// Makes a MapProof: whoever walks the state tree down from its root tells the sibling at each level. A value of 8 kB;
// one thread at a time; no heap.
#pragma once

#include <array>

#include "base/limits.hpp"
#include "merkle/map.hpp"

namespace mikusari::merkle {

class MapPath {
 public:
  // The next level down; `sibling` is the digest of the child that is not on the way, zero when it is empty.
  // REQUIRES: fewer than 256 levels so far.
  void descend(const Digest& sibling);

  std::size_t depth() const { return depth_; }
  ByteView bitmap() const { return ByteView(bitmap_).first((depth_ + 7) / 8); }
  // Deepest first.
  std::span<const Digest> siblings() const { return std::span(siblings_).last(count_); }

  // Views into this object. The leaf that stands in the key's place, for absence.
  MapProof proof() const;
  MapProof proof(const MapLeaf& other) const;

 private:
  std::array<std::byte, limits::map_levels_max / 8> bitmap_{};
  std::array<Digest, limits::map_levels_max> siblings_{};  // filled from the end, so that the deepest comes first
  std::size_t depth_ = 0;
  std::size_t count_ = 0;
};

}  // namespace mikusari::merkle
