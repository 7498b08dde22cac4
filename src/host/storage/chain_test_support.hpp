// SPDX-License-Identifier: Apache-2.0
// A chain on a simulated disk, for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "platform/simulated/log.hpp"
#include "platform/simulated/random.hpp"
#include "storage/chain_file.hpp"

namespace mikusari::storage {

using namespace std::string_view_literals;

using Payloads = std::map<std::uint64_t, std::string>;  // by height

struct ChainMachine {
  explicit ChainMachine(std::uint64_t seed = 1) : disk(seed), random(seed) {}

  ChainSource source() { return {.files = disk, .directory = directory, .ledger_id = ledger_id}; }
  Result<std::unique_ptr<ChainFile>> open() {
    seen.clear();
    return ChainFile::open(source(), {.random = random, .log = log, .segment_bytes_max = segment_bytes_max}, see());
  }
  Result<Scanned> scan() {
    seen.clear();
    return storage::scan(source(), see());
  }
  FrameVisitor see() {
    return [this](const Frame& frame) -> Result<void> {
      EXPECT_TRUE(seen.emplace(frame.height, as_text(frame.payload)).second);
      positions[frame.height] = frame.position;
      return {};
    };
  }
  std::string segment(std::uint64_t first_position = 0) const {
    return platform::join(directory, segment_name(first_position));
  }

  std::string directory = "/chain";
  Digest ledger_id = Digest::copy(as_bytes("the ledger that these tests keep."sv.substr(0, 32)));
  std::uint64_t segment_bytes_max = 256 * 1024 * 1024;
  platform::SimulatedDisk disk;
  platform::SimulatedRandom random;
  platform::SimulatedClock clock;
  platform::MemoryLog log{clock};
  Payloads seen;  // by the last open() or scan()
  std::map<std::uint64_t, std::uint64_t> positions;
};

inline std::string text_at(const ChainFile& chain, std::uint64_t position, std::size_t size) {
  platform::Buffer bytes(size);
  const auto read = chain.read(position, bytes);
  return read ? std::string(as_text(bytes)) : "error: " + read.error().message();
}

}  // namespace mikusari::storage
