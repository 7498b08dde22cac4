// SPDX-License-Identifier: Apache-2.0
// Family `key`: which keys speak for whom. A key speaks for at most one thing, from the block after its registration.
#pragma once

#include "cose/key.hpp"
#include "statement/head.hpp"
#include "statement/kind.hpp"
#include "statement/subject.hpp"

namespace mikusari::key {

enum class Purpose : std::uint8_t { wallet = 1, authentication = 2, identity = 3, attestation = 4 };
constexpr auto names_of(Purpose) {
  using enum Purpose;
  return std::array{cbor::Name{wallet, "wallet"}, cbor::Name{authentication, "authentication"},
                    cbor::Name{identity, "identity"}, cbor::Name{attestation, "attestation"}};
}

enum class State : std::uint8_t { active = 1, revoked = 2 };
constexpr auto names_of(State) {
  return std::array{cbor::Name{State::active, "active"}, cbor::Name{State::revoked, "revoked"}};
}

enum class Reason : std::uint8_t { unspecified = 1, compromised = 2, superseded = 3, end_of_life = 4, vetoed = 5 };
constexpr auto names_of(Reason) {
  using enum Reason;
  return std::array{cbor::Name{unspecified, "unspecified"}, cbor::Name{compromised, "compromised"},
                    cbor::Name{superseded, "superseded"}, cbor::Name{end_of_life, "end_of_life"},
                    cbor::Name{vetoed, "vetoed"}};
}

// The state's entry of a key: path key/<thumbprint>. An active key speaks while from_ms <= block time < until_ms.
struct Record : Head {
  State state{};
  crypto::PublicKey key;
  Purpose purpose{};
  Subject subject;
  std::optional<std::uint64_t> from_ms;   // a successor waits for the veto time
  std::optional<std::uint64_t> until_ms;  // a predecessor ends with it
  std::optional<Digest> replaces;         // thumbprint of the predecessor
  std::optional<Digest> replaced_by;
  std::optional<Reason> reason;  // why it was revoked
  static constexpr auto fields = std::tuple_cat(
      Head::fields,
      std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "key", &Record::key, "COSE_Key"},
                 cbor::Field{10, "purpose", &Record::purpose},
                 cbor::Field{11, "subject", &Record::subject, "whom it speaks for"},
                 cbor::Field{12, "from_ms", &Record::from_ms, "speaks from this time on"},
                 cbor::Field{13, "until_ms", &Record::until_ms, "speaks before this time"},
                 cbor::Field{14, "replaces", &Record::replaces}, cbor::Field{15, "replaced_by", &Record::replaced_by},
                 cbor::Field{16, "reason", &Record::reason, "why it was revoked"}});

  bool speaks_at(std::uint64_t time_ms) const {
    return state == State::active && (!from_ms || *from_ms <= time_ms) && (!until_ms || time_ms < *until_ms);
  }
};

// By the member for itself, by a part's maker who has it in custody, by a device's owner.
struct Register {
  crypto::PublicKey key;
  Purpose purpose{};
  Subject subject;
  crypto::Signature possession;
  static constexpr statement::Kind kind{0x0201, "key.register", statement::Signers::one, 4096};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Register::key, "COSE_Key"},
                 cbor::Field{2, "purpose", &Register::purpose, "what the key is for"},
                 cbor::Field{3, "subject", &Register::subject, "whom it will speak for"},
                 cbor::Field{4, "possession", &Register::possession, "proof that the subject holds the key"}};
};

// By the key itself: `key` takes over when the veto time has passed.
struct Rotate {
  crypto::PublicKey key;
  crypto::Signature possession;
  static constexpr statement::Kind kind{0x0202, "key.rotate", statement::Signers::one, 1};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Rotate::key, "the successor"},
                 cbor::Field{2, "possession", &Rotate::possession, "proof that the signer holds it"}};
};

// By who answers for the subject (a device's owner; another key of the member), before the successor speaks.
struct Veto {
  Digest successor;
  static constexpr statement::Kind kind{0x0203, "key.veto", statement::Signers::one, 64};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "successor", &Veto::successor, "thumbprint of the key that shall not speak"}};
};

// By the key itself, or by who answers for its subject. Immediate, and for ever.
struct Revoke {
  Digest key;
  Reason reason{};
  static constexpr statement::Kind kind{0x0204, "key.revoke", statement::Signers::one, 4096};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &Revoke::key, "thumbprint"}, cbor::Field{2, "reason", &Revoke::reason, "why"}};
};

}  // namespace mikusari::key
