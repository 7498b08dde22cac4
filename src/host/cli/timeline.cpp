// SPDX-License-Identifier: Apache-2.0
#include "cli/timeline.hpp"

#include <algorithm>
#include <set>

#include "platform/clock.hpp"
#include "statement/kinds.hpp"

namespace mikusari::cli {
namespace {

using proof::ThingType;

struct Word {
  std::string_view kind, en, ja;
};
constexpr Word words[] = {{"part.register", "a part was born", "部品が誕生"},
                          {"part.inspect", "inspected", "検査"},
                          {"part.scrap", "a part was scrapped", "部品を廃棄"},
                          {"custody.ship", "shipped", "発送"},
                          {"custody.receive", "received", "受領"},
                          {"custody.refuse", "not taken", "受領拒否"},
                          {"custody.recall", "taken back by its owner", "出荷の取り戻し"},
                          {"device.assemble", "assembled", "組立"},
                          {"device.attach", "a part was mounted", "部品を取付"},
                          {"device.detach", "a part was taken out", "部品を取外"},
                          {"device.alarm", "an alarm was recorded", "警報を記録"},
                          {"device.activate", "activated by its own key", "使用開始"},
                          {"device.suspend", "suspended", "一時停止"},
                          {"device.resume", "resumed", "停止解除"},
                          {"device.retire", "retired", "運用終了"},
                          {"device.destroy", "destroyed", "破壊処分"},
                          {"document.record", "a document was recorded", "証拠文書を記録"},
                          {"ownership.offer", "offered", "譲渡の申出"},
                          {"ownership.accept", "changed its owner", "所有者が交代"},
                          {"ownership.cancel", "offer taken back", "申出の取消"},
                          {"ownership.force", "a hand-over was forced", "所有者変更の強制"},
                          {"key.register", "a key was registered", "鍵を登録"},
                          {"key.revoke", "a key was revoked", "鍵を失効"},
                          {"key.rotate", "a key was replaced", "鍵を更新"},
                          {"key.veto", "a key was stopped", "鍵を差止"},
                          {"proposal.vote", "decided by the members", "参加組織が決定"}};

std::string word_for(const Session& session, std::string_view kind) {
  for (const auto& word : words) {
    if (word.kind == kind) return std::string(session.in(word.en, word.ja));
  }
  return std::string(kind);
}

// Where a body says that it was done; none when it does not.
std::optional<thing::At> at_in(std::uint16_t kind, ByteView body) {
  std::optional<thing::At> out;
  statement::for_each_kind([&]<class Body>() {
    if constexpr (requires(Body each) { each.at; }) {
      if (Body::kind.number != kind) return;
      if (const auto decoded = cbor::decode<Body>(body)) out = decoded->at;
    }
  });
  return out;
}

// The signer's certificate for the premises, among the page's things: another party's says nothing of this work.
std::optional<role::Record> certificate_of(const proof::PassportPage& page, const Id& place, std::string_view issuer) {
  for (const auto thing : page.things) {
    if (thing.type != ThingType::role || !thing.item.value) continue;
    const auto record = cbor::decode<role::Record>(*thing.item.value);
    if (!record || record->role != Role::premises || record->scope != place) continue;
    if (issuer == "party:" + platform::to_hex(record->to)) return *record;
  }
  return std::nullopt;
}

// How the certificate stood then, and stands now.
std::string_view standing_of(const std::optional<role::Record>& certificate, std::uint64_t then_ms,
                             std::uint64_t now_ms) {
  if (!certificate || !certificate->holds_at(then_ms)) return "uncertified";
  return certificate->holds_at(now_ms) ? "certified" : "lapsed";
}

std::string standing_text(const Session& session, std::string_view standing) {
  if (standing == "certified") return std::string(session.in("certified premises", "認証済みの事業所"));
  if (standing == "lapsed")
    return std::string(session.in("premises certified then, LAPSED since", "当時は認証済み、現在は失効した事業所"));
  return std::string(session.in("premises NOT certified then", "当時は未認証の事業所"));
}

// The latest time that is shown: of the newest block, or of those who have signed it since.
std::uint64_t newest_time_ms(const proof::VerifiedAnchor& anchor) {
  constexpr std::uint64_t seconds_max = ~std::uint64_t{0} / 1000;
  return std::max(anchor.record.time_ms, std::min(anchor.checkpoint.time, seconds_max) * 1000);
}

class Teller {
 public:
  explicit Teller(Session& session) : session_(session) { rows_.begin_array(); }

  void page(const proof::VerifiedPage& verified) {
    std::vector<ByteView> statements;
    for (const auto each : verified.page.statements) statements.push_back(each.sign1);
    for (const auto event : verified.page.events) {
      const auto said = statement::parse_signed_payload(statements[event.statement]);
      if (said && is_new(*said, event.index)) tell(verified, event, *said);
    }
  }
  void finish() { session_.member("timeline", rows_.end_array().finish()); }

 private:
  // Pages may show some events twice.
  bool is_new(const statement::SignedPayload& said, std::uint64_t index) {
    return told_.emplace(statement::identity_of(said.protected_bytes, said.payload_bytes), index).second;
  }
  void tell(const proof::VerifiedPage& verified, const proof::PassportEvent& event,
            const statement::SignedPayload& said) {
    const auto kind = said.header.claims.sub;
    const auto time = platform::rfc3339(static_cast<std::int64_t>(event.time_ms));
    std::string text =
        time + "  " + word_for(session_, kind) + "  (" + session_.with_names(said.header.claims.iss) + ")";
    if (event.outcome == statement::Outcome::alarm) text += session_.in("  ALARM", "  警報");
    if (event.withheld) text += session_.in("  text withheld", "  本文は非開示");
    rows_.begin_object().member("time", time).member("kind", kind).member("issuer", said.header.claims.iss);
    rows_.member("outcome", cbor::name_of(event.outcome)).member("withheld", event.withheld.has_value());
    if (const auto at = event.body ? at_in(said.payload.kind, *event.body) : std::nullopt) {
      const auto certificate = certificate_of(verified.page, at->place, said.header.claims.iss);
      const auto standing = standing_of(certificate, event.time_ms, newest_time_ms(verified.anchor));
      text += "  " + standing_text(session_, standing);
      rows_.member("place", at->place).member("premises", standing);
    }
    rows_.end_object();
    session_.line(text);
  }

  Session& session_;
  json::Writer rows_;
  std::set<std::pair<Digest, std::uint64_t>> told_;  // statement and body
};

}  // namespace

void tell_timeline(Session& session, const PassportSet& pages) {
  Teller teller(session);
  const auto ordered = pages.in_order();
  for (const auto* page : ordered) teller.page(page->verified);
  teller.finish();
  for (const auto thing : ordered.back()->verified.page.things) {
    if (thing.type != ThingType::device || !thing.item.value) continue;
    if (const auto record = cbor::decode<device::Record>(*thing.item.value))
      session.record("record", json::to_json(*record));
  }
}

}  // namespace mikusari::cli
