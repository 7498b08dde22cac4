// SPDX-License-Identifier: Apache-2.0
// Where each block's frame stands, when it was and where its leaves begin, by height. Rebuilt from frames at start. Any
// thread.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "platform/mutex.hpp"
#include "replica/frame.hpp"

namespace mikusari::replica {

struct BlockPlace {
  std::uint64_t height = 0;
  Position frame = 0;
  std::uint64_t time_ms = 0;
  std::uint64_t first_leaf = 0;  // in the log
};

class BlockIndex {
 public:
  // REQUIRES: heights ascend. There may be gaps between them.
  void append(const BlockPlace& place) {
    platform::MutexLock lock(mutex_);
    places_.push_back(place);
  }
  std::optional<BlockPlace> find(std::uint64_t height) const {
    platform::MutexLock lock(mutex_);
    const auto found = std::ranges::lower_bound(places_, height, {}, &BlockPlace::height);
    return found != places_.end() && found->height == height ? std::optional(*found) : std::nullopt;
  }

 private:
  mutable platform::Mutex mutex_;
  std::vector<BlockPlace> places_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
