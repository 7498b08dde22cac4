// SPDX-License-Identifier: Apache-2.0
#include "replica/tree_source.hpp"

namespace mikusari::replica {

// A tree or chain file that cannot be read stops the node: a rule must not take that for absence.
std::optional<ByteView> TreeSource::value(const Digest& key) const {
  if (const auto known = rows_.find(key); known != rows_.end()) return known->second.row.value;
  const auto place = candidate_(key);
  ASSERT(place.has_value());
  if (!*place) return std::nullopt;
  auto stored = read_row(chain_, **place);
  ASSERT(stored.has_value());
  if (stored->row.key != key) return std::nullopt;
  return rows_.emplace(key, *std::move(stored)).first->second.row.value;
}

}  // namespace mikusari::replica
