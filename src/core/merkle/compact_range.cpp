// SPDX-License-Identifier: Apache-2.0
#include "merkle/compact_range.hpp"

#include <bit>

#include "merkle/log.hpp"

namespace mikusari::merkle {

Result<CompactRange> CompactRange::from(std::uint64_t size, std::span<const Digest> nodes) {
  if (size > size_max) return fail(Code::invalid, "no log is as large as this compact range");
  if (nodes.size() != static_cast<std::size_t>(std::popcount(size))) {
    return fail(Code::invalid, "a compact range has one node for each bit of its size");
  }
  CompactRange out;
  for (const Digest& node : nodes) out.nodes_[out.count_++] = node;
  out.size_ = size;
  return out;
}

void CompactRange::append(const Digest& leaf) {
  ASSERT(size_ < size_max);
  Digest node = leaf;
  // Each one bit at the end of the size is a perfect subtree that the new one completes to a larger.
  for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) node = node_hash(nodes_[--count_], node);
  nodes_[count_++] = node;
  ++size_;
}

Digest CompactRange::root() const {
  if (count_ == 0) return empty_root();
  Digest root = nodes_[count_ - 1];
  for (std::size_t i = count_ - 1; i-- > 0;) root = node_hash(nodes_[i], root);
  return root;
}

Digest root_of(std::span<const Digest> leaf_hashes) {
  CompactRange range;
  for (const Digest& leaf : leaf_hashes) range.append(leaf);
  return range.root();
}

Result<std::span<const Digest>> inclusion_path(std::span<const Digest> leaf_hashes, std::size_t index,
                                               std::span<Digest> out) {
  if (index >= leaf_hashes.size()) return fail(Code::invalid, "the leaf's index is not below the size of the tree");
  std::size_t count = 0;
  std::span<const Digest> tree = leaf_hashes;
  while (tree.size() > 1) {  // from the root down to the leaf, as section 2.1.1 defines it
    if (count == out.size()) return fail(Code::exhausted, "no room for the inclusion path");
    const std::size_t split = std::bit_floor(tree.size() - 1);
    const bool goes_left = index < split;
    out[count++] = root_of(goes_left ? tree.subspan(split) : tree.first(split));
    tree = goes_left ? tree.first(split) : tree.subspan(split);
    if (!goes_left) index -= split;
  }
  for (std::size_t i = 0; i < count / 2; ++i) std::swap(out[i], out[count - 1 - i]);
  return out.first(count);
}

}  // namespace mikusari::merkle
