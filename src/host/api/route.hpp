// SPDX-License-Identifier: Apache-2.0
// One operation of the REST interface as data: from the table of them (routes.hpp) follow both what the node serves and
// the OpenAPI document that describes it, so that the two cannot disagree. Immutable once made; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/reading.hpp"
#include "json/schema.hpp"
#include "net/http.hpp"

namespace mikusari::api {

class Service;
class Exchange;

// Writes a JSON Schema (2020-12) object.
using SchemaWriter = void (*)(json::Writer&);

enum class In : std::uint8_t { path, query, header };
enum class Need : std::uint8_t { required, optional };

struct Parameter {
  In in;
  std::string_view name;
  Need need;
  std::string_view description;
  SchemaWriter schema;
};

struct Content {
  std::string_view media_type;
  SchemaWriter schema = nullptr;  // null: bytes, or text of no further form
};

struct Answer {
  int status;
  std::string_view description;
  std::vector<Content> contents;  // of a success: in the order of preference when the client has none
};

// Which of the server's lanes a request takes: none of them holds up another.
enum class Lane : std::uint8_t {
  quick,  // health: answered at once, whatever else is asked
  ordinary,
  statements,  // submissions: their signatures are verified
  long_reads,  // passports and lists
};
constexpr std::size_t lane_count = 4;

// What a request is about, for reading rights; `invalid` says what is malformed.
using AboutOf = Result<About> (*)(const Exchange&);

struct Route {
  net::Method method;
  std::string_view pattern;    // "/v1/members/{name}"; a last "{rest...}" takes one segment or more
  std::string_view operation;  // "getMember": unique, for clients that are generated
  std::string_view tag;        // the family
  std::string_view summary;
  std::vector<Parameter> parameters;
  std::vector<Content> request;  // media types of the body; empty: there is none
  std::vector<Answer> answers;   // the first is the success whose contents are negotiated
  void (*handle)(Service&, Exchange&&);
  Reads reads;
  AboutOf about = nullptr;  // of what only those concerned may read; without it nobody is
  Lane lane = Lane::ordinary;
  bool standing_is_open = false;  // whoever asks is told that the statement is in flight, while it is
};

// A HEAD is a GET whose answer's content the server leaves out (RFC 9110 section 9.3.2).
inline bool takes(const Route& route, net::Method method) {
  return route.method == method || (route.method == net::Method::get && method == net::Method::head);
}

// What a pattern's placeholders stand for in one request. Views into the route and the request.
class Captures {
 public:
  void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }
  // Empty when there is no placeholder of that name.
  std::string_view operator[](std::string_view name) const {
    for (const auto& [known, value] : values_) {
      if (known == name) return value;
    }
    return {};
  }

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

// Does the path fit the pattern, whatever stands in its placeholders?
bool fits(std::string_view pattern, std::span<const std::string> segments);
// Does the path fit the pattern? Segments are those of net::Target. A "{rest...}" is captured with its slashes.
std::optional<Captures> match(std::string_view pattern, std::span<const std::string> segments);

}  // namespace mikusari::api
