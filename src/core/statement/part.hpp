// SPDX-License-Identifier: Apache-2.0
// Family `part`: chips, boards, modules, batteries, from their birth to scrap. A board is a part that other parts are
// mounted in (device.assemble). A part has at most one undisputed living parent.
#pragma once

#include "cose/key.hpp"
#include "statement/head.hpp"
#include "statement/kind.hpp"

namespace mikusari::part {

enum class State : std::uint8_t {
  stock = 1,     // in somebody's custody, mounted nowhere
  mounted = 2,   // in exactly one unit
  disputed = 3,  // more than one unit claims it, or `disputed_by` says so
  salvaged = 4,  // left over from a destroyed device, or once accepted as unknown: who mounts it must accept it
  scrapped = 5,  // never acts again
};
constexpr auto names_of(State) {
  using enum State;
  return std::array{cbor::Name{stock, "stock"}, cbor::Name{mounted, "mounted"}, cbor::Name{disputed, "disputed"},
                    cbor::Name{salvaged, "salvaged"}, cbor::Name{scrapped, "scrapped"}};
}

// What is known of a part's mount.
enum class Grade : std::uint8_t {
  proven = 1,    // the part's own key has signed for this unit
  claimed = 2,   // the part has no key: the assembler says so
  accepted = 3,  // unknown or salvaged, accepted by the owner's recorded choice
};
constexpr auto names_of(Grade) {
  using enum Grade;
  return std::array{cbor::Name{proven, "proven"}, cbor::Name{claimed, "claimed"}, cbor::Name{accepted, "accepted"}};
}

using Children = cbor::List<Id, limits::mounts_max>;
using Claims = cbor::List<Id, limits::claims_max>;

// Units above each other, the device included, are at most this many: every walk from a part to its root is bounded.
constexpr std::uint64_t levels_max = 8;

// The state's entry of a part: path part/<id>.
struct Record : Head {
  State state{};
  std::optional<Id> model;  // none for an unknown part that an owner accepted
  std::string_view maker;
  std::string_view custodian;  // of a mounted part: who mounted it; who holds the unit holds the part
  std::optional<std::string_view> in_transit_to;
  std::optional<Digest> key;                    // of a rotation that is under way: the successor
  std::optional<Id> parent;                     // the unit that it was mounted in first
  Claims claims;                                // all units that claim it while it is disputed, the parent among them
  std::optional<Grade> grade;                   // of its mount
  Children children;                            // what is mounted in it
  std::optional<Digest> commitment;             // salted hash of what only its maker tells
  std::optional<std::string_view> disputed_by;  // the member whose device.dispute is not taken back
  // Disputed parts in it: each disputed child once, and what stands in the children that have it as their parent.
  std::uint64_t disputes = 0;
  std::uint64_t levels = 0;  // of units and parts below it, at most; never goes down
  static constexpr auto fields = std::tuple_cat(
      Head::fields, std::tuple{cbor::Field{8, "state", &Record::state}, cbor::Field{9, "model", &Record::model},
                               cbor::Field{10, "maker", &Record::maker},
                               cbor::Field{11, "custodian", &Record::custodian, "who holds it"},
                               cbor::Field{12, "in_transit_to", &Record::in_transit_to},
                               cbor::Field{13, "key", &Record::key, "thumbprint"},
                               cbor::Field{14, "parent", &Record::parent, "unit it is mounted in"},
                               cbor::Field{15, "claims", &Record::claims, "units that claim it while it is disputed"},
                               cbor::Field{16, "grade", &Record::grade, "how the mount is known"},
                               cbor::Field{17, "children", &Record::children, "parts mounted in it"},
                               cbor::Field{18, "commitment", &Record::commitment},
                               cbor::Field{19, "disputed_by", &Record::disputed_by, "who disputes it"},
                               cbor::Field{20, "disputes", &Record::disputes, "disputed parts in it"},
                               cbor::Field{21, "levels", &Record::levels, "levels of parts below it, at most"}});
};

struct Register {
  Id part;
  Id model;
  std::optional<crypto::PublicKey> key;
  std::optional<crypto::Signature> possession;  // with a key
  std::optional<Digest> commitment;
  static constexpr statement::Kind kind{0x0401, "part.register", statement::Signers::one, 4096};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "part", &Register::part, "blinded id: random, or HMAC(tenant secret, serial number)"},
                 cbor::Field{2, "model", &Register::model, "id of the model"},
                 cbor::Field{3, "key", &Register::key, "COSE_Key of the part"},
                 cbor::Field{4, "possession", &Register::possession, "proof that the part holds the key"},
                 cbor::Field{5, "commitment", &Register::commitment, "salted hash of the private record"}};
};

// By who has custody; the part must be mounted nowhere.
struct Scrap {
  Id part;
  static constexpr statement::Kind kind{0x0403, "part.scrap", statement::Signers::one, 4096};
  static constexpr auto fields = std::tuple{cbor::Field{1, "part", &Scrap::part, "which part"}};
};

}  // namespace mikusari::part
