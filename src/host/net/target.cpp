// SPDX-License-Identifier: Apache-2.0
// Request targets: RFC 9112 section 3.2 for the forms, RFC 3986 section 2.1 for percent codes.
#include "encoding/utf8.hpp"
#include "net/http.hpp"

namespace mikusari::net {

namespace {

constexpr int not_hex = -1;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return not_hex;
}

enum class Plus { is_itself, is_space };

Result<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  bool decoded = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus == Plus::is_space) {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : not_hex;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : not_hex;
      if (high == not_hex || low == not_hex)
        return fail(Code::invalid, "the request target has a malformed percent code", i);
      c = static_cast<char>(high * 16 + low);
      decoded = true;
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return fail(Code::invalid, "the request target has a control character", i);
    decoded = decoded || static_cast<unsigned char>(c) >= 0x80;
    out.push_back(c);
  }
  if (decoded && !is_utf8(as_bytes(out))) return fail(Code::invalid, "the request target is not UTF-8");
  return out;
}

// "http://host/path" -> "/path": a server must take the absolute form too (RFC 9112 section 3.2.2).
std::string_view without_authority(std::string_view raw) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (raw.size() < scheme.size() || !same_token(raw.substr(0, scheme.size()), scheme)) continue;
    const std::size_t path = raw.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? std::string_view("/") : raw.substr(path);
  }
  return raw;
}

Result<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") return segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    TRY(auto segment, percent_decode(path.substr(0, end), Plus::is_itself));
    if (segment == "." || segment == "..") return fail(Code::invalid, "the request target has a dot segment");
    if (segments.size() == Target::segments_max) return fail(Code::exhausted, "the path has more than 32 segments");
    segments.push_back(std::move(segment));
    path.remove_prefix(end);
  }
  return segments;
}

Result<std::vector<Target::Parameter>> split_query(std::string_view query) {
  std::vector<Target::Parameter> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    TRY(auto name, percent_decode(pair.substr(0, equals), Plus::is_space));
    TRY(auto value, percent_decode(pair.substr(std::min(equals + 1, pair.size())), Plus::is_space));
    if (parameters.size() == Target::parameters_max)
      return fail(Code::exhausted, "the query has more than 64 parameters");
    parameters.push_back({std::move(name), std::move(value)});
  }
  return parameters;
}

}  // namespace

Result<Target> Target::parse(std::string_view raw) {
  Target target;
  if (raw == "*") {  // OPTIONS * (RFC 9112 section 3.2.4)
    target.raw = raw;
    return target;
  }
  target.raw = without_authority(raw);
  const std::string_view text = target.raw;
  if (text.find('#') != std::string_view::npos) return fail(Code::invalid, "the request target has a fragment");
  const std::size_t question = std::min(text.find('?'), text.size());
  if (question > 0 || text.empty()) {
    if (!text.starts_with('/')) return fail(Code::invalid, "the request target does not begin with a slash");
    TRY(target.segments, split_path(text.substr(0, question)));
  }
  TRY(target.parameters, split_query(text.substr(std::min(question + 1, text.size()))));
  return target;
}

}  // namespace mikusari::net
