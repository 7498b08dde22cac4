// SPDX-License-Identifier: Apache-2.0
#include "cli/voice.hpp"

#include "cose/key.hpp"
#include "encoding/text.hpp"
#include "statement/ledger.hpp"

namespace mikusari::cli {
namespace {

constexpr std::size_t submission_overhead = 2048;
constexpr std::size_t body_overhead = 32;
constexpr std::string_view cbor_type = "application/cbor";

Result<std::uint64_t> noted(Session& session, const std::string& path) {
  if (!session.files().exists(path)) return 0;
  TRY(const auto bytes, read_file(session, path));
  const auto value = text::from_decimal(as_text(bytes));
  if (!value)
    return std::unexpected(
        Error(Code::corrupt, "is not a counter: remove it, the ledger knows the last one").with_context(path));
  return *value;
}

// Whom a key speaks for, as the home remembers it.
Result<Subject> remembered_subject(Session& session, const Digest& ledger, const Digest& kid) {
  TRY(const auto book, Book::read(session));
  if (const auto* own = book.party_of_key(kid)) return subject_of_party(own->handle);
  TRY(const auto member, session.setting("member"));
  if (is_name(member)) return subject_of_party(names::member(ledger, member));
  return fail(Code::invalid, "offline, the home must know whom the key speaks for: give --member NAME");
}

Result<Subject> subject_of(Session& session, Remote& remote, const std::string& reference, const Digest& kid) {
  if (remote.is_offline()) return remembered_subject(session, remote.ledger(), kid);
  const auto record = remote.record<key::Record>(target_of("keys", kid), path::key(kid));
  if (record) return record->subject;
  if (record.error().code() != Code::not_found) return std::unexpected(record.error());
  return std::unexpected(
      Error(Code::not_found,
            "the ledger does not know this key: `mikusari key register`, or have its party opened or admitted")
          .with_context(reference));
}

Result<std::uint64_t> highest_on_ledger(Remote& remote, const Digest& kid) {
  TRY(const auto answer, remote.state(target_of("replay", kid), path::replay(kid)));
  if (!answer->present()) return 0;
  TRY(const auto replay, cbor::decode<ReplayRecord>(*answer->state.value));
  return replay.highest;
}

}  // namespace

Result<Voice> Voice::open(Session& session) {
  if (session.arguments().has("--offline") && !session.arguments().has("--out"))
    return fail(Code::invalid, "--offline needs --out FILE: what is signed must go somewhere");
  TRY(const std::string reference, session.setting("key"));
  if (reference.empty())
    return fail(Code::invalid, "who signs? give --key NAME (`mikusari key list` shows what there is)");
  TRY(auto signer, open_key(session, reference));
  TRY(auto remote, Remote::open(session));
  Voice out(session, std::move(remote), std::move(signer));
  out.kid_ = cose::thumbprint(out.signer_->public_key());
  TRY(out.subject_, subject_of(session, out.remote_, reference, out.kid_));
  call_what_is_known(session, out.ledger());
  return out;
}

Result<Handle> Voice::party() const {
  if (subject_.type == SubjectType::party) return subject_.id;
  return fail(Code::forbidden, "a party says this, and the signing key speaks for a part or device");
}

Result<std::uint64_t> Voice::next_n() {
  const std::string folder = session_->home_file("counters");
  TRY(session_->files().make_directory(folder));
  const auto lock = session_->files().lock(folder);
  if (!lock) return std::unexpected(lock.error().with_context("another mikusari is using this home; run this again"));
  const std::string path = platform::join(folder, platform::to_hex(kid_));
  TRY(std::uint64_t highest, noted(*session_, path));
  if (!remote_.is_offline()) {
    TRY(const auto on_ledger, highest_on_ledger(remote_, kid_));
    highest = std::max(highest, on_ledger);
  }
  TRY(write_file(*session_, path, as_bytes(std::to_string(highest + 1))));
  return highest + 1;
}

Result<platform::Buffer> Voice::submission(const statement::Kind& kind, std::span<const platform::Buffer> bodies,
                                           std::uint64_t n) {
  statement::Payload payload;
  payload.ledger = ledger();
  payload.kind = kind.number;
  payload.n = n;
  std::vector<statement::SaltedBody> salted;
  std::size_t size = submission_overhead;
  for (const auto& body : bodies) {
    salted.push_back({platform::random<16>(session_->machine().random), body, {}});
    size += body.size() + body_overhead;
  }
  char issuer[80];
  TRY(const auto issued_by, statement::issuer_of(subject_, issuer));
  platform::Buffer out(size);
  TRY(const auto bytes, statement::sign_statement(*signer_, issued_by, kind.name, payload, salted, {}, out));
  out.resize(bytes.size());
  for (const auto& approver : session_->arguments().list("--approve-with")) {
    TRY(out, approved(*session_, out, approver));
  }
  if (out.size() > limits::submission_bytes_max)
    return fail(Code::exhausted, "the statement is over 1 MiB: say fewer things at a time");
  return out;
}

Result<void> Voice::say(const statement::Kind& kind, std::span<const platform::Buffer> bodies, std::uint64_t n) {
  TRY(const auto bytes, submission(kind, bodies, n));
  const std::string out = session_->arguments().text("--out");
  if (!out.empty()) {
    TRY(const auto parsed, statement::parse(bytes));
    TRY(write_file(*session_, out, bytes));
    session_->text_member("identity", platform::to_hex(parsed.identity));
    session_->text_member("file", out);
    session_->line(std::string(session_->in("signed, not sent: ", "署名のみ（未送信）: ")) + out);
    return {};
  }
  TRY(const auto sent, send(*session_, remote_, bytes));
  return report(*session_, sent->fate, meant_by(bytes));
}

Result<platform::Buffer> approved(Session& session, ByteView submission, const std::string& key) {
  TRY(const auto parsed, statement::parse(submission));
  const auto* kind = statement::find_kind(parsed.statement.payload.kind);
  if (kind == nullptr) return fail(Code::newer, "this kind of statement is not known here");
  const auto role = statement::role_of(kind->signers);
  if (!role) return fail(Code::invalid, "this kind of statement takes no approvals");
  TRY(const auto signer, open_key(session, key));
  TRY(const auto approval, statement::approve(*signer, parsed.identity, *role));
  platform::Buffer out(submission.size() + submission_overhead);
  TRY(const auto bytes, statement::add_approval(parsed, approval, out));
  out.resize(bytes.size());
  return out;
}

Result<std::unique_ptr<Settled>> send(Session& session, Remote& remote, ByteView submission) {
  TRY(const auto response, remote.post("/v1/statements", cbor_type, platform::copy(submission), cbor_type));
  if (response.status == 202) return fail(Code::unavailable, "taken, and not yet published: ask again");
  return settle(session, remote, submission, response.body.view());
}

std::vector<Option> saying(std::vector<Option> own) {
  own.push_back(
      {"--out", Form::text, Need::optional, "sign only: write the submission to this file", "送らずファイルに書く"});
  own.push_back({"--approve-with", Form::list, Need::optional, "a further key that signs: NAME or NAME@FOLDER",
                 "併せて署名する鍵"});
  own.push_back({"--offline", Form::flag, Need::optional, "sign without asking the node, with --out",
                 "ノードに接続せず署名（--out と併用）"});
  return own;
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto to = std::min(text.find(mark, from), text.size());
    if (to > from) out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

}  // namespace mikusari::cli
