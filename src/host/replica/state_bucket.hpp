// SPDX-License-Identifier: Apache-2.0
// The small tree inside a bucket: which leaves part at which depth, and their digest. Pure, but for the rows that are
// read when leaves agree in all the bits that are in memory. Any thread.
#pragma once

#include "replica/state_node.hpp"

namespace mikusari::replica {

// A leaf with as much of its key as is at hand.
struct Entry {
  static constexpr std::uint32_t no_change = 0xffffffff;
  Leaf leaf;
  const Digest* key = nullptr;       // none: 64 bits are in the leaf, the rest in its row
  std::uint32_t change = no_change;  // number of the change that it comes from
};

// The leaves of one bucket, without allocating.
class Entries {
 public:
  explicit Entries(std::span<const Leaf> leaves) : count_(leaves.size()) {
    for (std::size_t i = 0; i < count_; ++i) entries_[i].leaf = leaves[i];
  }
  std::span<const Entry> all() const { return std::span(entries_).first(count_); }

 private:
  std::array<Entry, bucket_leaves_max> entries_;
  std::size_t count_;
};

// How many of the entries have a 0 at this bit of their key: they come first.
// REQUIRES: sorted by key, and agreeing in all bits before `depth`.
Result<std::size_t> count_left(std::span<const Entry> entries, std::size_t depth, const Rows& rows);

// The digest of the subtree at `depth` that has just these leaves. REQUIRES: as count_left().
Result<Digest> digest_of(std::span<const Entry> entries, std::size_t depth, const Rows& rows);

}  // namespace mikusari::replica
