// SPDX-License-Identifier: Apache-2.0
// Family `firmware`.
#include "statement/firmware.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<Digest> firmware_key(const Exchange& exchange) {
  TRY(const Id model, digest_in_path(exchange.capture("model")));
  TRY(const Digest image, digest_in_path(exchange.capture("image")));
  return path::firmware(model, image);
}

}  // namespace

void add_firmware_routes(std::vector<Route>& routes) {
  routes.push_back(record_route<firmware::Record, firmware_key>(
      {"/v1/firmware/{model}/{image}",
       "getFirmware",
       "firmware",
       "What is released for a model, by the SHA-256 of the image",
       {digest_parameter("model", "Id of the model, in hexadecimal"),
        digest_parameter("image", "SHA-256 of the image, in hexadecimal")}}));
}

}  // namespace mikusari::api
