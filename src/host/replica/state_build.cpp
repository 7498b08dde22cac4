// SPDX-License-Identifier: Apache-2.0
#include "replica/state_build.hpp"

#include <algorithm>

#include "merkle/log.hpp"

namespace mikusari::replica {
namespace {

// Subtrees at this depth are built in parallel: 256 parts at most, some four to a piece.
constexpr std::size_t part_depth = 8;
constexpr std::size_t parts_grain = 4;
// Fewer changes are not worth waking other threads.
constexpr std::size_t parallel_changes_min = 256;

struct Part {
  Subtree old;
  std::span<const Change> changes;
  Result<Subtree> result = Subtree{};
};

// The parts that have changes, left to right. Where the tree is not so deep there are none.
void plan(const NodeStore& nodes, const Subtree& old, std::size_t depth, std::span<const Change> changes,
          std::vector<Part>& parts) {
  if (changes.empty()) return;
  if (depth == part_depth) {
    parts.push_back({old, changes});
    return;
  }
  if (!old.ref.is_inner()) return;
  const Inner& inner = nodes.inner(old.ref);
  const std::span<const Change> left = left_of(changes, depth);
  plan(nodes, inner.child(0), depth + 1, left, parts);
  plan(nodes, inner.child(1), depth + 1, changes.subspan(left.size()), parts);
}

// A way down is a chain of memory accesses that wait for each other, but the ways to different changes need not: goes
// down many at once, so that the nodes are in the cache when they are worked on.
void warm(const NodeStore& nodes, const Part& part) {
  constexpr std::size_t lanes_max = 16;
  for (std::size_t begin = 0; begin < part.changes.size(); begin += lanes_max) {
    const std::span<const Change> lanes = part.changes.subspan(begin, std::min(lanes_max, part.changes.size() - begin));
    std::array<Ref, lanes_max> at;
    at.fill(part.old.ref);
    bool descended = true;
    for (std::size_t depth = part_depth; descended; ++depth) {
      descended = false;
      for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        if (!at[lane].is_inner()) continue;
        at[lane] = nodes.inner(at[lane]).children[bit_at(lanes[lane].key, depth) ? 1 : 0];
        nodes.prefetch(at[lane]);
        descended = true;
      }
    }
  }
}

// Puts the parts, in the order of plan(), under new nodes.
class Joiner {
 public:
  Joiner(SubtreeBuilder& builder, std::span<Part> parts) : builder_(builder), parts_(parts) {}

  Result<Subtree> join(const Subtree& old, std::size_t depth, std::span<const Change> changes) {
    if (depth == part_depth) {
      Part& part = parts_.front();
      parts_ = parts_.subspan(1);
      return std::move(part.result);
    }
    if (!old.ref.is_inner()) return builder_.apply(old, depth, changes);
    return builder_.apply_inner(old.ref, depth, changes,
                                [this](const Subtree& child, std::size_t child_depth, std::span<const Change> below) {
                                  return join(child, child_depth, below);
                                });
  }

 private:
  SubtreeBuilder& builder_;
  std::span<Part> parts_;
};

void add(Built& to, const Built& from) {
  to.added += from.added;
  to.created.insert(to.created.end(), from.created.begin(), from.created.end());
  to.replaced.insert(to.replaced.end(), from.replaced.begin(), from.replaced.end());
}

std::vector<Built> build_parts(const BuildContext& context, std::span<Part> parts, platform::Workers& workers) {
  std::vector<Built> done((parts.size() + parts_grain - 1) / parts_grain);
  workers.parallel_for(parts.size(), parts_grain, [&](std::size_t begin, std::size_t end) {
    SubtreeBuilder builder(context);
    for (Part& part : parts.subspan(begin, end - begin)) {
      warm(context.nodes, part);
      part.result = builder.apply(part.old, part_depth, part.changes);
    }
    done[begin / parts_grain] = builder.take();
  });
  return done;
}

}  // namespace

std::span<const Change> left_of(std::span<const Change> changes, std::size_t depth) {
  const auto right = std::partition_point(changes.begin(), changes.end(),
                                          [depth](const Change& change) { return !bit_at(change.key, depth); });
  return changes.first(static_cast<std::size_t>(right - changes.begin()));
}

template <class Child>
Result<Subtree> SubtreeBuilder::apply_inner(Ref old, std::size_t depth, std::span<const Change> changes,
                                            const Child& child) {
  ASSERT(depth < limits::map_levels_max);
  built_.replaced.push_back(old);
  const Inner& inner = context_.nodes.inner(old);
  const std::span<const Change> left_changes = left_of(changes, depth);
  const std::span<const Change> right_changes = changes.subspan(left_changes.size());
  Subtree left = inner.child(0);
  Subtree right = inner.child(1);
  if (!left_changes.empty()) {
    TRY(left, child(left, depth + 1, left_changes));
  }
  if (!right_changes.empty()) {
    TRY(right, child(right, depth + 1, right_changes));
  }
  return make_inner(left, right);
}

