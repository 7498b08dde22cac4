// SPDX-License-Identifier: Apache-2.0
#include "replica/door.hpp"

#include <algorithm>
#include <iterator>

namespace mikusari::replica {

using platform::MutexLock;

std::unique_ptr<DoorState> Door::take(Reading now, const ChainReader& chain) {
  std::vector<std::unique_ptr<DoorState>> gone;  // outside of the lock
  {
    MutexLock lock(mutex_);
    const auto is_present = [&](const auto& state) { return &state->reading.tip() == &now.tip(); };
    const auto earlier = std::partition(idle_.begin(), idle_.end(), is_present);
    gone.assign(std::move_iterator(earlier), std::move_iterator(idle_.end()));
    idle_.erase(earlier, idle_.end());
    if (!idle_.empty()) {
      auto state = std::move(idle_.back());
      idle_.pop_back();
      return state;
    }
  }
  return std::make_unique<DoorState>(std::move(now), chain);
}

void Door::give_back(std::unique_ptr<DoorState> state) {
  if (!state->before.demand_sound() || state->before.rows() > rows_max) return;
  MutexLock lock(mutex_);
  idle_.push_back(std::move(state));
}

std::size_t Door::idle() const {
  MutexLock lock(mutex_);
  return idle_.size();
}

}  // namespace mikusari::replica
