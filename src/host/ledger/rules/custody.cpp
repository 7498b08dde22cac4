// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/custody.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// What parts and devices have in common here.
template <class Record>
Checked<> ship(Record& record, const custody::Ship& body, const Said& said, const View& view,
               const std::string& named) {
  TRY(const auto member, speaking_member(said, named));
  if (record.custodian != member) return refuse(not_in_custody, named, member_named(record.custodian));
  if (body.to == member) {
    if (!record.in_transit_to) return refuse(wrong_state, named);
    record.in_transit_to.reset();
    return {};
  }
  if (record.in_transit_to) return refuse(in_transit, named);
  TRY(active_member(view, body.to));
  record.in_transit_to = body.to;
  return {};
}

template <class Record>
Checked<> receive(Record& record, const Said& said, const std::string& named) {
  if (!record.in_transit_to) return refuse(wrong_state, named);
  TRY(check_speaks(said, *record.in_transit_to, named));
  record.custodian = *record.in_transit_to;
  record.in_transit_to.reset();
  return {};
}

Checked<part::Record> movable_part(const View& view, const Id& id) {
  TRY(auto record, living_part(view, id));
  if (record.state != part::State::stock && record.state != part::State::salvaged)
    return refuse(wrong_state, part_named(id));
  return record;
}

Checked<device::Record> movable_device(const View& view, const Id& id) {
  TRY(auto record, device_at(view, id));
  if (record.state == device::State::destroyed) return refuse(retired_or_destroyed, device_named(id));
  return record;
}

}  // namespace

Verdict apply(const custody::Ship& body, const Said& said, const View& view, Changes& changes) {
  if (body.type == custody::Thing::part) {
    TRY(auto record, movable_part(view, body.thing));
    TRY(ship(record, body, said, view, part_named(body.thing)));
    changes.put(path::part(body.thing), record);
  } else {
    TRY(auto record, movable_device(view, body.thing));
    TRY(ship(record, body, said, view, device_named(body.thing)));
    changes.put(path::device(body.thing), record);
  }
  return Verdict::done();
}

Verdict apply(const custody::Receive& body, const Said& said, const View& view, Changes& changes) {
  if (body.type == custody::Thing::part) {
    TRY(auto record, movable_part(view, body.thing));
    TRY(receive(record, said, part_named(body.thing)));
    changes.put(path::part(body.thing), record);
  } else {
    TRY(auto record, movable_device(view, body.thing));
    TRY(receive(record, said, device_named(body.thing)));
    changes.put(path::device(body.thing), record);
  }
  return Verdict::done();
}

}  // namespace mikusari::ledger
