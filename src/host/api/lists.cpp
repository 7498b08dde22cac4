// SPDX-License-Identifier: Apache-2.0
// Lists with completeness: all keys, devices, models, releases and parties of a party, in pages.
#include <limits>

#include "api/families.hpp"
#include "api/record_route.hpp"
#include "encoding/text.hpp"
#include "statement/device.hpp"
#include "statement/firmware.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"

namespace mikusari::api {
namespace {

using net::Response;

constexpr std::uint64_t entries_by_default = 256;

struct Wanted {
  Handle party;
  list::Kind kind{};
};

Result<Wanted> wanted(const Exchange& exchange) {
  TRY(const Handle party, digest_in_path(exchange.capture("handle")));
  for (const auto& entry : names_of(list::Kind{})) {
    if (entry.name == exchange.capture("kind")) return Wanted{party, entry.value};
  }
  return fail(Code::invalid, "there are lists of keys, devices, models, releases and parties");
}

Result<About> about_list(const Exchange& exchange) {
  TRY(const auto list, wanted(exchange));
  return About{About::What::list, list.party};
}

Result<std::uint64_t> number_asked(const Exchange& exchange, std::string_view name, std::uint64_t otherwise) {
  const auto given = exchange.request().target.parameter(name);
  if (!given) return otherwise;
  const auto number = text::from_decimal(*given);
  if (!number) return fail(Code::invalid, "from and most are decimal numbers");
  return *number;
}

RecordWriter writer_of(list::Kind kind) {
  switch (kind) {
    case list::Kind::keys: return write_record<key::Record>;
    case list::Kind::devices: return write_record<device::Record>;
    case list::Kind::models: return write_record<model::Record>;
    case list::Kind::releases: return write_record<firmware::Record>;
    case list::Kind::parties: return write_record<party::Record>;
  }
  return nullptr;
}

Result<std::string> page_json(const proof::ListPage& page, list::Kind kind, ByteView encoded) {
  std::uint64_t count = 0;
  if (page.list.value) {
    const auto record = cbor::decode<list::Record>(*page.list.value);
    if (!record) return fail(Code::corrupt, "a list's record cannot be read");
    count = record->tree.count;
  }
  json::Writer out;
  out.begin_object().member("count", count).member("first", page.range.first).key("entries").begin_array();
  auto item = page.items.begin();
  for (const auto entry : page.entries) {
    const auto value = (*item).value;
    if (!value) return fail(Code::corrupt, "what stands in a list has no record");
    out.begin_object().key("entry");
    json::write(out, entry);
    out.key("record");
    TRY(writer_of(kind)(out, *value));
    out.end_object();
    ++item;
  }
  out.end_array();
  write_anchor(out, page.anchor, encoded);
  return out.end_object().finish();
}

Result<Response> get_list(Service& service, const Exchange& exchange) {
  TRY(const auto list, wanted(exchange));
  TRY(const auto from, number_asked(exchange, "from", 0));
  TRY(const auto most, number_asked(exchange, "most", entries_by_default));
  const auto reading = service.read();
  TRY(platform::Buffer encoded, reading.list_page(list.party, list.kind, from, most));
  if (exchange.media_type() == cbor_type)
    return proven(exchange, reading, Response::content(200, cbor_type, std::move(encoded)));
  TRY(const auto page, cbor::decode<proof::ListPage>(encoded));
  TRY(const std::string text, page_json(page, list.kind, encoded));
  return proven(exchange, reading, Response::json(200, text));
}

void kind_schema(json::Writer& out) { json::Schema<list::Kind>::write(out); }
void most_schema(json::Writer& out) {
  out.begin_object()
      .member("type", "integer")
      .member("minimum", 1)
      .member("maximum", replica::Reading::list_entries_max)
      .end_object();
}

void page_schema(json::Writer& out) {
  out.begin_object().member("type", "object").key("properties").begin_object();
  for (const std::string_view number : {"count", "first"}) {
    out.key(number);
    number_schema(out);
  }
  out.key("entries").begin_object().member("type", "array").key("items").begin_object().member("type", "object");
  out.key("properties").begin_object().key("entry");
  json::Schema<list::Entry>::write(out);
  out.key("record").begin_object().member("type", "object").end_object();
  out.end_object().key("required").begin_array().text("entry").text("record").end_array().end_object().end_object();
  write_anchor_schema(out);
  out.end_object().key("required").begin_array().text("count").text("first").text("entries");
  out.text("height").text("time").text("proof").end_array().end_object();
}

}  // namespace

void add_list_routes(std::vector<Route>& routes) {
  routes.push_back(
      {net::Method::get,
       "/v1/parties/{handle}/lists/{kind}",
       "getList",
       "parties",
       "What a party has ever had of a kind, proven complete, with its present record: one page of it",
       {digest_parameter("handle", "Handle of the party, in hexadecimal"),
        {In::path, "kind", Need::required, "Of what", kind_schema},
        {In::query, "from", Need::optional, "The first entry of the page, from 0", number_schema},
        {In::query, "most", Need::optional, "Entries of the page at most, else 256", most_schema},
        known_parameter},
       {},
       {{200, "The page; a list that does not exist has no entries", {{cbor_type}, {json_type, page_schema}}},
        problem_answer(400, "The handle or a number is malformed, or the list is shorter")},
       at_once<get_list>,
       Reads::lists,
       about_list,
       Lane::long_reads});
}

}  // namespace mikusari::api
