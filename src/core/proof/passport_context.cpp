// SPDX-License-Identifier: Apache-2.0
#include "proof/passport_steps.hpp"
#include "statement/key.hpp"
#include "statement/model.hpp"

namespace mikusari::proof {
namespace {

bool names(const std::optional<std::string_view>& field, std::string_view member) { return field == member; }

// Does this thing's record refer to a key, model or member of this id? REQUIRES: check_things() accepted it.
bool refers_to_key(const PassportThing& thing, const Digest& kid) {
  if (thing.type == ThingType::device) return cbor::decode<device::Record>(*thing.item.value)->keys.contains(kid);
  if (thing.type == ThingType::part) return cbor::decode<part::Record>(*thing.item.value)->key == kid;
  return false;
}

std::optional<Id> model_of(const PassportThing& thing) {
  if (thing.type == ThingType::device) return cbor::decode<device::Record>(*thing.item.value)->model;
  if (thing.type == ThingType::part) return cbor::decode<part::Record>(*thing.item.value)->model;
  return std::nullopt;
}

bool device_refers_to_member(ByteView record, std::string_view member) {
  const auto device = cbor::decode<device::Record>(record);
  return device->maker == member || device->owner == member || device->custodian == member ||
         names(device->offered_to, member) || names(device->in_transit_to, member);
}

bool part_refers_to_member(ByteView record, std::string_view member) {
  const auto part = cbor::decode<part::Record>(record);
  return part->maker == member || part->custodian == member || names(part->in_transit_to, member);
}

bool refers_to_member(const PassportThing& thing, std::string_view member) {
  switch (thing.type) {
    case ThingType::device: return device_refers_to_member(*thing.item.value, member);
    case ThingType::part: return part_refers_to_member(*thing.item.value, member);
    case ThingType::key: return cbor::decode<key::Record>(*thing.item.value)->subject.is_member(member);
    case ThingType::model: return cbor::decode<model::Record>(*thing.item.value)->vendor == member;
    case ThingType::member:
    case ThingType::firmware: return false;
  }
  return false;
}

bool is_referred_to(const Things& things, const PassportThing& wanted) {
  for (const auto thing : things) {
    const bool refers = wanted.type == ThingType::key      ? refers_to_key(thing, Digest::copy(wanted.id))
                        : wanted.type == ThingType::member ? refers_to_member(thing, as_text(wanted.id))
                                                           : model_of(thing) == Id::copy(wanted.id.first(Id::size()));
    if (refers) return true;
  }
  return false;
}

}  // namespace

Result<void> check_context(const Things& things, const ThingMarks& signers) {
  std::size_t index = 0;
  for (const auto thing : things) {
    if (thing.type == ThingType::device || thing.type == ThingType::part) {
      const auto model = model_of(thing);
      if (model && !find_thing(things, ThingType::model, *model)) {
        return fail(Code::not_found, "the model of the device or of a part is missing from the passport");
      }
    } else if (!signers.has(index) && !is_referred_to(things, thing)) {
      return fail(Code::invalid, "the passport has a key, model, member or firmware that nothing in it refers to");
    }
    ++index;
  }
  return {};
}

}  // namespace mikusari::proof
