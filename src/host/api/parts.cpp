// SPDX-License-Identifier: Apache-2.0
// Family `part`.
#include "statement/part.hpp"

#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<net::Response> get_part(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return state_response(service, exchange, path::part(id), write_record<part::Record>);
}

}  // namespace

void add_part_routes(std::vector<Route>& routes) {
  routes.push_back({net::Method::get,
                    "/v1/parts/{id}",
                    "getPart",
                    "parts",
                    "A part's record",
                    {{In::path, "id", Need::required, "Id of the part, in hexadecimal", hex32_schema}, known_parameter},
                    {},
                    state_answers<part::Record>(),
                    at_once<get_part>});
}

}  // namespace mikusari::api
