// SPDX-License-Identifier: Apache-2.0
#include "cli/moment.hpp"

#include <chrono>
#include <optional>

#include "encoding/text.hpp"

namespace mikusari::cli {
namespace {

std::unexpected<Error> no_moment(std::string_view text) {
  return std::unexpected(Error(Code::invalid, "a time is 2027-01-31, 2027-01-31T12:00:00Z or a number of milliseconds")
                             .with_context(text));
}

// Exactly `digits` of them.
std::optional<unsigned> number_at(std::string_view text, std::size_t at, std::size_t digits) {
  unsigned out = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = 10 * out + static_cast<unsigned>(c - '0');
  }
  return out;
}

bool has_marks(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '0' && form[i] != text[i]) return false;
  }
  return true;
}

std::optional<std::chrono::sys_days> day_of(std::string_view text) {
  const auto year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
  if (!year || !month || !day || *year < 1970) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

std::optional<std::chrono::seconds> clock_of(std::string_view text) {
  const auto hour = number_at(text, 0, 2), minute = number_at(text, 3, 2), second = number_at(text, 6, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

}  // namespace

Result<std::uint64_t> moment_ms(std::string_view text) {
  if (const auto plain = text::from_decimal(text)) return *plain;
  const bool with_clock = has_marks(text, "0000-00-00T00:00:00Z");
  if (!with_clock && !has_marks(text, "0000-00-00")) return no_moment(text);
  const auto day = day_of(text);
  const auto clock = with_clock ? clock_of(text.substr(11)) : std::optional(std::chrono::seconds(0));
  if (!day || !clock) return no_moment(text);
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(day->time_since_epoch() + *clock);
  return static_cast<std::uint64_t>(since.count());
}

Result<std::uint64_t> span_ms(std::string_view text) {
  struct Unit {
    char mark;
    std::uint64_t ms;
  };
  constexpr Unit units[] = {{'s', 1000}, {'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}};
  if (const auto plain = text::from_decimal(text)) return *plain;
  for (const auto& unit : units) {
    if (!text.ends_with(unit.mark)) continue;
    const auto count = text::from_decimal(text.substr(0, text.size() - 1));
    if (count && *count <= UINT64_MAX / unit.ms) return *count * unit.ms;
  }
  return std::unexpected(
      Error(Code::invalid, "a span of time is 90d, 36h, 15m, 20s or a number of milliseconds").with_context(text));
}

}  // namespace mikusari::cli
