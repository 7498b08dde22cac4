// SPDX-License-Identifier: Apache-2.0
// What time it is. Rules never ask; services, logs and checkpoints do. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace mikusari::platform {

class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01T00:00:00Z; may be set back or forward while we run.
  virtual std::int64_t now_ms() const = 0;
  // Milliseconds since some moment before; never goes back. For timeouts and durations.
  virtual std::int64_t steady_ms() const = 0;
};

// RFC 3339 in UTC with milliseconds, "2025-01-31T23:59:59.123Z". Years 0000 to 9999; beyond them the nearest of these.
std::string rfc3339(std::int64_t unix_ms);

}  // namespace mikusari::platform
