// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/custody.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;
using statement::Gains;

namespace {

// A thing that can be handed from hand to hand: also a retired device.
Checked<Thing> movable(const View& view, thing::Type type, const Id& id) {
  TRY(auto thing, thing_at(view, type, id));
  const bool gone = thing.part() != nullptr ? thing.part()->state == part::State::scrapped
                                            : thing.device()->state == device::State::destroyed;
  if (gone) return refuse(retired_or_destroyed, thing.named());
  if (thing.is_mounted()) return refuse(mounted_elsewhere, thing.named(), platform::to_hex(*thing.part()->parent));
  return thing;
}

Checked<> check_may_ship_with_title(const custody::Ship& body, const Said& said, const Thing& thing) {
  TRY(check_owner(said, thing.common().owned_by(), thing.named()));
  TRY(check_on(*body.on, thing.common().title, thing.named()));
  if (!thing.lives()) return refuse(retired_or_destroyed, thing.named());
  if (thing.common().is_offered()) return refuse(being_handed_over, thing.named());
  return {};
}

Checked<> check_consignee(const Said& said, const Thing& thing) {
  if (!thing.common().shipped_to) return refuse(wrong_state, thing.named());
  if (!said.is_party(*thing.common().shipped_to))
    return refuse(not_entitled, thing.named(), party_named(*thing.common().shipped_to));
  return {};
}

// The shipment ends, and with it a title that was on its way.
Gains end_shipment(thing::Record& record) {
  const bool with_title = record.shipped_with_title.value;
  record.shipped_to.reset();
  record.shipped_with_title = false;
  return with_title ? Gains::life : Gains::history;
}

}  // namespace

Ruling apply(const custody::Ship& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, movable(view, body.type, body.thing));
  auto& record = thing.common();
  TRY(const Handle party, speaking_party(said, thing.named()));
  if (record.held_by() != party) return refuse(not_in_custody, thing.named(), party_named(record.held_by()));
  if (record.shipped_to) return refuse(in_transit, thing.named());
  if (body.to == party) return refuse(wrong_state, thing.named());
  TRY(acting_party(view, body.to));
  if (body.on) TRY(check_may_ship_with_title(body, said, thing));
  record.shipped_to = body.to;
  if (body.on) {
    record.shipped_with_title = true;
    record.title += 1;
  }
  thing.put(changes, body.on ? Gains::life : Gains::history);
  return Ruling::done();
}

Ruling apply(const custody::Receive& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, movable(view, body.type, body.thing));
  TRY(check_consignee(said, thing));
  auto& record = thing.common();
  const Handle party = *said.party();
  if (!record.shipped_with_title.value) {
    if (body.on || !body.keep.empty()) return refuse(malformed_body);
    record.give(record.owned_by(), party);
    record.shipped_to.reset();
    thing.put(changes, Gains::history);
    return Ruling::done();
  }
  if (!body.on) return refuse(stale, thing.named());
  TRY(check_on(*body.on, record.title, thing.named()));
  const Handle before = record.owned_by();
  TRY(change_owner(changes, thing, party, party, body.keep));
  TRY(count_ownership(view, changes, thing, before, party));
  return Ruling::done();
}

Ruling apply(const custody::Refuse& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, movable(view, body.type, body.thing));
  TRY(check_consignee(said, thing));
  // The title counter stays: who is sent a thing makes no statement of its owner's stale.
  const Gains gain = end_shipment(thing.common());
  thing.put(changes, gain);
  return Ruling::done();
}

Ruling apply(const custody::Recall& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, movable(view, body.type, body.thing));
  auto& record = thing.common();
  const Handle owner = record.owned_by();
  TRY(check_owner(said, owner, thing.named()));
  if (!record.shipped_to && record.held_by() == owner) return refuse(wrong_state, thing.named());
  const Gains gain = end_shipment(record);
  if (gain == Gains::life) record.title += 1;
  record.give(owner, owner);
  thing.put(changes, gain);
  return Ruling::done();
}

}  // namespace mikusari::ledger
