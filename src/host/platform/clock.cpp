// SPDX-License-Identifier: Apache-2.0
#include "platform/clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace mikusari::platform {

std::string rfc3339(std::int64_t unix_ms) {
  constexpr std::int64_t year_0000_ms = -62167219200000;
  constexpr std::int64_t year_9999_ms = 253402300799999;
  const std::chrono::sys_time<std::chrono::milliseconds> time(
      std::chrono::milliseconds(std::clamp(unix_ms, year_0000_ms, year_9999_ms)));
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> out;
  const int length =
      std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {out.data(), static_cast<std::size_t>(length)};
}

}  // namespace mikusari::platform
