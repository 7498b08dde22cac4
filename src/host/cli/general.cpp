// SPDX-License-Identifier: Apache-2.0
// connect, completion, man, reference.
#include "cli/parser.hpp"
#include "cli/policy.hpp"
#include "cli/remote.hpp"
#include "cli/store.hpp"
#include "crypto/hash.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"
#include "proof/policy.hpp"

namespace mikusari::cli {
namespace {

Result<platform::Buffer> fetch(Session& session, net::Client& client, const std::string& target) {
  auto call = net::Call::get(target);
  call.headers.add("Accept", "application/cbor");
  TRY(const auto response, client.request(call));
  if (response.status != 200) return std::unexpected(error_of(session, response));
  return platform::copy(response.body.view());
}

// The genesis is the ledger's; the policy is the one that was given, or that it founds, or the node's word.
Result<void> check_policy(ByteView genesis_bytes, ByteView policy_bytes) {
  TRY(const auto genesis, cbor::decode<Genesis>(genesis_bytes));
  TRY(check(genesis));
  TRY(const auto policy, proof::parse_policy(policy_bytes));
  if (crypto::sha256(genesis_bytes) != policy.ledger) {
    return fail(Code::unauthenticated, "genesis and policy are of different ledgers: do not trust this node");
  }
  return {};
}

// Whether the ledger may have gone on from the one to the other.
bool is_earlier(ByteView before, ByteView shown) {
  const auto own = proof::parse_policy(before), other = proof::parse_policy(shown);
  return own && other && own->ledger == other->ledger && own->epoch < other->epoch;
}

// Why the home does not take the policy that the node shows.
Error other_policy(ByteView before, ByteView shown) {
  if (is_earlier(before, shown))
    return Error(Code::conflict, "the ledger has gone on to a later policy: `mikusari policy step` follows it");
  return Error(Code::conflict, "this home follows another ledger or policy: use another --home");
}

// Whether a key is there. One of a store that is locked now is taken at its word.
Result<void> check_key(Session& session, const std::string& reference) {
  const auto key = open_key(session, reference);
  if (key || key.error().code() == Code::unauthenticated) return {};
  return std::unexpected(key.error());
}

Result<void> check_form(const std::string& name, const std::string& value) {
  if (name == "member" && !is_name(value)) return fail(Code::invalid, "this cannot be a member's name");
  if (name == "node") TRY(net::Url::parse(value));
  if (name == "pin") TRY(net::parse_fingerprint(value));
  return {};
}

// What is given for a setting is of its form, or empty, which forgets it.
Result<void> check_setting(Session& session, const std::string& name, const std::string& value) {
  if (value.empty()) return {};
  if (name == "key") return check_key(session, value);
  auto checked = check_form(name, value);
  if (checked) return checked;
  return std::unexpected(std::move(checked).error().with_context("--" + name + " " + value));
}

// All of them are right before one is stored.
Result<void> store_settings(Session& session) {
  for (const auto& name : setting_names()) {
    const std::string option = "--" + name;
    if (session.arguments().has(option)) TRY(check_setting(session, name, session.arguments().text(option)));
  }
  for (const auto& name : setting_names()) {
    const std::string option = "--" + name;
    if (session.arguments().has(option)) TRY(session.store_setting(name, session.arguments().text(option)));
  }
  return {};
}

// The policy that the home begins with, and whose word it is: "home", "file" or "node".
struct Trusted {
  platform::Buffer policy;
  std::string_view from;
};

Result<Trusted> policy_to_trust(Session& session, ByteView shown, const std::string& given, const std::string& kept) {
  Trusted out{platform::copy(shown), "node"};
  if (!given.empty()) {
    out.from = "file";
    TRY(out.policy, read_file(session, given));
    if (!equal(out.policy, shown) && !is_earlier(out.policy, shown))
      return std::unexpected(
          Error(Code::conflict, "is not the policy that the node shows: ask who gave you which").with_context(given));
  }
  if (session.files().exists(kept)) {
    TRY(const auto before, read_file(session, kept));
    if (!equal(before, shown)) return std::unexpected(other_policy(before, shown).with_context(kept));
    out = {platform::copy(shown), given.empty() ? "home" : "file"};
  }
  return out;
}

std::string_view words_of(const Session& session, std::string_view from) {
  if (from == "home")
    return session.in("the trust policy is the one that this home follows",
                      "信頼ポリシーはこの控えのものと一致しました");
  if (from == "file")
    return session.in("the trust policy is the one in your file", "信頼ポリシーは指定のファイルと一致しました");
  return session.in("the trust policy was taken on trust from the node; compare it, or give --policy FILE",
                    "信頼ポリシーはノードの言うままに受け取りました。照合するか --policy FILE を指定してください");
}

Result<void> connect_home(Session& session) {
  TRY(auto client, connect(session));
  TRY(const auto genesis, fetch(session, client, "/v1/genesis"));
  TRY(const auto policy, fetch(session, client, "/v1/policy"));
  TRY(check_policy(genesis, policy));
  const std::string given = session.arguments().text("--policy"), kept = session.home_file("policy.cbor");
  const auto trusted = policy_to_trust(session, policy, given, kept);
  if (!trusted) return std::unexpected(trusted.error());
  TRY(store_settings(session));
  TRY(write_file(session, kept, trusted->policy));
  TRY(write_file(session, session.home_file("genesis.cbor"), genesis));
  const Digest ledger = crypto::sha256(genesis);
  session.text_member("ledger", platform::to_hex(ledger));
  session.text_member("home", session.home());
  session.text_member("policy_trust", trusted->from);
  session.line(std::string(session.in("ledger ", "台帳 ")) + platform::to_hex(ledger));
  if (const auto fingerprint = client.server_fingerprint()) {
    session.text_member("fingerprint", net::fingerprint_text(*fingerprint));
    session.line(std::string(session.in("node ", "ノード ")) + client.url().text() + " " +
                 net::fingerprint_text(*fingerprint));
  }
  session.line(std::string(words_of(session, trusted->from)));
  if (!equal(trusted->policy, policy)) return follow_policy(session);
  return {};
}

Result<void> set_defaults(Session& session) {
  TRY(store_settings(session));
  for (const auto& name : setting_names()) {
    TRY(const auto value, session.setting(name));
    session.text_member(name, value);
    session.line(name + " = " + value);
  }
  return {};
}

void print(Session& session, const std::string& text) {
  session.text_member("text", text);
  session.line(text);
}

Result<void> print_completion(Session& session) {
  if (session.arguments().text("SHELL") != "bash") return fail(Code::invalid, "there is a completion for bash only");
  print(session, completion_script());
  return {};
}
Result<void> print_manual(Session& session) {
  print(session, manual_page());
  return {};
}
Result<void> print_reference(Session& session) {
  print(session, reference_page());
  return {};
}

}  // namespace

void add_general_commands(Commands& to) {
  to.push_back({"connect",
                "Remember a node, its certificate and the ledger's trust policy",
                "ノードと信頼ポリシーを覚える",
                {},
                connect_home});
  to.push_back({"settings",
                "Show what the home remembers, and change it with --node, --pin, --key, --member",
                "設定の表示と変更",
                {},
                set_defaults,
                {"--node", "--pin", "--key", "--member"}});
  to.push_back({"completion",
                "Print a shell's completion script",
                "シェル補完を出力",
                {{"SHELL", Form::text, Need::required, "bash", "bash"}},
                print_completion});
  to.push_back({"man", "Print the manual page (groff -man)", "マニュアルを出力", {}, print_manual});
  to.push_back({"reference", "Print every command as Markdown", "全コマンドをMarkdownで出力", {}, print_reference});
}

}  // namespace mikusari::cli
