// SPDX-License-Identifier: Apache-2.0
// Parts come to stand in units, are claimed by several, and leave. Every rule that changes what stands in what does it
// here, so that this stays true:
//
// - A unit's parts change only while neither it nor any unit above it is claimed by several units (check_may_change).
// So
//   nothing can come to stand in itself, over whatever claim, and nobody changes what others say is theirs. A dispute
//   that a member opened does not stop repairs.
// - A unit lists as children exactly the parts that claim it or name it as their parent. At most part::levels_max units
//   stand in each other: every walk is bounded.
// - Each change touches every unit up to the root, so that its seq moves: who accepts a device by its seq accepts what
//   is in it at any depth.
// - disputes(unit) = for each child: 1 if the child is disputed, and disputes(child) if the unit is its parent.
// - What left a destroyed device, or came in as unknown, is salvaged whenever it is mounted nowhere, and so is what is
//   taken out of a salvaged board: it never passes for new again.
// - A second claim by the part's own key, or by who answers for the part, never silently loses: the part is disputed.
//   Others, who can show neither, are refused: they could bring any device into dispute.
#pragma once

#include "ledger/rules/chain.hpp"

namespace mikusari::ledger {

enum class Acceptance : std::uint8_t { known_only, accept_unknown };

// What a unit gains by a part that now stands in it.
struct Mounted {
  bool disputed = false;       // others claim the part too, or a member disputes it
  std::uint64_t disputes = 0;  // to be added to the unit's
  std::uint64_t levels = 0;    // the unit has so many below it now, at least
};

// The part's side of a mount: custody, proof by the part's key, acceptance; the caller gives the unit its child.
// `above` are the unit and those above it, none of which may be mounted in it; null for a unit that is being made.
Checked<Mounted> mount(const Said& said, const View& view, Changes& changes, const device::Mount& mount, const Id& unit,
                       const Chain* above, Acceptance acceptance);

// Gives the unit its child and tells all units above. `too_many_mounts`, `too_deep`.
Checked<> add_child(const View& view, Changes& changes, const Id& unit, const Id& part, const Mounted& mounted);

enum class Leaving : std::uint8_t { as_stock, as_salvaged };
// The part's side of leaving a unit that it is mounted in, or whose claim to it is withdrawn. When no other unit claims
// it, `holder` has it. When one is left, it is mounted there. Returns how many disputes the unit loses.
std::uint64_t leave(const View& view, Changes& changes, const Id& part, const Id& unit, std::string_view holder,
                    Leaving leaving);
// Takes the child from the unit and tells all units above.
void remove_child(const View& view, Changes& changes, const Id& unit, const Id& part, std::uint64_t disputes);

// A mounted part is disputed by a member from now on. REQUIRES: state mounted.
void open_dispute(const View& view, Changes& changes, const Id& part, std::string_view member);
// REQUIRES: disputed_by is set.
void withdraw_dispute(const View& view, Changes& changes, const Id& part);

}  // namespace mikusari::ledger
