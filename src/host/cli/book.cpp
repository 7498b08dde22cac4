// SPDX-License-Identifier: Apache-2.0
#include "cli/book.hpp"

#include <algorithm>

#include "cli/store.hpp"
#include "crypto/hash.hpp"
#include "encoding/utf8.hpp"
#include "platform/encode.hpp"

namespace mikusari::cli {
namespace {

constexpr std::string_view note_name = "book";
constexpr std::size_t rows_max = 1'000'000;
constexpr std::size_t label_bytes_max = 64;

struct ContactRow {
  std::string_view name;
  Handle handle;
  std::optional<Digest> kid;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "name", &ContactRow::name}, cbor::Field{2, "handle", &ContactRow::handle},
                 cbor::Field{3, "kid", &ContactRow::kid}};
};
struct ThingRow {
  What what{};
  Id id;
  std::optional<std::string_view> label;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "what", &ThingRow::what}, cbor::Field{2, "id", &ThingRow::id},
                 cbor::Field{3, "label", &ThingRow::label}};
};
struct PartyRow {
  std::string_view label;
  Handle handle, registrar;
  Digest key;
  Bytes<32> salt;
  std::optional<std::string_view> who;
  cbor::Sparse<bool> ours;
  static constexpr auto fields = std::tuple{cbor::Field{1, "label", &PartyRow::label},
                                            cbor::Field{2, "handle", &PartyRow::handle},
                                            cbor::Field{3, "registrar", &PartyRow::registrar},
                                            cbor::Field{4, "key", &PartyRow::key},
                                            cbor::Field{5, "salt", &PartyRow::salt},
                                            cbor::Field{6, "who", &PartyRow::who},
                                            cbor::Field{7, "ours", &PartyRow::ours}};
};
struct Pages {
  statement::Form form;
  Bytes<32> secret;
  cbor::List<ContactRow, rows_max> contacts;
  cbor::List<ThingRow, rows_max> things;
  cbor::List<PartyRow, rows_max> parties;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Pages::form}, cbor::Field{2, "secret", &Pages::secret},
                 cbor::Field{3, "contacts", &Pages::contacts}, cbor::Field{4, "things", &Pages::things},
                 cbor::Field{5, "parties", &Pages::parties}};
};

std::string folder_of(const Session& session) { return session.home_file("book"); }
std::string path_of(const Session& session) { return platform::join(folder_of(session), "entries"); }

template <class Rows, class Match>
auto* first_of(Rows& rows, Match match) {
  const auto found = std::ranges::find_if(rows, match);
  return found == rows.end() ? nullptr : &*found;
}

bool looks_like_an_id(std::string_view text) { return text.size() == 64 && platform::from_hex(text).has_value(); }

}  // namespace

Result<void> check_label(std::string_view label) {
  constexpr const char* rule =
      "a name is 1 to 64 bytes without spaces, control characters, '#' and '@', does not begin "
      "with '-' and is no id";
  const bool plain = std::ranges::all_of(label, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && c != '#' && c != '@';
  });
  if (label.empty() || label.size() > label_bytes_max || !plain || label.front() == '-' || looks_like_an_id(label) ||
      !is_utf8(as_bytes(label)) || printable(label) != label)
    return std::unexpected(Error(Code::invalid, rule).with_context(label));
  return {};
}

Digest commitment_to(const Bytes<32>& salt, std::string_view who) {
  return crypto::sha256({as_bytes("mikusari/who/1"), salt, as_bytes(who)});
}

const OwnThing* Book::thing(std::string_view label) const {
  return label.empty() ? nullptr : first_of(things, [&](const OwnThing& each) { return each.label == label; });
}
const OwnThing* Book::thing(const Id& id) const {
  return first_of(things, [&](const OwnThing& each) { return each.id == id; });
}
const OwnParty* Book::party(std::string_view label) const {
  return label.empty() ? nullptr : first_of(parties, [&](const OwnParty& each) { return each.label == label; });
}
const OwnParty* Book::party(const Handle& handle) const {
  return first_of(parties, [&](const OwnParty& each) { return each.handle == handle; });
}
const OwnParty* Book::party_of_key(const Digest& kid) const {
  return first_of(parties, [&](const OwnParty& each) { return each.key == kid; });
}

