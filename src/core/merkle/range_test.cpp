// SPDX-License-Identifier: Apache-2.0
// Perfect subtrees and proofs of ranges, against the definition of the tree (RFC 6962 section 2.1).
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "merkle/log.hpp"

namespace mikusari::merkle {
namespace {

using Leaves = std::vector<Digest>;
using View = std::span<const Digest>;

constexpr std::size_t small = 40;

Leaves leaves(std::size_t count) {
  Leaves out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(leaf_hash(as_bytes(std::to_string(i))));
  return out;
}

Digest mth(View d) {
  if (d.empty()) return empty_root();
  if (d.size() == 1) return d[0];
  const std::size_t k = std::bit_floor(d.size() - 1);
  return node_hash(mth(d.first(k)), mth(d.subspan(k)));
}

// The subtrees of the tree that lie wholly at or behind `end`, each the largest, by a walk from the root.
void behind(View tree, std::size_t end, Leaves& out) {
  if (tree.size() <= end || tree.empty()) return;
  if (end == 0 && std::has_single_bit(tree.size())) return out.push_back(mth(tree));
  const std::size_t k = std::bit_floor(tree.size() - 1);
  behind(tree.first(k), std::min(end, k), out);
  behind(tree.subspan(k), end > k ? end - k : 0, out);
}

// A range [first, end) and its proof, as a verifier gets them.
struct RangeProof {
  std::size_t first, end, size;
  Leaves before, range, after;

