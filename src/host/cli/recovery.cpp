// SPDX-License-Identifier: Apache-2.0
// recovery: the keys that bring a ledger back whose node is lost, and what they sign. No node is asked.
#include "cli/saying.hpp"
#include "cli/shares.hpp"
#include "cose/key.hpp"
#include "statement/ledger.hpp"

namespace mikusari::cli {
namespace {

void tell_key(Session& session, const keys::KeyInfo& info) {
  session.text_member("name", info.name);
  session.text_member("kid", platform::to_hex(info.thumbprint));
  session.line(info.name + " " + platform::to_hex(info.thumbprint));
}

Result<void> make(Session& session) {
  const std::string name = session.arguments().text("NAME");
  TRY(const std::string out, session.required("--out"));
  TRY(const auto algorithm, algorithm_named(session.arguments().text("--algorithm")));
  TRY(const auto store, open_store(session, "", Missing::make));
  TRY(const auto info, store->create(name, algorithm, keys::Purpose::recovery));
  TRY(write_file(session, out, platform::encode(info.public_key)));
  tell_key(session, info);
  session.text_member("file", out);
  session.line(std::string(session.in("its public key, for the ledger: ", "公開鍵（台帳用）: ")) + out);
  return {};
}

std::string share_file(const std::string& folder, const std::string& name, const Share& share) {
  return platform::join(folder, name + ".share-" + std::to_string(share.x));
}

Result<void> split(Session& session) {
  const std::string name = session.arguments().text("NAME");
  const std::string folder = session.arguments().text("--out");
  TRY(const auto count, session.arguments().number("--shares", 0));
  TRY(const auto needed, session.arguments().number("--threshold", 0));
  TRY(const auto held, open_held(session, name));
  TRY(const auto store, open_store(session, "", Missing::refuse));
  TRY(const auto secret, store->export_private(name));
  TRY(const auto shares,
      split_secret(secret, held.info.public_key.algorithm(), needed, count, session.machine().random));
  json::Writer files;
  files.begin_array();
  for (const auto& share : shares) {
    const std::string path = share_file(folder, name, share);
    const std::string text = share_text(share) + "\n";
    TRY(write_file(session, path, as_bytes(text)));
    files.text(path);
    session.line(path);
  }
  session.member("files", files.end_array().finish());
  tell_key(session, held.info);
  if (session.arguments().has("--remove")) TRY(store->remove(name));
  session.line(std::to_string(needed) + std::string(session.in(" of them give the key back: keep them apart",
                                                               " 個で鍵に戻ります。別々に保管してください")));
  return {};
}

Result<void> join(Session& session) {
  const std::string name = session.arguments().text("--name");
  std::vector<Share> shares;
  for (const auto& path : session.arguments().list("FILE")) {
    TRY(auto text, read_file(session, path));
    auto share = read_share(as_text(text));
    platform::wipe(text);
    if (!share) return std::unexpected(std::move(share).error().with_context(path));
    shares.push_back(*std::move(share));
  }
  const auto secret = join_shares(shares);
  if (!secret) {
    const std::string needed = shares.empty() ? "?" : std::to_string(shares.front().needed);
    return std::unexpected(
        secret.error().with_context(std::to_string(shares.size()) + " given, " + needed + " needed"));
  }
  TRY(const auto store, open_store(session, "", Missing::make));
  TRY(const auto info, store->import_private(name, shares.front().algorithm, keys::Purpose::recovery, *secret));
  tell_key(session, info);
  return {};
}

// The file is what the new node wrote: who shall sign from now on, and which log they continue.
Result<incarnation::Begin> incarnation_in(ByteView bytes, const std::string& path) {
  const auto body = cbor::decode<incarnation::Begin>(bytes);
  if (!body) return std::unexpected(Error(body.error()).with_context(path + " is not the plan of a new incarnation"));
  TRY(check_signers(body->signers, body->threshold));
  return *body;
}

// A recovery key speaks for the ledger as a whole, and says nothing but incarnations: the epoch is its counter.
Result<platform::Buffer> signed_incarnation(Session& session, const Memory& memory, const incarnation::Begin& body) {
  TRY(const std::string reference, session.setting("key"));
  if (reference.empty()) return fail(Code::invalid, "which recovery key signs? give --key NAME");
  TRY(const auto signer, open_key(session, reference));
  const auto encoded = platform::encode(body);
  statement::Payload payload;
  payload.ledger = memory.ledger();
  payload.kind = incarnation::Begin::kind.number;
  payload.n = body.epoch;
  const statement::SaltedBody salted{platform::random<16>(session.machine().random), encoded, {}};
  char issuer[80];
  TRY(const auto issued_by, statement::issuer_of(subject_of_party(memory.ledger()), issuer));
  constexpr std::size_t overhead = 4096;
  platform::Buffer out(encoded.size() + overhead);
  TRY(const auto bytes, statement::sign_statement(*signer, issued_by, incarnation::Begin::kind.name, payload,
                                                  std::span(&salted, 1), {}, out));
  out.resize(bytes.size());
  for (const auto& approver : session.arguments().list("--approve-with")) {
    TRY(out, approved(session, out, approver));
  }
  return out;
}

Result<void> sign(Session& session) {
  const std::string path = session.arguments().text("FILE");
  TRY(const std::string out, session.required("--out"));
  TRY(const auto bytes, read_file(session, path));
  TRY(const auto body, incarnation_in(bytes, path));
  TRY(const auto memory, Memory::open(session, ""));
  TRY(const auto submission, signed_incarnation(session, *memory, body));
  TRY(const auto parsed, statement::parse(submission));
  const auto enough = proof::step(memory->verifier().policy(), parsed);
  TRY(write_file(session, out, submission));
  session.text_member("identity", platform::to_hex(parsed.identity));
  session.text_member("file", out);
  session.number_member("epoch", body.epoch);
  session.member("complete", enough ? "true" : "false");
  session.record("incarnation", json::to_json(body));
  session.line(out);
  if (!enough && enough.error().code() != Code::unauthenticated) return std::unexpected(enough.error());
  session.line(std::string(
      enough ? session.in("signed by as many recovery keys as the policy demands", "必要な数の復旧鍵が署名しました")
             : session.in("others must approve it: `statement approve`",
                          "ほかの復旧鍵の承認が必要です: `statement approve`")));
  return {};
}

}  // namespace

void add_recovery_commands(Commands& to) {
  const Option name{"NAME", Form::text, Need::required, "name of the key in the home", "鍵の名前"};
  to.push_back({"recovery make",
                "Make a recovery key, and write its public key for the ledger",
                "復旧鍵を作る",
                {name,
                 {"--algorithm", Form::text, Need::optional, "ed25519 or es256", "方式"},
                 {"--out", Form::text, Need::required, "file of the public key", "公開鍵のファイル"}},
                make});
  to.push_back({"recovery split",
                "Split a key into shares of which some give it back",
                "鍵を秘密分散する",
                {name,
                 {"--shares", Form::text, Need::required, "how many, at most 16", "個数"},
                 {"--threshold", Form::text, Need::required, "how many give the key back, 2 at least", "必要数"},
                 {"--out", Form::text, Need::required, "folder for the shares", "書き出し先のフォルダ"},
                 {"--remove", Form::flag, Need::optional, "and remove the key from the home", "元の鍵を消す"}},
                split});
  to.push_back({"recovery join",
                "Join shares to the key, in the home",
                "分散した鍵を元に戻す",
                {{"FILE", Form::list, Need::required, "shares", "分散片のファイル"},
                 {"--name", Form::text, Need::required, "name of the key in the home", "鍵の名前"}},
                join});
  to.push_back({"recovery sign",
                "Sign a new incarnation of the ledger's node, from the plan that the node wrote",
                "ノードの新しい世代に署名する",
                {{"FILE", Form::text, Need::required, "the plan", "計画のファイル"},
                 {"--out", Form::text, Need::required, "file for the statement", "書き出し先"},
                 {"--approve-with", Form::list, Need::optional, "a further recovery key: NAME or NAME@FOLDER",
                  "併せて署名する鍵"}},
                sign});
}

}  // namespace mikusari::cli
