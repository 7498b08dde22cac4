// SPDX-License-Identifier: Apache-2.0
// A JSON document in memory, as parse() made it. Numbers are integers: there is no floating point anywhere in what we
// read. Members keep their order; names are unique. Copied by value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "json/writer.hpp"

namespace mikusari::json {

class Value {
 public:
  struct Null {
    bool operator==(const Null&) const = default;
  };
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;
  // A number is a uint64 when it is above the largest int64, and an int64 otherwise.
  using Alternatives = std::variant<Null, bool, std::int64_t, std::uint64_t, std::string, Array, Object>;

  Value() = default;
  explicit Value(Alternatives value) : value_(std::move(value)) {}
  const Alternatives& alternatives() const { return value_; }
  bool operator==(const Value&) const = default;

  // `invalid` when the value is of another type or the number out of range. Views point into this value.
  Result<std::string_view> text() const;
  Result<std::int64_t> integer() const;
  Result<std::uint64_t> uint() const;
  Result<bool> boolean() const;
  bool is_null() const { return std::holds_alternative<Null>(value_); }
  // Null unless the value is of that type.
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  // The member of this name; null when there is none, or when the value is not an object.
  const Value* find(std::string_view name) const;
  // The same, but `invalid`, with the name in the context, when it is not there.
  Result<const Value*> member(std::string_view name) const;

 private:
  Alternatives value_;
};

// Compact, members in their order.
void write(Writer& out, const Value& value);
std::string to_json(const Value& value);

}  // namespace mikusari::json
