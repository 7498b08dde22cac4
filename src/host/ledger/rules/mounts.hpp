// SPDX-License-Identifier: Apache-2.0
// Parts come to stand in units and leave. Every rule that changes what stands in what does it here, so that this stays
// true:
//
// - A unit lists as children exactly the parts that name it as their parent. At most thing::levels_max units stand in
//   each other: every walk is bounded.
// - The first titled mount stands. A second one never succeeds: with the part's own signature, or by its maker, it is
//   an alarm on the part and on both roots, which blocks nobody; without, it is refused.
// - What left a destroyed device, and what leaves a salvaged or accepted unit at any depth, is salvaged for ever.
// - Nothing is written below what changes: owner, custodian and hand-over of a mounted part are its root's.
#pragma once

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

enum class Acceptance : std::uint8_t { as_new, as_it_is };

// What became of a part that was to be mounted.
struct Mounted {
  bool alarm = false;        // it stands elsewhere: nothing was mounted
  std::uint64_t levels = 0;  // the unit has so many below it now, at least
  std::string elsewhere;     // where it stands, for people
};

// The part's side of a mount by the party that owns and holds it; the caller gives the unit its child. `above` is the
// chain from the unit up, none of which may be mounted in it; null for a unit that is being made.
Checked<Mounted> mount(const Said& said, const View& view, Changes& changes, const device::Mount& mount, const Id& unit,
                       const Chain* above, Acceptance acceptance);

// Gives the unit its child, and tells the units above how deep they are. `too_many_mounts`, `too_deep`.
Checked<> add_child(Changes& changes, const Chain& chain, const Id& part, std::uint64_t levels);
void remove_child(const View& view, Changes& changes, const Id& unit, const Id& part);

enum class Leaving : std::uint8_t { as_it_is, as_salvaged };
// The part's side of leaving its unit: it belongs to `owner`, who holds it, in a new tenure.
Checked<> leave(const View& view, Changes& changes, const Id& part, const Handle& owner, const thing::Keep& keep,
                Leaving leaving);
// Whether what leaves a unit is salvaged by that.
Leaving leaving_of(const Chain& chain);

}  // namespace mikusari::ledger
