// SPDX-License-Identifier: Apache-2.0
// Parts and devices alike, and the way from a unit (a board or device that parts are mounted in) up to its root.
//
// A part names its parent. Following parents from any part leads to one root: a device, or a part that is mounted
// nowhere. The root's owner decides over everything below it, and the root's custodian holds it.
#pragma once

#include <variant>

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

// A part or a device as one reading of the state found it.
struct Thing {
  Id id;
  std::variant<part::Record, device::Record> record;

  thing::Type type() const { return record.index() == 0 ? thing::Type::part : thing::Type::device; }
  std::string named() const { return thing_named(type(), id); }
  thing::Record& common();
  const thing::Record& common() const;
  part::Record* part() { return std::get_if<part::Record>(&record); }
  device::Record* device() { return std::get_if<device::Record>(&record); }
  const part::Record* part() const { return std::get_if<part::Record>(&record); }
  const device::Record* device() const { return std::get_if<device::Record>(&record); }
  // Not scrapped, retired or destroyed.
  bool lives() const;
  bool is_mounted() const { return part() != nullptr && part()->state == part::State::mounted; }

  void put(Changes& changes) const;
  void put(Changes& changes, statement::Gains gain) const;
};

Checked<Thing> thing_at(const View& view, thing::Type type, const Id& id);
// `retired_or_destroyed` when it does not live.
Checked<Thing> living_thing(const View& view, thing::Type type, const Id& id);
// A living thing that is mounted nowhere: title, custody and offers are of such; `mounted_elsewhere` else.
Checked<Thing> free_thing(const View& view, thing::Type type, const Id& id);

// A unit and the units above it. At most thing::levels_max + 1.
struct Chain {
  std::vector<Thing> units;  // the unit first, the root last

  const Thing& unit() const { return units.front(); }
  const Thing& root() const { return units.back(); }
  Handle owner() const { return root().common().owned_by(); }
  Handle custodian() const { return root().common().held_by(); }
  bool holds(const Id& id) const;
};
// From a unit of either type. `not_registered` when there is no such board or device.
Checked<Chain> chain_of(const View& view, const Id& unit);
// From a thing that was read; it is its own root when it is mounted nowhere.
Chain chain_from(const View& view, const Thing& thing);

// The root is not being handed over (`being_handed_over`): mounts, keys and grants of its tree may change.
Checked<> check_not_offered(const Chain& chain);

// One alarm more on a thing or party: it is counted for ever. `too_many_alarms` past the day's limit; then nothing is
// written.
Checked<> raise_alarm(const View& view, Changes& changes, const BlockContext& block, const Subject& subject);
// Counts an alarm in a record that the caller writes. False past the day's limit.
bool count_alarm(thing::Record& record, const BlockContext& block, const Parameters& parameters);

// The thing goes to another owner or custodian: a title that moves ends offers, and all keys but those kept.
// `keep` names keys that the thing lists; `not_registered` else.
Checked<> change_owner(Changes& changes, Thing& thing, const Handle& owner, const Handle& custodian,
                       const thing::Keep& keep);
// A device enters the list of a party that owns it; parties that are no members count what they own.
Checked<> count_ownership(const View& view, Changes& changes, const Thing& thing, const std::optional<Handle>& from,
                          const std::optional<Handle>& to);

}  // namespace mikusari::ledger
