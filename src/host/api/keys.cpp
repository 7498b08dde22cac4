// SPDX-License-Identifier: Apache-2.0
// Family `key`: a key's record, and which counters it has used.
#include "statement/key.hpp"

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"
#include "statement/replay.hpp"

namespace mikusari::api {
namespace {

Result<Digest> key_key(const Exchange& exchange) {
  TRY(const Digest kid, digest_in_path(exchange.capture("kid")));
  return path::key(kid);
}

Result<Digest> replay_key(const Exchange& exchange) {
  TRY(const Digest kid, digest_in_path(exchange.capture("kid")));
  return path::replay(kid);
}

}  // namespace

void add_key_routes(std::vector<Route>& routes) {
  const Parameter kid = digest_parameter("kid", "RFC 9679 thumbprint of the key, in hexadecimal");
  routes.push_back(record_route<key::Record, key_key>({"/v1/keys/{kid}", "getKey", "keys", "A key's record", {kid}}));
  routes.push_back(record_route<ReplayRecord, replay_key>(
      {"/v1/keys/{kid}/replay",
       "getReplay",
       "keys",
       "Which counters n the key has used: sign next with more than `highest`; absent: it has signed nothing, begin "
       "with 1",
       {kid}}));
}

}  // namespace mikusari::api
