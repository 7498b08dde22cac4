// SPDX-License-Identifier: Apache-2.0
// Family `role`: what one party lets another do. Roles that only a vote gives stand in the party's own record.
#pragma once

#include "statement/party.hpp"

namespace mikusari::role {

enum class State : std::uint8_t { granted = 1, revoked = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::granted, "granted"}, cbor::Name{State::revoked, "revoked"}};
}

// The state's entry of a grant: path role/<to><role><scope>. The scope is a thing, a place or tool, or the grantor.
struct Record : Head {
  State state{};
  Role role{};
  Handle from, to;
  Id scope;
  std::optional<std::uint64_t> tenure;  // of the thing in scope: it ends with it
  std::optional<std::uint64_t> until_ms;
  std::uint64_t granted_ms = 0;
  std::optional<std::uint64_t> revoked_ms;
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "role", &Record::role},
                 cbor::Field{10, "from", &Record::from, "who grants it"}, cbor::Field{11, "to", &Record::to, "to whom"},
                 cbor::Field{12, "scope", &Record::scope, "a thing, a place or tool, or the grantor"},
                 cbor::Field{13, "tenure", &Record::tenure, "of the thing in scope: the grant ends with it"},
                 cbor::Field{14, "until_ms", &Record::until_ms, "ends at this time"},
                 cbor::Field{15, "granted_ms", &Record::granted_ms, "time of the grant"},
                 cbor::Field{16, "revoked_ms", &Record::revoked_ms, "time of the revocation"}});

  // Whether the grant holds at a time, as far as its own record says.
  bool holds_at(std::uint64_t time_ms) const {
    return granted_ms <= time_ms && (!until_ms || time_ms < *until_ms) && (!revoked_ms || time_ms < *revoked_ms);
  }
};

// `premises`: by a certifier. `gate`, `hold`: by whoever owns. `inspector`: by the owner of the thing in scope.
struct Grant {
  Handle to;
  Role role{};
  std::optional<Id> scope;  // none: the grantor
  std::optional<std::uint64_t> until_ms;
  static constexpr statement::Kind kind{0x0c01, "role.grant", statement::Signers::own_keys, 64, statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "to", &Grant::to, "to whom"}, cbor::Field{2, "role", &Grant::role},
                 cbor::Field{3, "scope", &Grant::scope, "a thing, a place or tool; none: all that is the grantor's"},
                 cbor::Field{4, "until_ms", &Grant::until_ms, "ends at this time"}};
};

// By who granted it, or to whom it was granted.
struct Revoke {
  Handle to;
  Role role{};
  std::optional<Id> scope;
  static constexpr statement::Kind kind{0x0c02, "role.revoke",          statement::Signers::one,
                                        64,     statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "to", &Revoke::to, "to whom"}, cbor::Field{2, "role", &Revoke::role},
                 cbor::Field{3, "scope", &Revoke::scope, "as it was granted"}};
};

}  // namespace mikusari::role
