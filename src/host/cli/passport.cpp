// SPDX-License-Identifier: Apache-2.0
// Device passports.
#include "cli/show.hpp"
#include "passport_page/passport_page.hpp"
#include "platform/clock.hpp"
#include "statement/device.hpp"
#include "statement/path.hpp"
#include "statement/submission.hpp"

namespace mikusari::cli {
namespace {

void tell(Session& session, const proof::VerifiedPassport& verified, std::size_t bytes) {
  session.text_member("device", platform::to_hex(verified.passport.device));
  session.text_member("verdict", "verified");
  session.number_member("things", verified.things);
  session.number_member("events", verified.events);
  session.number_member("signatures", verified.signatures);
  session.number_member("bytes", bytes);
  session.line(std::string(session.in("passport of device ", "機器履歴証明書（パスポート） ")) +
               platform::to_hex(verified.passport.device));
  session.line(std::string(session.in("verified: ", "検証済み: ")) + std::to_string(verified.things) +
               std::string(session.in(" things, ", " 件の記録、")) + std::to_string(verified.events) +
               std::string(session.in(" events, ", " 件の出来事、")) + std::to_string(verified.signatures) +
               std::string(session.in(" signatures, ", " 件の署名、")) + std::to_string(bytes) +
               std::string(session.in(" bytes", " バイト")));
  show_proof(session, verified.anchor);
}

// From a file, with the policy alone or also with --state.
Result<void> open_file(Session& session, void (*more)(Session&, const proof::VerifiedPassport&)) {
  const std::string path = session.arguments().text("FILE");
  TRY(const auto bytes, read_file(session, path));
  TRY(const auto memory, Memory::open(session, session.arguments().text("--state")));
  platform::Buffer consistency;
  if (session.arguments().has("--consistency")) {
    TRY(consistency, read_file(session, session.arguments().text("--consistency")));
  }
  if (const auto decoded = cbor::decode<proof::Passport>(bytes); !decoded)
    return std::unexpected(
        Error(decoded.error()).with_context(path + " is not a device passport (of `passport get --out`)"));
  const std::int64_t began_ms = session.machine().clock.steady_ms();
  TRY(const auto verified, memory->verifier().passport(bytes, {consistency, {}}));
  session.number_member("took_ms", static_cast<std::uint64_t>(session.machine().clock.steady_ms() - began_ms));
  TRY(memory->save(session));
  tell(session, verified, bytes.size());
  if (more != nullptr) more(session, verified);
  return {};
}

struct Word {
  std::string_view kind, en, ja;
};
constexpr Word words[] = {{"part.register", "a part was born", "部品が誕生"},
                          {"part.scrap", "a part was scrapped", "部品を廃棄"},
                          {"custody.ship", "shipped", "発送"},
                          {"custody.receive", "received", "受領"},
                          {"device.assemble", "assembled", "組立"},
                          {"device.attach", "a part was mounted", "部品を取付"},
                          {"device.detach", "a part was taken out", "部品を取外"},
                          {"device.dispute", "a part was disputed", "部品に異議"},
                          {"device.activate", "activated by its own key", "使用開始"},
                          {"device.retire", "retired", "引退"},
                          {"device.destroy", "destroyed", "破壊"},
                          {"ownership.offer", "offered", "譲渡の申出"},
                          {"ownership.accept", "changed its owner", "所有者が交代"},
                          {"ownership.cancel", "offer taken back", "申出の取消"},
                          {"key.register", "a key was registered", "鍵を登録"},
                          {"key.revoke", "a key was revoked", "鍵を失効"},
                          {"key.rotate", "a key was replaced", "鍵を交代"},
                          {"key.veto", "a key was stopped", "鍵を差止"}};

void timeline(Session& session, const proof::VerifiedPassport& verified) {
  std::vector<ByteView> statements;
  for (const auto each : verified.passport.statements) statements.push_back(each);
  json::Writer rows;
  rows.begin_array();
  for (const auto& event : verified.passport.events) {
    const auto parsed = statement::parse_signed_payload(statements[event.statement]);
    if (!parsed) continue;
    const auto kind = parsed->header.claims.sub;
    std::string text(kind);
    for (const auto& word : words) {
      if (word.kind == kind) text = session.in(word.en, word.ja);
    }
    const auto time = platform::rfc3339(static_cast<std::int64_t>(event.time_ms));
    const bool disputed = event.outcome == statement::Outcome::disputed;
    session.line(time + "  " + text + "  (" + std::string(parsed->header.claims.iss) + ")" +
                 (disputed ? std::string(session.in(" DISPUTED", " 係争")) : ""));
    rows.begin_object().member("time", time).member("kind", kind).member("issuer", parsed->header.claims.iss);
    rows.member("outcome", cbor::name_of(event.outcome)).end_object();
  }
  session.member("timeline", rows.end_array().finish());
  for (const auto& thing : verified.passport.things) {
    if (thing.type != proof::ThingType::device || !thing.item.value) continue;
    if (const auto record = cbor::decode<device::Record>(*thing.item.value))
      session.record("record", json::to_json(*record));
  }
}

// The page is made here, of the proven bytes and of our own policy: the node's page would be its word.
Result<void> write_page(Session& session, Remote& remote, ByteView passport) {
  const std::string html = session.arguments().text("--html");
  if (html.empty()) return {};
  using passport_page::Language;
  const auto language = session.japanese() ? Language::japanese : Language::english;
  TRY(const auto page, passport_page::html_page(passport, remote.policy(), language));
  TRY(write_file(session, html, as_bytes(std::string_view(page))));
  session.text_member("html", html);
  session.line(html);
  return {};
}

// Instead of a passport came the proof that there is no such device.
Result<void> tell_absence(Session& session, Remote& remote, const Id& id, Remote::Proven proven) {
  TRY(const auto answer, remote.opened(std::move(proven), path::device(id)));
  if (answer->present())
    return fail(Code::unauthenticated, "the node denies the passport of a device that the ledger knows");
  show_proof(session, answer->state.anchor);
  session.member("present", "false");
  return std::unexpected(
      Error(Code::not_found, "proven absent from the ledger").with_context("devices/" + platform::to_hex(id)));
}

Result<void> get(Session& session) {
  TRY(const auto id, session.id("DEVICE"));
  TRY(const std::string out, session.required("--out"));
  TRY(auto remote, Remote::open(session));
  TRY(auto proven, remote.owed(target_of("devices", id) + "/passport", "application/cbor"));
  if (proven.absence) return tell_absence(session, remote, id, std::move(proven));
  const auto verified = remote.verifier().passport(proven.bytes, proven.terms());
  if (!verified) return std::unexpected(refused_answer(verified.error()));
  if (verified->passport.device != id)
    return fail(Code::unauthenticated, "the node answered with another device's passport");
  TRY(remote.save());
  TRY(write_file(session, out, proven.bytes));
  session.text_member("file", out);
  tell(session, *verified, proven.bytes.size());
  return write_page(session, remote, proven.bytes);
}

Result<void> verify_file(Session& session) { return open_file(session, nullptr); }
Result<void> show_file(Session& session) { return open_file(session, timeline); }

}  // namespace

void add_passport_commands(Commands& to) {
  const std::vector<Option> file = {
      {"FILE", Form::text, Need::required, "a passport", "パスポートのファイル"},
      {"--state", Form::text, Need::optional, "what was seen last; moved on when it holds", "前回の状態"},
      {"--consistency", Form::text, Need::optional, "proof that the log continues the one seen last", "継続の証明"}};
  to.push_back({"passport get",
                "Fetch and verify a device's passport",
                "パスポートを取得し検証",
                {{"DEVICE", Form::text, Need::required, "id of the device", "機器のid"},
                 {"--out", Form::text, Need::required, "file", "ファイル"},
                 {"--html", Form::text, Need::optional, "the page that verifies itself, too", "自己検証ページも保存"}},
                get});
  to.push_back({"passport verify", "Verify a passport offline", "オフラインで検証", file, verify_file});
  to.push_back(
      {"passport show", "A device's life, event by event, verified offline", "機器の履歴を表示", file, show_file});
}

}  // namespace mikusari::cli
