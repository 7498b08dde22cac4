// SPDX-License-Identifier: Apache-2.0
// A whole state in memory, made of frames one by one: for whoever reads nothing back from the store that he judges. One
// thread writes; nobody reads beside it.
#pragma once

#include <unordered_map>

#include "replica/checked_source.hpp"
#include "replica/frame.hpp"

namespace mikusari::replica {

class MemoryState final : public CheckedSource, public Rows {
 public:
  std::optional<ByteView> value(const Digest& key) const override {
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::nullopt : std::optional(ByteView(found->second.value));
  }
  ByteView sides(const Digest& key) const override { return rows_.at(key).sides; }
  bool exists(const Digest& key) const override { return rows_.contains(key); }
  Result<void> demand_sound() const override { return {}; }
  Result<Digest> key(const Leaf& leaf) const override { return keys_.at(leaf.place().position); }

  void apply(const DecodedFrame& frame, Position position) {
    for (std::size_t i = 0; i < frame.rows.size(); ++i) {
      const auto& row = frame.rows[i];
      rows_.insert_or_assign(row.key, Kept{platform::copy(row.value), platform::copy(row.sides)});
      keys_.emplace(position + frame.places.rows[i].position, row.key);
    }
  }
  std::size_t size() const { return rows_.size(); }

 private:
  struct Kept {
    platform::Buffer value, sides;
  };
  std::unordered_map<Digest, Kept, BytesHash<32>> rows_;
  std::unordered_map<Position, Digest> keys_;
};

}  // namespace mikusari::replica
