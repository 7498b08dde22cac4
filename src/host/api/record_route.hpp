// SPDX-License-Identifier: Apache-2.0
// The shape that most families' operations have: a key of the state read from the path, and the record proven under it,
// or proven absent. Any thread.
#pragma once

#include "api/answers.hpp"
#include "api/identity.hpp"

namespace mikusari::api {

// What a request's path names: where it stands in the state, and whom it may concern.
struct Named {
  Digest key;
  About about;
};
// `invalid` says what is malformed.
using NamedOf = Result<Named> (*)(const Exchange&);

template <class Record, NamedOf named_of>
Result<net::Response> get_record(Service& service, const Exchange& exchange) {
  TRY(const Named named, named_of(exchange));
  return state_response(service, exchange, named.key, write_record<Record>);
}

template <NamedOf named_of>
Result<About> about_of(const Exchange& exchange) {
  TRY(const Named named, named_of(exchange));
  return named.about;
}

struct RecordOperation {
  std::string_view pattern, operation, tag, summary;
  std::vector<Parameter> path;
  Reads reads = Reads::things;
};

template <class Record, NamedOf named_of>
Route record_route(RecordOperation what) {
  what.path.push_back(known_parameter);
  return {net::Method::get,
          what.pattern,
          what.operation,
          what.tag,
          what.summary,
          what.path,
          {},
          state_answers<Record>(),
          at_once<get_record<Record, named_of>>,
          what.reads,
          about_of<named_of>};
}

// Parameters of the path that digest_in_path(), number_in_path() read.
inline Parameter digest_parameter(std::string_view name, std::string_view description) {
  return {In::path, name, Need::required, description, hex32_schema};
}
inline Parameter number_parameter(std::string_view name, std::string_view description) {
  return {In::path, name, Need::required, description, number_schema};
}

}  // namespace mikusari::api
