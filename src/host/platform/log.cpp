// SPDX-License-Identifier: Apache-2.0
#include "platform/log.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "encoding/utf8.hpp"

namespace mikusari::platform {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// Length of the UTF-8 sequence that the text begins with; 0 when it begins with none.
std::size_t sequence_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_utf8(as_bytes(text.substr(0, length)))) return length;
  }
  return 0;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto value = static_cast<unsigned char>(c);
  if (value >= 0x20 && value != 0x7f) {
    out += c;
  } else {
    out += "\\u00";
    out += digits[value >> 4];
    out += digits[value & 15];
  }
}

// A JSON string (RFC 8259 section 7) that holds no line break of any kind that a viewer may honour.
void append_string(std::string& out, std::string_view text) {
  const bool cut = text.size() > Log::text_bytes_max;
  if (cut) text = text.substr(0, Log::text_bytes_max);
  out += '"';
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0) {
      out += replacement;
    } else if (length == 1) {
      append_escaped(out, character.front());
    } else if (character == "\u2028" || character == "\u2029") {
      out += character == "\u2028" ? "\\u2028" : "\\u2029";
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  out += cut ? "...\"" : "\"";
}

}  // namespace

std::string_view name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

void Log::append_field(std::string& line, const Field& field) {
  line += ',';
  append_string(line, field.name_);
  line += ':';
  if (const auto* text = std::get_if<std::string_view>(&field.value_)) {
    append_string(line, *text);
  } else if (const auto* truth = std::get_if<bool>(&field.value_)) {
    line += *truth ? "true" : "false";
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value_)) {
    line += std::to_string(*number);
  } else {
    line += std::to_string(std::get<std::uint64_t>(field.value_));
  }
}

std::string Log::begin_line(Level level, std::string_view event, std::initializer_list<Field> fields) const {
  std::string line =
      "{\"time\":\"" + rfc3339(clock_.now_ms()) + "\",\"level\":\"" + std::string(name(level)) + "\",\"event\":";
  append_string(line, event);
  for (const Field& field : fields) append_field(line, field);
  return line;
}

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < minimum_) return;
  write_line(begin_line(level, event, fields) + "}\n");
}

void Log::error(std::string_view event, const Error& why, std::initializer_list<Field> fields) {
  std::string line = begin_line(Level::error, event, fields);
  append_field(line, {"code", mikusari::name(why.code())});
  append_field(line, {"message", why.message()});
  write_line(line + "}\n");
}

}  // namespace mikusari::platform
