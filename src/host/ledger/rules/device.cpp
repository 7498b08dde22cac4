// SPDX-License-Identifier: Apache-2.0
// Assembly: how parts come into units and leave them.
#include "ledger/rules/device.hpp"

#include <algorithm>

#include "ledger/rules/part.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

bool is_device(thing::Class model_class) { return model_class == thing::Class::device; }
bool is_board(thing::Class model_class) {
  return model_class == thing::Class::board || model_class == thing::Class::module;
}

// What a new unit is made of.
struct Contents {
  std::vector<Id> children;
  std::uint64_t levels = 0;
  std::string alarm_part, alarm_place;  // of the first part that stands elsewhere
};

Checked<Contents> mount_all(const device::Assemble& body, const Said& said, const View& view, Changes& changes,
                            const Id& unit) {
  Contents out;
  for (const auto entry : body.mounts) {
    TRY(const auto mounted, mount(said, view, changes, entry, unit, nullptr, Acceptance::as_new));
    if (mounted.alarm) {
      if (out.alarm_part.empty()) out.alarm_part = part_named(entry.part);
      out.alarm_place = mounted.elsewhere;
      continue;
    }
    out.children.push_back(entry.part);
    out.levels = std::max(out.levels, mounted.levels);
    if (out.levels > thing::levels_max) return refuse(too_deep, part_named(entry.part));
  }
  return out;
}

template <class Record>
Record newborn(const device::Assemble& body, const Handle& maker, const Contents& contents) {
  Record record;
  record.model = body.model;
  record.blinded_class = body.blinded_class;
  record.maker = maker;
  record.title = 1;
  record.children = listed(contents.children);
  record.commitment = body.commitment;
  return record;
}

Thing new_unit(const device::Assemble& body, const Handle& maker, const Id& id, const Contents& contents) {
  if (body.type == device::UnitType::device) {
    auto record = newborn<device::Record>(body, maker, contents);
    record.state = device::State::assembled;
    return {id, record};
  }
  auto record = newborn<part::Record>(body, maker, contents);
  record.state = part::State::stock;
  record.levels = contents.levels;
  return {id, record};
}

// The unit's tree may change: its root's owner says so, and it neither ends nor changes hands.
Checked<Chain> changeable(const Said& said, const View& view, const Id& unit) {
  TRY(auto chain, chain_of(view, unit));
  for (const auto& each : chain.units) {
    if (!each.lives()) return refuse(retired_or_destroyed, each.named());
  }
  TRY(check_owner(said, chain.owner(), chain.root().named()));
  TRY(check_not_offered(chain));
  return chain;
}

Checked<> check_holds_parts(const View& view, const Chain& chain) {
  const auto& unit = chain.unit();
  if (unit.device() != nullptr) return {};
  const auto& record = *unit.part();
  const auto wrong = [&] { return refuse(wrong_model, unit.named()); };
  if (!record.model) return wrong();
  if (record.blinded_class) {
    if (!is_board(*record.blinded_class)) return wrong();
    return {};
  }
  TRY(const auto model, model_at(view, *record.model));
  if (!is_board(model.model_class)) return wrong();
  return {};
}

// A part that the ledger does not know is born under an id of the owner's, accepted for ever.
Checked<Id> born_unknown(const device::Attach& body, const View& view, Changes& changes, const Handle& owner) {
  const Id id = names::id(owner, *body.nonce);
  TRY(check_unused(view, id));
  part::Record record;
  record.state = part::State::stock;
  record.owner = owner;
  record.title = 1;
  record.accepted = true;
  changes.put(path::part(id), record);
  TRY(count_ownership(view, changes, Thing{id, record}, std::nullopt, owner));
  return id;
}

}  // namespace

Ruling apply(const device::Assemble& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle maker, check_role(view, said, Role::maker));
  TRY(check_model(view, maker, body.model, body.blinded_class,
                  body.type == device::UnitType::device ? is_device : is_board));
  const Id id = names::id(maker, body.nonce);
  TRY(check_unused(view, id));
  TRY(const auto contents, mount_all(body, said, view, changes, id));
  auto unit = new_unit(body, maker, id, contents);
  const bool alarm = !contents.alarm_part.empty();
  if (alarm) ASSERT(count_alarm(unit.common(), said.block, parameters(view)));
  unit.put(changes);
  TRY(count_ownership(view, changes, unit, std::nullopt, maker));
  return alarm ? Ruling::alarm(contents.alarm_part, contents.alarm_place) : Ruling::done();
}

Ruling apply(const device::Attach& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto chain, changeable(said, view, body.unit));
  TRY(check_holds_parts(view, chain));
  if (body.part.has_value() == body.nonce.has_value() || (body.nonce && (!body.accept.value || body.proof)))
    return refuse(malformed_body);
  Id part = body.part.value_or(Id{});
  if (body.nonce) {
    TRY(part, born_unknown(body, view, changes, chain.owner()));
  }
  const auto acceptance = body.accept.value ? Acceptance::as_it_is : Acceptance::as_new;
  TRY(const auto mounted, mount(said, view, changes, {part, body.proof}, body.unit, &chain, acceptance));
  if (mounted.alarm) return Ruling::alarm(part_named(part), mounted.elsewhere);
  TRY(add_child(changes, chain, part, mounted.levels));
  return Ruling::done();
}

Ruling apply(const device::Detach& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto chain, changeable(said, view, body.unit));
  if (!chain.unit().common().children.contains(body.part))
    return refuse(not_mounted_here, platform::to_hex(body.part), platform::to_hex(body.unit));
  TRY(leave(view, changes, body.part, chain.owner(), body.keep, leaving_of(chain)));
  remove_child(view, changes, body.unit, body.part);
  return Ruling::done();
}

}  // namespace mikusari::ledger
