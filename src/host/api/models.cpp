// SPDX-License-Identifier: Apache-2.0
// Family `model`.
#include "statement/model.hpp"

#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

using net::Response;

Result<Response> get_model(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return state_response(service, exchange, path::model(id), write_record<model::Record>);
}

Result<Response> get_model_by_name(Service& service, const Exchange& exchange) {
  TRY(const auto vendor, name_in_path(exchange.capture("vendor")));
  TRY(const auto name, name_in_path(exchange.capture("name")));
  return state_response(service, exchange, path::model(model::model_id(vendor, name)), write_record<model::Record>);
}

}  // namespace

void add_model_routes(std::vector<Route>& routes) {
  using enum net::Method;
  routes.push_back(
      {get,
       "/v1/models/{id}",
       "getModel",
       "models",
       "A model's record",
       {{In::path, "id", Need::required, "Id of the model, in hexadecimal", hex32_schema}, known_parameter},
       {},
       state_answers<model::Record>(),
       at_once<get_model>});
  routes.push_back({get,
                    "/v1/models/{vendor}/{name}",
                    "getModelByName",
                    "models",
                    "A model's record, by its vendor and name",
                    {{In::path, "vendor", Need::required, "The member whose model it is", name_schema},
                     {In::path, "name", Need::required, "The model's name", name_schema},
                     known_parameter},
                    {},
                    state_answers<model::Record>(),
                    at_once<get_model_by_name>});
}

}  // namespace mikusari::api
