// SPDX-License-Identifier: Apache-2.0
// Family `key`: what is registered, which counters a key has used, and how much of their limits registrars have.
#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/path.hpp"
#include "statement/replay.hpp"

namespace mikusari::api {
namespace {

Result<Named> key_named(const Exchange& exchange) {
  TRY(const Digest thumbprint, digest_in_path(exchange.capture("thumbprint")));
  return Named{path::key(thumbprint), {About::What::key, thumbprint}};
}

Result<Named> replay_named(const Exchange& exchange) {
  TRY(const Digest thumbprint, digest_in_path(exchange.capture("thumbprint")));
  return Named{path::replay(thumbprint), {About::What::replay, thumbprint}};
}

Result<Named> quota_named(const Exchange& exchange) {
  TRY(const Handle handle, digest_in_path(exchange.capture("handle")));
  return Named{path::quota(handle), {About::What::quota, handle}};
}

}  // namespace

void add_key_routes(std::vector<Route>& routes) {
  const auto thumbprint = digest_parameter("thumbprint", "RFC 9679 thumbprint of the key, in hexadecimal");
  routes.push_back(record_route<key::Record, key_named>(
      {"/v1/keys/{thumbprint}", "getKey", "keys", "A key's record", {thumbprint}}));
  routes.push_back(record_route<ReplayRecord, replay_named>(
      {"/v1/replay/{thumbprint}",
       "getReplay",
       "keys",
       "Which counters n the key has used, and what it has said today: sign next with more than `highest`",
       {thumbprint},
       Reads::lists}));
  routes.push_back(record_route<QuotaRecord, quota_named>(
      {"/v1/quotas/{handle}",
       "getQuota",
       "keys",
       "What a registrar has used of its limits",
       {digest_parameter("handle", "Handle of the registrar, or the ledger's id, in hexadecimal")},
       Reads::lists}));
}

}  // namespace mikusari::api
