// SPDX-License-Identifier: Apache-2.0
// Family `key`.
#include "statement/key.hpp"

#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "cose/key.hpp"

namespace mikusari::cli {
namespace {

void show(Session& session, const keys::KeyInfo& info) {
  session.text_member("name", info.name);
  session.text_member("kid", platform::to_hex(info.thumbprint));
  session.text_member("cose_key", platform::to_hex(platform::encode(info.public_key)));
  session.text_member("protection", cbor::name_of(info.protection));
  session.line(info.name + " " + platform::to_hex(info.thumbprint) + " " +
               std::string(crypto::name(info.public_key.algorithm())) + " " +
               std::string(cbor::name_of(info.protection)));
}

Result<void> create(Session& session) {
  TRY(const auto algorithm, algorithm_named(session.arguments().text("--algorithm")));
  TRY(const auto store, open_store(session, "", Missing::make));
  TRY(const auto info, store->create(session.arguments().text("NAME"), algorithm, keys::Purpose::wallet));
  show(session, info);
  if (info.protection == keys::Protection::file_permissions) {
    session.line(std::string(session.in("protected by file permissions alone; --passphrase-file encrypts a new store",
                                        "ファイルの権限だけで守られています。--passphrase-file で暗号化できます")));
  }
  return {};
}

Result<void> import_key(Session& session) {
  const std::string name = session.arguments().text("NAME");
  TRY(const auto from, open_store(session, session.arguments().text("--from"), Missing::refuse));
  TRY(const auto secret, from->export_private(name));
  TRY(const auto infos, from->list());
  TRY(const auto store, open_store(session, "", Missing::make));
  for (const auto& info : infos) {
    if (info.name != name) continue;
    TRY(const auto made, store->import_private(name, info.public_key.algorithm(), info.purpose, secret));
    show(session, made);
  }
  return {};
}

Result<void> list(Session& session) {
  TRY(const auto store, open_store(session, "", Missing::refuse));
  TRY(const auto infos, store->list());
  json::Writer out;
  out.begin_array();
  for (const auto& info : infos) {
    out.begin_object().member("name", info.name).member("kid", info.thumbprint);
    out.member("algorithm", crypto::name(info.public_key.algorithm())).end_object();
    session.line(info.name + " " + platform::to_hex(info.thumbprint) + " " +
                 std::string(crypto::name(info.public_key.algorithm())));
  }
  session.member("keys", out.end_array().finish());
  return {};
}

Result<void> export_public(Session& session) {
  TRY(const auto signer, open_key(session, session.arguments().text("NAME")));
  const auto encoded = platform::encode(signer->public_key());
  TRY(const std::string out, session.required("--out"));
  TRY(write_file(session, out, encoded));
  session.text_member("file", out);
  session.text_member("kid", platform::to_hex(cose::thumbprint(signer->public_key())));
  session.line(out);
  return {};
}

// "device:HEX", "part:HEX", "member:NAME"; the signer's own when empty.
struct Named {
  SubjectType type;
  platform::Buffer id;
};
Result<Named> subject_named(const std::string& text, const Subject& own) {
  if (text.empty()) return Named{own.type, platform::copy(own.id)};
  const auto colon = text.find(':');
  if (colon == std::string::npos) return fail(Code::invalid, "--for is device:ID, part:ID or member:NAME");
  TRY(const auto type, word<SubjectType>("--for", text.substr(0, colon)));
  if (type == SubjectType::member)
    return Named{type, platform::copy(as_bytes(std::string_view(text).substr(colon + 1)))};
  TRY(const auto id, platform::bytes_from_hex<32>(text.substr(colon + 1)));
  return Named{type, platform::copy(id)};
}

Result<void> register_key(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto holder, open_key(session, session.arguments().text("NEWKEY")));
  TRY(const auto named, subject_named(session.arguments().text("--for"), voice.subject()));
  key::Register body;
  body.key = holder->public_key();
  body.purpose = key::Purpose::wallet;
  if (session.arguments().has("--purpose")) {
    TRY(body.purpose, word<key::Purpose>("--purpose", session.arguments().text("--purpose")));
  }
  body.subject = {named.type, named.id};
  TRY(body.possession, possession(*holder, voice.ledger(), voice.kid(), body.subject));
  session.text_member("kid", platform::to_hex(cose::thumbprint(body.key)));
  session.line(platform::to_hex(cose::thumbprint(body.key)));
  return voice.say(body);
}

Result<void> rotate(Session& session) {
  TRY(auto voice, Voice::open(session));
  TRY(const auto holder, open_key(session, session.arguments().text("NEWKEY")));
  key::Rotate body;
  body.key = holder->public_key();
  TRY(body.possession, possession(*holder, voice.ledger(), voice.kid(), voice.subject()));
  session.text_member("kid", platform::to_hex(cose::thumbprint(body.key)));
  return voice.say(body);
}

Result<void> veto(Session& session) {
  TRY(const auto kid, session.id("KID"));
  TRY(auto voice, Voice::open(session));
  return voice.say(key::Veto{kid});
}

Result<void> revoke(Session& session) {
  TRY(const auto kid, session.id("KID"));
  key::Reason reason = key::Reason::unspecified;
  if (session.arguments().has("--reason")) {
    TRY(reason, word<key::Reason>("--reason", session.arguments().text("--reason")));
  }
  TRY(auto voice, Voice::open(session));
  return voice.say(key::Revoke{kid, reason});
}

Result<void> show_key(Session& session) {
  TRY(const auto kid, session.id("KID"));
  return show_record<key::Record>(session, target_of("keys", kid), path::key(kid));
}

}  // namespace

