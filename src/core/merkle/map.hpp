// SPDX-License-Identifier: Apache-2.0
// The state tree: a binary sparse Merkle tree over 256-bit keys, and the verification of presence and absence.
//
// The digest of the keys that share the first d bits (docs/formats/state-answer.md):
//   none       32 zero bytes
//   one        leaf = SHA-256(00 || key || SHA-256(value)), whatever d is: a subtree with one leaf is that leaf
//   several    node = SHA-256(01 || left || right): bit d (most significant first) of the key is 0, 1
// The root is the digest at d = 0. Each set of keys and values has one root, whatever the order of changes.
// Pure functions, any thread, no heap; at most 258 hashes a verification.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace mikusari::merkle {

// A subtree without keys; also the root of the empty map.
inline constexpr Digest empty_subtree{};

Digest map_leaf(const Digest& key, const Digest& value_hash);
// node_hash() of log.hpp serves both trees.

// The number of leading bits in which two keys agree: 256 when they are equal. Their leaves part at this depth.
std::size_t common_bits(const Digest& a, const Digest& b);

// A leaf that is not the one that was asked for.
struct MapLeaf {
  Digest key;
  Digest value_hash;
};

// The way from the root down to where a key's leaf is or would be. Views: the caller owns the bytes.
struct MapProof {
  // Levels from the root to the place: 0 is the root itself, at most 256.
  std::size_t depth = 0;
  // ceil(depth / 8) bytes. Bit i, most significant first: is the sibling of the place's ancestor at depth i + 1
  // non-empty? Bits from `depth` on are zero.
  ByteView bitmap;
  // The non-empty siblings, 32 bytes each, the deepest first. None is zero.
  ByteView siblings;
  // Absence only, where one other leaf is in the place: it shares the first `depth` bits with the key, and is not it.
  std::optional<MapLeaf> other;
};

// The root of a map in which `key` has a value with this SHA-256. The caller compares it with a root that he trusts.
// Errors: `invalid` when the proof is not in its one form: a wrong length, unused bits, an empty or missing sibling, a
// place that the tree would have collapsed (the deepest sibling is empty), or a leaf in `other`.
Result<Digest> root_from_presence(const Digest& key, const Digest& value_hash, const MapProof& proof);

// The root of a map in which `key` has no value. Errors: as above; and when `other` is the key itself, or does not
// share its first `depth` bits.
//
// Beside an empty place there must be a subtree of several leaves. That it is not a single leaf cannot be seen from its
// digest, and need not be: a map's nodes never have such children, so no map's root would be met.
Result<Digest> root_from_absence(const Digest& key, const MapProof& proof);

}  // namespace mikusari::merkle
