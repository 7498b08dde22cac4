// SPDX-License-Identifier: Apache-2.0
#include "json/value.hpp"

namespace mikusari::json {

Result<std::string_view> Value::text() const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  return fail(Code::invalid, "a JSON string was expected");
}

Result<std::int64_t> Value::integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  if (std::holds_alternative<std::uint64_t>(value_)) return fail(Code::invalid, "the number is out of range");
  return fail(Code::invalid, "a whole number was expected");
}

Result<std::uint64_t> Value::uint() const {
  if (const auto* value = std::get_if<std::uint64_t>(&value_)) return *value;
  const auto* value = std::get_if<std::int64_t>(&value_);
  if (value == nullptr) return fail(Code::invalid, "a whole number was expected");
  if (*value < 0) return fail(Code::invalid, "the number is below zero");
  return static_cast<std::uint64_t>(*value);
}

Result<bool> Value::boolean() const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  return fail(Code::invalid, "true or false was expected");
}

const Value* Value::find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  for (const Member& each : *members) {
    if (each.first == name) return &each.second;
  }
  return nullptr;
}

Result<const Value*> Value::member(std::string_view name) const {
  if (const Value* found = find(name)) return found;
  return std::unexpected(Error(Code::invalid, "a required member is missing").with_context(name));
}

void write(Writer& out, const Value& value) {
  struct Visitor {
    Writer& out;
    void operator()(Value::Null) const { out.null(); }
    void operator()(bool truth) const { out.boolean(truth); }
    void operator()(std::int64_t number) const { out.number(number); }
    void operator()(std::uint64_t number) const { out.number(number); }
    void operator()(const std::string& text) const { out.text(text); }
    void operator()(const Value::Array& items) const {
      out.begin_array();
      for (const Value& item : items) write(out, item);
      out.end_array();
    }
    void operator()(const Value::Object& members) const {
      out.begin_object();
      for (const auto& [name, member] : members) {
        out.key(name);
        write(out, member);
      }
      out.end_object();
    }
  };
  std::visit(Visitor{out}, value.alternatives());
}

std::string to_json(const Value& value) {
  Writer out;
  write(out, value);
  return out.finish();
}

}  // namespace mikusari::json
