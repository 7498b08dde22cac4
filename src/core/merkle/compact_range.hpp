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
  // Appends a perfect subtree of 2^level leaves by its root. `invalid` unless the size is a multiple of 2^level.
  Result<void> append_subtree(unsigned level, const Digest& root);
  // Appends the largest perfect subtree that follows in a tree of `size` leaves. `invalid` when nothing follows.
  Result<void> append_next(std::uint64_t size, const Digest& root);
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

// A range [first, end) of a tree of `size` leaves is proved by the subtrees before and behind it: `before` are the
// nodes of the compact range of `first` leaves; `after` the roots of the largest perfect subtrees that follow one
// another from `end` to `size`. At most 64 and 126 digests.
//
// The tree's root: `range` is of the leaves before `end`, made of `before` and the leaves of the range. Errors:
// `invalid` when `after` has another length than `size` fixes.
Result<Digest> root_behind(CompactRange range, std::uint64_t size, std::span<const Digest> after);
// `after` for the leaf hashes of [end, size) in order, where `end` = size - leaves.size(). For whoever makes proofs;
// writes to the front of `out`, 126 always suffice.
std::span<const Digest> subtrees_behind(std::uint64_t size, std::span<const Digest> leaves, std::span<Digest> out);

// The root of a small tree in memory.
Digest root_of(std::span<const Digest> leaf_hashes);

// The inclusion path of one leaf of a small tree in memory, written to the front of `out`; costs one hash a leaf.
// Errors: `invalid` when index >= leaf_hashes.size(), `exhausted` when `out` is too small (64 always suffice).
Result<std::span<const Digest>> inclusion_path(std::span<const Digest> leaf_hashes, std::size_t index,
                                               std::span<Digest> out);

}  // namespace mikusari::merkle
