// SPDX-License-Identifier: Apache-2.0
// For tests: random statements over a small world of members, parts, units and keys; most are plausible, one in six is
// by somebody who has no right to it. Deterministic for a seed.
#pragma once

#include <algorithm>
#include <functional>
#include <random>

#include "ledger/test_camera.hpp"

namespace mikusari::ledger {

class RandomWorld : public CameraWorld {
 public:
  explicit RandomWorld(std::uint64_t seed, const TestOptions& options = {}) : CameraWorld(options), random_(seed) {
    for (const auto* name : {"release-1", "release-2", "release-3"}) keys_[key(name).kid()] = &key(name);
    for (const auto& name : members_) keys_[key(name).kid()] = &key(name);
    for (int i = 0; i < 6; ++i) make_part();
  }

  // One submission. Executing it is the caller's.
  platform::Buffer next() {
    if (!queue_.empty()) {
      auto say = std::move(queue_.front());
      queue_.pop_front();
      return say();
    }
    return propose();
  }

  const std::vector<Id>& parts() const { return parts_; }  // boards too
  const std::vector<Id>& devices() const { return devices_; }
  const std::map<Digest, TestKey*>& all_keys() const { return keys_; }
  std::optional<part::Record> part_of(const Id& id) const { return find<part::Record>(path::part(id)); }
  std::optional<device::Record> device_of(const Id& id) const { return find<device::Record>(path::device(id)); }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {  // mostly of the newest, so that they meet again
    const std::size_t newest = below(8) == 0 ? values.size() : std::min<std::size_t>(values.size(), 16);
    return values[values.size() - 1 - below(newest)];
  }
  std::string fresh(std::string_view prefix) { return std::string(prefix) + std::to_string(++made_); }

  // Now and then somebody else tries.
  TestKey& speaker(std::string_view member) {
    return key(member.empty() || below(6) == 0 ? std::string_view(one_of(members_)) : member);
  }
  std::string_view any_member() { return one_of(members_); }
  Id any_unit() { return devices_.empty() || below(3) == 0 ? one_of(parts_) : one_of(devices_); }
  TestKey* key_of_part(const Id& id) {
    const auto record = part_of(id);
    const auto found = record && record->key ? keys_.find(*record->key) : keys_.end();
    return found == keys_.end() ? nullptr : found->second;
  }
  // Walks to the root by its own way.
  std::string_view answers(Id unit) {
    for (;;) {
      if (const auto device = device_of(unit)) return device->owner;
      const auto part = part_of(unit);
      if (!part) return {};
      if (!part->parent) return part->custodian;
      unit = *part->parent;
    }
  }
  device::Mount mount_for(const Id& part, const TestKey& assembler, const Id& unit) {
    auto* part_key = key_of_part(part);
    if (part_key == nullptr || below(10) == 0) return {part, {}};
    return mount(part, *part_key, assembler, unit);
  }
  TestKey& remember(TestKey& key) {
    keys_[key.kid()] = &key;
    return key;
  }

  template <statement::Body Body>
  platform::Buffer say_it(TestKey& signer, const Body& body, How how = {}) {
    if (below(20) == 0) how.n = signer.next_n() + below(5);
    return submission(signer, std::vector<Body>{body}, how);
  }

  platform::Buffer make_part() {
    const auto name = fresh("part-");
    const Id part = id(name);
    parts_.push_back(part);
    auto& chips = key("chips");
    queue_.push_back(
        [this, part] { return say_it(key("chips"), custody::Ship{custody::Thing::part, part, "cameras"}); });
    queue_.push_back([this, part] { return say_it(key("cameras"), custody::Receive{custody::Thing::part, part}); });
    if (below(3) == 0) return say_it(chips, part::Register{part, cell_model(), {}, {}, {}});
    auto& part_key = remember(new_thing_key(name, SubjectType::part, part));
    return say_it(chips, part::Register{part, sensor_model(), part_key.key(), possession(part_key, chips), {}});
  }

