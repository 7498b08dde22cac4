// SPDX-License-Identifier: Apache-2.0
#include "replica/state_tree.hpp"

#include <algorithm>
#include <utility>

namespace mikusari::replica {
namespace {

std::size_t side_of(const Digest& key, std::size_t depth) { return bit_at(key, depth) ? 1 : 0; }

// The leaves that agree with a key in all the bits that are in memory.
std::span<const Leaf> same_prefix(std::span<const Leaf> leaves, const Digest& key) {
  const std::uint64_t prefix = prefix_of(key);
  while (!leaves.empty() && leaves.front().prefix() != prefix) leaves = leaves.subspan(1);
  while (!leaves.empty() && leaves.back().prefix() != prefix) leaves = leaves.first(leaves.size() - 1);
  return leaves;
}

Result<std::optional<Leaf>> leaf_of(std::span<const Leaf> leaves, const Digest& key, const Rows& rows) {
  for (const Leaf& leaf : leaves) {
    TRY(const Digest found, rows.key(leaf));
    if (found == key) return leaf;
  }
  return std::nullopt;
}

}  // namespace

Staged::Staged(Staged&& other) noexcept
    : tree_(std::exchange(other.tree_, nullptr)),
      base_(other.base_),
      version_(other.version_),
      created_(std::move(other.created_)),
      replaced_(std::move(other.replaced_)),
      slots_(std::move(other.slots_)),
      unplaced_(other.unplaced_) {}

Staged::~Staged() {
  if (tree_ != nullptr) tree_->nodes_.release(created_);
}

void Staged::set_place(std::size_t i, const Place& place) {
  ASSERT(i < slots_.size() && place.is_set());
  Leaf& leaf = tree_->nodes_.new_bucket(slots_[i].bucket)[slots_[i].leaf];
  if (!leaf.place().is_set()) --unplaced_;
  leaf.set_place(place);
}

Snapshot::Snapshot(Snapshot&& other) noexcept : tree_(std::exchange(other.tree_, nullptr)), held_(other.held_) {}

Snapshot::~Snapshot() {
  if (tree_ != nullptr) tree_->unpin(*held_);
}

const Version& Snapshot::version() const { return held_->version; }

Result<std::optional<Place>> Snapshot::find(const Digest& key) const { return tree_->find(version(), key); }

Result<std::optional<Leaf>> Snapshot::candidate(const Digest& key) const { return tree_->candidate(version(), key); }

Result<bool> Snapshot::exists(const Digest& key) const { return tree_->exists(version(), key); }

Result<StateProof> Snapshot::prove(const Digest& key) const { return tree_->prove(version(), key); }

StateTree::StateTree(const Rows& rows, platform::Workers& workers) : rows_(rows), workers_(workers), held_(1) {}

StateTree::~StateTree() {
  const platform::MutexLock lock(mutex_);
  ASSERT(std::ranges::all_of(held_, [](const Snapshot::Held& held) { return held.pins == 0; }));
}

Version StateTree::published() const {
  const platform::MutexLock lock(mutex_);
  return held_.back().version;
}

Snapshot StateTree::read() {
  const platform::MutexLock lock(mutex_);
  ++held_.back().pins;
  return Snapshot(*this, held_.back());
}

void StateTree::unpin(Snapshot::Held& held) {
  const platform::MutexLock lock(mutex_);
  --held.pins;
}

// Done by the thread that writes, not by the reader who lets go last: there may be very many.
void StateTree::reclaim() {
  std::vector<std::vector<Ref>> free;
  {
    const platform::MutexLock lock(mutex_);
    while (held_.size() > 1 && held_.front().pins == 0) {
      free.push_back(std::move(held_.front().retired));
      held_.pop_front();
    }
  }
  for (const std::vector<Ref>& refs : free) nodes_.release(refs);
}

Result<Staged> StateTree::apply(const Version& base, std::span<const Change> changes) {
  ASSERT(std::ranges::adjacent_find(changes, std::ranges::greater_equal{}, &Change::key) == changes.end());
  if (base.count() + changes.size() > count_max) return fail(Code::exhausted, "the state has too many records");
  reclaim();

  Staged out(*this);
  out.base_ = base;
  out.version_ = base;
  out.slots_.resize(changes.size());
  const auto is_unplaced = [](const Change& change) { return !change.place.is_set(); };
  out.unplaced_ = static_cast<std::size_t>(std::ranges::count_if(changes, is_unplaced));
  if (!changes.empty()) {
    BuildOutcome outcome = build_version({nodes_, rows_, changes, out.slots_}, base.root_, workers_);
    out.created_ = std::move(outcome.built.created);
    out.replaced_ = std::move(outcome.built.replaced);
    TRY(std::move(outcome.result));
    out.version_.root_ = outcome.built.root;
    out.version_.count_ += outcome.built.added;
  }
  const platform::MutexLock lock(mutex_);
  out.version_.number_ = next_number_++;
  return out;
}

void StateTree::publish(Staged staged) {
  ASSERT(staged.tree_ == this && staged.unplaced_ == 0);
  {
    const platform::MutexLock lock(mutex_);
    ASSERT(held_.back().version.number_ == staged.base_.number_);
    held_.back().retired = std::move(staged.replaced_);
    held_.emplace_back().version = staged.version_;
  }
  staged.tree_ = nullptr;  // its nodes are the tree's now
  reclaim();
}

void StateTree::discard(Staged staged) { ASSERT(staged.tree_ == this); }

template <class Visit>
Ref StateTree::descend(const Version& version, const Digest& key, const Visit& visit) const {
  Ref at = version.root_.ref;
  for (std::size_t depth = 0; at.is_inner(); ++depth) {
    const Inner& inner = nodes_.inner(at);
    const std::size_t side = side_of(key, depth);
    visit(inner, side);
    at = inner.children[side];
  }
  return at;
}

Result<std::optional<Place>> StateTree::find(const Version& version, const Digest& key) const {
  const Ref bucket = descend(version, key, [](const Inner&, std::size_t) {});
  TRY(const auto leaf, leaf_of(same_prefix(nodes_.bucket(bucket), key), key, rows_));
  return leaf ? std::optional(leaf->place()) : std::nullopt;
}

Result<std::optional<Leaf>> StateTree::candidate(const Version& version, const Digest& key) const {
  const Ref bucket = descend(version, key, [](const Inner&, std::size_t) {});
  const std::span<const Leaf> leaves = same_prefix(nodes_.bucket(bucket), key);
  if (leaves.size() == 1) return leaves.front();
  return leaf_of(leaves, key, rows_);
}

std::optional<Place> StateTree::place_of(const Version& version, const Digest& key, const Digest& leaf) const {
  const Ref bucket = descend(version, key, [](const Inner&, std::size_t) {});
  for (const Leaf& each : same_prefix(nodes_.bucket(bucket), key)) {
    if (each.hash() == leaf) return each.place();
  }
  return std::nullopt;
}

Result<bool> StateTree::exists(const Version& version, const Digest& key) const {
  TRY(const std::optional<Place> place, find(version, key));
  return place.has_value();
}

Result<StateProof> StateTree::prove(const Version& version, const Digest& key) const {
  StateProof proof;
  const Ref bucket = descend(
      version, key, [&proof](const Inner& inner, std::size_t side) { proof.path.descend(inner.digests[1 - side]); });
  const Entries entries(nodes_.bucket(bucket));
  std::span<const Entry> rest = entries.all();
  while (rest.size() > 1) {
    const std::size_t depth = proof.path.depth();
    TRY(const std::size_t left_count, count_left(rest, depth, rows_));
    const bool right = bit_at(key, depth);
    const std::span<const Entry> siblings = right ? rest.first(left_count) : rest.subspan(left_count);
    TRY(const Digest sibling, digest_of(siblings, depth + 1, rows_));
    proof.path.descend(sibling);
    rest = right ? rest.subspan(left_count) : rest.first(left_count);
  }
  if (!rest.empty()) proof.leaf = rest.front().leaf;
  return proof;
}

}  // namespace mikusari::replica
