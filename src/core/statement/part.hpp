// SPDX-License-Identifier: Apache-2.0
// Family `part`: chips, boards, modules, batteries, from their birth to scrap. A board is a part that other parts are
// mounted in (device.assemble). A part has at most one parent; the first titled mount stands.
#pragma once

#include "statement/thing.hpp"

namespace mikusari::part {

enum class State : std::uint8_t {
  stock = 1,     // mounted nowhere
  mounted = 2,   // in exactly one unit
  scrapped = 3,  // never acts again
};
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{stock, "stock"}, cbor::Name{mounted, "mounted"}, cbor::Name{scrapped, "scrapped"}};
}

// What is known of a part's mount.
enum class Grade : std::uint8_t {
  proven = 1,   // the part's own key has signed for this unit
  claimed = 2,  // the assembler says so: the part has no key that speaks
};
constexpr auto names_of(Grade) {
  return std::array{cbor::Name{Grade::proven, "proven"}, cbor::Name{Grade::claimed, "claimed"}};
}

// The state's entry of a part: path part/<id>. `accepted`, `salvaged` and `revoked` are the part's for ever.
struct Record : thing::Record {
  State state{};
  std::optional<Id> parent;            // the unit that it is mounted in
  std::optional<Grade> grade;          // of its mount
  cbor::Sparse<bool> accepted;         // once accepted by an owner as unknown, salvaged or without a speaking key
  cbor::Sparse<bool> salvaged;         // once left a destroyed, salvaged or accepted unit
  cbor::Sparse<bool> revoked;          // once had a key that was revoked: who mounts it must accept it
  cbor::Sparse<std::uint64_t> levels;  // of parts below it, at most; never goes down
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}},
      cbor::detail::without_first<std::tuple_size_v<decltype(Head::fields)>>(thing::Record::fields),
      std::tuple{cbor::Field{32, "parent", &Record::parent, "unit it is mounted in"},
                 cbor::Field{33, "grade", &Record::grade, "how the mount is known"},
                 cbor::Field{34, "accepted", &Record::accepted, "once accepted by an owner as it is; for ever"},
                 cbor::Field{35, "salvaged", &Record::salvaged, "once left a destroyed or salvaged unit; for ever"},
                 cbor::Field{36, "revoked", &Record::revoked, "once had a key that was revoked; for ever"},
                 cbor::Field{37, "levels", &Record::levels, "levels of parts below it, at most"}});
};

// By a maker, of a model of its own. The id follows from maker and nonce (names.hpp).
struct Register {
  Bytes<32> nonce;
  Id model;
  std::optional<thing::Class> blinded_class;  // the model is blinded, and of this class
  std::optional<crypto::PublicKey> key;
  std::optional<crypto::Signature> possession;  // with a key
  std::optional<key::Level> level;
  std::optional<Digest> commitment;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0401, "part.register", statement::Signers::one, 4096, statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "nonce", &Register::nonce, "random, or HMAC(secret of the lot, serial number)"},
                 cbor::Field{2, "model", &Register::model, "id of the model, or its blinded form"},
                 cbor::Field{3, "blinded_class", &Register::blinded_class, "the model is blinded, and of this class"},
                 cbor::Field{4, "key", &Register::key, "COSE_Key of the part"},
                 cbor::Field{5, "possession", &Register::possession, "proof that the part holds the key"},
                 cbor::Field{6, "level", &Register::level, "where the key is"},
                 cbor::Field{7, "commitment", &Register::commitment, "salted hash of the private record"},
                 cbor::Field{8, "at", &Register::at, "where and with what"}};
};

enum class Finding : std::uint8_t { passed = 1, failed = 2, repaired = 3, observed = 4 };
constexpr auto names_of(Finding) {
  using enum Finding;
  return std::array{cbor::Name{passed, "passed"}, cbor::Name{failed, "failed"}, cbor::Name{repaired, "repaired"},
                    cbor::Name{observed, "observed"}};
}

// By who holds the thing, or an inspector whom its owner or a vote has named.
struct Inspect {
  thing::Type type{};
  Id thing;
  Finding finding{};
  std::optional<Digest> evidence;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0402, "part.inspect", statement::Signers::one, 4096};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &Inspect::type, "part or device"},
                 cbor::Field{2, "thing", &Inspect::thing, "its id"}, cbor::Field{3, "finding", &Inspect::finding},
                 cbor::Field{4, "evidence", &Inspect::evidence, "digest of the report"},
                 cbor::Field{5, "at", &Inspect::at, "where and with what"}};
};

// By the owner of a part that is mounted nowhere and holds no parts, naming its title counter.
struct Scrap {
  Id part;
  std::uint64_t on = 0;
  static constexpr statement::Kind kind{0x0403, "part.scrap",           statement::Signers::one,
                                        4096,   statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "part", &Scrap::part, "which part"},
                                            cbor::Field{2, "on", &Scrap::on, "its title counter"}};
};

}  // namespace mikusari::part
