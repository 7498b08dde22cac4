// SPDX-License-Identifier: Apache-2.0
// The ledger itself: its genesis, policy, checkpoints, and the proofs that its log only grows.
#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/record_route.hpp"
#include "api/tile_path.hpp"
#include "encoding/text.hpp"
#include "proof/checkpoint.hpp"
#include "statement/path.hpp"
#include "statement/proposal.hpp"

namespace mikusari::api {
namespace {

using net::Response;
using platform::Buffer;

constexpr std::size_t note_bytes_max = 32 * 1024;
constexpr std::string_view must_ask_again = "no-cache";

Result<Response> get_checkpoint(Service& service, const Exchange& exchange) {
  const auto reading = service.read();
  const Buffer& encoded = reading.tip().checkpoint;
  if (exchange.media_type() == cbor_type) {
    return Response::content(200, cbor_type, platform::copy(encoded)).with("Cache-Control", must_ask_again);
  }
  TRY(const auto checkpoint, cbor::decode<proof::Checkpoint>(encoded));
  if (exchange.media_type() == json_type) {
    return Response::json(200, json::to_json(checkpoint)).with("Cache-Control", must_ask_again);
  }
  TRY(const auto policy, proof::parse_policy(*reading.tip().policy));
  std::string note(note_bytes_max, '\0');
  TRY(const auto text, proof::to_text(checkpoint, policy, note));
  return Response::content(200, text_type, net::Body::text(text)).with("Cache-Control", must_ask_again);
}

Result<std::uint64_t> from_size(const Exchange& exchange) {
  const auto given = exchange.request().target.parameter("from");
  if (!given) return fail(Code::invalid, "say which size is known: ?from=SIZE");
  const auto size = text::from_decimal(*given);
  if (!size) return fail(Code::invalid, "from is a size of the log: a number from 1");
  return *size;
}

Result<Response> get_consistency(Service& service, const Exchange& exchange) {
  TRY(const auto size, from_size(exchange));
  TRY(Buffer encoded, service.read().consistency(size));
  if (exchange.media_type() == cbor_type) return Response::content(200, cbor_type, std::move(encoded));
  TRY(const auto consistency, cbor::decode<proof::Consistency>(encoded));
  return Response::json(200, json::to_json(consistency));
}

Result<Response> get_update(Service& service, const Exchange& exchange) {
  TRY(const auto size, from_size(exchange));
  const auto reading = service.read();
  TRY(const Buffer consistency, reading.consistency(size));
  Buffer out = platform::encode_with([&](cbor::Writer& writer) {
    writer.array(2);
    writer.encoded(reading.tip().checkpoint);
    writer.encoded(consistency);
  });
  return Response::content(200, cbor_type, std::move(out)).with("Cache-Control", must_ask_again);
}

Result<Response> get_tile(Service& service, const Exchange& exchange) {
  TRY(const auto path, parse_tile_path(exchange.capture("level"), exchange.capture("path")));
  TRY(Buffer bytes, service.read().tile(path.level, path.index, path.width));
  return immutable(exchange, Response::content(200, bytes_type, std::move(bytes)));
}

Result<Response> get_genesis(Service& service, const Exchange& exchange) {
  const Genesis& genesis = service.environment().replica.genesis();
  if (exchange.media_type() == cbor_type)
    return immutable(exchange, Response::content(200, cbor_type, platform::encode(genesis)));
  return immutable(exchange, Response::json(200, json::to_json(genesis)));
}

Result<Response> get_policy(Service& service, const Exchange& exchange) {
  const auto policy = service.read().tip().policy;
  if (exchange.media_type() == cbor_type)
    return with_etag(exchange, Response::content(200, cbor_type, net::Body::shared(policy)));
  TRY(const auto decoded, cbor::decode<proof::Policy>(*policy));
  return with_etag(exchange, Response::json(200, json::to_json(decoded)));
}

Result<Response> get_policy_step(Service& service, const Exchange& exchange) {
  TRY(const auto epoch, number_in_path(exchange.capture("epoch")));
  TRY(Buffer bytes, service.read().policy_step(epoch));
  return with_etag(exchange, Response::content(200, exchange.media_type(), std::move(bytes)));
}

Result<Response> get_ledger(Service& service, const Exchange&) {
  const auto reading = service.read();
  json::Writer out;
  out.begin_object()
      .member("ledger", service.environment().replica.ledger())
      .member("node", service.environment().node);
  out.member("form", statement::Form::number).member("height", reading.tip().record.height);
  out.member("time", platform::rfc3339(static_cast<std::int64_t>(reading.tip().record.time_ms)));
  out.member("size", reading.tip().log_size).member("epoch", reading.tip().record.policy_epoch);
  return Response::json(200, out.end_object().finish()).with("Cache-Control", must_ask_again);
}

void ledger_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object().key("ledger");
  hex32_schema(out);
  out.key("node").begin_object().member("type", "string").end_object();
  out.key("time").begin_object().member("type", "string").member("format", "date-time").end_object();
  for (const std::string_view number : {"form", "height", "size", "epoch"}) {
    out.key(number);
    number_schema(out);
  }
  out.end_object().key("required").begin_array();
  for (const std::string_view name : {"ledger", "node", "form", "height", "time", "size", "epoch"}) out.text(name);
  out.end_array().end_object();
}

Result<Named> state_named(const Exchange&) { return Named{path::ledger(), {About::What::nameable}}; }

Result<Named> withheld_named(const Exchange& exchange) {
  TRY(const Digest identity, digest_in_path(exchange.capture("identity")));
  TRY(const auto index, number_in_path(exchange.capture("index")));
  return Named{path::withheld(identity, index), {About::What::nameable}};
}

void level_schema(json::Writer& out) {
  out.begin_object().member("type", "integer").member("minimum", 0).member("maximum", 63).end_object();
}

const Parameter from_parameter{In::query, "from", Need::required, "Size of the log that the asker knows", size_schema};

void add_growth_routes(std::vector<Route>& routes) {
  using enum net::Method;
  routes.push_back({get,
                    "/v1/consistency",
                    "getConsistency",
                    "ledger",
                    "That the log of an earlier size is the beginning of today's",
                    {from_parameter},
                    {},
                    {{200, "The proof", {{cbor_type}, {json_type, json::Schema<proof::Consistency>::write}}},
                     problem_answer(400, "No such earlier size")},
                    at_once<get_consistency>,
                    Reads::checkpoints});
  routes.push_back({get,
                    "/v1/update",
                    "getUpdate",
                    "ledger",
                    "For thin clients: [checkpoint, consistency from the size that they know]",
                    {from_parameter},
                    {},
                    {{200, "The pair", {{cbor_type}}}, problem_answer(400, "No such earlier size")},
                    at_once<get_update>,
                    Reads::checkpoints});
  routes.push_back(
      {get,
       "/v1/tile/{level}/{path...}",
       "getTile",
       "ledger",
       "Hashes of the log as C2SP tlog-tiles lays them out; the log's prefix is /v1. There are no entry bundles",
       {{In::path, "level", Need::required, "Level of the tile", level_schema},
        {In::path, "path", Need::required,
         "Index in groups of three digits, x001/x234/067, and .p/W for a partial tile (with its slashes)",
         [](json::Writer& out) { out.begin_object().member("type", "string").end_object(); }}},
       {},
       {{200, "The hashes, 32 bytes each", {{bytes_type}}}, problem_answer(404, "The log has no such tile yet")},
       at_once<get_tile>,
       Reads::checkpoints});
}

}  // namespace

