// SPDX-License-Identifier: Apache-2.0
#include "json/schema.hpp"

#include <algorithm>

namespace mikusari::json::detail {
namespace {

// The length of the last line, which is where a comment goes.
std::size_t last_line(std::string_view text) {
  const std::size_t newline = text.rfind('\n');
  return newline == std::string_view::npos ? text.size() : text.size() - newline - 1;
}

}  // namespace

std::string cddl_map(const std::vector<CddlLine>& lines, std::size_t depth) {
  if (lines.empty()) return "{}";
  const std::string indent(2 * (depth + 1), ' ');
  // A nested map ends in a line that is indented already.
  const auto width = [&](const CddlLine& line) {
    const std::size_t last = last_line(line.entry);
    return last == line.entry.size() ? indent.size() + last : last;
  };
  // A longer line has its comment right behind it, and does not move those of the others.
  constexpr std::size_t column_max = 64;
  std::size_t column = 0;
  for (const CddlLine& line : lines) {
    if (width(line) <= column_max) column = std::max(column, width(line));
  }
  std::string out = "{\n";
  for (const CddlLine& line : lines) {
    const std::string gap(column - std::min(column, width(line)), ' ');
    out += indent + line.entry + gap + "  ; " + line.comment + "\n";
  }
  return out + std::string(2 * depth, ' ') + "}";
}

std::string integer_range(std::int64_t least, std::uint64_t most) {
  if (least == 0 && most == std::numeric_limits<std::uint64_t>::max()) return "uint";
  return std::to_string(least) + ".." + std::to_string(most);
}

std::string positive_range(std::uint64_t most) {
  return most == std::numeric_limits<std::uint64_t>::max() ? "uint .ge 1" : "1.." + std::to_string(most);
}

void write_integer(Writer& out, std::int64_t least, std::uint64_t most) {
  const bool exact = most <= static_cast<std::uint64_t>(exact_max);
  out.begin_object();
  if (!exact) out.key("anyOf").begin_array().begin_object();
  out.member("type", "integer");
  out.member("minimum", std::max(least, -exact_max));
  out.member("maximum", std::min(most, static_cast<std::uint64_t>(exact_max)));
  if (!exact) {
    out.end_object().begin_object().member("type", "string");
    out.member("pattern", least < 0 ? "^-?[0-9]{16,19}$" : "^[0-9]{16,20}$").end_object().end_array();
  }
  out.end_object();
}

}  // namespace mikusari::json::detail
