// SPDX-License-Identifier: Apache-2.0
// Device passports: a device's whole proven life in one file.
#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"

namespace mikusari::api {
namespace {

constexpr std::string_view passport_type = "application/mikusari-passport+cbor";

Result<net::Response> get_passport(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  const auto reading = service.read();
  TRY(platform::Buffer bytes, reading.passport(id));
  return proven(exchange, reading, net::Response::content(200, exchange.media_type(), std::move(bytes)));
}

}  // namespace

void add_passport_routes(std::vector<Route>& routes) {
  routes.push_back({net::Method::get, "/v1/devices/{id}/passport", "getPassport", "passports",
                    "A device's passport: its record, parts, keys and every event of its life, proven",
                    {{In::path, "id", Need::required, "Id of the device, in hexadecimal", hex32_schema}, known_parameter}, {},
                    {{200, "The passport", {{passport_type}, {cbor_type}}}, problem_answer(400, "The id is malformed"),
                     problem_answer(404, "No such device")},
                    at_once<get_passport>});
}

}  // namespace mikusari::api
