// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <algorithm>

#include "encoding/text.hpp"
#include "net/http.hpp"

namespace mikusari::net {

namespace {

constexpr const char* wanted = "an address looks like https://127.0.0.1:8440";

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_' || c == ':' || c == '%';
}

Result<std::uint16_t> parse_port(std::string_view text) {
  const auto port = text::from_decimal(text);
  if (!port || *port == 0 || *port > 65535) return fail(Code::invalid, "a port is a number from 1 to 65535");
  return static_cast<std::uint16_t>(*port);
}

struct Authority {
  std::string_view host, port;  // port is empty when there is none
};

// "host", "host:port", "[address]:port"
Result<Authority> split_authority(std::string_view text) {
  std::string_view host = text.substr(0, text.find(':'));
  std::string_view rest = text.substr(host.size());
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return fail(Code::invalid, wanted);
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  }
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character)) return fail(Code::invalid, wanted);
  if (rest.empty()) return Authority{host, {}};
  if (!rest.starts_with(':') || rest.size() == 1) return fail(Code::invalid, wanted);
  return Authority{host, rest.substr(1)};
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return fail(Code::invalid, wanted);
  const std::string_view scheme = text.substr(0, colon);
  if (same_token(scheme, "http")) {
    url.scheme = Scheme::http;
    url.port = 80;
  } else if (!same_token(scheme, "https")) {
    return fail(Code::invalid, "the scheme must be https or http");
  }
  text.remove_prefix(colon + 3);
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view base = text.substr(slash);
  while (base.ends_with('/')) base.remove_suffix(1);
  const bool printable = std::all_of(base.begin(), base.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable || base.find_first_of("?#") != std::string_view::npos) return fail(Code::invalid, wanted);
  url.base = base;
  TRY(const auto authority, split_authority(text.substr(0, slash)));
  url.host = authority.host;
  if (authority.port.empty()) return url;
  TRY(url.port, parse_port(authority.port));
  return url;
}

std::string Url::authority() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::text() const { return (scheme == Scheme::https ? "https://" : "http://") + authority() + base; }

}  // namespace mikusari::net
