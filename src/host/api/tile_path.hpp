// SPDX-License-Identifier: Apache-2.0
// Paths of log tiles as C2SP tlog-tiles writes them: "<level>/<index in groups of three digits>[.p/<width>]".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace mikusari::api {

struct TilePath {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = 256;  // below 256: a partial tile
};

// "0", "x001/x234/067.p/12" -> level 0, index 1,234,067, width 12. `not_found` for anything that the standard does not
// write.
Result<TilePath> parse_tile_path(std::string_view level, std::string_view rest);

}  // namespace mikusari::api
