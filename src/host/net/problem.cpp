// SPDX-License-Identifier: Apache-2.0
#include "net/problem.hpp"

#include <algorithm>

#include "encoding/utf8.hpp"

namespace mikusari::net {

namespace {

constexpr int retry_soon_s = 1;

// RFC 9457 section 4.2: what a program tells apart by more than the status has a type of its own.
constexpr std::string_view newer_type = "urn:mikusari:newer";
constexpr std::string_view newer_title = "Newer than this node's program";
constexpr std::string_view newer_ja =
    "このノードのプログラムより新しい形式です。誤りではありません。ノードのプログラムを更新してください。";

std::string json_value(const Problem::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return json_string(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::get<bool>(value) ? "true" : "false";
}

void add_member(std::string& json, std::string_view name, const Problem::Value& value) {
  if (json.size() > 1) json += ',';
  json += json_string(name);
  json += ':';
  json += json_value(value);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

// The text up to the separator; `text` keeps what follows it.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

// qvalue in thousandths: "1", "0.5", "0.125" (RFC 9110 section 12.4.2).
std::optional<int> quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  int value = (text[0] - '0') * 1000;
  int weight = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return std::nullopt;
    value += (c - '0') * weight;
    weight /= 10;
  }
  return value <= 1000 ? std::optional(value) : std::nullopt;
}

struct Range {
  std::string_view type;
  int quality = 1000;
};

std::optional<Range> parse_range(std::string_view text) {
  Range range{take_until(text, ';')};
  if (range.type.find('/') == std::string_view::npos) return std::nullopt;
  while (!text.empty()) {
    std::string_view parameter = take_until(text, ';');
    const std::string_view parameter_name = take_until(parameter, '=');
    if (!same_token(parameter_name, "q")) continue;
    const auto value = quality(trimmed(parameter));
    if (!value) return std::nullopt;
    range.quality = *value;
  }
  return range;
}

// 0: does not match; 1: "*/*"; 2: "text/*"; 3: "text/html".
int specificity(std::string_view range, std::string_view offered) {
  const std::string_view bare = offered.substr(0, offered.find(';'));
  if (range == "*/*") return 1;
  if (same_token(range, bare)) return 3;
  const std::size_t slash = range.find('/');
  if (range.substr(slash) != "/*") return 0;
  return same_token(range.substr(0, slash + 1), bare.substr(0, std::min(slash + 1, bare.size()))) ? 2 : 0;
}

}  // namespace

int status_of(Code code) {
  switch (code) {
    case Code::invalid: return 400;
    case Code::unauthenticated: return 401;
    case Code::forbidden: return 403;
    case Code::not_found: return 404;
    case Code::conflict: return 409;
    case Code::corrupt: return 500;
    case Code::exhausted: return 429;
    case Code::unavailable: return 503;
    case Code::internal: return 500;
    case Code::newer: return 422;
  }
  return 500;
}

Code code_of(int status) {
  switch (status) {
    case 401: return Code::unauthenticated;
    case 403: return Code::forbidden;
    case 404: return Code::not_found;
    case 409: return Code::conflict;
    case 422: return Code::newer;
    case 413:
    case 414:
    case 429:
    case 431: return Code::exhausted;
    case 408:
    case 502:
    case 503:
    case 504: return Code::unavailable;
    default: return status < 500 ? Code::invalid : Code::internal;
  }
}

Problem Problem::of(int status, std::string_view detail) {
  Problem problem;
  problem.become(status);
  problem.detail = detail;
  problem.members.emplace_back("code", std::string(name(code_of(status))));
  return problem;
}

void Problem::become(int other_status) {
  status = other_status;
  title = reason(status);
  retry_after_s.reset();
  if (status == 429 || status == 503) retry_after_s = retry_soon_s;
}

Problem Problem::from(const Error& error) {
  const bool ours = error.code() == Code::internal || error.code() == Code::corrupt;
  Problem problem = of(status_of(error.code()), ours ? std::string(error.text()) : error.message())
                        .with("code", std::string(name(error.code())));
  if (error.offset() != Error::nowhere && !ours) problem.members.emplace_back("offset", std::int64_t{error.offset()});
  if (error.code() == Code::newer) {
    problem.type = newer_type;
    problem.title = newer_title;
    problem.members.emplace_back("detail_ja", std::string(newer_ja));
  }
  return problem;
}

Problem&& Problem::with(std::string_view name, Value value) && {
  const auto known =
      std::ranges::find(members, name, [](const auto& member) { return std::string_view(member.first); });
  if (known != members.end())
    known->second = std::move(value);
  else
    members.emplace_back(std::string(name), std::move(value));
  return std::move(*this);
}

std::string Problem::json() const {
  std::string out = "{";
  add_member(out, "type", type);
  add_member(out, "title", title);
  add_member(out, "status", std::int64_t{status});
  if (!detail.empty()) add_member(out, "detail", detail);
  if (!instance.empty()) add_member(out, "instance", instance);
  for (const auto& [name, value] : members) add_member(out, name, value);
  out += "}";
  return out;
}

Response Problem::response() const {
  Response out = Response::content(status, "application/problem+json", Body::text(json()));
  if (retry_after_s) out.headers.add("Retry-After", std::to_string(*retry_after_s));
  return out;
}

Response response_from(const Error& error) { return Problem::from(error).response(); }

std::string json_string(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  const bool valid = is_utf8(as_bytes(text));
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (code < 0x20) {
      out += "\\u00";
      out += digits[code >> 4];
      out += digits[code & 15];
    } else {
      out += code >= 0x80 && !valid ? '?' : c;
    }
  }
  return out += '"';
}

std::optional<std::size_t> negotiate(std::string_view accept, std::span<const std::string_view> offered) {
  constexpr std::size_t ranges_max = 32;
  if (offered.empty()) return std::nullopt;
  if (trimmed(accept).empty()) return 0;
  std::vector<Range> ranges;
  while (!accept.empty() && ranges.size() < ranges_max)
    if (const auto range = parse_range(take_until(accept, ','))) ranges.push_back(*range);
  std::optional<std::size_t> best;
  int best_quality = 0;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    int closest = 0;
    int wanted = 0;
    for (const Range& range : ranges) {  // the most specific range decides
      const int how = specificity(range.type, offered[i]);
      if (how > closest) {
        closest = how;
        wanted = range.quality;
      }
    }
    if (wanted > best_quality) {
      best = i;
      best_quality = wanted;
    }
  }
  return best;
}

}  // namespace mikusari::net
