// SPDX-License-Identifier: Apache-2.0
// The path of a leaf in the ledger's log, or of a body under its statement, as proofs carry it. Any thread, no heap.
#pragma once

#include "encoding/list.hpp"
#include "merkle/log.hpp"

namespace mikusari::proof {

// From the leaf up.
using LogPath = cbor::List<Digest, limits::log_levels_max>;

// merkle::root_from_inclusion() over a path that was read. Errors: `invalid` when index >= size or the length is wrong.
Result<Digest> root_from_path(std::uint64_t index, std::uint64_t size, const Digest& leaf, const LogPath& path);

// That a log of `size1` leaves with `root1` is the beginning of one of `size2` leaves (RFC 6962 section 2.1.2).
struct Consistency {
  std::uint64_t size1 = 0, size2 = 0;
  LogPath path;
  static constexpr auto fields = std::tuple{cbor::Field{1, "size1", &Consistency::size1, "leaves in the earlier log"},
                                            cbor::Field{2, "size2", &Consistency::size2, "leaves in the later log"},
                                            cbor::Field{3, "path", &Consistency::path, "RFC 6962 consistency proof"}};
};

// Errors: `invalid` for the form, `unauthenticated` when a root is not met.
Result<void> check_consistency(const Consistency& consistency, const Digest& root1, const Digest& root2);

}  // namespace mikusari::proof
