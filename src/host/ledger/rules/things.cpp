// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/things.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;

thing::Record& Thing::common() {
  return std::visit([](auto& each) -> thing::Record& { return each; }, record);
}
const thing::Record& Thing::common() const {
  return std::visit([](const auto& each) -> const thing::Record& { return each; }, record);
}

bool Thing::lives() const {
  if (part() != nullptr) return part()->state != part::State::scrapped;
  return device()->lives();
}

void Thing::put(Changes& changes) const {
  if (part() != nullptr) return changes.put(path::part(id), *part());
  changes.put(path::device(id), *device());
}
void Thing::put(Changes& changes, statement::Gains gain) const {
  if (part() != nullptr) return changes.put(path::part(id), *part(), gain);
  changes.put(path::device(id), *device(), gain);
}

Checked<Thing> thing_at(const View& view, thing::Type type, const Id& id) {
  if (type == thing::Type::part) {
    TRY(const auto part, part_at(view, id));
    return Thing{id, part};
  }
  TRY(const auto device, device_at(view, id));
  return Thing{id, device};
}

Checked<Thing> living_thing(const View& view, thing::Type type, const Id& id) {
  TRY(auto thing, thing_at(view, type, id));
  if (!thing.lives()) return refuse(retired_or_destroyed, thing.named());
  return thing;
}

Checked<Thing> free_thing(const View& view, thing::Type type, const Id& id) {
  TRY(auto thing, living_thing(view, type, id));
  if (thing.is_mounted()) return refuse(mounted_elsewhere, thing.named(), platform::to_hex(*thing.part()->parent));
  return thing;
}

bool Chain::holds(const Id& id) const {
  return std::ranges::any_of(units, [&](const Thing& unit) { return unit.id == id; });
}

namespace {

// A mounted part's unit: a device, or a part.
Thing unit_named(const View& view, const Id& id) {
  if (const auto device = view.get<device::Record>(path::device(id))) return {id, *device};
  return {id, view.known<part::Record>(path::part(id))};
}

}  // namespace

Chain chain_from(const View& view, const Thing& thing) {
  Chain out{{thing}};
  while (out.root().is_mounted()) {
    ASSERT(out.units.size() <= thing::levels_max);
    out.units.push_back(unit_named(view, *out.root().part()->parent));
  }
  return out;
}

Checked<Chain> chain_of(const View& view, const Id& unit) {
  if (!view.exists(path::device(unit)) && !view.exists(path::part(unit)))
    return refuse(not_registered, "unit " + platform::to_hex(unit));
  return chain_from(view, unit_named(view, unit));
}

Checked<> check_not_offered(const Chain& chain) {
  if (chain.root().common().is_offered()) return refuse(being_handed_over, chain.root().named());
  return {};
}

namespace {

template <class Record>
bool count(Record& record, const BlockContext& block, const Parameters& parameters) {
  const std::uint64_t today = record.alarms_day == block.day() ? record.alarms_today.value : 0;
  if (today >= parameters.alarms_day) return false;
  record.alarms_day = block.day();
  record.alarms_today = today + 1;
  record.alarms = record.alarms.value + 1;
  return true;
}

}  // namespace

bool count_alarm(thing::Record& record, const BlockContext& block, const Parameters& parameters) {
  return count(record, block, parameters);
}

Checked<> raise_alarm(const View& view, Changes& changes, const BlockContext& block, const Subject& subject) {
  const auto limits = parameters(view);
  if (subject.type == SubjectType::party) {
    TRY(auto party, party_at(view, subject.id));
    if (!count(party, block, limits)) return refuse(too_many_alarms, party_named(subject.id));
    changes.put(path::party(subject.id), party, statement::Gains::history);
    return {};
  }
  const auto type = subject.type == SubjectType::part ? thing::Type::part : thing::Type::device;
  TRY(auto thing, thing_at(view, type, subject.id));
  if (!count(thing.common(), block, limits)) return refuse(too_many_alarms, thing.named());
  thing.put(changes, statement::Gains::history);
  return {};
}

Checked<> change_owner(Changes& changes, Thing& thing, const Handle& owner, const Handle& custodian,
                       const thing::Keep& keep) {
  auto& record = thing.common();
  std::vector<key::Entry> kept;
  for (const Digest kid : keep) {
    const auto all = values_of(record.keys);
    const auto found = std::ranges::find(all, kid, &key::Entry::key);
    if (found == all.end()) return refuse(not_registered, key_named(kid), thing.named());
    // Others encrypt to identity keys: the old owner's device may still have the private one.
    if (found->purpose == key::Purpose::identity) return refuse(key_not_for_signing, platform::to_hex(kid));
    if (std::ranges::find(kept, kid, &key::Entry::key) == kept.end()) kept.push_back(*found);
  }
  record.keys = listed(kept);
  record.give(owner, custodian);
  record.title += 1;
  record.tenure = record.tenure.value + 1;
  record.offered_to.reset();
  record.offer_from_ms = 0;
  record.shipped_to.reset();
  record.shipped_with_title = false;
  thing.put(changes, statement::Gains::life);
  return {};
}

Checked<> count_ownership(const View& view, Changes& changes, const Thing& thing, const std::optional<Handle>& from,
                          const std::optional<Handle>& to) {
  const auto add = [&](const Handle& handle, bool gains) -> Checked<> {
    TRY(auto party, party_at(view, handle));
    if (party.is_member()) return {};
    ASSERT(gains || party.things.value > 0);
    party.things = gains ? party.things.value + 1 : party.things.value - 1;
    changes.put_quietly(path::party(handle), party);
    return {};
  };
  if (from == to) return {};
  if (from) TRY(add(*from, false));
  if (to) TRY(add(*to, true));
  if (to && thing.type() == thing::Type::device)
    changes.append_to_list(path::list(*to, list::Kind::devices), thing.id, list::Change::gained);
  return {};
}

}  // namespace mikusari::ledger
