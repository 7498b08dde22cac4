// SPDX-License-Identifier: Apache-2.0
// What each family adds to the table of routes; each stands in the file of its name.
#pragma once

#include "api/route.hpp"

namespace mikusari::api {

void add_statement_routes(std::vector<Route>& routes);
void add_member_routes(std::vector<Route>& routes);
void add_key_routes(std::vector<Route>& routes);
void add_model_routes(std::vector<Route>& routes);
void add_part_routes(std::vector<Route>& routes);
void add_device_routes(std::vector<Route>& routes);
void add_firmware_routes(std::vector<Route>& routes);
void add_ledger_routes(std::vector<Route>& routes);
void add_passport_routes(std::vector<Route>& routes);
void add_operation_routes(std::vector<Route>& routes);

}  // namespace mikusari::api
