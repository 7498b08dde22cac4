// SPDX-License-Identifier: Apache-2.0
// thing: own things by labels, so that nobody types an id.
#include "cli/card.hpp"
#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "statement/device.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"
#include "statement/proposal.hpp"

namespace mikusari::cli {
namespace {

Result<void> list(Session& session) {
  TRY(const auto book, Book::read(session));
  const std::string only = session.arguments().text("--type");
  json::Writer rows;
  rows.begin_array();
  for (const auto& each : book.things) {
    const std::string what(cbor::name_of(each.what));
    if (!only.empty() && only != what) continue;
    rows.begin_object().member("type", what).member("label", each.label).member("id", each.id).end_object();
    session.line(what + " " + (each.label.empty() ? "-" : each.label) + " " + platform::to_hex(each.id));
  }
  session.member("things", rows.end_array().finish());
  return {};
}

// What the ledger has under this id.
Result<What> look_up(Session& session, const Id& id) {
  TRY(auto remote, Remote::open(session));
  const std::tuple<What, std::string, Digest> places[] = {
      {What::device, target_of("devices", id), path::device(id)},
      {What::part, target_of("parts", id), path::part(id)},
      {What::model, target_of("models", id), path::model(id)},
      {What::proposal, target_of("proposals", id), path::proposal(id)}};
  for (const auto& [what, target, key] : places) {
    TRY(const auto answer, remote.state(target, key));
    if (answer->present()) return what;
  }
  return fail(Code::not_found, "the ledger has no device, part, model or proposal with this id (proven absent)");
}

// A card, a device's passport, or whatever names a thing here.
Result<OwnThing> thing_meant(Session& session, const std::string& text) {
  if (!platform::bytes_from_hex<32>(text) && session.files().exists(text)) {
    TRY(const auto memory, Memory::open(session, ""));
    TRY(const auto bytes, read_file(session, text));
    if (const auto page = cbor::decode<proof::PassportPage>(bytes)) return OwnThing{"", What::device, page->device};
    TRY(const auto read, read_card(session, memory->ledger(), text));
    if (read->card.thing) return OwnThing{"", *read->card.what, *read->card.thing};
    return std::unexpected(Error(Code::invalid, "is the card of a party: `contact add`").with_context(text));
  }
  const auto id = platform::bytes_from_hex<32>(text);
  TRY(auto thing, thing_of_any(session, What::part, text));
  if (session.arguments().has("--type")) {
    TRY(thing.what, word<What>("--type", session.arguments().text("--type")));
  } else if (id && thing.label.empty()) {
    TRY(thing.what, look_up(session, *id));
  }
  return thing;
}

Result<void> name(Session& session) {
  const std::string label = session.arguments().text("LABEL");
  TRY(check_label(label));
  TRY(auto thing, thing_meant(session, session.arguments().text("THING")));
  thing.label = label;
  TRY(Book::update(session, [&](Book& book) { return book.remember(thing); }));
  session.text_member("label", label);
  session.text_member("type", cbor::name_of(thing.what));
  session.text_member("id", platform::to_hex(thing.id));
  session.line(std::string(cbor::name_of(thing.what)) + " " + label + " " + platform::to_hex(thing.id));
  return {};
}

Result<void> card(Session& session) {
  TRY(const auto memory, Memory::open(session, ""));
  TRY(const auto thing, thing_meant(session, session.arguments().text("THING")));
  Card out;
  out.ledger = memory->ledger();
  if (!thing.label.empty()) out.name = thing.label;
  out.what = thing.what;
  out.thing = thing.id;
  session.text_member("id", platform::to_hex(thing.id));
  return write_card(session, out);
}

}  // namespace

void add_thing_commands(Commands& to) {
  const std::vector<std::string> types = {"part", "device", "model", "proposal", "place"};
  const Option thing{"THING", Form::text, Need::required, "card, passport, LOT#N, first digits, or id",
                     "カード・パスポート・id"};
  const Option type{"--type", Form::text, Need::optional, "what it is, else the ledger is asked", "種類", types};
  to.push_back({"thing list",
                "The things that this home knows",
                "この控えにある物の一覧",
                {{"--type", Form::text, Need::optional, "only these", "種類", types}},
                list});
  to.push_back({"thing name",
                "Give a thing a label",
                "物にラベルを付ける",
                {{"LABEL", Form::text, Need::required, "the label", "ラベル"}, thing, type},
                name});
  to.push_back({"thing card",
                "Write a thing's card, for others to give it a label",
                "物のカードを書き出す",
                {thing, type, {"--out", Form::text, Need::required, "file", "ファイル"}},
                card});
}

}  // namespace mikusari::cli
