// SPDX-License-Identifier: Apache-2.0
// For tests: random statements about parts, units and keys over a small world of members and parties; most are
// plausible, one in six is by somebody who has no right to it. Deterministic for a seed.
#pragma once

#include <algorithm>
#include <functional>
#include <random>

#include "ledger/test_camera.hpp"

namespace mikusari::ledger {

class RandomThings : public CameraWorld {
 public:
  explicit RandomThings(std::uint64_t seed, const TestOptions& options = random_options())
      : CameraWorld(options), random_(seed) {
    for (const auto& name : members_) parties_.push_back({handle(name), {&key(name)}});
    for (const auto* name : {"cameras-2", "cameras-3"}) parties_[1].keys.push_back(&key(name));
    for (const auto* name : {"release-1", "release-2", "release-3"}) remember(key(name));
    for (const auto& party : parties_) {
      for (auto* each : party.keys) remember(*each);
    }
    for (int i = 0; i < 6; ++i) queue_.push_back([this] { return make_part(); });
  }
  static TestOptions random_options() {
    TestOptions out;
    out.members[1].further_keys = {"cameras-2", "cameras-3"};
    out.parameters.thing_day.statements = 1'000'000;
    out.parameters.party_day = {1'000'000, 1ULL << 40, 1'000'000};
    out.parameters.member_day = {1'000'000, 1ULL << 40, 1'000'000};
    return out;
  }

  struct Party {
    Handle handle;
    std::vector<TestKey*> keys;
  };

  const std::vector<Id>& parts() const { return parts_; }  // boards too
  const std::vector<Id>& devices() const { return devices_; }
  const std::vector<Party>& parties() const { return parties_; }
  const std::map<Digest, TestKey*>& all_keys() const { return keys_; }
  std::optional<part::Record> part_of(const Id& id) const { return find<part::Record>(path::part(id)); }
  std::optional<device::Record> device_of(const Id& id) const { return find<device::Record>(path::device(id)); }

 protected:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {  // mostly of the newest, so that they meet again
    const std::size_t newest = one_in(8) ? values.size() : std::min<std::size_t>(values.size(), 16);
    return values[values.size() - 1 - below(newest)];
  }
  std::string fresh(std::string_view prefix) { return std::string(prefix) + std::to_string(++made_); }
  TestKey& remember(TestKey& key) {
    keys_[key.kid()] = &key;
    return key;
  }

  const Handle& any_party() { return one_of(parties_).handle; }
  // Any key of the party, and now and then one of somebody else.
  TestKey& speaker(const Handle& handle) {
    const auto found = std::ranges::find(parties_, handle, &Party::handle);
    const auto& party = found == parties_.end() || one_in(6) ? one_of(parties_) : *found;
    return *party.keys[below(party.keys.size())];
  }
  // The other keys of the signer's party, as approvers.
  std::vector<TestKey*> others(const TestKey& signer) {
    std::vector<TestKey*> out;
    for (const auto& party : parties_) {
      if (party.handle != signer.subject().id) continue;
      for (auto* each : party.keys) {
        if (each != &signer && find<key::Record>(path::key(each->kid()))) out.push_back(each);
      }
    }
    return out;
  }

