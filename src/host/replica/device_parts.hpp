// SPDX-License-Identifier: Apache-2.0
// A device and the parts in it, at any depth, as a reading shows them. One thread.
#pragma once

#include "replica/thing_history.hpp"
#include "statement/device.hpp"

namespace mikusari::replica {

struct DevicePart {
  proof::ThingType type{};  // device or part
  Id id;
  Digest key;               // of its record
  std::size_t unit = 0;     // index of the unit that it is mounted in; of the device, its own
  std::optional<Id> model;  // when it is told openly
};

struct DeviceParts {
  // The device first; then its parts, each level before the next, in the order of the children lists.
  std::vector<DevicePart> things;
  std::vector<ThingHistory> histories;  // of each
};

// `not_found` when there is no such device.
Result<DeviceParts> parts_of(const Reading& reading, const Id& device, std::uint64_t since_ms);

// What parts and devices have in common, of a record of either. `corrupt` when it is neither.
Result<thing::Record> common_record(proof::ThingType type, ByteView record);

}  // namespace mikusari::replica
