// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "platform/clock.hpp"

namespace mikusari::platform {

// Time that stands still until it is told to move. Starts at 2025-01-01T00:00:00Z unless told.
class SimulatedClock final : public Clock {
 public:
  static constexpr std::int64_t start_ms = 1735689600000;
  explicit SimulatedClock(std::int64_t now_ms = start_ms) : now_ms_(now_ms) {}

  std::int64_t now_ms() const override { return now_ms_; }
  std::int64_t steady_ms() const override { return steady_ms_; }
  // Both clocks go on.
  void advance(std::int64_t by_ms) {
    now_ms_ += by_ms;
    steady_ms_ += by_ms;
  }
  // Somebody sets the clock, perhaps back; the steady clock does not notice.
  void set(std::int64_t now_ms) { now_ms_ = now_ms; }

 private:
  std::atomic<std::int64_t> now_ms_;
  std::atomic<std::int64_t> steady_ms_ = 0;
};

}  // namespace mikusari::platform
