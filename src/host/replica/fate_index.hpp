// SPDX-License-Identifier: Apache-2.0
// Where the fate of each statement stands in the chain file, by identity. An index: rebuilt from frames at start.
// Any thread.
#pragma once

#include <optional>
#include <unordered_map>

#include "platform/mutex.hpp"
#include "replica/frame.hpp"

namespace mikusari::replica {

struct FatePlace {
  Place submission;
  Place fate;
  std::uint64_t height = 0;
  std::uint64_t first_leaf = 0;  // index in the log of the first committed body's leaf
};

class FateIndex {
 public:
  std::optional<FatePlace> find(const Digest& identity) const {
    platform::MutexLock lock(mutex_);
    const auto found = places_.find(identity);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  void insert(const Digest& identity, const FatePlace& place) {
    platform::MutexLock lock(mutex_);
    places_.emplace(identity, place);
  }
  std::size_t size() const {
    platform::MutexLock lock(mutex_);
    return places_.size();
  }

 private:
  mutable platform::Mutex mutex_;
  std::unordered_map<Digest, FatePlace, BytesHash<32>> places_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
