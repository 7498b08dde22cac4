// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/role.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// The thing in scope, owned by the grantor and not being handed over; its tenure is the grant's.
Checked<std::uint64_t> tenure_of_scope(const Said& said, const View& view, const Id& scope) {
  TRY(const auto chain, chain_of(view, scope));
  TRY(check_owner(said, chain.owner(), chain.unit().named()));
  TRY(check_not_offered(chain));
  return chain.unit().common().tenure.value;
}

Checked<std::optional<std::uint64_t>> check_may_grant(const role::Grant& body, const Said& said, const View& view) {
  switch (body.role) {
    case Role::premises: {
      TRY(check_role(view, said, Role::certifier));
      if (!body.scope) return refuse(malformed_body);
      return std::optional<std::uint64_t>();
    }
    case Role::gate:
    case Role::hold: {
      if (body.scope) return refuse(malformed_body);
      return std::optional<std::uint64_t>();
    }
    case Role::inspector: {
      if (!body.scope) return refuse(malformed_body);
      TRY(const auto tenure, tenure_of_scope(said, view, *body.scope));
      return std::optional(tenure);
    }
    default: return refuse(not_entitled, std::string(cbor::name_of(body.role)), "a vote of the members");
  }
}

// Whether a grant stands in the way of another's: it holds, and who gave it might give it still. What an old owner gave
// has ended with the tenure.
bool stands(const View& view, const BlockContext& block, const role::Record& grant,
            std::optional<std::uint64_t> tenure) {
  if (!holds_grant(view, block, grant.to, grant.role, grant.scope, tenure.value_or(0))) return false;
  if (grant.role != Role::premises) return true;
  const auto from = view.get<party::Record>(path::party(grant.from));
  return from && from->roles.contains(Role::certifier);
}

std::string grant_named(Role role, const Handle& to) {
  return std::string(cbor::name_of(role)) + " of " + party_named(to);
}

}  // namespace

Checked<> approved(const role::Grant& body, const Said& said, const View& view) {
  TRY(const Handle handle, speaking_party(said, std::string(cbor::name_of(body.role))));
  TRY(const auto record, party_at(view, handle));
  return check_own(said, handle, record);
}

Ruling apply(const role::Grant& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle from, speaking_party(said, std::string(cbor::name_of(body.role))));
  TRY(const auto tenure, check_may_grant(body, said, view));
  TRY(acting_party(view, body.to));
  const Id scope = body.scope.value_or(from);
  const Digest path = path::role(body.to, body.role, scope);
  role::Record record;
  if (const auto before = view.get<role::Record>(path)) {
    if (before->from != from && stands(view, said.block, *before, tenure))
      return refuse(already_registered, grant_named(body.role, body.to));
    record.changed = before->changed;
    record.history = before->history;
    record.life = before->life;
  }
  record.state = role::State::granted;
  record.role = body.role;
  record.from = from;
  record.to = body.to;
  record.scope = scope;
  record.tenure = tenure;
  record.until_ms = body.until_ms;
  record.granted_ms = said.block.time_ms;
  changes.put(path, record);
  return Ruling::done();
}

Ruling apply(const role::Revoke& body, const Said& said, const View& view, Changes& changes) {
  const auto named = grant_named(body.role, body.to);
  TRY(const Handle from, speaking_party(said, named));
  const Digest path = path::role(body.to, body.role, body.scope.value_or(from));
  auto record = view.get<role::Record>(path);
  if (!record) return refuse(not_registered, named);
  // Whom it was given to may give it back: it would keep out another's.
  if (record->from != from && record->to != from) return refuse(not_entitled, named, party_named(record->from));
  if (record->state == role::State::revoked) return refuse(already_said, named);
  record->state = role::State::revoked;
  record->revoked_ms = said.block.time_ms;
  changes.put(path, *record);
  return Ruling::done();
}

}  // namespace mikusari::ledger
