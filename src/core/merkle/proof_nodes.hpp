// SPDX-License-Identifier: Apache-2.0
// Which stored hashes make a proof about an append-only tree (log.hpp), for whoever keeps the hashes of its perfect
// subtrees, in tiles or elsewhere. Fetch the node at each of ids(), in that order, then fold() them into the path.
// Values; any thread; no heap.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace mikusari::merkle {

// The root of the perfect subtree over the leaves [index << level, (index + 1) << level).
struct NodeId {
  std::uint8_t level = 0;
  std::uint64_t index = 0;
  friend bool operator==(const NodeId&, const NodeId&) = default;
};

class ProofNodes {
 public:
  // All subtrees named are complete in the tree that the proof is about.
  std::span<const NodeId> ids() const { return std::span(ids_).first(count_); }

  // The path: at most one of its digests is not of a perfect subtree but of the tree's ragged right end, and is hashed
  // here from the nodes that cover it. Works in place; returns the front of `fetched`.
  // REQUIRES: fetched.size() == ids().size(), in the same order.
  std::span<const Digest> fold(std::span<Digest> fetched) const;

 private:
  friend class ProofNodesBuilder;
  std::array<NodeId, std::size_t{2} * limits::log_levels_max> ids_{};
  std::size_t count_ = 0;
  std::size_t ragged_begin_ = 0;  // ids_[ragged_begin_, ragged_end_) cover the ragged end, smallest subtree first
  std::size_t ragged_end_ = 0;
};

// For root_from_inclusion(). `invalid` unless index < size <= CompactRange::size_max.
Result<ProofNodes> inclusion_nodes(std::uint64_t index, std::uint64_t size);

// For verify_consistency(): none for equal sizes. `invalid` unless 0 < size1 <= size2 <= CompactRange::size_max.
Result<ProofNodes> consistency_nodes(std::uint64_t size1, std::uint64_t size2);

}  // namespace mikusari::merkle
