// SPDX-License-Identifier: Apache-2.0
#include "replica/tree_source.hpp"

namespace mikusari::replica {

// A tree or chain file that cannot be read stops the node: a rule must not take that for absence.
std::optional<Place> TreeSource::place(const Digest& key) const {
  const auto found = find_(key);
  ASSERT(found.has_value());
  return *found;
}

std::optional<ByteView> TreeSource::value(const Digest& key) const {
  if (const auto known = rows_.find(key); known != rows_.end()) return known->second.row.value;
  const auto at = place(key);
  if (!at) return std::nullopt;
  auto stored = read_row(chain_, *at);
  ASSERT(stored.has_value() && stored->row.key == key);
  return rows_.emplace(key, *std::move(stored)).first->second.row.value;
}

}  // namespace mikusari::replica
