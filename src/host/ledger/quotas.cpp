// SPDX-License-Identifier: Apache-2.0
#include "ledger/quotas.hpp"

#include <algorithm>

#include "statement/proposal.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

bool has_reserve(const statement::Kind& kind) {
  return kind.purpose == statement::Purpose::exit || kind.purpose == statement::Purpose::taking;
}

DayLimit limit_of(const View& view, const Subject& subject) {
  const auto all = parameters(view);
  if (subject.type != SubjectType::party) return all.thing_day;
  const auto party = view.get<party::Record>(path::party(subject.id));
  return !party || party->is_member() ? all.member_day : all.party_day;
}

// The day's counts begin anew when the ledger's day differs.
ReplayRecord on_day(ReplayRecord record, std::uint64_t day) {
  if (record.day == day) return record;
  record.day = day;
  record.statements = record.bytes = record.refused = record.exits = record.exit_bytes = 0;
  return record;
}

Bytes<16> first_half(const Digest& identity) { return Bytes<16>::copy(identity.view().first(16)); }

}  // namespace

Checked<KeyDay> KeyDay::of(const View& view, const BlockContext& block, const Digest& kid, const Subject& subject,
                           const statement::Kind& kind, std::size_t bytes) {
  KeyDay out;
  out.kid_ = kid;
  out.bytes_ = bytes;
  const auto stored = view.known<ReplayRecord>(path::replay(kid));  // made with the key
  out.record_ = on_day(stored, block.day());
  out.limit_ = limit_of(view, subject);
  const auto& used = out.record_;
  const bool fits = used.statements.value < out.limit_.statements && used.bytes.value + bytes <= out.limit_.bytes &&
                    used.refused.value < out.limit_.refused;
  if (fits) return out;
  const auto all = parameters(view);
  out.from_reserve_ = has_reserve(kind) && used.exits.value < all.reserve_statements &&
                      used.exit_bytes.value + bytes <= all.reserve_bytes;
  if (!out.from_reserve_) return refuse(over_quota, key_named(kid));
  return out;
}

std::uint64_t KeyDay::refused_left() const {
  // The reserve is for few statements; what is refused in them is bounded by their number.
  if (from_reserve_) return limits::bodies_max;
  return limit_.refused - record_.refused.value;
}

void KeyDay::write(Changes& changes, const Digest& identity, std::uint64_t n, std::uint64_t refused) const {
  auto record = record_.after(n);
  record.last = first_half(identity);
  if (from_reserve_) {
    record.exits = record.exits.value + 1;
    record.exit_bytes = record.exit_bytes.value + bytes_;
  } else {
    record.statements = record.statements.value + 1;
    record.bytes = record.bytes.value + bytes_;
    record.refused = record.refused.value + refused;
  }
  changes.put(path::replay(kid_), record);
}

namespace {

std::uint64_t rows_left(const View& view, const Id& whose, std::uint64_t limit, std::uint64_t kept) {
  const auto quota = view.get<QuotaRecord>(path::quota(whose));
  const std::uint64_t used = quota ? quota->rows : 0;
  const std::uint64_t room = limit - kept;
  return room - std::min(used, room);
}

}  // namespace

Rows::Rows(const View& view, const BlockContext& block, const Handle& registrar, const statement::Kind& kind)
    : registrar_(registrar), ledger_(block.ledger) {
  if (kind.number == proposal::Open::kind.number) {
    registrar_left_ = ledger_left_ = rows_left(view, block.ledger, ledger_rows_max, 0);
    return;
  }
  const auto all = parameters(view);
  const auto kept = [&](std::uint64_t limit) { return has_reserve(kind) ? 0 : limit / all.reserve_rows_part; };
  registrar_left_ = rows_left(view, registrar, all.registrar_rows, kept(all.registrar_rows));
  ledger_left_ = rows_left(view, block.ledger, all.ledger_rows, kept(all.ledger_rows));
}

Checked<> Rows::take(std::uint64_t rows) {
  if (rows > ledger_left_) return refuse(no_room, "the ledger");
  if (rows > registrar_left_) return refuse(no_room, party_named(registrar_));
  ledger_left_ -= rows;
  registrar_left_ -= rows;
  taken_ += rows;
  return {};
}

void Rows::write(const View& view, Changes& changes, const Digest& identity) const {
  if (taken_ == 0) return;
  for (const Digest& whose : {registrar_, ledger_}) {
    auto quota = view.get<QuotaRecord>(path::quota(whose)).value_or(QuotaRecord{});
    quota.rows += taken_;
    quota.last = first_half(identity);
    changes.put(path::quota(whose), quota);
  }
}

}  // namespace mikusari::ledger
