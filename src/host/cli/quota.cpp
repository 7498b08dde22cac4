// SPDX-License-Identifier: Apache-2.0
// What has been used of the ledger's limits.
#include "cli/saying.hpp"
#include "cli/show.hpp"
#include "statement/ledger.hpp"
#include "statement/party.hpp"

namespace mikusari::cli {
namespace {

// A key's counters of the ledger's present day; those of another day are zero.
struct KeyDay {
  DayLimit used;
  std::uint64_t exits = 0;
};
KeyDay day_of(const ReplayRecord& replay, std::uint64_t time_ms) {
  if (replay.day != time_ms / day_ms) return {};
  return {{replay.statements, replay.bytes, replay.refused}, replay.exits};
}

Result<DayLimit> limit_of(Remote& remote, const Subject& subject, const Parameters& parameters) {
  if (subject.type != SubjectType::party) return parameters.thing_day;
  TRY(const auto party, remote.record<party::Record>(target_of("parties", subject.id), path::party(subject.id)));
  return party.is_member() ? parameters.member_day : parameters.party_day;
}

void tell_day(Session& session, const char* what, std::uint64_t used, std::uint64_t limit) {
  session.line(std::string(what) + ": " + std::to_string(used) + " / " + std::to_string(limit));
  session.number_member(what, used);
  session.number_member(std::string(what) + "_limit", limit);
}

// What the key of --key has said today.
Result<void> tell_key(Session& session, Remote& remote, const Parameters& parameters, const std::string& reference) {
  TRY(const auto kid, kid_named(session, reference));
  TRY(const auto key, remote.record<key::Record>(target_of("keys", kid), path::key(kid)));
  TRY(const auto answer, remote.state(target_of("replay", kid), path::replay(kid)));
  if (!answer->present()) return {};
  TRY(const auto replay, cbor::decode<ReplayRecord>(*answer->state.value));
  TRY(const auto limit, limit_of(remote, key.subject, parameters));
  const auto today = day_of(replay, answer->state.anchor.record.time_ms);
  session.line(std::string(session.in("today, key ", "本日、鍵 ")) + platform::to_hex(kid));
  session.text_member("kid", platform::to_hex(kid));
  session.number_member("highest_n", replay.highest);
  tell_day(session, "statements", today.used.statements, limit.statements);
  tell_day(session, "bytes", today.used.bytes, limit.bytes);
  tell_day(session, "refused_bodies", today.used.refused, limit.refused);
  tell_day(session, "exits", today.exits, parameters.reserve_statements);
  return {};
}

// The rows that a registrar, or the ledger as a whole, has made.
Result<void> tell_rows(Session& session, Remote& remote, const Id& whose, std::uint64_t limit, const char* what) {
  TRY(const auto answer, remote.state(target_of("quotas", whose), path::quota(whose)));
  QuotaRecord record;
  if (answer->present()) {
    TRY(record, cbor::decode<QuotaRecord>(*answer->state.value));
  }
  tell_day(session, what, record.rows, limit);
  return {};
}

Result<void> show(Session& session) {
  TRY(auto remote, Remote::open(session));
  call_what_is_known(session, remote.ledger());
  TRY(const auto answer, ask(session, remote, "/v1/state", path::ledger()));
  TRY(const auto ledger, cbor::decode<LedgerRecord>(*answer->state.value));
  const auto& parameters = ledger.parameters;
  // The ledger's row is no party's: a node that answers those concerned only keeps it to itself.
  auto rows = tell_rows(session, remote, remote.ledger(), parameters.ledger_rows, "ledger_rows");
  if (!rows && rows.error().code() != Code::forbidden) return std::unexpected(std::move(rows).error());
  const std::string named = session.arguments().text("PARTY");
  if (!named.empty()) {
    TRY(const auto party, party_named(session, remote.ledger(), named));
    TRY(tell_rows(session, remote, party, parameters.registrar_rows, "registrar_rows"));
  }
  TRY(const std::string reference, session.setting("key"));
  if (!reference.empty()) TRY(tell_key(session, remote, parameters, reference));
  session.record("ledger_state", json::to_json(ledger));
  return {};
}

}  // namespace

void add_quota_commands(Commands& to) {
  to.push_back(
      {"quota show",
       "What has been used of the ledger's limits, and what they are",
       "利用枠の使用量と上限",
       {{"PARTY", Form::text, Need::optional, "a registrar whose rows are shown, too", "当事者登録者"}, out_option()},
       show});
}

}  // namespace mikusari::cli
