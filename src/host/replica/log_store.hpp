// SPDX-License-Identifier: Apache-2.0
// The hashes of the log (merkle/log.hpp) on disk, so that any proof is a handful of 32-byte reads and any tile one
// read.
//
// One file a level, "level-00" and up: level k holds the roots of the perfect subtrees of 2^k leaves in order, node
// (k, i) at offset 32 i. Every eighth level is thereby the tiles of C2SP tlog-tiles, one behind the other. At most 41
// files. All of it can be made again from the chain file; the file "synced" tells how many leaves, with all above them,
// have reached the disk, so that opening need not look at them again.
//
// Threads: append(), sync(), truncate() and reset() from one thread at a time; all const functions from any thread, at
// any time, about sizes that the log has reached and has not been cut below since.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "merkle/log.hpp"
#include "platform/file.hpp"
#include "platform/mutex.hpp"

namespace mikusari::replica {

class LogStore {
 public:
  static constexpr std::uint64_t size_max = std::uint64_t{1} << 40;
  static constexpr unsigned tile_width = 256;

  // Makes the directory when it is absent. The log has as many leaves as level 0 has whole hashes; whatever stands
  // above leaves that were not synced is computed again. What is read back may be other than what was appended since
  // the last sync(), but then root_at() is other too: the caller compares it with a recorded root, and resets and
  // appends everything again when it differs. `files` must outlive the store.
  static Result<std::unique_ptr<LogStore>> open(platform::Files& files, std::string directory);

  // Adds leaves; one write for each level that grows. On error the log is as before, and may be tried again.
  // Errors: `exhausted` above size_max, and what the files answer.
  Result<void> append(std::span<const Digest> leaf_hashes);
  // Everything appended so far stays through a power cut, and opening does not compute it again. Never needed.
  Result<void> sync();
  // Back to an earlier size, or to nothing. `invalid` when it is larger than the log.
  Result<void> truncate(std::uint64_t size);
  Result<void> reset() { return truncate(0); }

  std::uint64_t size() const;
  Digest root() const;
  // Errors of all below: `invalid` when the log has not that many leaves, `corrupt` when a file ends too early.
  Result<Digest> root_at(std::uint64_t size) const;
  Result<Digest> leaf(std::uint64_t index) const;
  // Paths as merkle/log.hpp takes them. `invalid` too unless index < size, 0 < size1 <= size2.
  Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size) const;
  Result<std::vector<Digest>> consistency(std::uint64_t size1, std::uint64_t size2) const;

  // C2SP tlog-tiles: the first `width` hashes of the tile at `level` and `index` in the log of `size` leaves, 32 bytes
  // each; 256 of them for a full tile. `not_found` unless the log of that size has them all; `invalid` for a width of 0
  // or above 256.
  Result<platform::Buffer> tile(unsigned level, std::uint64_t index, unsigned width, std::uint64_t size) const;

 private:
  static constexpr std::size_t levels = 41;

  LogStore(platform::Files& files, std::string directory) : files_(files), directory_(std::move(directory)) {}
  Result<void> open_levels();
  Result<void> recover();
  bool holds(std::uint64_t size) const;
  Result<std::uint64_t> read_synced() const;
  Result<void> write_synced(std::uint64_t size);

  // Writes the nodes that these leaves complete, from this level up; returns the new frontier.
  Result<merkle::CompactRange> extend(const merkle::CompactRange& frontier, std::vector<Digest> leaf_hashes,
                                      std::size_t from_level);
  Result<void> write(std::size_t level, std::uint64_t first, std::span<const Digest> nodes);
  Result<void> cut_files(std::uint64_t size);
  Result<void> demand(std::uint64_t size) const;
  Result<Digest> node(const merkle::NodeId& id) const;
  Result<merkle::CompactRange> frontier_at(std::uint64_t size) const;
  Result<std::vector<Digest>> path(const merkle::ProofNodes& nodes) const;

  platform::Files& files_;
  const std::string directory_;
  // Opened by the appender before the size that needs them is published under the mutex.
  std::array<std::unique_ptr<platform::File>, levels> files_by_level_;
  std::uint64_t synced_ = 0;  // the appender's
  mutable platform::Mutex mutex_;
  merkle::CompactRange frontier_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
