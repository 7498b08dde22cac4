// SPDX-License-Identifier: Apache-2.0
#include "proof/passport_steps.hpp"

namespace mikusari::proof {
namespace {

// Unit and part must say the same of each other.
Result<void> check_mount(const PassportThing& thing, const Id& unit) {
  TRY(const auto& part, cbor::decode<part::Record>(*thing.item.value));
  if (part.state == part::State::mounted && part.parent == unit) return {};
  return fail(Code::unauthenticated, "a part of the passport is mounted elsewhere");
}

// Walks the parts in the order in which the units name them. The units themselves are the device and those parts, so
// the list is its own queue.
class Walk {
 public:
  explicit Walk(const Things& things) : things_(things), next_(things.begin()) { take(); }

  // How many things have been reached so far: the device and the parts that some unit before has named.
  std::size_t reached() const { return reached_; }
  bool complete() const { return complete_; }

  Result<void> child(const Id& id, const Id& unit) {
    if (reached_ < things_.size()) {
      const PassportThing thing = *next_;
      if (thing.type == ThingType::part && equal(thing.id, id)) {
        TRY(check_mount(thing, unit));
        take();
        return {};
      }
    }
    complete_ = false;
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
  bool complete_ = true;
};

}  // namespace

Result<bool> check_parts(const Things& things) {
  Walk walk(things);
  std::size_t index = 0;
  for (const auto unit : things) {
    if (!has_history(unit.type)) break;
    if (index++ >= walk.reached())
      return fail(Code::invalid, "a part in the passport is not in the device, or out of order");
    for (const auto child : common_record(unit).children) TRY(walk.child(child, Id::copy(unit.id)));
  }
  return walk.complete();
}

}  // namespace mikusari::proof
