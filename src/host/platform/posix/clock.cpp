// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/clock.hpp"

#include <chrono>

namespace mikusari::platform {

std::int64_t PosixClock::now_ms() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::int64_t PosixClock::steady_ms() const {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace mikusari::platform
