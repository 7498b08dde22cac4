// SPDX-License-Identifier: Apache-2.0
// Times that people write. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace mikusari::cli {

// Unix time in milliseconds of "2027-01-31", "2027-01-31T12:00:00Z" (UTC), or of a number of milliseconds. `invalid`
// for anything else, and for days that no month has.
Result<std::uint64_t> moment_ms(std::string_view text);

// A span of milliseconds of "90d", "36h", "15m", "20s", or of a number of milliseconds.
Result<std::uint64_t> span_ms(std::string_view text);

}  // namespace mikusari::cli
