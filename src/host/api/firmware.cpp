// SPDX-License-Identifier: Apache-2.0
// Family `firmware`.
#include "statement/firmware.hpp"

#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<net::Response> get_firmware(Service& service, const Exchange& exchange) {
  TRY(const Id model, digest_in_path(exchange.capture("model")));
  TRY(const Digest image, digest_in_path(exchange.capture("image")));
  return state_response(service, exchange, path::firmware(model, image), write_record<firmware::Record>);
}

}  // namespace

void add_firmware_routes(std::vector<Route>& routes) {
  routes.push_back({net::Method::get,
                    "/v1/firmware/{model}/{image}",
                    "getFirmware",
                    "firmware",
                    "What is released for a model, by the SHA-256 of the image",
                    {{In::path, "model", Need::required, "Id of the model, in hexadecimal", hex32_schema},
                     {In::path, "image", Need::required, "SHA-256 of the image, in hexadecimal", hex32_schema},
                     known_parameter},
                    {},
                    state_answers<firmware::Record>(),
                    at_once<get_firmware>});
}

}  // namespace mikusari::api
