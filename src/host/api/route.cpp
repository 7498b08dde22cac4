// SPDX-License-Identifier: Apache-2.0
#include "api/route.hpp"

namespace mikusari::api {
namespace {

constexpr std::string_view rest_mark = "...}";

std::string_view take_segment(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const std::size_t end = std::min(pattern.find('/'), pattern.size());
  const auto segment = pattern.substr(0, end);
  pattern.remove_prefix(end);
  return segment;
}

std::string joined(std::span<const std::string> segments) {
  std::string out;
  for (const auto& segment : segments) out += (out.empty() ? "" : "/") + segment;
  return out;
}

}  // namespace

std::optional<Captures> match(std::string_view pattern, std::span<const std::string> segments) {
  Captures out;
  while (!pattern.empty()) {
    if (segments.empty() || segments.front().empty()) return std::nullopt;
    const std::string_view expected = take_segment(pattern);
    if (expected.ends_with(rest_mark)) {
      out.add(expected.substr(1, expected.size() - 1 - rest_mark.size()), joined(segments));
      return out;
    }
    if (expected.starts_with('{')) {
      out.add(expected.substr(1, expected.size() - 2), segments.front());
    } else if (expected != segments.front()) {
      return std::nullopt;
    }
    segments = segments.subspan(1);
  }
  if (!segments.empty()) return std::nullopt;
  return out;
}

}  // namespace mikusari::api