  platform::Buffer assemble_random() {
    const bool device = below(2) == 0;
    const auto name = fresh("unit-");
    const Id unit = id(name);
    auto& assembler = below(12) == 0 ? key("chips") : key("cameras");
    std::vector<device::Mount> mounts;
    for (std::uint64_t i = below(4); i > 0; --i) mounts.push_back(mount_for(one_of(parts_), assembler, unit));
    (device ? devices_ : parts_).push_back(unit);
    if (device) {
      auto& device_key = remember(new_thing_key(name, SubjectType::device, unit));
      device_keys_[unit] = &device_key;
      queue_.push_back(
          [this, &device_key] { return say_it(key("cameras"), registration(device_key, key("cameras"))); });
    }
    return say_it(assembler, device::Assemble{unit,
                                              device ? device::UnitType::device : device::UnitType::board,
                                              device ? camera_model() : board_model(),
                                              {std::span<const device::Mount>(mounts)},
                                              {}});
  }

  platform::Buffer change_unit() {
    const Id unit = any_unit();
    auto& who = speaker(answers(unit));
    if (below(2) == 0) {
      const Id part = below(8) == 0 ? id(fresh("unknown-")) : one_of(parts_);
      if (std::ranges::find(parts_, part) == parts_.end()) parts_.push_back(part);
      return say_it(who, device::Attach{unit, mount_for(part, who, unit), below(2) == 0});
    }
    std::vector<Id> children;
    if (const auto device = device_of(unit)) {
      for (const Id child : device->children) children.push_back(child);
    } else if (const auto part = part_of(unit)) {
      for (const Id child : part->children) children.push_back(child);
    }
    return say_it(who, device::Detach{unit, children.empty() ? one_of(parts_) : one_of(children)});
  }

  platform::Buffer dispute_random() {
    const Id part = one_of(parts_);
    const auto record = part_of(part);
    if (record && record->disputed_by) return say_it(speaker(*record->disputed_by), device::Dispute{part, true});
    return say_it(speaker(record && below(2) == 0 ? record->maker : answers(part)), device::Dispute{part, false});
  }

  platform::Buffer move_random() {
    if (below(3) == 0 && !devices_.empty()) {
      const Id unit = one_of(devices_);
      const auto record = device_of(unit);
      return move(custody::Thing::device, unit, record ? record->custodian : "",
                  record ? record->in_transit_to : std::nullopt);
    }
    const Id part = one_of(parts_);
    const auto record = part_of(part);
    return move(custody::Thing::part, part, record ? record->custodian : "",
                record ? record->in_transit_to : std::nullopt);
  }
  platform::Buffer move(custody::Thing type, const Id& thing, std::string_view from,
                        std::optional<std::string_view> to) {
    if (to && below(4) != 0) return say_it(speaker(*to), custody::Receive{type, thing});
    return say_it(speaker(from), custody::Ship{type, thing, below(2) == 0 ? "cameras" : any_member()});
  }

  platform::Buffer trade() {
    if (devices_.empty()) return make_part();
    const Id unit = one_of(devices_);
    const auto record = device_of(unit);
    const How how{.on = record ? record->seq + (below(10) == 0 ? 1 : 0) : 0};
    const auto owner = record ? record->owner : "";
    if (!record || !record->offered_to) return say_it(speaker(owner), ownership::Offer{unit, any_member()}, how);
    if (below(5) == 0) return say_it(speaker(owner), ownership::Cancel{unit});
    return say_it(speaker(*record->offered_to), ownership::Accept{unit}, how);
  }

