// SPDX-License-Identifier: Apache-2.0
// The daemon: init and run.
#include <filesystem>
#include <ostream>

#include "cli/moment.hpp"
#include "cli/saying.hpp"
#include "net/tls.hpp"
#include "node/init.hpp"
#include "node/ledger_clock.hpp"
#include "node/run.hpp"
#include "platform/clock.hpp"

namespace mikusari::cli {
namespace {

std::string folder_of(const Session& session) {
  return session.arguments().has("FOLDER") ? session.arguments().text("FOLDER") : ".";
}

Result<void> read_founders(Session& session, node::InitOptions& out) {
  for (const auto& text : session.arguments().list("--founder")) {
    TRY(out.members.emplace_back(), node::parse_founding_member(session.files(), text));
  }
  if (!session.arguments().has("--nonce")) return {};
  TRY(out.nonce, session.digest("--nonce"));
  return {};
}

Result<void> read_recovery(Session& session, node::InitOptions& out) {
  for (const auto& path : session.arguments().list("--recovery-key")) {
    TRY(const auto bytes, read_file(session, path));
    TRY(out.recovery_keys.emplace_back(), cbor::decode<crypto::PublicKey>(bytes));
  }
  TRY(out.recovery_threshold, session.arguments().number("--recovery-threshold", out.recovery_keys.size()));
  return {};
}

Result<void> read_parameters(Session& session, node::InitOptions& out) {
  const auto& arguments = session.arguments();
  if (arguments.has("--parameters")) {
    const std::string path = arguments.text("--parameters");
    TRY(const auto bytes, read_file(session, path));
    TRY(out.parameters, node::parse_parameters(as_text(bytes), path));
  }
  if (arguments.has("--veto")) {
    TRY(out.parameters.veto_ms, span_ms(arguments.text("--veto")));
  }
  return {};
}

Result<void> read_settings(Session& session, node::Config& out) {
  const auto& arguments = session.arguments();
  TRY(out.port, arguments.number("--port", out.port));
  if (arguments.has("--address")) out.address = arguments.text("--address");
  if (arguments.has("--operations")) out.operations_listen = arguments.text("--operations");
  if (arguments.has("--name")) out.signer_name = arguments.text("--name");
  if (arguments.has("--open")) out.reading_all = "anyone";
  if (arguments.has("--passphrase-file")) {
    std::error_code failed;
    out.unlock = "passphrase_file";
    out.unlock_from = std::filesystem::absolute(arguments.text("--passphrase-file"), failed).string();
  }
  return {};
}

Result<node::InitOptions> options_of(Session& session) {
  node::InitOptions out;
  out.directory = folder_of(session);
  out.host_names = session.arguments().list("--host");
  TRY(read_founders(session, out));
  TRY(read_recovery(session, out));
  TRY(read_parameters(session, out));
  TRY(read_settings(session, out.config));
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

// The settings of the node in the folder. `not_found`, saying what makes one, when there is none.
Result<std::string> settings_of(Session& session) {
  const std::string config = platform::join(folder_of(session), "node.toml");
  TRY(const auto entry, session.files().entry(config));
  if (entry != platform::Entry::absent) return config;
  return std::unexpected(
      Error(Code::not_found, "there is no node here: `mikusari node init FOLDER --founder NAME` makes one")
          .with_context(config));
}

Result<void> confirm_clock(Session& session) {
  TRY(const auto path, settings_of(session));
  TRY(const auto config, node::read_config(session.files(), path));
  const auto now_ms = session.machine().clock.now_ms();
  TRY(node::confirm_clock(session.files(), config.clock_confirmation_path(), now_ms));
  session.text_member("time", platform::rfc3339(now_ms));
  session.line(std::string(session.in("the clock is right, says the operator: ", "時計は正しい（運用者の確認）: ")) +
               platform::rfc3339(now_ms));
  return {};
}

// A founding member's own keys, each with its proof over the nonce that the genesis will have.
Result<void> founder_keys(Session& session) {
  const std::string name = session.arguments().text("NAME");
  TRY(const std::string out, session.required("--out"));
  TRY(const auto nonce, session.digest("--nonce"));
  std::vector<MemberKey> keys;
  for (const auto& reference : session.arguments().list("--with-key")) {
    TRY(const auto held, open_held(session, reference));
    TRY(const auto level, level_option(session, held.info));
    TRY(const auto activation, activation_option(session));
    TRY(keys.emplace_back(), node::founding_key(*held.signer, nonce, name, purpose_of(held.info), level, activation));
  }
  TRY(write_file(session, out, node::founding_keys_file(keys)));
  session.text_member("file", out);
  session.line(out);
  return {};
}

Result<void> run(Session& session) {
  TRY(const auto config, settings_of(session));
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
  const Option nonce{"--nonce", Form::text, Need::optional,
                     "64 hexadecimal digits that the founders have agreed on, else random", "創設者が合意した乱数"};
  to.push_back(
      {"node init",
       "Found a ledger and make its node",
       "台帳を創設しノードを作る",
       {folder,
        {"--founder", Form::list, Need::required,
         "NAME[:ROLE+ROLE[:WEIGHT[/K][:FILE]]], a founding member; FILE of `node founder-keys`", "創設参加組織"},
        nonce,
        {"--port", Form::text, Need::optional, "to listen on; 0: any free one", "ポート"},
        {"--address", Form::text, Need::optional, "to listen on, else 127.0.0.1", "アドレス"},
        {"--operations", Form::text, Need::optional,
         "address:port for metrics and health, else 127.0.0.1:8441; '': none", "監視用アドレス"},
        {"--host", Form::list, Need::optional, "names for the certificate", "証明書の名前"},
        {"--name", Form::text, Need::optional, "of the checkpoint signer", "署名者名"},
        {"--open", Form::flag, Need::optional, "everybody reads everything: for demonstrations", "だれでも読める"},
        {"--parameters", Form::text, Need::optional, "file of the ledger's parameters (TOML)",
         "台帳のパラメータのファイル"},
        {"--veto", Form::text, Need::optional, "time to veto a new key, else 7d", "差し止め期間"},
        {"--recovery-key", Form::list, Need::optional, "file of a public key that is kept offline", "復旧用の公開鍵"},
        {"--recovery-threshold", Form::text, Need::optional, "how many of them, else all", "復旧に要る数"}},
       init,
       {"--operations"}});
  to.push_back({"node founder-keys", "A founding member's own keys, in a file for who founds the ledger",
                "創設参加組織の鍵をファイルに書く",
                together({{{"NAME", Form::text, Need::required, "of the member", "参加組織名"},
                           {"--nonce", Form::text, Need::required, "as the genesis will have it", "合意した乱数"},
                           {"--with-key", Form::list, Need::required, "NAME or NAME@FOLDER", "参加組織の鍵"}},
                          level_options(),
                          {{"--out", Form::text, Need::required, "file", "ファイル"}}}),
                founder_keys});
  to.push_back({"node run", "Run the node until SIGTERM", "ノードを動かす（SIGTERMで停止）", {folder}, run});
  to.push_back({"node confirm-clock",
                "Say that the machine's clock is right, after it has jumped",
                "時計が正しいことを確認する",
                {folder},
                confirm_clock});
}

}  // namespace mikusari::cli