  struct Picked {
    thing::Type type{};
    Id id;
    std::optional<part::Record> part;
    std::optional<device::Record> device;
    const thing::Record* common() const {
      return part ? static_cast<const thing::Record*>(&*part) : device ? &*device : nullptr;
    }
    Handle owner() const { return common() != nullptr ? common()->owned_by() : Handle{}; }
    Handle custodian() const { return common() != nullptr ? common()->held_by() : Handle{}; }
    std::uint64_t title() const { return common() != nullptr ? common()->title : 0; }
  };
  Picked pick(thing::Type type, const Id& id) {
    if (type == thing::Type::part) return {type, id, part_of(id), {}};
    return {type, id, {}, device_of(id)};
  }
  Picked any_thing() {
    if (devices_.empty() || one_in(2)) return pick(thing::Type::part, one_of(parts_));
    return pick(thing::Type::device, one_of(devices_));
  }
  Id any_unit() { return devices_.empty() || one_in(3) ? one_of(parts_) : one_of(devices_); }
  // Walks to the root by its own way.
  Handle answers(Id unit) {
    for (;;) {
      if (const auto device = device_of(unit)) return device->owned_by();
      const auto part = part_of(unit);
      if (!part) return {};
      if (!part->parent) return part->owned_by();
      unit = *part->parent;
    }
  }
  std::uint64_t on(const Picked& thing) { return thing.title() + (one_in(12) ? 1 : 0); }
  // Which of a thing's keys a buyer keeps.
  std::vector<Digest> keep(const thing::Record* record) {
    std::vector<Digest> out;
    if (record == nullptr) return out;
    for (const auto entry : record->keys) {
      if (!one_in(3)) out.push_back(entry.key);
    }
    return out;
  }
  std::optional<crypto::Signature> proof_of(const Id& part, const TestKey& assembler, const Id& unit) {
    const auto record = part_of(part);
    if (!record || one_in(10)) return std::nullopt;
    for (const auto entry : record->keys) {
      const auto found = keys_.find(entry.key);
      if (found != keys_.end()) return mount(part, *found->second, assembler, unit).proof;
    }
    return std::nullopt;
  }

  template <statement::Body Body>
  platform::Buffer say_it(TestKey& signer, const Body& body, How how = {}) {
    if (one_in(20)) how.n = signer.next_n() + below(5);
    return submission(signer, std::vector<Body>{body}, how);
  }

  platform::Buffer make_part() {
    const auto name = fresh("part-");
    const Id part = id("chips", name);
    parts_.push_back(part);
    if (!one_in(4)) {
      queue_.push_back([this, part] {
        return say_it(
            key("chips"),
            custody::Ship{thing::Type::part, part, handle("cameras"), pick(thing::Type::part, part).title(), {}});
      });
      queue_.push_back([this, part] {
        const auto picked = pick(thing::Type::part, part);
        const auto kept = keep(picked.common());
        return say_it(key("cameras"), custody::Receive{thing::Type::part, part, picked.title(), {std::span(kept)}, {}});
      });
    }
    if (one_in(3)) return say_it(key("chips"), cell_registration(name));
    // Now and then a copied key.
    auto& part_key =
        one_in(12) && !part_keys_.empty() ? *one_of(part_keys_) : remember(new_key(name, subject_of_part(part)));
    part_keys_.push_back(&part_key);
    auto body = sensor_registration(name, part_key);
    if (part_key.subject() != subject_of_part(part)) {
      const auto subject = part_key.subject();
      part_key.set_subject(subject_of_part(part));
      body = sensor_registration(name, part_key);
      part_key.set_subject(subject);
    }
    return say_it(key("chips"), body);
  }

  platform::Buffer assemble_random() {
    const bool device = one_in(2);
    const auto name = fresh("unit-");
    const Id unit = id("cameras", name);
    auto& assembler = one_in(12) ? key("chips") : key("cameras");
    std::vector<device::Mount> mounts;
    for (std::uint64_t i = below(4); i > 0; --i) {
      const Id part = one_of(parts_);
      mounts.push_back({part, proof_of(part, assembler, unit)});
    }
    (device ? devices_ : parts_).push_back(unit);
    if (device) {
      auto& device_key = remember(new_key(name, subject_of_device(unit)));
      device_keys_[unit] = &device_key;
      queue_.push_back(
          [this, &device_key] { return say_it(key("cameras"), registration(device_key, key("cameras"))); });
    }
    device::Assemble body;
    body.nonce = nonce(name);
    body.type = device ? device::UnitType::device : device::UnitType::board;
    body.model = device ? camera_model() : board_model();
    body.mounts = {std::span<const device::Mount>(mounts)};
    return say_it(assembler, body);
  }

