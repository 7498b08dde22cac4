// SPDX-License-Identifier: Apache-2.0
#include "cli/named.hpp"

#include <algorithm>

#include "cli/birth.hpp"
#include "cli/hmac.hpp"
#include "cli/parser.hpp"
#include "crypto/hash.hpp"
#include "encoding/text.hpp"
#include "statement/ledger.hpp"

namespace mikusari::cli {
namespace {

constexpr std::size_t digits_least = 4;
constexpr std::string_view of_member = "member:";

std::vector<std::string> party_names(const Book& book) {
  std::vector<std::string> out;
  for (const auto& [name, contact] : book.contacts) out.push_back(name);
  for (const auto& each : book.parties) out.push_back(each.label);
  return out;
}

Error nothing_called(const std::string& text, const std::vector<std::string>& names, const char* what) {
  const std::string near = nearest_word(text, names);
  return Error(Code::not_found, what)
      .with_context("\"" + text + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
}

bool is_prefix(std::string_view text) {
  return text.size() >= digits_least && text.size() < 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error several(const std::string& text) {
  return Error(Code::conflict, "these digits begin several ids: write more of them").with_context(text);
}

// The N-th of a lot, from "LOT#N". None when there is no such lot.
Result<std::optional<Id>> in_lot(Session& session, const std::string& text) {
  const auto mark = text.rfind('#');
  if (mark == std::string::npos) return std::nullopt;
  const std::string path = lot_ids_path(session, text.substr(0, mark));
  const auto number = text::from_decimal(std::string_view(text).substr(mark + 1));
  if (!number || !session.files().exists(path)) return std::nullopt;
  TRY(const auto rows, read_rows(session, path));
  if (*number == 0 || *number > rows.size())
    return std::unexpected(Error(Code::not_found, "the lot has not so many things").with_context(text));
  TRY(const auto id, platform::bytes_from_hex<32>(rows[*number - 1]));
  return id;
}

Result<std::vector<Id>> in_lots(Session& session, std::string_view prefix) {
  constexpr std::string_view suffix = ".ids";
  std::vector<Id> out;
  const std::string folder = session.home_file("outbox");
  if (!session.files().exists(folder)) return out;
  TRY(const auto names, session.files().list(folder));
  for (const auto& name : names) {
    if (!name.ends_with(suffix)) continue;
    TRY(const auto rows, read_rows(session, platform::join(folder, name)));
    for (const auto& row : rows) {
      if (!row.starts_with(prefix)) continue;
      TRY(out.emplace_back(), platform::bytes_from_hex<32>(row));
    }
  }
  return out;
}

// What the home knows that begins with these digits.
Result<std::optional<OwnThing>> begun_with(Session& session, const Book& book, What otherwise,
                                           const std::string& text) {
  std::vector<OwnThing> found;
  for (const auto& each : book.things) {
    if (platform::to_hex(each.id).starts_with(text)) found.push_back(each);
  }
  if (found.empty()) {
    TRY(const auto ids, in_lots(session, text));
    for (const auto& id : ids) found.push_back({"", otherwise, id});
  }
  for (const auto& each : found) {
    if (each.id != found.front().id) return std::unexpected(several(text));
  }
  if (found.empty()) return std::nullopt;
  return found.front();
}

}  // namespace

std::string lot_ids_path(const Session& session, const std::string& lot) {
  return platform::join(session.home_file("outbox"), lot + ".ids");
}

Result<std::vector<std::string>> read_rows(Session& session, const std::string& path) {
  TRY(const auto bytes, read_file(session, path));
  std::vector<std::string> out;
  std::string_view rest = as_text(bytes);
  while (!rest.empty()) {
    const std::string_view row = rest.substr(0, rest.find('\n'));
    rest = row.size() == rest.size() ? std::string_view() : rest.substr(row.size() + 1);
    if (!row.empty()) out.emplace_back(row);
  }
  return out;
}

thing::Type type_of(What what) {
  ASSERT(what == What::part || what == What::device);
  return what == What::part ? thing::Type::part : thing::Type::device;
}

Result<Handle> party_named(Session& session, const Digest& ledger, const std::string& text) {
  if (const auto handle = platform::bytes_from_hex<32>(text)) return *handle;
  if (text.starts_with(of_member)) {
    const std::string name = text.substr(of_member.size());
    if (!is_name(name))
      return std::unexpected(Error(Code::invalid, "this cannot be a member's name").with_context(text));
    return names::member(ledger, name);
  }
  TRY(const auto book, Book::read(session));
  if (const auto found = book.contacts.find(text); found != book.contacts.end()) return found->second.handle;
  if (const auto* own = book.party(text)) return own->handle;
  if (is_name(text)) return names::member(ledger, text);
  return std::unexpected(nothing_called(text, party_names(book), "is no contact, no party of this home and no member"));
}

Result<OwnThing> thing_of_any(Session& session, What otherwise, const std::string& text) {
  TRY(const auto book, Book::read(session));
  if (const auto id = platform::bytes_from_hex<32>(text)) {
    const auto* known = book.thing(*id);
    return known != nullptr ? *known : OwnThing{"", otherwise, *id};
  }
  if (const auto* known = book.thing(text)) return *known;
  TRY(const auto numbered, in_lot(session, text));
  if (numbered) return OwnThing{"", otherwise, *numbered};
  if (is_prefix(text)) {
    TRY(auto found, begun_with(session, book, otherwise, text));
    if (found) return *std::move(found);
  }
  std::vector<std::string> labels;
  for (const auto& each : book.things) labels.push_back(each.label);
  return std::unexpected(
      nothing_called(text, labels, "is no label of this home (`thing list`), no id, and begins none that it knows"));
}

Result<Id> thing_named(Session& session, What what, const std::string& text) {
  if (const auto id = platform::bytes_from_hex<32>(text)) return *id;
  TRY(const auto found, thing_of_any(session, what, text));
  if (found.what == what) return found.id;
  return std::unexpected(Error(Code::conflict, "is the label of another sort of thing")
                             .with_context(text + " (" + std::string(cbor::name_of(found.what)) + ")"));
}

Result<Id> place_named(Session& session, const Digest& ledger, const std::string& text) {
  if (const auto id = platform::bytes_from_hex<32>(text)) return *id;
  Id id;
  TRY(Book::update(session, [&](Book& book) -> Result<void> {
    const auto* known = book.thing(text);
    if (known != nullptr && known->what != What::place)
      return std::unexpected(Error(Code::conflict, "is the label of another sort of thing").with_context(text));
    id =
        known != nullptr ? known->id : hmac_sha256(book.secret, {as_bytes("mikusari/place/1"), ledger, as_bytes(text)});
    return book.remember(OwnThing{text, What::place, id});
  }));
  return id;
}

Result<Id> place_under(Session& session, const Digest& ledger, const Handle& party, const std::string& text) {
  if (const auto id = platform::bytes_from_hex<32>(text)) return *id;
  TRY(const auto secret, home_secret(session));
  return Id(hmac_sha256(secret, {as_bytes("mikusari/party-place/1"), ledger, party, as_bytes(text)}));
}

Result<Handle> party_option(Session& session, const Digest& ledger, const std::string& option) {
  TRY(const std::string text, session.required(option));
  auto handle = party_named(session, ledger, text);
  if (handle) return handle;
  return std::unexpected(std::move(handle).error().with_context(option));
}

Result<Id> thing_option(Session& session, What what, const std::string& option) {
  TRY(const std::string text, session.required(option));
  auto id = thing_named(session, what, text);
  if (id) return id;
  return std::unexpected(std::move(id).error().with_context(option));
}

std::map<Handle, std::string> known_parties(Session& session, const Digest& ledger) {
  std::map<Handle, std::string> out;
  if (const auto book = Book::read(session)) {
    for (const auto& [name, contact] : book->contacts) out.try_emplace(contact.handle, name);
    for (const auto& each : book->parties) out.try_emplace(each.handle, each.label);
  }
  const auto bytes = read_file(session, session.home_file("genesis.cbor"));
  if (!bytes || crypto::sha256(*bytes) != ledger) return out;
  const auto genesis = cbor::decode<Genesis>(*bytes);
  if (!genesis) return out;
  for (const auto& each : genesis->members) out.try_emplace(names::member(ledger, each.name), std::string(each.name));
  return out;
}

void call_what_is_known(Session& session, const Digest& ledger) {
  for (const auto& [handle, name] : known_parties(session, ledger)) session.call(handle, name);
  const auto book = Book::read(session);
  if (!book) return;
  for (const auto& each : book->things) {
    if (!each.label.empty()) session.call(each.id, each.label);
  }
}

}  // namespace mikusari::cli
