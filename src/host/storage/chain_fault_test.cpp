// SPDX-License-Identifier: Apache-2.0
// Power cuts and failing disks, under seeds: what was synced is there, what was not is there wholly or not at all.
#include <gtest/gtest.h>

#include "storage/chain_test_support.hpp"

namespace mikusari::storage {
namespace {

std::string payload_of(std::uint64_t height, std::uint64_t attempt) {
  std::string text = std::to_string(height) + "/" + std::to_string(attempt) + "/";
  text.append(height * 37 % 150, static_cast<char>('a' + height % 26));
  return text;
}

// What a client of the chain knows, checked against what each recovery shows.
struct Witness {
  Payloads acknowledged;
  Payloads appended;  // the last attempt of each height
  std::uint64_t attempts = 0;

  Result<void> write_one(ChainFile& chain) {
    const std::uint64_t height = chain.next_height();
    const std::string payload = payload_of(height, ++attempts);
    // Known as tried before it is tried: a crash within may still keep it.
    appended[height] = payload;
    appended.erase(appended.upper_bound(height), appended.end());
    TRY(chain.append(height, as_bytes(payload)));
    return {};
  }
  Result<void> sync(ChainFile& chain) {
    TRY(chain.sync());
    acknowledged = appended;
    acknowledged.erase(acknowledged.lower_bound(chain.durable_next_height()), acknowledged.end());
    return {};
  }
  void check(const Payloads& seen) {
    for (const auto& [height, payload] : acknowledged) {
      const auto found = seen.find(height);
      ASSERT_NE(found, seen.end()) << "acknowledged height " << height << " is lost";
      ASSERT_EQ(found->second, payload);
    }
    for (const auto& [height, payload] : seen) {
      const auto found = appended.find(height);
      ASSERT_NE(found, appended.end()) << "height " << height << " was never written";
      ASSERT_EQ(found->second, payload);
    }
    // What was recovered is durable from here on, and what was not is gone for good.
    appended = acknowledged = seen;
  }
};

class ChainCrashes : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ChainCrashes, SyncedFramesSurviveAndNoFrameIsHalfThere) {
  ChainMachine machine(GetParam());
  machine.segment_bytes_max = 600;
  platform::SimulatedRandom choice(GetParam() + 1000);
  Witness witness;
  for (int life = 0; life < 12; ++life) {
    machine.disk.crash_at(machine.disk.changes() + 1 + choice.below(40));
    auto chain = machine.open();
    if (chain) {
      ASSERT_NO_FATAL_FAILURE(witness.check(machine.seen));
    }
    while (chain && !machine.disk.crashed()) {
      const auto done = choice.below(3) == 0 ? witness.sync(**chain) : witness.write_one(**chain);
      EXPECT_TRUE(done || machine.disk.crashed()) << done.error().message();
    }
    ASSERT_TRUE(chain || machine.disk.crashed()) << chain.error().message();
    machine.disk.restart();
  }
  const auto chain = machine.open();
  ASSERT_TRUE(chain) << chain.error().message();
  ASSERT_NO_FATAL_FAILURE(witness.check(machine.seen));
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChainCrashes, ::testing::Range<std::uint64_t>(0, 300));

// The fixed scenario of the next tests: three lives, several segments, groups of one to three frames a sync.
Result<void> scenario(ChainMachine& machine, Witness& witness) {
  for (int life = 0; life < 3; ++life) {
    TRY(const auto chain, machine.open());
    witness.check(machine.seen);
    for (int group = 0; group < 4; ++group) {
      for (int i = 0; i <= group % 3; ++i) TRY(witness.write_one(*chain));
      TRY(witness.sync(*chain));
    }
  }
  return {};
}

std::uint64_t changes_of_scenario() {
  ChainMachine machine;
  machine.segment_bytes_max = 500;
  Witness witness;
  EXPECT_TRUE(scenario(machine, witness));
  return machine.disk.changes();
}

TEST(ChainFaults, CrashAtEveryChangeHeals) {
  const std::uint64_t changes = changes_of_scenario();
  ASSERT_GT(changes, 50U);
  for (std::uint64_t at = 1; at <= changes; ++at) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      SCOPED_TRACE("change " + std::to_string(at) + ", seed " + std::to_string(seed));
      ChainMachine machine(seed);
      machine.segment_bytes_max = 500;
      Witness witness;
      machine.disk.crash_at(at);
      ASSERT_FALSE(scenario(machine, witness));
      machine.disk.restart();
      const auto done = scenario(machine, witness);
      ASSERT_TRUE(done) << done.error().message();
      ASSERT_FALSE(::testing::Test::HasFatalFailure());
    }
  }
}