  RangeProof(View all, std::size_t from, std::size_t to) : first(from), end(to), size(all.size()) {
    CompactRange whole;
    for (std::size_t i = 0; i < first; ++i) whole.append(all[i]);
    before.assign(whole.nodes().begin(), whole.nodes().end());
    range.assign(all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(end));
    std::array<Digest, limits::range_levels_max> room;
    const auto made = subtrees_behind(size, all.subspan(end), room);
    after.assign(made.begin(), made.end());
  }
  Result<Digest> root() const {
    TRY(auto tree, CompactRange::from(first, before));
    for (const Digest& leaf : range) tree.append(leaf);
    return root_behind(tree, size, after);
  }
};

TEST(Subtree, IsAppendedAsItsLeavesWouldBe) {
  const Leaves all = leaves(2 * small);
  for (std::size_t size = 0; size <= small; ++size) {
    for (unsigned level = 0; (std::size_t{1} << level) <= small; ++level) {
      const std::size_t length = std::size_t{1} << level;
      CompactRange range;
      for (std::size_t i = 0; i < size; ++i) range.append(all[i]);
      const Digest before = range.root();
      const auto done = range.append_subtree(level, mth(View(all).subspan(size, length)));
      ASSERT_EQ(done.has_value(), size % length == 0) << size << " " << level;
      if (done) {
        ASSERT_EQ(range.size(), size + length);
        ASSERT_EQ(range.root(), mth(View(all).first(size + length)));
        ASSERT_EQ(range.nodes().size(), static_cast<std::size_t>(std::popcount(size + length)));
      } else {
        ASSERT_EQ(done.error().code(), Code::invalid);
        ASSERT_EQ(range.size(), size) << "what is refused changes nothing";
        ASSERT_EQ(range.root(), before);
      }
    }
  }
}

TEST(Subtree, IsRefusedWhereNoTreeIsAsLarge) {
  const Digest node = leaf_hash(as_bytes("x"));
  for (const unsigned level : {62U, 63U, 64U, 65U, 255U, ~0U}) {
    CompactRange range;
    EXPECT_EQ(range.append_subtree(level, node).error().code(), Code::invalid) << level;
    EXPECT_EQ(range.size(), 0U);
  }
  auto full = CompactRange::from(CompactRange::size_max, View(&node, 1)).value();
  for (const unsigned level : {0U, 5U, 61U}) EXPECT_EQ(full.append_subtree(level, node).error().code(), Code::invalid);
  auto half = CompactRange::from(CompactRange::size_max / 2, View(&node, 1)).value();
  EXPECT_TRUE(half.append_subtree(61, node).has_value());
  EXPECT_EQ(half.size(), CompactRange::size_max);
  EXPECT_EQ(half.root(), node_hash(node, node));
}

TEST(Range, IsProvedForEveryRangeOfEverySmallTree) {
  const Leaves all = leaves(small);
  for (std::size_t size = 0; size <= small; ++size) {
    const View tree = View(all).first(size);
    const Digest root = mth(tree);
    for (std::size_t end = 0; end <= size; ++end) {
      Leaves expected;
      behind(tree, end, expected);
      for (std::size_t first = 0; first <= end; ++first) {
        const RangeProof proof(tree, first, end);
        ASSERT_EQ(proof.after, expected) << first << " " << end << " " << size;
        ASSERT_EQ(proof.root().value(), root) << first << " " << end << " " << size;
      }
    }
  }
}

TEST(Range, RefusesAProofOfAnotherLength) {
  const Leaves all = leaves(small);
  for (std::size_t size = 0; size <= small; ++size) {
    for (std::size_t end = 0; end <= size; ++end) {
      RangeProof longer(View(all).first(size), end / 2, end);
      longer.after.push_back(all[0]);
      ASSERT_EQ(longer.root().error().code(), Code::invalid) << end << " " << size;
      RangeProof shorter(View(all).first(size), end / 2, end);
      if (shorter.after.empty()) continue;
      shorter.after.pop_back();
      ASSERT_EQ(shorter.root().error().code(), Code::invalid) << end << " " << size;
      shorter.after.clear();
      ASSERT_EQ(shorter.root().error().code(), Code::invalid);
    }
  }
}

TEST(Range, MissesTheRootWithAnyOtherNodeOrLeaf) {
  const Leaves all = leaves(23);
  const Digest root = mth(all);
  for (std::size_t end = 0; end <= all.size(); ++end) {
    for (std::size_t first = 0; first <= end; ++first) {
      const RangeProof good(all, first, end);
      for (const auto part : {&RangeProof::before, &RangeProof::range, &RangeProof::after}) {
        for (std::size_t i = 0; i < (good.*part).size(); ++i) {
          RangeProof bad = good;
          (bad.*part)[i].data[i % 32] ^= std::byte{1};
          ASSERT_NE(bad.root().value(), root) << first << " " << end << " " << i;
        }
        if ((good.*part).size() < 2) continue;
        RangeProof swapped = good;
        std::swap((swapped.*part).front(), (swapped.*part).back());
        ASSERT_NE(swapped.root().value(), root) << first << " " << end;
      }
    }
  }
}

// Who shows a true range may lie about where it stands, or leave leaves out. (The size is proved together with the
// root: the root alone does not tell trees of other sizes apart.)
TEST(Range, MissesTheRootAtAnotherPlaceOrWithOtherLeaves) {
  const Leaves all = leaves(21);
  const Digest root = mth(all);
  const auto holds = [&](const RangeProof& proof) {
    const auto met = proof.root();
    return met.has_value() && *met == root;
  };
  for (std::size_t end = 0; end <= all.size(); ++end) {
    for (std::size_t first = 0; first <= end; ++first) {
      const RangeProof good(all, first, end);
      ASSERT_TRUE(holds(good));
      for (std::size_t other = 0; other <= 2 * all.size(); ++other) {
        RangeProof moved = good;
        moved.first = other;
        ASSERT_EQ(holds(moved), other == first) << first << " " << end << " as " << other;
      }
      for (std::size_t i = 0; i < good.range.size(); ++i) {
        RangeProof hidden = good, doubled = good;
        hidden.range.erase(hidden.range.begin() + static_cast<std::ptrdiff_t>(i));
        ASSERT_FALSE(holds(hidden));
        doubled.range.insert(doubled.range.begin() + static_cast<std::ptrdiff_t>(i), good.range[i]);
        ASSERT_FALSE(holds(doubled));
      }
    }
  }
}

TEST(Range, RefusesToEndBehindTheTree) {
  const Leaves all = leaves(5);
  CompactRange range;
  for (const Digest& leaf : all) range.append(leaf);
  EXPECT_EQ(root_behind(range, 4, {}).error().code(), Code::invalid);
  EXPECT_EQ(root_behind(range, 0, {}).error().code(), Code::invalid);
  EXPECT_EQ(root_behind(range, ~std::uint64_t{0}, {}).error().code(), Code::invalid);
  EXPECT_EQ(root_behind(range, CompactRange::size_max + 1, {}).error().code(), Code::invalid);
  EXPECT_EQ(root_behind(range, 5, {}).value(), mth(all));
  EXPECT_EQ(root_behind({}, 0, {}).value(), empty_root());
}

// Trees of any size whose leaves are all the same, so that every perfect subtree of a level has the same root.
TEST(Range, TakesAtMostTheDigestsThatItSays) {
  std::vector<Digest> levels{leaf_hash(as_bytes("same"))};
  while (levels.size() < 62) levels.push_back(node_hash(levels.back(), levels.back()));
  const auto tree_of = [&](std::uint64_t size) {
    Leaves nodes;
    for (unsigned level = 62; level-- > 0;) {
      if ((size >> level & 1U) != 0) nodes.push_back(levels[level]);
    }
    return CompactRange::from(size, nodes).value();
  };
  std::size_t most = 0;
  for (const std::uint64_t size :
       {CompactRange::size_max - 1, CompactRange::size_max / 3 * 2, std::uint64_t{1} << 40}) {
    for (const std::uint64_t end : {std::uint64_t{1}, std::uint64_t{3}, size / 5, size / 2 + 1, size - 1}) {
      const CompactRange range = tree_of(end);
      ASSERT_LE(range.nodes().size(), limits::log_levels_max);
      Leaves after;
      for (std::uint64_t at = end; at < size;) {
        const int level = std::min<int>(std::countr_zero(at), static_cast<int>(std::bit_width(size - at)) - 1);
        after.push_back(levels[static_cast<std::size_t>(level)]);
        at += std::uint64_t{1} << level;
      }
      most = std::max(most, after.size());
      ASSERT_LE(after.size(), limits::range_levels_max);
      ASSERT_EQ(root_behind(range, size, after).value(), tree_of(size).root()) << end << " of " << size;
    }
  }
  EXPECT_GT(most, 100U);
}

}  // namespace
}  // namespace mikusari::merkle
