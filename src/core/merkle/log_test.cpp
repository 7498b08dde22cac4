// SPDX-License-Identifier: Apache-2.0
#include "merkle/log.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <vector>

#include "crypto/test_vectors.hpp"

namespace mikusari::merkle {
namespace {

using Leaves = std::vector<Digest>;

Leaves leaves(std::size_t count) {
  Leaves out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(leaf_hash(as_bytes(std::to_string(i))));
  return out;
}

// MTH, PATH and PROOF as RFC 6962 section 2.1 writes them, over leaf hashes.
Digest mth(std::span<const Digest> d) {
  if (d.empty()) return empty_root();
  if (d.size() == 1) return d[0];
  const std::size_t k = std::bit_floor(d.size() - 1);
  return node_hash(mth(d.first(k)), mth(d.subspan(k)));
}

Leaves path(std::size_t m, std::span<const Digest> d) {
  if (d.size() == 1) return {};
  const std::size_t k = std::bit_floor(d.size() - 1);
  Leaves out = m < k ? path(m, d.first(k)) : path(m - k, d.subspan(k));
  out.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
  return out;
}

enum class Known { yes, no };

Leaves subproof(std::size_t m, std::span<const Digest> d, Known known) {
  if (m == d.size()) return known == Known::yes ? Leaves{} : Leaves{mth(d)};
  const std::size_t k = std::bit_floor(d.size() - 1);
  Leaves out = m <= k ? subproof(m, d.first(k), known) : subproof(m - k, d.subspan(k), Known::no);
  out.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
  return out;
}

TEST(Log, HashesAsRfc6962) {
  EXPECT_EQ(test::to_hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // Roots of certificate-transparency's reference tree over its first leaves.
  EXPECT_EQ(test::to_hex(leaf_hash(ByteView())), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(test::to_hex(node_hash(leaf_hash(ByteView()), leaf_hash(test::from_hex("00")))),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  EXPECT_EQ(leaf_hash({as_bytes("ab"), as_bytes("c")}), leaf_hash(as_bytes("abc")));
}

TEST(CompactRange, HasTheRootOfTheTreeAtEverySize) {
  const Leaves all = leaves(300);
  CompactRange range;
  EXPECT_EQ(range.root(), empty_root());
  for (std::size_t size = 1; size <= all.size(); ++size) {
    range.append(all[size - 1]);
    ASSERT_EQ(range.size(), size);
    ASSERT_EQ(range.root(), mth(std::span(all).first(size)));
    ASSERT_EQ(range.root(), root_of(std::span(all).first(size)));
    ASSERT_EQ(range.nodes().size(), static_cast<std::size_t>(std::popcount(size)));
  }
}

TEST(CompactRange, ContinuesFromItsNodes) {
  const Leaves all = leaves(200);
  for (std::size_t size = 0; size < all.size(); size += 7) {
    CompactRange first;
    for (std::size_t i = 0; i < size; ++i) first.append(all[i]);
    auto second = CompactRange::from(size, first.nodes());
    ASSERT_TRUE(second.has_value());
    for (std::size_t i = size; i < all.size(); ++i) second->append(all[i]);
    ASSERT_EQ(second->root(), mth(all));
  }
}

TEST(CompactRange, RefusesAWrongNumberOfNodes) {
  const Leaves all = leaves(4);
  EXPECT_EQ(CompactRange::from(5, std::span(all).first(1)).error().code(), Code::invalid);
  EXPECT_EQ(CompactRange::from(5, std::span(all).first(3)).error().code(), Code::invalid);
  EXPECT_EQ(CompactRange::from(0, std::span(all).first(1)).error().code(), Code::invalid);
  EXPECT_EQ(CompactRange::from(std::uint64_t{1} << 63, std::span(all).first(1)).error().code(), Code::invalid);
  EXPECT_TRUE(CompactRange::from(CompactRange::size_max, std::span(all).first(1)).has_value());
}

TEST(Inclusion, IsProvedForEveryLeafOfEverySmallTree) {
  const Leaves all = leaves(70);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    const std::span<const Digest> tree = std::span(all).first(size);
    for (std::size_t index = 0; index < size; ++index) {
      const Leaves expected = path(index, tree);
      std::array<Digest, 64> room;
      const auto made = inclusion_path(tree, index, room);
      ASSERT_TRUE(made.has_value());
      ASSERT_EQ(Leaves(made->begin(), made->end()), expected);
      const auto root = root_from_inclusion(index, size, all[index], expected);
      ASSERT_TRUE(root.has_value());
      ASSERT_EQ(*root, mth(tree));
    }
  }
}

TEST(Inclusion, MissesTheRootWithAnyChangedBitIndexOrLeaf) {
  const Leaves all = leaves(21);
  const Digest root = mth(all);
  for (const std::size_t index : {0UL, 7UL, 16UL, 19UL, 20UL}) {
    const Leaves good = path(index, all);
    for (std::size_t bit = 0; bit < good.size() * 256; ++bit) {
      Leaves bad = good;
      bad[bit / 256].data[bit % 256 / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      ASSERT_NE(*root_from_inclusion(index, all.size(), all[index], bad), root);
    }
    for (std::size_t other = 0; other < all.size(); ++other) {
      if (other == index) continue;
      const auto misplaced = root_from_inclusion(other, all.size(), all[index], good);
      ASSERT_TRUE(!misplaced || *misplaced != root);
      ASSERT_NE(*root_from_inclusion(index, all.size(), all[other], good), root);
    }
  }
}

TEST(Inclusion, RefusesAPathOfAnotherLength) {
  const Leaves all = leaves(9);
  Leaves longer = path(4, all);
  longer.push_back(all[0]);
  EXPECT_EQ(root_from_inclusion(4, 9, all[4], longer).error().code(), Code::invalid);
  EXPECT_EQ(root_from_inclusion(4, 9, all[4], std::span(longer).first(longer.size() - 2)).error().code(),
            Code::invalid);
  EXPECT_EQ(root_from_inclusion(9, 9, all[4], {}).error().code(), Code::invalid);
  EXPECT_EQ(root_from_inclusion(0, 0, all[4], {}).error().code(), Code::invalid);
  std::array<Digest, 2> small;
  EXPECT_EQ(inclusion_path(all, 4, small).error().code(), Code::exhausted);
  EXPECT_EQ(inclusion_path(all, 9, small).error().code(), Code::invalid);
}

TEST(Consistency, IsProvedBetweenEveryTwoSmallTrees) {
  const Leaves all = leaves(50);
  for (std::size_t size2 = 1; size2 <= all.size(); ++size2) {
    const Digest root2 = mth(std::span(all).first(size2));
    for (std::size_t size1 = 1; size1 <= size2; ++size1) {
      const Digest root1 = mth(std::span(all).first(size1));
      const Leaves proof = subproof(size1, std::span(all).first(size2), Known::yes);
      ASSERT_TRUE(verify_consistency(size1, root1, size2, root2, proof).has_value()) << size1 << " " << size2;
      for (std::size_t i = 0; i < proof.size(); ++i) {
        Leaves bad = proof;
        bad[i].data[31] ^= std::byte{1};
        ASSERT_EQ(verify_consistency(size1, root1, size2, root2, bad).error().code(), Code::unauthenticated);
      }
      Digest other = root1;
      other.data[0] ^= std::byte{0x80};
      ASSERT_FALSE(verify_consistency(size1, other, size2, root2, proof).has_value());
      ASSERT_FALSE(verify_consistency(size1, root1, size2, other, proof).has_value());
    }
  }
}

TEST(Consistency, RefusesImpossibleSizes) {
  const Digest root = leaf_hash(as_bytes("a"));
  EXPECT_EQ(verify_consistency(2, root, 1, root, {}).error().code(), Code::invalid);
  EXPECT_EQ(verify_consistency(0, empty_root(), 1, root, {}).error().code(), Code::invalid);
  EXPECT_EQ(verify_consistency(1, root, 2, root, {}).error().code(), Code::invalid);
  EXPECT_EQ(verify_consistency(3, root, 3, empty_root(), {}).error().code(), Code::unauthenticated);
  EXPECT_EQ(verify_consistency(3, root, 3, root, std::span(&root, 1)).error().code(), Code::invalid);
  EXPECT_TRUE(verify_consistency(0, empty_root(), 0, empty_root(), {}).has_value());
}

// The perfect subtrees that a log store keeps: hashes[level][index].
std::vector<Leaves> stored_nodes(const Leaves& all) {
  std::vector<Leaves> out{all};
  while (out.back().size() > 1) {
    Leaves next;
    for (std::size_t i = 0; i + 1 < out.back().size(); i += 2) {
      next.push_back(node_hash(out.back()[i], out.back()[i + 1]));
    }
    out.push_back(next);
  }
  return out;
}

Leaves fetch(const ProofNodes& nodes, const std::vector<Leaves>& stored) {
  Leaves fetched;
  for (const NodeId& id : nodes.ids()) fetched.push_back(stored.at(id.level).at(id.index));
  const auto folded = nodes.fold(fetched);
  return Leaves(folded.begin(), folded.end());
}

TEST(ProofNodes, GiveThePathsOfRfc6962FromStoredSubtrees) {
  const Leaves all = leaves(67);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    const Leaves tree(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
    const auto stored = stored_nodes(tree);
    for (std::size_t index = 0; index < size; ++index) {
      ASSERT_EQ(fetch(*inclusion_nodes(index, size), stored), path(index, tree)) << index << " of " << size;
    }
    for (std::size_t size1 = 1; size1 <= size; ++size1) {
      ASSERT_EQ(fetch(*consistency_nodes(size1, size), stored), subproof(size1, tree, Known::yes))
          << size1 << " to " << size;
    }
  }
}

// All leaves alike: the subtrees of one level are, too, so that trees of any size can be made.
struct UniformLog {
  Leaves levels{leaf_hash(as_bytes("same"))};
  UniformLog() {
    for (int i = 0; i < 63; ++i) levels.push_back(node_hash(levels.back(), levels.back()));
  }
  Digest root(std::uint64_t size) const {
    Leaves nodes;
    for (int level = 63; level >= 0; --level) {
      if ((size >> level & 1U) != 0) nodes.push_back(levels[static_cast<std::size_t>(level)]);
    }
    return CompactRange::from(size, nodes)->root();
  }
  Leaves fetch(const ProofNodes& nodes) const {
    Leaves fetched;
    for (const NodeId& id : nodes.ids()) fetched.push_back(levels[id.level]);
    const auto folded = nodes.fold(fetched);
    return Leaves(folded.begin(), folded.end());
  }
};

TEST(ProofNodes, ServeLogsOfAnySize) {
  const UniformLog log;
  std::mt19937_64 random(11);
  for (int i = 0; i < 500; ++i) {
    const std::uint64_t size = i == 0 ? CompactRange::size_max : (random() >> (2 + random() % 62)) + 1;
    const std::uint64_t index = random() % size;
    const Leaves path = log.fetch(*inclusion_nodes(index, size));
    ASSERT_LE(path.size(), limits::log_levels_max);
    ASSERT_EQ(*root_from_inclusion(index, size, log.levels[0], path), log.root(size));
    const std::uint64_t size1 = index + 1;
    const Leaves proof = log.fetch(*consistency_nodes(size1, size));
    ASSERT_LE(proof.size(), limits::log_levels_max);
    ASSERT_TRUE(verify_consistency(size1, log.root(size1), size, log.root(size), proof).has_value());
  }
}

TEST(ProofNodes, RefuseWhatNoProofIsAbout) {
  EXPECT_EQ(inclusion_nodes(5, 5).error().code(), Code::invalid);
  EXPECT_EQ(inclusion_nodes(0, ~std::uint64_t{0}).error().code(), Code::invalid);
  EXPECT_EQ(consistency_nodes(0, 5).error().code(), Code::invalid);
  EXPECT_EQ(consistency_nodes(6, 5).error().code(), Code::invalid);
  EXPECT_EQ(consistency_nodes(1, ~std::uint64_t{0}).error().code(), Code::invalid);
  EXPECT_TRUE(consistency_nodes(5, 5)->ids().empty());
}

}  // namespace
}  // namespace mikusari::merkle
