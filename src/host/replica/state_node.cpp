// SPDX-License-Identifier: Apache-2.0
#include "replica/state_node.hpp"

namespace mikusari::replica {

namespace {

std::size_t node_bytes(std::size_t kind) { return kind == 0 ? sizeof(Inner) : kind * sizeof(Leaf); }

void prefetch_bytes(const std::byte* begin, std::size_t count) {
  constexpr std::size_t line_bytes = 64;
  for (std::size_t offset = 0; offset < count; offset += line_bytes) __builtin_prefetch(begin + offset);
}

}  // namespace

NodeStore::NodeStore() {
  for (std::size_t kind = 0; kind < kinds; ++kind) arenas_[kind].emplace(node_bytes(kind));
}

void NodeStore::prefetch(Ref ref) const {
  if (!ref.is_empty()) prefetch_bytes(arenas_[ref.kind()]->at(ref.index()), node_bytes(ref.kind()));
}

void NodeStore::release(std::span<const Ref> refs) {
  std::array<std::vector<std::uint32_t>, kinds> by_kind;
  for (const Ref ref : refs) by_kind[ref.kind()].push_back(ref.index());
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    if (!by_kind[kind].empty()) arenas_[kind]->give_back(by_kind[kind]);
  }
}

NodeArena::Use NodeStore::use() const {
  NodeArena::Use out;
  for (const auto& arena : arenas_) {
    const NodeArena::Use use = arena->use();
    out.used_bytes += use.used_bytes;
    out.reserved_bytes += use.reserved_bytes;
  }
  return out;
}

NodeSupply::~NodeSupply() {
  for (std::size_t kind = 0; kind < ready_.size(); ++kind) {
    if (!ready_[kind].empty()) store_.arenas_[kind]->give_back(ready_[kind]);
  }
}

std::uint32_t NodeSupply::take(std::size_t kind) {
  std::vector<std::uint32_t>& ready = ready_[kind];
  if (ready.empty()) ready = store_.arenas_[kind]->take(batch);
  const std::uint32_t out = ready.back();
  ready.pop_back();
  // The one that is written soon, so that its memory is there by then.
  if (ready.size() >= 4) prefetch_bytes(store_.arenas_[kind]->at(ready[ready.size() - 4]), node_bytes(kind));
  return out;
}

}  // namespace mikusari::replica
