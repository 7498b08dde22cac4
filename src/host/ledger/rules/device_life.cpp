// SPDX-License-Identifier: Apache-2.0
// The life and end of devices.
#include <algorithm>

#include "ledger/rules/device.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;
using device::State;

namespace {

Checked<device::Record> living_device(const View& view, const Id& id) {
  TRY(auto record, device_at(view, id));
  if (!record.lives()) return refuse(retired_or_destroyed, device_named(id));
  return record;
}

// By the owner: the device goes from one state to another.
Ruling change_state(const Said& said, const View& view, Changes& changes, const Id& id,
                    std::initializer_list<State> from, State to) {
  TRY(auto record, living_device(view, id));
  TRY(check_owner(said, record.owned_by(), device_named(id)));
  if (std::ranges::find(from, record.state) == from.end()) return refuse(wrong_state, device_named(id));
  record.state = to;
  changes.put(path::device(id), record);
  return Ruling::done();
}

Checked<> check_may_alarm(const Said& said, const View& view, const Thing& thing) {
  if (said.subject.type != SubjectType::party && said.subject.id == thing.id) return {};
  const auto chain = chain_from(view, thing);
  if (said.subject.type != SubjectType::party && chain.holds(said.subject.id)) return {};
  const Handle owner = chain.owner();
  if (said.is_party(owner)) return {};
  if (said.party() && holds_grant(view, said.block, *said.party(), Role::gate, owner, 0)) return {};
  return refuse(not_entitled, thing.named(), "the device itself, its owner, or a gate of the owner");
}

// The registrars of those who have an interest in the device.
Checked<std::vector<Handle>> interested(const View& view, const device::Record& record) {
  std::vector<Handle> out;
  for (const auto& party :
       {std::optional(record.owned_by()), std::optional(record.held_by()), record.shipped_to, record.maker}) {
    if (!party) continue;
    TRY(const auto its, party_at(view, *party));
    out.push_back(registrar_of(*party, its));
  }
  return out;
}

}  // namespace

Ruling apply(const device::Alarm& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto thing, thing_at(view, body.type, body.thing));
  TRY(check_may_alarm(said, view, thing));
  const auto subject = body.type == thing::Type::part ? subject_of_part(body.thing) : subject_of_device(body.thing);
  TRY(raise_alarm(view, changes, said.block, subject));
  return Ruling::alarm(thing.named(), body.about ? platform::to_hex(*body.about) : std::string());
}

Ruling apply(const device::Activate& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto record, living_device(view, body.device));
  if (said.subject != subject_of_device(body.device))
    return refuse(not_entitled, device_named(body.device), "the device itself");
  if (record.state != State::assembled) return refuse(wrong_state, device_named(body.device));
  record.state = State::active;
  changes.put(path::device(body.device), record);
  return Ruling::done();
}

Ruling apply(const device::Suspend& body, const Said& said, const View& view, Changes& changes) {
  return change_state(said, view, changes, body.device, {State::assembled, State::active}, State::suspended);
}

Ruling apply(const device::Resume& body, const Said& said, const View& view, Changes& changes) {
  return change_state(said, view, changes, body.device, {State::suspended}, State::active);
}

Ruling apply(const device::Retire& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto record, living_device(view, body.device));
  const Handle owner = record.owned_by();
  TRY(check_owner(said, owner, device_named(body.device)));
  TRY(check_on(body.on, record.title, device_named(body.device)));
  record.state = State::retired;
  record.title += 1;
  record.keys = {};
  record.offered_to.reset();
  record.offer_from_ms = 0;
  if (record.shipped_with_title.value) record.shipped_to.reset();
  record.shipped_with_title = false;
  changes.put(path::device(body.device), record);
  TRY(count_ownership(view, changes, Thing{body.device, record}, owner, std::nullopt));
  return Ruling::done();
}

Checked<> approved(const device::Destroy& body, const Said& said, const View& view) {
  TRY(const auto record, device_at(view, body.device));
  TRY(const auto excluded, interested(view, record));
  std::vector<Handle> registrars;
  for (const auto& approver : said.approvers) {
    if (approver.role != statement::ApprovalRole::witness) continue;
    const auto party = view.get<party::Record>(path::party(approver.party));
    if (!party || !party->acts() || !party->roles.contains(Role::witness)) continue;
    const Handle registrar = registrar_of(approver.party, *party);
    const auto stands_in = [&](const std::vector<Handle>& list) {
      return std::ranges::find(list, registrar) != list.end();
    };
    if (!stands_in(excluded) && !stands_in(registrars)) registrars.push_back(registrar);
  }
  if (registrars.size() < 2) return refuse(missing_approvals, device_named(body.device));
  return {};
}

Ruling apply(const device::Destroy& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto record, device_at(view, body.device));
  if (record.state == State::destroyed) return refuse(retired_or_destroyed, device_named(body.device));
  TRY(check_owner(said, record.owned_by(), device_named(body.device)));
  TRY(check_on(body.on, record.title, device_named(body.device)));
  if (record.state != State::retired) return refuse(wrong_state, device_named(body.device));
  for (const Id part : record.children)
    TRY(leave(view, changes, part, record.owned_by(), thing::Keep(), Leaving::as_salvaged));
  device::Record tombstone;
  tombstone.changed = record.changed;
  tombstone.history = record.history;
  tombstone.life = record.life;
  tombstone.state = State::destroyed;
  tombstone.model = record.model;
  tombstone.blinded_class = record.blinded_class;
  tombstone.maker = record.maker;
  tombstone.owner = record.owner;
  tombstone.title = record.title + 1;
  tombstone.tenure = record.tenure;
  tombstone.alarms = record.alarms;
  changes.put(path::device(body.device), tombstone);
  return Ruling::done();
}

}  // namespace mikusari::ledger
