// SPDX-License-Identifier: Apache-2.0
#include "replica/log_store.hpp"

#include <algorithm>
#include <bit>

#include "crypto/hash.hpp"

namespace mikusari::replica {
namespace {

constexpr std::size_t node_bytes = Digest::size();
constexpr std::byte node_prefix{1};             // RFC 6962 section 2.1
constexpr std::size_t recovery_leaves = 65536;  // computed again at a time
constexpr const char* synced_name = "synced";

std::string level_name(std::size_t level) {
  const std::string digits = std::to_string(level);
  return (digits.size() < 2 ? "level-0" : "level-") + digits;
}

// The parents of nodes that begin with a left child; a last one without a sibling has none yet.
std::vector<Digest> parents_of(std::span<const Digest> nodes) {
  const std::size_t count = nodes.size() / 2;
  std::vector<Digest> left(count);
  std::vector<Digest> right(count);
  for (std::size_t i = 0; i < count; ++i) {
    left[i] = nodes[2 * i];
    right[i] = nodes[2 * i + 1];
  }
  crypto::sha256_nodes(node_prefix, left, right, left);
  return left;
}

// The frontier by level: the one at level k counts when bit k of the size is set.
std::array<Digest, 64> by_level(const merkle::CompactRange& frontier) {
  std::array<Digest, 64> out{};
  std::size_t at = frontier.nodes().size();
  for (std::uint64_t rest = frontier.size(); rest != 0; rest &= rest - 1) {
    out[static_cast<std::size_t>(std::countr_zero(rest))] = frontier.nodes()[--at];
  }
  return out;
}

merkle::CompactRange range_of(std::uint64_t size, const std::array<Digest, 64>& nodes_by_level) {
  std::vector<Digest> nodes;  // largest first
  for (std::size_t level = 64; level-- > 0;) {
    if ((size >> level & 1U) != 0) nodes.push_back(nodes_by_level[level]);
  }
  auto out = merkle::CompactRange::from(size, nodes);
  ASSERT(out.has_value());
  return *out;
}

}  // namespace

Result<std::unique_ptr<LogStore>> LogStore::open(platform::Files& files, std::string directory) {
  TRY(files.make_directory(directory));
  std::unique_ptr<LogStore> store(new LogStore(files, std::move(directory)));
  TRY(store->open_levels());
  TRY(store->recover());
  return store;
}

Result<void> LogStore::open_levels() {
  for (std::size_t level = 0; level < levels; ++level) {
    const std::string path = platform::join(directory_, level_name(level));
    if (!files_.exists(path)) continue;
    TRY(files_by_level_[level], files_.open(path, platform::Open::append));
  }
  return {};
}

// Every level has the nodes of a log of this size, or more.
bool LogStore::holds(std::uint64_t size) const {
  for (std::size_t level = 0; level < levels && size >> level != 0; ++level) {
    if (!files_by_level_[level] || files_by_level_[level]->size() < (size >> level) * node_bytes) return false;
  }
  return true;
}

// A file that is not what write_synced() writes counts as none: then everything is computed again.
Result<std::uint64_t> LogStore::read_synced() const {
  const std::string path = platform::join(directory_, synced_name);
  if (!files_.exists(path)) return 0;
  const auto bytes = platform::read_whole(files_, path, 64);
  if (!bytes)
    return bytes.error().code() == Code::exhausted ? Result<std::uint64_t>(0) : std::unexpected(bytes.error());
  if (bytes->size() != 8) return 0;
  std::uint64_t size = 0;
  for (const std::byte byte : *bytes) size = size << 8U | std::to_integer<std::uint64_t>(byte);
  return size <= size_max && holds(size) ? size : 0;
}

Result<void> LogStore::write_synced(std::uint64_t size) {
  Bytes<8> bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes.data[i] = static_cast<std::byte>(size >> (56 - 8 * i));
  TRY(platform::write_atomically(files_, platform::join(directory_, synced_name), bytes));
  synced_ = size;
  return {};
}

Result<void> LogStore::recover() {
  TRY(synced_, read_synced());
  const std::uint64_t leaves = files_by_level_[0] ? files_by_level_[0]->size() / node_bytes : 0;
  const std::uint64_t size = std::min(leaves, size_max);
  TRY(cut_files(size));
  TRY(merkle::CompactRange frontier, frontier_at(synced_));
  while (frontier.size() < size) {
    std::vector<Digest> next(
        static_cast<std::size_t>(std::min<std::uint64_t>(recovery_leaves, size - frontier.size())));
    TRY(files_by_level_[0]->read(frontier.size() * node_bytes, std::as_writable_bytes(std::span(next))));
    TRY(frontier, extend(frontier, std::move(next), 1));
  }
  const platform::MutexLock lock(mutex_);
  frontier_ = frontier;
  return {};
}

Result<void> LogStore::append(std::span<const Digest> leaf_hashes) {
  if (leaf_hashes.empty()) return {};
  merkle::CompactRange frontier;
  {
    const platform::MutexLock lock(mutex_);
    frontier = frontier_;
  }
  if (leaf_hashes.size() > size_max - frontier.size()) return fail(Code::exhausted, "the log is as large as it can be");
  TRY(frontier, extend(frontier, {leaf_hashes.begin(), leaf_hashes.end()}, 0));
  const platform::MutexLock lock(mutex_);
  frontier_ = frontier;
  return {};
}

Result<merkle::CompactRange> LogStore::extend(const merkle::CompactRange& frontier, std::vector<Digest> leaf_hashes,
                                              std::size_t from_level) {
  const std::uint64_t size = frontier.size() + leaf_hashes.size();
  std::array<Digest, 64> ends = by_level(frontier);
  std::vector<Digest> nodes = std::move(leaf_hashes);
  for (std::size_t level = 0; !nodes.empty(); ++level) {
    const std::uint64_t first = frontier.size() >> level;
    if (level >= from_level) TRY(write(level, first, nodes));
    // A left child that was alone so far has its sibling now.
    if (first % 2 != 0) nodes.insert(nodes.begin(), ends[level]);
    if (nodes.size() % 2 != 0) ends[level] = nodes.back();
    nodes = parents_of(nodes);
  }
  return range_of(size, ends);
}

Result<void> LogStore::write(std::size_t level, std::uint64_t first, std::span<const Digest> nodes) {
  std::unique_ptr<platform::File>& file = files_by_level_[level];
  if (!file) {
    TRY(file, files_.open(platform::join(directory_, level_name(level)), platform::Open::create));
  }
  // More than that is what an append that failed has left behind.
  if (file->size() > first * node_bytes) TRY(file->truncate(first * node_bytes));
  ASSERT(file->size() == first * node_bytes);
  TRY(file->append(std::as_bytes(nodes)));
  return {};
}

Result<void> LogStore::cut_files(std::uint64_t size) {
  for (std::size_t level = 0; level < levels; ++level) {
    const auto& file = files_by_level_[level];
    const std::uint64_t bytes = (size >> level) * node_bytes;
    if (file && file->size() > bytes) TRY(file->truncate(bytes));
  }
  return {};
}

Result<void> LogStore::sync() {
  const std::uint64_t size = this->size();
  if (size == synced_) return {};
  for (const auto& file : files_by_level_) {
    if (file) TRY(file->sync());
  }
  return write_synced(size);  // the files' names reach the disk with its own; without them it counts for nothing
}

Result<void> LogStore::truncate(std::uint64_t size) {
  TRY(demand(size));
  // First: what grows again above must not pass for synced.
  if (size < synced_) TRY(write_synced(size));
  TRY(const merkle::CompactRange frontier, frontier_at(size));
  {
    const platform::MutexLock lock(mutex_);
    frontier_ = frontier;
  }
  return cut_files(size);
}

std::uint64_t LogStore::size() const {
  const platform::MutexLock lock(mutex_);
  return frontier_.size();
}

Digest LogStore::root() const {
  const platform::MutexLock lock(mutex_);
  return frontier_.root();
}

Result<void> LogStore::demand(std::uint64_t size) const {
  if (size > this->size()) return fail(Code::invalid, "the log has not so many leaves");
  return {};
}

Result<Digest> LogStore::node(const merkle::NodeId& id) const {
  Digest out;
  TRY(files_by_level_[id.level]->read(id.index * node_bytes, out.mutable_view()));
  return out;
}

// REQUIRES: the files hold the nodes of a log of this size.
Result<merkle::CompactRange> LogStore::frontier_at(std::uint64_t size) const {
  std::array<Digest, 64> nodes{};
  for (std::uint64_t rest = size; rest != 0; rest &= rest - 1) {
    const auto level = static_cast<std::uint8_t>(std::countr_zero(rest));
    TRY(nodes[level], node({level, (size >> level) - 1}));
  }
  return range_of(size, nodes);
}

Result<Digest> LogStore::root_at(std::uint64_t size) const {
  TRY(demand(size));
  TRY(const merkle::CompactRange frontier, frontier_at(size));
  return frontier.root();
}

Result<Digest> LogStore::leaf(std::uint64_t index) const {
  if (index >= size()) return fail(Code::invalid, "the log has not so many leaves");
  return node({0, index});
}

Result<std::vector<Digest>> LogStore::path(const merkle::ProofNodes& nodes) const {
  std::vector<Digest> fetched;
  for (const merkle::NodeId& id : nodes.ids()) {
    TRY(const Digest digest, node(id));
    fetched.push_back(digest);
  }
  fetched.resize(nodes.fold(fetched).size());
  return fetched;
}

Result<std::vector<Digest>> LogStore::inclusion(std::uint64_t index, std::uint64_t size) const {
  TRY(demand(size));
  TRY(const merkle::ProofNodes nodes, merkle::inclusion_nodes(index, size));
  return path(nodes);
}

Result<std::vector<Digest>> LogStore::consistency(std::uint64_t size1, std::uint64_t size2) const {
  TRY(demand(size2));
  TRY(const merkle::ProofNodes nodes, merkle::consistency_nodes(size1, size2));
  return path(nodes);
}

Result<platform::Buffer> LogStore::tile(unsigned level, std::uint64_t index, unsigned width, std::uint64_t size) const {
  if (width == 0 || width > tile_width) return fail(Code::invalid, "a tile is 1 to 256 hashes wide");
  TRY(demand(size));
  const std::uint64_t nodes = level * 8 < levels ? size >> (level * 8) : 0;
  if (index > nodes / tile_width || index * tile_width + width > nodes) {
    return fail(Code::not_found, "the log has no such tile");
  }
  platform::Buffer out(width * node_bytes);
  TRY(files_by_level_[level * 8]->read(index * tile_width * node_bytes, out));
  return out;
}

}  // namespace mikusari::replica
