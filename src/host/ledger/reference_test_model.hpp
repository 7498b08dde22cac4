// SPDX-License-Identifier: Apache-2.0
// For tests: what the ledger says of things, told a second time and plainly: who owns and holds them, what stands in
// what, what is on its way or offered, and how they end. It shares no code with the rules; it is given statements in
// their order with the time of their block, and says of each body about a thing whether it holds, is an alarm, or is
// refused. Whether the signer may speak at all it is told.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "statement/kinds.hpp"
#include "statement/submission.hpp"

namespace mikusari::ledger::reference {

enum class Verdict { holds, alarm, refused, not_judged };

struct Key {
  bool birth = false;
  std::optional<Id> root;
  std::uint64_t root_tenure = 0;
};

struct Thing {
  bool is_device = false;
  bool unknown = false;  // born as an unknown part
  Handle maker{}, owner{}, custodian{};
  std::optional<Id> parent;
  std::vector<Id> children;
  std::optional<Handle> offered_to, shipped_to;
  bool shipped_with_title = false;
  std::uint64_t offer_from_ms = 0, title = 1, tenure = 0, alarms = 0, day = 0, alarms_today = 0;
  bool accepted = false, salvaged = false;
  enum { alive, active, suspended, retired, gone } state = alive;
};

class Model {
 public:
  explicit Model(std::set<Handle> makers) : makers_(std::move(makers)) {}

  struct Context {
    Handle speaker{};                  // the party that signs; zero when a thing does
    std::optional<Id> speaking_thing;  // the thing that signs
    std::uint64_t time_ms = 0;
    std::set<Id> has_speaking_key;      // parts with a wallet key that speaks
    std::set<Id> has_revoked_key;       // parts that once had a key that was revoked
    std::set<std::size_t> gives_proof;  // mounts of the body, by their place, that come with a proof
    std::set<std::size_t> proof_holds;  // and those whose proof is by the part's own speaking key
    std::set<Handle> acting;            // parties that are not suspended
    std::set<Id> own_models, own_boards, own_cameras;
    std::uint64_t alarms_day = 8;
  };

  const Thing* find(const Id& id) const {
    const auto found = things_.find(id);
    return found == things_.end() ? nullptr : &found->second;
  }
  const std::map<Id, Thing>& things() const { return things_; }
  Id root_of(Id id) const {
    while (things_.at(id).parent) id = *things_.at(id).parent;
    return id;
  }

  void born(const Id& id, const Handle& maker) {
    Thing thing;
    thing.maker = thing.owner = thing.custodian = maker;
    things_[id] = thing;
  }
  // A newborn whose key turned out to be another's.
  void born_with_alarm(const Id& id, const Handle& maker, std::uint64_t time_ms) {
    born(id, maker);
    count(things_[id], time_ms);
  }
  void note_alarm(const Id& id, std::uint64_t time_ms) { count(things_.at(id), time_ms); }

  Verdict judge(const device::Assemble& body, const Context& context) {
    const Id unit = names::id(context.speaker, body.nonce);
    if (!makers_.contains(context.speaker) || things_.contains(unit)) return Verdict::refused;
    const auto& fitting = body.type == device::UnitType::device ? context.own_cameras : context.own_boards;
    if (!fitting.contains(body.model)) return Verdict::refused;
    auto trial = things_;
    bool alarm = false;
    Thing made;
    made.is_device = body.type == device::UnitType::device;
    made.maker = made.owner = made.custodian = context.speaker;
    std::size_t place = 0;
    for (const auto mount : body.mounts) {
      const auto verdict = mount_in(trial, mount.part, unit, std::nullopt, context, false, place++);
      if (verdict == Verdict::refused) return verdict;
      if (verdict == Verdict::alarm) {
        alarm = true;
        continue;
      }
      made.children.push_back(mount.part);
    }
    if (alarm) count(made, context.time_ms);
    trial[unit] = made;
    if (depth_below(trial, unit) > 8) return Verdict::refused;
    things_ = std::move(trial);
    return alarm ? Verdict::alarm : Verdict::holds;
  }

