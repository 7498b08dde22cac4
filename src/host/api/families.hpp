// SPDX-License-Identifier: Apache-2.0
// What each family adds to the table of routes; each stands in the file of its name.
#pragma once

#include "api/route.hpp"

namespace mikusari::api {

void add_statement_routes(std::vector<Route>& routes);
void add_party_routes(std::vector<Route>& routes);
void add_list_routes(std::vector<Route>& routes);
void add_key_routes(std::vector<Route>& routes);
void add_model_routes(std::vector<Route>& routes);
void add_thing_routes(std::vector<Route>& routes);
void add_ledger_routes(std::vector<Route>& routes);
void add_passport_routes(std::vector<Route>& routes);
void add_reading_routes(std::vector<Route>& routes);
void add_operation_routes(std::vector<Route>& routes);

}  // namespace mikusari::api
