// SPDX-License-Identifier: Apache-2.0
// Whatever is accepted is written as JSON that is accepted too, and that means the same from then on.
// LINK: mikusari_json
#include <cstdint>

#include "json/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mikusari;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = json::parse(text);
  if (!value) {
    ASSERT(value.error().offset() == Error::nowhere || value.error().offset() <= size);
    return 0;
  }
  // Large integers become strings once, and stay so.
  const std::string written = json::to_json(*value);
  // Escapes may lengthen a text sixfold.
  const json::Limits wider{.bytes_max = 8 * size + 64};
  const auto again = json::parse(written, wider);
  ASSERT(again.has_value());
  ASSERT(json::to_json(*again) == written);
  return 0;
}
