// SPDX-License-Identifier: Apache-2.0
// Ways into the middle of long lists. A list's rows are walked back from the newest; of a list that has grown by many
// entries, a row here and there is remembered, so that no walk is longer than one step between two of them. Short lists
// take no memory. Rebuilt from frames at start. Any thread.
#pragma once

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

#include "platform/mutex.hpp"
#include "replica/state_node.hpp"

namespace mikusari::replica {

class ListIndex {
 public:
  static constexpr std::uint64_t step = 256;  // entries

  // A list has grown to `count` entries, by `added` of them, and this is its row. REQUIRES: counts of a list ascend.
  void add(const Digest& list, std::uint64_t count, std::uint64_t added, const Place& row) {
    if (count / step == (count - added) / step) return;
    platform::MutexLock lock(mutex_);
    marks_[list].push_back({count, row});
  }
  // The first row remembered by which the list had more than `entry` entries, and at most `count_max`.
  std::optional<Place> find(const Digest& list, std::uint64_t entry, std::uint64_t count_max) const {
    platform::MutexLock lock(mutex_);
    const auto marks = marks_.find(list);
    if (marks == marks_.end()) return std::nullopt;
    const auto found = std::ranges::upper_bound(marks->second, entry, {}, &Mark::count);
    if (found == marks->second.end() || found->count > count_max) return std::nullopt;
    return found->row;
  }

 private:
  struct Mark {
    std::uint64_t count;
    Place row;
  };
  mutable platform::Mutex mutex_;
  std::unordered_map<Digest, std::vector<Mark>, BytesHash<32>> marks_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