  Verdict judge(const device::Attach& body, const Context& context) {
    if (!changeable(body.unit, context)) return Verdict::refused;
    const auto& unit = things_.at(body.unit);
    if (!unit.is_device && !boards_.contains(body.unit)) return Verdict::refused;
    if (body.part.has_value() == body.nonce.has_value()) return Verdict::refused;
    auto trial = things_;
    Id part = body.part.value_or(Id{});
    if (body.nonce) {
      part = names::id(owner_of(body.unit), *body.nonce);
      if (!body.accept.value || body.proof || trial.contains(part)) return Verdict::refused;
      Thing thing;
      thing.unknown = thing.accepted = true;
      thing.owner = thing.custodian = owner_of(body.unit);
      trial[part] = thing;
    }
    const auto verdict = mount_in(trial, part, body.unit, body.unit, context, body.accept.value, 0);
    if (verdict == Verdict::holds) {
      if (trial.at(body.unit).children.size() >= 64) return Verdict::refused;
      trial.at(body.unit).children.push_back(part);
      if (depth_below(trial, root_in(trial, body.unit)) > 8) return Verdict::refused;
    }
    if (verdict != Verdict::refused) things_ = std::move(trial);
    return verdict;
  }

  Verdict judge(const device::Detach& body, const Context& context) {
    if (!changeable(body.unit, context)) return Verdict::refused;
    auto& unit = things_.at(body.unit);
    const auto child = std::ranges::find(unit.children, body.part);
    if (child == unit.children.end()) return Verdict::refused;
    const bool taint = tainted_way(body.unit);
    unit.children.erase(child);
    free_part(body.part, owner_of(body.unit), taint);
    return Verdict::holds;
  }

  Verdict judge(const custody::Ship& body, const Context& context) {
    auto* thing = movable(body.thing, body.type);
    if (thing == nullptr || thing->custodian != context.speaker || thing->shipped_to || body.to == context.speaker ||
        !context.acting.contains(body.to))
      return Verdict::refused;
    if (body.on) {
      if (thing->owner != context.speaker || *body.on != thing->title || !lives(*thing) || offered(*thing))
        return Verdict::refused;
      ++thing->title;
      thing->shipped_with_title = true;
    }
    thing->shipped_to = body.to;
    return Verdict::holds;
  }
  Verdict judge(const custody::Receive& body, const Context& context) {
    auto* thing = movable(body.thing, body.type);
    if (thing == nullptr || thing->shipped_to != context.speaker) return Verdict::refused;
    if (thing->shipped_with_title) {
      if (body.on != thing->title) return Verdict::refused;
      change_owner(*thing, context.speaker, context.speaker);
      return Verdict::holds;
    }
    if (body.on || !body.keep.empty()) return Verdict::refused;
    thing->custodian = context.speaker;
    thing->shipped_to.reset();
    return Verdict::holds;
  }
  Verdict judge(const custody::Refuse& body, const Context& context) {
    auto* thing = movable(body.thing, body.type);
    if (thing == nullptr || thing->shipped_to != context.speaker) return Verdict::refused;
    stop_shipment(*thing);
    return Verdict::holds;
  }
  Verdict judge(const custody::Recall& body, const Context& context) {
    auto* thing = movable(body.thing, body.type);
    if (thing == nullptr || thing->owner != context.speaker) return Verdict::refused;
    if (!thing->shipped_to && thing->custodian == thing->owner) return Verdict::refused;
    if (thing->shipped_with_title) ++thing->title;
    stop_shipment(*thing);
    thing->custodian = thing->owner;
    return Verdict::holds;
  }

  Verdict judge(const ownership::Offer& body, const Context& context) {
    auto* thing = free_thing(body.thing, body.type);
    if (thing == nullptr || thing->owner != context.speaker || body.on != thing->title || offered(*thing) ||
        body.to == context.speaker || !context.acting.contains(body.to))
      return Verdict::refused;
    thing->offered_to = body.to;
    ++thing->title;
    return Verdict::holds;
  }
  Verdict judge(const ownership::Accept& body, const Context& context) {
    auto* thing = free_thing(body.thing, body.type);
    if (thing == nullptr || thing->offered_to != context.speaker || body.on != thing->title ||
        context.time_ms < thing->offer_from_ms)
      return Verdict::refused;
    change_owner(*thing, context.speaker, thing->custodian);
    return Verdict::holds;
  }
  Verdict judge(const ownership::Cancel& body, const Context& context) {
    auto* thing = free_thing(body.thing, body.type);
    if (thing == nullptr || thing->owner != context.speaker || !offered(*thing)) return Verdict::refused;
    thing->offered_to.reset();
    thing->offer_from_ms = 0;
    if (thing->shipped_with_title) thing->shipped_to.reset();
    thing->shipped_with_title = false;
    ++thing->title;
    return Verdict::holds;
  }
  // `wait_ms`: that the owner has stated. The quorum is the executor's affair.
  Verdict judge(const ownership::Force& body, const Context& context, std::uint64_t wait_ms) {
    auto* thing = free_thing(body.thing, body.type);
    if (thing == nullptr || body.on != thing->title || offered(*thing) || !context.acting.contains(body.to))
      return Verdict::refused;
    thing->offered_to = body.to;
    thing->offer_from_ms = context.time_ms + wait_ms;
    ++thing->title;
    return Verdict::holds;
  }

