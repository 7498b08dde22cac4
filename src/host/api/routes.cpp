// SPDX-License-Identifier: Apache-2.0
#include "api/routes.hpp"

#include "api/families.hpp"

namespace mikusari::api {

std::span<const Route> routes() {
  static const std::vector<Route> table = [] {
    std::vector<Route> out;
    for (const auto add :
         {add_statement_routes, add_member_routes, add_key_routes, add_model_routes, add_part_routes, add_device_routes,
          add_firmware_routes, add_ledger_routes, add_passport_routes, add_operation_routes}) {
      add(out);
    }
    return out;
  }();
  return table;
}

}  // namespace mikusari::api
