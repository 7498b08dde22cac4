// SPDX-License-Identifier: Apache-2.0
#include "api/answers.hpp"

#include "crypto/hash.hpp"
#include "encoding/text.hpp"
#include "statement/ledger.hpp"

namespace mikusari::api {

using net::Body;
using net::Response;

namespace {

void string_schema(json::Writer& out, std::string_view pattern) {
  out.begin_object().member("type", "string").member("pattern", pattern).end_object();
}

// A quoted opaque tag of 16 bytes of the hash.
std::string etag_of(ByteView content) {
  return "\"" + platform::to_hex(crypto::sha256(content).view().first(16)) + "\"";
}

bool knows(const Exchange& exchange, std::string_view etag) {
  const auto given = exchange.request().headers.find("If-None-Match");
  return given && (*given == "*" || given->find(etag) != given->npos);
}

constexpr std::string_view no_record = "the ledger has no such record; the proof of its absence is in \"proof\"";

}  // namespace

void problem_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object();
  for (const std::string_view text : {"type", "title", "detail", "instance", "code", "refusal", "subject", "object",
                                      "detail_ja", "identity", "proof"}) {
    out.key(text).begin_object().member("type", "string").end_object();
  }
  for (const std::string_view number : {"status", "offset"})
    out.key(number).begin_object().member("type", "integer").end_object();
  out.end_object().key("required").begin_array().text("type").text("title").text("status").end_array().end_object();
}

void hex32_schema(json::Writer& out) { string_schema(out, "^[0-9a-fA-F]{64}$"); }
void number_schema(json::Writer& out) {
  out.begin_object().member("type", "integer").member("minimum", 0).end_object();
}
void size_schema(json::Writer& out) { out.begin_object().member("type", "integer").member("minimum", 1).end_object(); }
void index_schema(json::Writer& out) {
  out.begin_object()
      .member("type", "integer")
      .member("minimum", 0)
      .member("maximum", limits::bodies_max - 1)
      .end_object();
}

Answer problem_answer(int status, std::string_view description) {
  return {status, description, {{problem_type, problem_schema}}};
}

void begin_state_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object().key("record");
}

void write_anchor_schema(json::Writer& out) {
  out.key("height").begin_object().member("type", "integer").member("minimum", 0).end_object();
  out.key("time").begin_object().member("type", "string").member("format", "date-time").end_object();
  out.key("proof").begin_object().member("type", "string").member("contentEncoding", "base64").end_object();
}

void end_state_schema(json::Writer& out) {
  write_anchor_schema(out);
  out.end_object().key("required").begin_array().text("record").text("height").text("time").text("proof").end_array();
  out.member("additionalProperties", false).end_object();
}

void write_anchor(json::Writer& out, const proof::Anchor& anchor, ByteView encoded) {
  const auto record = cbor::decode<proof::BlockRecord>(anchor.record);
  ASSERT(record.has_value());
  out.member("height", record->height);
  out.member("time", platform::rfc3339(static_cast<std::int64_t>(record->time_ms)));
  out.member("proof", platform::to_base64(encoded));
}

const Parameter known_parameter{
    In::query, "known", Need::optional,
    "Size of the log that the client has a checkpoint of: the header Mikusari-Consistency then proves "
    "that the answer's log continues it",
    size_schema};

Result<Response> proven(const Exchange& exchange, const replica::Reading& reading, Response response) {
  const auto given = exchange.request().target.parameter(known_parameter.name);
  if (!given) return response;
  const auto size = text::from_decimal(*given);
  if (!size) return fail(Code::invalid, "known is a size of the log: a number from 1");
  TRY(const auto consistency, reading.consistency(*size));
  return std::move(response).with(consistency_header, platform::to_base64(consistency));
}

Response absent_response(const Exchange& exchange, platform::Buffer answer, std::string_view detail) {
  if (exchange.media_type() == cbor_type) return Response::content(404, cbor_type, std::move(answer));
  return net::Problem::of(404, detail).with("proof", platform::to_base64(answer)).response();
}

Result<Response> state_response(Service& service, const Exchange& exchange, const Digest& key, RecordWriter record) {
  const auto reading = service.read();
  TRY(platform::Buffer encoded, reading.state_answer(key));
  TRY(const auto answer, cbor::decode<proof::StateAnswer>(encoded));
  if (!answer.item.value) return proven(exchange, reading, absent_response(exchange, std::move(encoded), no_record));
  if (exchange.media_type() == cbor_type)
    return proven(exchange, reading, Response::content(200, cbor_type, std::move(encoded)));
  json::Writer out;
  out.begin_object().key("record");
  TRY(record(out, *answer.item.value));
  write_anchor(out, answer.anchor, encoded);
  return proven(exchange, reading, Response::json(200, out.end_object().finish()));
}

Response with_etag(const Exchange& exchange, Response response) {
  const std::string etag = etag_of(response.body.view());
  if (knows(exchange, etag)) {
    Response unchanged = Response::empty(304);
    if (const auto caching = response.headers.find("Cache-Control")) unchanged.headers.add("Cache-Control", *caching);
    return std::move(unchanged).with("ETag", etag).with("Vary", "Accept");
  }
  return std::move(response).with("ETag", etag).with("Vary", "Accept");
}

// Only what no vote can take back: a body may be withheld later (docs/formats/statement.md).
Response immutable(const Exchange& exchange, Response response) {
  response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
  return with_etag(exchange, std::move(response));
}

}  // namespace mikusari::api
