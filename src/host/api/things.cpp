// SPDX-License-Identifier: Apache-2.0
// Families `part` and `device`.
#include "statement/part.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/device.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<Named> part_named(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return Named{path::part(id), {About::What::thing, id}};
}

Result<Named> device_named(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return Named{path::device(id), {About::What::thing, id}};
}

}  // namespace

void add_thing_routes(std::vector<Route>& routes) {
  routes.push_back(
      record_route<part::Record, part_named>({"/v1/parts/{id}",
                                              "getPart",
                                              "things",
                                              "A part's record",
                                              {digest_parameter("id", "Id of the part, in hexadecimal")}}));
  routes.push_back(
      record_route<device::Record, device_named>({"/v1/devices/{id}",
                                                  "getDevice",
                                                  "things",
                                                  "A device's record",
                                                  {digest_parameter("id", "Id of the device, in hexadecimal")}}));
}

}  // namespace mikusari::api
