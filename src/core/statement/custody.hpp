// SPDX-License-Identifier: Apache-2.0
// Family `custody`: who holds a thing now. Both sides sign: one ships, the other receives.
#pragma once

#include "statement/kind.hpp"

namespace mikusari::custody {

enum class Thing : std::uint8_t { part = 1, device = 2 };
constexpr auto names_of(Thing) {
  return std::array{cbor::Name{Thing::part, "part"}, cbor::Name{Thing::device, "device"}};
}

struct Ship {
  Thing type{};
  Id thing;
  std::string_view to;
  static constexpr statement::Kind kind{0x0601, "custody.ship", statement::Signers::one, 4096};
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "type", &Ship::type, "part or device"}, cbor::Field{2, "thing", &Ship::thing, "its id"},
                 cbor::Field{3, "to", &Ship::to, "the member who shall receive it"}};
};

struct Receive {
  Thing type{};
  Id thing;
  static constexpr statement::Kind kind{0x0602, "custody.receive", statement::Signers::one, 4096};
  static constexpr auto fields = std::tuple{cbor::Field{1, "type", &Receive::type, "part or device"},
                                            cbor::Field{2, "thing", &Receive::thing, "its id"}};
};

}  // namespace mikusari::custody
