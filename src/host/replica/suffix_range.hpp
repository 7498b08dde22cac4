// SPDX-License-Identifier: Apache-2.0
// The roots of the subtrees behind a place in an append-only tree (merkle::root_behind()), as the place moves to the
// front leaf by leaf. A value; used by one thread at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <vector>

#include "merkle/log.hpp"

namespace mikusari::replica {

class SuffixRange {
 public:
  // Behind the last of `size` leaves: nothing.
  explicit SuffixRange(std::uint64_t size) : size_(size), begin_(size) {}

  std::uint64_t begin() const { return begin_; }
  // The leaf before those that are covered is covered too. REQUIRES: begin() > 0.
  void prepend(const Digest& leaf) {
    ASSERT(begin_ > 0);
    --begin_;
    const auto room = static_cast<unsigned>(std::bit_width(size_ - begin_) - 1);
    const unsigned level = begin_ == 0 ? room : std::min(room, static_cast<unsigned>(std::countr_zero(begin_)));
    // Behind it stand the subtrees of levels 0, 1, ... that fill the one which begins here.
    Digest node = leaf;
    for (unsigned i = 0; i < level; ++i) {
      node = merkle::node_hash(node, nodes_.back());
      nodes_.pop_back();
    }
    nodes_.push_back(node);
  }
  // In the order of the tree.
  std::vector<Digest> nodes() const { return {nodes_.rbegin(), nodes_.rend()}; }

 private:
  std::uint64_t size_, begin_;
  std::vector<Digest> nodes_;  // the first last
};

}  // namespace mikusari::replica
