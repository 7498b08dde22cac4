// SPDX-License-Identifier: Apache-2.0
#include "replica/state_bucket.hpp"

#include "merkle/log.hpp"

namespace mikusari::replica {
namespace {

Result<bool> bit_of(const Entry& entry, std::size_t depth, const Rows& rows) {
  if (depth < prefix_bits) return (entry.leaf.prefix() >> (prefix_bits - 1 - depth) & 1U) != 0;
  if (entry.key != nullptr) return bit_at(*entry.key, depth);
  TRY(const Digest key, rows.key(entry.leaf));
  return bit_at(key, depth);
}

}  // namespace

Result<std::size_t> count_left(std::span<const Entry> entries, std::size_t depth, const Rows& rows) {
  ASSERT(depth < limits::map_levels_max);  // two leaves with one key
  std::size_t begin = 0;
  std::size_t end = entries.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    TRY(const bool right, bit_of(entries[middle], depth, rows));
    if (right) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return begin;
}

Result<Digest> digest_of(std::span<const Entry> entries, std::size_t depth, const Rows& rows) {
  if (entries.empty()) return merkle::empty_subtree;
  if (entries.size() == 1) return entries.front().leaf.hash();
  TRY(const std::size_t left, count_left(entries, depth, rows));
  TRY(const Digest left_digest, digest_of(entries.first(left), depth + 1, rows));
  TRY(const Digest right_digest, digest_of(entries.subspan(left), depth + 1, rows));
  return merkle::node_hash(left_digest, right_digest);
}

}  // namespace mikusari::replica
