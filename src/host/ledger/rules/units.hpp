// SPDX-License-Identifier: Apache-2.0
// What stands in what: parts, the units (boards, devices) that hold them, and the way from each up to its root.
//
// A part names its parent, the unit that it was mounted in first; while it is disputed, `claims` names all units that
// claim it, the parent first. A unit lists its children: the parts that it claims. Following parents from any part
// leads to one root: a device, or a board or part that is mounted nowhere. Who owns the root device, or has custody of
// the root part, answers for everything below.
//
// Kept true here, for every rule that mounts or takes out:
// - A unit's parts change only while neither the unit nor any unit above it is disputed. So nothing can come to stand
//   in itself, over whatever claim, and nobody changes what others say is theirs.
// - At most part::levels_max units stand in each other: every walk is bounded.
// - Each change touches every unit up to the root, whose seq moves: who accepts a device by its seq accepts what is in
//   it at any depth.
// - disputes(unit) = for each child: 1 if it is disputed, and disputes(child) if the unit is its parent.
// - What left a destroyed device, or came in as unknown, is salvaged whenever it is mounted nowhere, and so is what is
//   taken out of a salvaged board: it never passes for new again.
#pragma once

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

// A unit and the units above it, in one reading of the state.
struct Chain {
  struct Board {
    Id id;
    part::Record record;
  };
  std::vector<Board> boards;  // the unit first, up to the one below the device or the root itself
  struct Device {
    Id id;
    device::Record record;
  };
  std::optional<Device> device;  // the root, when it is one

  bool holds(const Id& id) const;
  // Owner of the root device, or custodian of the root board.
  std::string_view answers() const;
  std::string root_named() const;
  const part::Children& children() const;  // of the unit itself
};

// `not_registered` when there is no such board or device.
Checked<Chain> chain_of(const View& view, const Id& unit);

// Who answers for a part: for the root of the unit it is mounted in, or its custodian.
std::string_view answers_for(const View& view, const part::Record& part);

// The speaking member answers for the unit, and neither it nor a unit above is disputed, scrapped or on its way.
Checked<> check_may_change(const Said& said, const Chain& chain);
// ... and more parts may be mounted: the root is no retired device and not salvaged, the unit is a board by its model.
Checked<> check_may_grow(const View& view, const Chain& chain);

// How the owner stands to parts that are not what they should be.
enum class Acceptance : std::uint8_t { known_only, accept_unknown };

// What a unit gains by a part that now stands in it.
struct Mounted {
  bool disputed = false;       // another unit claims the part too, or it is disputed otherwise
  std::uint64_t disputes = 0;  // to be added to the unit's
  std::uint64_t levels = 0;    // the unit has at least so many below it
};
// The part's side of a mount, with all proofs; the caller gives the unit its child. `above` are the unit and those above
// it, which may not be mounted in themselves; empty for a new unit.
Checked<Mounted> mount(const Said& said, const View& view, Changes& changes, const device::Mount& mount, const Id& unit,
                       const Chain& above, Acceptance acceptance);

// Gives the chain's unit a child and tells all above. `too_many_mounts`, `too_deep`.
Checked<> add_child(Changes& changes, Chain chain, const Id& part, const Mounted& mounted);

enum class Leaving : std::uint8_t { as_stock, as_salvaged };
// The part's side of leaving a unit: what it was mounted in, or one claim of several. `holder` has it then, when no other
// unit claims it. Returns how many disputes the unit loses.
std::uint64_t leave(const View& view, Changes& changes, const Id& part, const Id& unit, std::string_view holder, Leaving leaving);
// Takes the child from the chain's unit and tells all above.
void remove_child(Changes& changes, Chain chain, const Id& part, std::uint64_t disputes);

// A mounted part becomes disputed by a member; or the dispute is taken back.
void open_dispute(const View& view, Changes& changes, const Id& part, std::string_view member);
void withdraw_dispute(const View& view, Changes& changes, const Id& part);

}  // namespace mikusari::ledger