void add_key_commands(Commands& to) {
  const Option newkey{"NEWKEY", Form::text, Need::required, "the new key: NAME or NAME@FOLDER", "新しい鍵"};
  const Option kid{"KID", Form::text, Need::required, "thumbprint of the key", "鍵の指紋"};
  to.push_back({"key create",
                "Make a wallet key in the home",
                "鍵を作る",
                {{"NAME", Form::text, Need::required, "name of the key", "鍵の名前"},
                 {"--algorithm", Form::text, Need::optional, "ed25519 or es256", "方式"}},
                create});
  to.push_back({"key import",
                "Copy a key from another store into the home",
                "別の保管庫から鍵を写す",
                {{"NAME", Form::text, Need::required, "name of the key", "鍵の名前"},
                 {"--from", Form::text, Need::required, "folder of the other store", "元のフォルダ"}},
                import_key});
  to.push_back({"key list", "Keys of the home", "鍵の一覧", {}, list});
  to.push_back({"key show", "A key's record, proven", "鍵の記録", {kid, out_option()}, show_key});
  to.push_back({"key export",
                "Write a public key (COSE_Key) into a file",
                "公開鍵を書き出す",
                {{"NAME", Form::text, Need::required, "name of the key", "鍵の名前"},
                 {"--out", Form::text, Need::required, "file", "ファイル"}},
                export_public});
  to.push_back(
      {"key register", "Register a key for oneself, a part or a device", "鍵を登録する",
       saying({newkey,
               {"--for", Form::text, Need::optional, "device:ID or part:ID; else the signer's own subject", "誰の鍵か"},
               {"--purpose", Form::text, Need::optional, "wallet, authentication, identity or attestation", "用途"}}),
       register_key});
  to.push_back({"key rotate", "Let a successor take over when the veto time has passed", "鍵を交代する",
                saying({newkey}), rotate});
  to.push_back({"key veto", "Stop a successor before it speaks", "交代を差し止める", saying({kid}), veto});
  to.push_back({"key revoke", "Revoke a key, at once and for ever", "鍵を失効させる",
                saying({kid,
                        {"--reason", Form::text, Need::optional,
                         "unspecified, compromised, superseded, end_of_life or vetoed", "理由"}}),
                revoke});
}

}  // namespace mikusari::cli
