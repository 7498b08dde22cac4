// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "api/answers.hpp"
#include "api/routes.hpp"

namespace mikusari::api {
namespace {

using json::Writer;

constexpr std::string_view description =
    "What a Mikusari node answers. Records, lists, receipts and passports carry their proofs: verify them with a trust "
    "policy (the C library, `mikusari verify`) instead of believing the node. JSON is for people; the proof is inside, "
    "in "
    "base64. Errors are application/problem+json (RFC 9457).";

std::string_view lower_name(net::Method method) { return method == net::Method::post ? "post" : "get"; }

void write_schema(Writer& out, SchemaWriter schema) {
  out.key("schema");
  if (schema == problem_schema) {
    out.begin_object().member("$ref", "#/components/schemas/Problem").end_object();
  } else {
    schema(out);
  }
}

void write_contents(Writer& out, const std::vector<Content>& contents) {
  out.key("content").begin_object();
  for (const auto& content : contents) {
    out.key(content.media_type).begin_object();
    if (content.schema != nullptr) write_schema(out, content.schema);
    out.end_object();
  }
  out.end_object();
}

std::string_view place_name(In in) {
  switch (in) {
    case In::path: return "path";
    case In::query: return "query";
    case In::header: return "header";
  }
  return {};
}

void write_parameters(Writer& out, const Route& route) {
  if (route.parameters.empty()) return;
  out.key("parameters").begin_array();
  for (const auto& parameter : route.parameters) {
    out.begin_object().member("name", parameter.name).member("in", place_name(parameter.in));
    out.member("required", parameter.need == Need::required).member("description", parameter.description);
    write_schema(out, parameter.schema);
    out.end_object();
  }
  out.end_array();
}

bool has(const std::vector<Answer>& answers, int status) {
  return std::ranges::find(answers, status, &Answer::status) != answers.end();
}

// Answers of the dispatcher itself: every operation has the first, those with readers of their own the others too.
std::vector<Answer> answers_of(const Route& route) {
  std::vector<Answer> out = route.answers;
  out.push_back(problem_answer(406, "None of the offered media types is acceptable"));
  if (route.reads == Reads::open) return out;
  out.push_back(problem_answer(401, "The token has expired, or its key has ended"));
  if (!has(out, 404)) out.push_back(problem_answer(404, "Not for this reader"));
  return out;
}

std::string_view name_of(Reads reads) {
  switch (reads) {
    case Reads::open: return "open";
    case Reads::checkpoints: return "checkpoints";
    case Reads::things: return "things";
    case Reads::lists: return "lists";
    case Reads::statements: return "statements";
    case Reads::operations: return "operations";
  }
  return {};
}

// Which class of reading rights it is of; a token may be sent, and is needed where the node's settings say so.
void write_readers(Writer& out, const Route& route) {
  out.member("x-mikusari-reads", name_of(route.reads));
  if (route.reads == Reads::open) return;
  out.key("security").begin_array().begin_object().end_object();
  out.begin_object().key("token").begin_array().end_array().end_object().end_array();
}

void write_operation(Writer& out, const Route& route) {
  out.key(lower_name(route.method)).begin_object();
  out.member("operationId", route.operation).key("tags").begin_array().text(route.tag).end_array();
  out.member("summary", route.summary);
  write_readers(out, route);
  write_parameters(out, route);
  if (!route.request.empty()) {
    out.key("requestBody").begin_object().member("required", true);
    write_contents(out, route.request);
    out.end_object();
  }
  out.key("responses").begin_object();
  for (const auto& answer : answers_of(route)) {
    out.key(std::to_string(answer.status)).begin_object().member("description", answer.description);
    if (!answer.contents.empty()) write_contents(out, answer.contents);
    out.end_object();
  }
  out.end_object().end_object();
}

// "{path...}" is our word for the rest of a path; OpenAPI has none for it.
std::string openapi_path(std::string_view pattern) {
  std::string out(pattern);
  if (const auto dots = out.find("..."); dots != out.npos) out.erase(dots, 3);
  return out;
}

std::string document() {
  std::map<std::string, std::vector<const Route*>> paths;
  for (const auto& route : routes()) paths[openapi_path(route.pattern)].push_back(&route);
  Writer out;
  out.begin_object().member("openapi", "3.1.0").key("info").begin_object();
  out.member("title", "Mikusari node").member("version", interface_version).member("description", description);
  out.key("license")
      .begin_object()
      .member("name", "Apache-2.0")
      .member("identifier", "Apache-2.0")
      .end_object()
      .end_object();
  out.key("paths").begin_object();
  for (const auto& [path, operations] : paths) {
    out.key(path).begin_object();
    for (const Route* route : operations) write_operation(out, *route);
    out.end_object();
  }
  out.end_object().key("components").begin_object().key("schemas").begin_object().key("Problem");
  problem_schema(out);
  out.end_object().key("securitySchemes").begin_object().key("token").begin_object();
  out.member("type", "http").member("scheme", "bearer").member("description", "Bought at /v1/tokens for an hour");
  return out.end_object().end_object().end_object().end_object().finish();
}

}  // namespace

const std::string& openapi() {
  static const std::string made = document();
  return made;
}

}  // namespace mikusari::api
