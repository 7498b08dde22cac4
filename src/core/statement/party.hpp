// SPDX-License-Identifier: Apache-2.0
// Family `party`: whoever owns, holds, makes or is offered something, under a handle.
//
// A member is a party whose handle follows from its name. Every other party is opened by a member with the role
// `registrar`, who vouches for it, pays for its rows, and alone knows who it is: the record holds a salted commitment.
// A party acts by its own keys. No registrar can hold it, speak for it or take what is its own.
#pragma once

#include "statement/key.hpp"

namespace mikusari {

// What a party may do beside owning and holding things. The first ones are given by vote, to members.
enum class Role : std::uint8_t {
  maker = 1,       // registers parts and devices of its own models
  registrar = 2,   // opens parties
  laboratory = 3,  // certifies models
  witness = 4,     // witnesses destruction
  certifier = 5,   // certifies premises, tools and workshops: grants `premises`
  premises = 6,    // granted: the scope is a place or tool that may stand in `at`
  gate = 7,        // granted: reads and alarms about its grantor's things
  hold = 8,        // granted: keeps objects of its grantor
  inspector = 9,   // granted by an owner: may inspect the thing in scope
};
constexpr auto names_of(Role) {
  using enum Role;
  return std::array{
      cbor::Name{maker, "maker"},     cbor::Name{registrar, "registrar"}, cbor::Name{laboratory, "laboratory"},
      cbor::Name{witness, "witness"}, cbor::Name{certifier, "certifier"}, cbor::Name{premises, "premises"},
      cbor::Name{gate, "gate"},       cbor::Name{hold, "hold"},           cbor::Name{inspector, "inspector"}};
}
using Roles = cbor::List<Role, 8>;

namespace party {

// Roles that a vote gives, each once: the others are granted by parties (role.hpp).
bool are_given_by_vote(const Roles& roles);

// One place in a party's list of keys is for a key that is brought back.
constexpr std::size_t keys_at_first_max = limits::keys_of_party_max - 1;

enum class State : std::uint8_t {
  active = 1,
  suspended = 2,  // still exits: offers, cancels, recalls, retires, destroys, rotates, revokes
  closed = 3,     // suspended for ever, by itself
  expelled = 4,   // suspended for ever, by vote
};
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{active, "active"}, cbor::Name{suspended, "suspended"}, cbor::Name{closed, "closed"},
                    cbor::Name{expelled, "expelled"}};
}

// How a party's keys come back when they are lost. The party chooses, at its opening and later with its own keys.
enum class Recovery : std::uint8_t {
  none = 1,
  standby = 2,    // by a second key, at once
  registrar = 3,  // by its registrar, after a public wait that any of the party's keys vetoes
};
constexpr auto names_of(Recovery) {
  using enum Recovery;
  return std::array{cbor::Name{none, "none"}, cbor::Name{standby, "standby"}, cbor::Name{registrar, "registrar"}};
}

// Who may force a hand-over of what the party owns, and after which wait (ownership.force). Unstated, nobody can.
struct Force {
  cbor::List<Handle, limits::quorum_max> quorum;
  std::uint64_t threshold = 0;
  std::uint64_t wait_ms = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "quorum", &Force::quorum, "parties"},
                 cbor::Field{2, "threshold", &Force::threshold, "how many of them"},
                 cbor::Field{3, "wait_ms", &Force::wait_ms, "before the new owner may accept"}};
};

// The state's entry of a party: path party/<handle>.
struct Record : Head {
  State state{};
  std::optional<Handle> registrar;       // none: a member
  std::optional<std::string_view> name;  // a member's
  cbor::Sparse<std::uint64_t> weight;    // a member's voting power
  std::uint64_t k = 1;                   // how many of its keys must sign what touches its keys, roles and votes
  Roles roles;                           // given by vote
  key::PartyKeys keys;
  std::optional<Digest> commitment;  // salted hash of who it is
  Recovery recovery{};
  std::optional<Digest> recovering;   // thumbprint of the key that its registrar brings; it waits in `keys`
  cbor::Sparse<bool> recovery_ended;  // a veto has ended the registrar's right; party.amend renews it
  std::optional<Force> force;
  cbor::Sparse<std::uint64_t> things;  // of a party that is no member: living things that it owns
  cbor::Sparse<std::uint64_t> alarms;
  cbor::Sparse<std::uint64_t> alarms_day, alarms_today;
  cbor::List<Id, limits::proposals_open_max>
      proposals;  // that it has opened and that were open when it opened the last
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state},
                 cbor::Field{9, "registrar", &Record::registrar, "who vouches for it; none: a member"},
                 cbor::Field{10, "name", &Record::name, "a member's"},
                 cbor::Field{11, "weight", &Record::weight, "a member's voting power"},
                 cbor::Field{12, "k", &Record::k, "how many of its keys must sign what touches its power"},
                 cbor::Field{13, "roles", &Record::roles, "given by vote"},
                 cbor::Field{14, "keys", &Record::keys, "that speak, wait or are frozen"},
                 cbor::Field{15, "commitment", &Record::commitment, "salted hash of who it is"},
                 cbor::Field{16, "recovery", &Record::recovery, "how its keys come back when they are lost"},
                 cbor::Field{17, "recovering", &Record::recovering, "thumbprint of the key that its registrar brings"},
                 cbor::Field{18, "recovery_ended", &Record::recovery_ended, "a veto has ended the registrar's right"},
                 cbor::Field{19, "force", &Record::force, "who may force a hand-over of what it owns"},
                 cbor::Field{20, "things", &Record::things, "living things that it owns; not counted for members"},
                 cbor::Field{21, "alarms", &Record::alarms, "how often one of its keys turned up elsewhere"},
                 cbor::Field{22, "alarms_day", &Record::alarms_day, "day of the last alarm"},
                 cbor::Field{23, "alarms_today", &Record::alarms_today, "alarms of that day"},
                 cbor::Field{24, "proposals", &Record::proposals, "opened by it, open when it opened the last"}});

  bool is_member() const { return !registrar.has_value(); }
  // Suspended for good or for now: only exits are left.
  bool acts() const { return state == State::active; }
};

