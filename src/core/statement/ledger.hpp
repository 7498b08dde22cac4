// SPDX-License-Identifier: Apache-2.0
// Family `ledger`: genesis, members and their weight. A ledger's id is the SHA-256 of its encoded genesis.
#pragma once

#include <array>

#include "cose/key.hpp"
#include "statement/head.hpp"
#include "statement/kind.hpp"

namespace mikusari {

// What a member may do beside holding things.
enum class Role : std::uint8_t { maker = 1, fleet_operator = 2, repairer = 3, laboratory = 4, witness = 5 };

constexpr auto names_of(Role) {
  using enum Role;
  return std::array{cbor::Name{maker, "maker"}, cbor::Name{fleet_operator, "fleet_operator"},
                    cbor::Name{repairer, "repairer"}, cbor::Name{laboratory, "laboratory"},
                    cbor::Name{witness, "witness"}};
}

using Roles = cbor::List<Role, 8>;

namespace member {

enum class State : std::uint8_t { active = 1, suspended = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::active, "active"}, cbor::Name{State::suspended, "suspended"}};
}

// The state's entry of an organisation: path member/<name>.
struct Record : Head {
  State state{};
  std::string_view name;
  Roles roles;
  std::uint64_t weight = 0;
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "name", &Record::name},
                               cbor::Field{10, "roles", &Record::roles, "what the member may do"},
                               cbor::Field{11, "weight", &Record::weight, "voting power"}});
};

// Lets an organisation in; its keys speak from the next block on.
struct Admit {
  std::string_view name;
  Roles roles;
  std::uint64_t weight = 0;
  crypto::PublicKey key;
  crypto::Signature possession;  // by `key`, see possession.hpp; registrar: the signer of this statement
  static constexpr statement::Kind kind{0x0102, "member.admit", statement::Signers::members, 64};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "name", &Admit::name, "lower-case letters, digits, dots and dashes, at most 64"},
                 cbor::Field{2, "roles", &Admit::roles, "what the member may do"},
                 cbor::Field{3, "weight", &Admit::weight, "voting power"},
                 cbor::Field{4, "key", &Admit::key, "the member's first wallet key"},
                 cbor::Field{5, "possession", &Admit::possession, "proof that the member holds the key"}};
};

// Changes whether a member may act. Its history and its things stay.
struct SetState {
  std::string_view name;
  State state{};
  static constexpr statement::Kind kind{0x0103, "member.set_state", statement::Signers::members, 64};
  static constexpr auto fields = std::tuple{cbor::Field{1, "name", &SetState::name, "which member"},
                                            cbor::Field{2, "state", &SetState::state, "active or suspended"}};
};

}  // namespace member

// Who signs checkpoints: a name with one key an algorithm. Either key carries the signer's weight, once.
struct CheckpointSigner {
  std::string_view name;
  cbor::List<crypto::PublicKey, 2> keys;
  std::uint64_t weight = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "name", &CheckpointSigner::name, "key name in signature lines"},
                 cbor::Field{2, "keys", &CheckpointSigner::keys, "Ed25519, P-256, or both"},
                 cbor::Field{3, "weight", &CheckpointSigner::weight, "voting power"}};
};

constexpr std::uint64_t weight_max = 1'000'000;  // of one member or checkpoint signer
constexpr std::uint64_t rotation_veto_ms_max = 366ULL * 24 * 3600 * 1000;

// What rules need to know of the ledger as a whole: path ledger/parameters.
struct Parameters {
  std::uint64_t schema = 1;
  std::uint64_t rotation_veto_ms = 0;
  std::uint64_t active_weight = 0;  // the sum of the weights of active members
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "schema", &Parameters::schema}, cbor::Field{2, "rotation_veto_ms", &Parameters::rotation_veto_ms},
      cbor::Field{3, "active_weight", &Parameters::active_weight, "of all active members"}};
};

struct GenesisMember {
  std::string_view name;
  Roles roles;
  std::uint64_t weight = 0;
  cbor::List<crypto::PublicKey, 8> keys;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "name", &GenesisMember::name}, cbor::Field{2, "roles", &GenesisMember::roles},
      cbor::Field{3, "weight", &GenesisMember::weight}, cbor::Field{4, "keys", &GenesisMember::keys, "wallet keys"}};
};

struct Genesis {
  std::uint64_t version = 1;
  Bytes<32> nonce;            // two ledgers never have the same id
  std::uint64_t time_ms = 0;  // Unix time in milliseconds
  cbor::List<GenesisMember, 64> members;
  cbor::List<CheckpointSigner, limits::signers_max> checkpoint_signers;
  std::uint64_t checkpoint_threshold = 0;  // a checkpoint needs signers of at least this weight
  cbor::List<crypto::PublicKey, 16> recovery_keys;
  std::uint64_t recovery_threshold = 0;
  std::uint64_t rotation_veto_ms = 0;  // how long an owner may veto a key that replaces itself

  static constexpr auto fields = std::tuple{
      cbor::Field{1, "version", &Genesis::version},
      cbor::Field{2, "nonce", &Genesis::nonce},
      cbor::Field{3, "time_ms", &Genesis::time_ms, "Unix time in milliseconds"},
      cbor::Field{4, "members", &Genesis::members},
      cbor::Field{5, "checkpoint_signers", &Genesis::checkpoint_signers},
      cbor::Field{6, "checkpoint_threshold", &Genesis::checkpoint_threshold, "least weight under a checkpoint"},
      cbor::Field{7, "recovery_keys", &Genesis::recovery_keys, "kept offline"},
      cbor::Field{8, "recovery_threshold", &Genesis::recovery_threshold},
      cbor::Field{9, "rotation_veto_ms", &Genesis::rotation_veto_ms, "time to veto a rotation, in milliseconds"}};
};

// A name that may stand in paths, logs and signature lines: 1 to 64 of a-z 0-9 . -, beginning with a letter or digit.
bool is_name(std::string_view name);

// `invalid` unless the genesis can found a ledger: names, weights and thresholds make sense, no key stands twice.
Result<void> check(const Genesis& genesis);

}  // namespace mikusari
