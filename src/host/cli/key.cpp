// SPDX-License-Identifier: Apache-2.0
// Family `key`: the home's keys.
#include "statement/key.hpp"

#include "cli/show.hpp"
#include "cli/store.hpp"
#include "cli/voice.hpp"
#include "cose/key.hpp"

namespace mikusari::cli {
namespace {

void show(Session& session, const keys::KeyInfo& info) {
  session.text_member("name", info.name);
  session.text_member("kid", platform::to_hex(info.thumbprint));
  session.text_member("cose_key", platform::to_hex(platform::encode(info.public_key)));
  session.text_member("purpose", cbor::name_of(info.purpose));
  session.text_member("protection", cbor::name_of(info.protection));
  session.line(info.name + " " + platform::to_hex(info.thumbprint) + " " +
               std::string(crypto::name(info.public_key.algorithm())) + " " + std::string(cbor::name_of(info.purpose)) +
               " " + std::string(cbor::name_of(info.protection)));
}

Result<void> create(Session& session) {
  TRY(const auto algorithm, algorithm_named(session.arguments().text("--algorithm")));
  TRY(const auto purpose, word_or(session, "--purpose", keys::Purpose::wallet));
  TRY(const auto store, open_store(session, "", Missing::make));
  TRY(const auto info, store->create(session.arguments().text("NAME"), algorithm, purpose));
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
    out.member("algorithm", crypto::name(info.public_key.algorithm()));
    out.member("purpose", cbor::name_of(info.purpose)).end_object();
    session.line(info.name + " " + platform::to_hex(info.thumbprint) + " " +
                 std::string(crypto::name(info.public_key.algorithm())) + " " +
                 std::string(cbor::name_of(info.purpose)));
  }
  session.member("keys", out.end_array().finish());
  return {};
}

Result<void> export_public(Session& session) {
  TRY(const auto signer, open_key(session, session.arguments().text("NAME")));
  TRY(const std::string out, session.required("--out"));
  session.text_member("kid", platform::to_hex(cose::thumbprint(signer->public_key())));
  TRY(write_file(session, out, platform::encode(signer->public_key())));
  session.text_member("file", out);
  session.line(out);
  return {};
}

}  // namespace

void add_key_commands(Commands& to) {
  const Option name{"NAME", Form::text, Need::required, "name of the key", "鍵の名前"};
  to.push_back({"key create",
                "Make a key in the home",
                "鍵を作る",
                {name,
                 {"--algorithm", Form::text, Need::optional, "ed25519 or es256", "方式"},
                 {"--purpose",
                  Form::text,
                  Need::optional,
                  "what it is for, else wallet",
                  "用途",
                  {"wallet", "authentication", "attestation", "release", "standby", "recovery"}}},
                create});
  to.push_back({"key import",
                "Copy a key from another store into the home",
                "別の保管庫から鍵を写す",
                {name, {"--from", Form::text, Need::required, "folder of the other store", "元のフォルダ"}},
                import_key});
  to.push_back({"key list", "Keys of the home", "鍵の一覧", {}, list});
  to.push_back({"key export",
                "Write a public key (COSE_Key) into a file",
                "公開鍵を書き出す",
                {name, {"--out", Form::text, Need::required, "file", "ファイル"}},
                export_public});
}

}  // namespace mikusari::cli