// By a registrar, for a party that holds `key`. The handle follows from registrar, key and nonce (names.hpp).
struct Open {
  Bytes<32> nonce;
  crypto::PublicKey key;         // its first wallet key
  crypto::Signature possession;  // by `key`, for the handle
  std::optional<Digest> commitment;
  Recovery recovery{};
  std::optional<crypto::PublicKey> standby;  // with recovery `standby`
  std::optional<crypto::Signature> standby_possession;
  std::optional<Force> force;
  static constexpr statement::Kind kind{0x0b01, "party.open", statement::Signers::one, 4096, statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "nonce", &Open::nonce, "random"},
                 cbor::Field{2, "key", &Open::key, "the party's first wallet key"},
                 cbor::Field{3, "possession", &Open::possession, "proof that the party holds it"},
                 cbor::Field{4, "commitment", &Open::commitment, "salted hash of who it is"},
                 cbor::Field{5, "recovery", &Open::recovery, "how its keys come back when they are lost"},
                 cbor::Field{6, "standby", &Open::standby, "the key that brings them back"},
                 cbor::Field{7, "standby_possession", &Open::standby_possession, "proof that the party holds it"},
                 cbor::Field{8, "force", &Open::force, "who may force a hand-over of what it owns"}};
};

// What the first keys of a party sign for in the place of a commitment: SHA-256 of the opening without its proofs. So
// no registrar opens a party with another recovery, standby key or quorum than its holder has asked for.
Digest asked(const Open& opening);

// By the party's registrar: it receives, registers and alarms no more, or does again.
struct Suspend {
  Handle party;
  bool suspended = true;
  static constexpr statement::Kind kind{0x0b02, "party.suspend", statement::Signers::one, 4096, statement::Gains::life};
  static constexpr auto fields = std::tuple{cbor::Field{1, "party", &Suspend::party, "which party"},
                                            cbor::Field{2, "suspended", &Suspend::suspended, "false: it acts again"}};
};

// By the party itself, with the new registrar's approval. A key that the old one brings back is sent away.
struct Move {
  Handle registrar;
  static constexpr statement::Kind kind{0x0b03, "party.move",           statement::Signers::registrar,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "registrar", &Move::registrar, "who shall vouch for it"}};
};

// By the party itself, when it owns nothing any more.
struct Close {
  static constexpr statement::Kind kind{0x0b04, "party.close",          statement::Signers::own_keys,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{};
};

// By the party's standby key: `key` speaks at once and ends all others. By its registrar: after the wait.
struct Recover {
  Handle party;
  crypto::PublicKey key;
  crypto::Signature possession;
  static constexpr statement::Kind kind{0x0b05, "party.recover",        statement::Signers::one,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "party", &Recover::party, "which party"},
                 cbor::Field{2, "key", &Recover::key, "its new wallet key"},
                 cbor::Field{3, "possession", &Recover::possession, "proof that the party holds it"}};
};

// By the party itself: how many of its keys must sign - so many do -, how they come back, who may force a hand-over.
// What is left out stays; renewing `registrar` gives a registrar its right back that a veto had ended.
struct Amend {
  std::optional<std::uint64_t> k;
  std::optional<Recovery> recovery;
  std::optional<Force> force;
  static constexpr statement::Kind kind{0x0b06, "party.amend", statement::Signers::own_keys, 1, statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "k", &Amend::k, "how many of its keys must sign what touches its power"},
                 cbor::Field{2, "recovery", &Amend::recovery, "how its keys come back when they are lost"},
                 cbor::Field{3, "force", &Amend::force, "who may force a hand-over of what it owns"}};
};

}  // namespace party
}  // namespace mikusari
