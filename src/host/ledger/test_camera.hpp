// SPDX-License-Identifier: Apache-2.0
// For tests: the world of testing.hpp with models of parts and cameras, and the ways to make, sell and end them.
// chips makes sensors (chips with a key) and cells (batteries without); cameras makes boards, modules and cameras.
#pragma once

#include "ledger/testing.hpp"

namespace mikusari::ledger {

class CameraWorld : public TestWorld {
 public:
  explicit CameraWorld(const TestOptions& options = {}) : TestWorld(options) {
    accepted(key("chips"), model::Register{"sensor", model::Class::chip, {}, 0});
    accepted(key("chips"), model::Register{"cell", model::Class::battery, {}, 0});
    for (const auto* name : {"release-1", "release-2", "release-3"}) {
      accepted(key("cameras"), registration(new_member_key(name, "cameras"), key("cameras")));
      release_keys_.push_back(key(name).kid());
    }
    accepted(key("cameras"), model::Register{"board", model::Class::board, {}, 0});
    accepted(key("cameras"),
             model::Register{"camera", model::Class::device, {std::span<const Digest>(release_keys_)}, 2});
  }

  static Id sensor_model() { return model::model_id("chips", "sensor"); }
  static Id cell_model() { return model::model_id("chips", "cell"); }
  static Id board_model() { return model::model_id("cameras", "board"); }
  static Id camera_model() { return model::model_id("cameras", "camera"); }

  // Parts: made by chips, in the stock of `holder`.
  Id sensor(std::string_view name, std::string_view holder = "cameras") {
    const Id part = id(name);
    auto& part_key = new_thing_key(name, SubjectType::part, part);
    accepted(key("chips"),
             part::Register{part, sensor_model(), part_key.key(), possession(part_key, key("chips")), {}});
    part_keys_[part] = &part_key;
    hand_over(custody::Thing::part, part, "chips", holder);
    return part;
  }
  Id cell(std::string_view name, std::string_view holder = "cameras") {
    const Id part = id(name);
    accepted(key("chips"), part::Register{part, cell_model(), {}, {}, {}});
    hand_over(custody::Thing::part, part, "chips", holder);
    return part;
  }
  void hand_over(custody::Thing type, const Id& thing, std::string_view from, std::string_view to) {
    if (from == to) return;
    accepted(key(from), custody::Ship{type, thing, to});
    accepted(key(to), custody::Receive{type, thing});
  }

  // A mount in the next statement of `assembler`, proved when the part has a key here.
  device::Mount mount_of(const Id& part, const TestKey& assembler, const Id& unit) {
    const auto found = part_keys_.find(part);
    return found == part_keys_.end() ? device::Mount{part, {}} : mount(part, *found->second, assembler, unit);
  }
  BodyFate assemble(std::string_view name, device::UnitType type, const std::vector<Id>& parts) {
    auto& assembler = key("cameras");
    const Id unit = id(name);
    std::vector<device::Mount> mounts;
    for (const Id& part : parts) mounts.push_back(mount_of(part, assembler, unit));
    const Id model = type == device::UnitType::device ? camera_model() : board_model();
    return say(assembler, device::Assemble{unit, type, model, {std::span<const device::Mount>(mounts)}, {}});
  }
  Id board(std::string_view name, const std::vector<Id>& parts) {
    ASSERT(assemble(name, device::UnitType::board, parts).accepted());
    return id(name);
  }
  // Its wallet key has the camera's name.
  Id camera(std::string_view name, const std::vector<Id>& parts, std::string_view owner = "cameras") {
    ASSERT(assemble(name, device::UnitType::device, parts).accepted());
    const Id unit = id(name);
    accepted(key("cameras"), registration(new_thing_key(name, SubjectType::device, unit), key("cameras")));
    if (owner != "cameras") {
      sell(unit, "cameras", owner);
      hand_over(custody::Thing::device, unit, "cameras", owner);
    }
    return unit;
  }
  BodyFate attach(std::string_view who, const Id& unit, const Id& part, bool accept_unknown = false) {
    return say(key(who), device::Attach{unit, mount_of(part, key(who), unit), accept_unknown});
  }
  // Without the proof that the part's key could give.
  BodyFate attach_bare(std::string_view who, const Id& unit, const Id& part, bool accept_unknown = false) {
    return say(key(who), device::Attach{unit, {part, {}}, accept_unknown});
  }
  BodyFate detach(std::string_view who, const Id& unit, const Id& part) {
    return say(key(who), device::Detach{unit, part});
  }

  How on(const Id& unit) const { return {.on = device(unit).seq}; }
  void sell(const Id& unit, std::string_view from, std::string_view to) {
    accepted(key(from), ownership::Offer{unit, to}, on(unit));
    accepted(key(to), ownership::Accept{unit}, on(unit));
  }
  void retire(const Id& unit) { accepted(key(device(unit).owner), device::Retire{unit}, on(unit)); }
  BodyFate destroy(const Id& unit) {
    return say(key(device(unit).owner), device::Destroy{unit, {}},
               {.on = device(unit).seq, .approvers = {&key("lab"), &key("notary")}});
  }

 private:
  std::vector<Digest> release_keys_;
  std::map<Id, TestKey*> part_keys_;
};

}  // namespace mikusari::ledger
