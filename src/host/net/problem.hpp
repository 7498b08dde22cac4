// SPDX-License-Identifier: Apache-2.0
// What went wrong, for programs and people: application/problem+json (RFC 9457). The one place where an Error becomes
// an HTTP status. And the choice of a representation by Accept (RFC 9110 section 12.5.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "net/http.hpp"

namespace mikusari::net {

struct Problem {
  using Value = std::variant<std::string, std::int64_t, bool>;

  std::string type = "about:blank";  // then the title is the status's phrase (RFC 9457 section 4.2.1)
  std::string title;
  int status = 500;
  std::string detail;
  std::string instance;
  std::vector<std::pair<std::string, Value>> members;  // extension members, such as "code"
  std::optional<int> retry_after_s;                    // becomes the Retry-After header

  // Carries "code": see code_of().
  static Problem of(int status, std::string_view detail);
  // The status follows from the code: see status_of(). Carries "code", and "offset" when the error has one. What an
  // `internal` or `corrupt` error says about this machine (its context) stays in the log and is not sent.
  // `newer` has a type of its own, urn:mikusari:newer, and a sentence in Japanese beside the English one ("detail_ja").
  static Problem from(const Error& error);

  // One member of each name: the last.
  Problem&& with(std::string_view name, Value value) &&;
  // Another status with its phrase and its Retry-After; the members stay.
  void become(int other_status);
  std::string json() const;
  Response response() const;
};

// invalid 400, unauthenticated 401, forbidden 403, not_found 404, conflict 409, newer 422, exhausted 429, unavailable
// 503, corrupt and internal 500.
int status_of(Code code);
// The other way: which code does this status stand for? REQUIRES: status >= 400.
Code code_of(int status);

// Problem::from(error).response()
Response response_from(const Error& error);

// A JSON string with its quotes (RFC 8259 section 7). What is not UTF-8 in `text` becomes "?".
std::string json_string(std::string_view text);

// The index of the offered media type that `accept` likes best (first wins a tie); nothing when it likes none, which
// is 406. An empty `accept` likes everything. Only the first 32 ranges are read; malformed ones are skipped.
std::optional<std::size_t> negotiate(std::string_view accept, std::span<const std::string_view> offered);

}  // namespace mikusari::net
