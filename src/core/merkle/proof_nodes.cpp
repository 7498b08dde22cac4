// SPDX-License-Identifier: Apache-2.0
#include "merkle/proof_nodes.hpp"

#include <bit>

#include "merkle/compact_range.hpp"
#include "merkle/log.hpp"

namespace mikusari::merkle {

// Walks from a perfect subtree up to where its path leaves the right edge of the tree (the fork), then covers what lies
// right of the fork, then what lies left of it. The method is that of github.com/transparency-dev/merkle,
// proof/proof.go.
class ProofNodesBuilder {
 public:
  // The siblings of `node` on its way to the root of the tree of `size` leaves.
  // REQUIRES: the subtree ends below `size`, or at it with a leaf to its left.
  void siblings(NodeId node, std::uint64_t size) {
    const std::uint64_t edge = size >> node.level;
    const unsigned inner = static_cast<unsigned>(std::bit_width(node.index ^ edge)) - 1;
    for (unsigned i = 0; i < inner; ++i) {
      add({node.level, node.index ^ 1U});
      node = {static_cast<std::uint8_t>(node.level + 1), node.index >> 1U};
    }
    const std::uint64_t begin = node.index << node.level;
    const std::uint64_t end = (node.index + 1) << node.level;
    ragged(end, size);
    // Left of the fork: a subtree for each bit of its first leaf's number, smallest first.
    for (std::uint64_t rest = begin; rest != 0; rest &= rest - 1) {
      const unsigned level = static_cast<unsigned>(std::countr_zero(rest));
      add({static_cast<std::uint8_t>(level), (rest >> level) - 1});
    }
  }

  void add(NodeId id) { out_.ids_[out_.count_++] = id; }
  const ProofNodes& take() const { return out_; }

 private:
  // The leaves [begin, size), where begin is a multiple of a power of two that is larger than their number: a subtree
  // for each bit of the number, smallest (rightmost) first.
  void ragged(std::uint64_t begin, std::uint64_t size) {
    out_.ragged_begin_ = out_.count_;
    std::uint64_t end = size;
    while (end != begin) {
      const unsigned level = static_cast<unsigned>(std::countr_zero(end));
      add({static_cast<std::uint8_t>(level), (end >> level) - 1});
      end &= end - 1;
    }
    out_.ragged_end_ = out_.count_;
  }

  ProofNodes out_;
};

std::span<const Digest> ProofNodes::fold(std::span<Digest> fetched) const {
  ASSERT(fetched.size() == count_);
  if (ragged_end_ - ragged_begin_ < 2) return fetched;
  Digest folded = fetched[ragged_begin_];
  for (std::size_t i = ragged_begin_ + 1; i < ragged_end_; ++i) folded = node_hash(fetched[i], folded);
  fetched[ragged_begin_] = folded;
  std::size_t out = ragged_begin_ + 1;
  for (std::size_t i = ragged_end_; i < count_; ++i) fetched[out++] = fetched[i];
  return fetched.first(out);
}

Result<ProofNodes> inclusion_nodes(std::uint64_t index, std::uint64_t size) {
  if (index >= size) return fail(Code::invalid, "the leaf's index is not below the size of the tree");
  if (size > CompactRange::size_max) return fail(Code::invalid, "no log is as large");
  ProofNodesBuilder builder;
  builder.siblings({0, index}, size);
  return builder.take();
}

Result<ProofNodes> consistency_nodes(std::uint64_t size1, std::uint64_t size2) {
  if (size1 == 0) return fail(Code::invalid, "nothing can be proved from an empty tree");
  if (size1 > size2) return fail(Code::invalid, "the first tree is larger than the second");
  if (size2 > CompactRange::size_max) return fail(Code::invalid, "no log is as large");
  ProofNodesBuilder builder;
  if (size1 == size2) return builder.take();
  const std::uint8_t level = static_cast<std::uint8_t>(std::countr_zero(size1));
  const NodeId last{level, (size1 - 1) >> level};
  if (last.index != 0) builder.add(last);  // else it is the first tree, whose root the verifier has
  builder.siblings(last, size2);
  return builder.take();
}

}  // namespace mikusari::merkle
