// SPDX-License-Identifier: Apache-2.0
#include "cli/saying.hpp"

#include "cli/moment.hpp"
#include "cose/key.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {

Result<Digest> kid_named(Session& session, const std::string& text) {
  if (const auto kid = platform::bytes_from_hex<32>(text)) return *kid;
  TRY(const auto signer, open_key(session, text));
  return cose::thumbprint(signer->public_key());
}

Result<Digest> kid_among(Session& session, std::span<const key::Entry> entries, const std::string& text) {
  constexpr std::size_t digits_least = 4;
  std::optional<Digest> found;
  for (const auto& entry : entries) {
    if (text.size() < digits_least || !platform::to_hex(entry.key).starts_with(text)) continue;
    if (found) return std::unexpected(Error(Code::conflict, "these digits begin several keys").with_context(text));
    found = entry.key;
  }
  return found ? Result<Digest>(*found) : kid_named(session, text);
}

Result<crypto::Signature> possession(crypto::Signer& holder, const statement::Possession& what) {
  std::byte buffer[statement::small_message_bytes_max];
  TRY(const auto message, statement::possession_bytes(holder.public_key(), what, buffer));
  return holder.sign(message);
}

key::Level level_of(const keys::KeyInfo& info) {
  switch (info.protection) {
    case keys::Protection::process: return key::Level::process;
    case keys::Protection::hardware: return key::Level::hardware;
    case keys::Protection::file_permissions:
    case keys::Protection::encrypted_file: break;
  }
  return key::Level::file;
}

key::Purpose purpose_of(const keys::KeyInfo& info) {
  switch (info.purpose) {
    case keys::Purpose::authentication: return key::Purpose::authentication;
    case keys::Purpose::identity: return key::Purpose::identity;
    case keys::Purpose::attestation: return key::Purpose::attestation;
    case keys::Purpose::release: return key::Purpose::release;
    case keys::Purpose::standby: return key::Purpose::standby;
    case keys::Purpose::recovery: return key::Purpose::recovery;
    case keys::Purpose::wallet:
    case keys::Purpose::checkpoint:
    case keys::Purpose::authority: break;
  }
  return key::Purpose::wallet;
}

Result<key::Level> level_option(const Session& session, const keys::KeyInfo& info) {
  return word_or(session, "--level", level_of(info));
}
Result<key::Activation> activation_option(const Session& session) {
  return word_or(session, "--activation", key::Activation::nothing);
}

std::vector<Option> level_options() {
  return {{"--level",
           Form::text,
           Need::optional,
           "where the private key is, else what the store knows",
           "秘密鍵の保護レベル",
           {"file", "process", "guest", "hardware"}},
          {"--activation",
           Form::text,
           Need::optional,
           "what its holder shows before it signs, else nothing",
           "鍵の使用許可",
           {"nothing", "pin", "biometric"}}};
}

Result<std::uint64_t> on_of(Session& session, Remote& remote, thing::Type type, const Id& id) {
  if (session.arguments().has("--on")) return session.arguments().number("--on", 0);
  TRY(const auto now, thing_now(remote, type, id));
  return now.record.title;
}

Option on_option() {
  return {"--on", Form::text, Need::optional, "title counter that you have seen, else the present one",
          "確認した所有権カウンタ"};
}

Result<std::vector<Digest>> keep_of(Session& session, const thing::Record& record) {
  std::vector<key::Entry> entries;
  for (const auto entry : record.keys) entries.push_back(entry);
  std::vector<Digest> out;
  for (const auto& text : session.arguments().list("--keep")) {
    if (text == "all") {
      for (const auto& entry : entries) out.push_back(entry.key);
      continue;
    }
    TRY(out.emplace_back(), kid_among(session, entries, text));
  }
  if (out.size() > limits::keys_of_thing_max)
    return fail(Code::exhausted, "a thing has at most 8 keys: name fewer with --keep");
  return out;
}

Option keep_option() {
  return {"--keep", Form::list, Need::optional, "a key that goes on: thumbprint, its first digits, name, or all",
          "引き続き使う鍵（all ですべて）"};
}

namespace {

Result<Id> place_said(Voice& voice, const std::string& name) {
  Session& session = voice.session();
  TRY(const auto book, Book::read(session));
  const auto handle = voice.party();
  if (!handle || book.party(*handle) == nullptr) return place_named(session, voice.ledger(), name);
  return place_under(session, voice.ledger(), *handle, name);
}

}  // namespace

Result<std::optional<thing::At>> at_of(Voice& voice) {
  const auto& arguments = voice.session().arguments();
  if (!arguments.has("--place")) {
    if (arguments.has("--tool")) return fail(Code::invalid, "--tool stands with --place");
    return std::nullopt;
  }
  thing::At out;
  TRY(out.place, place_said(voice, arguments.text("--place")));
  if (arguments.has("--tool")) {
    TRY(out.tool, place_said(voice, arguments.text("--tool")));
  }
  return out;
}

std::vector<Option> at_options() {
  return {{"--place", Form::text, Need::optional, "premises where it is done, by a name of one's own", "事業所・工程"},
          {"--tool", Form::text, Need::optional, "and the tool", "工具・装置"}};
}

Result<Digest> digest_of(Session& session, const std::string& text) {
  if (const auto digest = platform::bytes_from_hex<32>(text)) return *digest;
  TRY(const auto bytes, read_file(session, text));
  return crypto::sha256(bytes);
}

Result<std::optional<Digest>> digest_option(Session& session, const std::string& option) {
  if (!session.arguments().has(option)) return std::nullopt;
  TRY(const auto digest, digest_of(session, session.arguments().text(option)));
  return digest;
}

Result<std::optional<std::uint64_t>> until_option(const Session& session) {
  if (!session.arguments().has("--until")) return std::nullopt;
  TRY(const auto until, moment_ms(session.arguments().text("--until")));
  return until;
}

std::vector<Option> together(std::initializer_list<std::vector<Option>> lists) {
  std::vector<Option> out;
  for (const auto& each : lists) out.insert(out.end(), each.begin(), each.end());
  return out;
}

}  // namespace mikusari::cli
