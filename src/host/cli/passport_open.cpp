// SPDX-License-Identifier: Apache-2.0
#include "cli/passport_open.hpp"

#include <algorithm>

#include "platform/encode.hpp"
#include "statement/device.hpp"

namespace mikusari::cli {
namespace {

using proof::PassportThing;
using proof::ThingType;

template <class Record>
std::optional<Digest> blinded_model(ByteView value) {
  const auto record = cbor::decode<Record>(value);
  return record && record->blinded_class ? record->model : std::nullopt;
}

std::optional<Digest> blinded_model(const PassportThing& thing) {
  if (thing.opening || !thing.item.value) return std::nullopt;
  if (thing.type == ThingType::device) return blinded_model<device::Record>(*thing.item.value);
  if (thing.type == ThingType::part) return blinded_model<part::Record>(*thing.item.value);
  return std::nullopt;
}

bool stands_before(const PassportThing& one, const PassportThing& other) {
  if (one.type != other.type) return one.type < other.type;
  return less(one.id, other.id);
}

}  // namespace

std::vector<Blinded> blinded_in(const proof::PassportPage& page) {
  std::vector<Blinded> out;
  for (const auto thing : page.things) {
    if (const auto model = blinded_model(thing)) out.push_back({Id::copy(thing.id), *model});
  }
  return out;
}

bool has_model(const proof::PassportPage& page, const Id& model) {
  for (const auto thing : page.things) {
    if (thing.type == ThingType::model && equal(thing.id, model)) return true;
  }
  return false;
}

platform::Buffer with_additions(const proof::PassportPage& page, const Additions& additions) {
  std::vector<PassportThing> things;
  for (auto thing : page.things) {
    const auto found = blinded_model(thing) ? additions.openings.find(Id::copy(thing.id)) : additions.openings.end();
    if (found != additions.openings.end()) thing.opening = found->second;
    things.push_back(thing);
  }
  for (const auto& [model, item] : additions.models) {
    if (has_model(page, model)) continue;
    PassportThing thing;
    thing.type = ThingType::model;
    thing.id = model;
    thing.item = item;
    const auto first_other = std::ranges::find_if(
        things, [&](const PassportThing& each) { return each.type > ThingType::part && stands_before(thing, each); });
    things.insert(first_other, thing);
  }
  auto out = page;
  out.things = std::span<const PassportThing>(things);
  return platform::encode(out);
}

}  // namespace mikusari::cli
