// SPDX-License-Identifier: Apache-2.0
// Family `member`.
#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "cose/key.hpp"
#include "crypto/hash.hpp"
#include "statement/ledger.hpp"

namespace mikusari::cli {
namespace {

// What an organisation sends to who admits it: its key's consent to speak for it, given to that registrar.
struct Request {
  Digest ledger, registrar;
  std::string_view name;
  Roles roles;
  crypto::PublicKey key;
  crypto::Signature possession;
  static constexpr auto fields = std::tuple{cbor::Field{1, "ledger", &Request::ledger},
                                            cbor::Field{2, "registrar", &Request::registrar, "kid of who will admit"},
                                            cbor::Field{3, "name", &Request::name},
                                            cbor::Field{4, "roles", &Request::roles},
                                            cbor::Field{5, "key", &Request::key},
                                            cbor::Field{6, "possession", &Request::possession}};
};

Result<void> request(Session& session) {
  const std::string name = session.arguments().text("--name");
  if (!is_name(name)) return fail(Code::invalid, "--name is 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  std::vector<Role> roles;
  for (const auto& each : split(session.arguments().text("--roles"), ',')) {
    TRY(roles.emplace_back(), word<Role>("--roles", each));
  }
  TRY(const auto registrar, session.id("--registrar"));
  TRY(const auto memory, Memory::open(session, ""));
  TRY(const std::string reference, session.setting("key"));
  if (reference.empty())
    return fail(Code::invalid, "which key shall speak for the member? `mikusari key create NAME`, then --key NAME");
  TRY(const auto signer, open_key(session, reference));
  Request out{memory->ledger(), registrar, name, {std::span<const Role>(roles)}, signer->public_key(), {}};
  TRY(out.possession,
      possession(*signer, out.ledger, registrar, {SubjectType::member, as_bytes(std::string_view(name))}));
  TRY(const std::string file, session.required("--out"));
  TRY(write_file(session, file, platform::encode(out)));
  session.text_member("file", file);
  session.text_member("kid", platform::to_hex(cose::thumbprint(out.key)));
  session.line(std::string(session.in("give this to who admits you: ", "承認者に渡してください: ")) + file);
  return {};
}

Result<member::Admit> admission(const Voice& voice, ByteView file, std::uint64_t weight) {
  TRY(const auto request, cbor::decode<Request>(file));
  if (request.ledger != voice.ledger()) return fail(Code::forbidden, "the request is for another ledger");
  if (request.registrar != voice.kid())
    return fail(Code::conflict,
                "the request names another key as registrar: it must be made for the one that signs here");
  return member::Admit{request.name, request.roles, weight, request.key, request.possession};
}

Result<void> admit(Session& session) {
  TRY(const auto weight, session.arguments().number("--weight", 0));
  TRY(auto voice, Voice::open(session));
  std::vector<platform::Buffer> files, bodies;
  for (const auto& path : session.arguments().list("FILE")) {
    TRY(files.emplace_back(), read_file(session, path));
    auto body = admission(voice, files.back(), weight);
    if (!body) return std::unexpected(std::move(body).error().with_context(path));
    bodies.push_back(platform::encode(*body));
  }
  TRY(const auto n, voice.next_n());
  return voice.say(member::Admit::kind, bodies, n);
}

Result<void> set_state(Session& session) {
  const std::string name = session.arguments().text("NAME");
  TRY(const auto state, word<member::State>("STATE", session.arguments().text("STATE")));
  TRY(auto voice, Voice::open(session));
  return voice.say(member::SetState{name, state});
}

Result<void> show_member(Session& session) {
  const std::string name = session.arguments().text("NAME");
  if (!is_name(name)) return fail(Code::invalid, "this cannot be a member's name");
  return show_record<member::Record>(session, "/v1/members/" + name, path::member(name));
}

// The founders: members of the genesis, each with its present record.
Result<void> list(Session& session) {
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get("/v1/genesis", "application/cbor"));
  if (crypto::sha256(response.body.view()) != remote.ledger())
    return fail(Code::unauthenticated, "the node's genesis is of another ledger");
  TRY(const auto genesis, cbor::decode<Genesis>(response.body.view()));
  std::vector<std::string> names;
  for (const auto& each : genesis.members) names.emplace_back(each.name);
  for (const auto& each : session.arguments().list("NAME")) names.push_back(each);
  json::Writer out;
  out.begin_array();
  for (const auto& name : names) {
    TRY(const auto record, remote.record<member::Record>("/v1/members/" + name, path::member(name)));
    json::write(out, record);
    std::string roles;
    for (const auto role : record.roles) roles += " " + std::string(cbor::name_of(role));
    session.line(name + " " + std::string(cbor::name_of(record.state)) + " " + std::to_string(record.weight) + roles);
  }
  session.member("members", out.end_array().finish());
  return {};
}

}  // namespace

void add_member_commands(Commands& to) {
  const Option name{"NAME", Form::text, Need::required, "name of the member", "参加組織名"};
  to.push_back({"member request",
                "Ask to be admitted: write a file for who admits",
                "加盟申請をファイルに書く",
                {{"--name", Form::text, Need::required, "lower-case letters, digits, dots and dashes", "名前"},
                 {"--roles", Form::text, Need::required, "maker,fleet_operator,repairer,laboratory,witness", "役割"},
                 {"--registrar", Form::text, Need::required, "kid of the key that will admit", "承認者の鍵の指紋"},
                 {"--out", Form::text, Need::required, "file", "ファイル"}},
                request});
  to.push_back({"member admit", "Admit members from their requests", "参加組織を加える",
                saying({{"FILE", Form::list, Need::required, "requests", "申請ファイル"},
                        {"--weight", Form::text, Need::optional, "voting power, else 0: it has no vote", "票の重み"}}),
                admit});
  to.push_back({"member set-state", "Suspend a member, or let it act again", "参加組織の停止・再開",
                saying({name, {"STATE", Form::text, Need::required, "active or suspended", "active または suspended"}}),
                set_state});
  to.push_back({"member show", "A member's record, proven", "参加組織の記録", {name, out_option()}, show_member});
  to.push_back({"member list",
                "The founding members and those named, proven",
                "創設参加組織と指定した参加組織の一覧",
                {{"NAME", Form::list, Need::optional, "further members", "追加の参加組織名"}},
                list});
}

}  // namespace mikusari::cli
