// SPDX-License-Identifier: Apache-2.0
// Statements in files: what others sign before they are sent.
#include "cli/show.hpp"
#include "cli/voice.hpp"
#include "encoding/text.hpp"

namespace mikusari::cli {
namespace {

// The body as its declaration reads it.
Result<std::string> body_json(std::uint16_t kind, ByteView body) {
  std::optional<Result<std::string>> out;
  statement::for_each_kind([&]<class Body>() {
    if (Body::kind.number != kind) return;
    const auto decoded = cbor::decode<Body>(body);
    out =
        decoded ? Result<std::string>(json::to_json(*decoded)) : Result<std::string>(std::unexpected(decoded.error()));
  });
  if (!out) return fail(Code::invalid, "this kind of statement is not known here");
  return *std::move(out);
}

Result<void> show(Session& session) {
  TRY(const auto bytes, read_file(session, session.arguments().text("FILE")));
  TRY(const auto parsed, statement::parse(bytes));
  const auto& header = parsed.statement.header;
  session.text_member("identity", platform::to_hex(parsed.identity));
  session.text_member("kind", header.claims.sub);
  session.text_member("issuer", header.claims.iss);
  session.text_member("kid", platform::to_hex(header.kid));
  session.line(std::string(header.claims.sub) + " " + std::string(session.in("by ", "発行者 ")) +
               std::string(header.claims.iss));
  session.line("identity " + platform::to_hex(parsed.identity));
  session.record("payload", json::to_json(parsed.statement.payload));
  std::string bodies = "[", approvals = "[";
  for (const auto& body : parsed.bodies) {
    TRY(const auto text, body_json(parsed.statement.payload.kind, body.body));
    bodies += (bodies.size() > 1 ? "," : "") + text;
    session.line("  " + text);
  }
  for (const auto& approval : parsed.approvals) {
    approvals += (approvals.size() > 1 ? "," : "") + json_text(platform::to_hex(approval.kid));
    session.line(std::string(session.in("approved by ", "承認: ")) + platform::to_hex(approval.kid));
  }
  session.member("bodies", bodies + "]");
  session.member("approvals", approvals + "]");
  return {};
}

Result<void> approve(Session& session) {
  const std::string path = session.arguments().text("FILE");
  TRY(const auto bytes, read_file(session, path));
  TRY(const std::string key, session.setting("key"));
  if (key.empty()) return fail(Code::invalid, "who approves? give --key NAME");
  TRY(const auto signed_bytes, approved(session, bytes, key));
  const std::string out = session.arguments().has("--out") ? session.arguments().text("--out") : path;
  TRY(write_file(session, out, signed_bytes));
  session.text_member("file", out);
  session.line(std::string(session.in("approved: ", "承認しました: ")) + out);
  return {};
}

Result<void> submit(Session& session) {
  TRY(auto bytes, read_file(session, session.arguments().text("FILE")));
  TRY(auto remote, Remote::open(session));
  TRY(const auto sent, send(remote, std::move(bytes)));
  return report(session, sent->fate);
}

// An identity, or a file whose identity it is.
Result<Digest> identity_named(Session& session) {
  const std::string text = session.arguments().text("IDENTITY");
  if (const auto digest = platform::bytes_from_hex<32>(text)) return *digest;
  TRY(const auto bytes, read_file(session, text));
  TRY(const auto parsed, statement::parse(bytes));
  return parsed.identity;
}

Result<void> show_fate(Session& session) {
  TRY(const auto identity, identity_named(session));
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get(target_of("statements", identity), "application/cbor"));
  if (response.status == 202) return fail(Code::unavailable, "taken, and not yet published: ask again");
  TRY(const auto fate, cbor::decode<Fate>(response.body.view()));
  return report(session, fate);
}

Result<void> get_receipt(Session& session) {
  TRY(const auto identity, identity_named(session));
  TRY(const auto index, session.arguments().number("--index", 0));
  TRY(auto remote, Remote::open(session));
  const auto target = target_of("statements", identity) + "/receipts/" + std::to_string(index);
  TRY(const auto proven, remote.proven(target, "application/mikusari-receipt+cbor"));
  TRY(const auto verified, remote.verifier().receipt(proven.bytes, proven.terms()));
  TRY(remote.save());
  TRY(const std::string out, session.required("--out"));
  TRY(write_file(session, out, proven.bytes));
  session.text_member("file", out);
  session.number_member("height", verified.height);
  session.number_member("bytes", proven.bytes.size());
  session.line(std::string(session.in("receipt, proven at block ", "受領証、証明済み: ブロック ")) +
               std::to_string(verified.height) + ": " + out);
  return {};
}

Result<void> get_submission(Session& session) {
  TRY(const auto identity, identity_named(session));
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get(target_of("statements", identity) + "/submission", "application/cbor"));
  TRY(const std::string out, session.required("--out"));
  TRY(write_file(session, out, response.body.view()));
  session.text_member("file", out);
  session.line(out);
  return {};
}

}  // namespace

void add_statement_commands(Commands& to) {
  const Option file{"FILE", Form::text, Need::required, "a submission", "署名文のファイル"};
  const Option identity{"IDENTITY", Form::text, Need::required, "identity, or file of the submission",
                        "識別子またはファイル"};
  to.push_back({"statement show", "What a signed statement says", "署名文の内容", {file}, show});
  to.push_back({"statement approve",
                "Add one's approval",
                "承認の署名を加える",
                {file, {"--out", Form::text, Need::optional, "else the same file", "書き出し先"}},
                approve});
  to.push_back({"statement submit", "Send it to the node", "ノードに提出する", {file}, submit});
  to.push_back({"statement fate", "What became of it", "結果を尋ねる", {identity}, show_fate});
  to.push_back({"statement receipt",
                "Fetch the proof that one body was committed",
                "記録の証明を取得",
                {identity,
                 {"--index", Form::text, Need::optional, "of the body, else 0", "本文の番号"},
                 {"--out", Form::text, Need::required, "file", "ファイル"}},
                get_receipt});
  to.push_back({"statement fetch",
                "Fetch a statement as it was ordered",
                "署名文を取得",
                {identity, {"--out", Form::text, Need::required, "file", "ファイル"}},
                get_submission});
}

}  // namespace mikusari::cli
