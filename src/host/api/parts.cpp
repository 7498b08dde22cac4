// SPDX-License-Identifier: Apache-2.0
// Family `part`.
#include "statement/part.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<Digest> part_key(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return path::part(id);
}

}  // namespace

void add_part_routes(std::vector<Route>& routes) {
  routes.push_back(record_route<part::Record, part_key>({"/v1/parts/{id}",
                                                         "getPart",
                                                         "parts",
                                                         "A part's record",
                                                         {digest_parameter("id", "Id of the part, in hexadecimal")}}));
}

}  // namespace mikusari::api
