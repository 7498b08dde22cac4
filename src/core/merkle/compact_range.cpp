// SPDX-License-Identifier: Apache-2.0
#include "merkle/compact_range.hpp"

#include <algorithm>
#include <bit>

#include "merkle/log.hpp"

namespace mikusari::merkle {
namespace {

// The level of the largest perfect subtree that begins at `at` in a tree of `size` leaves.
unsigned level_at(std::uint64_t at, std::uint64_t size) {
  const auto room = static_cast<unsigned>(std::bit_width(size - at) - 1);
  return at == 0 ? room : std::min(room, static_cast<unsigned>(std::countr_zero(at)));
}

}  // namespace

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
  ASSERT(append_subtree(0, leaf).has_value());
}

Result<void> CompactRange::append_subtree(unsigned level, const Digest& root) {
  const std::uint64_t leaves = level < 62 ? std::uint64_t{1} << level : 0;
  if (leaves == 0 || size_ % leaves != 0 || size_ > size_max - leaves)
    return fail(Code::invalid, "a subtree does not fit behind this tree");
  Digest node = root;
  // Each one bit from there up is a perfect subtree that the new one completes to a larger.
  for (std::uint64_t rest = size_ >> level; (rest & 1U) != 0; rest >>= 1U) node = node_hash(nodes_[--count_], node);
  nodes_[count_++] = node;
  size_ += leaves;
  return {};
}

Result<void> CompactRange::append_next(std::uint64_t size, const Digest& root) {
  if (size > size_max || size_ >= size) return fail(Code::invalid, "the proof of a range is too long");
  return append_subtree(level_at(size_, size), root);
}

Digest CompactRange::root() const {
  if (count_ == 0) return empty_root();
  Digest root = nodes_[count_ - 1];
  for (std::size_t i = count_ - 1; i-- > 0;) root = node_hash(nodes_[i], root);
  return root;
}

Result<Digest> root_behind(CompactRange range, std::uint64_t size, std::span<const Digest> after) {
  if (size > CompactRange::size_max || range.size() > size)
    return fail(Code::invalid, "the range ends behind the tree");
  for (const Digest& subtree : after) TRY(range.append_next(size, subtree));
  if (range.size() != size) return fail(Code::invalid, "the proof of a range is too short");
  return range.root();
}

std::span<const Digest> subtrees_behind(std::uint64_t size, std::span<const Digest> leaves, std::span<Digest> out) {
  ASSERT(leaves.size() <= size);
  std::size_t count = 0;
  for (std::uint64_t at = size - leaves.size(); at < size;) {
    const std::size_t length = std::size_t{1} << level_at(at, size);
    ASSERT(count < out.size());
    out[count++] = root_of(leaves.first(length));
    leaves = leaves.subspan(length);
    at += length;
  }
  return out.first(count);
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
