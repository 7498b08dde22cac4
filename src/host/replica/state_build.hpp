// SPDX-License-Identifier: Apache-2.0
// Builds a new version of the state tree beside the old one: nodes on the way to a change are made anew, all others are
// shared. Part of state_tree.hpp.
#pragma once

#include "platform/parallel.hpp"
#include "replica/state_bucket.hpp"

namespace mikusari::replica {

// A key's new value.
struct Change {
  Digest key;
  Digest value_hash;  // SHA-256 of the value
  // Of the new row, when it is known already.
  Place place = {};
  // Of the row that it replaces, as find() told it for the base: spares reading that row to compare the keys. Without
  // it the change is as right.
  Place replaces = {};
};

// Where the leaf of a change is.
struct Slot {
  Ref bucket;
  std::uint32_t leaf = 0;
};

struct Built {
  Subtree root;
  std::uint64_t added = 0;    // leaves that the old version has not
  std::vector<Ref> created;   // nodes of the new version that the old has not
  std::vector<Ref> replaced;  // nodes of the old version that the new has not
};

// What every part of one build works on.
struct BuildContext {
  NodeStore& nodes;
  const Rows& rows;
  std::span<const Change> changes;  // strictly ascending keys
  std::span<Slot> slots;            // one for each change
};

// Builds the parts of the tree; one thread.
class SubtreeBuilder {
 public:
  explicit SubtreeBuilder(const BuildContext& context) : context_(context), supply_(context.nodes) {}

  // The subtree that `old` at this depth becomes. REQUIRES: changes is a part of the context's, not empty, all below.
  Result<Subtree> apply(const Subtree& old, std::size_t depth, std::span<const Change> changes);

  // The inner node that `old` becomes when child(subtree, depth + 1, its changes) tells what its changed children
  // become.
  template <class Child>
  Result<Subtree> apply_inner(Ref old, std::size_t depth, std::span<const Change> changes, const Child& child);

  // Of everything that this builder did; `root` is left to the caller.
  Built take() { return std::move(built_); }

 private:
  // The leaves of a bucket with the changes made to them, by key; valid until the next call.
  Result<std::span<const Entry>> merge(std::span<const Leaf> old, std::span<const Change> changes);
  Result<std::strong_ordering> compare(const Leaf& leaf, const Change& change) const;
  Entry entry_of(const Change& change) const;
  Result<Subtree> build(std::span<const Entry> entries, std::size_t depth);
  Result<Subtree> make_bucket(std::span<const Entry> entries, std::size_t depth);
  Subtree make_inner(const Subtree& left, const Subtree& right);

  const BuildContext context_;
  NodeSupply supply_;
  Built built_;
  std::vector<Entry> merged_;
};

// Those of the changes whose key has a 0 at this bit. They come first.
std::span<const Change> left_of(std::span<const Change> changes, std::size_t depth);

// The whole tree, its parts spread over the workers; the result does not depend on their number. Everything that was
// created is in `built` also when it fails.
struct BuildOutcome {
  Built built;
  Result<void> result;
};
BuildOutcome build_version(const BuildContext& context, const Subtree& base, platform::Workers& workers);

}  // namespace mikusari::replica
