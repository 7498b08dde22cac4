// SPDX-License-Identifier: Apache-2.0
// Addresses of nodes, taken apart (RFC 3986, as much of it as a client of ours needs). A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mikusari::net {

enum class Scheme : std::uint8_t { http, https };

// Where a node is: "https://127.0.0.1:8440", "http://[::1]:8080/base".
struct Url {
  Scheme scheme = Scheme::https;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 443;
  std::string base;  // before each request target; no slash at its end

  // `invalid` for other schemes, user names, queries, fragments, and what cannot be a host or port.
  static Result<Url> parse(std::string_view text);
  // "127.0.0.1:8440", "[::1]:8440": what the Host field says.
  std::string authority() const;
  std::string text() const;
};

}  // namespace mikusari::net
