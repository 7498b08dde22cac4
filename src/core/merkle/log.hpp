// SPDX-License-Identifier: Apache-2.0
// The append-only tree of RFC 6962 section 2.1: hashes, and the verification of inclusion and consistency.
//
// The tree over n leaves splits them at the largest power of two below n; leaf = SHA-256(00 || bytes), node =
// SHA-256(01 || left || right), the root of no leaves = SHA-256(""). Paths go from the leaf up.
// Pure functions, any thread, no heap. Verifiers take at most 64 digests and reject everything that is not exactly the
// proof of RFC 6962; they agree with github.com/transparency-dev/merkle.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "merkle/compact_range.hpp"  // the tree as an accumulator
#include "merkle/proof_nodes.hpp"    // what to fetch for a proof

namespace mikusari::merkle {

Digest leaf_hash(ByteView leaf);
// The parts as one leaf.
Digest leaf_hash(std::initializer_list<ByteView> parts);
Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();

// The root of the tree of `size` leaves that has `leaf` at `index` (from 0): the verified answer is that this root
// commits to the leaf there; the caller compares it with a root that he trusts.
// Errors: `invalid` when index >= size or the path has not the length that both fix.
Result<Digest> root_from_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                                   std::span<const Digest> path);

// That the tree of size2 leaves begins with the tree of size1 leaves (RFC 6962 section 2.1.2).
// Equal sizes: an empty path and equal roots. size1 = 0 < size2 proves nothing and is refused.
// Errors: `invalid` when size1 > size2, size1 = 0 < size2, or the path's length is wrong; `unauthenticated` when a root
// is not met.
Result<void> verify_consistency(std::uint64_t size1, const Digest& root1, std::uint64_t size2, const Digest& root2,
                                std::span<const Digest> path);

}  // namespace mikusari::merkle
