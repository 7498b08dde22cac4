// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/member.hpp"

#include <set>

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// More than half of the weight of all active members stands behind the statement.
Checked<> check_majority(const Said& said, const View& view, const std::string& about) {
  TRY(const auto signer, speaking_member(said, about));
  std::set<std::string_view> members{signer};
  for (const auto& approver : said.approvers) {
    if (approver.role == statement::ApprovalRole::member) members.insert(approver.member);
  }
  std::uint64_t weight = 0;
  for (const auto name : members) {
    TRY(const auto record, active_member(view, name));  // a body before this one may have suspended it
    weight += record.weight;
  }
  if (2 * weight <= parameters(view).active_weight) return refuse(missing_approvals, about);
  return {};
}

void change_active_weight(const View& view, Changes& changes, std::uint64_t weight) {
  auto record = parameters(view);
  record.active_weight = weight;
  changes.put(path::parameters(), record);
}

}  // namespace

Verdict apply(const member::Admit& body, const Said& said, const View& view, Changes& changes) {
  if (!is_name(body.name)) return refuse(bad_name);
  TRY(check_majority(said, view, member_named(body.name)));
  if (view.exists(path::member(body.name))) return refuse(already_registered, member_named(body.name));
  if (body.weight > weight_max) return refuse(bad_weight, std::string(body.name));
  const auto subject = subject_of_member(body.name);
  TRY(const Digest thumbprint, check_new_key(view, said, body.key, body.possession, subject));
  member::Record record;
  record.state = member::State::active;
  record.name = body.name;
  record.roles = body.roles;
  record.weight = body.weight;
  changes.put(path::member(body.name), record);
  put_new_key(changes, thumbprint, body.key, key::Purpose::wallet, subject);
  change_active_weight(view, changes, parameters(view).active_weight + body.weight);
  return Verdict::done();
}

Verdict apply(const member::SetState& body, const Said& said, const View& view, Changes& changes) {
  TRY(check_majority(said, view, member_named(body.name)));
  TRY(auto record, member_at(view, body.name));
  if (record.state == body.state) return refuse(wrong_state, member_named(body.name));
  const std::uint64_t active = parameters(view).active_weight;
  const bool suspends = body.state == member::State::suspended;
  if (suspends && active == record.weight) return refuse(would_orphan_ledger, member_named(body.name));
  record.state = body.state;
  changes.put(path::member(body.name), record);
  change_active_weight(view, changes, suspends ? active - record.weight : active + record.weight);
  return Verdict::done();
}

}  // namespace mikusari::ledger
