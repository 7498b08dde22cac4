// SPDX-License-Identifier: Apache-2.0
// Family `statements`: submit, ask for fates, fetch receipts.
#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/fate.hpp"
#include "api/identity.hpp"
#include "api/submit.hpp"

namespace mikusari::api {
namespace {

using net::Response;

Result<About> about_statement(const Exchange& exchange) {
  TRY(const Digest identity, digest_in_path(exchange.capture("identity")));
  return About{About::What::statement, identity};
}

Result<Response> get_fate(Service& service, const Exchange& exchange) {
  TRY(const Digest identity, digest_in_path(exchange.capture("identity")));
  const auto reading = service.read();
  const auto fate = reading.fate(identity);
  if (fate) {
    TRY(const platform::Buffer submission, reading.submission(identity));
    return with_etag(exchange, fate_response(exchange, service.telling(signer_of_submission(submission)).told(*fate)));
  }
  if (service.in_flight().contains(identity)) return submitted_response(identity);
  return std::unexpected(fate.error());
}

Result<Response> get_submission(Service& service, const Exchange& exchange) {
  TRY(const Digest identity, digest_in_path(exchange.capture("identity")));
  TRY(platform::Buffer bytes, service.read().submission(identity));
  return with_etag(exchange, Response::content(200, exchange.media_type(), std::move(bytes)));
}

Result<Response> get_receipt(Service& service, const Exchange& exchange) {
  TRY(const Digest identity, digest_in_path(exchange.capture("identity")));
  TRY(const auto index, number_in_path(exchange.capture("index")));
  const auto reading = service.read();
  TRY(platform::Buffer bytes, reading.receipt(identity, index));
  return proven(exchange, reading, Response::content(200, exchange.media_type(), std::move(bytes)));
}

Result<Response> check_statement(Service& service, const Exchange& exchange) {
  const auto identity = service.environment().replica.try_statement(exchange.request().body);
  if (!identity) {
    auto telling = service.telling(signer_of_submission(exchange.request().body));
    return refusal_response(telling.told(identity.error()), std::nullopt);
  }
  return Response::json(200, json::Writer().begin_object().member("identity", *identity).end_object().finish());
}

void fate_schema(json::Writer& out) { json::Schema<Fate>::write(out); }

void identity_only_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object().key("identity");
  hex32_schema(out);
  out.end_object().key("required").begin_array().text("identity").end_array().end_object();
}

void submitted_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object().key("identity");
  hex32_schema(out);
  out.key("standing").begin_object().member("const", "submitted").end_object();
  out.end_object().key("required").begin_array().text("identity").text("standing").end_array().end_object();
}

void respond_async_schema(json::Writer& out) { out.begin_object().member("const", "respond-async").end_object(); }

const Parameter identity_parameter{In::path, "identity", Need::required, "Identity of the statement, in hexadecimal",
                                   hex32_schema};

std::vector<Answer> refusals() {
  return {
      problem_answer(400, "Not a submission of this ledger, or refused as invalid"),
      problem_answer(401, "A signature does not hold, or its key is unknown"),
      problem_answer(403, "The signer may not say this"),
      problem_answer(404, "Something that it names is not registered"),
      problem_answer(
          409, "Contradicts what is already true, its counter was used before, or a limit of the ledger is reached"),
      problem_answer(413, "Larger than a submission may be"),
      problem_answer(415, "Another content type than a submission's"),
      problem_answer(422, "Made by a newer program than this node's"),
      problem_answer(429, "The queue is full: see Retry-After"),
      problem_answer(503, "The node is stopping, or orders nothing until its clock is confirmed")};
}

std::vector<Answer> with_refusals(std::vector<Answer> successes) {
  for (auto& answer : refusals()) successes.push_back(std::move(answer));
  return successes;
}

}  // namespace

void add_statement_routes(std::vector<Route>& routes) {
  using enum net::Method;
  const std::vector<Content> fate_contents = {{json_type, fate_schema}, {cbor_type}};
  const std::vector<Content> submission_contents = {{submission_type}, {cbor_type}};
  routes.push_back(
      {post,
       "/v1/statements",
       "submitStatement",
       "statements",
       "Submit a signed statement; answered when its fate is published under a signed checkpoint",
       {{In::header, "Prefer", Need::optional, "respond-async: answer at once with 202 (RFC 7240)",
         respond_async_schema}},
       submission_contents,
       with_refusals({{200, "The fate of each body; Mikusari-Duplicate: true when it was known before", fate_contents},
                      {202, "Taken; Location says where its fate will be", {{json_type, submitted_schema}}}}),
       submit_statement,
       Reads::open,
       nullptr,
       Lane::statements});
  routes.push_back(
      {post,
       "/v1/statements/check",
       "checkStatement",
       "statements",
       "Would the ledger take this statement now? Nothing is submitted",
       {},
       submission_contents,
       with_refusals({{200, "It would: at least one body is accepted", {{json_type, identity_only_schema}}}}),
       at_once<check_statement>,
       Reads::open,
       nullptr,
       Lane::statements});
  routes.push_back({get,
                    "/v1/statements/{identity}",
                    "getFate",
                    "statements",
                    "The fate of a statement",
                    {identity_parameter},
                    {},
                    {{200, "The fate of each body", fate_contents},
                     {202, "Taken, not yet published", {{json_type, submitted_schema}}},
                     problem_answer(400, "The identity is malformed"),
                     problem_answer(404, "No such statement was executed")},
                    at_once<get_fate>,
                    Reads::statements,
                    about_statement,
                    Lane::ordinary,
                    true});
  routes.push_back({get,
                    "/v1/statements/{identity}/submission",
                    "getSubmission",
                    "statements",
                    "A statement as it was ordered",
                    {identity_parameter},
                    {},
                    {{200, "The submission", {{submission_type}, {cbor_type}}},
                     problem_answer(400, "The identity is malformed"),
                     problem_answer(404, "No such statement was executed")},
                    at_once<get_submission>,
                    Reads::statements,
                    about_statement});
  routes.push_back({get,
                    "/v1/statements/{identity}/receipts/{index}",
                    "getReceipt",
                    "statements",
                    "Proof that one body was committed",
                    {identity_parameter,
                     {In::path, "index", Need::required, "Of the body in its statement, from 0", index_schema},
                     known_parameter},
                    {},
                    {{200, "The receipt", {{receipt_type}, {cbor_type}}},
                     problem_answer(400, "The identity or index is malformed"),
                     problem_answer(404, "No such statement or body"),
                     problem_answer(409, "The body was refused: it has no receipt")},
                    at_once<get_receipt>,
                    Reads::statements,
                    about_statement});
}

}  // namespace mikusari::api
