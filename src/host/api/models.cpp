// SPDX-License-Identifier: Apache-2.0
// Families `model` and `firmware`: kinds of parts and devices, what is released for them, and what laboratories say of
// them. Whoever can name one may read it.
#include "statement/firmware.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

constexpr About for_whoever_names_it{About::What::nameable};

Result<Named> model_named(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return Named{path::model(id), for_whoever_names_it};
}

Result<Named> firmware_named(const Exchange& exchange) {
  TRY(const Id model, digest_in_path(exchange.capture("id")));
  TRY(const auto sequence, number_in_path(exchange.capture("sequence")));
  return Named{path::firmware(model, sequence), for_whoever_names_it};
}

Result<Named> image_named(const Exchange& exchange) {
  TRY(const Id model, digest_in_path(exchange.capture("id")));
  TRY(const Digest image, digest_in_path(exchange.capture("sha256")));
  return Named{path::image(model, image), for_whoever_names_it};
}

Result<Named> certification_named(const Exchange& exchange) {
  TRY(const Id model, digest_in_path(exchange.capture("id")));
  TRY(const auto sequence, number_in_path(exchange.capture("sequence")));
  TRY(const Handle laboratory, digest_in_path(exchange.capture("laboratory")));
  return Named{path::certification(model, sequence, laboratory), for_whoever_names_it};
}

}  // namespace

void add_model_routes(std::vector<Route>& routes) {
  const auto model = digest_parameter("id", "Id of the model, in hexadecimal");
  routes.push_back(
      record_route<model::Record, model_named>({"/v1/models/{id}", "getModel", "models", "A model's record", {model}}));
  routes.push_back(
      record_route<firmware::Record, firmware_named>({"/v1/models/{id}/firmware/{sequence}",
                                                      "getFirmware",
                                                      "models",
                                                      "A release of firmware",
                                                      {model, number_parameter("sequence", "Its sequence number")}}));
  routes.push_back(record_route<firmware::ImageRecord, image_named>(
      {"/v1/models/{id}/images/{sha256}",
       "getImage",
       "models",
       "The newest release that an image is in",
       {model, digest_parameter("sha256", "SHA-256 of the image, in hexadecimal")}}));
  routes.push_back(record_route<certification::Record, certification_named>(
      {"/v1/models/{id}/certifications/{sequence}/{laboratory}",
       "getCertification",
       "models",
       "What a laboratory says of a model",
       {model, number_parameter("sequence", "Of the firmware; 0: all"),
        digest_parameter("laboratory", "Handle of the laboratory, in hexadecimal")}}));
}

}  // namespace mikusari::api
