// SPDX-License-Identifier: Apache-2.0
// The frontier of an append-only tree (log.hpp): the roots of the perfect subtrees that its leaves fall into, largest
// first, one for each bit of the size. Enough to append and to know the root: 2 kB for any log, no heap. A value; used
// by one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace mikusari::merkle {

class CompactRange {
 public:
  // Larger trees are refused, so that no append can overflow.
  static constexpr std::uint64_t size_max = std::uint64_t{1} << 62;

  CompactRange() = default;
  // As nodes() gave it. `invalid` unless there is one digest for each bit of the size; whether they are the right ones
  // shows in root() only.
  static Result<CompactRange> from(std::uint64_t size, std::span<const Digest> nodes);

  void append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  // Of the empty tree: SHA-256("").
  Digest root() const;
  // Largest subtree first; valid until the next append.
  std::span<const Digest> nodes() const { return std::span(nodes_).first(count_); }

 private:
  std::array<Digest, limits::log_levels_max> nodes_{};
  std::uint64_t size_ = 0;
  std::size_t count_ = 0;
};

// The root of a small tree in memory.
Digest root_of(std::span<const Digest> leaf_hashes);

// The inclusion path of one leaf of a small tree in memory, written to the front of `out`; costs one hash a leaf.
// Errors: `invalid` when index >= leaf_hashes.size(), `exhausted` when `out` is too small (64 always suffice).
Result<std::span<const Digest>> inclusion_path(std::span<const Digest> leaf_hashes, std::size_t index,
                                               std::span<Digest> out);

}  // namespace mikusari::merkle
