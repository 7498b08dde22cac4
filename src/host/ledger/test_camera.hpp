// SPDX-License-Identifier: Apache-2.0
// For tests: the world of testing.hpp with models of parts and cameras, and the ways to make, sell and end them.
// chips makes sensors (chips with a key) and cells (batteries without); cameras makes boards and cameras. Parts, units
// and keys are called by names; a thing's id follows from its maker and its name.
#pragma once

#include "ledger/testing.hpp"

namespace mikusari::ledger {

class CameraWorld : public TestWorld {
 public:
  explicit CameraWorld(const TestOptions& options = {}) : TestWorld(options) {
    accepted(key("chips"), model("sensor", thing::Class::chip));
    accepted(key("chips"), model("cell", thing::Class::battery));
    accepted(key("cameras"), model("board", thing::Class::board));
    for (const auto* name : {"release-1", "release-2", "release-3"}) release_keys_.push_back(key(name).kid());
    auto camera = model("camera", thing::Class::device);
    camera.release_keys = {std::span<const Digest>(release_keys_)};
    camera.release_threshold = 2;
    accepted(key("cameras"), camera);
  }

  static model::Register model(std::string_view name, thing::Class model_class) {
    return {nonce(name), name, model_class, {}, 0};
  }
  using TestWorld::model;
  Id sensor_model() const { return id("chips", "sensor"); }
  Id cell_model() const { return id("chips", "cell"); }
  Id board_model() const { return id("cameras", "board"); }
  Id camera_model() const { return id("cameras", "camera"); }

  // Parts: made by chips, sold to `owner`, who keeps the sensor's key.
  Id sensor(std::string_view name, std::string_view owner = "cameras") {
    const Id part = id("chips", name);
    auto& part_key = new_key(name, subject_of_part(part));
    part_keys_[part] = &part_key;
    accepted(key("chips"), sensor_registration(name, part_key));
    hand_over(thing::Type::part, part, "chips", owner, {part_key.kid()});
    return part;
  }
  part::Register sensor_registration(std::string_view name, TestKey& part_key) {
    part::Register body;
    body.nonce = nonce(name);
    body.model = sensor_model();
    body.key = part_key.key();
    body.possession = possession(part_key, key("chips"));
    return body;
  }
  part::Register cell_registration(std::string_view name) const {
    part::Register body;
    body.nonce = nonce(name);
    body.model = cell_model();
    return body;
  }
  Id cell(std::string_view name, std::string_view owner = "cameras") {
    accepted(key("chips"), cell_registration(name));
    hand_over(thing::Type::part, id("chips", name), "chips", owner);
    return id("chips", name);
  }

  std::uint64_t title(thing::Type type, const Id& thing) const {
    return type == thing::Type::part ? part(thing).title : device(thing).title;
  }
  // With title, from member to member.
  void hand_over(thing::Type type, const Id& thing, std::string_view from, std::string_view to,
                 const std::vector<Digest>& keep = {}) {
    if (from == to) return;
    accepted(key(from), custody::Ship{type, thing, handle(to), title(type, thing), {}});
    accepted(key(to), custody::Receive{type, thing, title(type, thing), {std::span(keep)}, {}});
  }
  // Between any two parties, by their keys.
  void hand_over(thing::Type type, const Id& thing, TestKey& from, TestKey& to, const std::vector<Digest>& keep = {}) {
    accepted(from, custody::Ship{type, thing, to.subject().id, title(type, thing), {}});
    accepted(to, custody::Receive{type, thing, title(type, thing), {std::span(keep)}, {}});
  }
  // Without.
  void lend(thing::Type type, const Id& thing, std::string_view from, std::string_view to) {
    accepted(key(from), custody::Ship{type, thing, handle(to), {}, {}});
    accepted(key(to), custody::Receive{type, thing, {}, {}, {}});
  }

