// SPDX-License-Identifier: Apache-2.0
// For tests only: the log and the state tree as their definitions say, in memory and slowly, without the code of
// merkle/ that makes proofs. One thread at a time.
#pragma once

#include <map>
#include <utility>

#include "crypto/hash.hpp"
#include "encoding/test_support.hpp"
#include "merkle/log.hpp"
#include "merkle/map.hpp"
#include "proof/state.hpp"

namespace mikusari::test {

// RFC 6962 sections 2.1, 2.1.1 and 2.1.2, recursion by recursion.
class NaiveLog {
 public:
  void append(const Digest& leaf_hash) { leaves_.push_back(leaf_hash); }
  std::size_t size() const { return leaves_.size(); }
  Digest root(std::size_t size) const { return hash(all().first(size)); }
  std::vector<Digest> path(std::size_t index, std::size_t size) const { return path(index, all().first(size)); }
  std::vector<Digest> consistency(std::size_t size1, std::size_t size2) const {
    return size1 == size2 ? std::vector<Digest>() : subproof(size1, all().first(size2), true);
  }
  // What proves a range [first, end) beside its own leaves: the perfect subtrees that the leaves before it fall into,
  // largest first, and those that follow one another from `end` on.
  std::vector<Digest> before(std::size_t first) const { return subtrees(0, first); }
  std::vector<Digest> behind(std::size_t end) const { return subtrees(end, size()); }

 private:
  using Leaves = std::span<const Digest>;

  std::vector<Digest> subtrees(std::size_t from, std::size_t to) const {
    std::vector<Digest> out;
    while (from < to) {
      std::size_t length = 1;
      while (from % (2 * length) == 0 && from + 2 * length <= to) length *= 2;
      out.push_back(hash(all().subspan(from, length)));
      from += length;
    }
    return out;
  }

  Leaves all() const { return leaves_; }
  static std::size_t split(std::size_t size) {
    std::size_t k = 1;
    while (2 * k < size) k *= 2;
    return k;
  }
  static Digest hash(Leaves leaves) {
    if (leaves.empty()) return merkle::empty_root();
    if (leaves.size() == 1) return leaves[0];
    const std::size_t k = split(leaves.size());
    return merkle::node_hash(hash(leaves.first(k)), hash(leaves.subspan(k)));
  }
  static std::vector<Digest> path(std::size_t m, Leaves leaves) {
    if (leaves.size() == 1) return {};
    const std::size_t k = split(leaves.size());
    auto out = m < k ? path(m, leaves.first(k)) : path(m - k, leaves.subspan(k));
    out.push_back(m < k ? hash(leaves.subspan(k)) : hash(leaves.first(k)));
    return out;
  }
  static std::vector<Digest> subproof(std::size_t m, Leaves leaves, bool whole) {
    if (m == leaves.size()) return whole ? std::vector<Digest>() : std::vector{hash(leaves)};
    const std::size_t k = split(leaves.size());
    auto out = m <= k ? subproof(m, leaves.first(k), whole) : subproof(m - k, leaves.subspan(k), false);
    out.push_back(m <= k ? hash(leaves.subspan(k)) : hash(leaves.first(k)));
    return out;
  }

  std::vector<Digest> leaves_;
};

// A state proof that owns its bytes.
struct OwnedItem {
  std::optional<Octets> value;
  std::uint64_t depth = 0;
  Octets bitmap, siblings;
  std::optional<proof::OtherLeaf> other;

  proof::Item view() const {
    proof::Item out;
    if (value) out.value = ByteView(*value);
    out.depth = depth;
    out.bitmap = bitmap;
    out.siblings = siblings;
    out.other = other;
    return out;
  }
};

class NaiveState {
 public:
  void put(const Digest& key, Octets value) { values_[key] = std::move(value); }
  const Octets* find(const Digest& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }

  Digest root() const { return hash(leaves(), 0); }

  OwnedItem prove(const Digest& key) const {
    OwnedItem out;
    auto here = leaves();
    std::vector<Digest> siblings;
    while (here.size() > 1) {
      auto [left, right] = split(here, out.depth);
      const bool right_is_ours = bit_at(key, out.depth);
      siblings.push_back(hash(right_is_ours ? left : right, out.depth + 1));
      here = right_is_ours ? right : left;
      ++out.depth;
    }
    out.bitmap.resize((out.depth + 7) / 8);
    for (std::size_t level = out.depth; level-- > 0;) {
      if (siblings[level] == merkle::empty_subtree) continue;
      out.bitmap[level / 8] |= static_cast<std::byte>(0x80U >> (level % 8));
      out.siblings.insert(out.siblings.end(), siblings[level].data.begin(), siblings[level].data.end());
    }
    if (const Octets* value = find(key)) {
      out.value = *value;
    } else if (!here.empty()) {
      out.other = proof::OtherLeaf{here[0].first, here[0].second};
    }
    return out;
  }

 private:
  using Leaves = std::vector<std::pair<Digest, Digest>>;  // key, hash of the value

  Leaves leaves() const {
    Leaves out;
    for (const auto& [key, value] : values_) out.emplace_back(key, crypto::sha256(value));
    return out;
  }
  static std::pair<Leaves, Leaves> split(const Leaves& leaves, std::size_t depth) {
    std::pair<Leaves, Leaves> out;
    for (const auto& leaf : leaves) (bit_at(leaf.first, depth) ? out.second : out.first).push_back(leaf);
    return out;
  }
  static Digest hash(const Leaves& leaves, std::size_t depth) {
    if (leaves.empty()) return merkle::empty_subtree;
    if (leaves.size() == 1) return merkle::map_leaf(leaves[0].first, leaves[0].second);
    const auto [left, right] = split(leaves, depth);
    return merkle::node_hash(hash(left, depth + 1), hash(right, depth + 1));
  }

  std::map<Digest, Octets> values_;
};

}  // namespace mikusari::test
