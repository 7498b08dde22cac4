// SPDX-License-Identifier: Apache-2.0
// Device passports: a device's whole proven life in one file.
#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/identity.hpp"
#include "passport_page/passport_page.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

using passport_page::Language;

constexpr std::string_view passport_type = "application/mikusari-passport+cbor";
constexpr std::string_view html_type = "text/html; charset=utf-8";

bool is_absent(const Result<platform::Buffer>& passport) {
  return !passport && passport.error().code() == Code::not_found;
}

// Proven by the same answer that the device's own address gives.
Result<net::Response> absent_device(const Exchange& exchange, const replica::Reading& reading, const Id& id) {
  TRY(platform::Buffer answer, reading.state_answer(path::device(id)));
  const std::string detail =
      "the ledger has no such device; the proof of its absence is in \"proof\", and at /v1/devices/" +
      platform::to_hex(id);
  return proven(exchange, reading, absent_response(exchange, std::move(answer), detail));
}

Result<net::Response> get_passport(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  const auto reading = service.read();
  auto bytes = reading.passport(id);
  if (is_absent(bytes)) return absent_device(exchange, reading, id);
  TRY(platform::Buffer passport, std::move(bytes));
  return proven(exchange, reading, net::Response::content(200, exchange.media_type(), std::move(passport)));
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

Result<net::Response> get_passport_page(Service& service, const Exchange& exchange) {
  TRY(const Id id, digest_in_path(exchange.capture("id")));
  TRY(const Language language, language_of(exchange));
  const auto reading = service.read();
  auto bytes = reading.passport(id);
  if (is_absent(bytes)) return absent_device(exchange, reading, id);
  TRY(const platform::Buffer passport, std::move(bytes));
  TRY(const std::string page, passport_page::html_page(passport, service.environment().replica.policy(), language));
  return net::Response::content(200, html_type, net::Body::text(page));
}

}  // namespace

void add_passport_routes(std::vector<Route>& routes) {
  routes.push_back(
      {net::Method::get,
       "/v1/devices/{id}/passport",
       "getPassport",
       "passports",
       "A device's passport: its record, parts, keys and every event of its life, proven",
       {{In::path, "id", Need::required, "Id of the device, in hexadecimal", hex32_schema}, known_parameter},
       {},
       {{200, "The passport", {{passport_type}, {cbor_type}}},
        problem_answer(400, "The id is malformed"),
        {404, "No such device: proven absent, as by /v1/devices/{id}", {{cbor_type}, {problem_type, problem_schema}}}},
       at_once<get_passport>});
  routes.push_back(
      {net::Method::get,
       "/v1/devices/{id}/passport.html",
       "getPassportPage",
       "passports",
       "The same as one page for people, which verifies itself in the browser, also offline",
       {{In::path, "id", Need::required, "Id of the device, in hexadecimal", hex32_schema},
        {In::query, "lang", Need::optional, "Language that the page opens in: it holds both", language_schema}},
       {},
       {{200, "The page", {{html_type}}},
        problem_answer(400, "The id or the language is malformed"),
        problem_answer(404, "No such device: proven absent by the member proof")},
       at_once<get_passport_page>});
}

}  // namespace mikusari::api
