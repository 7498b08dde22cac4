// SPDX-License-Identifier: Apache-2.0
#include "api/tile_path.hpp"

#include <algorithm>

#include "encoding/text.hpp"

namespace mikusari::api {
namespace {

constexpr std::string_view partial_mark = ".p/";
constexpr std::size_t groups_max = 5;  // 10^15 tiles: more than a log may have

std::unexpected<Error> no_tile() { return fail(Code::not_found, "this is not the path of a tile (C2SP tlog-tiles)"); }

Result<std::uint64_t> group_of(std::string_view digits) {
  if (digits.size() != 3 || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return no_tile();
  return static_cast<std::uint64_t>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
}

Result<std::uint64_t> index_of(std::string_view text) {
  std::uint64_t index = 0;
  for (std::size_t groups = 1; groups <= groups_max; ++groups) {
    const std::size_t slash = text.find('/');
    const auto group = text.substr(0, slash);
    if (slash == text.npos) {
      TRY(const auto last, group_of(group));
      return index * 1000 + last;
    }
    if (!group.starts_with('x')) return no_tile();
    TRY(const auto digits, group_of(group.substr(1)));
    index = index * 1000 + digits;
    if (index == 0) return no_tile();  // a leading group of zeros is left out
    text.remove_prefix(slash + 1);
  }
  return no_tile();
}

}  // namespace

Result<TilePath> parse_tile_path(std::string_view level, std::string_view rest) {
  TilePath out;
  const auto number = text::from_decimal(level);
  if (!number || *number > 63) return no_tile();
  out.level = static_cast<unsigned>(*number);
  if (const std::size_t mark = rest.find(partial_mark); mark != rest.npos) {
    const auto width = text::from_decimal(rest.substr(mark + partial_mark.size()));
    if (!width || *width == 0 || *width > 255) return no_tile();
    out.width = static_cast<unsigned>(*width);
    rest = rest.substr(0, mark);
  }
  TRY(out.index, index_of(rest));
  return out;
}

}  // namespace mikusari::api