  Verdict judge(const part::Scrap& body, const Context& context) {
    auto* thing = free_thing(body.part, thing::Type::part);
    if (thing == nullptr || thing->owner != context.speaker || body.on != thing->title || offered(*thing) ||
        !thing->children.empty())
      return Verdict::refused;
    thing->state = Thing::gone;
    thing->shipped_to.reset();
    ++thing->title;
    return Verdict::holds;
  }
  Verdict judge(const device::Activate& body, const Context& context) {
    auto* thing = device_of(body.device);
    if (thing == nullptr || context.speaking_thing != body.device || thing->state != Thing::alive)
      return Verdict::refused;
    thing->state = Thing::active;
    return Verdict::holds;
  }
  Verdict judge(const device::Suspend& body, const Context& context) {
    auto* thing = device_of(body.device);
    if (thing == nullptr || thing->owner != context.speaker ||
        (thing->state != Thing::alive && thing->state != Thing::active))
      return Verdict::refused;
    thing->state = Thing::suspended;
    return Verdict::holds;
  }
  Verdict judge(const device::Resume& body, const Context& context) {
    auto* thing = device_of(body.device);
    if (thing == nullptr || thing->owner != context.speaker || thing->state != Thing::suspended)
      return Verdict::refused;
    thing->state = Thing::active;
    return Verdict::holds;
  }
  Verdict judge(const device::Retire& body, const Context& context) {
    auto* thing = device_of(body.device);
    if (thing == nullptr || !lives(*thing) || thing->owner != context.speaker || body.on != thing->title)
      return Verdict::refused;
    thing->state = Thing::retired;
    thing->offered_to.reset();
    thing->offer_from_ms = 0;
    if (thing->shipped_with_title) thing->shipped_to.reset();
    thing->shipped_with_title = false;
    ++thing->title;
    return Verdict::holds;
  }
  Verdict judge(const device::Destroy& body, const Context& context) {
    auto* thing = device_of(body.device);
    if (thing == nullptr || thing->state != Thing::retired || thing->owner != context.speaker ||
        body.on != thing->title)
      return Verdict::refused;
    for (const Id& part : std::exchange(thing->children, {})) free_part(part, thing->owner, true);
    thing->state = Thing::gone;
    thing->custodian = thing->owner;
    thing->shipped_to.reset();
    ++thing->title;
    return Verdict::holds;
  }

  // A vote ends a mount.
  void reject_mount(const Id& part) {
    const Id unit = *things_.at(part).parent;
    std::erase(things_.at(unit).children, part);
    free_part(part, things_.at(root_of(unit)).owner, true);
  }
  void is_board(const Id& id) { boards_.insert(id); }

 private:
  using Things = std::map<Id, Thing>;

  static bool lives(const Thing& thing) { return thing.state != Thing::retired && thing.state != Thing::gone; }
  static bool offered(const Thing& thing) { return thing.offered_to || thing.shipped_with_title; }
  static Id root_in(const Things& things, Id id) {
    while (things.at(id).parent) id = *things.at(id).parent;
    return id;
  }
  static std::uint64_t depth_below(const Things& things, const Id& id) {
    std::uint64_t out = 0;
    for (const Id& child : things.at(id).children) out = std::max(out, 1 + depth_below(things, child));
    return out;
  }
  void count(Thing& thing, std::uint64_t time_ms) {
    const std::uint64_t today = time_ms / day_ms;
    if (thing.day != today) thing.alarms_today = 0;
    thing.day = today;
    ++thing.alarms_today;
    ++thing.alarms;
  }
  bool can_alarm(const Thing& thing, std::uint64_t time_ms, std::uint64_t most) const {
    return thing.day != time_ms / day_ms || thing.alarms_today < most;
  }

