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

// Calls capture(name, segments) for each placeholder.
template <class Capture>
bool walk(std::string_view pattern, std::span<const std::string> segments, const Capture& capture) {
  while (!pattern.empty()) {
    if (segments.empty() || segments.front().empty()) return false;
    const std::string_view expected = take_segment(pattern);
    if (expected.ends_with(rest_mark)) {
      capture(expected.substr(1, expected.size() - 1 - rest_mark.size()), segments);
      return true;
    }
    if (expected.starts_with('{')) {
      capture(expected.substr(1, expected.size() - 2), segments.first(1));
    } else if (expected != segments.front()) {
      return false;
    }
    segments = segments.subspan(1);
  }
  return segments.empty();
}

}  // namespace

bool fits(std::string_view pattern, std::span<const std::string> segments) {
  return walk(pattern, segments, [](std::string_view, std::span<const std::string>) {});
}

std::optional<Captures> match(std::string_view pattern, std::span<const std::string> segments) {
  Captures out;
  const auto add = [&](std::string_view name, std::span<const std::string> values) { out.add(name, joined(values)); };
  return walk(pattern, segments, add) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace mikusari::api
