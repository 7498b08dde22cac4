// SPDX-License-Identifier: Apache-2.0
#include "replica/node_arena.hpp"

#include <sys/mman.h>

#include <cstdlib>

namespace mikusari::replica {
namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} * 1024 * 1024;

}  // namespace

void NodeArena::Free::operator()(std::byte* chunk) const { std::free(chunk); }

// Not zeroed: the system gives the pages when they are first written. A walk down the tree misses the processor's cache
// at most nodes; huge pages spare it a miss in the page table each time. The first chunk does without, so that a small
// ledger stays small.
NodeArena::Chunk NodeArena::make_chunk(bool first) const {
  const std::size_t bytes = ((node_bytes_ << chunk_bits) + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes;
  Chunk chunk(static_cast<std::byte*>(std::aligned_alloc(huge_page_bytes, bytes)));
  ASSERT(chunk != nullptr);
  if (!first) (void)::madvise(chunk.get(), bytes, MADV_HUGEPAGE);  // a system without them goes on as it was
  return chunk;
}

std::vector<std::uint32_t> NodeArena::take(std::size_t count) {
  std::vector<std::uint32_t> out;
  out.reserve(count);
  const platform::MutexLock lock(mutex_);
  while (out.size() < count && !free_.empty()) {
    out.push_back(free_.back());
    free_.pop_back();
  }
  for (; out.size() < count; ++end_) {
    ASSERT(end_ < nodes_max);
    Chunk& chunk = chunks_[end_ >> chunk_bits];
    if (!chunk) chunk = make_chunk(end_ == 0);
    out.push_back(end_);
  }
  return out;
}

void NodeArena::give_back(std::span<const std::uint32_t> indices) {
  const platform::MutexLock lock(mutex_);
  free_.insert(free_.end(), indices.begin(), indices.end());
}

NodeArena::Use NodeArena::use() const {
  const platform::MutexLock lock(mutex_);
  return {(end_ - free_.size()) * node_bytes_, end_ * node_bytes_};
}

}  // namespace mikusari::replica
