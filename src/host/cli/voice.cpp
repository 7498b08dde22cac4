// SPDX-License-Identifier: Apache-2.0
#include "cli/voice.hpp"

#include "cose/key.hpp"
#include "encoding/text.hpp"

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

}  // namespace

Result<Voice> Voice::open(Session& session) {
  TRY(const std::string reference, session.setting("key"));
  if (reference.empty())
    return fail(Code::invalid, "who signs? give --key NAME (`mikusari key list` shows what there is)");
  TRY(auto signer, open_key(session, reference));
  TRY(auto remote, Remote::open(session));
  Voice out(session, std::move(remote), std::move(signer));
  out.kid_ = cose::thumbprint(out.signer_->public_key());
  auto record = out.remote_.record<key::Record>(target_of("keys", out.kid_), path::key(out.kid_));
  if (!record) {
    if (record.error().code() != Code::not_found) return std::unexpected(std::move(record).error());
    return std::unexpected(
        Error(Code::not_found,
              "the ledger does not know this key: `mikusari key register`, or have the member admitted")
            .with_context(reference));
  }
  out.subject_type_ = record->subject.type;
  out.subject_id_ = platform::copy(record->subject.id);
  return out;
}

Result<std::uint64_t> Voice::next_n() {
  const std::string folder = session_->home_file("counters");
  TRY(session_->files().make_directory(folder));
  const auto lock = session_->files().lock(folder);
  if (!lock) return std::unexpected(lock.error().with_context("another mikusari is using this home; run this again"));
  const std::string path = platform::join(folder, platform::to_hex(kid_));
  TRY(std::uint64_t highest, noted(*session_, path));
  TRY(const auto answer, remote_.state(target_of("keys", kid_) + "/replay", path::replay(kid_)));
  if (answer->present()) {
    TRY(const auto replay, cbor::decode<ReplayRecord>(*answer->state.value));
    highest = std::max(highest, replay.highest);
  }
  TRY(write_file(*session_, path, as_bytes(std::to_string(highest + 1))));
  return highest + 1;
}

Result<platform::Buffer> Voice::submission(const statement::Kind& kind, std::span<const platform::Buffer> bodies,
                                           std::uint64_t n, std::optional<std::uint64_t> on) {
  statement::Payload payload;
  payload.ledger = ledger();
  payload.kind = kind.number;
  payload.n = n;
  payload.on = on;
  std::vector<statement::SaltedBody> salted;
  std::size_t size = submission_overhead;
  for (const auto& body : bodies) {
    salted.push_back({platform::random<16>(session_->machine().random), body});
    size += body.size() + body_overhead;
  }
  char issuer[80];
  TRY(const auto issued_by, statement::issuer_of(subject(), issuer));
  platform::Buffer out(size);
  TRY(const auto bytes, statement::sign_statement(*signer_, issued_by, kind.name, payload, salted, {}, out));
  out.resize(bytes.size());
  for (const auto& approver : session_->arguments().list("--approve-with")) {
    TRY(out, approved(*session_, out, approver));
  }
  return out;
}

Result<void> Voice::say(const statement::Kind& kind, std::span<const platform::Buffer> bodies, std::uint64_t n,
                        std::optional<std::uint64_t> on) {
  TRY(const auto bytes, submission(kind, bodies, n, on));
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
  return report(*session_, sent->fate);
}

statement::ApprovalRole role_of(const statement::Kind& kind) {
  if (kind.signers == statement::Signers::release_keys) return statement::ApprovalRole::release;
  if (kind.signers == statement::Signers::witnesses) return statement::ApprovalRole::witness;
  return statement::ApprovalRole::member;
}

Result<platform::Buffer> approved(Session& session, ByteView submission, const std::string& key) {
  TRY(const auto parsed, statement::parse(submission));
  const auto* kind = statement::find_kind(parsed.statement.payload.kind);
  if (kind == nullptr) return fail(Code::invalid, "this kind of statement is not known here");
  if (kind->signers == statement::Signers::one) return fail(Code::invalid, "this kind of statement takes no approvals");
  TRY(const auto signer, open_key(session, key));
  TRY(const auto approval, statement::approve(*signer, parsed.identity, role_of(*kind)));
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

Result<void> report(Session& session, const Fate& fate) {
  constexpr std::size_t shown_max = 10;
  std::uint64_t committed = 0, disputed = 0, refused = 0;
  std::optional<Error> first;
  json::Writer refusals;
  refusals.begin_array();
  for (const auto& body : fate.bodies) {
    if (body.standing == Standing::committed) {
      ++committed;
      disputed += body.outcome == statement::Outcome::disputed ? 1 : 0;
      continue;
    }
    const std::string sentence(session.japanese() ? body.message_ja.value_or("") : body.message.value_or(""));
    if (++refused <= shown_max) session.line(std::to_string(body.index) + ": " + sentence);
    json::write(refusals, body);
    const auto& text = statement::text_of(body.refusal.value_or(statement::Refusal::none));
    if (!first) {
      first = Error(text.code, text.name.data()).with_context(sentence);
      session.set_refusal(std::string(text.name));
    }
  }
  session.text_member("identity", platform::to_hex(fate.identity));
  session.number_member("height", fate.height);
  session.number_member("committed", committed);
  session.number_member("disputed", disputed);
  session.number_member("refused", refused);
  session.member("refusals", refusals.end_array().finish());
  session.line(std::string(session.in("statement ", "署名付き申告（ステートメント） ")) +
               platform::to_hex(fate.identity));
  session.line(
      std::string(session.in("block ", "ブロック ")) + std::to_string(fate.height) + ": " + std::to_string(committed) +
      std::string(session.in(" committed, proven", " 件を記録（証明済み）")) +
      (disputed == 0 ? "" : " (" + std::to_string(disputed) + std::string(session.in(" disputed", " 件は係争")) + ")") +
      (refused == 0 ? ""
                    : ", " + std::to_string(refused) +
                          std::string(session.in(" refused, says the node", " 件を拒否（ノードの申告）"))));
  if (first) return std::unexpected(*std::move(first));
  return {};
}

Result<crypto::Signature> possession(crypto::Signer& holder, const Digest& ledger, const Digest& registrar,
                                     const Subject& subject) {
  std::byte buffer[statement::small_message_bytes_max];
  TRY(const auto message, statement::possession_bytes(holder.public_key(), ledger, registrar, subject, buffer));
  return holder.sign(message);
}

std::vector<Option> saying(std::vector<Option> own) {
  own.push_back(
      {"--out", Form::text, Need::optional, "sign only: write the submission to this file", "送らずファイルに書く"});
  own.push_back({"--approve-with", Form::list, Need::optional, "a further key that signs: NAME or NAME@FOLDER",
                 "併せて署名する鍵"});
  return own;
}

Result<device::Record> device_record(Remote& remote, const Id& id) {
  return remote.record<device::Record>(target_of("devices", id), path::device(id));
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
