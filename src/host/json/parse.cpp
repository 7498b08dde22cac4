// SPDX-License-Identifier: Apache-2.0
// The one file that knows Boost.JSON: its push parser drives a handler that builds our own values.
#include "json/parse.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>

namespace mikusari::json {
namespace {

using boost::json::string_view;
using Verdict = boost::json::error_code;

// Sorted once an object: comparing each name with all before it would let one object cost quadratic time.
bool has_repeated_name(const Value::Object& members) {
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const auto& [name, value] : members) names.push_back(name);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

class Builder {
 public:
  explicit Builder(std::size_t values_max) : values_left_(values_max) {}

  // Boost's own limits; ours are the size of the document and the number of values.
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_document_begin(Verdict&) { return true; }
  bool on_document_end(Verdict&) { return true; }
  bool on_object_begin(Verdict& error) { return begin(Value::Object{}, error); }
  bool on_array_begin(Verdict& error) { return begin(Value::Array{}, error); }
  bool on_object_end(std::size_t, Verdict& error) {
    if (has_repeated_name(std::get<Value::Object>(open_.back().value))) {
      return refuse(Error(Code::invalid, "a name stands twice in one JSON object"), error);
    }
    return end();
  }
  bool on_array_end(std::size_t, Verdict&) { return end(); }
  bool on_key_part(string_view part, std::size_t, Verdict&) { return append(part); }
  bool on_key(string_view part, std::size_t, Verdict&) {
    append(part);
    open_.back().name = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(string_view part, std::size_t, Verdict&) { return append(part); }
  bool on_string(string_view part, std::size_t, Verdict& error) {
    append(part);
    return add(std::exchange(text_, {}), error);
  }
  bool on_number_part(string_view, Verdict&) { return true; }
  bool on_int64(std::int64_t value, string_view, Verdict& error) { return add(value, error); }
  bool on_uint64(std::uint64_t value, string_view, Verdict& error) {
    if (value <= 0x7fffffffffffffff) return add(static_cast<std::int64_t>(value), error);
    return add(value, error);
  }
  bool on_double(double, string_view, Verdict& error) {
    return refuse(Error(Code::invalid, "JSON numbers are whole here, without fraction or exponent, and below 2^64"),
                  error);
  }
  bool on_bool(bool value, Verdict& error) { return add(value, error); }
  bool on_null(Verdict& error) { return add(Value::Null{}, error); }
  bool on_comment_part(string_view, Verdict&) { return true; }
  bool on_comment(string_view, Verdict&) { return true; }

  const std::optional<Error>& refusal() const { return refusal_; }
  Value take() { return std::move(root_); }

 private:
  struct Open {
    Value::Alternatives value;  // an array or an object
    std::string name;           // of the member that is being read
  };

  bool append(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool refuse(Error why, Verdict& error) {
    refusal_ = std::move(why);
    error = boost::json::error::exception;
    return false;
  }
  bool count(Verdict& error) {
    if (values_left_ == 0) return refuse(Error(Code::exhausted, "too many values in the JSON document"), error);
    --values_left_;
    return true;
  }
  bool begin(Value::Alternatives empty, Verdict& error) {
    if (!count(error)) return false;
    open_.push_back({std::move(empty), {}});
    return true;
  }
  bool end() {
    Value done(std::move(open_.back().value));
    open_.pop_back();
    place(std::move(done));
    return true;
  }
  bool add(Value::Alternatives value, Verdict& error) {
    if (!count(error)) return false;
    place(Value(std::move(value)));
    return true;
  }
  void place(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto* members = std::get_if<Value::Object>(&open_.back().value)) {
      members->emplace_back(std::move(open_.back().name), std::move(value));
    } else {
      std::get<Value::Array>(open_.back().value).push_back(std::move(value));
    }
  }

  std::size_t values_left_;
  std::vector<Open> open_;
  std::string text_;
  Value root_;
  std::optional<Error> refusal_;
};

const char* sentence(const Verdict& error) {
  if (error == boost::json::error::incomplete) return "JSON ends too early";
  if (error == boost::json::error::extra_data) return "something follows the JSON document";
  return "not JSON";
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes_max) return fail(Code::exhausted, "the JSON document is too large");
  boost::json::parse_options options;
  options.max_depth = limits.depth_max;
  boost::json::basic_parser<Builder> parser(options, limits.values_max);
  Verdict error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size()) error = boost::json::error::extra_data;
  if (const auto& refusal = parser.handler().refusal()) {
    return fail(refusal->code(), refusal->text(), used);
  }
  if (error == boost::json::error::too_deep) return fail(Code::exhausted, "JSON nested too deep", used);
  if (error) return fail(Code::invalid, sentence(error), used);
  return parser.handler().take();
}

}  // namespace mikusari::json
