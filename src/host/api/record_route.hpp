// SPDX-License-Identifier: Apache-2.0
// The shape that most families' operations have: a key of the state read from the path, and the record proven under it,
// or proven absent. Any thread.
#pragma once

#include "api/answers.hpp"
#include "api/identity.hpp"

namespace mikusari::api {

// The key of the state that a request's path names; `invalid` says what is malformed.
using KeyOf = Result<Digest> (*)(const Exchange&);

template <class Record, KeyOf key_of>
Result<net::Response> get_record(Service& service, const Exchange& exchange) {
  TRY(const Digest key, key_of(exchange));
  return state_response(service, exchange, key, write_record<Record>);
}

struct RecordOperation {
  std::string_view pattern, operation, tag, summary;
  std::vector<Parameter> path;
};

template <class Record, KeyOf key_of>
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
          at_once<get_record<Record, key_of>>};
}

// A parameter of the path that digest_in_path() or name_in_path() reads.
inline Parameter digest_parameter(std::string_view name, std::string_view description) {
  return {In::path, name, Need::required, description, hex32_schema};
}
inline Parameter name_parameter(std::string_view name, std::string_view description) {
  return {In::path, name, Need::required, description, name_schema};
}

}  // namespace mikusari::api
