// SPDX-License-Identifier: Apache-2.0
#include "merkle/log.hpp"

#include <bit>

#include "crypto/hash.hpp"

namespace mikusari::merkle {
namespace {

constexpr std::byte leaf_prefix[] = {std::byte{0}};
constexpr std::byte node_prefix[] = {std::byte{1}};

// A path from a leaf falls in two: below the level where it leaves the right edge of the tree, a sibling each level
// (inner); above, only where the edge is a right child (border), and then the sibling is on the left.
struct PathShape {
  unsigned inner;
  unsigned border;
};

// REQUIRES: index < size.
PathShape path_shape(std::uint64_t index, std::uint64_t size) {
  const unsigned inner = static_cast<unsigned>(std::bit_width(index ^ (size - 1)));
  const std::uint64_t above = inner == 64 ? 0 : index >> inner;
  return {inner, static_cast<unsigned>(std::popcount(above))};
}

Digest chain_inner(Digest seed, std::span<const Digest> path, std::uint64_t index) {
  for (std::size_t level = 0; level < path.size(); ++level) {
    const bool is_right = ((index >> level) & 1U) != 0;
    seed = is_right ? node_hash(path[level], seed) : node_hash(seed, path[level]);
  }
  return seed;
}

// As chain_inner, of the siblings on the left alone: what the path's nodes were before anything stood to their right.
Digest chain_inner_left(Digest seed, std::span<const Digest> path, std::uint64_t index) {
  for (std::size_t level = 0; level < path.size(); ++level) {
    if (((index >> level) & 1U) != 0) seed = node_hash(path[level], seed);
  }
  return seed;
}

Digest chain_border(Digest seed, std::span<const Digest> path) {
  for (const Digest& left : path) seed = node_hash(left, seed);
  return seed;
}

}  // namespace

Digest leaf_hash(ByteView leaf) { return crypto::sha256({ByteView(leaf_prefix), leaf}); }

Digest leaf_hash(std::initializer_list<ByteView> parts) {
  crypto::Sha256 hash;
  hash.update(leaf_prefix);
  for (const ByteView part : parts) hash.update(part);
  return hash.finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  return crypto::sha256({ByteView(node_prefix), left, right});
}

Digest empty_root() { return crypto::sha256(ByteView()); }

Result<Digest> root_from_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                                   std::span<const Digest> path) {
  if (index >= size) return fail(Code::invalid, "the leaf's index is not below the size of the tree");
  const PathShape shape = path_shape(index, size);
  if (path.size() != shape.inner + shape.border) return fail(Code::invalid, "the inclusion path has a wrong length");
  const Digest top = chain_inner(leaf, path.first(shape.inner), index);
  return chain_border(top, path.subspan(shape.inner));
}

Result<void> verify_consistency(std::uint64_t size1, const Digest& root1, std::uint64_t size2, const Digest& root2,
                                std::span<const Digest> path) {
  if (size1 > size2) return fail(Code::invalid, "the first tree is larger than the second");
  if (size1 == size2) {
    if (!path.empty()) return fail(Code::invalid, "the consistency path of equal sizes is empty");
    if (root1 != root2) return fail(Code::unauthenticated, "two roots of one size");
    return {};
  }
  if (size1 == 0) return fail(Code::invalid, "nothing can be proved from an empty tree");
  if (path.empty()) return fail(Code::invalid, "the consistency path is empty");

  // The largest perfect subtree that ends at size1 is in both trees. The path proves its place in the second; it comes
  // first in the path unless it is the first tree itself.
  const unsigned level = static_cast<unsigned>(std::countr_zero(size1));
  const bool starts_at_root1 = std::has_single_bit(size1);
  const Digest& seed = starts_at_root1 ? root1 : path.front();
  const std::span<const Digest> rest = path.subspan(starts_at_root1 ? 0 : 1);

  const PathShape shape = path_shape(size1 - 1, size2);
  const unsigned inner = shape.inner - level;
  if (rest.size() != inner + shape.border) return fail(Code::invalid, "the consistency path has a wrong length");
  const std::uint64_t index = (size1 - 1) >> level;
  const Digest old_top = chain_inner_left(seed, rest.first(inner), index);
  if (chain_border(old_top, rest.subspan(inner)) != root1) {
    return fail(
        Code::unauthenticated,
        "this log does not continue the earlier one: its history was rewritten, or the consistency path is wrong");
  }
  const Digest new_top = chain_inner(seed, rest.first(inner), index);
  if (chain_border(new_top, rest.subspan(inner)) != root2) {
    return fail(Code::unauthenticated, "the consistency path does not lead to the later root");
  }
  return {};
}

}  // namespace mikusari::merkle
