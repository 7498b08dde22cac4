// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <utility>

#include "base/result.hpp"
#include "encoding/utf8.hpp"
#include "platform/bytes.hpp"

namespace mikusari::json {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// The character at the front of `text`: its length in bytes, 0 when the bytes are no character.
std::size_t character(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_utf8(as_bytes(text.substr(0, length)))) return length;
  }
  return 0;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  out += "\\u00";
  out += digits[value >> 4];
  out += digits[value & 15];
}

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

}  // namespace

void Writer::before_value() {
  ASSERT(!complete_);
  if (levels_.empty()) return;
  Level& level = levels_.back();
  ASSERT(level.place != Place::object_key);
  if (level.place == Place::array && !level.empty) out_ += ',';
}

void Writer::after_value() {
  if (levels_.empty()) {
    complete_ = true;
    return;
  }
  Level& level = levels_.back();
  level.empty = false;
  if (level.place == Place::object_value) level.place = Place::object_key;
}

void Writer::quoted(std::string_view text) {
  out_ += '"';
  const bool clean = is_utf8(as_bytes(text));
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (needs_escape(c)) {
      append_escape(out_, c);
      ++i;
    } else if (clean || static_cast<unsigned char>(c) < 0x80) {
      out_ += c;
      ++i;
    } else if (const std::size_t length = character(text.substr(i)); length != 0) {
      out_ += text.substr(i, length);
      i += length;
    } else {
      out_ += replacement;
      ++i;
    }
  }
  out_ += '"';
}

Writer& Writer::begin_object() {
  before_value();
  out_ += '{';
  levels_.push_back({Place::object_key});
  return *this;
}

Writer& Writer::end_object() {
  ASSERT(!levels_.empty() && levels_.back().place == Place::object_key);
  out_ += '}';
  levels_.pop_back();
  after_value();
  return *this;
}

Writer& Writer::begin_array() {
  before_value();
  out_ += '[';
  levels_.push_back({Place::array});
  return *this;
}

Writer& Writer::end_array() {
  ASSERT(!levels_.empty() && levels_.back().place == Place::array);
  out_ += ']';
  levels_.pop_back();
  after_value();
  return *this;
}

Writer& Writer::key(std::string_view name) {
  ASSERT(!levels_.empty() && levels_.back().place == Place::object_key);
  if (!levels_.back().empty) out_ += ',';
  quoted(name);
  out_ += ':';
  levels_.back().place = Place::object_value;
  return *this;
}

Writer& Writer::text(std::string_view value) {
  before_value();
  quoted(value);
  after_value();
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  if (value > exact_max || value < -exact_max) return text(std::to_string(value));
  before_value();
  out_ += std::to_string(value);
  after_value();
  return *this;
}

Writer& Writer::number(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(exact_max)) return text(std::to_string(value));
  return number(static_cast<std::int64_t>(value));
}

Writer& Writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  after_value();
  return *this;
}

Writer& Writer::null() {
  before_value();
  out_ += "null";
  after_value();
  return *this;
}

Writer& Writer::hex(ByteView value) { return text(platform::to_hex(value)); }

std::string Writer::finish() {
  ASSERT(complete_ && levels_.empty());
  complete_ = false;
  return std::exchange(out_, {});
}

}  // namespace mikusari::json