void add_ledger_routes(std::vector<Route>& routes) {
  using enum net::Method;
  routes.push_back(
      {get,
       "/v1/checkpoint",
       "getCheckpoint",
       "ledger",
       "The newest checkpoint: size and root of the log, signed (C2SP tlog-checkpoint, tlog-cosignature)",
       {},
       {},
       {{200, "The checkpoint", {{text_type}, {cbor_type}, {json_type, json::Schema<proof::Checkpoint>::write}}}},
       at_once<get_checkpoint>,
       Reads::checkpoints});
  add_growth_routes(routes);
  routes.push_back({get,
                    "/v1/genesis",
                    "getGenesis",
                    "ledger",
                    "What founded the ledger; the SHA-256 of its CBOR is the ledger's id",
                    {},
                    {},
                    {{200, "The genesis", {{cbor_type}, {json_type, json::Schema<Genesis>::write}}}},
                    at_once<get_genesis>,
                    Reads::checkpoints});
  routes.push_back({get,
                    "/v1/policy",
                    "getPolicy",
                    "ledger",
                    "The trust policy in force. Compare it with one that you have by another way before you rely on it",
                    {},
                    {},
                    {{200, "The policy", {{cbor_type}, {json_type, json::Schema<proof::Policy>::write}}}},
                    at_once<get_policy>,
                    Reads::checkpoints});
  routes.push_back({get,
                    "/v1/policy/steps/{epoch}",
                    "getPolicyStep",
                    "ledger",
                    "The statement that began an epoch of the trust policy: who trusts the one before checks it alone",
                    {number_parameter("epoch", "Which epoch, from 2")},
                    {},
                    {{200, "Its submission", {{submission_type}, {cbor_type}}},
                     problem_answer(400, "The epoch is malformed"),
                     problem_answer(404, "No incarnation began this epoch")},
                    at_once<get_policy_step>,
                    Reads::checkpoints});
  routes.push_back({get,
                    "/v1/ledger",
                    "getLedger",
                    "ledger",
                    "Which ledger this is, which node, and how far it goes; nothing of it is proven here",
                    {},
                    {},
                    {{200, "The names and numbers", {{json_type, ledger_schema}}}},
                    at_once<get_ledger>,
                    Reads::checkpoints});
  routes.push_back(record_route<LedgerRecord, state_named>(
      {"/v1/state", "getState", "ledger", "The ledger's parameters and its members' weight", {}, Reads::checkpoints}));
  routes.push_back(record_route<proposal::Withheld, withheld_named>(
      {"/v1/withheld/{identity}/{index}",
       "getWithheld",
       "ledger",
       "That members have decided to withhold a body",
       {digest_parameter("identity", "Identity of the statement, in hexadecimal"),
        number_parameter("index", "Of the body in its statement, from 0")}}));
}

}  // namespace mikusari::api