  platform::Buffer live_or_die() {
    if (devices_.empty()) return make_part();
    const Id unit = one_of(devices_);
    const auto record = device_of(unit);
    const How how{.on = record ? record->seq : 0, .approvers = {}};
    const auto owner = record ? record->owner : "";
    if (below(2) == 0) return say_it(*device_keys_.at(unit), device::Activate{unit});
    if (record && record->state == device::State::retired) return destroy_it(unit);
    if (below(3) == 0) {
      if (below(2) == 0) queue_.push_back([this, unit] { return destroy_it(unit); });
      return say_it(speaker(owner), device::Retire{unit}, how);
    }
    return say_it(speaker(answers(one_of(parts_))), part::Scrap{one_of(parts_)});
  }
  platform::Buffer destroy_it(const Id& unit) {
    const auto record = device_of(unit);
    auto witnesses = below(5) == 0 ? std::vector<TestKey*>{} : std::vector<TestKey*>{&key("lab"), &key("notary")};
    auto& owner = speaker(record ? record->owner : "");
    std::erase(witnesses, &owner);
    return say_it(owner, device::Destroy{unit, {}},
                  {.on = record ? record->seq : 0, .approvers = std::move(witnesses)});
  }

  platform::Buffer keys_random() {
    std::vector<TestKey*> known;
    for (const auto& [kid, test_key] : keys_) {
      if (find<key::Record>(path::key(kid))) known.push_back(test_key);
    }
    TestKey& target = *one_of(known);
    const auto record = key_record(target.kid());
    const auto type = record.subject.type;
    const auto owner = type == SubjectType::member ? as_text(record.subject.id) : answers(Id::copy(record.subject.id));
    switch (below(5)) {
      case 0: {
        if (type == SubjectType::member)
          return make_part();  // members keep their first keys, or nobody would speak soon
        auto& successor = remember(new_key(fresh("key-"), record.subject));
        if (below(2) == 0)
          queue_.push_back([this, &successor, owner] { return say_it(speaker(owner), key::Veto{successor.kid()}); });
        return say_it(target, key::Rotate{successor.key(), possession(successor, target)});
      }
      case 1: return say_it(speaker(owner), key::Veto{target.kid()});
      case 2:
        if (type == SubjectType::member || below(3) != 0) return say_it(speaker(owner), key::Veto{target.kid()});
        return say_it(speaker(owner), key::Revoke{target.kid(), key::Reason::compromised});
      default: {
        auto& registrar = speaker(owner);
        return say_it(registrar, registration(remember(new_key(fresh("key-"), record.subject)), registrar));
      }
    }
  }

  platform::Buffer govern() {
    const auto record = member("clinic");
    const auto state =
        record.state == member::State::active && below(4) == 0 ? member::State::suspended : member::State::active;
    return say_it(key("chips"), member::SetState{"clinic", state},
                  {.approvers = {&key("cameras"), &key("city"), &key("lab")}});
  }

  platform::Buffer release_random() {
    const auto approvers = below(3) == 0 ? std::vector<TestKey*>{} : std::vector<TestKey*>{&key("release-2")};
    const auto latest = model(camera_model()).latest;
    if (below(2) == 0)
      return say_it(key("release-1"), firmware::Floor{camera_model(), below(latest + 2)}, {.approvers = approvers});
    return say_it(key("release-1"), firmware::Release{camera_model(), id(fresh("image-")), 1, latest + below(3), "1.0"},
                  {.approvers = approvers});
  }

  platform::Buffer propose() {
    const auto dice = below(100);
    if (dice < 10) return make_part();
    if (dice < 24) return assemble_random();
    if (dice < 50) return change_unit();
    if (dice < 60) return dispute_random();
    if (dice < 70) return move_random();
    if (dice < 80) return trade();
    if (dice < 86) return live_or_die();
    if (dice < 95) return keys_random();
    if (dice < 97) return govern();
    return release_random();
  }

  std::mt19937_64 random_;
  const std::vector<std::string> members_{"chips", "cameras", "city", "clinic", "lab", "notary"};
  std::vector<Id> parts_, devices_;
  std::map<Id, TestKey*> device_keys_;
  std::map<Digest, TestKey*> keys_;
  std::deque<std::function<platform::Buffer()>> queue_;
  std::uint64_t made_ = 0;
};

}  // namespace mikusari::ledger