  platform::Buffer change_unit() {
    const Id unit = any_unit();
    auto& who = speaker(answers(unit));
    if (one_in(2)) {
      device::Attach body;
      body.unit = unit;
      if (one_in(8)) {
        const auto name = fresh("unknown-");
        body.nonce = nonce(name);
        body.accept = true;
        parts_.push_back(names::id(who.subject().id, nonce(name)));
      } else {
        body.part = one_of(parts_);
        body.proof = proof_of(*body.part, who, unit);
        body.accept = one_in(2);
      }
      return say_it(who, body);
    }
    std::vector<Id> children;
    const auto device = device_of(unit);
    const auto part = part_of(unit);
    for (const Id child : device ? device->children : part ? part->children : thing::Children())
      children.push_back(child);
    const Id child = children.empty() ? one_of(parts_) : one_of(children);
    const auto record = part_of(child);
    const auto kept = keep(record ? &*record : nullptr);
    return say_it(who, device::Detach{unit, child, {std::span(kept)}, {}});
  }

  platform::Buffer move_random() {
    const auto thing = any_thing();
    const auto* record = thing.common();
    if (record != nullptr && record->shipped_to && !one_in(4)) {
      if (one_in(6)) return say_it(speaker(*record->shipped_to), custody::Refuse{thing.type, thing.id});
      const auto kept = record->shipped_with_title.value ? keep(record) : std::vector<Digest>();
      const auto named = record->shipped_with_title.value ? std::optional(on(thing)) : std::nullopt;
      return say_it(speaker(*record->shipped_to), custody::Receive{thing.type, thing.id, named, {std::span(kept)}, {}});
    }
    if (one_in(5)) return say_it(speaker(thing.owner()), custody::Recall{thing.type, thing.id});
    const auto named = one_in(2) ? std::optional(on(thing)) : std::nullopt;
    const Handle to = one_in(2) ? handle("cameras") : any_party();
    return say_it(speaker(thing.custodian()), custody::Ship{thing.type, thing.id, to, named, {}});
  }

  platform::Buffer trade() {
    const auto thing = any_thing();
    const auto* record = thing.common();
    if (record == nullptr || !record->is_offered()) {
      const auto party = find<party::Record>(path::party(thing.owner()));
      if (party && party->force && one_in(3))
        return say_it(key("lab"), ownership::Force{thing.type, thing.id, handle("city"), on(thing)},
                      {.approvers = {&key("notary")}});
      return say_it(speaker(thing.owner()), ownership::Offer{thing.type, thing.id, any_party(), on(thing)});
    }
    if (one_in(4) || !record->offered_to)
      return say_it(speaker(thing.owner()), ownership::Cancel{thing.type, thing.id});
    const auto kept = keep(record);
    return say_it(speaker(*record->offered_to), ownership::Accept{thing.type, thing.id, on(thing), {std::span(kept)}});
  }

  platform::Buffer live_or_die() {
    if (devices_.empty()) return make_part();
    const Id unit = one_of(devices_);
    const auto device = pick(thing::Type::device, unit);
    if (one_in(3) && device_keys_.contains(unit)) return say_it(*device_keys_.at(unit), device::Activate{unit});
    if (device.device && device.device->state == device::State::retired) return destroy_it(device);
    if (one_in(3)) {
      if (one_in(2)) queue_.push_back([this, unit] { return destroy_it(pick(thing::Type::device, unit)); });
      return say_it(speaker(device.owner()), device::Retire{unit, on(device)});
    }
    if (device.device && device.device->state == device::State::suspended && one_in(2))
      return say_it(speaker(device.owner()), device::Resume{unit});
    if (one_in(3)) return say_it(speaker(device.owner()), device::Suspend{unit});
    const auto part = pick(thing::Type::part, one_of(parts_));
    return say_it(speaker(part.owner()), part::Scrap{part.id, on(part)});
  }
  platform::Buffer destroy_it(const Picked& device) {
    auto witnesses = one_in(5) ? std::vector<TestKey*>{} : std::vector<TestKey*>{&key("lab"), &key("notary")};
    auto& owner = speaker(device.owner());
    std::erase(witnesses, &owner);
    return say_it(owner, device::Destroy{device.id, on(device), {}}, {.approvers = std::move(witnesses)});
  }

