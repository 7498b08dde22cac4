// SPDX-License-Identifier: Apache-2.0
// The path of a leaf in the ledger's log, or of a body under its statement, as proofs carry it. Any thread, no heap.
#pragma once

#include "encoding/list.hpp"
#include "merkle/log.hpp"
#include "statement/kind.hpp"

namespace mikusari::proof {

// From the leaf up.
using LogPath = cbor::List<Digest, limits::log_levels_max>;

// merkle::root_from_inclusion() over a path that was read. Errors: `invalid` when index >= size or the length is wrong.
Result<Digest> root_from_path(std::uint64_t index, std::uint64_t size, const Digest& leaf, const LogPath& path);

// The range [first, first + n) of a tree, whose n leaves stand elsewhere (merkle/compact_range.hpp).
struct Range {
  std::uint64_t first = 0;
  cbor::List<Digest, limits::log_levels_max> before;   // compact range of the first leaves
  cbor::List<Digest, limits::range_levels_max> after;  // subtrees behind the range
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "first", &Range::first, "index of the first leaf"},
                 cbor::Field{2, "before", &Range::before, "compact range of the leaves before"},
                 cbor::Field{3, "after", &Range::after, "roots of the subtrees behind"}};
};
// The tree that such a range is of, from its first leaf on: begin() takes the leaves before, append() each leaf of the
// range, finish() the subtrees behind. One use.
class RangeTree {
 public:
  // Errors, here and below: `invalid` when the digests are not as many as the numbers fix.
  Result<void> begin(const Range& range);
  Result<void> append(const Digest& leaf_hash);
  // The root of the tree of `size` leaves.
  Result<Digest> finish(const Range& range, std::uint64_t size);

 private:
  merkle::CompactRange tree_;
};

// That a log of `size1` leaves with `root1` is the beginning of one of `size2` leaves (RFC 6962 section 2.1.2).
struct Consistency {
  statement::Form form;
  std::uint64_t size1 = 0, size2 = 0;
  LogPath path;
  static constexpr auto fields = std::tuple{cbor::Field{1, "form", &Consistency::form},
                                            cbor::Field{2, "size1", &Consistency::size1, "leaves in the earlier log"},
                                            cbor::Field{3, "size2", &Consistency::size2, "leaves in the later log"},
                                            cbor::Field{4, "path", &Consistency::path, "RFC 6962 consistency proof"}};
};

// Errors: `invalid` for the form, `unauthenticated` when a root is not met.
Result<void> check_consistency(const Consistency& consistency, const Digest& root1, const Digest& root2);

}  // namespace mikusari::proof
