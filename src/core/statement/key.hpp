// SPDX-License-Identifier: Apache-2.0
// Family `key`: which keys speak for whom, and for what. A key has one subject on the whole ledger, for ever.
//
// A key speaks when its own record is active and the record of its subject lists it as speaking: a thing's list ends
// with its owner's tenure, so that a sale silences every key of the old owner without touching a key's record.
#pragma once

#include "cose/key.hpp"
#include "statement/head.hpp"
#include "statement/subject.hpp"

namespace mikusari::key {

enum class Purpose : std::uint8_t {
  wallet = 1,          // signs statements
  authentication = 2,  // proves who the subject is, in certificates and at gates
  identity = 3,        // others encrypt to it
  attestation = 4,     // signs measurements
  release = 5,         // signs releases of firmware
  issuing = 6,
  line = 7,
  standby = 8,  // brings a party's keys back; speaks for nothing else
  revoking = 9,
  packer = 10,
  recovery = 11,  // of the ledger: signs incarnations
};
constexpr auto names_of(Purpose) {
  using enum Purpose;
  return std::array{cbor::Name{wallet, "wallet"},     cbor::Name{authentication, "authentication"},
                    cbor::Name{identity, "identity"}, cbor::Name{attestation, "attestation"},
                    cbor::Name{release, "release"},   cbor::Name{issuing, "issuing"},
                    cbor::Name{line, "line"},         cbor::Name{standby, "standby"},
                    cbor::Name{revoking, "revoking"}, cbor::Name{packer, "packer"},
                    cbor::Name{recovery, "recovery"}};
}

// Where the private key is, as its registrar says. Above `file` it is unproved until an attestation says so.
enum class Level : std::uint8_t { file = 1, process = 2, guest = 3, hardware = 4 };
constexpr auto names_of(Level) {
  using enum Level;
  return std::array{cbor::Name{file, "file"}, cbor::Name{process, "process"}, cbor::Name{guest, "guest"},
                    cbor::Name{hardware, "hardware"}};
}

// What its holder must show before the key signs.
enum class Activation : std::uint8_t { nothing = 1, pin = 2, biometric = 3 };
constexpr auto names_of(Activation) {
  using enum Activation;
  return std::array{cbor::Name{nothing, "nothing"}, cbor::Name{pin, "pin"}, cbor::Name{biometric, "biometric"}};
}

enum class State : std::uint8_t {
  active = 1,
  frozen = 2,   // signs only vetoes and, with others, thaws and revocations
  revoked = 3,  // for ever
};
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{active, "active"}, cbor::Name{frozen, "frozen"}, cbor::Name{revoked, "revoked"}};
}

enum class Reason : std::uint8_t { unspecified = 1, compromised = 2, superseded = 3, end_of_life = 4, vetoed = 5 };
constexpr auto names_of(Reason) {
  using enum Reason;
  return std::array{cbor::Name{unspecified, "unspecified"}, cbor::Name{compromised, "compromised"},
                    cbor::Name{superseded, "superseded"}, cbor::Name{end_of_life, "end_of_life"},
                    cbor::Name{vetoed, "vetoed"}};
}

// The subject's record lists its keys by these. A key that waits or ends carries when: it speaks while
// from_ms <= block time < until_ms. `root` and `root_tenure` stand with a key that was registered for a mounted part:
// it speaks only while the part is mounted under that root, in that tenure of it.
struct Entry {
  Digest key;  // thumbprint
  Purpose purpose{};
  cbor::Sparse<bool> frozen;
  cbor::Sparse<std::uint64_t> from_ms, until_ms;
  std::optional<Id> root;
  cbor::Sparse<std::uint64_t> root_tenure;
  cbor::Sparse<bool> birth;  // registered with the thing itself
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "key", &Entry::key, "thumbprint"},
      cbor::Field{2, "purpose", &Entry::purpose},
      cbor::Field{3, "frozen", &Entry::frozen, "signs only vetoes and, with others, thaws and revocations"},
      cbor::Field{4, "from_ms", &Entry::from_ms, "speaks from this time on"},
      cbor::Field{5, "until_ms", &Entry::until_ms, "speaks before this time"},
      cbor::Field{6, "root", &Entry::root, "of a mounted part's key: speaks while the part is mounted under this"},
      cbor::Field{7, "root_tenure", &Entry::root_tenure, "and in this tenure of it"},
      cbor::Field{8, "birth", &Entry::birth, "registered with the thing itself"}};

  bool waits_at(std::uint64_t time_ms) const { return time_ms < from_ms.value; }
  bool ended_at(std::uint64_t time_ms) const { return !until_ms.is_zero() && until_ms.value <= time_ms; }
  bool speaks_at(std::uint64_t time_ms) const { return !frozen.value && !waits_at(time_ms) && !ended_at(time_ms); }
  friend bool operator==(const Entry&, const Entry&) = default;
};
using PartyKeys = cbor::List<Entry, limits::keys_of_party_max>;
using ThingKeys = cbor::List<Entry, limits::keys_of_thing_max>;

