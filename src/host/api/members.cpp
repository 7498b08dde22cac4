// SPDX-License-Identifier: Apache-2.0
// Family `member`: an organisation's record, and the devices that it has ever owned.
#include "api/families.hpp"
#include "api/record_route.hpp"
#include "statement/device.hpp"
#include "statement/ledger.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

using net::Response;

Result<Digest> member_key(const Exchange& exchange) {
  TRY(const auto name, name_in_path(exchange.capture("name")));
  return path::member(name);
}

Result<std::string> list_json(const proof::ListAnswer& answer, ByteView encoded) {
  json::Writer out;
  out.begin_object().key("devices").begin_array();
  auto item = answer.items.begin();
  for (const Id entry : answer.entries) {
    const auto value = (*item).value;
    if (!value) return fail(Code::corrupt, "a listed device has no record");
    out.begin_object().member("device", entry).key("record");
    TRY(write_record<device::Record>(out, *value));
    out.end_object();
    ++item;
  }
  out.end_array();
  write_anchor(out, answer.anchor, encoded);
  return out.end_object().finish();
}

Result<Response> get_devices(Service& service, const Exchange& exchange) {
  TRY(const auto name, name_in_path(exchange.capture("name")));
  const auto reading = service.read();
  TRY(platform::Buffer encoded, reading.device_list(name));
  if (exchange.media_type() == cbor_type)
    return proven(exchange, reading, Response::content(200, cbor_type, std::move(encoded)));
  TRY(const auto answer, cbor::decode<proof::ListAnswer>(encoded));
  TRY(const std::string text, list_json(answer, encoded));
  return proven(exchange, reading, Response::json(200, text));
}

void devices_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object().key("devices").begin_object();
  out.member("type", "array").key("items").begin_object().member("type", "object").key("properties").begin_object();
  out.key("device");
  hex32_schema(out);
  out.key("record");
  json::Schema<device::Record>::write(out);
  out.end_object().key("required").begin_array().text("device").text("record").end_array().end_object().end_object();
  write_anchor_schema(out);
  out.end_object().key("required").begin_array().text("devices").text("height").text("time").text("proof").end_array();
  out.end_object();
}

}  // namespace

void add_member_routes(std::vector<Route>& routes) {
  const Parameter name = name_parameter("name", "The member's name");
  routes.push_back(record_route<member::Record, member_key>(
      {"/v1/members/{name}", "getMember", "members", "A member's record", {name}}));
  routes.push_back(
      {net::Method::get,
       "/v1/members/{name}/devices",
       "listDevicesOfMember",
       "members",
       "Every device that the member has ever owned, proven complete, with its present record",
       {name, known_parameter},
       {},
       {{200, "The list; empty when the member has owned none", {{cbor_type}, {json_type, devices_schema}}},
        problem_answer(400, "The name is malformed"),
        problem_answer(413, "The list is too long for one answer")},
       at_once<get_devices>});
}

}  // namespace mikusari::api
