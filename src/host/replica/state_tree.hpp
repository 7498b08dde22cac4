// SPDX-License-Identifier: Apache-2.0
// The state tree: the map of merkle/map.hpp over what is true now, in memory. It holds for each key 64 bits of it, the
// leaf's hash and the place of its row in the chain file; values and whole keys stay in the file. About 75 bytes a key.
//
// Versions share nodes and are never changed: apply() builds the next one beside its base. A version is *staged*, then
// published or discarded; staged versions may stand on each other. Nodes that no version needs any more are used again
// once nobody holds a Snapshot of an older one.
//
// Keys are never removed: in the ledger what ended is a tombstone.
//
// Threads: read() and all const functions from any thread. apply(), publish() and discard() may run beside them, and
// beside each other on different threads, but versions are published in the order in which they stand on each other,
// and the places of a version are set before another is built on it. A Version itself is only a name: it stays good
// while it is published or staged, or while a Snapshot holds it.
#pragma once

#include <deque>

#include "merkle/map_path.hpp"
#include "replica/state_build.hpp"

namespace mikusari::replica {

class Version {
 public:
  Version() = default;  // of the empty map
  const Digest& root() const { return root_.digest; }
  std::uint64_t count() const { return count_; }

 private:
  friend class StateTree;
  friend class Staged;
  Subtree root_;
  std::uint64_t count_ = 0;
  std::uint64_t number_ = 0;
};

// The way to where a key's leaf is or would be, and the leaf that stands there: the key's own, or another's. The key in
// its row tells.
struct StateProof {
  merkle::MapPath path;
  std::optional<Leaf> leaf;
};

class StateTree;

// A version that nobody but its maker knows. Discarded when destroyed before it is published.
class Staged {
 public:
  Staged(Staged&& other) noexcept;
  Staged& operator=(Staged&&) = delete;
  ~Staged();

  const Version& version() const { return version_; }
  // The row of changes[i], as given to apply(), is at `place`. All must be set, here or in the change, before
  // publish(), before another version is built on this one, and before find() or prove() on it.
  void set_place(std::size_t i, const Place& place);

 private:
  friend class StateTree;
  explicit Staged(StateTree& tree) : tree_(&tree) {}
  StateTree* tree_;
  Version base_;
  Version version_;
  std::vector<Ref> created_;
  std::vector<Ref> replaced_;
  std::vector<Slot> slots_;
  std::size_t unplaced_ = 0;
};

// The published version at one moment, for as long as this lives. Movable; used by one thread at a time.
class Snapshot {
 public:
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();

  const Version& version() const;
  const Digest& root() const { return version().root(); }
  std::uint64_t count() const { return version().count(); }
  // As StateTree's.
  Result<std::optional<Place>> find(const Digest& key) const;
  Result<std::optional<Leaf>> candidate(const Digest& key) const;
  Result<bool> exists(const Digest& key) const;
  Result<StateProof> prove(const Digest& key) const;

 private:
  friend class StateTree;
  struct Held;
  Snapshot(StateTree& tree, Held& held) : tree_(&tree), held_(&held) {}
  StateTree* tree_;
  Held* held_;
};

struct Snapshot::Held {
  Version version;
  std::size_t pins = 0;
  std::vector<Ref> retired;  // nodes that the next version has not
};

class StateTree {
 public:
  // Larger maps are refused.
  static constexpr std::uint64_t count_max = std::uint64_t{1} << 27;

  // Both must outlive the tree.
  StateTree(const Rows& rows, platform::Workers& workers);
  // REQUIRES: no Staged and no Snapshot lives.
  ~StateTree();
  StateTree(const StateTree&) = delete;
  StateTree& operator=(const StateTree&) = delete;

  // The newest published version.
  Version published() const;
  Snapshot read();

  // The version in which these keys have these values and all others are as in `base`.
  // REQUIRES: the keys ascend strictly. Errors: `exhausted` above count_max; what Rows answers.
  Result<Staged> apply(const Version& base, std::span<const Change> changes);
  // REQUIRES: it stands on the published version, and its places are set.
  void publish(Staged staged);
  // REQUIRES: nothing staged stands on it.
  void discard(Staged staged);

  // The row of a key. Reads rows when, and only when, a leaf agrees with the key in its first 64 bits.
  Result<std::optional<Place>> find(const Version& version, const Digest& key) const;
  // The only leaf that can be the key's, if any; the key in its row tells. Reads rows only when several leaves agree
  // with the key in its first 64 bits: for whoever reads the row anyway.
  Result<std::optional<Leaf>> candidate(const Version& version, const Digest& key) const;
  // The row of a key whose value is known: its leaf, merkle::map_leaf(), is looked for. Reads no rows.
  std::optional<Place> place_of(const Version& version, const Digest& key, const Digest& leaf) const;
  // As find().
  Result<bool> exists(const Version& version, const Digest& key) const;
  // Presence or absence. Reads rows only when several leaves agree with each other in their first 64 bits.
  Result<StateProof> prove(const Version& version, const Digest& key) const;

  // Of all versions together.
  NodeArena::Use memory() const { return nodes_.use(); }

 private:
  friend class Staged;
  friend class Snapshot;
  // The bucket, perhaps an empty one, where a key's leaf is or would be; visit(inner, side) for each node on the way.
  template <class Visit>
  Ref descend(const Version& version, const Digest& key, const Visit& visit) const;
  void unpin(Snapshot::Held& held);
  void reclaim();

  const Rows& rows_;
  platform::Workers& workers_;
  NodeStore nodes_;
  mutable platform::Mutex mutex_;
  std::deque<Snapshot::Held> held_ MIKUSARI_GUARDED_BY(mutex_);  // oldest first; the last is the published one
  std::uint64_t next_number_ MIKUSARI_GUARDED_BY(mutex_) = 1;
};

}  // namespace mikusari::replica
