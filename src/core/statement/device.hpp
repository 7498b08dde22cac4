// SPDX-License-Identifier: Apache-2.0
// Family `device`: assembly, life and end of devices. A device has at most one owner; once destroyed it never acts
// again.
#pragma once

#include "statement/part.hpp"

namespace mikusari::device {

enum class State : std::uint8_t { assembled = 1, active = 2, retired = 3, destroyed = 4 };
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{assembled, "assembled"}, cbor::Name{active, "active"}, cbor::Name{retired, "retired"},
                    cbor::Name{destroyed, "destroyed"}};
}

using Keys = cbor::List<Digest, limits::keys_of_device_max>;

// The state's entry of a device: path device/<id>. Destroyed, it is a tombstone: no keys, no children, no offer.
struct Record : Head {
  State state{};
  Id model;
  std::string_view maker;
  std::string_view owner;
  std::optional<std::string_view> offered_to;
  std::string_view custodian;
  std::optional<std::string_view> in_transit_to;
  Keys keys;                    // that speak or will, in the order of registration; no longer those that ended
  part::Children children;      // the parts mounted in it
  std::uint64_t disputes = 0;   // disputed parts mounted in it, at any depth (see part::Record::disputes)
  std::uint64_t transfers = 0;  // how often it changed its owner
  std::optional<Digest> commitment;
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "model", &Record::model},
                               cbor::Field{10, "maker", &Record::maker}, cbor::Field{11, "owner", &Record::owner},
                               cbor::Field{12, "offered_to", &Record::offered_to, "to whom the owner offers it"},
                               cbor::Field{13, "custodian", &Record::custodian, "who holds it"},
                               cbor::Field{14, "in_transit_to", &Record::in_transit_to},
                               cbor::Field{15, "keys", &Record::keys, "thumbprints"},
                               cbor::Field{16, "children", &Record::children, "parts mounted in it"},
                               cbor::Field{17, "disputes", &Record::disputes, "disputed parts in it"},
                               cbor::Field{18, "transfers", &Record::transfers, "changes of owner so far"},
                               cbor::Field{19, "commitment", &Record::commitment}});
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

// Makes a new unit, a board or a device, of parts in the assembler's custody.
struct Assemble {
  Id unit;
  UnitType type{};
  Id model;
  Mounts mounts;
  std::optional<Digest> commitment;
  static constexpr statement::Kind kind{0x0501, "device.assemble", statement::Signers::one, 1024};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "unit", &Assemble::unit, "blinded id of the new unit"},
                 cbor::Field{2, "type", &Assemble::type, "board or device"},
                 cbor::Field{3, "model", &Assemble::model, "id of the model"},
                 cbor::Field{4, "mounts", &Assemble::mounts, "its parts"},
                 cbor::Field{5, "commitment", &Assemble::commitment, "salted hash of the private record"}};
};

// Mounts one more part in a unit: by its owner, who may accept a part that the ledger does not know.
struct Attach {
  Id unit;
  Mount mount;
  bool accept_unknown = false;
  static constexpr statement::Kind kind{0x0502, "device.attach", statement::Signers::one, 1024};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "unit", &Attach::unit, "board or device"}, cbor::Field{2, "mount", &Attach::mount, "the part"},
      cbor::Field{3, "accept_unknown", &Attach::accept_unknown, "the owner accepts an unknown or salvaged part"}};
};

// Takes a part out of a unit, or withdraws the unit's claim to a disputed part: by the unit's owner.
struct Detach {
  Id unit;
  Id part;
  static constexpr statement::Kind kind{0x0503, "device.detach", statement::Signers::one, 1024};
  static constexpr auto fields = std::tuple{cbor::Field{1, "unit", &Detach::unit, "board or device"},
                                            cbor::Field{2, "part", &Detach::part, "which part"}};
};

// Says that a mounted part is not what it claims: by the part's maker or the owner of the unit. The part stays
// disputed, also when it is taken out, until the same member takes the dispute back with `withdraw`.
struct Dispute {
  Id part;
  bool withdraw = false;
  static constexpr statement::Kind kind{0x0504, "device.dispute", statement::Signers::one, 64};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "part", &Dispute::part, "which part"},
                 cbor::Field{2, "withdraw", &Dispute::withdraw, "takes back the dispute that the signer opened"}};
};

// The device itself, with its own wallet key, says that it lives.
struct Activate {
  Id device;
  static constexpr statement::Kind kind{0x0506, "device.activate", statement::Signers::one, 1};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Activate::device, "the signer"}};
};

// By the owner, naming the record's seq (`on`): its keys are revoked at once and it never comes back.
struct Retire {
  Id device;
  static constexpr statement::Kind kind{0x0509, "device.retire", statement::Signers::one, 1, statement::On::required};
  static constexpr auto fields = std::tuple{cbor::Field{1, "device", &Retire::device, "which device"}};
};

// By the owner with two witnesses, naming the record's seq: only a tombstone is left; its parts are salvaged.
struct Destroy {
  Id device;
  std::optional<Digest> evidence;
  static constexpr statement::Kind kind{0x050a, "device.destroy", statement::Signers::witnesses, 1,
                                        statement::On::required};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "device", &Destroy::device, "which device"},
                 cbor::Field{2, "evidence", &Destroy::evidence, "hash of the report of its destruction"}};
};

}  // namespace mikusari::device
