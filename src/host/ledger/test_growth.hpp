// SPDX-License-Identifier: Apache-2.0
// For tests: a ledger whose statements and blocks may change little, and a camera full of parts: each small inspection
// of it writes its large record anew.
#pragma once

#include "ledger/test_camera.hpp"

namespace mikusari::ledger {

class GrowthWorld : public CameraWorld {
 public:
  static constexpr std::uint64_t statement_growth = 256 * 1024, block_growth = 384 * 1024;
  static constexpr std::size_t inspections = 256;

  GrowthWorld() : CameraWorld(options()) {
    full_ = camera("full", {});
    for (std::size_t done = 0; done < limits::mounts_max; done += 16) {
      std::vector<device::Attach> bodies;
      for (std::size_t i = done; i < done + 16; ++i)
        bodies.push_back({full_, {}, nonce("pin " + std::to_string(i)), {}, true, {}});
      ASSERT(say_all(key("cameras"), bodies).back().accepted());
    }
  }

  const Id& full() const { return full_; }
  // One statement whose bodies would change more than a statement may; two such do not fit into a block.
  platform::Buffer inspect_often() {
    const std::vector<part::Inspect> bodies(inspections,
                                            part::Inspect{thing::Type::device, full_, part::Finding::observed, {}, {}});
    return submission(key("cameras"), bodies);
  }

 private:
  static TestOptions options() {
    TestOptions out;
    out.parameters.statement_growth = statement_growth;
    out.parameters.block_growth = block_growth;
    return out;
  }

  Id full_;
};

}  // namespace mikusari::ledger