Result<Subtree> SubtreeBuilder::apply(const Subtree& old, std::size_t depth, std::span<const Change> changes) {
  if (old.ref.is_inner()) {
    return apply_inner(old.ref, depth, changes,
                       [this](const Subtree& child, std::size_t child_depth, std::span<const Change> below) {
                         return apply(child, child_depth, below);
                       });
  }
  if (!old.ref.is_empty()) built_.replaced.push_back(old.ref);
  const std::span<const Leaf> leaves = context_.nodes.bucket(old.ref);
  TRY(const std::span<const Entry> entries, merge(leaves, changes));
  built_.added += entries.size() - leaves.size();
  return build(entries, depth);
}

Result<std::span<const Entry>> SubtreeBuilder::merge(std::span<const Leaf> old, std::span<const Change> changes) {
  merged_.clear();
  for (const Change& change : changes) {
    while (!old.empty()) {
      TRY(const std::strong_ordering order, compare(old.front(), change));
      if (order > 0) break;
      if (order < 0) merged_.push_back({.leaf = old.front()});
      old = old.subspan(1);
      if (order == 0) break;
    }
    merged_.push_back(entry_of(change));
  }
  for (const Leaf& leaf : old) merged_.push_back({.leaf = leaf});
  return merged_;
}

Result<std::strong_ordering> SubtreeBuilder::compare(const Leaf& leaf, const Change& change) const {
  const std::strong_ordering by_prefix = leaf.prefix() <=> prefix_of(change.key);
  if (by_prefix != 0) return by_prefix;
  ASSERT(leaf.place().is_set());  // else the base's places were not set, and its rows cannot be read
  if (leaf.place() == change.replaces) return std::strong_ordering::equal;
  TRY(const Digest key, context_.rows.key(leaf));
  return key <=> change.key;
}

Entry SubtreeBuilder::entry_of(const Change& change) const {
  return {.leaf = Leaf(prefix_of(change.key), merkle::map_leaf(change.key, change.value_hash), change.place),
          .key = &change.key,
          .change = static_cast<std::uint32_t>(&change - context_.changes.data())};
}

Result<Subtree> SubtreeBuilder::build(std::span<const Entry> entries, std::size_t depth) {
  if (entries.size() <= bucket_leaves_max) return make_bucket(entries, depth);
  TRY(const std::size_t left_count, count_left(entries, depth, context_.rows));
  TRY(const Subtree left, build(entries.first(left_count), depth + 1));
  TRY(const Subtree right, build(entries.subspan(left_count), depth + 1));
  return make_inner(left, right);
}

Result<Subtree> SubtreeBuilder::make_bucket(std::span<const Entry> entries, std::size_t depth) {
  if (entries.empty()) return Subtree{};
  const Ref ref = supply_.bucket(entries.size());
  built_.created.push_back(ref);
  const std::span<Leaf> leaves = context_.nodes.new_bucket(ref);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    ASSERT(entry.change != Entry::no_change || entry.leaf.place().is_set());
    leaves[i] = entry.leaf;
    if (entry.change != Entry::no_change) context_.slots[entry.change] = {ref, static_cast<std::uint32_t>(i)};
  }
  TRY(const Digest digest, digest_of(entries, depth, context_.rows));
  return Subtree{ref, digest};
}

Subtree SubtreeBuilder::make_inner(const Subtree& left, const Subtree& right) {
  const Ref ref = supply_.inner();
  built_.created.push_back(ref);
  context_.nodes.new_inner(ref) = {{left.digest, right.digest}, {left.ref, right.ref}};
  return {ref, merkle::node_hash(left.digest, right.digest)};
}

BuildOutcome build_version(const BuildContext& context, const Subtree& base, platform::Workers& workers) {
  std::vector<Part> parts;
  if (context.changes.size() >= parallel_changes_min) plan(context.nodes, base, 0, context.changes, parts);
  const std::vector<Built> done = build_parts(context, parts, workers);

  SubtreeBuilder builder(context);
  Result<Subtree> root =
      parts.empty() ? builder.apply(base, 0, context.changes) : Joiner(builder, parts).join(base, 0, context.changes);
  BuildOutcome out{builder.take(), {}};
  for (const Built& part : done) add(out.built, part);
  if (root) {
    out.built.root = *root;
  } else {
    out.result = std::unexpected(std::move(root).error());
  }
  return out;
}

}  // namespace mikusari::replica
