// SPDX-License-Identifier: Apache-2.0
// Device passports: a device's whole proven life, in pages.
#include "api/families.hpp"
#include "api/record_route.hpp"
#include "encoding/text.hpp"
#include "passport_page/passport_page.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

using passport_page::Language;
using Desk = replica::PassportDesk;

constexpr std::string_view passport_type = "application/mikusari-passport+cbor";
constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view more_header = "Mikusari-Pages-More";
constexpr std::uint64_t html_pages_max = 8;

Result<About> about_device(const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  return About{About::What::life, id};
}

Result<std::optional<std::uint64_t>> number_asked(const Exchange& exchange, std::string_view name) {
  const auto given = exchange.request().target.parameter(name);
  if (!given) return std::nullopt;
  const auto number = text::from_decimal(*given);
  if (!number) return fail(Code::invalid, "page, size and since are decimal numbers");
  return *number;
}

Result<Desk::Request> asked(const Exchange& exchange) {
  Desk::Request out;
  TRY(out.device, digest_in_path(exchange.capture("id")));
  TRY(const auto page, number_asked(exchange, "page"));
  TRY(const auto since_ms, number_asked(exchange, "since"));
  TRY(out.log_size, number_asked(exchange, "size"));
  out.query = {page.value_or(0), since_ms.value_or(0)};
  if (out.query.page != 0 && !out.log_size)
    return fail(Code::invalid, "say with size which log page 0 was made of: its checkpoint tells");
  return out;
}

// Proven by the same answer that the device's own address gives.
Result<net::Response> absent_device(const Exchange& exchange, const replica::Reading& reading, const Id& id) {
  TRY(platform::Buffer answer, reading.state_answer(path::device(id)));
  const std::string detail =
      "the ledger has no such device; the proof of its absence is in \"proof\", and at /v1/devices/" +
      platform::to_hex(id);
  return proven(exchange, reading, absent_response(exchange, std::move(answer), detail));
}

// What is not found: the device, or only the page.
Result<net::Response> missing(Service& service, const Exchange& exchange, const Id& id, const Error& why) {
  if (why.code() != Code::not_found) return std::unexpected(why);
  const auto reading = service.read();
  if (reading.record(path::device(id))) return std::unexpected(why);
  return absent_device(exchange, reading, id);
}

// As proven(), but to the checkpoint of the page, which may be of a log that has grown since.
Result<net::Response> proven_to(const Exchange& exchange, const replica::Reading& reading, std::uint64_t log_size,
                                net::Response response) {
  if (log_size == reading.tip().log_size) return proven(exchange, reading, std::move(response));
  TRY(const auto known, number_asked(exchange, known_parameter.name));
  if (!known) return response;
  if (*known == 0 || *known > log_size)
    return fail(Code::invalid, "the page is of a log that is shorter than the known one: begin again at page 0");
  const auto& log = reading.archive().log;
  TRY(const auto path, log.consistency(*known, log_size));
  const auto digests = std::span<const Digest>(path);
  const auto consistency = platform::encode(proof::Consistency{{}, *known, log_size, {digests}});
  return std::move(response).with(consistency_header, platform::to_base64(consistency));
}

Result<net::Response> get_passport(Service& service, const Exchange& exchange) {
  TRY(const auto request, asked(exchange));
  const auto answer = service.passports().ask(request);
  if (!answer) return missing(service, exchange, request.device, answer.error());
  const auto& page = (*answer)->page;
  auto response = net::Response::content(
      200, exchange.media_type(), net::Body::shared(std::shared_ptr<const platform::Buffer>(*answer, &page.bytes)));
  return proven_to(exchange, service.read(), (*answer)->log_size,
                   std::move(response).with(more_header, page.more ? "true" : "false"));
}

void language_schema(json::Writer& out) {
  out.begin_object().member("type", "string").key("enum").begin_array().text("en").text("ja").end_array().end_object();
}

Result<Language> language_of(const Exchange& exchange) {
  const auto given = exchange.request().target.parameter("lang").value_or("en");
  if (given == "en") return Language::english;
  if (given == "ja") return Language::japanese;
  return fail(Code::invalid, "lang is en or ja");
}

// The newest pages. A longer life is shown as far as they go, and the page says that it goes on.
Result<std::vector<std::shared_ptr<const Desk::Answer>>> newest_pages(Service& service, Desk::Request request) {
  std::vector<std::shared_ptr<const Desk::Answer>> out;
  for (bool more = true; more && out.size() < html_pages_max; more = out.back()->page.more) {
    request.query.page = out.size();
    TRY(out.emplace_back(), service.passports().ask(request));
    request.log_size = out.back()->log_size;
  }
  return out;
}

Result<net::Response> get_passport_html(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  TRY(const Language language, language_of(exchange));
  const auto pages = newest_pages(service, {id, {}, std::nullopt});
  if (!pages) return missing(service, exchange, id, pages.error());
  std::vector<ByteView> bytes;
  for (const auto& answer : *pages) bytes.emplace_back(answer->page.bytes);
  const auto policy = service.read().tip().policy;
  TRY(const std::string page, passport_page::html_page(bytes, *policy, language));
  return net::Response::content(200, html_type, net::Body::text(page));
}

const Parameter id_parameter = digest_parameter("id", "Id of the device, in hexadecimal");

}  // namespace

void add_passport_routes(std::vector<Route>& routes) {
  routes.push_back(
      {net::Method::get,
       "/v1/devices/{id}/passport",
       "getPassport",
       "passports",
       "A page of a device's passport: its record, parts, keys and events of its life, newest first, proven. "
       "Mikusari-Pages-More says whether there is another page behind it",
       {id_parameter,
        {In::query, "page", Need::optional, "Which page, from 0, the newest", number_schema},
        {In::query, "size", Need::optional,
         "Leaves in the log of page 0's checkpoint, so that further pages are under the same one", size_schema},
        {In::query, "since", Need::optional,
         "Events of blocks before this time are left out, in milliseconds since 1970", number_schema},
        known_parameter},
       {},
       {{200, "The page", {{passport_type}, {cbor_type}}},
        problem_answer(400, "The id or a number is malformed"),
        {404,
         "No such device: proven absent, as by /v1/devices/{id}; or no such page",
         {{cbor_type}, {problem_type, problem_schema}}},
        problem_answer(409, "The node has no pages of a log of this size any more: begin again at page 0")},
       at_once<get_passport>,
       Reads::things,
       about_device,
       Lane::long_reads});
  routes.push_back(
      {net::Method::get,
       "/v1/devices/{id}/passport.html",
       "getPassportPage",
       "passports",
       "The newest pages of the same for people, as one file, which verifies itself in the browser, also offline",
       {id_parameter, {In::query, "lang", Need::optional, "Language that it opens in: it holds both", language_schema}},
       {},
       {{200, "The file", {{html_type}}},
        problem_answer(400, "The id or the language is malformed"),
        problem_answer(404, "No such device: proven absent by the member proof")},
       at_once<get_passport_html>,
       Reads::things,
       about_device,
       Lane::long_reads});
}

}  // namespace mikusari::api
