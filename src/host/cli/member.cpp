// SPDX-License-Identifier: Apache-2.0
// Family `party`: members. They are let in by proposals (proposal.cpp).
#include "cli/request.hpp"
#include "cli/show.hpp"
#include "cose/key.hpp"
#include "crypto/hash.hpp"

namespace mikusari::cli {
namespace {

Result<std::vector<Role>> roles_of(const Session& session) {
  std::vector<Role> out;
  for (const auto& each : split(session.arguments().text("--roles"), ',')) {
    TRY(out.emplace_back(), word<Role>("--roles", each));
  }
  return out;
}

// NAME, NAME@FOLDER, or one of them with =PURPOSE.
Result<MemberKey> member_key(Session& session, const MemberRequest& request, const std::string& text) {
  const auto mark = text.find('=');
  TRY(const auto held, open_held(session, text.substr(0, mark)));
  MemberKey out;
  out.key = held.signer->public_key();
  out.purpose = purpose_of(held.info);
  if (mark != std::string::npos) {
    TRY(out.purpose, word<key::Purpose>(text, text.substr(mark + 1)));
  }
  TRY(out.level, level_option(session, held.info));
  TRY(out.activation, activation_option(session));
  const auto subject = subject_of_party(names::member(request.ledger, request.member.name));
  TRY(out.possession, possession(*held.signer, {request.ledger, request.opener, subject, out.purpose, 0, {}}));
  return out;
}

Result<std::vector<MemberKey>> member_keys(Session& session, const MemberRequest& request) {
  std::vector<std::string> named = session.arguments().list("--with-key");
  if (named.empty()) {
    TRY(const std::string own, session.setting("key"));
    if (own.empty())
      return fail(Code::invalid, "which keys shall speak for the member? `mikusari key create NAME`, then --with-key");
    named.push_back(own);
  }
  std::vector<MemberKey> out;
  for (const auto& text : named) {
    TRY(out.emplace_back(), member_key(session, request, text));
  }
  return out;
}

Result<void> request(Session& session) {
  TRY(const std::string file, session.required("--out"));
  const std::string name = session.arguments().text("--name");
  if (!is_name(name)) return fail(Code::invalid, "--name is 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  TRY(const auto roles, roles_of(session));
  TRY(const auto memory, Memory::open(session, ""));
  MemberRequest out;
  out.ledger = memory->ledger();
  TRY(out.opener, kid_of_other(session, out.ledger, session.arguments().text("--opener")));
  out.member.name = name;
  out.member.roles = std::span<const Role>(roles);
  TRY(out.member.k, session.arguments().number("--k", 1));
  TRY(const auto keys, member_keys(session, out));
  out.member.keys = std::span<const MemberKey>(keys);
  TRY(write_file(session, file, platform::encode(out)));
  session.text_member("file", file);
  session.text_member("kid", platform::to_hex(cose::thumbprint(keys.front().key)));
  session.line(std::string(session.in("give this to who proposes you: ", "提案する参加組織に渡してください: ")) + file);
  return {};
}

Result<void> show_member(Session& session) {
  const std::string name = session.arguments().text("NAME");
  if (!is_name(name)) return fail(Code::invalid, "this cannot be a member's name");
  TRY(auto remote, Remote::open(session));
  const auto handle = names::member(remote.ledger(), name);
  session.text_member("handle", platform::to_hex(handle));
  return show_record<party::Record>(session, remote, target_of("parties", handle), path::party(handle));
}

// The founders: members of the genesis, each with its present record; and those that are named.
Result<void> list(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(auto names, founders(session, remote));
  for (const auto& each : session.arguments().list("NAME")) names.push_back(each);
  json::Writer out;
  out.begin_array();
  for (const auto& name : names) {
    const auto handle = names::member(remote.ledger(), name);
    TRY(const auto record, remote.record<party::Record>(target_of("parties", handle), path::party(handle)));
    json::write(out, record);
    std::string roles;
    for (const auto role : record.roles) roles += " " + std::string(cbor::name_of(role));
    session.line(name + " " + std::string(cbor::name_of(record.state)) + " " + std::to_string(record.weight) + roles);
  }
  session.member("members", out.end_array().finish());
  return {};
}

}  // namespace

Result<std::vector<std::string>> founders(Session& session, Remote& remote) {
  platform::Buffer bytes;
  if (const auto own = read_file(session, session.home_file("genesis.cbor"));
      own && crypto::sha256(*own) == remote.ledger()) {
    bytes = *own;
  } else {
    TRY(const auto response, remote.get("/v1/genesis", "application/cbor"));
    bytes = platform::copy(response.body.view());
  }
  if (crypto::sha256(bytes) != remote.ledger())
    return fail(Code::unauthenticated, "the node's genesis is of another ledger");
  TRY(const auto genesis, cbor::decode<Genesis>(bytes));
  std::vector<std::string> out;
  for (const auto& each : genesis.members) out.emplace_back(each.name);
  return out;
}

void add_member_commands(Commands& to) {
  const Option name{"NAME", Form::text, Need::required, "name of the member", "参加組織名"};
  to.push_back(
      {"member request", "Ask to be admitted, or for a new key when all are lost: write a file for who proposes it",
       "加盟・鍵の復旧の申請をファイルに書く",
       together({{{"--name", Form::text, Need::required, "lower-case letters, digits, dots and dashes", "名前"},
                  {"--roles", Form::text, Need::optional, "maker,registrar,laboratory,witness,certifier", "役割"},
                  {"--opener", Form::text, Need::required,
                   "the key that will open the proposal: contact, file, member or thumbprint", "提案する鍵"},
                  {"--with-key", Form::list, Need::optional,
                   "a key of the member: NAME, NAME@FOLDER, or with =PURPOSE; else --key", "参加組織の鍵"},
                  {"--k", Form::text, Need::optional, "so many of its keys sign what touches its power, else 1",
                   "必要な鍵の数"}},
                 level_options(),
                 {{"--out", Form::text, Need::required, "file", "ファイル"}}}),
       request});
  to.push_back({"member show", "A member's record, proven", "参加組織の記録", {name, out_option()}, show_member});
  to.push_back({"member list",
                "The founding members and those named, proven",
                "創設参加組織と指定した参加組織の一覧",
                {{"NAME", Form::list, Need::optional, "further members", "追加の参加組織名"}},
                list});
}

}  // namespace mikusari::cli
