// SPDX-License-Identifier: Apache-2.0
// Family `device`: assembly, life and end of devices. A device has one owner; once destroyed it never acts again.
#pragma once

#include "statement/part.hpp"

namespace mikusari::device {

enum class State : std::uint8_t { assembled = 1, active = 2, suspended = 3, retired = 4, destroyed = 5 };
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{assembled, "assembled"}, cbor::Name{active, "active"},
                    cbor::Name{suspended, "suspended"}, cbor::Name{retired, "retired"},
                    cbor::Name{destroyed, "destroyed"}};
}

// The state's entry of a device: path device/<id>. Destroyed, it is a tombstone: no keys, no children, no offer.
struct Record : thing::Record {
  State state{};
  static constexpr auto fields =
      std::tuple_cat(Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}},
                     cbor::detail::without_first<std::tuple_size_v<decltype(Head::fields)>>(thing::Record::fields));

  bool lives() const { return state != State::retired && state != State::destroyed; }
};

// One part in a unit. `proof` is the part's signature over (ledger, assembler, unit, part, n), see possession.hpp.
struct Mount {
  Id part;
  std::optional<crypto::Signature> proof;
  static constexpr auto fields = std::tuple{cbor::Field{1, "part", &Mount::part, "which part"},
                                            cbor::Field{2, "proof", &Mount::proof, "signature by the part's key"}};
};
using Mounts = cbor::List<Mount, limits::mounts_max>;

enum class UnitType : std::uint8_t { board = 1, device = 2 };
constexpr auto names_of(UnitType) {
  return std::array{cbor::Name{UnitType::board, "board"}, cbor::Name{UnitType::device, "device"}};
}

// Makes a new unit, a board or a device, of parts that the assembler owns and holds. A part that stands elsewhere is
// left where it is: with the part's own signature, or by its maker, that is an alarm that names both.
struct Assemble {
  Bytes<32> nonce;
  UnitType type{};
  Id model;
  std::optional<thing::Class> blinded_class;
  Mounts mounts;
  std::optional<Digest> commitment;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0501, "device.assemble", statement::Signers::one, 1024,
                                        statement::Gains::life};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "nonce", &Assemble::nonce, "random: the unit's id follows from it"},
                 cbor::Field{2, "type", &Assemble::type, "board or device"},
                 cbor::Field{3, "model", &Assemble::model, "id of the model, or its blinded form"},
                 cbor::Field{4, "blinded_class", &Assemble::blinded_class, "the model is blinded, and of this class"},
                 cbor::Field{5, "mounts", &Assemble::mounts, "its parts"},
                 cbor::Field{6, "commitment", &Assemble::commitment, "salted hash of the private record"},
                 cbor::Field{7, "at", &Assemble::at, "where and with what"}};
};

// Mounts one more part in a unit: by its owner, who may accept a part that is salvaged or whose key does not speak
// (`accept`), or that the ledger does not know (`nonce` instead of `part`: it is born under an id of the owner's).
struct Attach {
  Id unit;
  std::optional<Id> part;
  std::optional<Bytes<32>> nonce;
  std::optional<crypto::Signature> proof;
  cbor::Sparse<bool> accept;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0502, "device.attach", statement::Signers::one, 1024, statement::Gains::life};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "unit", &Attach::unit, "board or device"},
      cbor::Field{2, "part", &Attach::part, "which part"},
      cbor::Field{3, "nonce", &Attach::nonce, "of a part that the ledger does not know: its id follows from it"},
      cbor::Field{4, "proof", &Attach::proof, "signature by the part's key"},
      cbor::Field{5, "accept", &Attach::accept, "the owner accepts the part as it is"},
      cbor::Field{6, "at", &Attach::at, "where and with what"}};
};

// Takes a part out of a unit: by the unit's owner, who then owns and holds it.
struct Detach {
  Id unit;
  Id part;
  thing::Keep keep;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0503, "device.detach",        statement::Signers::one,
                                        1024,   statement::Gains::life, statement::Purpose::going_on};
  static constexpr auto fields = std::tuple{cbor::Field{1, "unit", &Detach::unit, "board or device"},
                                            cbor::Field{2, "part", &Detach::part, "which part"},
                                            cbor::Field{3, "keep", &Detach::keep, "the part's keys that go on"},
                                            cbor::Field{4, "at", &Detach::at, "where and with what"}};
};

enum class Cause : std::uint8_t { copied = 1, opened = 2, set_back = 3, misbehaving = 4, other = 5 };
constexpr auto names_of(Cause) {
  using enum Cause;
  return std::array{cbor::Name{copied, "copied"}, cbor::Name{opened, "opened"}, cbor::Name{set_back, "set_back"},
                    cbor::Name{misbehaving, "misbehaving"}, cbor::Name{other, "other"}};
}

// By the device itself, its owner, or a gate of its owner. It is counted for ever, and blocks nobody.
struct Alarm {
  thing::Type type{};
  Id thing;
  Cause cause{};
  std::optional<Id> about;
  std::optional<Digest> evidence;
  static constexpr statement::Kind kind{0x0504, "device.alarm", statement::Signers::one, 64};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &Alarm::type, "part or device"},
                 cbor::Field{2, "thing", &Alarm::thing, "its id"}, cbor::Field{3, "cause", &Alarm::cause},
                 cbor::Field{4, "about", &Alarm::about, "the other thing that it is about"},
                 cbor::Field{5, "evidence", &Alarm::evidence, "digest of the evidence"}};
};

// The device itself, with its own wallet key, says that it lives.
struct Activate {
  Id device;
  static constexpr statement::Kind kind{0x0506, "device.activate", statement::Signers::one, 1};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Activate::device, "the signer"}};
};

// By the owner: gates refuse it until it is resumed.
struct Suspend {
  Id device;
  static constexpr statement::Kind kind{0x0507, "device.suspend",       statement::Signers::one,
                                        4096,   statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Suspend::device, "which device"}};
};
struct Resume {
  Id device;
  static constexpr statement::Kind kind{0x0508, "device.resume", statement::Signers::one, 4096, statement::Gains::life};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Resume::device, "which device"}};
};

// By the owner, naming the title counter: its keys fall silent at once and it never comes back.
struct Retire {
  Id device;
  std::uint64_t on = 0;
  static constexpr statement::Kind kind{0x0509, "device.retire",        statement::Signers::one,
                                        64,     statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Retire::device, "which device"},
                                            cbor::Field{2, "on", &Retire::on, "its title counter"}};
};

// By the owner of a retired device with two witnesses, naming the title counter: only a tombstone is left; its parts
// are salvaged.
struct Destroy {
  Id device;
  std::uint64_t on = 0;
  std::optional<Digest> evidence;
  static constexpr statement::Kind kind{0x050a, "device.destroy",       statement::Signers::witnesses,
                                        1,      statement::Gains::life, statement::Purpose::exit};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "device", &Destroy::device, "which device"},
                 cbor::Field{2, "on", &Destroy::on, "its title counter"},
                 cbor::Field{3, "evidence", &Destroy::evidence, "digest of the report of its destruction"}};
};

}  // namespace mikusari::device
