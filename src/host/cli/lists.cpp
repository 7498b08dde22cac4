// SPDX-License-Identifier: Apache-2.0
// Lists with completeness: every page is proven, and all of them are of one tree.
#include "cli/lists.hpp"

#include <algorithm>

#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "json/parse.hpp"
#include "statement/device.hpp"
#include "statement/firmware.hpp"
#include "statement/model.hpp"
#include "statement/party.hpp"
#include "statement/path.hpp"

namespace mikusari::cli {
namespace {

constexpr std::uint64_t page_entries = 256;
constexpr int tries_max = 8;

std::string page_target(const Handle& party, list::Kind kind, std::uint64_t first) {
  return target_of("parties", party) + "/lists/" + std::string(cbor::name_of(kind)) + "?from=" + std::to_string(first) +
         "&most=" + std::to_string(page_entries);
}

// The tree that a page is of, as the page's proven record of the list says.
Result<Tree> tree_of(ByteView page) {
  TRY(const auto decoded, cbor::decode<proof::ListPage>(page));
  if (!decoded.list.value) return Tree();
  TRY(const auto record, cbor::decode<list::Record>(*decoded.list.value));
  return record.tree;
}

Result<std::unique_ptr<ListPages::Page>> page_at(Remote& remote, const Handle& party, list::Kind kind,
                                                 std::uint64_t first) {
  auto out = std::make_unique<ListPages::Page>();
  TRY(auto proven, remote.owed(page_target(party, kind, first), "application/cbor"));
  out->bytes = std::move(proven.bytes);
  const auto verified = remote.verifier().list(out->bytes, party, kind, client::Terms{proven.consistency, {}});
  if (!verified) return std::unexpected(refused_answer(verified.error()));
  out->verified = *verified;
  if (out->verified.first != first && out->verified.count != 0)
    return fail(Code::unauthenticated, "the node answered with another page of the list");
  return out;
}

// None when the list has grown between two pages: then the pages are of two trees.
Result<std::optional<ListPages>> read_once(Remote& remote, const Handle& party, list::Kind kind) {
  ListPages out;
  std::optional<Tree> tree;
  for (std::uint64_t at = 0;;) {
    TRY(auto page, page_at(remote, party, kind, at));
    TRY(const auto own, tree_of(page->bytes));
    if (tree && own != *tree) return std::nullopt;
    tree = own;
    out.count = page->verified.count;
    at += page->verified.entries.size();
    const bool is_empty = page->verified.entries.empty();
    out.pages.push_back(std::move(page));
    if (at >= out.count) break;
    if (is_empty) return fail(Code::unauthenticated, "the node's page of the list holds nothing");
  }
  return out;
}

// The record of an entry, as its kind reads it.
Result<std::string> record_json(list::Kind kind, ByteView value) {
  switch (kind) {
    case list::Kind::keys: {
      TRY(const auto record, cbor::decode<key::Record>(value));
      return json::to_json(record);
    }
    case list::Kind::devices: {
      TRY(const auto record, cbor::decode<device::Record>(value));
      return json::to_json(record);
    }
    case list::Kind::models: {
      TRY(const auto record, cbor::decode<model::Record>(value));
      return json::to_json(record);
    }
    case list::Kind::releases: {
      TRY(const auto record, cbor::decode<firmware::Record>(value));
      return json::to_json(record);
    }
    case list::Kind::parties: break;
  }
  TRY(const auto record, cbor::decode<party::Record>(value));
  return json::to_json(record);
}

std::string state_in(const std::string& record) {
  const auto parsed = json::parse(record);
  const auto* state = parsed ? parsed->find("state") : nullptr;
  return state == nullptr ? "" : std::string(state->text().value_or(""));
}

// An empty list is proven for any handle, also for one that nobody has.
Result<void> tell_none(Session& session, Remote& remote, const Handle& party) {
  TRY(remote.record<party::Record>(target_of("parties", party), path::party(party)));
  session.line(std::string(session.in("none: ", "ありません: ")) + session.with_names(party));
  return {};
}

Result<void> keep_pages(Session& session, const ListPages& pages) {
  const std::string out = session.arguments().text("--out");
  if (out.empty()) return {};
  for (std::size_t i = 0; i < pages.pages.size(); ++i)
    TRY(write_file(session, i == 0 ? out : out + "." + std::to_string(i), pages.pages[i]->bytes));
  session.text_member("file", out);
  session.number_member("files", pages.pages.size());
  session.line(out);
  return {};
}

Result<Handle> party_meant(Session& session, Remote& remote) {
  if (session.arguments().has("--of")) return party_option(session, remote.ledger(), "--of");
  TRY(const auto member, session.setting("member"));
  if (!member.empty()) return party_named(session, remote.ledger(), member);
  return fail(Code::invalid, "whose? give --of PARTY");
}

Result<void> list_all(Session& session) {
  TRY(const auto kind, word<list::Kind>("KIND", session.arguments().text("KIND")));
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  TRY(const auto party, party_meant(session, remote));
  TRY(const auto pages, read_list(remote, party, kind));
  json::Writer rows;
  rows.begin_array();
  TRY(for_each_entry(pages, [&](const list::Entry& entry, ByteView value) -> Result<void> {
    TRY(const auto record, record_json(kind, value));
    rows.begin_object().member("what", entry.what).member("height", entry.height);
    rows.member("change", cbor::name_of(entry.change)).member("state", state_in(record)).end_object();
    session.line(session.with_names(entry.what) + " " + std::string(cbor::name_of(entry.change)) + " " +
                 std::to_string(entry.height) + " " + state_in(record));
    return {};
  }));
  session.member("entries", rows.end_array().finish());
  session.number_member("count", pages.count);
  TRY(keep_pages(session, pages));
  if (pages.count == 0) TRY(tell_none(session, remote, party));
  session.line(std::string(session.in("complete: ", "全件: ")) + std::to_string(pages.count));
  show_proof(session, pages.pages.back()->verified.anchor);
  return {};
}

// Of all that the party ever owned, what it owns now.
Result<void> list_devices(Session& session) {
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  TRY(const auto owner, party_option(session, remote.ledger(), "--owner"));
  TRY(const auto pages, read_list(remote, owner, list::Kind::devices));
  json::Writer rows;
  rows.begin_array();
  std::uint64_t shown = 0;
  std::vector<Id> seen;
  TRY(for_each_entry(pages, [&](const list::Entry& entry, ByteView value) -> Result<void> {
    TRY(const auto record, cbor::decode<device::Record>(value));
    const bool again = std::ranges::find(seen, entry.what) != seen.end();
    if (again || (record.owned_by() != owner && !session.arguments().has("--all"))) return {};
    seen.push_back(entry.what);
    ++shown;
    rows.begin_object().member("device", entry.what).key("record");
    json::write(rows, record);
    rows.end_object();
    session.line(session.with_names(entry.what) + " " + std::string(cbor::name_of(record.state)) + " " +
                 session.with_names(record.owned_by()));
    return {};
  }));
  session.member("devices", rows.end_array().finish());
  TRY(keep_pages(session, pages));
  if (shown == 0) TRY(tell_none(session, remote, owner));
  session.number_member("ever_owned", pages.count);
  show_proof(session, pages.pages.back()->verified.anchor);
  return {};
}

}  // namespace

Result<ListPages> read_list(Remote& remote, const Handle& party, list::Kind kind) {
  for (int i = 0; i < tries_max; ++i) {
    TRY(auto pages, read_once(remote, party, kind));
    if (!pages) continue;
    TRY(remote.save());
    return *std::move(pages);
  }
  return fail(Code::unavailable, "the list grows faster than it is read: ask again");
}

Result<void> for_each_entry(const ListPages& pages,
                            const std::function<Result<void>(const list::Entry&, ByteView)>& each) {
  for (const auto& page : pages.pages) {
    auto entry = page->verified.entries.begin();
    for (const auto item : page->verified.items) {
      if (!item.value) return fail(Code::corrupt, "what the list names has no record");
      TRY(each(*entry, *item.value));
      ++entry;
    }
  }
  return {};
}

void add_list_commands(Commands& to) {
  to.push_back(
      {"list",
       "All keys, devices, models, releases or parties of a party, proven complete",
       "当事者の鍵・機器・機種・公開・当事者の完全な一覧",
       {{"KIND", Form::text, Need::required, "of what", "種類", {"keys", "devices", "models", "releases", "parties"}},
        {"--of", Form::text, Need::optional, "the party, else the member of the settings", "当事者"},
        out_option()},
       list_all});
  to.push_back({"device list",
                "All devices of an owner, proven complete",
                "所有機器の完全な一覧",
                {{"--owner", Form::text, Need::required, "contact, label, member or handle", "所有者"},
                 {"--all", Form::flag, Need::optional, "also those that it once owned", "過去の所有も含む"},
                 out_option()},
                list_devices});
}

}  // namespace mikusari::cli
