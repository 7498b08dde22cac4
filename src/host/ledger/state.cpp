// SPDX-License-Identifier: Apache-2.0
#include "ledger/state.hpp"

#include "merkle/compact_range.hpp"
#include "merkle/log.hpp"
#include "statement/list.hpp"

namespace mikusari::ledger {

std::optional<ByteView> Overlay::value(const Digest& key) const {
  const auto found = changes_.find(key);
  return found == changes_.end() ? below_.value(key) : std::optional(found->second.value);
}

bool Overlay::exists(const Digest& key) const { return changes_.contains(key) || below_.exists(key); }

void Overlay::put(const Digest& key, platform::Buffer value, Content content) {
  Change& change = changes_[key];
  change.value = arena_.emplace_back(std::move(value));
  change.content = content;
}

void Overlay::append_to_list(const Digest& key, const Id& entry) {
  std::array<Digest, limits::log_levels_max> nodes;
  merkle::CompactRange range;
  if (const auto record = View(*this).get<list::Record>(key)) {
    std::size_t count = 0;
    for (const auto node : record->frontier) nodes[count++] = node;
    auto restored = merkle::CompactRange::from(record->count, std::span(nodes).first(count));
    ASSERT(restored.has_value());
    range = *restored;
  }
  range.append(merkle::leaf_hash(entry));
  list::Record record;
  record.count = range.size();
  record.frontier = {range.nodes()};
  put(key, platform::encode(record), Content::plain);
  changes_[key].appended.push_back(entry);
}

void Overlay::merge_into(Overlay& below) && {
  ASSERT(&below_ == &below);
  for (auto& [key, change] : changes_) {
    Change& target = below.changes_[key];
    target.value = change.value;
    target.content = change.content;
    target.appended.insert(target.appended.end(), change.appended.begin(), change.appended.end());
  }
  for (auto& buffer : arena_) below.arena_.push_back(std::move(buffer));  // a moved vector keeps its memory
}

}  // namespace mikusari::ledger
