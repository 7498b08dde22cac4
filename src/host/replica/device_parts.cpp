// SPDX-License-Identifier: Apache-2.0
#include "replica/device_parts.hpp"

#include <set>

#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using proof::ThingType;

class Walk {
 public:
  Walk(const Reading& reading, std::uint64_t since_ms) : reading_(reading), since_ms_(since_ms) {}

  Result<DeviceParts> from(const Id& device) {
    TRY(add({ThingType::device, device, path::device(device), 0, std::nullopt}));
    // The list is its own queue: what is added stands behind what is looked at.
    for (std::size_t unit = 0; unit < children_.size(); ++unit) {
      for (const auto& part : std::exchange(children_[unit], {})) {
        if (seen_.insert(part).second) TRY(add({ThingType::part, part, path::part(part), unit, std::nullopt}));
      }
    }
    return std::move(out_);
  }

 private:
  Result<void> add(DevicePart thing) {
    TRY(const auto stored, reading_.row(thing.key));
    if (!stored) {
      return thing.type == ThingType::device ? fail(Code::not_found, "the ledger has no such device")
                                             : fail(Code::corrupt, "a mounted part has no record");
    }
    TRY(const auto record, common_record(thing.type, stored->row.value));
    if (!record.blinded_class) thing.model = record.model;
    TRY(auto history, ThingHistory::of(reading_, *stored, since_ms_));
    out_.things.push_back(std::move(thing));
    out_.histories.push_back(std::move(history));
    auto& children = children_.emplace_back();
    for (const auto child : record.children) children.push_back(child);
    return {};
  }

  const Reading& reading_;
  const std::uint64_t since_ms_;
  DeviceParts out_;
  std::vector<std::vector<Id>> children_;  // of each thing
  std::set<Id> seen_;
};

}  // namespace

Result<thing::Record> common_record(ThingType type, ByteView record) {
  if (type == ThingType::device) {
    const auto device = cbor::decode<device::Record>(record);
    if (device) return *device;
  } else if (const auto part = cbor::decode<part::Record>(record)) {
    return *part;
  }
  return fail(Code::corrupt, "the record of a thing is not one");
}

Result<DeviceParts> parts_of(const Reading& reading, const Id& device, std::uint64_t since_ms) {
  return Walk(reading, since_ms).from(device);
}

}  // namespace mikusari::replica
