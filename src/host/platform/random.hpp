// SPDX-License-Identifier: Apache-2.0
// Random bytes fit for keys (posix/), or repeatable ones (simulated/). Any thread.
#pragma once

#include "base/bytes.hpp"

namespace mikusari::platform {

class Random {
 public:
  virtual ~Random() = default;
  // Never fails: a machine without randomness stops the process.
  virtual void fill(MutableByteView out) = 0;
};

template <std::size_t N>
Bytes<N> random(Random& from) {
  Bytes<N> out;
  from.fill(out.mutable_view());
  return out;
}

}  // namespace mikusari::platform