  platform::Buffer look_at() {
    const auto thing = any_thing();
    if (one_in(3))
      return say_it(speaker(answers(thing.id)), part::Inspect{thing.type, thing.id, part::Finding::passed, {}, {}});
    if (one_in(2)) {
      auto& who =
          one_in(2) && device_keys_.contains(thing.id) ? *device_keys_.at(thing.id) : speaker(answers(thing.id));
      return say_it(who, device::Alarm{thing.type, thing.id, device::Cause::copied, {}, {}});
    }
    return say_it(speaker(answers(thing.id)),
                  document::Evidence{document::Type::recording, nonce(fresh("document")), {}, thing.type, thing.id});
  }

  platform::Buffer keys_random() {
    std::vector<TestKey*> known;
    for (const auto& [kid, test_key] : keys_) {
      if (find<key::Record>(path::key(kid))) known.push_back(test_key);
    }
    TestKey& target = *one_of(known);
    const auto record = key_record(target.kid());
    const auto& subject = record.subject;
    const Handle owner = subject.type == SubjectType::party ? subject.id : answers(subject.id);
    auto& who = speaker(owner);
    const auto tenure = tenure_of(subject);
    switch (below(6)) {
      case 0: {
        if (target.purpose() != key::Purpose::wallet) return make_part();
        auto& successor = remember(new_key(fresh("key-"), subject));
        if (one_in(2))
          queue_.push_back([this, &successor, owner] { return say_it(speaker(owner), key::Veto{successor.kid()}); });
        return say_it(target, key::Rotate{successor.key(), possession(successor, target, tenure)});
      }
      case 1: return say_it(who, key::Veto{target.kid()});
      case 2: {
        if (one_in(2)) {
          queue_.push_back([this, &target, owner] {
            auto& thawing = speaker(owner);
            return say_it(thawing, key::Thaw{target.kid()}, {.approvers = others(thawing)});
          });
        }
        return say_it(who, key::Freeze{target.kid()});
      }
      case 3: return say_it(who, key::Thaw{target.kid()}, {.approvers = others(who)});
      case 4:
        if (subject.type == SubjectType::party && !one_in(8)) return make_part();
        return say_it(who, key::Revoke{target.kid(), key::Reason::compromised}, {.approvers = others(who)});
      default: {
        auto& fresh_key = one_in(3) ? target : remember(new_key(fresh("key-"), subject));
        return say_it(who, registration(fresh_key, who, tenure), {.approvers = others(who)});
      }
    }
  }
  std::uint64_t tenure_of(const Subject& subject) {
    if (subject.type == SubjectType::party) return 0;
    const auto thing = pick(subject.type == SubjectType::part ? thing::Type::part : thing::Type::device, subject.id);
    return thing.common() != nullptr ? thing.common()->tenure.value : 0;
  }

  std::mt19937_64 random_;
  const std::vector<std::string> members_{"chips", "cameras", "city", "clinic", "lab", "notary"};
  std::vector<Party> parties_;
  std::vector<Id> parts_, devices_, proposals_, models_;
  std::vector<TestKey*> part_keys_;
  std::map<Id, TestKey*> device_keys_;
  std::map<Digest, TestKey*> keys_;
  std::deque<std::function<platform::Buffer()>> queue_;
  std::uint64_t made_ = 0, epoch_ = 1;
};

}  // namespace mikusari::ledger
