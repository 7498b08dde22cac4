// SPDX-License-Identifier: Apache-2.0
// Family `custody`: who holds a thing now. Both sides sign: one ships, the other receives. The owner may ship with
// title: who receives the thing then owns it.
#pragma once

#include "statement/thing.hpp"

namespace mikusari::custody {

// By the custodian; with title by the owner who holds the thing, naming its title counter (`on`).
struct Ship {
  thing::Type type{};
  Id thing;
  Handle to;
  std::optional<std::uint64_t> on;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0601, "custody.ship", statement::Signers::one, 4096};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &Ship::type, "part or device"}, cbor::Field{2, "thing", &Ship::thing, "its id"},
                 cbor::Field{3, "to", &Ship::to, "the party that shall receive it"},
                 cbor::Field{4, "on", &Ship::on, "its title counter: with it the title goes too"},
                 cbor::Field{5, "at", &Ship::at, "where and with what"}};
};

// By whom it was shipped to; with title, naming the title counter as the shipment left it and the keys that go on.
struct Receive {
  thing::Type type{};
  Id thing;
  std::optional<std::uint64_t> on;
  thing::Keep keep;
  std::optional<thing::At> at;
  static constexpr statement::Kind kind{0x0602, "custody.receive",         statement::Signers::one,
                                        4096,   statement::Gains::history, statement::Purpose::taking};
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "type", &Receive::type, "part or device"}, cbor::Field{2, "thing", &Receive::thing, "its id"},
      cbor::Field{3, "on", &Receive::on, "its title counter, when it comes with title"},
      cbor::Field{4, "keep", &Receive::keep, "keys that go on, when it comes with title"},
      cbor::Field{5, "at", &Receive::at, "where and with what"}};
};

// By whom it was shipped to: it does not take it, and the shipment ends.
struct Refuse {
  thing::Type type{};
  Id thing;
  static constexpr statement::Kind kind{0x0603, "custody.refuse",          statement::Signers::one,
                                        4096,   statement::Gains::history, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "type", &Refuse::type, "part or device"},
                                            cbor::Field{2, "thing", &Refuse::thing, "its id"}};
};

// By the owner, whoever holds it: any shipment ends, and the owner is the custodian.
struct Recall {
  thing::Type type{};
  Id thing;
  static constexpr statement::Kind kind{0x0604, "custody.recall",          statement::Signers::one,
                                        4096,   statement::Gains::history, statement::Purpose::exit};
  static constexpr auto fields = std::tuple{cbor::Field{1, "type", &Recall::type, "part or device"},
                                            cbor::Field{2, "thing", &Recall::thing, "its id"}};
};

}  // namespace mikusari::custody