  Thing* device_of(const Id& id) {
    const auto found = things_.find(id);
    return found == things_.end() || !found->second.is_device ? nullptr : &found->second;
  }
  Thing* movable(const Id& id, thing::Type type) {
    const auto found = things_.find(id);
    if (found == things_.end() || found->second.is_device != (type == thing::Type::device)) return nullptr;
    return found->second.state == Thing::gone || found->second.parent ? nullptr : &found->second;
  }
  Thing* free_thing(const Id& id, thing::Type type) {
    auto* thing = movable(id, type);
    return thing == nullptr || !lives(*thing) ? nullptr : thing;
  }
  Handle owner_of(const Id& id) const { return things_.at(root_of(id)).owner; }
  bool changeable(const Id& unit, const Context& context) const {
    if (!things_.contains(unit)) return false;
    for (Id id = unit;; id = *things_.at(id).parent) {
      if (!lives(things_.at(id))) return false;
      if (!things_.at(id).parent) break;
    }
    const auto& root = things_.at(root_of(unit));
    return root.owner == context.speaker && !offered(root);
  }
  bool tainted_way(Id id) const {
    for (;; id = *things_.at(id).parent) {
      if (things_.at(id).salvaged || things_.at(id).accepted) return true;
      if (!things_.at(id).parent) return false;
    }
  }
  static void change_owner(Thing& thing, const Handle& owner, const Handle& custodian) {
    thing.owner = owner;
    thing.custodian = custodian;
    ++thing.title;
    ++thing.tenure;
    thing.offered_to.reset();
    thing.offer_from_ms = 0;
    thing.shipped_to.reset();
    thing.shipped_with_title = false;
  }
  static void stop_shipment(Thing& thing) {
    thing.shipped_to.reset();
    thing.shipped_with_title = false;
  }
  void free_part(const Id& id, const Handle& owner, bool salvaged) {
    auto& part = things_.at(id);
    part.parent.reset();
    part.salvaged = part.salvaged || salvaged;
    change_owner(part, owner, owner);
  }

  // The part's side of a mount, on a trial of all things.
  Verdict mount_in(Things& trial, const Id& id, const Id& unit, const std::optional<Id>& above, const Context& context,
                   bool accept, std::size_t place) {
    const auto found = trial.find(id);
    if (found == trial.end() || found->second.is_device || !lives(found->second) || id == unit) return Verdict::refused;
    auto& part = found->second;
    for (std::optional<Id> up = above; up; up = trial.at(*up).parent) {
      if (*up == id) return Verdict::refused;
    }
    const bool proof = context.proof_holds.contains(place), gives_proof = context.gives_proof.contains(place);
    if (part.parent) {
      for (std::optional<Id> up = part.parent; up; up = trial.contains(*up) ? trial.at(*up).parent : std::nullopt) {
        if (*up == unit) return Verdict::refused;
      }
      const Id root = root_in(trial, id);
      if (above && root_in(trial, *above) == root) return Verdict::refused;
      if (gives_proof && !proof) return Verdict::refused;
      const bool by_maker = !part.unknown && part.maker == context.speaker;
      if (!proof && !by_maker) return Verdict::refused;
      std::vector<Thing*> named{&part, &trial.at(root)};
      if (above) named.push_back(&trial.at(root_in(trial, *above)));
      for (auto* thing : named) {
        if (!can_alarm(*thing, context.time_ms, context.alarms_day)) return Verdict::refused;
        count(*thing, context.time_ms);
      }
      return Verdict::alarm;
    }
    if (part.owner != context.speaker || part.custodian != context.speaker || offered(part)) return Verdict::refused;
    const bool taint = part.accepted || part.salvaged || part.unknown || context.has_revoked_key.contains(id);
    if (taint && !accept) return Verdict::refused;
    if (context.has_speaking_key.contains(id) ? !proof : gives_proof) return Verdict::refused;
    part.accepted = part.accepted || taint;
    part.parent = unit;
    part.shipped_to.reset();
    return Verdict::holds;
  }

  const std::set<Handle> makers_;
  std::set<Id> boards_;
  Things things_;
};

}  // namespace mikusari::ledger::reference
