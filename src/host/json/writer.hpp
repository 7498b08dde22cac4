// SPDX-License-Identifier: Apache-2.0
// Writes JSON (RFC 8259), compact, one call a token. What it writes is always well formed: a value without a key, a
// key outside of an object or an end that closes nothing is a bug and stops the process. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.hpp"

namespace mikusari::json {

// 2^53 - 1, the largest integer that every reader of JSON keeps exactly (RFC 8259 section 6).
constexpr std::int64_t exact_max = 9007199254740991;

class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);

  // Bytes that are not UTF-8 become U+FFFD.
  Writer& text(std::string_view value);
  // A number up to 2^53 - 1 in either direction, a string of decimal digits beyond.
  Writer& number(std::int64_t value);
  Writer& number(std::uint64_t value);
  Writer& boolean(bool value);
  Writer& null();
  // Lower-case hexadecimal.
  Writer& hex(ByteView value);

  // key(name) and the value, for the common cases.
  Writer& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).text(value); }
  Writer& member(std::string_view name, const std::string& value) { return key(name).text(value); }
  Writer& member(std::string_view name, ByteView value) { return key(name).hex(value); }
  template <std::size_t N>
  Writer& member(std::string_view name, const Bytes<N>& value) {
    return key(name).hex(value);
  }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  Writer& member(std::string_view name, T value) {
    if constexpr (std::is_signed_v<T>)
      return key(name).number(std::int64_t{value});
    else
      return key(name).number(std::uint64_t{value});
  }

  // The whole document; the writer begins anew. REQUIRES: one value was written, and everything begun has ended.
  std::string finish();

 private:
  enum class Place : std::uint8_t { array, object_key, object_value };
  struct Level {
    Place place;
    bool empty = true;
  };
  void before_value();
  void after_value();
  void quoted(std::string_view text);

  std::string out_;
  std::vector<Level> levels_;
  bool complete_ = false;
};

}  // namespace mikusari::json
