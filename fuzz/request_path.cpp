// SPDX-License-Identifier: Apache-2.0
// The target of a request: its segments against every route, and the paths of tiles, each of which is written in one
// way.
// LINK: mikusari_api mikusari_crypto_openssl
#include <cstdint>
#include <cstdio>

#include "api/routes.hpp"
#include "api/tile_path.hpp"

namespace {

using namespace mikusari;

std::string path_of(const api::TilePath& tile) {
  char group[8];
  std::snprintf(group, sizeof group, "%03u", static_cast<unsigned>(tile.index % 1000));
  std::string out = group;
  for (std::uint64_t rest = tile.index / 1000; rest > 0; rest /= 1000) {
    std::snprintf(group, sizeof group, "x%03u/", static_cast<unsigned>(rest % 1000));
    out.insert(0, group);
  }
  if (tile.width < 256) out += ".p/" + std::to_string(tile.width);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto tile = api::parse_tile_path("0", text)) ASSERT(path_of(*tile) == text);
  const auto target = net::Target::parse(text);
  if (!target) return 0;
  ASSERT(target->segments.size() <= net::Target::segments_max);
  ASSERT(target->parameters.size() <= net::Target::parameters_max);
  for (const auto& route : api::routes()) static_cast<void>(api::match(route.pattern, target->segments));
  return 0;
}
