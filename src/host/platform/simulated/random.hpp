// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

#include "platform/mutex.hpp"
#include "platform/random.hpp"

namespace mikusari::platform {

// The same bytes for the same seed on every machine (mt19937_64 is fixed by the C++ standard). Never for keys that
// anybody relies on.
class SimulatedRandom final : public Random {
 public:
  explicit SimulatedRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(MutableByteView out) override;
  // One of 0 .. bound - 1. REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  Mutex mutex_;
  std::mt19937_64 engine_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::platform
