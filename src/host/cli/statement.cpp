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
  if (!out) return fail(Code::newer, "this kind of statement is not known here");
  return *std::move(out);
}

// Of a body whose text is withheld, its leaf.
Result<std::string> body_json(std::uint16_t kind, const statement::SaltedBody& body) {
  if (!body.withheld) return body_json(kind, body.body);
  json::Writer out;
  out.begin_object().member("withheld", *body.withheld).end_object();
  return out.finish();
}

// A file that holds a submission. `invalid`, naming the file and what is wanted, for another one.
Result<platform::Buffer> read_submission(Session& session, const std::string& path) {
  TRY(auto bytes, read_file(session, path));
  const auto parsed = statement::parse(bytes);
  if (parsed) return bytes;
  return std::unexpected(Error(parsed.error()).with_context(path + " is not a signed statement (of --out)"));
}

Result<void> show(Session& session) {
  TRY(const auto bytes, read_submission(session, session.arguments().text("FILE")));
  TRY(const auto parsed, statement::parse(bytes));
  call_what_is_known(session, parsed.statement.payload.ledger);
  const auto& header = parsed.statement.header;
  session.text_member("identity", platform::to_hex(parsed.identity));
  session.text_member("kind", header.claims.sub);
  session.text_member("issuer", header.claims.iss);
  session.text_member("kid", platform::to_hex(header.kid));
  session.line(std::string(header.claims.sub) + " " + std::string(session.in("by ", "発行者 ")) +
               session.with_names(header.claims.iss));
  session.number_member("withheld", parsed.withheld);
  session.line("identity " + platform::to_hex(parsed.identity));
  session.record("payload", json::to_json(parsed.statement.payload));
  std::string bodies = "[", approvals = "[";
  for (const auto& body : parsed.bodies) {
    TRY(const auto text, body_json(parsed.statement.payload.kind, body));
    bodies += (bodies.size() > 1 ? "," : "") + text;
    session.line("  " + (body.withheld ? std::string(session.in("text withheld ", "本文は非開示 ")) : "") +
                 session.with_names(text));
  }
  for (const auto& approval : parsed.approvals) {
    approvals += (approvals.size() > 1 ? "," : "") + json_text(platform::to_hex(approval.kid));
    session.line(std::string(session.in("approved by ", "承認: ")) + platform::to_hex(approval.kid) + " (" +
                 std::string(cbor::name_of(approval.role)) + ")");
  }
  session.member("bodies", bodies + "]");
  session.member("approvals", approvals + "]");
  return {};
}

Result<void> approve(Session& session) {
  const std::string path = session.arguments().text("FILE");
  TRY(const auto bytes, read_submission(session, path));
  TRY(const std::string key, session.setting("key"));
  if (key.empty()) return fail(Code::invalid, "who approves? give --key NAME");
  const auto signed_bytes = approved(session, bytes, key);
  if (!signed_bytes && signed_bytes.error().code() == Code::conflict) {
    session.text_member("file", path);
    session.member("there_already", "true");
    session.line(std::string(session.in("this key's approval is there already: ", "この鍵は既に承認しています: ")) +
                 path);
    return {};
  }
  if (!signed_bytes) return std::unexpected(signed_bytes.error());
  session.member("there_already", "false");
  const std::string out = session.arguments().has("--out") ? session.arguments().text("--out") : path;
  TRY(write_file(session, out, *signed_bytes));
  session.text_member("file", out);
  session.line(std::string(session.in("approved: ", "承認しました: ")) + out);
  return {};
}

Result<void> submit(Session& session) {
  TRY(const auto bytes, read_submission(session, session.arguments().text("FILE")));
  TRY(auto remote, Remote::open(session));
  TRY(const auto sent, send(session, remote, bytes));
  return report(session, sent->fate, meant_by(bytes));
}

// An identity, or a file whose identity it is; then the file's bytes, too.
struct Asked {
  Digest identity;
  platform::Buffer submission;
};
Result<Asked> asked_for(Session& session) {
  const std::string text = session.arguments().text("IDENTITY");
  if (const auto digest = platform::bytes_from_hex<32>(text)) return Asked{*digest, {}};
  Asked out;
  TRY(out.submission, read_submission(session, text));
  TRY(const auto parsed, statement::parse(out.submission));
  out.identity = parsed.identity;
  return out;
}

// From the node, and the one that was asked for.
Result<platform::Buffer> fetch_submission(Remote& remote, const Digest& identity) {
  TRY(const auto response, remote.get(target_of("statements", identity) + "/submission", "application/cbor"));
  const auto parsed = statement::parse(response.body.view());
  if (!parsed || parsed->identity != identity)
    return fail(Code::unauthenticated, "the node answered with another statement than the one that was asked for");
  return platform::copy(response.body.view());
}

Result<void> show_fate(Session& session) {
  TRY(auto asked, asked_for(session));
  TRY(auto remote, Remote::open(session));
  TRY(const auto response, remote.get(target_of("statements", asked.identity), "application/cbor"));
  if (response.status == 202) return fail(Code::unavailable, "taken, and not yet published: ask again");
  if (asked.submission.empty()) {
    TRY(asked.submission, fetch_submission(remote, asked.identity));
  }
  TRY(const auto settled, settle(session, remote, asked.submission, response.body.view()));
  return report(session, settled->fate, meant_by(asked.submission));
}

Result<void> get_receipt(Session& session) {
  TRY(const auto asked, asked_for(session));
  TRY(const auto index, session.arguments().number("--index", 0));
  TRY(const std::string out, session.required("--out"));
  TRY(auto remote, Remote::open(session));
  TRY(const auto proven, receipt_of(remote, asked.identity, index));
  TRY(write_file(session, out, proven->bytes));
  session.text_member("file", out);
  session.number_member("height", proven->verified.height);
  session.number_member("bytes", proven->bytes.size());
  session.line(std::string(session.in("receipt, proven at block ", "受理証明（レシート）、証明済み: ブロック ")) +
               std::to_string(proven->verified.height) + ": " + out);
  return {};
}

Result<void> get_submission(Session& session) {
  TRY(const auto asked, asked_for(session));
  TRY(const std::string out, session.required("--out"));
  TRY(auto remote, Remote::open(session));
  TRY(const auto bytes, fetch_submission(remote, asked.identity));
  TRY(write_file(session, out, bytes));
  session.text_member("file", out);
  session.line(out);
  return {};
}

}  // namespace

void add_statement_commands(Commands& to) {
  const Option file{"FILE", Form::text, Need::required, "a submission", "署名付き申告（ステートメント）のファイル"};
  const Option identity{"IDENTITY", Form::text, Need::required, "identity, or file of the submission",
                        "識別子またはファイル"};
  to.push_back(
      {"statement show", "What a signed statement says", "署名付き申告（ステートメント）の内容", {file}, show});
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
                "署名付き申告（ステートメント）を取得",
                {identity, {"--out", Form::text, Need::required, "file", "ファイル"}},
                get_submission});
}

}  // namespace mikusari::cli
