// SPDX-License-Identifier: Apache-2.0
#include "cli/birth.hpp"

#include "cli/hmac.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

struct Place {
  std::string target;
  Digest key;
};
Place place_of(const Birth& birth) {
  switch (birth.what) {
    case What::part: return {target_of("parts", birth.id), path::part(birth.id)};
    case What::device: return {target_of("devices", birth.id), path::device(birth.id)};
    case What::model: return {target_of("models", birth.id), path::model(birth.id)};
    case What::proposal: return {target_of("proposals", birth.id), path::proposal(birth.id)};
    case What::place: break;
  }
  ASSERT(false && "places are not born");
  return {};
}

// What is not there concerns nobody: a node that answers those concerned only tells neither, and the birth will show.
Result<bool> is_present(Voice& voice, const Birth& birth) {
  const auto place = place_of(birth);
  auto answer = voice.remote().state(place.target, place.key);
  if (!answer && answer.error().code() == Code::forbidden) return false;
  TRY(const auto proven, std::move(answer));
  return proven->present();
}

Result<void> remember(Session& session, const Birth& birth) {
  return Book::update(session, [&](Book& book) { return book.remember(OwnThing{birth.label, birth.what, birth.id}); });
}

}  // namespace

names::Nonce birth_nonce(const Bytes<32>& secret, const Digest& ledger, std::string_view kind, std::string_view label) {
  const std::byte between[1] = {};
  return hmac_sha256(secret, {as_bytes("mikusari/nonce/1"), ledger, as_bytes(kind), between, as_bytes(label)});
}

Bytes<16> blinding_salt(const Bytes<32>& secret, const Digest& ledger, const Id& thing) {
  return Bytes<16>::copy(hmac_sha256(secret, {as_bytes("mikusari/salt/1"), ledger, thing}).view().first(16));
}

Result<std::optional<Digest>> commitment_option(Voice& voice, const Id& thing) {
  Session& session = voice.session();
  if (!session.arguments().has("--commitment")) return std::nullopt;
  const std::string text = session.arguments().text("--commitment");
  if (const auto digest = platform::bytes_from_hex<32>(text)) return *digest;
  TRY(const auto secret, home_secret(session));
  TRY(const auto content, read_file(session, text));
  const Digest salt = hmac_sha256(secret, {as_bytes("mikusari/private-salt/1"), voice.ledger(), thing});
  session.text_member("commitment_salt", platform::to_hex(salt));
  session.line(std::string(session.in("salt of the commitment: ", "コミットメントのソルト: ")) +
               platform::to_hex(salt));
  return crypto::sha256({as_bytes("mikusari/private/1"), salt, content});
}

Result<Bytes<32>> home_secret(Session& session) {
  TRY(const auto book, Book::read(session));
  if (book.secret != Bytes<32>{}) return book.secret;
  Bytes<32> made;
  TRY(Book::update(session, [&](Book& each) -> Result<void> {
    made = each.secret;
    return {};
  }));
  return made;
}

Result<Birth> birth_of(Voice& voice, What what, const statement::Kind& kind, const std::string& label) {
  Session& session = voice.session();
  TRY(const auto party, voice.party());
  Birth out{what, label, platform::random<32>(session.machine().random), {}};
  if (!label.empty()) {
    TRY(check_label(label));
    TRY(const auto secret, home_secret(session));
    out.nonce = birth_nonce(secret, voice.ledger(), kind.name, label);
  }
  out.id = names::id(party, out.nonce);
  TRY(const auto book, Book::read(session));
  const auto* known = book.thing(label);
  if (known == nullptr || known->id == out.id) return out;
  return std::unexpected(
      Error(Code::conflict, "another thing of this home has this label: choose another one").with_context(label));
}

void tell_birth(Session& session, const Birth& birth, const std::string& member) {
  session.text_member(member, platform::to_hex(birth.id));
  session.text_member("label", birth.label);
  session.line(std::string(cbor::name_of(birth.what)) + " " + (birth.label.empty() ? "" : birth.label + " ") +
               platform::to_hex(birth.id));
}

Result<bool> is_there_already(Voice& voice, const Birth& birth) {
  if (birth.label.empty() || voice.remote().is_offline()) return false;
  Session& session = voice.session();
  TRY(const bool present, is_present(voice, birth));
  if (!present) return false;
  session.member("there_already", "true");
  session.line(std::string(session.in("it is there already", "既に登録されています")));
  TRY(remember(session, birth));
  return true;
}

Result<void> born(Voice& voice, const Birth& birth, Result<void> said) {
  Session& session = voice.session();
  if (said) {
    TRY(remember(session, birth));
    return said;
  }
  // The first of two may be on its way, or its answer was lost.
  const auto present = is_present(voice, birth);
  if (!present || !*present) return said;
  TRY(remember(session, birth));
  if (session.refusal() != cbor::name_of(statement::Refusal::already_registered)) return said;
  session.set_refusal("");
  session.member("there_already", "true");
  session.line(std::string(session.in("it is there already", "既に登録されています")));
  return {};
}

}  // namespace mikusari::cli
