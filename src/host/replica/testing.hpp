// SPDX-License-Identifier: Apache-2.0
// For tests: a replica on a simulated disk, fed with what a world of ledger/testing.hpp has said.
#pragma once

#include <gtest/gtest.h>

#include "ledger/test_camera.hpp"
#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "platform/simulated/log.hpp"
#include "platform/simulated/random.hpp"
#include "replica/replica.hpp"

namespace mikusari::replica {

class TestReplica {
 public:
  explicit TestReplica(const ledger::TestWorld& world, std::uint64_t seed = 1, std::size_t threads = 1)
      : disk(seed), genesis_(world.genesis()), random_(seed), workers_(threads), log_(clock) {}

  Result<void> open() {
    replica.reset();
    if (!opened_before_ && !disk.exists("signer/memory")) TRY(Checkpointer::found(disk, "signer/memory"));
    Checkpointer::Signers signers;
    auto signer = crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519,
                                                       crypto::sha256(as_bytes("test key checkpoint")));
    signers.push_back(std::make_unique<crypto::SoftwareSigner>(*std::move(signer)));
    TRY(replica, Replica::open({disk, clock, random_, workers_, log_},
                               {"store", "signer/memory", genesis_, "checkpoint"}, std::move(signers)));
    opened_before_ = true;
    return {};
  }
  // One block, made durable and published. Errors are the replica's.
  Result<void> order(const ledger::TestWorld::Ordered& ordered) {
    consensus::Block block{replica->next_height(), ordered.time_ms, {}};
    for (const auto& submission : ordered.submissions) block.submissions.push_back(submission);
    TRY(const auto execution, replica->execute(block));
    if (execution.taken != block.submissions.size()) return fail(Code::exhausted, "the block has no room for all");
    if (execution.position.height != block.height) return {};
    TRY(replica->commit());
    return replica->flush();
  }
  void play(const ledger::TestWorld& world) {
    for (const auto& ordered : world.history()) {
      const auto done = order(ordered);
      ASSERT_TRUE(done.has_value()) << done.error().message();
    }
  }
  Digest root() const { return replica->read().tip().record.map_root; }

  platform::SimulatedDisk disk;
  platform::SimulatedClock clock;
  std::unique_ptr<Replica> replica;

 private:
  bool opened_before_ = false;
  platform::Buffer genesis_;
  platform::SimulatedRandom random_;
  platform::Workers workers_;
  platform::MemoryLog log_;
};

// A small life: a camera of a board and a battery, sold twice, with firmware, retired and destroyed.
inline void live(ledger::CameraWorld& world) {
  const Id battery = world.cell("battery"), chip = world.sensor("chip"), other = world.cell("other battery");
  const Id board = world.board("mainboard", {chip});
  const Id camera = world.camera("camera", {board, battery}, "city");
  world.accepted(world.key("camera"), device::Activate{camera});
  world.camera("second camera", {other}, "clinic");
  world.say(world.key("clinic"), device::Retire{camera}, {.on = 1});
  world.sell(camera, "city", "clinic");
  world.say(world.key("clinic"), device::Retire{camera}, {.on = world.device(camera).seq});
}

}  // namespace mikusari::replica
