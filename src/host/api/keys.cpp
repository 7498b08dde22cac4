// SPDX-License-Identifier: Apache-2.0
// Family `key`: a key's record, and which counters it has used.
#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"
#include "statement/key.hpp"
#include "statement/path.hpp"
#include "statement/replay.hpp"

namespace mikusari::api {
namespace {

using net::Response;

Result<Response> get_key(Service& service, const Exchange& exchange) {
  TRY(const Digest kid, digest_in_path(exchange.capture("kid")));
  return state_response(service, exchange, path::key(kid), write_record<key::Record>);
}

Result<Response> get_replay(Service& service, const Exchange& exchange) {
  TRY(const Digest kid, digest_in_path(exchange.capture("kid")));
  return state_response(service, exchange, path::replay(kid), write_record<ReplayRecord>);
}

}  // namespace

void add_key_routes(std::vector<Route>& routes) {
  using enum net::Method;
  const Parameter kid{In::path, "kid", Need::required, "RFC 9679 thumbprint of the key, in hexadecimal", hex32_schema};
  routes.push_back({get,
                    "/v1/keys/{kid}",
                    "getKey",
                    "keys",
                    "A key's record",
                    {kid, known_parameter},
                    {},
                    state_answers<key::Record>(),
                    at_once<get_key>});
  routes.push_back({get,
                    "/v1/keys/{kid}/replay",
                    "getReplay",
                    "keys",
                    "Which counters n the key has used: sign next with more than `highest`; absent: it has signed "
                    "nothing, begin with 1",
                    {kid, known_parameter},
                    {},
                    state_answers<ReplayRecord>(),
                    at_once<get_replay>});
}

}  // namespace mikusari::api
