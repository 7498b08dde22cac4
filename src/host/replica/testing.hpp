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
#include "storage/chain_format.hpp"

namespace mikusari::replica {

// The files of some directories, with what stands in them, by path.
using StoredFiles = std::map<std::string, platform::Buffer>;
inline StoredFiles files_in(const platform::SimulatedDisk& disk, const std::vector<std::string>& directories) {
  StoredFiles out;
  for (const auto& directory : directories) {
    const auto names = disk.list(directory).value_or(std::vector<std::string>());
    for (const auto& name : names) {
      const auto path = platform::join(directory, name);
      if (disk.entry(path) == platform::Entry::file) out[path] = disk.contents(path).value();
    }
  }
  return out;
}

// The first frame of a stopped store for which `is_it` says yes.
struct FoundFrame {
  std::uint64_t position = 0;  // of the payload
  platform::Buffer payload;
};
template <class IsIt>
FoundFrame find_frame(platform::SimulatedDisk& disk, const Digest& ledger, const IsIt& is_it) {
  std::optional<FoundFrame> out;
  const auto visit = [&](const storage::Frame& stored) -> Result<void> {
    TRY(const auto frame, decode_frame(stored.payload));
    if (!out && is_it(frame)) out = FoundFrame{stored.position, platform::copy(stored.payload)};
    return {};
  };
  EXPECT_TRUE(storage::scan({disk, "store/chain", ledger}, visit).has_value() && out);
  return out.value_or(FoundFrame{});
}
// Puts another payload of the same size in a frame's place, with its checksum right.
inline void replace_payload(platform::SimulatedDisk& disk, const Digest& ledger, std::uint64_t position,
                            ByteView payload) {
  const auto scanned =
      storage::scan({disk, "store/chain", ledger}, [](const storage::Frame&) { return Result<void>(); });
  ASSERT_TRUE(scanned.has_value());
  for (const auto& segment : scanned->segments) {
    const auto first = segment.header.first_position;
    auto bytes = *disk.contents(segment.path);
    if (position < first || position >= first + bytes.size()) continue;
    const auto at = static_cast<std::size_t>(position - first);
    std::ranges::copy(payload, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    const auto header = ByteView(bytes).subspan(at - storage::frame_header_bytes, storage::frame_header_bytes);
    const auto trailer = storage::frame_trailer(header, payload);
    std::ranges::copy(trailer.data, bytes.begin() + static_cast<std::ptrdiff_t>(at + payload.size()));
    disk.replace(segment.path, bytes);
  }
}

class TestReplica {
 public:
  explicit TestReplica(const ledger::TestWorld& world, std::uint64_t seed = 1, std::size_t threads = 1)
      : disk(seed), genesis_(world.genesis()), random_(seed), workers_(threads), log_(clock) {}

  // Under which key it signs from the next open() on, and with which incarnation that begins.
  void sign_as(std::string key_name, std::optional<platform::Buffer> incarnation = std::nullopt) {
    key_name_ = std::move(key_name);
    incarnation_ = std::move(incarnation);
    memory_ = "signer/" + key_name_;
    opened_before_ = false;
  }
  static crypto::SoftwareSigner signer(std::string_view key_name) {
    return *crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519,
                                                 crypto::sha256({as_bytes("test key "), as_bytes(key_name)}));
  }

  Result<void> open() {
    replica.reset();
    if (!opened_before_ && !disk.exists(memory_)) TRY(Checkpointer::found(disk, memory_));
    Checkpointer::Signers signers;
    signers.push_back(std::make_unique<crypto::SoftwareSigner>(signer(key_name_)));
    Options options{"store", memory_, genesis_, "checkpoint"};
    options.segment_bytes_max = segment_bytes_max;
    options.incarnation = incarnation_;
    TRY(replica, Replica::open({disk, clock, random_, workers_, log_}, std::move(options), std::move(signers)));
    opened_before_ = true;
    return {};
  }
  // One block, made durable and published. Errors are the replica's.
  Result<void> order(const ledger::TestWorld::Ordered& ordered) { return order(ordered, replica->next_height()); }
  Result<void> order(const ledger::TestWorld::Ordered& ordered, std::uint64_t height) {
    consensus::Block block{height, ordered.time_ms, {}};
    for (const auto& submission : ordered.submissions) block.submissions.push_back(submission);
    TRY(const auto execution, replica->execute(block));
    if (execution.taken != block.submissions.size()) return fail(Code::exhausted, "the block has no room for all");
    if (execution.position.height != block.height) return {};
    TRY(replica->commit());
    return replica->flush();
  }
  // What the world has said since the last time, in blocks of the world's heights.
  void play(const ledger::TestWorld& world) {
    for (; played_ < world.history().size(); ++played_) {
      const auto done = order(world.history()[played_], std::max(replica->next_height(), played_ + 1));
      ASSERT_TRUE(done.has_value()) << done.error().message();
    }
  }
  Digest root() const { return replica->read().tip().record.map_root; }
  // Of what is published now; valid until the next call.
  proof::Policy policy() {
    policy_ = replica->policy();
    return *proof::parse_policy(*policy_);
  }

  platform::SimulatedDisk disk;
  platform::SimulatedClock clock;
  std::unique_ptr<Replica> replica;
  std::uint64_t segment_bytes_max = 256 * 1024 * 1024;

 private:
  bool opened_before_ = false;
  std::string key_name_ = "checkpoint", memory_ = "signer/memory";
  std::optional<platform::Buffer> incarnation_;
  platform::Buffer genesis_;
  PolicyBytes policy_;
  std::size_t played_ = 0;
  platform::SimulatedRandom random_;
  platform::Workers workers_;
  platform::MemoryLog log_;
};

// A small life: a camera of a board and a battery, sold twice and retired, and another that is told to end by somebody
// whose it is not.
inline void live(ledger::CameraWorld& world) {
  const Id battery = world.cell("battery"), chip = world.sensor("chip"), other = world.cell("other battery");
  const Id board = world.board("mainboard", {chip});
  const Id camera = world.camera("camera", {board, battery}, "city");
  world.accepted(world.key("camera"), device::Activate{camera});
  world.camera("second camera", {other}, "clinic");
  ASSERT(!world.retire("clinic", camera).accepted());
  world.sell(camera, "city", "clinic");
  ASSERT(world.retire("clinic", camera).accepted());
}

}  // namespace mikusari::replica
