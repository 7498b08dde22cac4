// SPDX-License-Identifier: Apache-2.0
// The daemon: init and run.
#include <filesystem>
#include <ostream>

#include "cli/session.hpp"
#include "net/tls.hpp"
#include "node/init.hpp"
#include "node/run.hpp"

namespace mikusari::cli {
namespace {

std::string folder_of(const Session& session) {
  return session.arguments().has("FOLDER") ? session.arguments().text("FOLDER") : ".";
}

Result<node::InitOptions> options_of(Session& session) {
  const auto& arguments = session.arguments();
  node::InitOptions out;
  out.directory = folder_of(session);
  for (const auto& text : arguments.list("--founder")) {
    TRY(out.members.emplace_back(), node::parse_founding_member(session.files(), text));
  }
  out.host_names = arguments.list("--host");
  TRY(out.rotation_veto_ms, arguments.number("--veto-ms", out.rotation_veto_ms));
  TRY(out.config.port, arguments.number("--port", out.config.port));
  if (arguments.has("--address")) out.config.address = arguments.text("--address");
  if (arguments.has("--name")) out.config.signer_name = arguments.text("--name");
  for (const auto& path : arguments.list("--recovery-key")) {
    TRY(const auto bytes, read_file(session, path));
    TRY(out.recovery_keys.emplace_back(), cbor::decode<crypto::PublicKey>(bytes));
  }
  TRY(out.recovery_threshold, arguments.number("--recovery-threshold", out.recovery_keys.size()));
  if (arguments.has("--passphrase-file")) {
    std::error_code failed;
    out.config.unlock = "passphrase_file";
    out.config.unlock_from = std::filesystem::absolute(arguments.text("--passphrase-file"), failed).string();
  }
  return out;
}

Result<void> init(Session& session) {
  TRY(const auto options, options_of(session));
  Machine& machine = session.machine();
  TRY(const auto done, node::init({machine.files, machine.random, machine.clock}, options));
  session.text_member("ledger", platform::to_hex(done.ledger));
  session.text_member("config", done.config_path);
  session.text_member("policy", done.policy_path);
  session.text_member("wallet", done.wallet_directory);
  session.text_member("fingerprint", net::fingerprint_text(done.certificate_fingerprint));
  json::Writer keys;
  keys.begin_array();
  for (const auto& key : done.wallet_keys)
    keys.begin_object().member("name", key.name).member("kid", key.thumbprint).end_object();
  session.member("keys", keys.end_array().finish());
  session.line(std::string(session.in("ledger ", "台帳 ")) + platform::to_hex(done.ledger));
  session.line(std::string(session.in("certificate ", "証明書 ")) +
               net::fingerprint_text(done.certificate_fingerprint));
  session.line(std::string(session.in("trust policy for clients: ", "配布する信頼ポリシー: ")) + done.policy_path);
  if (!done.wallet_directory.empty()) {
    session.line(std::string(session.in("members' keys: ", "参加組織の鍵: ")) + done.wallet_directory +
                 std::string(session.in(" (take them into a home with `mikusari key import NAME --from FOLDER`)",
                                        "（`mikusari key import NAME --from FOLDER` で取り込み）")));
  }
  session.line(std::string(session.in("start it with: mikusari node run ", "起動: mikusari node run ")) +
               options.directory);
  return {};
}

Result<void> run(Session& session) {
  const std::string config = platform::join(folder_of(session), "node.toml");
  TRY(const auto entry, session.files().entry(config));
  if (entry == platform::Entry::absent) {
    return std::unexpected(
        Error(Code::not_found, "there is no node here: `mikusari node init FOLDER --founder NAME` makes one")
            .with_context(config));
  }
  return node::run(config, [&](const node::Node& node) {
    const std::string fingerprint = node.fingerprint() ? net::fingerprint_text(*node.fingerprint()) : "";
    if (session.json()) {
      session.out() << "{\"command\":\"node run\",\"url\":" << json_text(node.url())
                    << ",\"fingerprint\":" << json_text(fingerprint)
                    << ",\"ledger\":" << json_text(platform::to_hex(node.ledger())) << "}" << std::endl;
    } else {
      session.out() << session.in("serving ", "稼働中 ") << node.url() << " " << fingerprint << std::endl;
    }
  });
}

}  // namespace

void add_node_commands(Commands& to) {
  const Option folder{"FOLDER", Form::text, Need::optional, "of the node, else the current one", "ノードのフォルダ"};
  to.push_back(
      {"node init",
       "Found a ledger and make its node",
       "台帳を創設しノードを作る",
       {folder,
        {"--founder", Form::list, Need::required, "NAME[:ROLE+ROLE[:WEIGHT[:KEYFILE]]], a founding member",
         "創設参加組織"},
        {"--port", Form::text, Need::optional, "to listen on; 0: any free one", "ポート"},
        {"--address", Form::text, Need::optional, "to listen on, else 127.0.0.1", "アドレス"},
        {"--host", Form::list, Need::optional, "names for the certificate", "証明書の名前"},
        {"--name", Form::text, Need::optional, "of the checkpoint signer", "署名者名"},
        {"--veto-ms", Form::text, Need::optional, "time to veto a key's rotation, in milliseconds", "差し止め期間"},
        {"--recovery-key", Form::list, Need::optional, "file of a COSE_Key that is kept offline", "復旧用の公開鍵"},
        {"--recovery-threshold", Form::text, Need::optional, "how many of them, else all", "復旧に要る数"}},
       init});
  to.push_back({"node run", "Run the node until SIGTERM", "ノードを動かす（SIGTERMで停止）", {folder}, run});
}

}  // namespace mikusari::cli
