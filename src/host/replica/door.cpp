// SPDX-License-Identifier: Apache-2.0
#include "replica/door.hpp"

namespace mikusari::replica {

using platform::MutexLock;

std::unique_ptr<DoorState> Door::take(Reading now, const ChainReader& chain) {
  {
    MutexLock lock(mutex_);
    while (!idle_.empty()) {
      auto state = std::move(idle_.back());
      idle_.pop_back();
      if (&state->reading.tip() == &now.tip()) return state;
    }
  }
  return std::make_unique<DoorState>(std::move(now), chain);
}

void Door::give_back(std::unique_ptr<DoorState> state) {
  if (!state->before.demand_sound() || ++state->tried == tried_max) return;
  MutexLock lock(mutex_);
  idle_.push_back(std::move(state));
}

}  // namespace mikusari::replica
