// SPDX-License-Identifier: Apache-2.0
// One event, one line of JSON: {"time":"...","level":"info","event":"block_committed","height":7}. An event is a
// snake_case word of ours; what varies are fields. Bytes and secrets have no way in: write to_hex() or nothing.
// Any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "platform/clock.hpp"

namespace mikusari::platform {

enum class Level : std::uint8_t { debug, info, warning, error };
std::string_view name(Level level);

// A name and a text, number or truth. Views only: lives as long as the call that it is an argument of.
class Field {
 public:
  Field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  Field(std::string_view name, const std::string& value) : Field(name, std::string_view(value)) {}
  Field(std::string_view name, const char* value) : Field(name, std::string_view(value)) {}
  Field(std::string_view name, std::same_as<bool> auto value) : name_(name), value_(value) {}
  Field(std::string_view name, std::signed_integral auto value) : name_(name), value_(std::int64_t{value}) {}
  Field(std::string_view name, std::unsigned_integral auto value)
    requires(!std::same_as<decltype(value), bool>)
      : name_(name), value_(std::uint64_t{value}) {}

 private:
  friend class Log;
  std::string_view name_;
  std::variant<std::string_view, std::int64_t, std::uint64_t, bool> value_;
};

class Log {
 public:
  static constexpr std::size_t text_bytes_max = 4096;  // a longer text is cut and ends in "..."

  Log(const Clock& clock, Level minimum) : clock_(clock), minimum_(minimum) {}
  virtual ~Log() = default;

  void debug(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(Level::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }
  // With "code" and "message" of the error behind the fields.
  void error(std::string_view event, const Error& why, std::initializer_list<Field> fields = {});

 private:
  void write(Level level, std::string_view event, std::initializer_list<Field> fields);
  static void append_field(std::string& line, const Field& field);
  std::string begin_line(Level level, std::string_view event, std::initializer_list<Field> fields) const;
  // `line` ends in a newline and holds no other.
  virtual void write_line(std::string_view line) = 0;

  const Clock& clock_;
  const Level minimum_;
};

}  // namespace mikusari::platform
