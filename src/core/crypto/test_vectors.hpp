// SPDX-License-Identifier: Apache-2.0
// For tests: vectors by other implementations, from the folder that MIKUSARI_VECTORS names (by default
// ../shared/vectors beside the source tree), and bytes from text. A test whose file is absent says so with GTEST_SKIP.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "encoding/text.hpp"

namespace mikusari::test {

inline std::filesystem::path vectors() {
  if (const char* named = std::getenv("MIKUSARI_VECTORS"); named != nullptr && *named != '\0') return named;
  const char* source = std::getenv("MIKUSARI_SOURCE");
  return std::filesystem::path(source != nullptr ? source : ".") / "../shared/vectors";
}

inline std::optional<std::string> file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// REQUIRES: valid hexadecimal.
inline std::vector<std::byte> from_hex(std::string_view hex) {
  std::vector<std::byte> out(hex.size() / 2);
  ASSERT(text::from_hex(hex, out).has_value());
  return out;
}

inline std::vector<std::byte> from_base64(std::string_view base64) {
  std::vector<std::byte> out(base64.size());
  const auto decoded = text::from_base64(base64, out);
  ASSERT(decoded.has_value());
  out.resize(decoded->size());
  return out;
}

inline std::string to_hex(ByteView bytes) {
  std::string out(bytes.size() * 2, '\0');
  ASSERT(text::hex(bytes, out).has_value());
  return out;
}

}  // namespace mikusari::test
