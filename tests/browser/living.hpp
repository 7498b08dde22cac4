// SPDX-License-Identifier: Apache-2.0
// A camera's life on a real ledger, by its rules, and the passport that a replica of it gives.
#pragma once

#include "proof/policy.hpp"
#include "replica/testing.hpp"
#include "statement/document.hpp"

namespace mikusari {

// A camera of a board with a sensor, and a battery. It activates itself, is sold to a private person, mended by
// the clinic in a workshop whose certificate lapses on the way, gets a second-hand battery that the buyer accepts, and
// its sensor is claimed for another camera.
class Living {
 public:
  explicit Living(const ledger::TestOptions& options) : world_(options), node_(world_) {
    make();
    sell();
    mend();
    doubt();
    if (const auto opened = node_.open(); !opened)
      assertion_failed(opened.error().message().c_str(), __FILE__, __LINE__);
    node_.play(world_);
  }

  const Id& camera() const { return camera_; }
  const Handle& buyer() const { return buyer_; }
  std::vector<platform::Buffer> pages() const {
    std::vector<platform::Buffer> out;
    for (bool more = true; more;) {
      auto answer = node_.replica->read().passport(camera_, {.page = out.size(), .since_ms = 0});
      ASSERT(answer.has_value());
      more = answer->more;
      out.push_back(std::move(answer->bytes));
    }
    return out;
  }
  platform::Buffer policy() const {
    const auto genesis = cbor::decode<Genesis>(world_.genesis());
    ASSERT(genesis.has_value());
    return platform::encode(proof::policy_of(*genesis, world_.ledger()));
  }

 private:
  static constexpr std::uint64_t days = 86'400'000;

  void make() {
    const Id sensor = world_.sensor("image sensor"), cell = world_.cell("battery");
    board_ = world_.board("mainboard", {sensor});
    camera_ = world_.camera("camera", {board_, cell});
    sensor_ = sensor;
    cell_ = cell;
    world_.accepted(world_.key("camera"), device::Activate{camera_});
    release("1.0.0", 1);
    release("1.1.0", 2);
    world_.accepted(world_.key("release-1"), firmware::Floor{world_.camera_model(), 2},
                    {.approvers = {&world_.key("release-2")}});
  }
  void release(std::string_view version, std::uint64_t sequence) {
    const firmware::Image images[] = {{ledger::TestWorld::nonce(version), 65'536}};
    firmware::Release body;
    body.model = world_.camera_model();
    body.sequence = sequence;
    body.version = version;
    body.images = std::span<const firmware::Image>(images);
    world_.accepted(world_.key("release-1"), body, {.approvers = {&world_.key("release-2")}});
  }
  void sell() {
    buyer_ = world_.open_party("buyer", "city");
    world_.pass(days);
    world_.hand_over(thing::Type::device, camera_, world_.key("cameras"), world_.key("buyer"),
                     {world_.key("camera").kid()});
  }
  void inspect(part::Finding finding) {
    part::Inspect body;
    body.type = thing::Type::device;
    body.thing = camera_;
    body.finding = finding;
    body.at = thing::At{ledger::TestWorld::nonce("workshop"), {}};
    world_.accepted(world_.key("clinic"), body);
  }
  void mend() {
    role::Grant grant;
    grant.to = world_.handle("clinic");
    grant.role = Role::premises;
    grant.scope = ledger::TestWorld::nonce("workshop");
    grant.until_ms = world_.time_ms() + 10 * days;
    world_.accepted(world_.key("notary"), grant);
    world_.accepted(world_.key("buyer"), custody::Ship{thing::Type::device, camera_, world_.handle("clinic"), {}, {}});
    world_.accepted(world_.key("clinic"), custody::Receive{thing::Type::device, camera_, {}, {}, {}});
    inspect(part::Finding::failed);
    world_.pass(30 * days);
    inspect(part::Finding::repaired);
    world_.accepted(world_.key("buyer"), custody::Recall{thing::Type::device, camera_});
  }
  void doubt() {
    world_.accepted(world_.key("buyer"), device::Detach{camera_, cell_, {}, {}});
    device::Attach second_hand;
    second_hand.unit = camera_;
    second_hand.nonce = ledger::TestWorld::nonce("second-hand battery");
    second_hand.accept = true;
    world_.accepted(world_.key("buyer"), second_hand);
    ASSERT(world_.assemble("copied board", device::UnitType::board, {sensor_}).outcome == statement::Outcome::alarm);
  }

  ledger::CameraWorld world_;
  replica::TestReplica node_;
  Id camera_, board_, sensor_, cell_;
  Handle buyer_;
};

}  // namespace mikusari
