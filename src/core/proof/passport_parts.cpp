// SPDX-License-Identifier: Apache-2.0
#include "proof/passport_steps.hpp"

namespace mikusari::proof {
namespace {

constexpr auto missing = "a part that is mounted in the device is missing from the passport, or out of order";

Result<part::Children> children_of(const PassportThing& unit) {
  if (unit.type == ThingType::device) {
    TRY(const auto device, cbor::decode<device::Record>(*unit.item.value));
    return device.children;
  }
  TRY(const auto part, cbor::decode<part::Record>(*unit.item.value));
  return part.children;
}

enum class Mount : std::uint8_t { undisputed, disputed };

// Unit and part must say the same of each other.
Result<Mount> mount_of(const PassportThing& thing, const Id& unit) {
  TRY(const auto part, cbor::decode<part::Record>(*thing.item.value));
  if (part.state == part::State::mounted && part.parent == unit) return Mount::undisputed;
  if (part.state == part::State::disputed && (part.parent == unit || part.claims.contains(unit)))
    return Mount::disputed;
  return fail(Code::unauthenticated, "a part of the passport is mounted elsewhere");
}

// Walks the parts in the order in which the units name them. The units themselves are the device and those parts, so
// the list is its own queue.
class Walk {
 public:
  explicit Walk(const Things& things) : things_(things), next_(things.begin()) { take(); }

  // How many things have been reached so far: the device and the parts that some unit before has named.
  std::size_t reached() const { return reached_; }

  Result<void> child(const Id& id, const Id& unit) {
    if (const auto earlier = find_thing(things_, ThingType::part, id); earlier && earlier->index < reached_) {
      TRY(const Mount mount, mount_of(earlier->thing, unit));
      if (mount == Mount::disputed) return {};
      return fail(Code::unauthenticated, "an undisputed part is mounted twice");
    }
    if (reached_ == things_.size()) return fail(Code::not_found, missing);
    const PassportThing thing = *next_;
    if (thing.type != ThingType::part || !equal(thing.id, id)) return fail(Code::not_found, missing);
    TRY(mount_of(thing, unit));
    take();
    return {};
  }

 private:
  void take() {
    ++next_;
    ++reached_;
  }

  const Things& things_;
  Things::Iterator next_;
  std::size_t reached_ = 0;
};

}  // namespace

Result<void> check_parts(const Things& things) {
  Walk walk(things);
  std::size_t index = 0;
  for (const auto unit : things) {
    if (unit.type != ThingType::device && unit.type != ThingType::part) break;
    if (index++ >= walk.reached()) return fail(Code::invalid, "a part in the passport is not in the device");
    TRY(const auto children, children_of(unit));
    for (const auto child : children) TRY(walk.child(child, Id::copy(unit.id)));
  }
  return {};
}

}  // namespace mikusari::proof