Result<void> Book::remember(OwnThing own) {
  if (!own.label.empty()) TRY(check_label(own.label));
  const auto* named = thing(own.label);
  if (named != nullptr && named->id != own.id)
    return std::unexpected(Error(Code::conflict, "another thing of this home has this label").with_context(own.label));
  auto* known = first_of(things, [&](const OwnThing& each) { return each.id == own.id; });
  if (known == nullptr) {
    things.push_back(std::move(own));
  } else if (!own.label.empty()) {
    known->label = std::move(own.label);
  }
  return {};
}

Result<void> Book::remember(OwnParty own) {
  TRY(check_label(own.label));
  const auto* named = party(own.label);
  if (named != nullptr && named->handle != own.handle)
    return std::unexpected(Error(Code::conflict, "another party of this home has this label").with_context(own.label));
  auto* known = first_of(parties, [&](const OwnParty& each) { return each.handle == own.handle; });
  if (known == nullptr)
    parties.push_back(std::move(own));
  else
    *known = std::move(own);
  return {};
}

Result<Book> Book::decoded(ByteView bytes) {
  TRY(const auto pages, cbor::decode<Pages>(bytes));
  Book out;
  out.secret = pages.secret;
  for (const auto& row : pages.contacts) out.contacts[std::string(row.name)] = {row.handle, row.kid};
  for (const auto& row : pages.things) out.things.push_back({std::string(row.label.value_or("")), row.what, row.id});
  for (const auto& row : pages.parties) {
    out.parties.push_back({std::string(row.label), row.handle, row.registrar, row.key, row.salt,
                           std::string(row.who.value_or("")), row.ours});
  }
  return out;
}

platform::Buffer Book::encoded() const {
  std::vector<ContactRow> contact_rows;
  std::vector<ThingRow> thing_rows;
  std::vector<PartyRow> party_rows;
  const auto maybe = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  for (const auto& [name, contact] : contacts) contact_rows.push_back({name, contact.handle, contact.kid});
  for (const auto& each : things) thing_rows.push_back({each.what, each.id, maybe(each.label)});
  for (const auto& each : parties)
    party_rows.push_back({each.label, each.handle, each.registrar, each.key, each.salt, maybe(each.who), each.ours});
  Pages pages;
  pages.secret = secret;
  pages.contacts = std::span<const ContactRow>(contact_rows);
  pages.things = std::span<const ThingRow>(thing_rows);
  pages.parties = std::span<const PartyRow>(party_rows);
  return platform::encode(pages);
}

Result<Book> Book::read(Session& session) {
  const std::string path = path_of(session);
  TRY(const auto entry, session.files().entry(path));
  if (entry == platform::Entry::absent) return Book();
  TRY(const auto sealed, read_file(session, path));
  TRY(const auto store, open_store(session, "", Missing::refuse));
  auto opened = store->open_note(note_name, sealed);
  if (!opened) return std::unexpected(std::move(opened).error().with_context(path));
  auto book = decoded(*opened);
  platform::wipe(*opened);
  if (!book) return std::unexpected(std::move(book).error().with_context(path));
  return book;
}

Result<void> Book::update(Session& session, const std::function<Result<void>(Book&)>& change) {
  TRY(const auto store, open_store(session, "", Missing::refuse));
  TRY(session.files().make_directory(folder_of(session)));
  const auto lock = session.files().lock(folder_of(session));
  if (!lock) return std::unexpected(lock.error().with_context("another mikusari is using this home; run this again"));
  TRY(auto book, read(session));
  if (book.secret == Bytes<32>{}) book.secret = platform::random<32>(session.machine().random);
  TRY(change(book));
  auto plain = book.encoded();
  const auto sealed = store->seal_note(note_name, plain);
  platform::wipe(plain);
  if (!sealed) return std::unexpected(sealed.error());
  return write_file(session, path_of(session), *sealed);
}

}  // namespace mikusari::cli