  // A mount in the next statement of `assembler`, proved when the part has a key here.
  device::Mount mount_of(const Id& part, const TestKey& assembler, const Id& unit) {
    const auto found = part_keys_.find(part);
    return found == part_keys_.end() ? device::Mount{part, {}} : mount(part, *found->second, assembler, unit);
  }
  // By a member, of its models `board` and `camera`.
  BodyFate assemble(std::string_view name, device::UnitType type, const std::vector<Id>& parts,
                    std::string_view maker = "cameras") {
    auto& assembler = key(maker);
    const Id unit = id(maker, name);
    std::vector<device::Mount> mounts;
    for (const Id& part : parts) mounts.push_back(mount_of(part, assembler, unit));
    device::Assemble body;
    body.nonce = nonce(name);
    body.type = type;
    body.model = id(maker, type == device::UnitType::device ? "camera" : "board");
    body.mounts = {std::span<const device::Mount>(mounts)};
    return say(assembler, body);
  }
  Id board(std::string_view name, const std::vector<Id>& parts) {
    ASSERT(assemble(name, device::UnitType::board, parts).accepted());
    return id("cameras", name);
  }
  // Its wallet key has the camera's name.
  Id camera(std::string_view name, const std::vector<Id>& parts, std::string_view owner = "cameras") {
    ASSERT(assemble(name, device::UnitType::device, parts).accepted());
    const Id unit = id("cameras", name);
    auto& camera_key = new_key(name, subject_of_device(unit));
    accepted(key("cameras"), registration(camera_key, key("cameras")));
    if (owner != "cameras") hand_over(thing::Type::device, unit, "cameras", owner, {camera_key.kid()});
    return unit;
  }
  device::Attach attachment(std::string_view who, const Id& unit, const Id& part, bool accept = false) {
    const auto mount = mount_of(part, key(who), unit);
    return {unit, part, {}, mount.proof, accept, {}};
  }
  BodyFate attach(std::string_view who, const Id& unit, const Id& part, bool accept = false) {
    return say(key(who), attachment(who, unit, part, accept));
  }
  // Without the proof that the part's key could give.
  BodyFate attach_bare(std::string_view who, const Id& unit, const Id& part, bool accept = false) {
    return say(key(who), device::Attach{unit, part, {}, {}, accept, {}});
  }
  BodyFate detach(std::string_view who, const Id& unit, const Id& part, const std::vector<Digest>& keep = {}) {
    return say(key(who), device::Detach{unit, part, {std::span(keep)}, {}});
  }

  BodyFate offer(std::string_view from, const Id& unit, const Handle& to) {
    return say(key(from), ownership::Offer{thing::Type::device, unit, to, device(unit).title});
  }
  BodyFate accept(std::string_view who, const Id& unit, const std::vector<Digest>& keep = {}) {
    return say(key(who), ownership::Accept{thing::Type::device, unit, device(unit).title, {std::span(keep)}});
  }
  void sell(const Id& unit, std::string_view from, std::string_view to) {
    ASSERT(offer(from, unit, handle(to)).accepted() && accept(to, unit).accepted());
  }
  // Between any two parties, by their keys; custody stays.
  void sell(const Id& unit, TestKey& from, TestKey& to, const std::vector<Digest>& keep = {}) {
    accepted(from, ownership::Offer{thing::Type::device, unit, to.subject().id, device(unit).title});
    accepted(to, ownership::Accept{thing::Type::device, unit, device(unit).title, {std::span(keep)}});
  }
  BodyFate retire(std::string_view who, const Id& unit) {
    return say(key(who), device::Retire{unit, device(unit).title});
  }
  BodyFate destroy(std::string_view who, const Id& unit) {
    return say(key(who), device::Destroy{unit, device(unit).title, {}}, {.approvers = {&key("lab"), &key("notary")}});
  }

 private:
  std::vector<Digest> release_keys_;
  std::map<Id, TestKey*> part_keys_;
};

}  // namespace mikusari::ledger
