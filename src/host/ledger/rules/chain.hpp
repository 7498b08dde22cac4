// SPDX-License-Identifier: Apache-2.0
// The way from a unit (a board or device that parts are mounted in) up to its root, and who answers for it.
//
// A part names its parent, the unit that it was mounted in first; while it is disputed, `claims` names all units that
// claim it, the parent first. Following parents from any part leads to one root: a device, or a board or part that is
// mounted nowhere. Who owns the root device, or has custody of the root part, answers for everything below.
#pragma once

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

// A unit and the units above it, as one reading of the state found them. At most part::levels_max.
struct Chain {
  struct Board {
    Id id;
    part::Record record;
  };
  struct Device {
    Id id;
    device::Record record;
  };
  std::vector<Board> boards;     // the unit first, up to the root or to the board that is mounted in the device
  std::optional<Device> device;  // the root, when it is one

  bool holds(const Id& id) const;
  std::string_view answers() const;  // owner of the root device, or custodian of the root board
  part::Children children() const;   // of the unit itself
};

// `not_registered` when there is no such board or device.
Checked<Chain> chain_of(const View& view, const Id& unit);

// Who answers for a part: for the root of the unit that it is mounted in, or as its custodian.
std::string_view answers_for(const View& view, const part::Record& part);

// May the speaking member take parts from this unit or mount them? Neither it nor a unit above is destroyed or scrapped
// (`retired_or_destroyed`), claimed by several units, or on its way; and the member answers for it (`not_entitled`).
Checked<> check_may_change(const Said& said, const Chain& chain);
// May parts be mounted in it? The root is a device that is not retired or a board in stock (a salvaged one is first
// accepted somewhere), and the unit is a board by its model.
Checked<> check_may_grow(const View& view, const Chain& chain);

}  // namespace mikusari::ledger