// The state's entry of a key: path key/<thumbprint>. Key, purpose and subject never change.
struct Record : Head {
  State state{};
  crypto::PublicKey key;
  Purpose purpose{};
  Subject subject;
  Level level{};
  Activation activation{};
  std::optional<Digest> evidence;  // of the level; who demands a proof looks at level_proved
  cbor::Sparse<bool> level_proved;
  std::optional<Digest> replaces;     // thumbprint of the predecessor
  std::optional<Digest> replaced_by;  // and of the successor
  std::optional<Digest> frozen_by;    // thumbprint of the key that froze it
  std::optional<Reason> reason;       // why it was revoked
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "key", &Record::key, "COSE_Key"},
                 cbor::Field{10, "purpose", &Record::purpose},
                 cbor::Field{11, "subject", &Record::subject, "whom it speaks for"},
                 cbor::Field{12, "level", &Record::level, "where the private key is, as its registrar says"},
                 cbor::Field{13, "activation", &Record::activation, "what its holder must show before it signs"},
                 cbor::Field{14, "evidence", &Record::evidence, "digest of the evidence for its level"},
                 cbor::Field{15, "level_proved", &Record::level_proved, "an attestation proved the level"},
                 cbor::Field{16, "replaces", &Record::replaces, "thumbprint of the predecessor"},
                 cbor::Field{17, "replaced_by", &Record::replaced_by, "thumbprint of the successor"},
                 cbor::Field{18, "frozen_by", &Record::frozen_by, "thumbprint of the key that froze it"},
                 cbor::Field{19, "reason", &Record::reason, "why it was revoked"}});
};

// By the party for itself (its keys wait for the veto time), by a part's maker while it holds and owns the part, by the
// owner of a thing. Registering a key of the same subject again lists it again after a change of owner.
struct Register {
  crypto::PublicKey key;
  Purpose purpose{};
  Subject subject;
  crypto::Signature possession;
  Level level{};
  Activation activation{};
  std::optional<Digest> evidence;
  static constexpr statement::Kind kind{0x0201, "key.register", statement::Signers::own_keys, 4096,
                                        statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Register::key, "COSE_Key"},
                 cbor::Field{2, "purpose", &Register::purpose, "what the key is for"},
                 cbor::Field{3, "subject", &Register::subject, "whom it will speak for"},
                 cbor::Field{4, "possession", &Register::possession, "proof that the subject holds the key"},
                 cbor::Field{5, "level", &Register::level, "where the private key is"},
                 cbor::Field{6, "activation", &Register::activation, "what its holder must show before it signs"},
                 cbor::Field{7, "evidence", &Register::evidence, "digest of the evidence for its level"}};
};

// By the key itself: `key` takes over when the veto time has passed. It keeps purpose, level and activation.
struct Rotate {
  crypto::PublicKey key;
  crypto::Signature possession;
  static constexpr statement::Kind kind{0x0202, "key.rotate",           statement::Signers::one,
                                        1,      statement::Gains::life, statement::Purpose::going_on};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Rotate::key, "the successor"},
                 cbor::Field{2, "possession", &Rotate::possession, "proof that the signer holds it"}};
};

// Against a key that still waits: by the owner of its thing; by any other key of its party, which freezes it: it ends
// when its wait does, unless it is thawed before. A key that it should replace goes on.
struct Veto {
  Digest key;
  static constexpr statement::Kind kind{
      0x0203, "key.veto", statement::Signers::own_keys, 16, statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Veto::key, "thumbprint of the key that shall not speak"}};
};

// By the key itself, but for a part's, or by the owner of its thing. For a party's, by as many of its other keys as it
// demands, two at least; those of them that it had frozen speak again. Immediate, and for ever.
struct Revoke {
  Digest key;
  Reason reason{};
  static constexpr statement::Kind kind{0x0204, "key.revoke",           statement::Signers::own_keys,
                                        4096,   statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Revoke::key, "thumbprint"}, cbor::Field{2, "reason", &Revoke::reason, "why"}};
};

// By any other key of the party, alone: until it is thawed or revoked the key signs almost nothing. A standby key is
// frozen only while it waits.
struct Freeze {
  Digest key;
  static constexpr statement::Kind kind{0x0205, "key.freeze",           statement::Signers::one,
                                        16,     statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "key", &Freeze::key, "thumbprint"}};
};

// By as many of the party's other keys as it demands, two at least: the key speaks again, and the one that froze it is
// frozen, unless it is one of those.
struct Thaw {
  Digest key;
  static constexpr statement::Kind kind{
      0x0206, "key.thaw", statement::Signers::own_keys, 1, statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "key", &Thaw::key, "thumbprint"}};
};

}  // namespace mikusari::key
