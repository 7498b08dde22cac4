// SPDX-License-Identifier: Apache-2.0
// Family `model`.
#include "statement/model.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

Result<Digest> model_key(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return path::model(id);
}

Result<Digest> named_model_key(const Exchange& exchange) {
  TRY(const auto vendor, name_in_path(exchange.capture("vendor")));
  TRY(const auto name, name_in_path(exchange.capture("name")));
  return path::model(model::model_id(vendor, name));
}

}  // namespace

void add_model_routes(std::vector<Route>& routes) {
  routes.push_back(
      record_route<model::Record, model_key>({"/v1/models/{id}",
                                              "getModel",
                                              "models",
                                              "A model's record",
                                              {digest_parameter("id", "Id of the model, in hexadecimal")}}));
  routes.push_back(record_route<model::Record, named_model_key>(
      {"/v1/models/{vendor}/{name}",
       "getModelByName",
       "models",
       "A model's record, by its vendor and name",
       {name_parameter("vendor", "The member whose model it is"), name_parameter("name", "The model's name")}}));
}

}  // namespace mikusari::api
