// SPDX-License-Identifier: Apache-2.0
// Family `party`: members and the parties that they vouch for, and what their votes have decided or are to decide.
#include "statement/party.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"
#include "statement/proposal.hpp"

namespace mikusari::api {
namespace {

Result<Named> party_named(const Exchange& exchange) {
  TRY(const Handle handle, digest_in_path(exchange.capture("handle")));
  return Named{path::party(handle), {About::What::party, handle}};
}

Result<Named> role_named(const Exchange& exchange) {
  TRY(const Handle to, digest_in_path(exchange.capture("to")));
  TRY(const Id scope, digest_in_path(exchange.capture("scope")));
  for (const auto& entry : names_of(Role{})) {
    if (entry.name != exchange.capture("role")) continue;
    return Named{path::role(to, entry.value, scope), {About::What::role, to, entry.value, scope}};
  }
  return fail(Code::invalid, "the role in the path is none");
}

Result<Named> proposal_named(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return Named{path::proposal(id), {About::What::members, id}};
}

void role_schema(json::Writer& out) { json::Schema<Role>::write(out); }

}  // namespace

void add_party_routes(std::vector<Route>& routes) {
  routes.push_back(
      record_route<party::Record, party_named>({"/v1/parties/{handle}",
                                                "getParty",
                                                "parties",
                                                "A party's record: a member's, or that of somebody it vouches for",
                                                {digest_parameter("handle", "Handle of the party, in hexadecimal")}}));
  routes.push_back(record_route<role::Record, role_named>(
      {"/v1/roles/{to}/{role}/{scope}",
       "getRole",
       "parties",
       "What one party lets another do",
       {digest_parameter("to", "Handle of the party that it is granted to"),
        {In::path, "role", Need::required, "Which role", role_schema},
        digest_parameter("scope", "A thing, a place or tool, or the grantor, in hexadecimal")}}));
  routes.push_back(
      record_route<proposal::Record, proposal_named>({"/v1/proposals/{id}",
                                                      "getProposal",
                                                      "parties",
                                                      "What members decide together, and how they have voted",
                                                      {digest_parameter("id", "Id of the proposal, in hexadecimal")}}));
}

}  // namespace mikusari::api
