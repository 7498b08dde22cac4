// SPDX-License-Identifier: Apache-2.0
// Reads JSON (RFC 8259) from outside, strictly and within bounds.
//
// Beyond the grammar refused: fractions and exponents, integers outside of -2^63 .. 2^64 - 1, a name twice in one
// object, text that is not UTF-8, surrogates without their partner, a byte order mark, and whatever is over a limit.
#pragma once

#include "base/limits.hpp"
#include "json/value.hpp"

namespace mikusari::json {

struct Limits {
  std::size_t bytes_max = limits::submission_bytes_max;
  std::size_t depth_max = 32;       // of arrays and objects within each other
  std::size_t values_max = 65'536;  // in the whole document: bounds the memory that it takes
};

// `invalid`, with the offset, for what is not such JSON; `exhausted` over a limit.
Result<Value> parse(std::string_view text, const Limits& limits = {});

}  // namespace mikusari::json
