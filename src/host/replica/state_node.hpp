// SPDX-License-Identifier: Apache-2.0
// What the state tree is made of in memory (see state_tree.hpp).
//
// A subtree is nothing, a bucket or an inner node. A bucket holds 1 to bucket_leaves_max leaves sorted by key, and a
// subtree with so few leaves is always a bucket: the shape depends on the set of keys alone. The digests inside a
// bucket are hashed again whenever they are wanted. An inner node holds the digests of its two children, so that the
// siblings on a path are read without visiting them.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "merkle/map.hpp"
#include "replica/node_arena.hpp"

namespace mikusari::replica {

// Where the row of a key stands in the chain file.
struct Place {
  static constexpr std::uint64_t unset = ~std::uint64_t{0};
  std::uint64_t position = unset;  // of the row's first byte, over all segments
  std::uint32_t length = 0;        // bytes, whatever its writer counts to the row

  bool is_set() const { return position != unset; }
  friend bool operator==(const Place&, const Place&) = default;
};

constexpr std::size_t bucket_leaves_max = 5;
constexpr std::size_t prefix_bits = 64;  // of a key are in memory

inline std::uint64_t prefix_of(const Digest& key) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8U | std::to_integer<std::uint64_t>(key[i]);
  return out;
}

// 52 bytes: numbers are kept in halves so that nothing is lost to alignment.
class Leaf {
 public:
  Leaf() = default;
  Leaf(std::uint64_t prefix, const Digest& hash, const Place& place) : hash_(hash), prefix_(split(prefix)) {
    set_place(place);
  }

  const Digest& hash() const { return hash_; }
  std::uint64_t prefix() const { return join(prefix_); }
  Place place() const { return {join(position_), length_}; }
  void set_place(const Place& place) {
    position_ = split(place.position);
    length_ = place.length;
  }

 private:
  using Halves = std::array<std::uint32_t, 2>;
  static Halves split(std::uint64_t value) {
    return {static_cast<std::uint32_t>(value >> 32U), static_cast<std::uint32_t>(value)};
  }
  static std::uint64_t join(const Halves& halves) { return std::uint64_t{halves[0]} << 32U | halves[1]; }

  Digest hash_;  // merkle::map_leaf()
  Halves prefix_{};
  Halves position_{};
  std::uint32_t length_ = 0;
};
static_assert(sizeof(Leaf) == 52);

// Reads rows, which the tree does not hold. Any thread; every place that the tree was given must be readable from then
// on.
class Rows {
 public:
  virtual ~Rows() = default;
  // The key in a leaf's row. `corrupt` when the row is not the one that the leaf was made of.
  virtual Result<Digest> key(const Leaf& leaf) const = 0;
};

// Names a subtree.
class Ref {
 public:
  constexpr Ref() = default;  // of the empty one
  static constexpr Ref inner(std::uint32_t index) { return Ref(index); }
  // REQUIRES: 1 <= leaves <= bucket_leaves_max.
  static constexpr Ref bucket(std::size_t leaves, std::uint32_t index) {
    return Ref(static_cast<std::uint32_t>(leaves) << index_bits | index);
  }

  bool is_empty() const { return value_ == empty; }
  bool is_inner() const { return kind() == 0; }
  // 0 for an inner node, else the leaves of a bucket. REQUIRES: not empty, for all but is_...().
  std::size_t kind() const { return value_ >> index_bits; }
  std::uint32_t index() const { return value_ & ((std::uint32_t{1} << index_bits) - 1); }
  friend bool operator==(const Ref&, const Ref&) = default;

 private:
  static constexpr unsigned index_bits = 28;
  static constexpr std::uint32_t empty = 0xffffffff;
  static_assert(bucket_leaves_max < 15 && std::uint32_t{1} << index_bits == NodeArena::nodes_max);
  explicit constexpr Ref(std::uint32_t value) : value_(value) {}
  std::uint32_t value_ = empty;
};

// A subtree and its digest.
struct Subtree {
  Ref ref;
  Digest digest = merkle::empty_subtree;
};

struct Inner {
  std::array<Digest, 2> digests;  // left, right
  std::array<Ref, 2> children;
  Subtree child(std::size_t side) const { return {children[side], digests[side]}; }
};
static_assert(sizeof(Inner) == 72);

// All nodes of all versions. Threads: as NodeArena.
class NodeStore {
 public:
  NodeStore();

  const Inner& inner(Ref ref) const { return *reinterpret_cast<const Inner*>(arenas_[0]->at(ref.index())); }
  std::span<const Leaf> bucket(Ref ref) const { return leaves(ref); }
  // For whoever made the node and has not shown it to others.
  Inner& new_inner(Ref ref) { return *reinterpret_cast<Inner*>(arenas_[0]->at(ref.index())); }
  std::span<Leaf> new_bucket(Ref ref) { return leaves(ref); }

  // Brings a node, perhaps none, into the processor's cache.
  void prefetch(Ref ref) const;

  void release(std::span<const Ref> refs);
  NodeArena::Use use() const;

 private:
  friend class NodeSupply;
  static constexpr std::size_t kinds = bucket_leaves_max + 1;
  std::span<Leaf> leaves(Ref ref) const {
    if (ref.is_empty()) return {};
    return {reinterpret_cast<Leaf*>(arenas_[ref.kind()]->at(ref.index())), ref.kind()};
  }
  std::array<std::optional<NodeArena>, kinds> arenas_;  // by Ref::kind()
};

// Takes nodes from a store by the batch, for one thread; what was not used goes back.
class NodeSupply {
 public:
  explicit NodeSupply(NodeStore& store) : store_(store) {}
  ~NodeSupply();
  NodeSupply(const NodeSupply&) = delete;
  NodeSupply& operator=(const NodeSupply&) = delete;

  Ref inner() { return Ref::inner(take(0)); }
  Ref bucket(std::size_t leaves) { return Ref::bucket(leaves, take(leaves)); }

 private:
  static constexpr std::size_t batch = 64;
  std::uint32_t take(std::size_t kind);
  NodeStore& store_;
  std::array<std::vector<std::uint32_t>, NodeStore::kinds> ready_;
};

}  // namespace mikusari::replica