// A second power cut while the first is being healed.
TEST(ChainFaults, CrashDuringRecoveryHeals) {
  const std::uint64_t changes = changes_of_scenario();
  for (std::uint64_t at = 1; at <= changes; ++at) {
    for (std::uint64_t again = 1; again <= 8; ++again) {
      ChainMachine machine(at * 31 + again);
      machine.segment_bytes_max = 500;
      Witness witness;
      machine.disk.crash_at(at);
      ASSERT_FALSE(scenario(machine, witness));
      machine.disk.restart();
      machine.disk.crash_at(machine.disk.changes() + again);
      if (auto chain = machine.open(); chain) witness.check(machine.seen);
      machine.disk.crash();
      machine.disk.restart();
      const auto chain = machine.open();
      ASSERT_TRUE(chain) << chain.error().message();
      ASSERT_NO_FATAL_FAILURE(witness.check(machine.seen));
    }
  }
}

// The disk refuses once, at every change: the error reaches the caller, no more is written, and opening again - at
// once, or after a power cut - finds all that was acknowledged.
TEST(ChainFaults, RefusalAtEveryChangeStopsWritingAndLosesNothing) {
  const std::uint64_t changes = changes_of_scenario();
  for (std::uint64_t at = 1; at <= changes; ++at) {
    for (const bool power_cut : {false, true}) {
      SCOPED_TRACE("change " + std::to_string(at));
      ChainMachine machine(at);
      machine.segment_bytes_max = 500;
      Witness witness;
      machine.disk.fail_at(at, Error(Code::exhausted, "no space left on the device"));
      const auto failed = scenario(machine, witness);
      ASSERT_FALSE(failed);
      EXPECT_EQ(failed.error().code(), Code::exhausted);
      if (power_cut) {
        machine.disk.crash();
        machine.disk.restart();
      }
      const auto done = scenario(machine, witness);
      ASSERT_TRUE(done) << done.error().message();
    }
  }
}

// A process is killed without a power cut: its frames are read back from the kernel's memory, and count as durable.
TEST(ChainFaults, RecoveredFramesAreDurable) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    ChainMachine machine(seed);
    {
      const auto chain = machine.open().value();
      ASSERT_TRUE(chain->append(0, as_bytes("never synced")));
    }
    machine.open().value().reset();
    EXPECT_EQ(machine.seen.size(), 1U);
    machine.disk.crash();
    machine.disk.restart();
    ASSERT_TRUE(machine.scan());
    EXPECT_EQ(machine.seen, (Payloads{{0, "never synced"}}));
  }
}

TEST(ChainFaults, FailedSyncEndsWritingAndCutsOffWhatIsNotDurable) {
  ChainMachine machine;
  auto chain = machine.open().value();
  ASSERT_TRUE(chain->append(0, as_bytes("durable")));
  ASSERT_TRUE(chain->sync());
  const std::uint64_t end = chain->end();
  ASSERT_TRUE(chain->append(1, as_bytes("lost")));
  machine.disk.fail_at(machine.disk.changes() + 1, Error(Code::internal, "the device failed to read or write"));
  EXPECT_EQ(chain->sync().error().code(), Code::internal);
  EXPECT_EQ(machine.log.count("chain_write_failed"), 1U);

  EXPECT_EQ(chain->append(2, as_bytes("x")).error().code(), Code::unavailable);
  EXPECT_EQ(chain->sync().error().code(), Code::unavailable);
  EXPECT_EQ(text_at(*chain, end - 4 - 7, 7), "durable") << "reading goes on";
  EXPECT_EQ(text_at(*chain, chain->end() - 4 - 4, 4), "lost") << "for who stands on it";
  EXPECT_EQ(machine.disk.size(machine.segment()), end);

  chain.reset();
  chain = machine.open().value();
  EXPECT_EQ(machine.seen, (Payloads{{0, "durable"}}));
  EXPECT_EQ(chain->recovered().dropped_bytes, 0U);
  EXPECT_TRUE(chain->append(1, as_bytes("again")));
}

TEST(ChainFaults, FullDiskEndsWritingAndCutsOffTheHalfFrame) {
  ChainMachine machine(3);
  auto chain = machine.open().value();
  ASSERT_TRUE(chain->append(0, as_bytes("one")));
  machine.disk.fail_at(machine.disk.changes() + 1, Error(Code::exhausted, "no space left on the device"));
  EXPECT_EQ(chain->append(1, as_bytes("two")).error().code(), Code::exhausted);
  EXPECT_EQ(chain->append(1, as_bytes("two")).error().code(), Code::unavailable);
  EXPECT_EQ(chain->next_height(), 1U);
  EXPECT_EQ(machine.disk.size(machine.segment()), chain->end());
  chain.reset();
  EXPECT_TRUE(machine.open());
  EXPECT_EQ(machine.seen, (Payloads{{0, "one"}}));
}

}  // namespace
}  // namespace mikusari::storage
