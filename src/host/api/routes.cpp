// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include "api/families.hpp"

namespace mikusari::api {

std::span<const Route> routes() {
  static const std::vector<Route> table = [] {
    std::vector<Route> out;
    for (const auto add :
         {add_statement_routes, add_party_routes, add_list_routes, add_key_routes, add_model_routes, add_thing_routes,
          add_passport_routes, add_ledger_routes, add_reading_routes, add_operation_routes}) {
      add(out);
    }
    return out;
  }();
  return table;
}

std::size_t lane_of(const net::Request& request) {
  for (const auto& route : routes()) {
    if (takes(route, request.method) && fits(route.pattern, request.target.segments))
      return static_cast<std::size_t>(route.lane);
  }
  return static_cast<std::size_t>(Lane::ordinary);
}

}  // namespace mikusari::api
