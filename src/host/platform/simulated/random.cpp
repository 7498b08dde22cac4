// SPDX-License-Identifier: Apache-2.0
#include "platform/simulated/random.hpp"

#include "base/result.hpp"

namespace mikusari::platform {

void SimulatedRandom::fill(MutableByteView out) {
  MutexLock lock(mutex_);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) value = engine_();
    out[i] = static_cast<std::byte>(value >> (8 * (i % 8)));
  }
}

std::uint64_t SimulatedRandom::below(std::uint64_t bound) {
  ASSERT(bound > 0);
  MutexLock lock(mutex_);
  return engine_() % bound;
}

}  // namespace mikusari::platform
