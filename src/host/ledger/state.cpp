// SPDX-License-Identifier: Apache-2.0
#include "ledger/state.hpp"

#include <algorithm>

#include "merkle/compact_range.hpp"

namespace mikusari::ledger {
namespace {

using Nodes = cbor::List<Digest, limits::log_levels_max>;

// A list's sides are one compact range.
struct ListSides {
  Nodes nodes;
  static constexpr auto fields = std::tuple{cbor::Field{1, "nodes", &ListSides::nodes}};
};

}  // namespace

Result<merkle::CompactRange> list_range(const Tree& tree, ByteView sides) {
  TRY(const auto decoded, cbor::decode<ListSides>(sides));
  std::array<Digest, limits::log_levels_max> nodes;
  std::size_t count = 0;
  for (const auto node : decoded.nodes) nodes[count++] = node;
  TRY(const auto range, merkle::CompactRange::from(tree.count, std::span(nodes).first(count)));
  if (range.root() != tree.root) return fail(Code::corrupt, "a list's entries are not the ones beside it");
  return range;
}

std::optional<ByteView> Overlay::value(const Digest& key) const {
  const auto found = changes_.find(key);
  return found == changes_.end() ? below_.value(key) : std::optional(found->second.value);
}

ByteView Overlay::sides(const Digest& key) const {
  const auto found = changes_.find(key);
  return found == changes_.end() ? below_.sides(key) : found->second.sides;
}

bool Overlay::exists(const Digest& key) const { return changes_.contains(key) || below_.exists(key); }

void Overlay::put(const Digest& key, platform::Buffer value, bool is_thing, Gains gain) {
  const auto found = changes_.find(key);
  if (found == changes_.end()) {
    const ByteView beside = below_.exists(key) ? below_.sides(key) : ByteView();
    changes_.emplace(key, Change{keep(std::move(value)), beside, is_thing, gain, {}});
    return;
  }
  found->second.value = keep(std::move(value));
  found->second.gain = std::max(found->second.gain, gain);
}

void Overlay::put_moved(const Digest& key, platform::Buffer value, platform::Buffer sides) {
  Change& change = changes_.at(key);
  change.value = keep(std::move(value));
  change.sides = keep(std::move(sides));
  change.gain = Gains::nothing;
}

void Overlay::append_to_list(const Digest& key, const list::Entry& entry) {
  begin_list(key);
  list::Record record = *cbor::decode<list::Record>(*value(key));
  auto range = list_range(record.tree, sides(key));
  ASSERT(range.has_value());
  range->append(list::leaf_hash(entry));
  record.tree = {range->size(), range->root()};
  put(key, platform::encode(record), false, Gains::nothing);
  Change& change = changes_.at(key);
  change.sides = keep(platform::encode(ListSides{{range->nodes()}}));
  change.appended.push_back(entry);
}

void Overlay::begin_list(const Digest& key) {
  if (exists(key)) return;
  put(key, platform::encode(list::Record{}), false, Gains::nothing);
  changes_.at(key).sides = keep(platform::encode(ListSides{}));
}

void Overlay::merge_into(Overlay& below) && {
  ASSERT(&below_ == &below);
  for (auto& [key, change] : changes_) {
    Change& target = below.changes_[key];
    target.value = change.value;
    target.sides = change.sides;
    target.is_thing = change.is_thing;
    target.gain = std::max(target.gain, change.gain);
    target.appended.insert(target.appended.end(), change.appended.begin(), change.appended.end());
  }
  for (auto& buffer : arena_) below.arena_.push_back(std::move(buffer));  // a moved vector keeps its memory
}

}  // namespace mikusari::ledger
