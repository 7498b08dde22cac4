// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "platform/clock.hpp"

namespace mikusari::platform {

// CLOCK_REALTIME and CLOCK_MONOTONIC.
class PosixClock final : public Clock {
 public:
  std::int64_t now_ms() const override;
  std::int64_t steady_ms() const override;
};

}  // namespace mikusari::platform
