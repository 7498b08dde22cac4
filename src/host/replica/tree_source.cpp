// SPDX-License-Identifier: Apache-2.0
#include "replica/tree_source.hpp"

namespace mikusari::replica {

Result<std::optional<StoredRow>> TreeSource::read(const Digest& key) const {
  TRY(const auto leaf, candidate_(key));
  if (!leaf) return std::nullopt;
  TRY(auto stored, chain_.row(*leaf, key));
  if (stored.row.key != key) return std::nullopt;
  if (!check_sides(stored.row)) return chain_.changed(key, stored.place);
  return stored;
}

const Row* TreeSource::find(const Digest& key) const {
  if (const auto known = rows_.find(key); known != rows_.end()) return &known->second.row;
  auto stored = read(key);
  if (!stored) {
    if (!failure_) failure_ = std::move(stored).error();
    return nullptr;
  }
  if (!*stored) return nullptr;
  return &rows_.emplace(key, **std::move(stored)).first->second.row;
}

std::optional<ByteView> TreeSource::value(const Digest& key) const {
  const auto* row = find(key);
  return row == nullptr ? std::nullopt : std::optional(row->value);
}

ByteView TreeSource::sides(const Digest& key) const {
  const auto* row = find(key);
  return row == nullptr ? ByteView() : row->sides;
}

Result<void> TreeSource::demand_sound() const {
  if (failure_) return std::unexpected(*failure_);
  return {};
}

}  // namespace mikusari::replica
