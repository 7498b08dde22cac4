// SPDX-License-Identifier: Apache-2.0
// Memory for many nodes of one size, named by 28-bit numbers. A node never moves; what is given back is used again, and
// no memory returns to the system before the arena goes.
//
// take() and give_back() from any thread. at() takes no lock: a thread may look at a node that it took, or that another
// one took before handing the number over in a way that orders memory (a mutex).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "platform/mutex.hpp"

namespace mikusari::replica {

class NodeArena {
 public:
  static constexpr std::uint32_t nodes_max = std::uint32_t{1} << 28;

  // Nodes are trivial types aligned to at most 16 bytes that divide into node_bytes.
  explicit NodeArena(std::size_t node_bytes) : node_bytes_(node_bytes), chunks_(nodes_max >> chunk_bits) {}

  std::byte* at(std::uint32_t index) const {
    return chunks_[index >> chunk_bits].get() + std::size_t{index & chunk_mask} * node_bytes_;
  }

  // `count` nodes with undefined contents. REQUIRES: fewer than nodes_max are in use.
  std::vector<std::uint32_t> take(std::size_t count);
  void give_back(std::span<const std::uint32_t> indices);

  struct Use {
    std::size_t used_bytes = 0;      // by nodes that were taken
    std::size_t reserved_bytes = 0;  // the arena's highest mark, free nodes included
  };
  Use use() const;

 private:
  static constexpr unsigned chunk_bits = 15;
  static constexpr std::uint32_t chunk_mask = (std::uint32_t{1} << chunk_bits) - 1;

  struct Free {
    void operator()(std::byte* chunk) const;
  };
  using Chunk = std::unique_ptr<std::byte[], Free>;
  Chunk make_chunk(bool first) const;

  const std::size_t node_bytes_;
  std::vector<Chunk> chunks_;  // never resized; a slot is set once, before its nodes are taken
  mutable platform::Mutex mutex_;
  std::vector<std::uint32_t> free_ MIKUSARI_GUARDED_BY(mutex_);
  std::uint32_t end_ MIKUSARI_GUARDED_BY(mutex_) = 0;  // nodes from here on were never taken
};

}  // namespace mikusari::replica
