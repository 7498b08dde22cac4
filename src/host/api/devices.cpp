// SPDX-License-Identifier: Apache-2.0
// Family `device`.
#include "statement/device.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<Digest> device_key(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return path::device(id);
}

}  // namespace

void add_device_routes(std::vector<Route>& routes) {
  routes.push_back(
      record_route<device::Record, device_key>({"/v1/devices/{id}",
                                                "getDevice",
                                                "devices",
                                                "A device's record",
                                                {digest_parameter("id", "Id of the device, in hexadecimal")}}));
}

}  // namespace mikusari::api
