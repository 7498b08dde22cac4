// SPDX-License-Identifier: Apache-2.0
// A submission's way through the interface: known already, in flight already, or through the door and on to the engine.
#pragma once

#include "api/service.hpp"

namespace mikusari::api {

// POST /v1/statements. The door's work is done on the calling thread; the answer comes when the fate is published.
void submit_statement(Service& service, Exchange&& exchange);

// 200 with the fate in the form that the exchange wants.
net::Response fate_response(const Exchange& exchange, const replica::Fate& fate);
// 202: taken, and where the fate will be.
net::Response submitted_response(const Digest& identity);
// Why the ledger does not take a statement, with the refusal's name and sentences when a rule says so.
net::Response refusal_response(const replica::Rejection& rejection, const std::optional<Digest>& identity);

}  // namespace mikusari::api
