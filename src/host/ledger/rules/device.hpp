// SPDX-License-Identifier: Apache-2.0
// Rules of the family `device`: how units are made of parts, live and end. What a mount needs stands in mounts.hpp.
#pragma once

#include "ledger/rules/mounts.hpp"

namespace mikusari::ledger {

// By a maker, of a model of its own: device, or board and module. The assembler owns and holds each part, and then the
// new unit. A part that stands elsewhere stays there; with evidence that is an alarm, and the unit is born without it.
Ruling apply(const device::Assemble& body, const Said& said, const View& view, Changes& changes);
// By the owner of the unit's root, while nothing is being handed over and a root device is not retired.
Ruling apply(const device::Attach& body, const Said& said, const View& view, Changes& changes);
Ruling apply(const device::Detach& body, const Said& said, const View& view, Changes& changes);
// By the device itself, its owner, or a gate of its owner.
Ruling apply(const device::Alarm& body, const Said& said, const View& view, Changes& changes);
// By the device's own wallet key.
Ruling apply(const device::Activate& body, const Said& said, const View& view, Changes& changes);
// By the owner.
Ruling apply(const device::Suspend& body, const Said& said, const View& view, Changes& changes);
Ruling apply(const device::Resume& body, const Said& said, const View& view, Changes& changes);
// By the owner, naming the title counter; an open hand-over ends. Its parts stay in it until it is destroyed.
Ruling apply(const device::Retire& body, const Said& said, const View& view, Changes& changes);
// By the owner of a retired device, naming the title counter, with witnesses. A tombstone is left; the parts are
// salvaged and the owner's.
Ruling apply(const device::Destroy& body, const Said& said, const View& view, Changes& changes);
// Two witnesses with that role, of different registrars, none of them with an interest in the device: not the registrar
// of its owner, custodian, consignee or maker.
Checked<> approved(const device::Destroy& body, const Said& said, const View& view);

}  // namespace mikusari::ledger
