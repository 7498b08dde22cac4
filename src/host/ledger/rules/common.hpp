// SPDX-License-Identifier: Apache-2.0
// What the rules of several families ask: does the thing exist, who is the party, has it the role. Pure: answers from
// the view and the statement alone.
#pragma once

#include <vector>

#include "ledger/said.hpp"
#include "ledger/state.hpp"
#include "statement/device.hpp"
#include "statement/ledger.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"
#include "statement/role.hpp"

namespace mikusari::ledger {

// How things are called in refusals: "part 3fa9...", whole, so that a program can look it up.
std::string part_named(const Id& id);
std::string device_named(const Id& id);
std::string thing_named(thing::Type type, const Id& id);
std::string model_named(const Id& id);
std::string key_named(const Digest& thumbprint);
std::string party_named(const Handle& handle);

// The records, or `not_registered`.
Checked<party::Record> party_at(const View& view, const Handle& handle);
Checked<key::Record> key_at(const View& view, const Digest& thumbprint);
Checked<model::Record> model_at(const View& view, const Id& id);
Checked<part::Record> part_at(const View& view, const Id& id);
Checked<device::Record> device_at(const View& view, const Id& id);

// A part or device has this id already: `already_registered`.
Checked<> check_unused(const View& view, const Id& id);

// `not_registered`, or `suspended` when it receives nothing.
Checked<party::Record> acting_party(const View& view, const Handle& handle);

// The party who speaks; `not_entitled` when a part or device does. `about` is the subject of the refusal.
Checked<Handle> speaking_party(const Said& said, const std::string& about);
// The party who speaks is `owner`; else `not_owned`.
Checked<> check_owner(const Said& said, const Handle& owner, const std::string& about);
// `missing_role` unless a vote has given the speaking party the role. Returns the party.
Checked<Handle> check_role(const View& view, const Said& said, Role role);
// A grant of this role holds now (statement/role.hpp); for a thing in scope, in its present tenure. What an expelled or
// closed party has delegated holds no more.
bool holds_grant(const View& view, const BlockContext& block, const Handle& to, Role role, const Id& scope,
                 std::uint64_t tenure);
// `stale` unless the statement names the title counter as it is.
Checked<> check_on(std::uint64_t on, std::uint64_t title, const std::string& about);

// The time after a wait. Past the last that a record can hold: that last one, so that no clock makes a wait short.
std::uint64_t after(std::uint64_t time_ms, std::uint64_t wait_ms);

LedgerRecord ledger_record(const View& view);
Parameters parameters(const View& view);

// Who vouches for a party and pays for its rows: its registrar; a member itself.
Handle registrar_of(const Handle& handle, const party::Record& record);

// Lists of records with one entry more or less. The record's list views the returned values: keep them until the put.
template <class T, std::size_t Max>
std::vector<T> values_of(const cbor::List<T, Max>& list) {
  std::vector<T> out;
  out.reserve(list.size() + 1);
  for (const T value : list) out.push_back(value);
  return out;
}
template <class T, std::size_t Max>
std::vector<T> with(const cbor::List<T, Max>& list, const T& value) {
  auto out = values_of(list);
  out.push_back(value);
  return out;
}
template <class T, std::size_t Max>
std::vector<T> without(const cbor::List<T, Max>& list, const T& value) {
  auto out = values_of(list);
  std::erase(out, value);
  return out;
}
template <class T>
std::span<const T> listed(const std::vector<T>& values) {
  return values;
}

}  // namespace mikusari::ledger
