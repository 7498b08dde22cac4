// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "platform/random.hpp"

namespace mikusari::platform {

// getrandom(2): waits at most for the kernel's own seeding at boot.
class PosixRandom final : public Random {
 public:
  void fill(MutableByteView out) override;
};

}  // namespace mikusari::platform
