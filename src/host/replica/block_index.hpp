// SPDX-License-Identifier: Apache-2.0
// Where each block's frame stands and when it was, by height. Rebuilt from frames at start. Any thread.
#pragma once

#include <optional>
#include <vector>

#include "platform/mutex.hpp"
#include "replica/frame.hpp"

namespace mikusari::replica {

struct BlockPlace {
  Position frame = 0;
  std::uint32_t size = 0;
  std::uint64_t time_ms = 0;
};

class BlockIndex {
 public:
  // Heights are consecutive, from 0.
  void append(const BlockPlace& place) {
    platform::MutexLock lock(mutex_);
    places_.push_back(place);
  }
  std::optional<BlockPlace> find(std::uint64_t height) const {
    platform::MutexLock lock(mutex_);
    return height < places_.size() ? std::optional(places_[static_cast<std::size_t>(height)]) : std::nullopt;
  }

 private:
  mutable platform::Mutex mutex_;
  std::vector<BlockPlace> places_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
