// SPDX-License-Identifier: Apache-2.0
// What answers of all families share: proven records in both forms, caching, schemas.
#pragma once

#include "api/service.hpp"
#include "json/view.hpp"
#include "net/problem.hpp"

namespace mikusari::api {

constexpr std::string_view cbor_type = "application/cbor";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view receipt_type = "application/mikusari-receipt+cbor";
constexpr std::string_view submission_type = "application/mikusari-submission+cbor";
constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr std::string_view bytes_type = "application/octet-stream";

// Schemas of what is no declaration of core.
void problem_schema(json::Writer& out);
void hex32_schema(json::Writer& out);
void number_schema(json::Writer& out);
void size_schema(json::Writer& out);
void index_schema(json::Writer& out);

// Answers that many operations have, for the table.
Answer problem_answer(int status, std::string_view description);

// `known`: the size of the log that the client has a checkpoint of. Then the answer carries, in the header
// Mikusari-Consistency, the base64 of the proof::Consistency from there to its own checkpoint, of one reading.
extern const Parameter known_parameter;
constexpr std::string_view consistency_header = "Mikusari-Consistency";
// Adds that header when it is asked for. `invalid` when there is no such earlier size.
Result<net::Response> proven(const Exchange& exchange, const replica::Reading& reading, net::Response response);

// A record's JSON into the writer. `corrupt` when the bytes are no such record: the ledger wrote them.
using RecordWriter = Result<void> (*)(json::Writer&, ByteView);
template <class Record>
Result<void> write_record(json::Writer& out, ByteView bytes) {
  const auto record = cbor::decode<Record>(bytes);
  if (!record) return fail(Code::corrupt, "a record of the state cannot be read");
  json::write(out, *record);
  return {};
}

// The encoded state answer that proves absence: itself as CBOR, or a problem with it inside, whose sentence is
// `detail`. Status 404.
net::Response absent_response(const Exchange& exchange, platform::Buffer answer, std::string_view detail);

// The state answer for `key`: CBOR (a proof::StateAnswer, present 200 or absent 404), or JSON for people with the same
// proof inside.
Result<net::Response> state_response(Service& service, const Exchange& exchange, const Digest& key,
                                     RecordWriter record);

void begin_state_schema(json::Writer& out);
void end_state_schema(json::Writer& out);
// Schema of the JSON form: {record, height, time, proof}.
template <class Record>
void state_schema(json::Writer& out) {
  begin_state_schema(out);
  json::Schema<Record>::write(out);
  end_state_schema(out);
}

// The answers of an operation that answers a proven record.
template <class Record>
std::vector<Answer> state_answers() {
  return {{200, "The record, proven present", {{cbor_type}, {json_type, state_schema<Record>}}},
          problem_answer(400, "The id or name is malformed"),
          {404, "Proven absent", {{cbor_type}, {problem_type, problem_schema}}}};
}

// "height", "time" and "proof" of an answer under an anchor, as members of the object that is open.
void write_anchor(json::Writer& out, const proof::Anchor& anchor, ByteView encoded);

void write_anchor_schema(json::Writer& out);

// 200 with an ETag over the content, or 304 when the client has it (RFC 9110 section 13.1.2).
net::Response with_etag(const Exchange& exchange, net::Response response);
// The same for what never changes.
net::Response immutable(const Exchange& exchange, net::Response response);

}  // namespace mikusari::api
