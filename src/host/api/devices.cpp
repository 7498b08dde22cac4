// SPDX-License-Identifier: Apache-2.0
// Family `device`.
#include "statement/device.hpp"

#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<net::Response> get_device(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return state_response(service, exchange, path::device(id), write_record<device::Record>);
}

}  // namespace

void add_device_routes(std::vector<Route>& routes) {
  routes.push_back(
      {net::Method::get,
       "/v1/devices/{id}",
       "getDevice",
       "devices",
       "A device's record",
       {{In::path, "id", Need::required, "Id of the device, in hexadecimal", hex32_schema}, known_parameter},
       {},
       state_answers<device::Record>(),
       at_once<get_device>});
}

}  // namespace mikusari::api
