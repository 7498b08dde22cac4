// SPDX-License-Identifier: Apache-2.0
// contact: who others are, by names of one's own, so that nobody types a handle.
#include "cli/card.hpp"
#include "cli/voice.hpp"

namespace mikusari::cli {
namespace {

// A card, a handle, or what this home calls the party already.
Result<Contact> contact_of(Session& session, const Digest& ledger, const std::string& text) {
  if (!platform::bytes_from_hex<32>(text) && session.files().exists(text)) {
    TRY(const auto read, read_card(session, ledger, text));
    if (!read->card.party)
      return std::unexpected(Error(Code::invalid, "is the card of a thing: `thing name`").with_context(text));
    return Contact{*read->card.party, read->card.kid};
  }
  TRY(const auto handle, party_named(session, ledger, text));
  return Contact{handle, {}};
}

Result<void> add(Session& session) {
  const std::string name = session.arguments().text("NAME");
  TRY(check_label(name));
  TRY(const auto memory, Memory::open(session, ""));
  TRY(const auto contact, contact_of(session, memory->ledger(), session.arguments().text("PARTY")));
  TRY(Book::update(session, [&](Book& book) -> Result<void> {
    const auto known = book.contacts.find(name);
    if (known != book.contacts.end() && known->second.handle != contact.handle)
      return std::unexpected(
          Error(Code::conflict, "is another party already: `contact remove` it first").with_context(name));
    if (const auto* own = book.party(name); own != nullptr && own->handle != contact.handle)
      return std::unexpected(Error(Code::conflict, "is the label of a party of this home").with_context(name));
    book.contacts[name] = contact;
    return {};
  }));
  session.text_member("name", name);
  session.text_member("handle", platform::to_hex(contact.handle));
  session.line(name + " " + platform::to_hex(contact.handle));
  return {};
}

Result<void> list(Session& session) {
  TRY(const auto book, Book::read(session));
  json::Writer rows;
  rows.begin_array();
  for (const auto& [name, contact] : book.contacts) {
    rows.begin_object().member("name", name).member("handle", contact.handle).end_object();
    session.line(name + " " + platform::to_hex(contact.handle));
  }
  session.member("contacts", rows.end_array().finish());
  return {};
}

Result<void> remove(Session& session) {
  const std::string name = session.arguments().text("NAME");
  return Book::update(session, [&](Book& book) -> Result<void> {
    if (book.contacts.erase(name) == 1) return {};
    return std::unexpected(Error(Code::not_found, "is no contact of this home").with_context(name));
  });
}

// Of a contact, or of the party that --key speaks for: then with that key, by which a registrar signs openings.
Result<void> card(Session& session) {
  const std::string name = session.arguments().text("NAME");
  Card out;
  if (name.empty()) {
    TRY(const auto voice, Voice::open(session));
    TRY(out.party, voice.party());
    out.ledger = voice.ledger();
    out.kid = voice.kid();
  } else {
    TRY(const auto memory, Memory::open(session, ""));
    TRY(const auto contact, contact_of(session, memory->ledger(), name));
    out.ledger = memory->ledger();
    out.name = name;
    out.party = contact.handle;
    out.kid = contact.kid;
  }
  session.text_member("handle", platform::to_hex(*out.party));
  return write_card(session, out);
}

}  // namespace

void add_contact_commands(Commands& to) {
  const Option name{"NAME", Form::text, Need::required, "what this home calls the party", "この控えでの呼び名"};
  to.push_back({"contact add",
                "Call a party by a name, from its card",
                "当事者に呼び名を付ける",
                {name, {"PARTY", Form::text, Need::required, "file of its card, or its handle", "カードのファイル"}},
                add});
  to.push_back({"contact list", "The parties that have names here", "呼び名の一覧", {}, list});
  to.push_back({"contact remove", "Forget a name", "呼び名を消す", {name}, remove});
  to.push_back(
      {"contact card",
       "Write a card, for others to call the party by a name",
       "カードを書き出す",
       {{"NAME", Form::text, Need::optional, "a contact or party; else whom --key speaks for", "呼び名"},
        {"--out", Form::text, Need::required, "file", "ファイル"},
        {"--offline", Form::flag, Need::optional, "do not ask the node whom --key speaks for", "ノードに尋ねない"}},
       card});
}

}  // namespace mikusari::cli
