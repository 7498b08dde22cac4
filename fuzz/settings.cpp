// SPDX-License-Identifier: Apache-2.0
// The node's TOML settings. What is accepted is written out and read back as the same; what is not is `invalid`, with a
// sentence.
// LINK: mikusari_node
#include <cstdint>

#include "node/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mikusari;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = node::parse_config(text, "settings.toml");
  if (!config) {
    ASSERT(config.error().code() == Code::invalid && !config.error().message().empty());
    return 0;
  }
  const std::string written = node::to_toml(*config);
  const auto again = node::parse_config(written, "settings.toml");
  ASSERT(again.has_value() && node::to_toml(*again) == written);
  return 0;
}
