// SPDX-License-Identifier: Apache-2.0
// For tests: boards in boards over eight levels, nearly full, so that one small body changes eight large records.
#pragma once

#include "ledger/test_camera.hpp"

namespace mikusari::ledger {

class TowerWorld : public CameraWorld {
 public:
  static constexpr std::size_t towers = 17, levels = 8, children = 62, attached = 60;

  TowerWorld() {
    accepted(key("cameras"), model::Register{"pin", model::Class::chip, {}, 0});
    register_pins(towers * levels * children + 2 * towers * attached);
    for (std::size_t tower = 0; tower < towers; ++tower) build(tower);
  }

  // One statement of 1,020 bodies, each of which attaches a pin to the lowest board of a tower.
  platform::Buffer attach_to_all() {
    std::vector<device::Attach> bodies;
    for (const auto& board : lowest_) {
      for (std::size_t i = 0; i < attached; ++i) bodies.push_back({board, {pins_.at(used_++), {}}, false});
    }
    return submission(key("cameras"), bodies);
  }

 private:
  void register_pins(std::size_t count) {
    const Id model = model::model_id("cameras", "pin");
    while (pins_.size() < count) {
      std::vector<part::Register> batch;
      for (std::size_t i = 0; i < 4096 && pins_.size() < count; ++i) {
        pins_.push_back(id("pin " + std::to_string(pins_.size())));
        batch.push_back({pins_.back(), model, {}, {}, {}});
      }
      ASSERT(say_all(key("cameras"), batch).back().accepted());
    }
  }
  void build(std::size_t tower) {
    std::optional<Id> below;
    for (std::size_t level = 0; level < levels; ++level) {
      std::vector<Id> parts;
      if (below) parts.push_back(*below);
      while (level > 0 && parts.size() < children) parts.push_back(pins_.at(used_++));
      below = board("tower " + std::to_string(tower) + " level " + std::to_string(level), parts);
      if (level == 0) lowest_.push_back(*below);
    }
  }

  std::vector<Id> pins_, lowest_;
  std::size_t used_ = 0;
};

}  // namespace mikusari::ledger
