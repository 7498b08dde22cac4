// SPDX-License-Identifier: Apache-2.0
// The right to read: one signed request buys a token for an hour.
#include "api/answers.hpp"
#include "api/families.hpp"

namespace mikusari::api {
namespace {

using net::Response;

Result<Response> buy_token(Service& service, const Exchange& exchange) {
  const auto& request = exchange.request();
  const ByteView channel = request.peer ? ByteView(request.peer->channel) : ByteView();
  TRY(const auto bought, service.rights().buy(request.body, channel));
  json::Writer out;
  out.begin_object().member("token", bought.token).member("until", platform::rfc3339(bought.until_ms)).end_object();
  return Response::json(200, out.finish()).with("Cache-Control", "no-store");
}

void token_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object();
  out.key("token").begin_object().member("type", "string").end_object();
  out.key("until").begin_object().member("type", "string").member("format", "date-time").end_object();
  out.end_object().key("required").begin_array().text("token").text("until").end_array().end_object();
}

}  // namespace

void add_reading_routes(std::vector<Route>& routes) {
  routes.push_back({net::Method::post,
                    "/v1/tokens",
                    "buyToken",
                    "reading",
                    "A token for an hour, to be sent as Authorization: Bearer, for a request that a wallet or "
                    "authentication key has "
                    "signed; it ends with its key",
                    {},
                    {{mikusari::reading::content_type}, {cbor_type}},
                    {{200, "The token", {{json_type, token_schema}}},
                     problem_answer(400, "Not a request for reading"),
                     problem_answer(401, "No key of this ledger that may read has signed it"),
                     problem_answer(403, "For another ledger, node, connection or time"),
                     problem_answer(409, "It has bought a token already"),
                     problem_answer(415, "Another content type than a request's"),
                     problem_answer(422, "Made by a newer program than this node's")},
                    at_once<buy_token>,
                    Reads::open});
}

}  // namespace mikusari::api
