// SPDX-License-Identifier: Apache-2.0
// What the rules of several families ask: does the thing exist, may this member act, is the record the one that is
// meant. Pure: answers from the view and the statement alone.
#pragma once

#include <vector>

#include "ledger/said.hpp"
#include "ledger/state.hpp"
#include "statement/device.hpp"
#include "statement/ledger.hpp"
#include "statement/model.hpp"
#include "statement/part.hpp"
#include "statement/path.hpp"

namespace mikusari::ledger {

// How things are called in refusals: "part 3fa9...", whole, so that a program can look it up.
std::string part_named(const Id& id);
std::string device_named(const Id& id);
std::string model_named(const Id& id);
std::string key_named(const Digest& thumbprint);
std::string member_named(std::string_view name);

// The records, or `not_registered`.
Checked<member::Record> member_at(const View& view, std::string_view name);
Checked<key::Record> key_at(const View& view, const Digest& thumbprint);
Checked<model::Record> model_at(const View& view, const Id& id);
Checked<part::Record> part_at(const View& view, const Id& id);
Checked<device::Record> device_at(const View& view, const Id& id);

// A part that is not scrapped, a device that is neither retired nor destroyed; else `retired_or_destroyed`.
Checked<part::Record> living_part(const View& view, const Id& id);
Checked<device::Record> living_device(const View& view, const Id& id);

// A part or device has this id already: `already_registered`.
Checked<> check_unused(const View& view, const Id& id);

// `not_registered`, or `wrong_state` when the member is suspended.
Checked<member::Record> active_member(const View& view, std::string_view name);

// The member who speaks; `not_entitled` when a part or device does. `about` is the subject of the refusal.
Checked<std::string_view> speaking_member(const Said& said, const std::string& about);
// The member who speaks is `wanted`; else `not_entitled`.
Checked<> check_speaks(const Said& said, std::string_view wanted, const std::string& about);
// `missing_role` unless the speaking member has it.
Checked<> check_role(const View& view, const Said& said, Role role);
// `stale` unless the statement names the record as it is.
Checked<> check_on(const Said& said, const Head& head, const std::string& about);

Parameters parameters(const View& view);

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
